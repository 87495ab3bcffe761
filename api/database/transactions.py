"""Transactions: of the only writer there is at a time, and of readers that see the database at one moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from api.database.current import engine
from api.database.dialect import dialect, is_sqlite
from api.database.group_commit import Group
from api.database.postgresql import take_writers_lock
from api.database.statements import execute
from api.database.time_limits import without_time_limits
from api.database.writers_queue import Writer, WritersQueue
from api.errors import DatabaseUnavailable, NotCommitted, OutcomeUnknown, ReadOnlyCopy


@contextmanager
def writing(joins: bool = False) -> Iterator[None]:
    """A transaction that no other writer overlaps: what is read in it is still so when it commits.

    SQLite's write lock is taken at the beginning (`lock_type`); PostgreSQL would let two writers render from each
    other's past, so they take an advisory lock. Only a single thread of a process at a time waits for either lock, for
    LOCK_TIMEOUT seconds, or longer while another writer works (`api.database.writers_queue`). Statements have no time limit
    in here.

    Raise ReadOnlyCopy where nothing can be written because the database only follows another one.

    With `joins` it may be the transaction of another writer (`api.database.group_commit`): for what is soon done.
    """
    current = engine()
    writers: WritersQueue | None = None if current.in_transaction() else getattr(current, "writers", None)
    with without_time_limits():
        if writers is None:
            with current.atomic():
                _begin_writing()
                yield
        else:
            with _in_turn(writers, joins):
                yield


@contextmanager
def _in_turn(writers: WritersQueue, joins: bool) -> Iterator[None]:
    """A transaction of a writer whose turn has come: its own, or that of the writer before it."""
    joined: Group | None = None
    try:
        with writers.turn(joins) as writer:
            joined = writer.joined
            with _first(writers, writer) if joined is None else joined.borrowed():
                yield
    finally:
        if joined is not None:
            _wait_for(joined)


def _wait_for(group: Group) -> None:
    """Wait for the end of a transaction that this thread wrote in; raise OutcomeUnknown or NotCommitted."""
    try:
        group.wait()
    except NotCommitted as error:
        if isinstance(group.error, OutcomeUnknown):
            raise group.error from None
        raise error


_IN_DOUBT = "the connection broke while a change was committed"


def _is_in_doubt() -> bool:
    """Whether nobody knows what became of a commit: the server may have made it before the connection broke."""
    return not is_sqlite() and bool(engine().is_closed() or engine().connection().closed)


@contextmanager
def _first(writers: WritersQueue, writer: Writer) -> Iterator[None]:
    """A transaction of this writer, and of those that join it once it has written."""
    group: Group | None = None
    is_written = False
    try:
        with engine().atomic():
            _take_lock(writers, writer)
            writers.note_lock()
            yield
            if writer.joins:
                group = Group()
                writers.let_others_join(writer, group)
                group.require_whole()
            is_written = True
    except BaseException as error:
        outcome = OutcomeUnknown(_IN_DOUBT) if is_written and _is_in_doubt() else error
        if group is not None:
            group.end(outcome)
        if outcome is error:
            raise
        raise outcome from None
    if group is not None:
        group.end()


def _begin_writing() -> None:
    _run(dialect().within_write)
    require_original()


def _take_lock(writers: WritersQueue, writer: Writer) -> None:
    """Take the lock of all processes for a writer whose turn has come in this one."""
    require_original()
    if dialect().has_writers_lock:
        take_writers_lock(lambda works: writers.require_patience(writer, works))


def require_original() -> None:
    """Raise ReadOnlyCopy when the current database only follows another one, at this moment: it may be promoted.

    Raise DatabaseUnavailable where the next connection finds the one that is written to. What is written to a SQLite file
    that was opened to be read, SQLite itself refuses.
    """
    if is_sqlite() or not engine().is_copy():
        return
    if engine().seeks_primary():
        raise DatabaseUnavailable("the server of this connection, which was the primary, has become a standby")
    raise ReadOnlyCopy("the database is a read-only copy of another one")


@contextmanager
def not_waiting() -> Iterator[None]:
    """Fail at once when another writer has the database; for a statement that a reader can do without."""
    words = dialect()
    _run(words.do_not_wait)
    try:
        yield
    finally:
        _run(words.wait_again)


@contextmanager
def at_one_moment() -> Iterator[None]:
    """A transaction that reads the database as it is at one moment, while writers go on; within one it is that."""
    if engine().in_transaction():
        yield
        return
    words = dialect()
    with engine().atomic(*words.snapshot_mode):
        _run(words.within_snapshot)
        yield


def _run(statements: Iterable[str]) -> None:
    for sql in statements:
        execute(sql)
