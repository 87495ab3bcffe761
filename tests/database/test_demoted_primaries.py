"""A primary that becomes a standby behind a pooler, which keeps the connections of its clients: these find the new primary."""

from urllib.parse import urlencode

import psycopg
import pytest
from applications import bearer, client_of, speaker
from asking import problem
from conftest import NewDatabase
from psycopg.conninfo import conninfo_to_dict

from api.database import postgresql
from api.database.connections import connect
from api.database.current import database, use_database
from api.database.statements import rows

PATH = "/v1/speakers/somebody"

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")


def test_a_change_finds_the_new_primary_when_it_is_sent_again(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    several = f"{url}{'&' if '?' in url else '?'}target_session_attrs=read-write"
    with client_of(several, {"speakers": [speaker("somebody")]}) as client:
        headers = {**bearer(), "Content-Type": "application/merge-patch+json", "If-Match": "*"}
        assert client.get(PATH).status_code == 200
        demoted = [connection for *_, connection in (*database.obj._connections, *database.obj._in_use.values())]
        demoted.append(database.obj.connection())  # kept, so that no new connection gets the id of a closed one

        def is_copy() -> bool:
            return any(database.obj.connection() is each for each in demoted)

        monkeypatch.setattr(database.obj, "is_copy", is_copy)
        refused = client.patch(PATH, data=b'{"name":{"en":"Somebody else"}}', headers=headers)
        assert problem(refused, 503, "database-unavailable")
        assert refused.headers["Retry-After"]
        assert client.patch(PATH, data=b'{"name":{"en":"Somebody else"}}', headers=headers).status_code == 200


def test_servers_are_tried_in_turn_where_libpq_takes_a_standby_for_the_primary(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PgBouncer tells its clients what its server said when it was the primary."""
    pool, tried = connect(twice(new_database())), list[object]()

    def is_standby(connection: object) -> bool:
        tried.append(connection)
        return len(tried) < 2

    monkeypatch.setattr(postgresql, "_is_standby", is_standby)
    monkeypatch.setattr(pool, "behind_pooler", True)
    with use_database(pool), pool.connection_context():
        assert rows("SELECT 1") == [(1,)]
        assert [connection.closed for connection in tried] == [True, False]  # type: ignore[attr-defined]
    pool.close_all()  # type: ignore[no-untyped-call]


def test_a_new_process_asks_the_servers_themselves_where_libpq_takes_all_of_them_for_standbys(
    new_database: NewDatabase,
) -> None:
    """As it does behind a PgBouncer that tells what its server said before it was promoted."""
    url = new_database()
    pool, name = connect(twice(url)), conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    with use_database(pool), pool.connection_context():
        assert rows("SELECT 1") == [(1,)]
    pool.close_all()  # type: ignore[no-untyped-call]


def twice(url: str) -> str:
    """A URL that names its server twice, and asks for the one that takes writes."""
    parameters = conninfo_to_dict(url)
    hosts = {name: f"{parameters[name]},{parameters[name]}" for name in ("host", "port") if parameters.get(name)}
    query = urlencode({**hosts, "user": parameters["user"], "target_session_attrs": "read-write"})
    return f"postgresql:///{parameters['dbname']}?{query}"
