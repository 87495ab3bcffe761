"""Serving the metrics, on a port of its own and in a process of its own: it answers also when no worker does.

`python -m api.monitoring.exporter` runs as long as its parent does. It adds up what the workers keep in the folder named by
PROMETHEUS_MULTIPROC_DIR, and asks the database how far its log of changes reaches.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from api import __version__
from api.changelog.positions import last_sequence
from api.database.connections import connect
from api.database.current import use_database
from api.database.dialect import is_sqlite
from api.database.postgresql import timeline
from api.errors import TasrihError
from api.settings import Settings, from_environment

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client knows that there are several processes, and where each keeps its values."""

PATIENCE = 2
"""Seconds that the database may take to answer a scrape, of which Prometheus waits for 10 by default."""


class Exporter:
    """The process that serves the metrics, started and stopped by the arbiter, and the folder that workers write to."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="tasrih-metrics-")
        os.environ[FOLDER] = self._folder  # before any worker imports prometheus_client
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start serving."""
        self._process = subprocess.Popen([sys.executable, "-m", __name__])

    def forget_worker(self, process: int) -> None:
        """Remove the state of a worker that has ended; what it counted stays."""
        for file in Path(self._folder).glob(f"gauge_live*_{process}.db"):
            file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop serving and remove the folder."""
        if self._process is not None:
            self._process.terminate()
        shutil.rmtree(self._folder, ignore_errors=True)


class DatabaseCollector:
    """What the database is asked at each scrape."""

    def __init__(self, settings: Settings) -> None:
        self._database = connect(settings.database_url, 1, PATIENCE)

    def collect(self) -> Iterator[Any]:
        """Whether the database answers, and the position of the last change."""
        from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily

        yield InfoMetricFamily("tasrih", "The version of the service.", {"version": __version__})
        position, timeline = self._look()
        yield GaugeMetricFamily("tasrih_database_up", "Whether the database answers.", position is not None)
        if position is not None:
            yield GaugeMetricFamily("tasrih_change_position", "The position of the last change.", position)
        if timeline is not None:
            description = "The timeline of the primary: each promotion of a standby begins the next."
            yield GaugeMetricFamily("tasrih_database_timeline", description, timeline)

    def _look(self) -> tuple[int | None, int | None]:
        """The position of the last change, None when the database doesn't answer, and the timeline, if there is one."""
        try:
            with use_database(self._database):
                return last_sequence(), None if is_sqlite() else timeline()
        except Exception:  # whatever it is, the service logs it
            return None, None
        finally:
            self._database.close_all()  # type: ignore[no-untyped-call]


def main() -> None:
    """Serve until the parent has ended."""
    settings, parent = from_environment(), os.getppid()
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(DatabaseCollector(settings))
    listening = False
    while os.getppid() == parent:
        with suppress(OSError):  # the address may still belong to the service that this one replaces
            if not listening:
                start_http_server(settings.metrics_port, settings.metrics_host, registry)
                listening = True
        time.sleep(0.5)
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, TasrihError):
        main()
