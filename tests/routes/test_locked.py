"""A database that another program has locked, or that is gone: clients may try again, and the operator reads one line about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from applications import client_of
from asking import problem
from changing import Writer
from peewee import OperationalError
from ports import free_port

from api.database.outages import is_locked
from api.database.writers_queue import WritersQueue
from api.errors import WaitedInVain


def locked(folder: Path) -> Exception:
    """The error of a writer that waited in vain, as peewee raises it."""
    with (
        closing(sqlite3.connect(folder / "locked.db")) as holder,
        closing(sqlite3.connect(folder / "locked.db", timeout=0)) as other,
    ):
        holder.execute("BEGIN IMMEDIATE")
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raised = OperationalError(str(error))
            raised.__context__ = error
            return raised
    raise AssertionError("it was not locked")


def test_a_lock_is_told_from_other_failures(tmp_path: Path) -> None:
    assert is_locked(locked(tmp_path))
    assert not is_locked(OperationalError("disk I/O error"))


@pytest.mark.parametrize("reason", ["lock", "queue"])
def test_a_write_that_waited_in_vain_is_one_line_of_the_log(
    reason: str, writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    error = locked(tmp_path) if reason == "lock" else WaitedInVain("too many writers are waiting", 8)

    @contextmanager
    def turn(self: WritersQueue, joins: bool) -> Iterator[None]:
        raise error
        yield

    monkeypatch.setattr(WritersQueue, "turn", turn)
    answer = writer.send("POST", "/v1/places", {"id": "hamlet", "kind": "city", "name": {"en": "Hamlet"}})
    problem(answer, 503, "database-unavailable")
    assert answer.headers["Retry-After"] == ("5" if reason == "lock" else "8")
    assert str(error) in caplog.text
    assert "Traceback" not in caplog.text


def test_a_server_that_is_gone_is_one_line_of_the_log_for_each_request(caplog: pytest.LogCaptureFixture) -> None:
    with client_of(f"postgresql://somebody@127.0.0.1:{free_port()}/nothing", fill=False) as client:
        assert problem(client.get("/v1/speakers/somebody"), 503, "database-unavailable")
    [record] = caplog.records
    assert "nobody listens at its address" in record.message
    assert record.exc_info is None
