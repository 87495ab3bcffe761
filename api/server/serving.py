"""Serving with gunicorn: its settings, and its own errors turned into problems."""

import gc
import socket
from errno import EADDRINUSE
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from time import monotonic, sleep
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from api import __version__
from api.errors import BadSetting
from api.garbage import look_rarely
from api.monitoring import logs
from api.monitoring.exporter import Exporter
from api.server.heads import LONGEST_REQUEST_LINE
from api.settings import Settings

GRACE = 30  # seconds that requests under way have left after SIGTERM
HANDOVER = (
    3  # seconds to wait for the address: workers whose arbiter was killed listen until they notice, for about one
)
CONNECTIONS = 4000  # of each worker; some 3 kB each while nothing is sent
OTHER_FILES = 200  # that a worker may have open: of the database, of contents put aside, of Python
MOST_FILES = 65_536


class Server(BaseApplication):
    """gunicorn, configured by our settings and nothing else: no configuration file, no command line, no control socket."""

    def __init__(self, settings: Settings, create: Any) -> None:
        self.settings = settings
        self.create = create
        self.exporter = Exporter() if settings.metrics_port else None
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is to do."""
        values = {
            "bind": f"{_bracketed(self.settings.host)}:{self.settings.port}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "api.server.worker.Worker",
            "worker_connections": min(CONNECTIONS, max(100, _raised_file_limit() - OTHER_FILES)),
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # what a proxy says is believed in one place: TASRIH_TRUSTED_PROXIES
            "forwarder_headers": "",
            "loglevel": self.settings.log_level,
            "when_ready": announce,
            "post_worker_init": _begin_work,
            "proc_name": "tasrih",
        }
        if self.settings.log_format == "json":
            values["logger_class"] = logs.JSONLogger
        if self.exporter is not None:
            values |= {"child_exit": _forget_worker, "on_exit": _stop_exporter}
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in each worker after the fork."""
        app: Flask = self.create(self.settings)
        return app


def serve(settings: Settings, create: Any) -> None:
    """Serve until told to stop; raise BadSetting when the address can't be listened on."""
    _try_to_listen(settings.host, settings.port, "HOST", "PORT")
    if settings.metrics_port:
        _try_to_listen(settings.metrics_host, settings.metrics_port, "TASRIH_METRICS_HOST", "TASRIH_METRICS_PORT")
    logs.set_up(settings.log_format, settings.log_level)
    gc.freeze()
    Server(settings, create).run()


def _try_to_listen(host: str, port: int, host_variable: str, port_variable: str) -> None:
    # gunicorn would try five times, a second apart, and say so each time.
    try:
        _bind(host, port, monotonic() + HANDOVER)
    except (socket.gaierror, UnicodeError):
        raise BadSetting(host_variable, f"is no address that can be listened on: '{host}'.") from None
    except OSError as error:
        reason = f"can't be listened on at {host}: {error.strerror or error}."
        raise BadSetting(port_variable, f"{port} {reason}") from None


def _bind(host: str, port: int, until: float) -> None:
    """Take the address and give it back; when it is in use try again until then."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                return trial.bind((host, port))
            except OSError as error:
                if error.errno != EADDRINUSE or monotonic() > until:
                    raise
            sleep(0.1)


def _raised_file_limit() -> int:
    """Let this process and its workers open as many files as the system allows it; how many that is."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != RLIM_INFINITY and soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted, hard))
    return wanted


def url(settings: Settings, path: str = "") -> str:
    """An address of the service as seen from this machine, or under the base URL it was given."""
    return (settings.base_url or f"http://{_bracketed(settings.host)}:{settings.port}") + path


def announce(server: Any) -> None:
    """Say where the reading room and the reference page are, once the socket listens, and begin to serve the metrics."""
    app: Server = server.app
    reference = url(app.settings, "/docs")
    if app.settings.log_format == "json":
        click.echo(logs.started_line(__version__, reference))
    else:
        click.echo(f"Tasrih {__version__} is ready. The reading room:")
        click.echo(url(app.settings, "/"))
        click.echo("The API reference:")
        click.echo(reference)
    if app.exporter is not None:
        app.exporter.start()


def _begin_work(worker: Any) -> None:
    """Connect a worker with its application, which it has just loaded.

    What there is by now lives as long as the process. No garbage collection looks at it any more, nor does the end of the process, which
    so takes a thirtieth of a second instead of a third.

    Clients that wait for a change are answered when their worker is told to stop: it has only so much grace.
    """
    app: Server = worker.app
    extensions = worker.wsgi.extensions
    extensions["waiting-room"].closed = lambda: not worker.alive
    if app.settings.log_format == "json":
        extensions["observers"].append(logs.log_request)
    if app.exporter is not None:
        from api.monitoring import metrics  # opens the files of this process

        extensions["observers"].append(metrics.observe)
        metrics.watch(worker)
    extensions["keep-up"]()
    look_rarely()


def _forget_worker(server: Any, worker: Any) -> None:
    server.app.exporter.forget_worker(worker.pid)


def _stop_exporter(server: Any) -> None:
    server.app.exporter.stop()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
