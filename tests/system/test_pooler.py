"""PostgreSQL behind PgBouncer, which gives each transaction whatever server connection is free."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import filling
import orjson
import psycopg
import pytest
from pooling import pooled
from served import Server, serving

from api.database.connections import connect
from api.database.current import use_database
from api.database.statements import rows
from api.errors import TooSlow

SERVER_CONNECTIONS = 3


@pytest.fixture(scope="module")
def pooled_url(postgresql_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a new database behind PgBouncer in transaction mode."""
    with pooled(postgresql_server, tmp_path_factory.mktemp("pooler"), SERVER_CONNECTIONS) as server:
        url = server.get_uri(f"tasrih_{uuid4().hex[:12]}")
        filling.create(url)
        yield url
        filling.drop(url)
        filling.disconnect()


@pytest.fixture(scope="module")
def server(pooled_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"TASRIH_THREADS": "8", "TASRIH_RESPONSE_CACHE_MEGABYTES": "0", "DATABASE_URL": pooled_url}
    with serving(tmp_path_factory.mktemp("served"), **settings) as started:
        yield started


def ids_of(server: Server, path: str) -> list[str]:
    answer = server.get(path)
    assert answer.status == 200, answer.body
    return [record["id"] for record in orjson.loads(answer.body)["data"]]


def test_every_reader_gets_the_record_that_was_asked_for(server: Server) -> None:
    paths = [
        f"/v1/{record_type}/{record_id}"
        for record_type in ("speakers", "statements", "articles", "places")
        for record_id in ids_of(server, f"/v1/{record_type}?fields=id&limit=20")
    ]
    paths = (paths * 480)[:480]
    with ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(server.get, paths))
    assert [answer.status for answer in answers] == [200] * len(paths)
    assert [orjson.loads(answer.body)["id"] for answer in answers] == [path.rsplit("/", 1)[1] for path in paths]


def test_lists_searches_changes_and_exports_are_read(server: Server) -> None:
    for path in ("/v1/statements/facets?facet=act", "/v1/statements?q=agreement", "/v1/suggest?q=gut"):
        assert server.get(path).status == 200, path
    assert orjson.loads(server.get("/v1/changes?since=0&limit=5").body)["data"]
    assert server.get("/v1/statements/export").body.count(b"\n") > 50


def test_records_are_written(server: Server, pooled_url: str) -> None:
    token = server.tasrih("token", "create", "--name", "pooled", "--scope", "write", url=pooled_url).strip()
    writing = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for name in ("First", "Second"):
        body = orjson.dumps({"kind": "person", "name": {"en": name}})
        tag = {"If-Match": "*"} if name == "Second" else {"If-None-Match": "*"}
        assert server.request("PUT", "/v1/speakers/pooled", body, **writing, **tag).status in (200, 201)
    assert orjson.loads(server.get("/v1/speakers/pooled").body)["name"] == {"en": "Second"}
    assert server.tasrih("check", url=pooled_url) == "The database is sound.\n"


def test_nothing_of_the_service_is_left_in_the_sessions_of_others(server: Server, pooled_url: str) -> None:
    test_every_reader_gets_the_record_that_was_asked_for(server)
    with ExitStack() as held:
        for _ in range(SERVER_CONNECTIONS):  # one transaction on each connection of the server
            session = held.enter_context(psycopg.connect(pooled_url, prepare_threshold=None))
            assert session.execute("SHOW statement_timeout").fetchone() == ("0",)
            assert session.execute("SHOW lock_timeout").fetchone() == ("0",)
            assert session.execute("SELECT COUNT(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_a_read_has_its_time_limit_all_the_same(pooled_url: str) -> None:
    database = connect(pooled_url, time_limit=0.2)
    with use_database(database):
        assert rows("SELECT 1") == [(1,)]
        for _ in range(2):
            with pytest.raises(TooSlow):
                rows("SELECT pg_sleep(5)")
        assert rows("SELECT 1") == [(1,)]
    database.close_all()  # type: ignore[no-untyped-call]


def test_a_request_that_gets_no_server_connection_is_told_to_come_back(server: Server, pooled_url: str) -> None:
    pooler = urlsplit(pooled_url)._replace(path="/pgbouncer").geturl()
    with ExitStack() as held, psycopg.connect(pooler, autocommit=True) as administrator:
        administrator.execute("SET query_wait_timeout = 1")
        for _ in range(SERVER_CONNECTIONS):
            held.enter_context(psycopg.connect(pooled_url, prepare_threshold=None)).execute("SELECT 1")
        answer = server.get("/v1/speakers?limit=1")
        assert (answer.status, answer.problem["type"]) == (503, "urn:tasrih:problem:database-unavailable")
        assert answer.headers["retry-after"]
        administrator.execute("SET query_wait_timeout = 120")
    assert server.get("/v1/speakers?limit=1").status == 200
