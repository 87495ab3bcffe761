"""Log lines: as text for people, or as one JSON object each for programs, and then one for every request."""

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from gunicorn.glogging import Logger

from api.http.request_notes import ReplicaResult
from api.monitoring.observing import Observation

TEXT = logging.Formatter(Logger.error_fmt, Logger.datefmt)
"""As gunicorn writes its own."""

_requests = logging.getLogger("tasrih.requests")


class JSONFormatter(logging.Formatter):
    """One object a line: `time`, `level`, `logger`, `message`, what `extra={"fields": ...}` adds, and a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return _json(line)


class JSONLogger(Logger):
    """gunicorn's logger, whose lines are JSON."""

    def setup(self, cfg: Any) -> None:
        """Set the handlers up, and let them write JSON."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JSONFormatter())


def set_up(log_format: str, level: str) -> None:
    """Let the service's own messages of this level and above go to standard error; again, when that was done before."""
    log = logging.getLogger("tasrih")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONFormatter() if log_format == "json" else TEXT)
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(level.upper())


def log_request(observation: Observation) -> None:
    """Write the line of a request that was answered."""
    if not _requests.isEnabledFor(logging.INFO):
        return
    fields = {
        "request_id": observation.request_id,
        "method": observation.method,
        "route": observation.route,
        "status": observation.status,
        "ms": round(1000 * observation.seconds, 2),
        "token": observation.token,
        "cached": observation.is_cached,
        "replica": _replica_that_answered(observation),
        "traceparent": observation.trace_parent,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    _requests.info("%s %s %d", observation.method, observation.route, observation.status, extra={"fields": known})


def _replica_that_answered(observation: Observation) -> int | None:
    read = observation.replica
    return read.number if read is not None and read.result is ReplicaResult.ANSWERED else None


def started_line(version: str, url: str) -> str:
    """What is printed when the service listens, as JSON."""
    return _json({"level": "info", "message": f"Tasrih {version} is ready.", "reference": url})


def _json(line: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:  # a lone surrogate, which orjson refuses
        return orjson.dumps({name: ascii(value) for name, value in line.items()}).decode()
