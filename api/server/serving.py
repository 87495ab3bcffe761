"""Serving with gunicorn: its settings, and its own errors turned into problems."""

import socket
from errno import EADDRINUSE
from time import monotonic, sleep
from typing import Any

import click
import gunicorn.util
from flask import Flask
from gunicorn.app.base import BaseApplication

from api import __version__
from api.errors import BadSetting
from api.http.addresses import LONGEST_URI
from api.http.error_handlers import document
from api.http.media_types import PROBLEM
from api.http.problems import FAILED, HTTP_ERROR, problem_of
from api.settings import Settings

GRACE = 30  # seconds that requests under way have left after SIGTERM
HANDOVER = (
    3  # seconds to wait for the address: workers whose arbiter was killed listen until they notice, for about one
)
LONGEST_REQUEST_LINE = 8190  # the most gunicorn reads

REFUSALS = {
    400: "The request is not valid HTTP: a line or header of it can't be read. In an address, percent-encode what is not ASCII.",
    414: f"The address is too long; at most {LONGEST_URI} characters are read. Ask for less at a time.",
    431: "The request's header fields are too large; send fewer or shorter ones.",
    500: FAILED,
}
"""The details of the errors that gunicorn answers itself, before or after the application."""


class Server(BaseApplication):
    """gunicorn, configured by our settings and nothing else: no configuration file, no command line, no control socket."""

    def __init__(self, settings: Settings, create: Any) -> None:
        self.settings = settings
        self.create = create
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is to do."""
        values = {
            "bind": f"{_bracketed(self.settings.host)}:{self.settings.port}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "api.server.worker.Worker",
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # what a proxy says is believed in one place: TASRIH_TRUSTED_PROXIES
            "forwarder_headers": "",
            "loglevel": self.settings.log_level,
            "when_ready": announce,
            "post_worker_init": _end_waits_with,
            "proc_name": "tasrih",
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in each worker after the fork."""
        app: Flask = self.create(self.settings)
        return app


def serve(settings: Settings, create: Any) -> None:
    """Serve until told to stop; raise BadSetting when the address can't be listened on."""
    _try_to_listen(settings)
    gunicorn.util.write_error = _write_problem  # gunicorn offers no hook; its own answer is an HTML page
    Server(settings, create).run()


def _try_to_listen(settings: Settings) -> None:
    # gunicorn would try five times, a second apart, and say so each time.
    try:
        _bind(settings, monotonic() + HANDOVER)
    except socket.gaierror:
        raise BadSetting("HOST", f"is no address that can be listened on: '{settings.host}'.") from None
    except OSError as error:
        reason = f"can't be listened on at {settings.host}: {error.strerror or error}."
        raise BadSetting("PORT", f"{settings.port} {reason}") from None


def _bind(settings: Settings, until: float) -> None:
    """Take the address and give it back; when it is in use try again until then."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                return trial.bind((settings.host, settings.port))
            except OSError as error:
                if error.errno != EADDRINUSE or monotonic() > until:
                    raise
            sleep(0.1)


def url(settings: Settings, path: str = "") -> str:
    """An address of the service as seen from this machine, or under the base URL it was given."""
    return (settings.base_url or f"http://{_bracketed(settings.host)}:{settings.port}") + path


def announce(server: Any) -> None:
    """Say where the reference page is, once the socket listens."""
    click.echo(f"Tasrih {__version__} is ready. The API reference:")
    click.echo(url(server.app.settings, "/docs"))


def _end_waits_with(worker: Any) -> None:
    """Answer the clients that wait for a change when their worker is told to stop: it has only so much grace."""
    worker.wsgi.extensions["waiting-room"].closed = lambda: not worker.alive


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _write_problem(connection: Any, status: int, reason: str, message: str) -> None:
    problem = problem_of(status) if status in REFUSALS else HTTP_ERROR
    body = document(problem, REFUSALS.get(status, f"{reason}. {message}".strip()), status)
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {PROBLEM}\r\n"
        f"Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    gunicorn.util.write_nonblock(connection, head.encode("latin-1", "replace") + body)
