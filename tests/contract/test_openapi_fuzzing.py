"""Schemathesis over the whole contract: whatever it makes up, fit or unfit, is answered as documented."""

from functools import cache
from typing import Any

from documented import OPERATIONS, PATHS
from every import every
from flask import Flask

EXAMPLES = 4  # of each kind for each operation, asked of each engine: the suite is to stay short

WITH_PARAMETERS = [path for path in PATHS if OPERATIONS[path].parameters]
MODES = [(path, "positive") for path in PATHS] + [(path, "negative") for path in WITH_PARAMETERS]


@cache
def cases_of(path: str, mode: str) -> list[Any]:
    """What is asked of a path, made up once for both engines: that takes ten times as long as answering it."""
    from fuzzing import BOUNDED, contract
    from hypothesis import given, settings
    from schemathesis import GenerationMode

    cases: list[Any] = []

    @given(case=contract()[path]["GET"].as_strategy(generation_mode=GenerationMode(mode)))
    @settings(BOUNDED, max_examples=EXAMPLES)
    def make_up(case: Any) -> None:
        cases.append(case)

    make_up()
    assert cases, "nothing was made up"
    return cases


@every(("path", "mode"), MODES)
def test_whatever_is_asked_is_answered_as_documented(app: Flask, path: str, mode: str) -> None:
    for case in cases_of(path, mode):
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, app=app)  # this client does not decompress
