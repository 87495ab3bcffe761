"""Queries and their shapes: what SQL is written for, what is only bound to it, and what a cursor belongs to."""

from typing import Any

import pytest

from api.database.dialect import POSTGRESQL, SQLITE, Dialect
from api.queries.fragments import Arguments
from api.queries.page.statements import page_statement
from api.queries.query import Query
from api.queries.shapes import PREFIXES, WORDS, Shape, shape_of
from api.search import index
from api.search.query import parse
from api.search.ranking import Frequencies, ranking

PARAMETERS: dict[str, Any] = {
    "speaker": ["guterres", "lavrov"],
    "first_hand": True,
    "q": "peace",
    "since": "2020",
    "date_match": "possible",
    "sort": "-date",
    "limit": 20,
}


def shape(**others: Any) -> Shape:
    return shape_of("statements", Query.of({**PARAMETERS, **others}), SQLITE)


def test_parameters_that_are_no_fields_of_a_query_are_filters() -> None:
    query = Query.of(PARAMETERS)
    assert query.filters == {"speaker": ("guterres", "lavrov"), "first_hand": True}
    assert (query.q, query.since, query.sort, query.limit, query.expand) == ("peace", "2020", "-date", 20, ())


@pytest.mark.parametrize(
    "others", [{"speaker": ["putin", "biden"]}, {"q": "war"}, {"since": "2021-03"}, {"limit": 200}, {"fields": ["id"]}]
)
def test_queries_that_differ_in_values_have_the_same_shape(others: dict[str, Any]) -> None:
    assert shape(**others) == shape()


@pytest.mark.parametrize(
    "others",
    [
        {"speaker": ["guterres"]},
        {"topic": ["peace"]},
        {"q": "peac*"},
        {"until": "2021"},
        {"date_match": "certain"},
        {"sort": "date"},
        {"total": "exact"},
        {"expand": ["speakers"]},
    ],
)
def test_queries_that_need_other_sql_have_another_shape(others: dict[str, Any]) -> None:
    assert shape(**others) != shape()


def test_a_query_with_prefixes_is_told_from_a_query_of_words() -> None:
    assert (shape().text, shape(q="peace trea*").text) == (WORDS, PREFIXES)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_every_placeholder_of_a_statement_is_bound(dialect: Dialect) -> None:
    more = {"q": 'who wants peace talks "in time" -war', "until": "2021", "total": "exact", "expand": ["speakers"]}
    query = Query.of({**PARAMETERS, **more, "sort": "relevance"})
    frequent = Frequencies(1_000_000, (10, 400_000, 900_000, 30))
    ranked = ranking(parse(query.q or ""), frequent, index.text_index(dialect), named=True)
    assert ranked.looked_up  # the frequent words
    statement = page_statement(shape_of("statements", query, dialect, owner="articles", ranking=ranked))
    assert statement.sql.count("?") == len(statement.values(Arguments(query, owner="un-news", ranking=ranked)))
    assert dialect.with_placeholders(statement.sql).count(dialect.placeholder) == statement.sql.count("?")


@pytest.mark.parametrize("others", [{"limit": 5}, {"total": "exact"}, {"fields": ["id"]}, {"highlight": True}])
def test_a_cursor_stays_good_when_only_the_presentation_changes(others: dict[str, Any]) -> None:
    scope = Query.of(PARAMETERS).cursor_scope("statements")
    assert Query.of({**PARAMETERS, **others}).cursor_scope("statements") == scope


@pytest.mark.parametrize("others", [{"q": "war"}, {"sort": "date"}, {"act": ["welcome"]}, {"as_of": "2026"}])
def test_a_cursor_belongs_to_its_records_and_their_order(others: dict[str, Any]) -> None:
    scope = Query.of(PARAMETERS).cursor_scope("statements")
    assert Query.of({**PARAMETERS, **others}).cursor_scope("statements") != scope
    assert Query.of(PARAMETERS).cursor_scope("articles") != scope
