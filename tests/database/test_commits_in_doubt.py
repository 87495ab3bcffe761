"""A connection to PostgreSQL that breaks while a change is committed: nobody knows what became of it, and the client is told so."""

import psycopg
import pytest
from applications import bearer, client_of, speaker
from conftest import NewDatabase

from api.database.current import database
from api.database.dialect import is_sqlite

PATH = "/v1/speakers/somebody"


@pytest.mark.needs_session("the service has no connection of its own to the server that could break")
def test_a_commit_whose_connection_breaks_is_told_as_an_unknown_outcome(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    with client_of(url, {"speakers": [speaker("somebody")]}) as client:
        if is_sqlite():
            pytest.skip("SQLite has no connection that breaks")
        served, real = database.obj, database.obj.commit

        def commit() -> None:
            """Commit, and lose the connection before the server has said so."""
            process = served.connection().info.backend_pid
            real()
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (process,))
            served.execute_sql("SELECT 1")

        def change() -> tuple[int, str]:
            headers = {**token, "Content-Type": "application/merge-patch+json", "If-Match": tag}
            answer = client.patch(PATH, data=b'{"name":{"en":"Somebody else"}}', headers=headers)
            return answer.status_code, answer.json["type"] if answer.json else ""

        token, tag = bearer(), client.get(PATH).headers["ETag"]
        with monkeypatch.context() as patched:
            patched.setattr(served, "commit", commit)
            assert change() == (503, "urn:tasrih:problem:outcome-unknown")
        assert change() == (412, "urn:tasrih:problem:precondition-failed"), "it was made, and not twice"
