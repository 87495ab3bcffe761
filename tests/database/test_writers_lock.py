"""On PostgreSQL a writer waits longer for another session that works than for one that only holds the lock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import psycopg
import pytest
from changing import eventually
from conftest import NewDatabase

from api.database import postgresql, writers_queue
from api.database.connections import connect
from api.database.current import use_database
from api.database.dialect import WRITERS_LOCK
from api.database.postgresql import BETWEEN_LOOKS
from api.database.statements import rows
from api.database.transactions import writing
from api.errors import WaitedInVain
from api.migrations.running import upgrading

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")


@pytest.fixture
def impatient(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A database whose writers look every tenth of a second at what the other does, and wait a fifth for an idle one."""
    assert str(1000 * BETWEEN_LOOKS) in postgresql._TAKE
    monkeypatch.setattr(postgresql, "_TAKE", postgresql._TAKE.replace(str(1000 * BETWEEN_LOOKS), "100"))
    database = connect(new_database())
    database.writers._patience = 0.2
    with use_database(database), database.connection_context():
        yield database
    database.close_all()  # type: ignore[no-untyped-call]


@contextmanager
def lock_of_another(database: Any, lock: str) -> Iterator[psycopg.Connection[Any]]:
    """The writers' lock in the hands of another session."""
    places = {
        name: database.connect_params[name] for name in ("host", "port", "user") if name in database.connect_params
    }
    with psycopg.connect(dbname=database.database, autocommit=True, **places) as holder:
        holder.execute("BEGIN")
        holder.execute(f"SELECT {lock}({WRITERS_LOCK})".encode())
        yield holder


def test_a_session_that_works_is_waited_for(impatient: Any) -> None:
    over = Event()

    def work(holder: psycopg.Connection[Any]) -> None:
        while not over.is_set():
            holder.execute("SELECT pg_sleep(0.05)")
        holder.execute("COMMIT")

    def end_later() -> None:
        eventually(lambda: impatient.writers._is_another_writing)
        over.wait(2 * impatient.writers._patience)
        over.set()

    with lock_of_another(impatient, "pg_advisory_xact_lock") as holder, ThreadPoolExecutor(2) as threads:
        worker = threads.submit(work, holder)
        threads.submit(end_later)
        with writing():
            assert over.is_set()
            assert rows("SHOW lock_timeout") == [("5s",)]
        worker.result(timeout=20)
    with writing():
        pass


def test_an_upgrade_waits_for_as_long_as_another_writes(impatient: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.2)
    with lock_of_another(impatient, "pg_advisory_xact_lock") as holder, ThreadPoolExecutor(1) as threads:
        with pytest.raises(WaitedInVain), writing():
            pass
        done = threads.submit(lambda: (Event().wait(1), holder.execute("COMMIT")))
        with upgrading():
            assert rows("SHOW lock_timeout") == [("5s",)]
        done.result(timeout=20)


@pytest.mark.not_behind_a_pooler("a lock of a session stays with whichever connection the pooler gave for it")
def test_a_session_that_only_holds_the_lock_is_not_waited_for_long(impatient: Any) -> None:
    with lock_of_another(impatient, "pg_advisory_lock") as holder:
        holder.execute("COMMIT")
        with pytest.raises(WaitedInVain) as refused, writing():
            pass
    assert refused.value.seconds == 5
    with writing():
        pass


def test_a_lock_that_was_let_go_of_between_a_wait_and_a_look_is_waited_for(
    impatient: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_in_vain, is_taken = iter([True]), postgresql._is_taken
    monkeypatch.setattr(postgresql, "_is_taken", lambda: not next(waits_in_vain, False) and is_taken())
    impatient.writers._patience = 0
    with writing():
        assert next(waits_in_vain, None) is None
