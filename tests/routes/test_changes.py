"""The feed of changes: an exact copy is made of it alone, whatever is written meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import orjson
import pytest
from asking import RECORD_TYPES, ask, everything, mistakes, problem
from changing import Writer, eventually
from flask.testing import FlaskClient

from api.changelog.long_polling import PAUSE
from api.changelog.retention import expire
from api.database.current import database
from api.models.log_cuts import Expiry
from schemas.values import dates

MINISTER, WELCOMES = "/v1/speakers/minister", "/v1/statements/minister-welcomes"
NEWCOMER = "/v1/speakers/newcomer"


def newcomer(**more: Any) -> dict[str, Any]:
    return {"id": "newcomer", "kind": "person", "name": {"en": "A newcomer"}, **more}


class Mirror:
    """A copy that knows nothing but the feed."""

    def __init__(self, client: FlaskClient, limit: int = 7) -> None:
        self.client, self.limit = client, limit
        self.position = 0
        self.records: dict[tuple[str, str], tuple[bytes, str]] = {}

    def follow(self) -> list[dict[str, Any]]:
        """Read on to the end, and give what was read."""
        entries: list[dict[str, Any]] = []
        more = True
        while more:
            answer = self.client.get(f"/v1/changes?since={self.position}&limit={self.limit}")
            assert answer.status_code == 200, answer.text
            told = orjson.loads(answer.data)
            for entry in told["data"]:
                self.apply(entry)
            entries += told["data"]
            self.position, more = told["page"]["position"], told["page"]["more"]
        return entries

    def apply(self, entry: dict[str, Any]) -> None:
        if entry["document"] is None:
            self.records.pop((entry["type"], entry["id"]), None)
        else:
            self.records[entry["type"], entry["id"]] = orjson.dumps(entry["document"]), entry["etag"]


def source(client: FlaskClient) -> dict[tuple[str, str], tuple[bytes, str]]:
    """Every record by record type and id, as GET answers it."""
    found = {}
    for record_type in RECORD_TYPES:
        for record in everything(client, record_type):
            answer = client.get(f"/v1/{record_type}/{record['id']}")
            found[record_type, record["id"]] = answer.data, answer.headers["ETag"]
    return found


def writes(writer: Writer, name: str, rounds: int) -> None:
    """Make, change and unmake records; rename one that many refer to, whoever else does at the same time."""
    client = database_client(writer)
    one = Writer.__new__(Writer)
    one.client, one.headers = client, writer.headers
    mine = f"/v1/speakers/somebody-{name}"
    said = f"/v1/statements/said-{name}"
    template = one.get("/v1/statements/premier-answers")
    for number in range(rounds):
        one.put(mine, {"id": f"somebody-{name}", "kind": "person", "name": {"en": f"Name {number}"}})
        speakers = [{"speaker": {"id": f"somebody-{name}"}, "capacity": "author"}]
        one.put(said, {**template, "id": f"said-{name}", "links": [], "speakers": speakers})
        one.patch(mine, {"name": {"en": f"Another name {number}"}})
        etag = client.get(MINISTER).headers["ETag"]
        one.send("PATCH", MINISTER, {"name": {"en": f"{name} {number}"}}, if_match=etag)  # 412 when another was faster
        if number % 2:
            one.delete(said)
            one.delete(mine)


def database_client(writer: Writer) -> FlaskClient:
    client: FlaskClient = writer.client.application.test_client()
    return client


def test_a_mirror_of_nothing_but_the_feed_is_exact_while_several_write(writer: Writer) -> None:
    mirror, over = Mirror(database_client(writer)), Event()

    def follow() -> None:
        while not over.is_set():
            mirror.follow()

    with ThreadPoolExecutor(4) as threads:  # as many as the service has, one of which it leaves to the reader
        following = threads.submit(follow)
        try:
            for done in [threads.submit(writes, writer, f"n{number}", 5) for number in range(3)]:
                done.result(timeout=120)
        finally:
            over.set()
        following.result(timeout=60)
    mirror.follow()
    assert mirror.records == source(writer.client)
    fresh = Mirror(writer.client, limit=200)
    fresh.follow()
    assert fresh.records == mirror.records


def test_the_feed_tells_every_change_once_and_in_order(writer: Writer) -> None:
    mirror = Mirror(writer.client)
    known = len(mirror.follow())
    writer.put(NEWCOMER, newcomer())
    writer.patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    writer.delete(NEWCOMER)
    entries = mirror.follow()
    told = [(entry["type"], entry["id"], entry["operation"], entry["revision"]) for entry in entries]
    assert told[0] == ("speakers", "newcomer", "created", 1)
    assert told[1] == ("speakers", "minister", "replaced", 2)
    assert ("statements", "minister-welcomes", "rendered", None) in told[2:-1]
    assert told[-1] == ("speakers", "newcomer", "deleted", 2)
    sequences = [entry["sequence"] for entry in Mirror(writer.client).follow()]
    assert sequences == sorted(set(sequences))
    assert len(sequences) == known + len(entries)
    assert mirror.follow() == []


def test_what_was_only_rendered_tells_when_its_content_changed(writer: Writer) -> None:
    mirror = Mirror(writer.client)
    before = {(entry["type"], entry["id"]): entry["recorded_at"] for entry in mirror.follow()}
    for name in ("Pyotr Ivanov", "Ivan Petrov"):
        writer.patch(MINISTER, {"name": {"en": name}})
    rendered = [entry for entry in mirror.follow() if entry["operation"] == "rendered"]
    assert rendered
    for entry in rendered:
        assert entry["content_changed_at"] == before[entry["type"], entry["id"]] < entry["recorded_at"]


def test_the_same_content_again_is_no_change(writer: Writer) -> None:
    mirror = Mirror(writer.client)
    mirror.follow()
    writer.put(MINISTER, writer.get(MINISTER))
    assert mirror.follow() == []


def test_a_merged_record_is_a_tombstone_that_names_its_successor(writer: Writer) -> None:
    writer.put(NEWCOMER, newcomer())
    mirror = Mirror(writer.client)
    mirror.follow()
    writer.merge("newcomer", "premier")
    [gone] = [entry for entry in mirror.follow() if entry["operation"] == "merged"]
    assert (gone["id"], gone["merged_into"], gone["document"], gone["etag"]) == ("newcomer", "premier", None, None)
    assert mirror.records == source(writer.client)


def test_some_record_types_alone_can_be_followed(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.changelog.feed.SOUGHT_AT_ONCE", 5)
    found, position, more = [], 0, True
    while more:
        told = ask(writer.client, f"/v1/changes?type=places&type=events&limit=1&since={position}")
        found += [(entry["type"], entry["id"]) for entry in told["data"]]
        position, more = told["page"]["position"], told["page"]["more"]
    assert sorted(found) == [("events", "talks"), ("places", "land"), ("places", "town")]
    assert position == Mirror(writer.client).follow()[-1]["sequence"]
    writer.patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    told = ask(writer.client, f"/v1/changes?type=places&since={position}")
    assert (told["data"], told["page"]["more"]) == ([], False)
    assert told["page"]["position"] > position


@pytest.mark.parametrize("since", ["999999", "-1", "abc", "", "1.5", "%D9%A1", "1" * 30, "null"])
def test_a_position_that_the_feed_never_had_is_gone(writer: Writer, since: str) -> None:
    told = problem(writer.client.get(f"/v1/changes?since={since}"), 410, "position-gone")
    assert "since=0" in told["detail"]


def test_the_feed_without_a_position_begins_at_its_beginning(writer: Writer) -> None:
    assert (
        ask(writer.client, "/v1/changes?limit=2")["data"] == ask(writer.client, "/v1/changes?limit=2&since=0")["data"]
    )


@pytest.mark.parametrize("query", ["wait=31", "wait=-1", "wait=x", "limit=0", "limit=201", "type=people"])
def test_what_the_feed_can_not_do_is_told(writer: Writer, query: str) -> None:
    assert mistakes(writer.client.get(f"/v1/changes?{query}")) == [query.partition("=")[0]]


def test_the_feed_is_asked_for_anew_by_every_cache(writer: Writer) -> None:
    answer = writer.client.get("/v1/changes")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["Link"].endswith('rel="next"')
    again = writer.client.get("/v1/changes", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def free_places(writer: Writer) -> int:
    """How many places to wait in are free."""
    return int(writer.client.application.extensions["waiting-room"]._places._value)


@contextmanager
def waiting(writer: Writer, seconds: int) -> Iterator[tuple[Thread, list[Any]]]:
    """A client that waits at the end of the feed, and what it was answered."""
    mirror = Mirror(writer.client)
    mirror.follow()
    answers: list[Any] = []
    client = database_client(writer)

    def wait() -> None:
        answers.append(client.get(f"/v1/changes?since={mirror.position}&wait={seconds}"))

    thread = Thread(target=wait)
    thread.start()
    try:
        yield thread, answers
    finally:
        thread.join(timeout=40)


def test_who_waits_is_answered_soon_after_a_change_and_holds_no_connection_until_then(writer: Writer) -> None:
    with waiting(writer, 20) as (thread, answers):
        assert eventually(lambda: free_places(writer) == 1)
        writer.client.get("/health")
        assert not answers
        assert len(database.obj._in_use) <= 1  # but for the moment in which it looks
        began = monotonic()
        writer.put(NEWCOMER, newcomer())
        thread.join(timeout=20)
        assert monotonic() - began < 10
    [answer] = answers
    assert [entry["id"] for entry in answer.get_json()["data"]] == ["newcomer"]


def test_who_waits_outlasts_a_database_that_is_away_for_a_moment(writer: Writer) -> None:
    with waiting(writer, 20) as (thread, answers):
        assert eventually(lambda: free_places(writer) == 1)
        database.execute_sql('ALTER TABLE "change" RENAME TO "away"')
        sleep(3 * PAUSE)
        database.execute_sql('ALTER TABLE "away" RENAME TO "change"')
        assert not answers
        writer.put(NEWCOMER, newcomer())
        thread.join(timeout=20)
    [answer] = answers
    assert [entry["id"] for entry in answer.get_json()["data"]] == ["newcomer"]


def test_who_waits_in_vain_is_told_so_when_the_time_is_over(writer: Writer) -> None:
    began = monotonic()
    with waiting(writer, 1) as (_, answers):
        pass
    assert monotonic() - began >= 1
    [answer] = answers
    assert (answer.get_json()["data"], answer.get_json()["page"]["more"]) == ([], False)


def test_who_finds_no_place_to_wait_is_answered_at_once(writer: Writer) -> None:
    with waiting(writer, 30), waiting(writer, 30):
        assert eventually(lambda: free_places(writer) == 0)
        began = monotonic()
        with waiting(writer, 30) as (thread, answers):
            thread.join()
        assert monotonic() - began < 15
        [answer] = answers
        assert answer.headers["Retry-After"] == "1"
        assert answer.get_json()["data"] == []
        writer.put(NEWCOMER, newcomer())  # so that the others need not wait any longer


def told(client: FlaskClient, moment: str) -> Any:
    answer = client.get(f"{WELCOMES}?as_of={moment}")
    return answer.status_code, answer.data


def test_what_expires_is_gone_and_nothing_else(writer: Writer) -> None:
    mirror = Mirror(writer.client, limit=200)
    beginning = mirror.follow()[-1]
    writer.put(NEWCOMER, newcomer())
    for name in ("Pyotr Ivanov", "Ivan Petrov"):
        writer.patch(MINISTER, {"name": {"en": name}})
    writer.delete(NEWCOMER)
    kept = Mirror(writer.client, limit=200).follow()[-1]
    stood = told(writer.client, kept["recorded_at"])
    writer.patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    later = Mirror(writer.client, limit=200).follow()[-1]["recorded_at"]
    before = told(writer.client, later)

    behind = dates.moment(datetime.fromisoformat(kept["recorded_at"]) + timedelta(microseconds=1))
    assert expire(behind) > 0
    assert expire(behind) == 0

    fresh = Mirror(writer.client)
    fresh.follow()
    assert fresh.records == source(writer.client)
    mirror.follow()  # from a position before: what has expired is what later changes have overtaken
    assert mirror.records == fresh.records
    assert ask(writer.client, "/v1/changes")["page"]["expired"] == kept["sequence"]
    problem(writer.client.get(f"{MINISTER}?as_of={beginning['recorded_at']}"), 410, "moment-gone")
    problem(writer.client.get(f"/v1/speakers?as_of={beginning['recorded_at']}"), 410, "moment-gone")
    assert told(writer.client, kept["recorded_at"]) == stood
    assert told(writer.client, later) == before
    problem(writer.client.get(NEWCOMER), 410, "gone")
    revisions = [entry["revision"] for entry in ask(writer.client, f"{MINISTER}/history")["data"]]
    assert revisions == [4, 3]
    assert [entry["operation"] for entry in ask(writer.client, f"{NEWCOMER}/history")["data"]] == ["deleted"]
    assert writer.put(NEWCOMER, newcomer()).status_code == 201
    assert [entry["revision"] for entry in ask(writer.client, f"{NEWCOMER}/history")["data"]] == [3, 2]


def test_nothing_expires_before_there_was_anything(writer: Writer) -> None:
    assert expire("2000-01-01T00:00:00.000000Z") == 0
    assert Expiry.select().count() == 0
