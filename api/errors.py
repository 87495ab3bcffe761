"""What can go wrong, named by the fact. Nothing here knows Flask or the database."""

from dataclasses import dataclass


class TasrihError(Exception):
    """Something the caller can be told about in a sentence."""


class BadSetting(TasrihError):
    """A setting holds a value the service can't use."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")


class DatabaseUnavailable(TasrihError):
    """The database can't be reached, is locked, or is not one of ours."""


class TooSlow(TasrihError):
    """Answering took longer than this service allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g}")
        self.seconds = seconds


class UnfitDatabase(TasrihError):
    """The database can be read but is not of the version this program works with."""


class VersionMismatch(TasrihError):
    """A record is no longer the version that was read: another writer was faster."""


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
    """There was no record with this id at the moment asked about, as far back as the log tells."""


class MergedAway(NoSuchRecord):
    """There was a record with this id; another one of its record type stands for it now."""

    def __init__(self, record_type: str, record_id: str, into: str) -> None:
        super().__init__(record_id)
        self.record_type, self.record_id, self.into = record_type, record_id, into


class AlreadyExists(TasrihError):
    """A record that was to be new exists already."""

    def __init__(self, record_type: str, record_id: str) -> None:
        super().__init__(f"{record_type}/{record_id}")
        self.record_type, self.record_id = record_type, record_id


class PreconditionRequired(TasrihError):
    """An existing record was to be changed by somebody who did not say which version of it he knows."""

    def __init__(self, current_etag: str) -> None:
        super().__init__(current_etag)
        self.current_etag = current_etag


class PreconditionFailed(TasrihError):
    """A record is not, or no longer, as a condition of its change says; `current_etag` is None when there is none."""

    def __init__(self, current_etag: str | None) -> None:
        super().__init__(current_etag or "")
        self.current_etag = current_etag


class StillReferenced(TasrihError):
    """A record can't go, for others refer to it; they are named as `record type/id`."""

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
    """A change is right by itself, but other records would no longer fit to it; the issues are theirs."""


class InvalidDocuments(InvalidInput):
    """Documents that were to be stored can't be."""


class InvalidLines(InvalidDocuments):
    """Lines that were to be imported can't be; the issues are listed in the order of lines."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(sorted(issues, key=lambda issue: issue.line or 0))


class UnknownPosition(TasrihError):
    """No place of the log of changes, which ends at `last`, is where a reader says to have been."""

    def __init__(self, since: int | str, last: int) -> None:
        super().__init__(f"{since} (the log ends at {last})")
        self.since, self.last = since, last


class LostPosition(TasrihError):
    """A reader of the log of changes knows changes that were lost: the log is what it was up to `position`."""

    def __init__(self, since: int, position: int) -> None:
        super().__init__(f"{since} (the log is what it was up to {position})")
        self.since, self.position = since, position


class BadMoment(TasrihError):
    """What was to be a moment is none."""


class MomentNotReached(TasrihError):
    """A moment asked about lies in the future."""


class MomentExpired(TasrihError):
    """What was said at a moment is no longer known: the log is whole only from another `moment` on."""

    def __init__(self, moment: str) -> None:
        super().__init__(moment)
        self.moment = moment


class NotReproducible(TasrihError):
    """What was said at a moment can't be put together again: the log of this record (`record type/id`) is damaged."""


class HistoryBusy(TasrihError):
    """Another earlier moment is being put together, and as many as may wait for that do."""


class RebuildingTooSlow(TooSlow):
    """Putting an earlier moment together took longer than this service allows."""


class Unauthenticated(TasrihError):
    """A request came without a token that is good; `error` is RFC 6750's code for it, None when none came at all."""

    def __init__(self, detail: str, error: str | None = None) -> None:
        super().__init__(detail)
        self.error = error


class UnusableCredentials(TasrihError):
    """A request brings a token in a way that is none: several of them, or one in its address."""


class MissingScope(TasrihError):
    """The token of a request is good, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class UnusableToken(TasrihError):
    """A token can't be made, or there is none of this name."""


class NotJSON(TasrihError):
    """A text that was to be JSON is none; the sentence says where it ceases to be."""


class BodyTooLarge(TasrihError):
    """The body of a request has more bytes than this service reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit}")
        self.limit = limit


class UnsupportedMediaType(TasrihError):
    """The body of a request is of a type, or coded in a way, that is not read at this address.

    `understood` are the media types that are; None when it is the content coding that is wrong.
    """

    def __init__(self, told: str, understood: tuple[str, ...] | None) -> None:
        super().__init__(told)
        self.understood = understood


class TooManyExports(TasrihError):
    """As many exports are under way as this process gives threads to."""


class InvalidIdempotencyKey(TasrihError):
    """An Idempotency-Key is not what the header may hold."""


class KeyReused(TasrihError):
    """An Idempotency-Key was sent with something else before."""


class RequestInProgress(TasrihError):
    """A request is being answered already; `seconds` is when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds}")
        self.seconds = seconds


class UnwritableFile(TasrihError):
    """A file that a command was to write can't be written."""


class UnusableBackup(TasrihError):
    """A copy of a database can't be made or put back."""
