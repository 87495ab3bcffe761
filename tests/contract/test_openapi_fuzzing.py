"""Schemathesis over the whole contract: whatever it makes up, fit or unfit, is answered as documented."""

from documented import MADE_UP
from every import every
from flask import Flask

EXAMPLES = 2  # the least that there is, and a random one; tests/system has more of them


@every(("path", "mode"), MADE_UP)
def test_whatever_is_asked_is_answered_as_documented(app: Flask, path: str, mode: str) -> None:
    from fuzzing import require_answers_as_documented  # which takes a second, that collecting the tests need not wait

    require_answers_as_documented(app, path, mode, EXAMPLES)
