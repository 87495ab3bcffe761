"""Clients of a service whose database is restored from a copy: none of them goes on from changes that were lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asking import ask, problem
from builders import World, change, world, write
from changing import Writer, eventually
from click.testing import CliRunner
from conftest import Command, NewDatabase, fill
from flask.testing import FlaskClient
from older import held_before, make_older

from api.application import create_app
from api.commands.main import main
from api.database.current import database
from api.settings import Settings

MINISTER, TOWN = "/v1/speakers/minister", "/v1/places/town"
EXACT = 2**53
"""Below it, every JSON parser reads integers exactly."""

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """Runs a command on a database, which must be done, beside a service of this process."""

    def done(url: str, *arguments: str) -> str:
        ours = database.obj
        try:
            ended = CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})
        finally:
            database.initialize(ours)
        assert ended.exit_code == 0, ended.output
        return ended.stdout

    return done


@pytest.fixture
def url(new_database: NewDatabase, tmp_path: Path) -> str:
    return filled(new_database, tmp_path / "world", world())


def filled(new_database: NewDatabase, folder: Path, records: World) -> str:
    url, ours = new_database(), database.obj
    fill(url, write(records, folder))
    database.initialize(ours)
    return url


def service(url: str) -> FlaskClient:
    return create_app(Settings(database_url=url)).test_client()


@pytest.fixture
def writer(url: str) -> Iterator[Writer]:
    """Writes to a service on a database with a few records."""
    yield Writer(service(url))
    database.obj.close_all()


@pytest.fixture
def copy(url: str, writer: Writer, run: Run, tmp_path: Path) -> Path:
    """A copy made before anything was renamed."""
    run(url, "backup", str(tmp_path / "copy"))
    return tmp_path / "copy"


class Mirror:
    """A copy of all records, or those of some record types, that follows `next`."""

    def __init__(self, client: FlaskClient, query: str = "limit=5") -> None:
        self.client, self.next = client, f"/v1/changes?{query}"
        self.position, self.more = 0, True
        self.names: dict[str, Any] = {}

    def page(self) -> None:
        page = ask(self.client, self.next)
        for entry in page["data"]:
            name = f"{entry['type']}/{entry['id']}"
            self.names.pop(name, None)
            if entry["document"] is not None:
                self.names[name] = entry["etag"]
        self.next, self.position, self.more = page["page"]["next"], page["page"]["position"], page["page"]["more"]

    def follow(self) -> "Mirror":
        """Read on to the end."""
        for _ in range(100):
            self.page()
            if not self.more:
                return self
        raise AssertionError("the feed never ends")


def rename(writer: Writer, *names: str) -> None:
    for name in names:
        writer.patch(MINISTER, {"name": {"en": name}})


def told_to_begin_anew(client: FlaskClient, address: str) -> None:
    detail = problem(client.get(address), 410, "position-gone")["detail"]
    assert "restored from a backup" in detail
    assert "since=0" in detail


def test_a_mirror_with_lost_changes_learns_of_the_loss_whatever_is_written_afterwards(
    url: str, writer: Writer, copy: Path, run: Run
) -> None:
    rename(writer, "Lost")
    mirror = Mirror(writer.client).follow()
    run(url, "restore", "--replace", str(copy))
    problem(writer.client.get(mirror.next), 410, "position-gone")
    rename(writer, "A name", "Another name", "A third name")
    told_to_begin_anew(writer.client, mirror.next)
    told_to_begin_anew(writer.client, f"{mirror.next}&type=places")
    anew = Mirror(writer.client).follow()
    assert anew.names["speakers/minister"] == writer.etag(MINISTER) != mirror.names["speakers/minister"]
    assert mirror.position < anew.position < EXACT
    assert run(url, "check") == "The database is sound.\n"


def test_a_mirror_that_ends_within_the_copy_goes_on(url: str, writer: Writer, copy: Path, run: Run) -> None:
    rested, behind = Mirror(writer.client).follow(), Mirror(writer.client)
    behind.page()
    rename(writer, "Lost")
    run(url, "restore", "--replace", str(copy))
    assert Mirror(writer.client).follow().position == rested.position
    assert rested.follow().names["speakers/minister"] == writer.etag(MINISTER)
    rename(writer, "A name")
    fresh = Mirror(writer.client).follow()
    assert rested.follow().names == fresh.names
    assert fresh.names["speakers/minister"] == writer.etag(MINISTER)
    assert behind.more
    assert behind.follow().names == fresh.names


def test_a_mirror_half_made_from_lost_changes_learns_of_the_loss(
    url: str, writer: Writer, copy: Path, run: Run
) -> None:
    writer.put(TOWN, {**writer.get(TOWN), "name": {"en": "Lost"}})
    mirror = Mirror(writer.client, "type=places&limit=1")
    mirror.page()
    run(url, "restore", "--replace", str(copy))
    assert mirror.more
    problem(writer.client.get(mirror.next), 410, "position-gone")
    rename(writer, "A name")
    told_to_begin_anew(writer.client, mirror.next)


def test_a_waiting_client_learns_of_the_loss(url: str, writer: Writer, copy: Path, tasrih_process: Command) -> None:
    rename(writer, "Lost")
    mirror, answers = Mirror(writer.client).follow(), []
    client = writer.client.application.test_client()
    waiting = Thread(target=lambda: answers.append(client.get(f"{mirror.next}&wait=30")))
    waiting.start()
    assert eventually(lambda: client.application.extensions["waiting-room"]._places._value == 1)
    assert not answers
    # As a process: run in this one, the command would take the database away from the thread that waits, and close it.
    assert tasrih_process("restore", "--replace", str(copy), DATABASE_URL=url).returncode == 0
    waiting.join(timeout=40)
    [answer] = answers
    problem(answer, 410, "position-gone")


def test_the_feed_of_a_record_type_crosses_the_gap(
    url: str, writer: Writer, copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("First", "Second"):
        run(url, "restore", "--replace", str(copy))
        rename(writer, name)
        writer.put(TOWN, {**writer.get(TOWN), "name": {"en": name}})
        run(url, "backup", str(copy := tmp_path / name))
        run(url, "restore", "--replace", str(copy))
    for at_once in (1, 7, 20_000):
        monkeypatch.setattr("api.changelog.feed.SOUGHT_AT_ONCE", at_once)
        rename(writer, f"A name beside {at_once}")  # after which no cached response is sent
        mirror = Mirror(writer.client, "type=places").follow()
        assert mirror.names == {f"places/{place}": writer.etag(f"/v1/places/{place}") for place in ("land", "town")}
        assert mirror.position == ask(writer.client, "/v1/changes?limit=200")["data"][-1]["sequence"]


def test_restoring_the_same_copy_twice_uses_no_position_twice(
    url: str, writer: Writer, copy: Path, run: Run, new_database: NewDatabase
) -> None:
    run(url, "restore", "--replace", str(copy))
    rename(writer, "Lost")
    mirror = Mirror(writer.client).follow()
    run(url, "restore", "--replace", str(copy))
    rename(writer, "A name", "Another name")
    told_to_begin_anew(writer.client, mirror.next)
    at = mirror.next.partition("?")[2]
    elsewhere = new_database()
    run(elsewhere, "restore", str(copy))
    database.obj.close_all()
    writer.client = service(elsewhere)
    rename(writer, "A name", "Another name")
    told_to_begin_anew(writer.client, f"/v1/changes?{at}")


def test_a_cached_response_of_the_replaced_database_is_not_sent(
    url: str, writer: Writer, run: Run, new_database: NewDatabase, tmp_path: Path
) -> None:
    records = world()
    change(records, "speakers/minister", "/name/en", "Somebody else")
    other = filled(new_database, tmp_path / "others", records)
    run(other, "backup", str(tmp_path / "others.copy"))
    for _ in range(2):
        assert writer.get(MINISTER)["name"]["en"] != "Somebody else"
    run(url, "restore", "--replace", str(tmp_path / "others.copy"))
    assert writer.get(MINISTER)["name"]["en"] == "Somebody else"
    assert "Somebody else" in writer.client.get("/v1/speakers").text


def test_a_moment_between_copy_and_restoration_is_answered_from_the_log(
    url: str, writer: Writer, copy: Path, run: Run
) -> None:
    named = writer.get(MINISTER)["name"]["en"]
    rename(writer, "Lost")
    between = writer.get(f"{MINISTER}/history")["data"][0]["recorded_at"]
    run(url, "restore", "--replace", str(copy))
    rename(writer, "A name")
    assert writer.get(f"{MINISTER}?as_of={between}")["name"]["en"] == named
    assert [entry["revision"] for entry in writer.get(f"{MINISTER}/history")["data"]] == [2, 1]


def test_a_copy_of_a_version_without_restorations_has_its_gap_recorded_when_it_is_migrated(
    new_database: NewDatabase, tmp_path: Path, run: Run
) -> None:
    url, source = new_database(), fill(new_database(), write(held_before(world()), tmp_path / "world"))
    make_older(url, source, "0008_filed_written")
    source.close_all()  # type: ignore[no-untyped-call]
    run(url, "backup", str(tmp_path / "old"))
    run(url, "migrate")
    writer = Writer(service(url))
    rested = Mirror(writer.client).follow()
    rename(writer, "Lost")
    mirror = Mirror(writer.client).follow()
    for _ in range(2):
        assert "Run 'tasrih migrate' next" in run(url, "restore", "--replace", str(tmp_path / "old"))
        assert "0009_restorations" in run(url, "migrate")
    rename(Writer(writer.client), "A name", "Another name")  # with a token of its own: the other one was lost
    told_to_begin_anew(writer.client, mirror.next)
    fresh = Mirror(writer.client).follow()
    assert rested.follow().names == fresh.names
    assert run(url, "check") == "The database is sound.\n"
    database.obj.close_all()
