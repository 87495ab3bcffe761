"""What can go wrong, named by the fact. Nothing here knows Flask or the database."""

from dataclasses import dataclass
from typing import Any


class TasrihError(Exception):
    """What can go wrong; the message is a sentence, or the part of it that varies."""


class BadSetting(TasrihError):
    """A setting holds a value the service can't use."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")


class DatabaseUnavailable(TasrihError):
    """The database can't be reached, is locked, or is not one of ours."""


class ReadOnlyCopy(DatabaseUnavailable):
    """The database only follows another one: here it can be read, and is written where it comes from."""


class OutcomeUnknown(DatabaseUnavailable):
    """The connection to the database broke while a change was committed: it was made, or it was not."""


class NotCommitted(DatabaseUnavailable):
    """A transaction that another thread began and this one wrote in could not be committed; its own connection did not fail."""


class WaitedInVain(DatabaseUnavailable):
    """A writer's turn did not come in time, for another writer has the database; its own connection did not fail.

    `seconds` is when to try again: a writer that has worked for so long may well need as long again.
    """

    def __init__(self, reason: str, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


class TooSlow(TasrihError):
    """Answering took longer than this service allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g}")
        self.seconds = seconds


class UnfitDatabase(TasrihError):
    """The database can be read, but its version is not the one that this program works with."""


class VersionMismatch(TasrihError):
    """A record is no longer as it was read: another writer was faster."""


class NoSuchRecord(TasrihError):
    """There is no record with this id."""


class Deleted(NoSuchRecord):
    """There was a record with this id, and it was deleted."""


class NoSuchRevision(NoSuchRecord):
    """A record never had a revision of this number."""

    def __init__(self, record_id: str, number: str) -> None:
        super().__init__(record_id)
        self.record_id, self.number = record_id, number


class EmptyRevision(NoSuchRevision):
    """A revision by which a record was deleted or merged, so that it has no document."""


class NotYetCreated(NoSuchRecord):
    """There was no record with this id at a given moment, as far as the log goes back."""


class MergedAway(NoSuchRecord):
    """There was a record with this id; it was merged into another one of its type."""

    def __init__(self, record_type: str, record_id: str, into: str) -> None:
        super().__init__(record_id)
        self.record_type, self.record_id, self.into = record_type, record_id, into


class AlreadyExists(TasrihError):
    """A record that was to be created exists already."""

    def __init__(self, record_type: str, record_id: str) -> None:
        super().__init__(f"{record_type}/{record_id}")
        self.record_type, self.record_id = record_type, record_id


class PreconditionRequired(TasrihError):
    """An existing record was to be changed without a condition on its version (RFC 6585, 3)."""

    def __init__(self, current_etag: str) -> None:
        super().__init__(current_etag)
        self.current_etag = current_etag


class PreconditionFailed(TasrihError):
    """The condition on the version of a record does not hold; `current_etag` is None when there is no such record."""

    def __init__(self, current_etag: str | None) -> None:
        super().__init__(current_etag or "")
        self.current_etag = current_etag


class StillReferenced(TasrihError):
    """A record can't be deleted, since others refer to it; `referrers` are their names, `record type/id`."""

    def __init__(self, referrers: list[str]) -> None:
        super().__init__(", ".join(referrers))
        self.referrers = referrers


@dataclass(frozen=True)
class Issue:
    """Something wrong in what a caller sent: a sentence, and where it is.

    `pointer` is a JSON pointer (RFC 6901) into the document that `document` names (a file, or `record type/id`), that
    stands in this `line` of an import, or that is the body of the request when neither is given. An issue of the query
    string has the name of its `parameter` instead.
    """

    detail: str
    pointer: str = ""
    parameter: str | None = None
    document: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.parameter is not None:
            return f"{self.parameter}: {self.detail}"
        where = f"line {self.line}" if self.line is not None else self.document or "body"
        return f"{where}: {self.pointer or '/'}: {self.detail}"


class InvalidInput(TasrihError):
    """What a caller sent can't be used; every issue is listed."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues


class InvalidParameters(InvalidInput):
    """The query of a request can't be used."""


class BreaksReferences(InvalidInput):
    """A change is valid by itself, but other records would no longer be; the issues are theirs."""


class InvalidDocuments(InvalidInput):
    """Documents that were to be stored can't be."""


class InvalidLines(InvalidDocuments):
    """Lines that were to be imported can't be; the issues are listed in the order of lines."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(sorted(issues, key=lambda issue: issue.line or 0))


class RecordsExist(InvalidLines):
    """All that is wrong with an import that only creates: records of these lines exist already."""

    current_etag = None  # of which of them?


class UnknownPosition(TasrihError):
    """The log of changes, which ends at `last`, has no such position."""

    def __init__(self, since: int | str, last: int) -> None:
        super().__init__(f"{since} (the log ends at {last})")
        self.since, self.last = since, last


class PositionNotReached(TasrihError):
    """A client requires a later state than the database has reached."""

    def __init__(self, position: int, last: int) -> None:
        super().__init__(str(position))
        self.position, self.last = position, last


class LostPosition(TasrihError):
    """A reader knows changes that the log has lost: it is the same only up to `position`."""

    def __init__(self, since: int, position: int) -> None:
        super().__init__(f"{since} (the log is what it was up to {position})")
        self.since, self.position = since, position


class BadMoment(TasrihError):
    """A text is no moment (RFC 3339)."""


class UnusableDate(TasrihError):
    """A text is no date (EDTF)."""


class MomentNotReached(TasrihError):
    """A moment lies in the future."""


class MomentExpired(TasrihError):
    """The records of a moment are no longer known: the log is complete only from a later `moment` on."""

    def __init__(self, moment: str) -> None:
        super().__init__(moment)
        self.moment = moment


class NotReproducible(TasrihError):
    """A record can't be restored as it was at a moment: its log (`record type/id`) is damaged."""


class HistoryBusy(TasrihError):
    """Another earlier moment is being rebuilt, and no more requests may wait for that."""


class RebuildingTooSlow(TooSlow):
    """Rebuilding an earlier moment took longer than this service allows."""


class Unauthenticated(TasrihError):
    """A request has no valid token; `error` is RFC 6750's code for it, None when it has no token at all."""

    def __init__(self, detail: str, error: str | None = None) -> None:
        super().__init__(detail)
        self.error = error


class UnusableCredentials(TasrihError):
    """A request has several tokens, or one in its address."""


class MissingScope(TasrihError):
    """The token of a request is valid, but lacks the `scope` that is needed."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class UnusableToken(TasrihError):
    """A token can't be created, or there is none with this name."""


class NotJSON(TasrihError):
    """A text is not JSON; the message says from where on."""


class BodyTooLarge(TasrihError):
    """The body of a request has more bytes than this service reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit}")
        self.limit = limit


class UnsupportedMediaType(TasrihError):
    """The body of a request is of a type, or coded in a way, that is not read at this address.

    `understood` are the media types that are read; None when the content coding is wrong.
    """

    def __init__(self, detail: str, understood: tuple[str, ...] | None) -> None:
        super().__init__(detail)
        self.understood = understood


class TooManyExports(TasrihError):
    """As many exports are under way as this process gives threads to."""


class InvalidIdempotencyKey(TasrihError):
    """An Idempotency-Key is not a string as the header takes it."""


class KeyReused(TasrihError):
    """An Idempotency-Key was sent with another request before."""


class RequestInProgress(TasrihError):
    """The first request with an Idempotency-Key is still being answered; it may be sent again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds}")
        self.seconds = seconds


class UnwritableFile(TasrihError):
    """A file that a command was to write can't be written."""


class UnusableBackup(TasrihError):
    """A backup of a database can't be made or restored."""


class UnusableAddress(TasrihError):
    """An address is not that of a service that could be read."""


class ServiceUnreachable(TasrihError):
    """Another service could not be read, however often it was tried."""


class ServiceRefused(TasrihError):
    """Another service answered with a problem, of this type, that trying again does not solve."""

    def __init__(self, status: int, problem_type: str, detail: str, problem: dict[str, Any]) -> None:
        super().__init__(detail)
        self.status, self.type, self.problem = status, problem_type, problem


class UnusableMirror(TasrihError):
    """A database can't be kept as a mirror, or no longer."""
