"""Schemathesis with a token, from link to link: what one answer leads to is answered as documented, and leaves no damage."""

from typing import Any

import schemathesis
from applications import bearer, client_of
from changing import faults
from conftest import NewDatabase
from documented import BOUNDED, SCHEMATHESIS
from hypothesis import settings
from schemathesis import AuthContext, Case

from api.models.base import tuples
from api.models.changes import Change

SCENARIOS, STEPS = 120, 12  # on each engine: few of the requests that are made up create a record to go on from


def test_whatever_follows_from_an_answer_is_as_documented(new_database: NewDatabase) -> None:
    with client_of(new_database()) as client:
        schema = schemathesis.openapi.from_wsgi("/openapi.json", client.application, config=SCHEMATHESIS)
        token = bearer()

        @schema.auth()
        class Token:
            def get(self, case: "Case[Any]", context: AuthContext) -> dict[str, str]:
                return token

            def set(self, case: "Case[Any]", data: dict[str, str], context: AuthContext) -> None:
                case.headers.update(data)

        schema.as_state_machine().run(settings=settings(BOUNDED, max_examples=SCENARIOS, stateful_step_count=STEPS))
        done = {operation for (operation,) in tuples(Change.select(Change.operation).distinct())}
        assert done >= {"created", "deleted"}
        assert faults() == []
