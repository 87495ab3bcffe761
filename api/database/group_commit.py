"""Writers that share one transaction, so that the disk is waited for once for all of them (group commit).

The first of them begins the transaction. When it has written, it lends its connection to the next that waits, and so on;
each writes within a savepoint of its own, so a refusal takes back nothing of the others. In the end the first commits, and
only then are any of them answered, refusals included, since they rest on what the others wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from peewee import DataError, IntegrityError, ProgrammingError

from api.database.current import engine
from api.database.outages import UNAVAILABLE
from api.errors import DatabaseUnavailable, NotCommitted

_NOT_COMMITTED = "what was written together could not be committed"


class Group:
    """A transaction, lent by the thread that began it, and whether it has ended, and how."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        """Why nothing of the transaction was or will be committed."""
        self._ended = Event()
        self._lent = dict(vars(engine()._state))

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """Write in the transaction, within a savepoint. After an outage nothing more can be expected of it."""
        state = vars(engine()._state)
        own = dict(state)
        state.update(self._lent)
        try:
            with engine().atomic():
                yield
        except (DataError, IntegrityError, ProgrammingError):
            raise  # our mistake, not an outage: the savepoint took it back
        except (DatabaseUnavailable, *UNAVAILABLE) as error:
            self.error = error
            raise
        finally:
            state.update(own)

    def require_whole(self) -> None:
        """Raise DatabaseUnavailable, for the thread that began the transaction, when it can't be committed."""
        if self.error is not None:
            raise DatabaseUnavailable(_NOT_COMMITTED) from self.error

    def end(self, error: BaseException | None = None) -> None:
        """The transaction has ended: by a commit, unless there is an error."""
        self.error = self.error or error
        self._ended.set()

    def wait(self) -> None:
        """Wait until the transaction has ended; raise NotCommitted when it was rolled back."""
        self._ended.wait()
        if self.error is not None:
            raise NotCommitted(_NOT_COMMITTED) from self.error
