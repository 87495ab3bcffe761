"""What is noted of a request in its WSGI environment, for code that is not called with it: its id, token, reader, the cache, the database.

The id (`X-Request-Id`) is that by which a request is found in the logs of everything that it passed through. Proxies set it,
or clients do. A request without one gets an id only where something about it is logged, so that others cost nothing.
"""

import re
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4

HEADER = "X-Request-Id"

POSITION, AT_LEAST = "Tasrih-Position", "Tasrih-At-Least"
"""The header of an answer that says which state it shows, and that of a request that requires one (`api.replication`)."""

CACHED = "tasrih.cached"
"""Whether the response cache had the answer; absent where it has nothing to do with the request."""

FOR_BROWSER = "tasrih.for_browser"
"""Whether a person reads the answer, in a browser, so that JSON is shown on a page."""

TOKEN = "tasrih.token"
"""The name of the token that a request was made with, once that was looked up."""

RECORDS_STATE = "tasrih.state"
"""The state of the records before the request was answered; None when it could not be read."""

FROM_REPLICA = "tasrih.replica"
"""Whether a replica is answering, in whose place the primary can."""

OUTAGE = "tasrih.outage"
"""Whether the database that was to answer could not."""

REPLICA_READ = "tasrih.replica_read"
"""The ReplicaRead of a request that a replica was chosen for; absent where none was."""


class ReplicaResult(StrEnum):
    """What came of a read that a replica was asked for: the primary answers all but the first."""

    ANSWERED = "answered"
    BEHIND = "behind"
    FAILED = "failed"
    UNKNOWN_TOKEN = "unknown_token"


class ReplicaRead(NamedTuple):
    """A read that a replica was asked for: its number, from 1 on, and the seconds until it showed the position required."""

    number: int
    result: ReplicaResult
    seconds_waited: float


_ID = re.compile(r"[A-Za-z0-9._~+/=:@-]{1,128}")
_VARIABLE = "tasrih.request_id"


def sent_id(environ: dict[str, Any]) -> str | None:
    """The id that a request came with; None without one, and for what may not stand in a log or a header as it is."""
    value = environ.get("HTTP_X_REQUEST_ID")
    return value if value is not None and _ID.fullmatch(value) else None


def id_for_log(environ: dict[str, Any]) -> str:
    """The id of a request, made up if it came with none."""
    if _VARIABLE not in environ:
        environ[_VARIABLE] = sent_id(environ) or uuid4().hex
    return str(environ[_VARIABLE])


def known_id(environ: dict[str, Any]) -> str | None:
    """The id that a request came with, or that something about it was logged under."""
    return environ.get(_VARIABLE) or sent_id(environ)
