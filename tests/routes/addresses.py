"""Every address of the application, as its own URL map and contract list them: a new one is tested without being named."""

from typing import Any, NamedTuple

from asking import RECORDS
from flask import Flask

from api import openapi
from api.application import create_app
from api.settings import Settings


class Address(NamedTuple):
    """A rule of the URL map and an address that it matches."""

    rule: str
    path: str


def _addresses(app: Flask) -> list[Address]:
    return sorted(Address(rule.rule, _filled(rule.rule)) for rule in app.url_map.iter_rules())


def _filled(rule: str) -> str:
    noun = rule.split("/")[2] if rule.startswith("/v1/") else ""
    return rule.replace("<id>", RECORDS.get(noun, "")).replace("<name>", "start.js")


_APP = create_app(Settings())

ADDRESSES = _addresses(_APP)
READS = [address for address in ADDRESSES if address.rule.startswith("/v1/")]
_CONTRACT = openapi.build(_APP)


def parameters(address: Address) -> dict[str, Any]:
    """The query parameters that the contract documents for an address, with their examples; no cursor, made for one query."""
    return {p["name"]: p["example"] for p in _documented(address) if p["name"] != "cursor"}


def choices(address: Address, parameter: str) -> list[str]:
    """The names a parameter of an address can hold; none when it has no such parameter."""
    return [name for p in _documented(address) if p["name"] == parameter for name in p["schema"]["items"]["enum"]]


def _documented(address: Address) -> list[dict[str, Any]]:
    operation = _CONTRACT["paths"][address.rule.replace("<id>", "{id}")]["get"]
    return [p for p in map(_resolved, operation.get("parameters", ())) if p["in"] == "query"]


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = _CONTRACT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found


PAGED = [address for address in READS if "limit" in parameters(address)]
