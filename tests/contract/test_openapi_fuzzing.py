"""Schemathesis over the whole contract: whatever it makes up, fit or unfit, is answered as documented."""

from functools import cache
from typing import Any

import pytest
import schemathesis
from documented import BOUNDED, OPERATIONS, PATHS, SCHEMATHESIS
from flask import Flask
from hypothesis import given, settings
from schemathesis import Case, GenerationMode

EXAMPLES = 4  # of each kind for each operation on each engine: the suite is to stay short

WITH_PARAMETERS = [path for path in PATHS if OPERATIONS[path].parameters]
MODES = [(path, GenerationMode.POSITIVE) for path in PATHS] + [
    (path, GenerationMode.NEGATIVE) for path in WITH_PARAMETERS
]


@cache
def contract_of(app: Flask) -> Any:
    """The contract that an application serves, read once."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=SCHEMATHESIS)


@pytest.mark.parametrize(("path", "mode"), MODES)
def test_whatever_is_asked_is_answered_as_documented(app: Flask, path: str, mode: GenerationMode) -> None:
    operation = contract_of(app)[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(BOUNDED, max_examples=EXAMPLES)
    def ask(case: "Case[Any]") -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})  # this client does not decompress

    ask()
