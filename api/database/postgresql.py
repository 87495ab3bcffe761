"""Sessions of PostgreSQL through psycopg 3: their time limits, and how they differ behind a connection pooler.

A pooler that gives each transaction a server connection of its own choice (PgBouncer's `pool_mode = transaction`) leaves
nothing of a session to its client: a prepared statement may be another client's of the same name, and what `SET` changes
holds for everybody. A pooler also invents the process id that libpq is told, so comparing that with the server's own shows
it. Behind one, no statement is prepared and every statement runs in a transaction that sets its own limits.

An advisory lock keeps the writers of all processes apart. PostgreSQL gives it to those that wait in the order in which they
came. A session that only holds it, such as one of a program that was stopped, is waited for as long as for any lock; an import
that works is worth more patience.
"""

import re
import select
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from peewee import OperationalError, __exception_wrapper__  # type: ignore[attr-defined]
from playhouse.postgres_ext import Psycopg3Database

from api.database.deferred_reads import read_first
from api.database.dialect import WRITERS_LOCK
from api.database.outages import is_locked
from api.database.statements import execute
from api.database.time_limits import LOCK_TIMEOUT, milliseconds

LIMITED = "tasrih reading"
"""The name under which the server lists connections with a time limit."""

_PATIENCE = {
    "connect_timeout": LOCK_TIMEOUT,
    "keepalives_idle": LOCK_TIMEOUT,
    "keepalives_interval": 2,
    "tcp_user_timeout": 1000 * LOCK_TIMEOUT,
}
"""libpq's parameters that keep it from waiting for a server that has vanished: in seconds, that of TCP in milliseconds."""

REORDERED = 4
"""PostgreSQL's `join_collapse_limit` of what is read: how many tables, one for each filter, the planner puts into an order of
its own. With the 8 of the server all filters together took 1.4 s to plan and 8 ms to run; with 4 they take 0.07 s and 8 ms."""

NO_CONNECTION = "no connection to PostgreSQL"
NO_PRIMARY = "no server of the URL takes writes"

_REASONS = {
    "session is read-only|hot standby": NO_PRIMARY,  # first: of several servers others may refuse for other reasons
    "password": "the server refuses the user or the password",
    "pg_hba": "the server does not admit this user from this machine",
    "no such database|database .* does not exist": "the server has no such database",
    "role .* does not exist": "the server has no such user",
    "permission denied": "the user may not connect to this database",
    "too many|connection slots|no more connections": "the server has too many connections",
    "starting up": "the server is starting up",
    "shutting down": "the server is shutting down",
    "refused": "nobody listens at its address",
    "translate host name": "its host name is unknown",
    "No such file": "there is no such socket",
    "timeout expired": "it does not answer in time",
    "SSL": "the encryption that is required is not to be had",
    "closed the connection": "the server closed the connection",
}
"""Why there is no connection, by what messages of libpq, of the server and of PgBouncer contain."""


class Sessions(Psycopg3Database):
    """Opens connections, with time limits, which are set before the pool counts the connection as taken."""

    time_limit: float | None = None
    behind_pooler = False
    _adapter: Any
    """Peewee's way to the driver."""

    def __init__(self, database: str, **parameters: Any) -> None:
        super().__init__(database, **{**_PATIENCE, **parameters})

    def _connect(self) -> Any:
        if not self.seeks_primary():
            return self._session()
        return self._session_by_libpq() or self._session_of_primary()

    def _session_by_libpq(self) -> Any:
        """A session of the server that libpq takes for the primary; None when it finds none, or may be wrong.

        libpq believes what it is told at the beginning of a connection, which PgBouncer repeats as its server said it long ago, and
        while that server is gone.
        """
        if self.behind_pooler:
            return None
        try:
            connection = self._session()
        except psycopg.OperationalError as error:
            if NO_PRIMARY not in str(error):
                raise
            return None
        if not self.behind_pooler:
            return connection
        connection.close()
        return None

    def _session_of_primary(self) -> Any:
        """A session of the first server of the URL that says itself that it is no standby."""
        for place in places(self.connect_params):
            with suppress(psycopg.OperationalError):
                connection = self._session(**place)
                if not _is_standby(connection):
                    return connection
                connection.close()
        raise psycopg.OperationalError(f"{NO_CONNECTION}: {NO_PRIMARY}")

    def _session(self, **place: str) -> Any:
        connection = self._connection(**place)
        try:
            self._set_limits(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connection(self, **place: str) -> Any:
        """A new connection. What the driver says of a failure is not repeated: there may be a piece of the URL in it."""
        try:
            connection = self._adapter.connect(self, **{**self.connect_params, **place})
        except (psycopg.Error, ValueError, LookupError, OSError) as error:
            raise psycopg.OperationalError(_sentence(error)) from None
        connection.autocommit = True
        return connection

    def _set_limits(self, connection: Any) -> None:
        """Limit the session; behind a pooler the very same statement changes nothing that lasts (`is_local`)."""
        pooled = f"pg_backend_pid() <> {int(connection.info.backend_pid)}"
        settings = self._limits() | ({} if self.time_limit is None else {"application_name": LIMITED})
        changes = ", ".join(f"set_config('{name}', '{value}', {pooled})" for name, value in settings.items())
        if connection.execute(f"SELECT {pooled}, {changes}").fetchone()[0]:
            self.behind_pooler = True
            connection.prepare_threshold = None

    def is_copy(self) -> bool:
        """Whether the server only follows another one (a hot standby), so that nothing can be written to it now.

        A server of version 14 or later tells each session with its answers, also when it is promoted. A pooler passes none
        of that on, so behind one the server is asked.
        """
        told = self.connection().pgconn.parameter_status(b"in_hot_standby")
        if told is not None and not self.behind_pooler:
            return bool(told == b"on")
        with __exception_wrapper__:
            return bool(self.execute_sql("SELECT pg_is_in_recovery()").fetchone()[0])

    def seeks_primary(self) -> bool:
        """Whether the URL leads to whichever of several servers takes writes.

        A pooler keeps its clients' connections when its server is demoted, so one of these may lead to a standby after all.
        """
        return self.connect_params.get("target_session_attrs") in ("read-write", "primary")

    def _lock_timeout(self) -> int:
        """Milliseconds to wait for a lock: fewer than a statement may take, so that the error names the lock."""
        return milliseconds(LOCK_TIMEOUT if self.time_limit is None else min(LOCK_TIMEOUT, 0.8 * self.time_limit))

    def begin(self, isolation_level: Any = None) -> None:
        """Begin a transaction, behind a pooler with the limits that a session has elsewhere."""
        read_first()  # nothing may be read in a transaction before its isolation level is set
        self.connection()
        super().begin(isolation_level)
        if self.behind_pooler:
            with __exception_wrapper__:
                self.cursor().execute(
                    "; ".join(f"SET LOCAL {name} = {value}" for name, value in self._limits().items())
                )

    def _limits(self) -> dict[str, int | str]:
        """What a session, or a transaction behind a pooler, sets: of what is read also the time that it may take."""
        limits: dict[str, int | str] = {"lock_timeout": self._lock_timeout()}
        if self.time_limit is not None:
            limits["statement_timeout"] = milliseconds(self.time_limit)
            limits["join_collapse_limit"] = REORDERED
        return limits

    def execute_sql(self, sql: str, params: Any = None, named_cursor: Any = None) -> Any:
        """Run a statement, behind a pooler in a transaction."""
        read_first()
        if self.behind_pooler and self._is_idle() and not sql.startswith("BEGIN"):
            with self.atomic():
                return super().execute_sql(sql, params, named_cursor)
        return super().execute_sql(sql, params, named_cursor)

    def _is_idle(self) -> bool:
        """Whether no transaction is under way, begun by peewee or in SQL."""
        return bool(self.connection().info.transaction_status == psycopg.pq.TransactionStatus.IDLE)


def _is_standby(connection: Any) -> bool:
    return bool(connection.execute("SELECT pg_is_in_recovery()").fetchone()[0])


def places(parameters: dict[str, Any]) -> list[dict[str, str]]:
    """libpq's parameters of each server of a URL that names several, whatever libpq believes of it."""
    hosts, ports = (str(parameters.get(name) or "").split(",") for name in ("host", "port"))
    ports = ports * len(hosts) if len(ports) == 1 else ports
    each = zip(hosts, ports, strict=True)
    return [{"host": host, "port": port, "target_session_attrs": "any"} for host, port in each]


SURE = 1.0
"""Seconds after its last use for which a connection is taken to work unless the server has said something. To try it is a round
trip, which would double the time of a request; whether a server has vanished without a word is so found out once a second."""


def is_quiet(connection: Any) -> bool:
    """Whether an idle connection is open and the server has sent nothing; it sends something when it closes the connection."""
    if connection.closed:
        return False
    waiting = select.poll()  # select() takes no descriptor over 1023
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)


def _sentence(error: Exception) -> str:
    message = str(error)
    reason = next((reason for words, reason in _REASONS.items() if re.search(words, message)), None)
    return f"{NO_CONNECTION}: {reason or 'it can not be had with the parameters in the URL'}"


_TIMELINE = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
"""
"""The name of a WAL file begins with its timeline. `pg_control_checkpoint()` knows a new one only after a checkpoint."""


def timeline() -> int | None:
    """The timeline of the current database's server, which counts the promotions of standbys; None on a standby."""
    number = execute(_TIMELINE).fetchone()[0]
    return None if number is None else int(number)


# --- the lock of the writers of all processes -------------------------------------------------------------------------

BETWEEN_LOOKS = 2
"""Seconds after which a writer that waits looks at what the other does. Then it waits again, behind those that came since."""

_TAKE = (
    f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {milliseconds(BETWEEN_LOOKS)}; SAVEPOINT waiting;"
    f" SELECT pg_advisory_xact_lock({WRITERS_LOCK}); RELEASE SAVEPOINT waiting;"
    f" SET LOCAL lock_timeout = {milliseconds(LOCK_TIMEOUT)}"
)
"""All in one message, so that a writer that need not wait waits only once for the server."""

_IDLE = f"""
SELECT COUNT(*)
  FROM pg_locks JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND classid = 0 AND objid = {WRITERS_LOCK} AND objsubid = 1 AND granted
   AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (wait_event_type IS DISTINCT FROM 'Lock'
        AND (state = 'active'
             OR state = 'idle in transaction' AND state_change > clock_timestamp() - interval '{LOCK_TIMEOUT} s')) IS NOT TRUE
"""
"""Counts the session that has the lock unless it runs a statement, or has done so lately: it works in between. What sessions of
other users do is not shown to everybody; such a one counts as idle."""


def take_writers_lock(give_up: Callable[[bool], None]) -> None:
    """Take the lock for a transaction that has just begun. `give_up` raises when the writer has waited for long enough.

    It is called every BETWEEN_LOOKS seconds with whether the writer that has the lock works, or has just let go of it.
    """
    while not _is_taken():
        give_up(not _is_holder_idle())


def _is_taken() -> bool:
    try:
        execute(_TAKE)
    except OperationalError as error:
        if not is_locked(error):
            raise
        execute("ROLLBACK TO SAVEPOINT waiting")
        return False
    return True


def _is_holder_idle() -> bool:
    return bool(execute(_IDLE).fetchone()[0])
