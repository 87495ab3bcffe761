"""Pooled connections are used again as long as the server has not closed them, mostly without asking it."""

from typing import Any

import psycopg
import pytest
from conftest import NewDatabase

from api.database.connections import connect
from api.database.current import use_database
from api.database.postgresql import SURE
from api.database.statements import rows

pytestmark = pytest.mark.needs_session("whether the server's own connection is open is the pooler's business")

PID = "SELECT pg_backend_pid()"
LAST_RUN = "SELECT query, state_change FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def url(new_database: NewDatabase, engine: str) -> str:
    if engine == "sqlite":
        pytest.skip("a file closes no connection")
    return new_database()


def once(pool: Any) -> int:
    """The server's process behind the connection that a request is answered over."""
    with pool.connection_context():
        [(pid,)] = rows(PID)
        return int(pid)


@pytest.mark.parametrize("sure", [SURE, 0.0])
def test_a_connection_that_was_closed_by_the_server_is_replaced(
    url: str, sure: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.database.connections.SURE", sure)
    pool = connect(url)
    with use_database(pool), psycopg.connect(url, autocommit=True) as other:
        first = once(pool)
        assert once(pool) == first
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
        assert once(pool) != first
    pool.close_all()  # type: ignore[no-untyped-call]


def test_a_connection_used_just_now_is_not_tried(url: str) -> None:
    pool = connect(url)
    with use_database(pool), psycopg.connect(url, autocommit=True) as other:
        pid = once(pool)
        before = other.execute(LAST_RUN, (pid,)).fetchone()
        with pool.connection_context():
            assert other.execute(LAST_RUN, (pid,)).fetchone() == before
    pool.close_all()  # type: ignore[no-untyped-call]
