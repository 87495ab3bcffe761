"""Reads on standbys, of which one lags, hangs, is promoted or is gone, while the primary takes the changes."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from applications import bearer, client_of, speaker, statement
from ports import free_port
from replicating import Node, has_caught_up, node, until
from scraping import samples, value
from served import Answer, Server, serving

from api.application import create_app
from api.database.current import database
from api.settings import Settings
from schemas.values import dates

ALERTS = Path(__file__).parents[2] / "docs" / "monitoring" / "alerts.yaml"
SPEAKER = "/v1/speakers/antonio-guterres"
PAGE = "/v1/statements?limit=5"


PRIMARY_URL = "https://primary.example"
JSON = {"Content-Type": "application/json"}
NEW = orjson.dumps({"id": "new", "kind": "person", "name": {"en": "New"}})

RECORDS = {
    "speakers": [speaker("antonio-guterres")],
    "statements": [statement("a-statement", speaker_id="antonio-guterres")],
}
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


class Cluster:
    """A primary with two standbys, and a service of two processes that reads from these."""

    def __init__(
        self, primary: Node, standbys: list[Node], server: Server, token: dict[str, str], metrics_port: int
    ) -> None:
        self.primary, self.standbys, self.server = primary, standbys, server
        self.token, self.metrics_port = token, metrics_port
        self._names = self._last = 0

    def rename(self, elsewhere: bool = False) -> tuple[str, int]:
        """Change a name, by this service or as one on another machine would; return it and the position of the change."""
        self._names += 1
        name, headers = f"Name {self._names}", {**self.token, "Content-Type": "application/merge-patch+json"}
        tag = self.server.get(SPEAKER, **self.token, **{"Tasrih-At-Least": str(self._last)}).headers["etag"]
        request = self._elsewhere if elsewhere else self.server.request
        answer = request("PATCH", SPEAKER, orjson.dumps({"name": {"en": name}}), **headers, **{"If-Match": tag})
        assert answer.status == 200, answer.body
        self._last = position_of(answer)
        return name, self._last

    def _elsewhere(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        client = create_app(Settings(database_url=self.primary.url())).test_client()
        answer = client.open(path, method=method, data=body, headers=headers)
        database.obj.close_all()
        return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers}, answer.data)

    def name(self, **headers: str) -> tuple[str, int]:
        """The name as the service shows it, and the position of that answer."""
        answer = self.server.get(SPEAKER, **headers)
        assert answer.status == 200, answer.body
        return str(orjson.loads(answer.body)["name"]["en"]), position_of(answer)

    def wait_for_standbys(self) -> None:
        """Wait until both standbys show what the primary has written."""
        for standby in self.standbys:
            until(partial(has_caught_up, self.primary, standby))

    def metric(self, name: str, **labels: str) -> float:
        """A metric of the service, 0 where there is none."""
        return value(self.metrics_port, name, **labels)

    def are_read(self) -> list[int]:
        """How many statements each node has run for readers since it started."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tasrih reading'"
        return [each.run(sql)[0][0] for each in (self.primary, *self.standbys)]


def position_of(answer: Answer) -> int:
    return int(answer.headers["tasrih-position"])


@pytest.fixture(scope="module")
def cluster(quick_folder: Path, postgresql_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with node(quick_folder / "primary", postgresql_server) as primary:
        with client_of(primary.url(), RECORDS):
            token = bearer()
        with (
            node(quick_folder / "first", postgresql_server, primary) as first,
            node(quick_folder / "second", postgresql_server, primary) as second,
        ):
            settings = {
                "DATABASE_URL": primary.url(),
                "DATABASE_REPLICA_URLS": f"{first.url()}, {second.url()}",
                "WEB_CONCURRENCY": "2",
                "TASRIH_THREADS": "4",
                "TASRIH_METRICS_PORT": str(port := free_port()),
            }
            with serving(tmp_path_factory.mktemp("served"), **settings) as server:
                made = Cluster(primary, [first, second], server, token, port)
                until(lambda: reads_from_replicas(made))
                yield made


def reads_from_replicas(cluster: Cluster) -> bool:
    """Whether both standbys are read from."""
    for _ in range(8):
        cluster.server.get(PAGE)
    return min(cluster.are_read()[1:]) > 0


def test_readers_are_never_shown_a_state_before_what_they_wrote_or_require(cluster: Cluster) -> None:
    with cluster.standbys[0].lagging(), cluster.standbys[1].lagging():
        for _ in range(3):
            name, position = cluster.rename()
            for _ in range(4):  # by both processes, without a header and with it
                assert cluster.name() == (name, position)
                assert cluster.name(**{"Tasrih-At-Least": str(position)}) == (name, position)
        beyond = cluster.server.get(SPEAKER, **{"Tasrih-At-Least": str(position + 1000)})
        assert (beyond.status, beyond.problem["type"]) == (503, "urn:tasrih:problem:position-not-reached")
        assert cluster.server.get(SPEAKER, **{"Tasrih-At-Least": "soon"}).status == 400


def test_an_answer_shows_exactly_the_state_of_its_position_whichever_server_gives_it(cluster: Cluster) -> None:
    before = cluster.rename()
    cluster.wait_for_standbys()
    with cluster.standbys[0].lagging(), cluster.standbys[1].lagging():
        after = cluster.rename(elsewhere=True)
        for _ in range(4):  # by both processes, from both standbys and the primary, worked out and from the cache
            assert cluster.name() == before
            assert cluster.name(**{"Tasrih-At-Least": str(after[1])}) == after
            assert orjson.loads(cluster.server.get(f"/v1/changes?since={after[1]}").body)["data"] == []
            waited = cluster.server.get(f"/v1/changes?since={before[1]}&wait=1&limit=100")
            assert orjson.loads(waited.body)["page"]["position"] == after[1]
    cluster.wait_for_standbys()
    assert {cluster.name() for _ in range(6)} == {after}


class Reader(threading.Thread):
    """Reads one page after another, and notes how long the longest took and what else than pages came."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server, self.longest, self.others, self.reads = server, 0.0, list[int](), 0
        self._ended = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            status = self.server.get(f"{PAGE}&q=agreement%20OR%20n{self.reads}").status  # in no cache
            self.longest = max(self.longest, time.monotonic() - began)
            self.reads += 1
            if status != 200:
                self.others.append(status)

    def end(self) -> None:
        self._ended.set()
        self.join()


def watched(cluster: Cluster, event: Callable[[Callable[[], None]], None]) -> float:
    """The seconds that the longest read took while something happened to a standby; all must be answered.

    The event is given a function that waits until each reader has read some pages more.
    """
    readers = [Reader(cluster.server) for _ in range(4)]

    def read_on() -> None:
        goals = [(reader, reader.reads + 5) for reader in readers]
        until(lambda: all(reader.reads >= goal for reader, goal in goals))

    try:
        read_on()
        event(read_on)
    finally:
        for reader in readers:
            reader.end()
    assert [reader.others for reader in readers] == [[]] * len(readers)
    return max(reader.longest for reader in readers)


def test_metrics_say_what_is_known_of_each_standby_and_what_became_of_the_reads_that_it_was_asked_for(
    cluster: Cluster,
) -> None:
    _, position = cluster.rename()
    cluster.wait_for_standbys()
    with cluster.standbys[1].lagging():
        cluster.rename()
        for _ in range(8):
            cluster.name()  # which the standby that lags is waited for, half a second, and then not any more
        until(lambda: cluster.metric("tasrih_replica_lag_seconds", replica="2") > 0.5)
        until(lambda: cluster.metric("tasrih_replica_position", replica="2") == position)
        for name in ("tasrih_replica_usable", "tasrih_replica_standby"):
            assert [cluster.metric(name, replica=number) for number in "12"] == [1, 1]
    known = samples(cluster.metrics_port)
    for number, result in (("1", "answered"), ("2", "behind")):
        labels = frozenset({("replica", number), ("result", result)})
        assert known["tasrih_replica_reads_total", labels] > 0
    assert known["tasrih_replica_wait_seconds_count", frozenset()] > 0
    assert known["tasrih_database_timeline", frozenset()] == 1
    asked = set(re.findall(r"\btasrih_(?:replica|database_timeline)\w*", ALERTS.read_text(encoding="utf-8")))
    assert asked <= {name for name, _ in known}


def test_a_standby_that_hangs_keeps_nobody_waiting_and_is_taken_back(cluster: Cluster) -> None:
    def hang(read_on: Callable[[], None]) -> None:
        with cluster.standbys[0].frozen():
            until(lambda: cluster.metric("tasrih_replica_usable", replica="1") == 0)
            read_on()

    assert watched(cluster, hang) < 2
    until(lambda: reads_from_replicas(cluster))


def test_a_standby_that_is_killed_costs_no_request_and_is_taken_back(cluster: Cluster) -> None:
    def kill(read_on: Callable[[], None]) -> None:
        cluster.standbys[0].kill()
        read_on()

    assert watched(cluster, kill) < 2
    cluster.standbys[0].start()
    until(lambda: reads_from_replicas(cluster))
    assert "Traceback" not in cluster.server.log.read_text()


def test_a_standby_alone_is_read_refuses_changes_and_takes_them_once_it_is_promoted(
    cluster: Cluster, tmp_path: Path
) -> None:
    standby, token = cluster.standbys[1], cluster.token
    cluster.wait_for_standbys()
    [used] = standby.run("SELECT last_used_at FROM token")
    settings = {"DATABASE_URL": standby.url(), "TASRIH_PRIMARY_URL": PRIMARY_URL, "TASRIH_READS": "token"}
    with serving(tmp_path, **settings) as server:
        for path in READS:
            assert server.get(path.format(now=dates.moment(datetime.now(UTC))), **token).status == 200, path
        for method, path in WRITES:
            require_refused(server, method, path, token)
        assert len(server.log.read_text().splitlines()) == len(WRITES), server.log.read_text()
        assert standby.run("SELECT last_used_at FROM token") == [used]
        standby.promote()
        assert server.request("POST", "/v1/speakers", NEW, **JSON, **token).status == 201
        assert server.get("/v1/speakers/new", **token).status == 200
    until(lambda: cluster.metric("tasrih_replica_standby", replica="2") == 0)
    assert {cluster.server.get("/v1/speakers/new").status for _ in range(10)} == {404}, "the promoted one is left out"


def require_refused(server: Server, method: str, path: str, token: dict[str, str]) -> None:
    """Require that a change is refused, and that the answer says where it can be made."""
    answer = server.request(method, path, NEW, **JSON, **token)
    assert (answer.status, answer.problem["type"]) == (503, "urn:tasrih:problem:read-only-copy"), answer.body
    assert answer.headers["link"] == f'<{PRIMARY_URL}{path}>; rel="edit"'
    assert PRIMARY_URL in answer.problem["detail"]
    assert "retry-after" not in answer.headers
