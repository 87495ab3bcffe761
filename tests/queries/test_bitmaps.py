"""Bitmaps count exactly what SQL counts, whatever was written before, on both engines, and with a writer beside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from builders import ref, report, statement, world
from changing import Writer, accepted
from flask.testing import FlaskClient

from api.bitmaps import following, stored, values
from api.bitmaps.columns import COLUMNS
from api.bitmaps.stored import refresh
from api.changelog.positions import last_sequence
from api.changelog.retention import expire
from api.database.current import database
from api.database.statements import execute, rows
from api.database.transactions import writing
from api.queries import bitmap_finding, counting
from api.queries.page import choosing

QUERIES = [
    "",
    "speaker=minister",
    "speaker=minister&speaker=premier&not_topic=ceasefire",
    "agreement=truce&act=welcome&act=urge",
    "speaker=minister&agreement=truce",
    "agreement=none&target=none",
    "publisher=outlet&topic=ceasefire",
    "since=2020-12&until=2021-06",
    "since=2020-11&until=2020-12-04&date_match=certain",
    "until=2020",
    "since=2021-02-28&not_speaker=premier",
    "article=page&agent=minister",
    "q=summary&act=welcome",
    "first_hand=true&speaker=minister",
    "updated_since=2020-01-01T00:00:00Z&event=talks",
    "provision=1",
]
DATES = [
    "2020-12-04",
    "2020-12",
    "2021",
    "2020-11-30/2021-03-01",
    "../2021-01-01",
    "2020-12-31/..",
    "202X",
    "2021-02-28",
]


@pytest.fixture
def computed(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """A writer on a service that works all answers out."""
    app: Any = writer.client.application.wsgi_app
    monkeypatch.setattr(app, "application", app.application.application.application)
    return writer


def answers(client: FlaskClient, query: str) -> list[bytes]:
    """The counts of what a query finds: all facets, by day, and its total."""
    addresses = ["/facets?facet_limit=1000&", "/timeline?interval=day&", "?total=exact&limit=1&"]
    replies = [client.get(f"/v1/statements{address}{query}") for address in addresses]
    assert [reply.status_code for reply in replies] == [200, 200, 200], (query, replies[0].text)
    return [reply.data for reply in replies]


@contextmanager
def counting_by(sql: bool) -> Iterator[list[str]]:
    """Count by SQL alone, or by bitmaps alone, as far as they can tell; gives a list of what SQL counted."""
    by_sql: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        if sql:
            patched.setattr(bitmap_finding, "counted", lambda *_: None)
            patched.setattr(choosing, "plan_of", lambda _: None)
        else:
            patched.setattr(counting, "_facets_by_sql", lambda query, *_: by_sql.append(str(query)))
        yield by_sql


def require_agreement(client: FlaskClient, queries: list[str]) -> None:
    for query in queries:
        with counting_by(sql=False) as by_sql:
            by_bitmaps = answers(client, query)
        with counting_by(sql=True):
            assert by_bitmaps == answers(client, query), query
        assert by_sql == []


def _anew(random: Random, name: str) -> dict[str, Any]:
    speakers = random.sample(["minister", "premier", "north"], random.randint(1, 2))
    more: dict[str, Any] = {
        "speakers": [{"speaker": ref(speaker), "capacity": "author"} for speaker in speakers],
        "act": random.choice(["welcome", "urge", "deny"]),
        "date": random.choice(DATES),
        "topics": random.sample(["ceasefire", "mediation", "settlement"], random.randint(0, 2)),
        "agreements": random.choice([[], [{"agreement": ref("truce"), "relation": "welcomes"}]]),
        "targets": random.choice([[], [ref("south")]]),
        "about_events": random.choice([[], [ref("talks")]]),
    }
    articles = random.sample(["page", "second"], random.randint(1, 2))
    chain = (speakers[0], "spoke")
    return statement(name, speakers[0], *(report(chain, article=article) for article in articles), **more)


def _write(random: Random, writer: Writer) -> None:
    """One change of some kind."""
    name = f"made-{random.randint(1, 6)}"
    address = f"/v1/statements/{name}"
    is_there = writer.client.get(address).status_code == 200
    match random.choice(["put", "put", "put", "delete", "publisher", "rename", "expire", "store"]):
        case "put":
            writer.put(address, _anew(random, name))
        case "delete" if is_there:
            writer.delete(address)
        case "publisher":
            writer.patch("/v1/articles/second", {"publisher": random.choice([None, ref("outlet"), ref("agency")])})
        case "rename":
            writer.patch("/v1/speakers/minister", {"name": {"en": f"Ivan {random.randint(1, 9)} Petrov"}})
        case "expire":
            expire("2999-01-01T00:00:00.000000Z")
        case _:
            refresh(few=0)


@pytest.mark.parametrize(("seed", "few"), [(1, values.FEW), (2, -1_000)])
def test_bitmaps_count_what_sql_counts_after_any_changes(
    computed: Writer, monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    monkeypatch.setattr(values, "FEW", few)  # statements that are looked up one by one
    random = Random(seed)
    computed.put("/v1/articles/second", {**world()["articles"]["page"], "id": "second", "sha256": "ef" * 32})
    for _ in range(12):
        _write(random, computed)
        require_agreement(computed.client, random.sample(QUERIES, 3))
    require_agreement(computed.client, QUERIES)


SORTS = ["date", "-date", "id", "-id", "updated_at", "-updated_at", "reported", "-reported"]


def walked(client: FlaskClient, address: str) -> list[bytes]:
    """Every page from here to the last, and back."""
    found = [client.get(address)]
    for link in ("next", "prev"):
        while (following := found[-1].get_json()["page"][link]) is not None:
            found.append(client.get(following))
    assert {page.status_code for page in found} == {200}
    return [page.data for page in found]


@pytest.mark.parametrize("few", [1, choosing.FEW])
def test_pages_are_the_same_whether_bitmaps_or_sql_find_them(
    computed: Writer, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(choosing, "FEW", few)
    random = Random(few)
    computed.put("/v1/articles/second", {**world()["articles"]["page"], "id": "second", "sha256": "ef" * 32})
    for number in range(8):
        computed.put(f"/v1/statements/made-{number}", _anew(random, f"made-{number}"))
    for place, query in enumerate(QUERIES):
        for sort in (SORTS[place % 8], SORTS[(place + 5) % 8]):
            address = f"/v1/statements?limit=2&sort={sort}&{query}"
            by_bitmaps = walked(computed.client, address)
            with counting_by(sql=True):
                assert by_bitmaps == walked(computed.client, address), address


@pytest.mark.parametrize("sort", ["id", "-id", "updated_at"])
def test_statements_whose_ids_stand_together_are_found_wherever_they_stand(
    computed: Writer, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(choosing, "FEW", 0)
    for number in range(40):
        name, speaker = f"a-{number:02}" if number < 34 else f"m-{number}", "premier" if number < 34 else "minister"
        computed.put(
            f"/v1/statements/{name}", statement(name, speaker, report((speaker, "spoke")), topics=["mediation"])
        )
    for query in (
        "speaker=minister&topic=mediation",
        "speaker=premier&topic=mediation",
        "agent=minister&topic=mediation",
    ):
        address = f"/v1/statements?limit=1&sort={sort}&{query}"
        by_bitmaps = walked(computed.client, address)
        with counting_by(sql=True):
            assert by_bitmaps == walked(computed.client, address), address


def test_a_process_begins_with_the_stored_bitmaps_and_follows_the_log(
    computed: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(few=0)
    assert {name for (name,) in rows("SELECT name FROM stored_bitmaps")} == COLUMNS.keys()
    computed.put("/v1/statements/newest", statement("newest", "premier"))
    monkeypatch.setattr(following, "_OF_DATABASES", {})
    monkeypatch.setattr(following, "built", _must_not_be_called)
    require_agreement(computed.client, QUERIES)


def test_bitmaps_that_are_missing_are_built_beside_the_requests(
    computed: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_OF_DATABASES", {})
    monkeypatch.setattr(following, "are_few", lambda: False)
    monkeypatch.setattr(stored, "are_few", lambda _: False)
    with counting_by(sql=True):
        expected = answers(computed.client, "")
    assert answers(computed.client, "") == expected  # by SQL meanwhile
    thread = following.bitmaps()._refreshing
    assert thread is not None
    thread.join(30)
    assert last_sequence() in {sequence for (sequence,) in rows("SELECT sequence FROM stored_bitmaps")}


def test_bitmaps_of_a_lost_log_are_not_used(computed: Writer) -> None:
    require_agreement(computed.client, [""])
    database.close()
    with writing():  # as a restoration leaves it: other records, a gap in the log
        execute("UPDATE statement SET act = 'acts/deny'")
        execute("UPDATE statement_speaker SET act = 'acts/deny'")
        execute(
            "INSERT INTO restoration (moment, position, resumed) SELECT '2021', MAX(sequence), MAX(sequence) + 5 FROM change"
        )
    require_agreement(computed.client, ["", "act=deny"])


def test_counts_agree_with_lists_while_somebody_writes(computed: Writer) -> None:
    """Between two looks at the end of the log, where nothing changed, both ways count the same."""
    stop, compared = Event(), 0
    thread = Thread(target=_writing_until(stop, computed), daemon=True)
    thread.start()
    try:
        for round_number in range(200):
            query = QUERIES[round_number % len(QUERIES)]
            before = last_sequence()
            by_bitmaps = answers(computed.client, query)
            with counting_by(sql=True):
                by_sql = answers(computed.client, query)
            if before == last_sequence():
                assert by_bitmaps == by_sql, query
                compared += 1
            if compared == 20:
                break
    finally:
        stop.set()
        thread.join(30)
    assert compared > 5


def _writing_until(stop: Event, writer: Writer) -> Callable[[], None]:
    """Stores and deletes statements, again and again."""

    def write() -> None:
        random = Random(3)
        client = writer.client.application.test_client()
        while not stop.wait(0.05):
            name = f"made-{random.randint(1, 4)}"
            headers = {**writer.headers, "If-None-Match": "*"}
            answer = client.put(
                f"/v1/statements/{name}", json=statement(name, "premier", date=random.choice(DATES)), headers=headers
            )
            if answer.status_code == 412:
                tag = client.get(f"/v1/statements/{name}").headers["ETag"]
                accepted(client.delete(f"/v1/statements/{name}", headers={**writer.headers, "If-Match": tag}))
        database.close()

    return write


def _must_not_be_called(*_: Any) -> Any:
    raise AssertionError("bitmaps were built")
