"""How SQLite goes about a page of statements: along the index of a list, sorting and scanning nothing."""

import re
from typing import Any

import pytest
from addresses import READS, parameters
from asking import ask
from flask import Flask
from flask.testing import FlaskClient

from api.database.current import database
from api.database.dialect import is_sqlite

STATEMENTS = next(address for address in READS if address.rule == "/v1/statements")
NOT_FILTERS = {
    "sort",
    "limit",
    "cursor",
    "total",
    "fields",
    "expand",
    "date_match",
    "highlight",
    "updated_since",
    "content_changed_since",
    "lang",
    "text",
    "view",
    "format",
}
LOOKED_UP = {"link", "reported_since", "reported_until"}
"""Filters without a list in the order of time: what they find is looked up for each statement, or counted by bitmaps first."""
FILTERS = [
    name for name in parameters(STATEMENTS) if name not in NOT_FILTERS | LOOKED_UP and not name.startswith("not_")
]
INNER = re.compile(r"SCAN (found|branch\d|ahead|sparsest|CONSTANT ROW|statements_text VIRTUAL TABLE .*)")


@pytest.fixture(autouse=True)
def on_sqlite(app: Flask) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL plans by what it finds in a table, and the corpus is small.")


def steps(client: FlaskClient, statements_run: list[str], query: str) -> list[str]:
    """What SQLite does to answer a query, in its own words."""
    statements_run.clear()
    ask(client, f"/v1/statements?{query}")
    sql = statements_run[0]
    plan: Any = database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall()
    return [step[3] for step in plan]


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("sort", ["-date", "date"])
def test_what_a_filter_finds_is_walked_in_order(
    client: FlaskClient, statements_run: list[str], name: str, sort: str
) -> None:
    value = parameters(STATEMENTS)[name]
    asked = value[0] if isinstance(value, list) else str(value).lower()
    taken = steps(client, statements_run, f"{name}={asked}&sort={sort}")
    assert [step for step in taken if step.startswith("SCAN") and not INNER.fullmatch(step)] == []
    if name not in ("since", "until"):  # whose few dates without bounds are put in their place
        assert [step for step in taken if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("query", ["", "speaker=antonio-guterres&speaker=sergey-lavrov", "act=welcome&act=commend"])
def test_no_filter_and_several_values_are_walked_in_order_too(
    client: FlaskClient, statements_run: list[str], query: str
) -> None:
    taken = steps(client, statements_run, query)
    assert [step for step in taken if "TEMP B-TREE" in step] == []
