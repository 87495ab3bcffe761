"""Walking what filters find: the same on both engines, each record once, forwards and back, and the right ones."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from applications import client_of
from asking import ask, everything, ids, pages
from flask.testing import FlaskClient
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from api.database.connections import create_sqlite_file
from api.database.current import database
from schemas.parameters.collections import Paged
from schemas.values import dates

Document = dict[str, Any]
Query = dict[str, list[str]]


class Engines(NamedTuple):
    """Clients of the service with the corpus on each engine, with their databases, and all statements by id."""

    clients: list[tuple[FlaskClient, Any]]
    statements: dict[str, Document]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, postgresql_server: Any) -> Iterator[Engines]:
    path, name = Path(tmp_path_factory.mktemp("walking") / "walking.db"), f"walking_{uuid4().hex[:12]}"
    create_sqlite_file(path)
    postgresql_server.psql(f'CREATE DATABASE "{name}";')
    with client_of(f"sqlite:///{path}") as sqlite:
        opened = database.obj
        statements = {document["id"]: document for document in everything(sqlite, "statements")}
        with client_of(str(postgresql_server.get_uri(database=name))) as postgresql:
            yield Engines([(sqlite, opened), (postgresql, database.obj)], statements)
            database.initialize(opened)


# --- what filters mean -----------------------------------------------------------------------------------------------


def _figures(figure: Document, name: str) -> list[str]:
    value = figure[name]
    return [] if value is None else [value if isinstance(value, str) else value["id"]]


VALUES: dict[str, Callable[[Document], list[str]]] = {
    "speaker": lambda document: [one["speaker"]["id"] for one in document["speakers"]],
    "agreement": lambda document: [one["agreement"]["id"] for one in document["agreements"]],
    "act": lambda document: [document["act"]],
    "topic": lambda document: document["topics"],
}
OF_FIGURES = ("measure", "claimant", "party")


def meant(document: Document, query: Query) -> bool:
    """Whether a statement is what a query asks for, its words aside."""
    asked = [name for name in OF_FIGURES if name in query]
    return (
        all(set(values(document)) & set(query[name]) for name, values in VALUES.items() if name in query)
        and (
            not asked
            or any(
                all(set(_figures(figure, name)) & set(query[name]) for name in asked) for figure in document["figures"]
            )
        )
        and _in_range(dates.parse(document["date"]), query)
    )


def _in_range(days: dates.Days, query: Query) -> bool:
    since = dates.parse(query["since"][0]).earliest if "since" in query else dates.FIRST_DAY
    until = dates.parse(query["until"][0]).latest if "until" in query else dates.LAST_DAY
    if query.get("date_match") == ["certain"]:
        # An open end lies in no range, and what is not asked for bounds nothing.
        return ("since" not in query or days.earliest >= since) and ("until" not in query or days.latest <= until)
    return days.latest >= since and days.earliest <= until


# --- questions -------------------------------------------------------------------------------------------------------

FREQUENT = {
    "speaker": "antonio-guterres vladimir-putin sergey-lavrov ilham-aliyev armenia azerbaijan nikol-pashinyan nobody",
    "agreement": "trilateral-statement-2020-11-09 trilateral-statement-2022-10-31 trilateral-statement-2021-01-11 nothing",
    "act": "report discuss stress accuse welcome urge",
    "topic": "settlement hostilities mediation casualties ceasefire",
    "measure": "soldiers-killed civilians-injured people-killed",
    "claimant": "azerbaijan armenia vladimir-putin",
    "party": "armenia azerbaijan",
}
DAYS = ["2020", "2020-12-03", "2021-09", "2021-11-26", "2022-09-13", "2022-09-15", "2022-10-31", "2022", "2023"]
WORDS = ["قره باغ", "لافروف", "غوتيريش -لافروف", '"وقف إطلاق النار"', "كارا*", "Karabakh", "2022", "nowhere"]
SORTS = ["-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance"]


@st.composite
def questions(draw: st.DrawFn) -> Query:
    """Some filters, a range of days, words, and an order."""
    query: Query = {}
    for name in draw(st.lists(st.sampled_from(sorted(FREQUENT)), max_size=2, unique=True)):
        query[name] = draw(st.lists(st.sampled_from(FREQUENT[name].split()), min_size=1, max_size=3, unique=True))
    for name, days in zip(("since", "until"), sorted(draw(st.lists(st.sampled_from(DAYS), max_size=2))), strict=False):
        query[name] = [days]
    if "since" in query and "until" not in query and draw(st.booleans()):
        query["until"] = query.pop("since")
    if draw(st.booleans()):
        query["date_match"] = [draw(st.sampled_from(["possible", "certain"]))]
    if draw(st.integers(0, 2)) == 0:
        query["q"] = [draw(st.sampled_from(WORDS))]
    query["sort"] = [draw(st.sampled_from(SORTS if "q" in query else SORTS[:-1]))]
    return query


def _address(query: Query, limit: int) -> str:
    return f"/v1/statements?{urlencode({**query, 'fields': ['id'], 'limit': [limit]}, doseq=True)}"


def _last(client: FlaskClient, address: str) -> str:
    while (following := ask(client, address)["page"]["next"]) is not None:
        address = following
    return address


def walked(client: FlaskClient, query: Query, limit: int) -> list[str]:
    """The ids of what a query finds, known to come once each and in one order whichever way they are read."""
    whole = ids(client, _address(query, 200))
    assert len(whole) == len(set(whole))
    address = _address(query, limit)
    forwards = list(pages(client, address))
    assert [record for page in forwards for record in page] == whole
    assert {len(page) for page in forwards[:-1]} <= {limit}
    assert list(pages(client, _last(client, address), "prev")) == [forwards[-1], *reversed(forwards[:-1])]
    assert ask(client, f"{address}&total=exact")["page"]["total"] == len(whole)
    return whole


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=questions(), limit=st.integers(1, 3))
@example(query={"measure": ["soldiers-killed"], "sort": ["-date"]}, limit=1)
@example(query={"claimant": ["azerbaijan", "armenia"], "sort": ["date"]}, limit=2)
@example(query={"party": ["armenia"], "sort": ["id"]}, limit=1)
@example(query={"q": ["قره باغ"], "sort": ["relevance"]}, limit=3)
@example(query={"since": ["2022-09-14"], "date_match": ["certain"], "sort": ["date"]}, limit=2)
def test_what_filters_find_is_right_and_walked_alike_on_both_engines(
    engines: Engines, query: Query, limit: int
) -> None:
    found = []
    for client, opened in engines.clients:
        database.initialize(opened)
        found.append(walked(client, query, limit))
    sqlite, postgresql = found
    if query["sort"] == ["relevance"]:  # each engine has its own
        sqlite, postgresql = sorted(sqlite), sorted(postgresql)
    assert sqlite == postgresql
    right = {name for name, document in engines.statements.items() if meant(document, query)}
    assert set(sqlite) <= right if "q" in query else set(sqlite) == right
    event("something found" if sqlite else "nothing found")


def test_words_narrow_down_what_filters_find(engines: Engines) -> None:
    for client, opened in engines.clients:
        database.initialize(opened)
        named = set(ids(client, _address({"q": ["لافروف"]}, 200)))
        filtered = set(ids(client, _address({"topic": ["mediation", "settlement"]}, 200)))
        both = set(ids(client, _address({"q": ["لافروف"], "topic": ["mediation", "settlement"]}, 200)))
        assert both == named & filtered
        assert both not in (set(), named, filtered)


def test_the_cursor_shown_as_an_example_begins_with_the_first_page(engines: Engines) -> None:
    shown = Paged().fields["cursor"].metadata["example"]
    for client, opened in engines.clients:
        database.initialize(opened)
        begun = ask(client, f"/v1/statements?limit=2&cursor={shown}")["data"]
        assert begun == ask(client, "/v1/statements?limit=2")["data"]
