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

from api.database import create_sqlite_file
from api.models import database
from api.records.consistency import inconsistencies

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
            yield [(sqlite, opened), (postgresql, database.obj)]
            database.initialize(opened)


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
    found = {noun: client.get(f"/v1/{noun}", query_string=asked).get_json() for noun in ("statements", "places")}
    typed = client.get("/v1/suggest", query_string={"q": q.strip('-"*')}).get_json()
    return {"suggest": typed, **found}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
    for namings in (before, after):
        found = []
        for client, opened in engines:
            database.initialize(opened)
            add(records(namings, summaries))
            assert list(inconsistencies(database)) == []
            found.append({q: answers(client, q) for q in queries})
        assert found[0] == found[1]
