"""Schemathesis over openapi.yaml, as the tests set it up. Importing it takes a second, so only tests that run do so."""

from functools import cache
from typing import Any

import schemathesis
from documented import ROOT, Node, without_positions
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The same examples in every run, as many as a test says: the suite is to stay short."""


@cache
def contract() -> Any:
    """The whole contract."""
    return contract_of(without_positions()["paths"])


def contract_of(paths: Node) -> Any:
    """The contract, cut down to some paths."""
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    return schemathesis.openapi.from_dict({**without_positions(), "paths": paths}, config=config)


@cache
def cases_of(path: str, mode: str, examples: int) -> list[Any]:
    """Requests of a path, made up once for both engines: that takes ten times as long as answering them."""
    cases: list[Any] = []

    @given(case=contract()[path]["GET"].as_strategy(generation_mode=GenerationMode(mode)))
    @settings(BOUNDED, max_examples=examples)
    def make_up(case: Any) -> None:
        cases.append(case)

    make_up()
    assert cases, "nothing was made up"
    return cases


def require_answers_as_documented(app: Flask, path: str, mode: str, examples: int) -> None:
    """Fail unless requests that are made up are answered as the contract says."""
    for case in cases_of(path, mode, examples):
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, app=app)  # this client does not decompress
