"""Schemathesis over openapi.yaml, as the tests set it up. Importing it takes a second, so only tests that run do so."""

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


def contract(paths: Node | None = None) -> Any:
    """The contract, cut down to some paths where these are given."""
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    document = without_positions()
    return schemathesis.openapi.from_dict({**document, "paths": paths or document["paths"]}, config=config)
