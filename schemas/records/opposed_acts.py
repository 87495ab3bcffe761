"""Which acts are opposed to which: a curated list beside the vocabulary of acts, with a reason for each pair."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

CONNECTED = ("party", "each-other", "same-speaker")
"""How statements with opposed acts must be connected, besides their matter; `terms/opposed-acts.toml` says what each means."""


class Opposition(NamedTuple):
    """How two statements with opposed acts must be connected, and why their acts are opposed, as an English sentence."""

    connected: str
    reason: str


@cache
def oppositions() -> dict[frozenset[str], Opposition]:
    """The opposed acts: by the two acts, or by one that is opposed to itself."""
    written = (files("schemas") / "terms" / "opposed-acts.toml").read_text(encoding="utf-8")
    return {
        frozenset(pair["acts"]): Opposition(pair["connected"], pair["reason"])
        for pair in tomllib.loads(written)["pair"]
    }
