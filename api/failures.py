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


class NoSuchRecord(Failure):
    """There is no record with this id."""


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


class NotJSON(Failure):
    """A text that was to be JSON is none; the sentence says where it ceases to be."""


class BodyTooLarge(Failure):
    """The body of a request has more bytes than this service reads."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit}")
        self.limit = limit


class UnsupportedMediaType(Failure):
    """The body of a request is of a type, or coded in a way, that is not read at this address.

    `understood` are the media types that are; None when it is the content coding that is wrong.
    """

    def __init__(self, told: str, understood: tuple[str, ...] | None) -> None:
        super().__init__(told)
        self.understood = understood
