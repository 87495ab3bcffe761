"""What was said before: revisions, and every address as of an earlier moment, held against what it answered then."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Event, Timer
from typing import Any
from urllib.parse import quote
from weakref import ref

import pytest
from asking import ask, ids, mistakes, pages, problem
from changing import Writer
from flask.testing import FlaskClient

from api.application import create_app
from api.database.current import database
from api.database.dialect import is_sqlite
from api.documents.record_types import RECORD_TYPES
from api.history import idle_cache, rebuilding
from api.history.overlays import Overlay
from api.settings import Settings
from api.texts.attaching import attach, detach

MINISTER, PREMIER = "/v1/speakers/minister", "/v1/speakers/premier"
WELCOMES, ANSWERS = "/v1/statements/minister-welcomes", "/v1/statements/premier-answers"

EXPANDED = f"{WELCOMES}?expand=speakers,articles,agreements&fields=speakers,agreements,reports"
ITEMS = (
    MINISTER,
    PREMIER,
    WELCOMES,
    ANSWERS,
    "/v1/articles/page",
    "/v1/events/talks",
    "/v1/speakers/newcomer",
    EXPANDED,
)
COLLECTIONS = (
    "/v1/statements",
    "/v1/statements?q=Petrov&total=exact",
    "/v1/statements?q=Ivanov&total=exact",
    "/v1/statements?speaker=minister&agreement=truce&first_hand=true",
    "/v1/statements?topic=ceasefire&expand=speakers,articles&fields=speakers,reports",
    "/v1/statements?sort=updated_at&since=2020&until=2020-12-31&highlight=true&q=summary",
    "/v1/statements/facets",
    "/v1/statements/facets?speaker=minister",
    "/v1/statements/timeline?interval=day",
    "/v1/speakers?sort=-id",
    "/v1/speakers?organization=north&total=exact",
    "/v1/speakers/minister/statements",
    "/v1/agreements?party=south",
    "/v1/articles?publisher=outlet",
    "/v1/vocabularies?fields=id",
)


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def as_of(address: str, moment: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}as_of={quote(moment)}"


def said(client: FlaskClient) -> dict[str, tuple[int, bytes, str | None]]:
    """What every item answers now: status, body and entity tag."""
    answers = {address: client.get(address) for address in ITEMS}
    return {
        address: (answer.status_code, answer.data if answer.status_code == 200 else b"", answer.headers.get("ETag"))
        for address, answer in answers.items()
    }


def listed(client: FlaskClient) -> dict[str, Any]:
    """What every collection answers now, without the addresses of other pages."""
    return {
        address: without_links(ask(client, address))
        for address in COLLECTIONS
        if client.get(address).status_code == 200
    }


def without_links(answer: Any) -> Any:
    """An answer without the addresses that name the moment it was asked for."""
    if "page" not in answer:
        return answer
    near = {"did_you_mean": [{**name, "href": None} for name in answer.get("did_you_mean", ())]}
    return {**answer, **near, "page": {**answer["page"], "next": None, "prev": None}}


class Diary:
    """What the service said at some moments."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.moments: list[tuple[str, Any, Any]] = []

    def note(self) -> None:
        self.moments.append((now(), said(self.client), listed(self.client)))

    def hold(self) -> None:
        """Fail unless every moment is answered as it was then."""
        for moment, items, collections in self.moments:
            for address, (status, body, etag) in items.items():
                answer = self.client.get(as_of(address, moment))
                assert (answer.status_code, address) == (status, address)
                if status == 200:
                    assert (answer.data, answer.headers["ETag"]) == (body, etag), address
            for address, told in collections.items():
                assert without_links(ask(self.client, as_of(address, moment))) == told, f"{address} of {moment}"


def rename(writer: Writer, address: str, name: str) -> None:
    writer.patch(address, {"name": {"en": name}})


def edits(writer: Writer) -> None:
    writer.patch(ANSWERS, {"summary": {"en": "Another summary, of Land"}, "date": "2020-12", "topics": ["detainees"]})
    writer.patch(ANSWERS, {"act": "deny", "places": [{"id": "town"}]})


def renamings(writer: Writer) -> None:
    rename(writer, MINISTER, "Pyotr Ivanov")
    rename(writer, "/v1/speakers/outlet", "The New Outlet")
    rename(writer, "/v1/agreements/truce", "The ceasefire")
    rename(writer, MINISTER, "Ivan Petrov")


def names_beside(writer: Writer) -> None:
    aliases = [{"value": "Ivanov", "lang": "en", "kind": "variant"}]
    writer.patch(MINISTER, {"aliases": aliases})


def changes_of_sides(writer: Writer) -> None:
    """Whose side put the words out changes without a change of the statement."""
    writer.patch("/v1/speakers/north-ministry", {"part_of": None})
    writer.patch("/v1/speakers/north-ministry", {"part_of": {"id": "south"}})


def deletions(writer: Writer) -> None:
    writer.delete(ANSWERS)
    writer.delete(WELCOMES)
    writer.delete("/v1/agreements/treaty")


def re_creations(writer: Writer) -> None:
    document = writer.get(ANSWERS)
    writer.delete(ANSWERS)
    writer.put(ANSWERS, {**document, "date": "2021"})
    writer.delete(ANSWERS)
    writer.put(ANSWERS, document)


def mergers(writer: Writer) -> None:
    writer.put("/v1/speakers/newcomer", {"id": "newcomer", "kind": "person", "name": {"en": "A newcomer"}})
    writer.patch(ANSWERS, {"speakers": [{"speaker": {"id": "newcomer"}, "capacity": "author"}]})
    writer.merge("newcomer", "premier")


CHANGES = (edits, renamings, names_beside, changes_of_sides, deletions, re_creations, mergers)


class Noting(Writer):
    """A writer who notes what the service says after each of his changes."""

    def __init__(self, writer: Writer, diary: Diary) -> None:
        self.client, self.headers, self.diary = writer.client, writer.headers, diary

    def send(self, *arguments: Any, **named: Any) -> Any:
        answer = super().send(*arguments, **named)
        self.diary.note()
        return answer


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_address_answers_what_it_answered_then(writer: Writer, change: Callable[[Writer], None]) -> None:
    diary = Diary(writer.client)
    diary.note()
    change(Noting(writer, diary))
    diary.hold()


def test_quotations_are_those_of_then(writer: Writer, tmp_path: Any) -> None:
    from texts import saved

    diary = Diary(writer.client)
    diary.note()
    attach(saved(tmp_path), longest_quotation=600)
    diary.note()
    rename(writer, MINISTER, "Pyotr Ivanov")
    diary.note()
    detach(["page"])
    diary.note()
    diary.hold()


def test_a_record_is_told_from_the_microsecond_of_its_change_on(writer: Writer) -> None:
    before = writer.client.get(MINISTER)
    rename(writer, MINISTER, "Pyotr Ivanov")
    changed = datetime.fromisoformat(writer.get(MINISTER)["updated_at"])
    until, since = (changed + timedelta(microseconds=some) for some in (-1, 0))
    assert writer.client.get(as_of(MINISTER, until.isoformat())).data == before.data
    assert writer.client.get(as_of(MINISTER, since.isoformat())).data == writer.client.get(MINISTER).data
    for written in (
        since.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(),
        since.isoformat().replace("+00:00", "999999z").replace("T", "t"),
    ):
        assert writer.client.get(as_of(MINISTER, written)).data == writer.client.get(MINISTER).data


def test_a_record_that_was_not_there_yet_was_deleted_or_merged_is_told_so(writer: Writer) -> None:
    address = "/v1/speakers/newcomer"
    document = {"id": "newcomer", "kind": "person", "name": {"en": "A newcomer"}}
    before = now()
    writer.put(address, document)
    writer.delete(address)
    deleted = now()
    writer.put(address, document)
    there = now()
    writer.merge("newcomer", "premier")
    merged = now()
    for at in ("", "/statements"):
        told = problem(writer.client.get(as_of(address + at, before)), 404, "no-such-record")
        assert "then" in told["detail"]
        problem(writer.client.get(as_of(address + at, deleted)), 410, "gone")
        assert writer.client.get(as_of(address + at, there)).status_code == 200
        answer = writer.client.get(as_of(address + at, merged))
        assert (answer.status_code, answer.headers["Location"]) == (
            308,
            "http://localhost" + as_of(PREMIER + at, merged),
        )


@pytest.mark.parametrize("address", [MINISTER, "/v1/speakers", "/v1/statements/facets", "/v1/statements/timeline"])
def test_a_moment_to_come_is_refused(writer: Writer, address: str) -> None:
    problem(writer.client.get(as_of(address, "2999-01-01T00:00:00Z")), 400, "moment-not-reached")


def test_a_plus_that_became_a_space_is_told(writer: Writer) -> None:
    answer = writer.client.get(f"{MINISTER}?as_of=2020-01-01T00:00:00+03:00")
    assert mistakes(answer) == ["as_of"]
    assert "%2B" in answer.text


def test_relevance_is_not_reckoned_as_of_a_moment(writer: Writer) -> None:
    assert mistakes(writer.client.get(as_of("/v1/statements?q=summary&sort=relevance", now()))) == ["sort"]


def test_a_collection_is_walked_as_it_was_while_it_changes(writer: Writer) -> None:
    walked = [record for page in pages(writer.client, "/v1/speakers?limit=1") for record in page]
    moment = now()
    first, second, *_ = pages_while(writer, as_of("/v1/speakers?limit=1", moment))
    assert [first, second] == walked[:2]
    assert [record for page in pages(writer.client, as_of("/v1/speakers?limit=3", moment)) for record in page] == walked
    back = list(pages(writer.client, as_of("/v1/speakers?limit=3&sort=-id", moment)))
    assert [record for page in back for record in page] == walked[::-1]


def pages_while(writer: Writer, address: str) -> list[str]:
    """The ids of a walk, between each two pages of which somebody new comes to stand at its beginning."""
    found: list[str] = []
    following: str | None = address
    while following is not None:
        page = ask(writer.client, following)
        found += [record["id"] for record in page["data"]]
        following = page["page"]["next"]
        newcomer = f"a-newcomer-{len(found)}"
        writer.put(f"/v1/speakers/{newcomer}", {"id": newcomer, "kind": "person", "name": {"en": newcomer}})
    return found


def test_a_cursor_belongs_to_its_moment(writer: Writer) -> None:
    moment = now()
    page = ask(writer.client, as_of("/v1/speakers?limit=1", moment))
    other = page["page"]["next"].replace(quote(moment), "2020-01-01T00%3A00%3A00Z")
    assert mistakes(writer.client.get(other)) == ["cursor"]


def test_more_records_than_can_be_rebuilt_are_refused_unless_nothing_changed(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "MOST_RECORDS", 3)
    moment = now()
    assert writer.client.get(as_of("/v1/figures", moment)).status_code == 200
    rename(writer, MINISTER, "Pyotr Ivanov")
    assert mistakes(writer.client.get(as_of("/v1/figures", moment))) == ["as_of"]
    assert writer.client.get(as_of(MINISTER, moment)).get_json()["name"] == {"en": "Ivan Petrov"}


def test_while_a_moment_is_put_together_others_are_told_to_come_back(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, begun, go_on = now(), Event(), Event()
    rename(writer, MINISTER, "Pyotr Ivanov")
    follow = Overlay.follow

    def slowly(*arguments: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return follow(*arguments)

    monkeypatch.setattr(Overlay, "follow", slowly)
    asking = writer.client.application
    with ThreadPoolExecutor(1) as other:
        first = other.submit(lambda: asking.test_client().get(as_of("/v1/speakers", moment)))
        assert begun.wait(30)
        answer = writer.client.get(as_of("/v1/speakers/minister/statements", moment))
        assert int(answer.headers["Retry-After"]) > 0
        problem(answer, 503, "history-busy")
        assert writer.client.get(as_of(MINISTER, moment)).get_json()["name"] == {"en": "Ivan Petrov"}
        go_on.set()
        assert first.result().status_code == 200
    assert writer.client.get(as_of("/v1/speakers/minister/statements", moment)).status_code == 200


class Clock:
    """A clock that is put forward by hand, and the timers that go by it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []
        monkeypatch.setattr(idle_cache, "monotonic", lambda: self._now)
        monkeypatch.setattr(idle_cache, "Timer", self._timer)

    def _timer(self, seconds: float, go_off: Callable[[], None]) -> Timer:
        timer = Timer(seconds, go_off)
        timer.start = lambda: self._due.append((self._now + seconds, go_off))  # type: ignore[method-assign]
        return timer

    def put_forward(self, seconds: float) -> None:
        self._now += seconds
        due = [go_off for at, go_off in self._due if at <= self._now]
        self._due = [timer for timer in self._due if timer[0] > self._now]
        for go_off in due:
            go_off()


def test_a_moment_put_together_is_kept_while_it_is_asked_about_and_then_forgotten(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    settings = Settings(database_url=writer.client.application.config["DATABASE_URL"], response_cache_megabytes=0)
    client = create_app(settings).test_client()
    moment, made = now(), list[ref[Any]]()
    rename(writer, MINISTER, "Pyotr Ivanov")

    def noted(*arguments: Any) -> Any:
        overlay = Overlay(*arguments)
        made.append(ref(overlay))
        return overlay

    monkeypatch.setattr(rebuilding, "Overlay", noted)
    for _ in range(6):
        assert ask(client, as_of("/v1/speakers/minister/statements", moment))["data"]
        clock.put_forward(rebuilding._UNUSED / 3)
    assert len(made) == 1
    clock.put_forward(rebuilding._UNUSED)
    gc.collect()
    assert made[0]() is None
    assert ask(client, as_of("/v1/speakers/minister/statements", moment))["data"]
    assert len(made) == 2
    database.obj.close_all()


def test_putting_a_moment_together_may_take_only_so_long(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    rename(writer, MINISTER, "Pyotr Ivanov")
    with monkeypatch.context() as hurried:
        hurried.setattr(rebuilding, "_LONGEST", 0.0)
        told = problem(writer.client.get(as_of("/v1/speakers", moment)), 503, "query-too-slow")
        assert "Single records" in told["detail"]
    assert writer.client.get(as_of("/v1/speakers", moment)).status_code == 200


NO_TAG_OF_THEN = "UPDATE \"change\" SET etag = '\"x\"' WHERE operation = 'rendered' AND record_type = 'statements'"


@pytest.mark.parametrize(
    ("damage", "address", "named"),
    [
        (NO_TAG_OF_THEN, "/v1/figures", "statements/"),
        (NO_TAG_OF_THEN, "/v1/statements", "statements/"),
        (NO_TAG_OF_THEN, "/v1/statements?q=summary", "statements/"),
        ("DELETE FROM \"change\" WHERE record_id = 'land'", "/v1/figures", "places/town"),
    ],
)
def test_a_record_whose_log_is_damaged_is_named(writer: Writer, damage: str, address: str, named: str) -> None:
    rename(writer, MINISTER, "Pyotr Ivanov")
    moment = now()
    rename(writer, MINISTER, "Ivan Petrov")
    database.execute_sql(damage)
    told = problem(writer.client.get(as_of(address, moment)), 500, "internal-error")
    assert named in told["detail"]
    assert "tasrih check" in told["detail"]


def test_only_records_that_existed_then_are_counted(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    there = sum(record_type.table.select().count() for record_type in RECORD_TYPES.values())
    moment = now()
    writer.put("/v1/speakers/newcomer", {"id": "newcomer", "kind": "person", "name": {"en": "A newcomer"}})
    writer.delete("/v1/speakers/newcomer")
    later = now()
    rename(writer, MINISTER, "Pyotr Ivanov")
    monkeypatch.setattr(rebuilding, "MOST_RECORDS", there)
    for of_then in (moment, later):
        assert writer.client.get(as_of("/v1/figures", of_then)).status_code == 200
    monkeypatch.setattr(rebuilding, "MOST_RECORDS", there - 1)
    latest = writer.get(MINISTER)["updated_at"]
    rename(writer, MINISTER, "Ivan Petrov")
    assert mistakes(writer.client.get(as_of("/v1/figures", latest))) == ["as_of"]


def test_counting_them_goes_from_record_to_record_by_an_index(writer: Writer) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL reads a small table as a whole.")
    plan = [row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {rebuilding._COUNTED}", (9, 9)).fetchall()]
    touched = [step for step in plan if "change" in step]
    assert touched
    assert all(step.startswith("SEARCH") and "type=?" in step for step in touched), plan


def test_an_item_of_then_tells_where_it_stands_in_time(writer: Writer) -> None:
    moment = now()
    rename(writer, MINISTER, "Pyotr Ivanov")
    answer = writer.client.get(as_of(MINISTER, moment))
    links = answer.headers["Link"]
    assert answer.headers["Memento-Datetime"].endswith("GMT")
    assert f'{MINISTER}>; rel="original latest-version"' in links
    assert f'{MINISTER}/history>; rel="timemap version-history"' in links
    again = writer.client.get(as_of(MINISTER, moment), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_history_of_a_record_tells_every_revision_the_latest_first(writer: Writer) -> None:
    address = "/v1/speakers/newcomer"
    document = {"id": "newcomer", "kind": "person", "name": {"en": "A newcomer"}}
    created = writer.put(address, document)
    writer.put(address, document)  # the same again: nothing
    renamed = writer.put(address, {**document, "name": {"en": "No newcomer"}})
    writer.delete(address)
    again = writer.put(address, document)
    writer.merge("newcomer", "premier")
    entries = ask(writer.client, f"{address}/history")["data"]
    assert [(entry["revision"], entry["operation"]) for entry in entries] == [
        (5, "merged"),
        (4, "created"),
        (3, "deleted"),
        (2, "replaced"),
        (1, "created"),
    ]
    assert entries[0]["merged_into"] == "premier"
    assert {entry["recorded_by"] for entry in entries} == {"the desk"}
    assert [entry["recorded_at"] for entry in entries] == sorted({e["recorded_at"] for e in entries}, reverse=True)
    assert all(entry["recorded_at"] == entry["content_changed_at"] for entry in entries)
    kept = {1: created, 2: renamed, 4: again}
    for entry in entries:
        answer = writer.client.get(entry["href"])
        if entry["revision"] in kept:
            written = kept[entry["revision"]]
            assert (answer.data, answer.headers["ETag"]) == (written.data, written.headers["ETag"])
            assert answer.headers["ETag"] == entry["etag"]
        else:
            assert "was deleted or merged" in problem(answer, 410, "gone")["detail"]
            assert entry["etag"] is None


def test_a_history_is_paged_both_ways(writer: Writer) -> None:
    for number in range(6):
        rename(writer, MINISTER, f"Name {number}")
    address = f"{MINISTER}/history"
    revisions = [entry["revision"] for entry in ask(writer.client, address)["data"]]
    assert revisions == [7, 6, 5, 4, 3, 2, 1]
    forth, following = [], f"{address}?limit=3"
    while following:
        page = ask(writer.client, following)
        forth.append([entry["revision"] for entry in page["data"]])
        last, following = following, page["page"]["next"]
    assert forth == [[7, 6, 5], [4, 3, 2], [1]]
    back, following = [], last
    while following:
        page = ask(writer.client, following)
        back.append([entry["revision"] for entry in page["data"]])
        following = page["page"]["prev"]
    assert back == [[1], [4, 3, 2], [7, 6, 5]]


def test_a_revision_leads_to_those_around_it(writer: Writer) -> None:
    for number in range(2):
        rename(writer, MINISTER, f"Name {number}")
    links = writer.client.get(f"{MINISTER}/revisions/2").headers["Link"]
    assert f'{MINISTER}/revisions/1>; rel="predecessor-version"' in links
    assert f'{MINISTER}/revisions/3>; rel="successor-version"' in links
    assert "successor-version" not in writer.client.get(f"{MINISTER}/revisions/3").headers["Link"]


def test_being_shown_otherwise_is_no_revision(writer: Writer) -> None:
    before = ask(writer.client, f"{WELCOMES}/history")["data"]
    rename(writer, MINISTER, "Pyotr Ivanov")
    assert writer.etag(WELCOMES) != before[0]["etag"]
    assert ask(writer.client, f"{WELCOMES}/history")["data"] == before


@pytest.mark.parametrize("number", ["0", "01", "9", "-1", "x", "1.0", "99999999999999999999", "%D9%A1"])
def test_a_revision_that_is_not_there_is_not_found(writer: Writer, number: str) -> None:
    told = problem(writer.client.get(f"{MINISTER}/revisions/{number}"), 404, "no-such-record")
    assert "/history" in told["detail"]


def test_a_revision_of_nobody_is_told_as_nobody(writer: Writer) -> None:
    told = problem(writer.client.get("/v1/speakers/nobody/revisions/1"), 404, "no-such-record")
    assert told["detail"].startswith("There is no record 'nobody' here.")


def test_a_record_that_never_was_has_no_history(writer: Writer) -> None:
    problem(writer.client.get("/v1/speakers/nobody-ever/history"), 404, "no-such-record")
    assert ids(writer.client, "/v1/speakers?q=nobody-ever") == []
