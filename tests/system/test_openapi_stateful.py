"""Schemathesis with a token, from link to link: what one answer leads to is answered as documented, and leaves no damage."""

from contextlib import ExitStack
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from applications import bearer, client_of
from builders import World, world
from changing import faults
from conftest import NewDatabase
from documented import without_positions
from flask import Flask
from fuzzing import BOUNDED, contract_of
from hypothesis import seed, settings
from schemathesis import AuthContext, Case, GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

SETTINGS = settings(BOUNDED, max_examples=4, stateful_step_count=8)
ROUNDS = 16
"""As often are other choices made, if none before led to every change of a record."""
UNIQUE = ("id", "identifiers", "url", "sha256")
LOOKED_AT = {200, 204, 409, 422}
"""The statuses of changes whose record and condition were right: all else is looked at after these (RFC 9110, 13.2.1)."""


@pytest.mark.parametrize("record_type", world())
def test_whatever_follows_from_an_answer_is_as_documented(new_database: NewDatabase, record_type: str) -> None:
    records, reached = world(), set[str]()
    services: list[Flask] = []
    schema = _contract_of(record_type)
    schema.app = lambda *call: services[-1](*call)
    schema.location = "http://localhost"

    class OnNewDatabase(schema.as_state_machine()):  # type: ignore[misc]
        """Each scenario begins with the same records, so that it does not depend on those before it."""

        def setup(self) -> None:
            self.opened, self.changed = ExitStack(), False
            lists = {name: list(documents.values()) for name, documents in records.items()}
            client = self.opened.enter_context(client_of(new_database(), lists, needed=False))
            TOKEN.update(bearer())
            services.append(client.application)

        def get_call_kwargs(self, case: "Case[Any]") -> dict[str, Any]:
            return {"headers": {"Accept-Encoding": "identity"}}  # this client does not decompress

        def before_call(self, case: "Case[Any]") -> None:
            _begin_with_what_is_there(case, records)

        def after_call(self, response: Any, case: "Case[Any]") -> None:
            if response.status_code in LOOKED_AT:
                reached.add(case.operation.label)
                self.changed |= case.method in ("PATCH", "DELETE")

        def teardown(self) -> None:
            with self.opened:
                assert not self.changed or faults() == []

    linked = {f"{method} /v1/{record_type}/{{id}}" for method in ("PATCH", "DELETE")}
    for round_number in range(ROUNDS):
        if not reached >= linked:
            seed(round_number)(OnNewDatabase).run(settings=SETTINGS)
    assert reached >= linked


TOKEN: dict[str, str] = {}
"""The header with the token of the latest database."""


class Token:
    """Sends the token with every request that takes one."""

    def get(self, case: "Case[Any]", context: AuthContext) -> dict[str, str]:
        return TOKEN

    def set(self, case: "Case[Any]", data: dict[str, str], context: AuthContext) -> None:
        case.headers.update(data)


@cache
def _contract_of(record_type: str) -> OpenApiSchema:
    """The contract, cut down to what links join: a collection and its records, but no records of other types.

    It is kept for the other engine with what schemathesis has worked out of its schemas, which takes most of the time.
    """
    collection = f"/v1/{record_type}"
    document = without_positions()
    paths = {
        path: methods
        for path, methods in document["paths"].items()
        if path == collection or (path.startswith(f"{collection}/{{id}}") and path.rpartition("/")[2] not in world())
    }
    schema: OpenApiSchema = contract_of(paths)
    schema.auth(refresh_interval=None)(Token)
    return schema


def _begin_with_what_is_there(case: "Case[Any]", records: World) -> None:
    """Let a well-formed case ask for a list without filters, or create a record that can be stored.

    What is made up for these seldom succeeds, so that nothing would follow. Other tests send that.
    """
    record_type = case.path.removeprefix("/v1/")
    if record_type not in records or case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    case.query = {}
    if case.method == "POST":
        document = next(iter(records[record_type].values()))
        case.body = {key: value for key, value in document.items() if key not in UNIQUE}
        if record_type == "articles":
            case.body["sha256"] = sha256(case.id.encode()).hexdigest()
