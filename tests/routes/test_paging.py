"""Walking a collection: every record once, in order, forwards and backwards, whatever happens meanwhile."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from applications import add, client_of, speaker, statement
from asking import DATED, OWNERS, RECORD_TYPES, ask, ids, pages
from every import every
from flask.testing import FlaskClient
from peewee import Database
from werkzeug.http import parse_options_header

from api.database.current import database

ORDERS = ("id", "-id", "updated_at", "-updated_at")
SORTED = [
    (record_type, sort)
    for record_type in RECORD_TYPES
    for sort in (*ORDERS, *(("date", "-date") if record_type in DATED else ()))
]
LIMITS = (1, 2, 7, 200)

in_every_order = every(("record_type", "sort"), SORTED)


@in_every_order
def test_every_record_comes_once_at_any_limit(client: FlaskClient, record_type: str, sort: str) -> None:
    whole = ids(client, f"/v1/{record_type}?limit=200&sort={sort}")
    assert len(whole) == len(set(whole)) > 3
    for limit in LIMITS:
        walked = list(pages(client, f"/v1/{record_type}?limit={limit}&sort={sort}"))
        assert [record for page in walked for record in page] == whole
        assert {len(page) for page in walked[:-1]} <= {limit}


@in_every_order
def test_going_back_meets_the_same_pages(client: FlaskClient, record_type: str, sort: str) -> None:
    address = f"/v1/{record_type}?limit=7&sort={sort}"
    forwards = list(pages(client, address))
    last = _last(client, address)
    assert list(pages(client, last, link="prev")) == [forwards[-1], *_backwards(forwards)]


def _last(client: FlaskClient, address: str) -> str:
    while (following := ask(client, address)["page"]["next"]) is not None:
        address = following
    return address


def _backwards(forwards: list[list[str]]) -> Iterator[list[str]]:
    return reversed(forwards[:-1])


@pytest.mark.parametrize("limit", LIMITS)
def test_found_texts_come_once_by_relevance(client: FlaskClient, limit: int) -> None:
    address = "/v1/statements?q=قره باغ&sort=relevance"
    whole = ids(client, f"{address}&limit=200")
    assert len(whole) > 10
    assert [record for page in pages(client, f"{address}&limit={limit}") for record in page] == whole
    back = list(pages(client, _last(client, f"{address}&limit={limit}"), link="prev"))
    assert sorted(record for page in back for record in page) == sorted(whole)


def test_pages_by_relevance_neither_repeat_nor_lose_a_record_while_words_become_frequent(
    new_database: Callable[[], str],
) -> None:
    named = ["Peace talks", "Peace", "Talks", "Talks of peace", "Peace in our time", "Talk talk"]
    people = [speaker(f"old-{place}", name={"en": name}) for place, name in enumerate(named)]
    with client_of(new_database(), {"speakers": people}) as client:
        address: str | None = "/v1/speakers?q=peace%20talks&limit=2"
        seen: list[str] = []
        while address is not None:
            page = ask(client, address)
            seen += [record["id"] for record in page["data"]]
            address = page["page"]["next"]
            if len(seen) < 6:
                add({"speakers": [speaker(f"new-{len(seen)}-{more}", name={"en": "Talks"}) for more in range(5)]})
    assert len(seen) == len(set(seen))
    assert sorted(record for record in seen if record.startswith("old")) == [f"old-{place}" for place in range(6)]


@pytest.mark.parametrize(("record_type", "owner"), OWNERS.items())
def test_a_sub_collection_is_walked_like_any_other(client: FlaskClient, record_type: str, owner: str) -> None:
    address = f"/v1/{record_type}/{owner}/statements"
    whole = ids(client, f"{address}?limit=200")
    assert whole
    for limit in (1, 7):
        assert [record for page in pages(client, f"{address}?limit={limit}") for record in page] == whole


def test_the_first_page_has_no_way_back_and_the_last_none_onwards(client: FlaskClient) -> None:
    assert ask(client, "/v1/places?limit=200")["page"] == {"limit": 200, "next": None, "prev": None}
    first = ask(client, "/v1/places?limit=2")
    second = ask(client, first["page"]["next"])
    assert first["page"]["prev"] is None
    assert ask(client, second["page"]["prev"])["data"] == first["data"]
    assert ask(client, second["page"]["prev"])["page"]["prev"] is None


def test_a_page_that_just_fits_is_the_last(client: FlaskClient) -> None:
    everyone = len(ids(client, "/v1/agreements?limit=200"))
    assert ask(client, f"/v1/agreements?limit={everyone}")["page"]["next"] is None
    assert ask(client, f"/v1/agreements?limit={everyone - 1}")["page"]["next"] is not None


def test_nothing_found_is_one_empty_page(client: FlaskClient) -> None:
    assert ask(client, "/v1/statements?speaker=antonio-guterres&act=decree&total=exact") == {
        "data": [],
        "page": {"limit": 20, "next": None, "prev": None, "total": 0},
        "coverage": {"articles": 5, "complete": 5, "periods": 0, "href": "http://localhost/v1/coverage"},
    }


def test_twenty_records_come_unless_asked_otherwise(client: FlaskClient) -> None:
    answer = ask(client, "/v1/statements")
    assert (len(answer["data"]), answer["page"]["limit"]) == (20, 20)


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_total_is_told_on_every_page_when_asked_for_and_never_else(client: FlaskClient, record_type: str) -> None:
    everyone = len(ids(client, f"/v1/{record_type}?limit=200"))
    first = ask(client, f"/v1/{record_type}?limit=3&total=exact")["page"]
    assert first["total"] == everyone
    assert ask(client, first["next"])["page"]["total"] == everyone
    assert "total" not in ask(client, f"/v1/{record_type}?limit=3")["page"]


def test_the_total_counts_what_the_filters_find(client: FlaskClient) -> None:
    for query in (
        "speaker=antonio-guterres",
        "q=غوتيريش",
        "agreement=trilateral-statement-2020-11-09&relation=describes",
    ):
        found = len(ids(client, f"/v1/statements?limit=200&{query}"))
        assert ask(client, f"/v1/statements?limit=1&total=exact&{query}")["page"]["total"] == found > 1


QUERY = [
    ("act", "welcome"),
    ("act", "urge"),
    ("act", "express-optimism"),
    ("q", "غوتيريش -لافروف"),
    ("since", "2020"),
    ("date_match", "certain"),
    ("fields", "id,date"),
    ("expand", "agreements,events"),
    ("expand", "terms,dates"),
    ("lang", "en"),
    ("total", "exact"),
    ("sort", "relevance"),
    ("limit", "2"),
]


def test_links_keep_every_other_parameter(client: FlaskClient) -> None:
    first = client.get("/v1/statements", query_string=QUERY).get_json()["page"]
    second = ask(client, first["next"])["page"]
    for link in (first["next"], second["prev"]):
        kept = parse_qsl(urlsplit(link).query, strict_parsing=True)
        assert [(name, value) for name, value in kept if name != "cursor"] == QUERY
        assert [name for name, _ in kept].count("cursor") == 1


def test_links_are_absolute_and_in_ascii(client: FlaskClient) -> None:
    link = ask(client, "/v1/statements?q=غوتيريش&limit=1")["page"]["next"]
    assert link.startswith("http://localhost/v1/statements?")
    assert link.isascii()


def test_the_header_links_where_the_body_links(client: FlaskClient) -> None:
    second = client.get(ask(client, "/v1/events?limit=3")["page"]["next"])
    page = second.get_json()["page"]
    links = [parse_options_header(link) for link in second.headers["Link"].split(", ")]
    assert {options["rel"]: target for target, options in links} == {
        "next": f"<{page['next']}>",
        "prev": f"<{page['prev']}>",
    }
    assert "Link" not in client.get("/v1/events?limit=200").headers


def test_limit_fields_and_expand_may_change_along_the_way(client: FlaskClient) -> None:
    whole = ids(client, "/v1/statements?limit=200")
    onwards = ask(client, "/v1/statements?limit=5")["page"]["next"].replace("limit=5", "limit=9&fields=id&total=exact")
    answer = ask(client, onwards)
    assert answer["data"] == [{"id": record} for record in whole[5:14]]


# --- while records are being added -----------------------------------------------------------------------------------


def _about_peace(record_id: str, day: str, speaker_id: str, words: int) -> dict[str, Any]:
    return statement(record_id, day, speaker_id, summary={"en": f"Peace by {speaker_id} {'talks ' * words}"})


@pytest.fixture(scope="module")
def made_up(new_database: Callable[[], str]) -> Iterator[tuple[FlaskClient, Database]]:
    """A client of a service that holds thirty made-up statements, and its database."""
    others = [statement(f"other-{number:02}") for number in range(30)]
    with client_of(new_database(), {"statements": others}) as client:
        yield client, database.obj


@pytest.mark.parametrize("link", ["next", "prev"])
@pytest.mark.parametrize("sort", [*ORDERS, "date", "-date", "relevance"])
def test_what_was_there_comes_once_while_more_is_being_added(
    made_up: tuple[FlaskClient, Database], sort: str, link: str
) -> None:
    client, opened = made_up
    database.initialize(opened)
    someone = f"speaker-{link}-{sort}".replace("--", "-backwards-").replace("_", "-")
    days = range(3, 27, 2)
    twelve = [_about_peace(f"{someone}-{day}", f"2020-06-{day:02}", someone, words=day % 7) for day in days]
    add({"speakers": [speaker(someone)], "statements": twelve})
    address = f"/v1/statements?limit=3&sort={sort}&speaker={someone}" + (f"&q={someone}" if sort == "relevance" else "")
    met: list[str] = []
    for turn, page in enumerate(pages(client, address if link == "next" else _last(client, address), link)):
        met += page
        _add_around(turn, someone)
    assert sorted(record for record in met if not record.endswith("-added")) == sorted(one["id"] for one in twelve)


def _add_around(turn: int, someone: str) -> None:
    """Add statements before, between and after those there are: in time, by id, and in what they say."""
    days = {"a": "2019-01-01", someone: "2020-06-05", f"{someone}-2": "2020-06-14", "z": "2022-01-01"}
    if turn < 4:
        for name, day in days.items():
            add({"statements": [_about_peace(f"{name}-{turn}-{someone}-added", day, someone, words=turn)]})
