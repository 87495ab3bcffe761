"""Metrics and log lines of the real server, and what docs/monitoring makes of them."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from ports import free_port
from programs import path_of
from scraping import Samples, samples, scrape, value
from served import Server, serving

MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

OF_CLUSTERS = ("tasrih_replica_", "tasrih_database_timeline")
"""Metrics that there are only where PostgreSQL is replicated, which tests/system/test_replicas.py tries."""


class Watched:
    """A server with metrics and log lines in JSON."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self.port = server, port

    def scrape(self) -> str:
        return scrape(self.port)

    def samples(self) -> Samples:
        return samples(self.port)

    def value(self, name: str, **labels: str) -> float:
        return value(self.port, name, **labels)

    def await_workers(self, count: int) -> None:
        """A worker that still starts is not counted."""
        until = time.monotonic() + 20
        while self.value("tasrih_workers") != count:
            assert time.monotonic() < until, self.server.log.read_text()
            time.sleep(0.1)

    def lines(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.server.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    port = free_port()
    settings = {"TASRIH_METRICS_PORT": str(port), "TASRIH_LOG_FORMAT": "json", "WEB_CONCURRENCY": "2"}
    with serving(tmp_path_factory.mktemp("watched"), **settings) as server:
        watched = Watched(server, port)
        watched.await_workers(2)
        yield watched


def test_requests_of_all_workers_are_counted_by_route(watched: Watched) -> None:
    labels = {"method": "GET", "route": "/v1/speakers/{id}", "status": "200"}
    before = watched.value("tasrih_requests_total", **labels)
    for _ in range(20):
        assert watched.server.get("/v1/speakers/antonio-guterres").status == 200
    samples = watched.samples()
    assert samples["tasrih_requests_total", frozenset(labels.items())] == before + 20
    del labels["status"]
    assert samples["tasrih_request_seconds_count", frozenset(labels.items())] == before + 20
    hits = samples["tasrih_response_cache_requests_total", frozenset({("result", "hit")})]
    assert hits >= 18, "each worker makes the answer once"
    assert samples["tasrih_workers", frozenset()] == 2
    assert samples["tasrih_database_up", frozenset()] == 1
    assert samples["tasrih_change_position", frozenset()] > 100
    assert ("tasrih_database_connections", frozenset({("state", "idle")})) in samples


def test_the_metrics_are_not_on_the_port_of_the_api(watched: Watched) -> None:
    assert watched.server.get("/metrics").status == 404


def test_a_worker_that_was_killed_leaves_its_counts_and_not_its_state(watched: Watched) -> None:
    starts = watched.value("tasrih_worker_starts_total")
    count = watched.value("tasrih_requests_total", method="GET", route="/livez", status="200")
    watched.server.get("/livez")
    [worker, *_] = [line["process"] for line in watched.lines() if line["message"].startswith("GET /livez")]
    os.kill(worker, signal.SIGKILL)
    until = time.monotonic() + 20
    while watched.value("tasrih_worker_starts_total") == starts and time.monotonic() < until:
        time.sleep(0.2)
    assert watched.value("tasrih_worker_starts_total") == starts + 1
    assert watched.value("tasrih_workers") == 2
    assert watched.value("tasrih_requests_total", method="GET", route="/livez", status="200") == count + 1


def test_every_line_is_an_object_and_every_request_has_one(watched: Watched) -> None:
    token = watched.server.token("write")
    ids = {"X-Request-Id": "logged-1", "traceparent": TRACE}
    assert watched.server.get("/v1/places?limit=1&q=Sochi", **ids).status == 200
    headers = {"X-Request-Id": "logged-2", "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    assert watched.server.request("PUT", "/v1/places/x", b"{}", **headers).status == 422
    lines = watched.lines()
    assert all({"time", "level", "logger", "message", "process"} <= line.keys() for line in lines)
    [read] = [line for line in lines if line.get("request_id") == "logged-1"]
    [write] = [line for line in lines if line.get("request_id") == "logged-2"]
    assert (read["method"], read["route"], read["status"]) == ("GET", "/v1/places", 200)
    assert read["traceparent"] == TRACE
    assert 0 < read["ms"] < 30_000
    assert "token" not in read
    assert (write["route"], write["status"], len(write["token"])) == ("/v1/places/{id}", 422, 32)
    log = watched.server.log.read_text()
    assert token not in log
    assert "Sochi" not in log


def test_what_is_printed_at_the_start_is_json_too(watched: Watched) -> None:
    assert json.loads(watched.server.printed[-1])["reference"] == f"http://127.0.0.1:{watched.server.port}/docs"


def test_the_port_is_given_back_and_nothing_stays_in_the_temporary_folder(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "temporary"
    folder.mkdir()
    for _ in range(2):
        with serving(tmp_path, TASRIH_METRICS_PORT=str(port), TMPDIR=str(folder)) as server:
            assert "tasrih_info" in Watched(server, port).scrape()
            assert list(folder.iterdir())
        assert list(folder.iterdir()) == []


# --- docs/monitoring -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["check", "config", "prometheus.yaml"], ["check", "rules", "alerts.yaml"]])
def test_promtool_accepts_the_configuration(arguments: list[str]) -> None:
    command = [path_of("promtool"), *arguments]
    checked = subprocess.run(command, cwd=MONITORING, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_alerts_are_raised_when_they_should_be() -> None:
    command = [path_of("promtool"), "test", "rules", str(Path(__file__).with_name("alerts.yaml"))]
    tested = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_promtool_accepts_the_metrics(watched: Watched) -> None:
    command = [path_of("promtool"), "check", "metrics"]
    checked = subprocess.run(command, input=watched.scrape(), capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("file", ["alerts.yaml", "dashboard.json"])
def test_alerts_and_dashboard_ask_for_metrics_that_there_are(watched: Watched, file: str) -> None:
    watched.server.get("/v1/places/sochi")
    there = {name for name, _ in watched.samples()}
    asked = set(re.findall(r"\btasrih_\w+", (MONITORING / file).read_text(encoding="utf-8")))
    assert len(asked) > 4
    assert {name for name in asked if not name.startswith(OF_CLUSTERS)} <= there


def test_the_dashboard_is_well_formed() -> None:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    identifiers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(identifiers)) == len(identifiers) >= 10
    for panel in dashboard["panels"]:
        assert panel["title"]
        assert all(target["expr"].count("{") == target["expr"].count("}") for target in panel["targets"])
