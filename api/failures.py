"""What can go wrong, named by the fact. Nothing here knows Flask or the database."""

from dataclasses import dataclass


class Failure(Exception):
    """Something the caller can be told about in a sentence."""


class BadSetting(Failure):
    """A setting holds a value the service can't use."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")


class DatabaseUnavailable(Failure):
    """The database can't be reached, is locked, or is not one of ours."""


class TooSlow(Failure):
    """Answering took longer than this service allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g}")
        self.seconds = seconds


class UnfitDatabase(Failure):
    """The database can be read but is not of the version this program works with."""


class VersionMismatch(Failure):
    """A record is no longer the version that was read: another writer was faster."""


class NoSuchRecord(Failure):
    """There is no record with this id."""


class Deleted(NoSuchRecord):
    """There was a record with this id, and it was deleted."""


class MergedAway(NoSuchRecord):
    """There was a record with this id; another one of its noun stands for it now."""

    def __init__(self, noun: str, record_id: str, into: str) -> None:
        super().__init__(record_id)
        self.noun, self.record_id, self.into = noun, record_id, into


@dataclass(frozen=True)
class Mistake:
    """One mistake in what a caller sent: where it is and what is wrong with it.

    `where` is a JSON pointer into a body (RFC 6901) or the name of a query parameter.
    """

    where: str
    detail: str


class InvalidParameters(Failure):
    """The query of a request can't be used; every mistake is listed."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{mistake.where}: {mistake.detail}" for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class DocumentMistake:
    """One mistake in a document that was to be stored."""

    source: str
    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.source}: {self.pointer or '/'}: {self.detail}"


class InvalidDocuments(Failure):
    """Documents that were to be stored can't be; every mistake of every document is listed."""

    def __init__(self, mistakes: list[DocumentMistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class UnknownPosition(Failure):
    """No place of the log of changes, which ends at `last`, is where a reader says to have been."""

    def __init__(self, since: int | str, last: int) -> None:
        super().__init__(f"{since} (the log ends at {last})")
        self.since, self.last = since, last


class ExpiredPosition(Failure):
    """The changes after a place of the log are no longer all kept."""

    def __init__(self, since: int, expired: int) -> None:
        super().__init__(f"{since} (the log is whole from {expired} on)")
        self.since, self.expired = since, expired


class MomentNotReached(Failure):
    """A moment asked about lies in the future."""


class MomentExpired(Failure):
    """What was said at a moment is no longer known: the log is whole only from another `moment` on."""

    def __init__(self, moment: str) -> None:
        super().__init__(moment)
        self.moment = moment


class NotReproducible(Failure):
    """What was said at a moment can't be put together again from the log."""


class Unauthenticated(Failure):
    """A request came without a token that is good; `error` is RFC 6750's code for it, None when none came at all."""

    def __init__(self, detail: str, error: str | None = None) -> None:
        super().__init__(detail)
        self.error = error


class UnusableCredentials(Failure):
    """A request brings a token in a way that is none: several of them, or one in its address."""


class MissingScope(Failure):
    """The token of a request is good, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class UnusableToken(Failure):
    """A token can't be made, or there is none of this name."""
