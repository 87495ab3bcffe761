"""Every address of the application, as its own URL map and contract list them: a new one is tested without being named."""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from asking import RECORDS
from documented import DOCUMENT
from flask import Flask

from api.application import create_app
from api.settings import Settings


class Address(NamedTuple):
    """A rule of the URL map that can be read, a path that it matches, the parameters that it can't do without, its methods."""

    rule: str
    bare: str
    required: tuple[tuple[str, str], ...] = ()
    methods: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The least that can be asked."""
        return self.asking("")

    def asking(self, query: str) -> str:
        """The address with a query, and with what it can't do without unless the query gives that."""
        given = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
        more = urlencode([(name, value) for name, value in self.required if name not in given])
        asked = "&".join(part for part in (query, more) if part)
        return f"{self.bare}?{asked}" if asked else self.bare


OTHER_PROTOCOLS = ("pages.", "linked-data.", "reconciliation.")
"""The endpoints of other specifications, which are tested by what these say (tests/formats)."""


def _addresses(app: Flask) -> list[Address]:
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(OTHER_PROTOCOLS):
            continue
        methods.setdefault(rule.rule.replace("<statement:id>", "<id>"), set()).update(rule.methods or ())
    return sorted(
        Address(rule, _filled(rule), _required(rule), frozenset(some))
        for rule, some in methods.items()
        if "GET" in some
    )


def _filled(rule: str) -> str:
    record_type = rule.split("/")[2] if rule.startswith("/v1/") else ""
    return rule.replace("<id>", RECORDS.get(record_type, "")).replace("<n>", "1").replace("<name>", "start.js")


def _required(rule: str) -> tuple[tuple[str, str], ...]:
    return tuple((p["name"], str(p["example"])) for p in _documented(rule) if p.get("required"))


def _documented(rule: str) -> list[dict[str, Any]]:
    operation = DOCUMENT["paths"].get(rule.replace("<", "{").replace(">", "}"), {}).get("get", {})
    return [p for p in map(_resolved, operation.get("parameters", ())) if p["in"] == "query"]


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = DOCUMENT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found


ADDRESSES = _addresses(create_app(Settings()))
STREAMS = {"/v1/statements/export", "/v1/datapackage"}
"""What answers in pieces, without an entity tag, and is neither one record nor a page of them; tests/routes/test_export.py."""
READS = [address for address in ADDRESSES if address.rule.startswith("/v1/") and address.rule not in STREAMS]


def parameters(address: Address) -> dict[str, Any]:
    """The query parameters that the contract documents for an address, with their examples.

    Without `cursor`, whose example was made for one query, and `as_of`, whose example is before there was anything here.
    """
    return {p["name"]: p["example"] for p in _documented(address.rule) if p["name"] not in ("cursor", "as_of")}


def choices(address: Address, parameter: str) -> list[str]:
    """The names a parameter of an address can hold; none when it has no such parameter."""
    names = (p["schema"]["items"]["$ref"] for p in _documented(address.rule) if p["name"] == parameter)
    return [choice for name in names for choice in DOCUMENT["components"]["schemas"][name.rpartition("/")[2]]["enum"]]


PAGED = [address for address in READS if "total" in parameters(address)]
