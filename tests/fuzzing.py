"""Schemathesis over openapi.yaml, as the tests set it up. Importing it takes a second, so only tests that run do so."""

from functools import cache
from typing import Any

import schemathesis
from documented import ROOT, Node, without_positions
from hypothesis import HealthCheck, Phase, settings
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
