"""Schemathesis over the whole contract, as in tests/contract/test_openapi_fuzzing.py, with more that is made up."""

from documented import MADE_UP
from every import every
from flask import Flask

EXAMPLES = 4  # of each kind for each operation: making up one takes a twentieth of a second


@every(("path", "mode"), MADE_UP)
def test_whatever_is_asked_is_answered_as_documented(app: Flask, path: str, mode: str) -> None:
    from fuzzing import require_answers_as_documented

    require_answers_as_documented(app, path, mode, EXAMPLES)
