"""Positions in answers and requests, and which database answers what.

`Tasrih-Position` says up to which position of the log of changes an answer shows everything. A request with
`Tasrih-At-Least` is answered from a state that has that position, or with a problem.

A change may require a position too: it is refused, and nothing done, where the database lacks that.

With replicas, reads go to them and everything else to the primary. A replica that has not come far enough is waited for a
moment; then, and whenever it fails, the primary answers the same request.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from flask import Flask, Request
from werkzeug.exceptions import BadRequest

from api.changelog.positions import State, current_state, last_committed, note_committed
from api.database.current import database, engine, use_database
from api.database.deferred_reads import read_first, want_first
from api.database.outages import UNAVAILABLE
from api.database.replicas import Replica, Replicas
from api.errors import DatabaseUnavailable, PositionNotReached
from api.http.checks import add_check
from api.http.request_notes import (
    AT_LEAST,
    FROM_REPLICA,
    OUTAGE,
    POSITION,
    RECORDS_STATE,
    REPLICA_READ,
    ReplicaRead,
    ReplicaResult,
)
from api.replication.written_positions import last_written, note_written
from schemas.answers.changes import LAST_SEQUENCE

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

PATIENCE = 0.5
"""Seconds that a replica is waited for: many times what a change takes to arrive there, and less than a reader minds."""

_PAUSE = 0.01  # seconds between two looks, which take a tenth of a millisecond each
_LONGEST_POSITION = len(str(LAST_SEQUENCE))  # digits: what is longer is not even read as a number
_SHOWING_RECORDS = ("/v1/", "/ar/", "/en/", "/embed/", "/reconcile/", "/readyz", "/health")
_EXPORTS = ("/export", "/datapackage")  # of everything at once
_NOT_REACHED = "tasrih.not_reached"


class _Reached(NamedTuple):
    """The state that a database showed in the end, None when it could not be read, and the seconds that it was waited for."""

    state: State | None
    seconds: float


class Positions:
    """A WSGI application that chooses the database for each request, and says in which state that was."""

    def __init__(self, application: Application, replicas: Replicas | None = None) -> None:
        self.application = application
        self._replicas = replicas

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if not environ["PATH_INFO"].startswith(_SHOWING_RECORDS) or environ["REQUEST_METHOD"] == "OPTIONS":
            return self.application(environ, start)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._changed(environ, start)
        at_least = _at_least(environ)
        if at_least is None:
            environ[RECORDS_STATE] = None  # so that no cache answers what `require_positions` refuses
            return self.application(environ, start)
        replica = self._replicas.choose() if self._replicas and _may_be_read_anywhere(environ) else None
        if replica is not None:
            needed = max(at_least, last_written(), _position_in_query(environ))
            with use_database(replica):
                answer = self._read_from_replica(replica, needed, environ, start)
            if answer is not None:
                return answer
        if at_least == 0:
            return self._shown(environ, start)
        return self._read(at_least, environ, start)

    def _shown(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """The answer of the service's own database, with the position that its first statement saw."""
        wanted = want_first(_position)

        def positioned(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            read_first()  # an answer for which nothing was read yet, such as a stream
            if wanted.number is not None:
                headers = [*headers, (POSITION, str(wanted.number))]
            return start(status, headers, *more)

        return self.application(environ, positioned)

    def _read_from_replica(
        self, replica: Replica, needed: int, environ: Environ, start: Start
    ) -> Iterable[bytes] | None:
        """The answer of a replica; None when it has not come so far or can't answer."""
        state, seconds = _awaited(needed, PATIENCE if replica.lag < PATIENCE else 0)
        if state is None or state.position < needed:
            result = ReplicaResult.FAILED if state is None else ReplicaResult.BEHIND
            environ[REPLICA_READ] = ReplicaRead(replica.number, result, seconds)
            with suppress(*UNAVAILABLE):
                replica.close()
            return None
        environ[RECORDS_STATE], environ[FROM_REPLICA] = state, True
        held: list[Any] = []
        chunks = self.application(environ, lambda *began: held.append(began))
        del environ[FROM_REPLICA]
        status, headers, *more = held[-1]
        result = _result(status, is_outage=environ.pop(OUTAGE, False))
        environ[REPLICA_READ] = ReplicaRead(replica.number, result, seconds)
        if result is not ReplicaResult.ANSWERED:
            if result is ReplicaResult.FAILED:
                replica.leave_out()
            return None
        start(status, _positioned(headers, state), *more)
        return chunks

    def _read(self, at_least: int, environ: Environ, start: Start) -> Iterable[bytes]:
        """The answer of the service's own database."""
        state = environ[RECORDS_STATE] = _required_state(at_least, environ)
        if state is None:
            return self.application(environ, start)
        if _NOT_REACHED in environ:
            environ[RECORDS_STATE] = None  # so that no cache answers
        return self.application(
            environ, lambda status, headers, *more: start(status, _positioned(headers, state), *more)
        )

    def _changed(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """The answer to a request that may change something; all processes know its position before the client does."""
        if at_least := _at_least(environ):
            _required_state(at_least, environ)
        held: list[Any] = []
        note_committed(None)
        chunks = self.application(environ, lambda *began: held.append(began))
        status, headers, *more = held[-1]
        if status < "5":
            with suppress(DatabaseUnavailable, *UNAVAILABLE):
                position = last_committed()
                database.close()
                headers = [*headers, (POSITION, str(position))]
                if self._replicas:
                    note_written(position)
        start(status, headers, *more)
        return chunks


def require_positions(app: Flask) -> None:
    """Refuse requests whose `Tasrih-At-Least` is no position, or one that the database has not reached."""

    def require(request: Request) -> None:
        if _NOT_REACHED in request.environ:
            raise request.environ[_NOT_REACHED]
        if _at_least(request.environ) is None:
            raise BadRequest(f"{AT_LEAST} is a position: the whole number that {POSITION} had in an earlier answer.")

    add_check(app, require)


def _at_least(environ: Environ) -> int | None:
    """The position that the client requires, 0 without one; None when what was sent is no position."""
    value = environ.get("HTTP_TASRIH_AT_LEAST", "0")
    if value == "0":
        return 0
    is_number = value.isascii() and value.isdigit() and len(value) <= _LONGEST_POSITION
    return int(value) if is_number and int(value) <= LAST_SEQUENCE else None


def _required_state(position: int, environ: Environ) -> State | None:
    """The state of the service's own database, None when it can't be read; notes when it has not reached a position."""
    state = _awaited(position, PATIENCE if position and _is_copy() else 0).state
    if state is not None and state.position < position:
        environ[_NOT_REACHED] = PositionNotReached(position, state.position)
    return state


def _result(status: str, is_outage: bool) -> ReplicaResult:
    """What came of a read that a replica was asked for."""
    if status.startswith("401"):  # the primary may know a new token
        return ReplicaResult.UNKNOWN_TOKEN
    return ReplicaResult.FAILED if is_outage else ReplicaResult.ANSWERED


def _may_be_read_anywhere(environ: Environ) -> bool:
    """Whether a replica may answer.

    Exports may take so long that a standby would have to cancel them or to stop showing changes; moments of the past may be
    later than what a replica shows; and who waits for a change wants to hear of it at once.
    """
    if environ["PATH_INFO"].endswith(_EXPORTS):
        return False
    query = environ["QUERY_STRING"]
    return "as_of" not in query and not (environ["PATH_INFO"] == "/v1/changes" and "wait=" in query)


def _position_in_query(environ: Environ) -> int:
    """The position after which a page of the feed is read: a replica that has not reached it would deny that it exists."""
    if environ["PATH_INFO"] != "/v1/changes":
        return 0
    query = parse_qs(environ["QUERY_STRING"])
    given = [value for name in ("since", "seen") for value in query.get(name, ())]
    return max((int(value) for value in given if value.isascii() and value.isdigit()), default=0)


def _awaited(position: int, seconds: float) -> _Reached:
    """The state of the current database, after waiting at most so long for it to reach a position."""
    began = monotonic()
    waited = 0.0
    try:
        while True:
            state = current_state()
            if state.position >= position or waited >= seconds:
                return _Reached(state, waited)
            sleep(_PAUSE)
            waited = monotonic() - began
    except Exception:  # the application will say why
        return _Reached(None, waited)


def _position() -> int | None:
    """The position of the service's own database, None when it can't be read: the statement that follows will say why."""
    try:
        with use_database(None):
            return current_state().position
    except Exception:
        return None


def _is_copy() -> bool:
    try:
        return bool(engine().is_copy())
    except UNAVAILABLE:
        return False


def _positioned(headers: list[tuple[str, str]], state: State) -> list[tuple[str, str]]:
    return [*headers, (POSITION, str(state.position))]
