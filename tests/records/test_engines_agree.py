"""The same records on SQLite and on PostgreSQL: whatever is stored, renamed and asked, both find the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from applications import add, client_of, speaker, statement
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from text_strategies import TEXTS, WORD

from api.checks.consistency import inconsistencies
from api.database.connections import create_sqlite_file
from api.database.current import database
from api.search.query import QuerySyntaxError, parse
from api.search.text import words as words_of
from schemas.fields import visible

Engines = list[tuple[FlaskClient, Any]]

NAMES = ["قره باغ", "كاراباخ", "Karabakh", "Qarabağ", "ناغورنو كاراباخ", "الجزيرة", "Moscow", "موسكو", "Lavrov", "لافروف", "حرب 2020", "US", "١٩", "Second Karabakh War"]  # fmt: skip
WORDS = [*NAMES, "وبكاراباخ", "للجزيرة", "جزيرة", "Karabakh's", "في", "the", "us", "وَقْف", "2020", "-", "لاڤروف"]
SUMMARIES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=4, max_size=4)
NAMINGS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True), min_size=3, max_size=3)

TERM = st.sampled_from([*NAMES, *"قره باغ وقف Second us 19".split()])
WANTED = st.one_of(
    TERM,
    TERM.map('"{}"'.format),
    st.builds(lambda name, length: f"{name.split()[0][:length]}*", TERM, st.integers(1, 6)),
)
QUERIES = st.builds(
    lambda wanted, unwanted: " ".join([*wanted, *(f'-"{name}"' for name in unwanted)]),
    st.lists(WANTED, min_size=1, max_size=2),
    st.lists(TERM, max_size=1),
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, postgresql_server: Any) -> Iterator[Engines]:
    path, name = Path(tmp_path_factory.mktemp("agree") / "agree.db"), f"agree_{uuid4().hex[:12]}"
    create_sqlite_file(path)
    postgresql_server.psql(f'CREATE DATABASE "{name}";')
    with client_of(f"sqlite:///{path}", {}) as sqlite:
        opened = database.obj
        with client_of(str(postgresql_server.get_uri(database=name)), {}) as postgresql:
            both = [(sqlite, opened), (postgresql, database.obj)]
            yield both
            for _, engine in reversed(both):
                database.initialize(engine)
                assert list(inconsistencies()) == [], "the log, which each test has made longer"


def records(namings: list[list[str]], summaries: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Two places and a person of these names, and statements that say these things, one of them about a place."""
    named = [
        {
            "name": {"en": names[0]},
            "aliases": [{"value": alias, "lang": "en", "kind": "variant"} for alias in names[1:]],
        }
        for names in namings
    ]
    places = [{"id": f"place-{number}", "kind": "region", **some} for number, some in enumerate(named[:2])]
    statements = [statement(f"s-{number}", summary={"ar": summary}) for number, summary in enumerate(summaries)]
    statements[0]["places"] = [{"id": "place-0"}]
    return {"places": places, "speakers": [speaker("person", **named[2])], "statements": statements}


def answers(client: FlaskClient, q: str) -> dict[str, Any]:
    asked = {"q": q, "sort": "id", "fields": "id", "highlight": "true"}
    found = {
        record_type: client.get(f"/v1/{record_type}", query_string=asked).get_json()
        for record_type in ("statements", "places")
    }
    typed = client.get("/v1/suggest", query_string={"q": q.strip('-"*')}).get_json()
    return {"suggest": typed, **found}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=NAMINGS, after=NAMINGS, summaries=SUMMARIES, queries=st.lists(QUERIES, min_size=3, max_size=6))
@example(
    before=[["قره باغ", "Karabakh"], ["Moscow"], ["Lavrov"]],
    after=[["كاراباخ", "Karabakh"], ["Karabakh"], ["لافروف", "Moscow"]],
    summaries=["قره باغ", "Karabakh's Moscow", "Second Karabakh War", "كاراباخ"],
    queries=["Karabakh", "كاراباخ", "قره* -Moscow"],
)
def test_both_engines_find_the_same_before_and_after_names_change(
    engines: Engines, before: list[list[str]], after: list[list[str]], summaries: list[str], queries: list[str]
) -> None:
    _agree(engines, [before, after], summaries, queries)


@st.composite
def made_up(draw: st.DrawFn) -> tuple[list[list[str]], list[str], list[str]]:
    """Names and summaries of any words, some of which hold a name, and queries for parts of both."""
    name = st.lists(WORD, min_size=1, max_size=3).map(" ".join).filter(_is_visible)
    names = draw(st.lists(name, min_size=6, max_size=6, unique=True))
    texts = st.lists(st.one_of(TEXTS, st.sampled_from(names)), min_size=1, max_size=3).map(" ".join).filter(_is_visible)
    summaries = draw(st.lists(texts, min_size=4, max_size=4))
    words = st.sampled_from([word for text in (*names, *summaries) for word in text.split()])
    clauses = st.one_of(
        words,
        st.builds(lambda word, length: f"{word[:length]}*", words, st.integers(2, 5)),
        st.sampled_from(names).map('"{}"'.format),
    )
    queries = st.builds(
        lambda wanted, unwanted: " ".join([wanted, *(f"-{clause}" for clause in unwanted)]),
        clauses,
        st.lists(clauses, max_size=1),
    )
    namings = [names[:2], names[2:4], names[4:]]
    return namings, summaries, draw(st.lists(queries.filter(_is_understood), min_size=4, max_size=8))


def _is_visible(text: str) -> bool:
    try:
        visible(text)
    except ValidationError:
        return False
    return True


def _is_understood(q: str) -> bool:
    try:
        return bool(parse(q)) and bool(words_of(q))
    except QuerySyntaxError:
        return False


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(made_up())
def test_both_engines_find_the_same_whatever_is_written(
    engines: Engines, written: tuple[list[list[str]], list[str], list[str]]
) -> None:
    namings, summaries, queries = written
    _agree(engines, [namings], summaries, queries)


def _agree(engines: Engines, all_namings: list[list[list[str]]], summaries: list[str], queries: list[str]) -> None:
    for namings in all_namings:
        found = []
        for client, opened in engines:
            database.initialize(opened)
            add(records(namings, summaries))
            assert list(inconsistencies(logged=False)) == []
            found.append({q: answers(client, q) for q in queries})
        assert found[0] == found[1]
