"""The service on a standby of PostgreSQL, which can only be read until it is promoted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from applications import bearer
from conftest import fill
from replicating import Node, node
from served import Server, serving

from api.database.connections import connect
from api.database.current import database
from schemas.values import dates

PRIMARY_URL = "https://primary.example"
JSON = {"Content-Type": "application/json"}
SPEAKER = orjson.dumps({"id": "new", "kind": "person", "name": {"en": "New"}})

WRITES = (
    ("POST", "/v1/speakers"),
    ("PUT", "/v1/speakers/new"),
    ("PATCH", "/v1/speakers/antonio-guterres"),
    ("DELETE", "/v1/speakers/antonio-guterres"),
    ("POST", "/v1/import"),
)
READS = (
    "/",
    "/readyz",
    "/v1/statements?q=agreement",
    "/v1/statements?speaker=antonio-guterres&as_of={now}",
    "/v1/statements/facets?facet=act&facet=speaker",
    "/v1/statements/timeline",
    "/v1/statements/export",
    "/v1/speakers/antonio-guterres?expand=terms",
    "/v1/speakers/antonio-guterres/history",
    "/v1/suggest?q=gut",
    "/v1/changes?since=0",
    "/v1/figures",
    "/en/",
)


@pytest.fixture
def primary(quick_folder: Path, postgresql_server: Any) -> Iterator[Node]:
    """A server that holds the corpus."""
    with node(quick_folder / "primary", postgresql_server) as made:
        fill(made.url()).close_all()  # type: ignore[no-untyped-call]
        yield made


@pytest.fixture
def token(primary: Node) -> dict[str, str]:
    """The header with a token that may do everything."""
    database.initialize(connect(primary.url()))
    header = bearer()
    database.obj.close_all()
    return header


def test_a_standby_is_read_refuses_changes_and_takes_them_once_it_is_promoted(
    quick_folder: Path, postgresql_server: Any, primary: Node, token: dict[str, str], tmp_path: Path
) -> None:
    settings = {"TASRIH_PRIMARY_URL": PRIMARY_URL, "TASRIH_READS": "token"}
    with (
        node(quick_folder / "standby", postgresql_server, primary) as standby,
        serving(tmp_path, DATABASE_URL=standby.url(), **settings) as server,
    ):
        for path in READS:
            assert server.get(path.format(now=dates.moment(datetime.now(UTC))), **token).status == 200, path
        for method, path in WRITES:
            require_refused(server, method, path, token)
        log = server.log.read_text().splitlines()
        assert len(log) == len(WRITES), log
        assert standby.run("SELECT last_used_at FROM token") == [(None,)]
        standby.promote()
        assert server.request("POST", "/v1/speakers", SPEAKER, **JSON, **token).status == 201
        assert standby.run("SELECT last_used_at IS NULL FROM token") == [(False,)]


def require_refused(server: Server, method: str, path: str, token: dict[str, str]) -> None:
    """Require that a change is refused, and that the answer says where it can be made."""
    answer = server.request(method, path, SPEAKER, **JSON, **token)
    assert (answer.status, answer.problem["type"]) == (503, "urn:tasrih:problem:read-only-copy"), answer.body
    assert answer.headers["link"] == f'<{PRIMARY_URL}{path}>; rel="edit"'
    assert PRIMARY_URL in answer.problem["detail"]
    assert "retry-after" not in answer.headers
