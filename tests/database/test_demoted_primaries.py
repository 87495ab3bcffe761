"""A primary that becomes a standby behind a pooler, which keeps the connections of its clients: these find the new primary."""

import pytest
from applications import bearer, client_of, speaker
from asking import problem
from conftest import NewDatabase

from api.database.current import database

PATH = "/v1/speakers/somebody"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_a_change_finds_the_new_primary_when_it_is_sent_again(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    several = f"{url}{'&' if '?' in url else '?'}target_session_attrs=read-write"
    with client_of(several, {"speakers": [speaker("somebody")]}) as client:
        headers = {**bearer(), "Content-Type": "application/merge-patch+json", "If-Match": "*"}
        assert client.get(PATH).status_code == 200
        demoted = {id(connection) for *_, connection in (*database.obj._connections, *database.obj._in_use.values())}
        demoted |= {id(database.obj.connection())}
        monkeypatch.setattr(database.obj, "is_copy", lambda: id(database.obj.connection()) in demoted)
        refused = client.patch(PATH, data=b'{"name":{"en":"Somebody else"}}', headers=headers)
        assert problem(refused, 503, "database-unavailable")
        assert refused.headers["Retry-After"]
        assert client.patch(PATH, data=b'{"name":{"en":"Somebody else"}}', headers=headers).status_code == 200
