"""What must be known of other records to check, complete and render documents.

It is looked up before (`api.lookups.references`, `api.lookups.conflicts`); nothing here, and nothing that is given a `Known`, asks the database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from api.documents.record_types import RECORD_TYPES, Claim, Document
from api.evidence.quoting import AttachedText
from schemas.values import dates

Key = tuple[str, str]
"""A record by record type and id."""

Batch = Mapping[str, list[Document]]
"""Documents by record type."""


class Entry:
    """A record as it will be once the transaction is over; `number` is None until its row exists.

    Of most records that are referred to only the number is needed, so a stored document is parsed when it is asked for.
    """

    def __init__(self, document: Document | bytes, number: int | None = None) -> None:
        self._given = document
        self._document = None if isinstance(document, bytes) else document
        self.number = number
        self.names: list[str] | None = None
        """Every name and variant of the record, once they were asked for."""
        self.offices: dict[str, Document] | None = None
        """The offices of a speaker by their ids, once they were asked for."""
        self.label: dict[str, Any] | None = None
        """What a reference to the record shows, once it was asked for; not to be changed."""

    @property
    def document(self) -> Document:
        """The document: as it was loaded, or the representation that is stored."""
        if self._document is None:
            assert isinstance(self._given, bytes)
            self._document = orjson.loads(self._given)
        return self._document

    def __reduce__(self) -> tuple[type["Entry"], tuple[Document | bytes, int | None]]:
        """The entry for another process: as it was given, which is sooner sent and read than what was made of it."""
        return Entry, (self._given, self.number)


@dataclass(frozen=True)
class StoredText:
    """A text attached to an article, with the digest of it: that of the article, unless its record has changed since."""

    sha256: str
    text: AttachedText


@dataclass
class Known:
    """The records that some documents refer to, and those that these rest on in turn.

    `references` are those of the documents. `unreadable` records arrive but can't be read: references to them do not
    dangle. `merged_into` tells which record stands for one that is not there; `claimed` who has
    what the documents claim; `texts` holds the attached texts of the articles that they quote, by id.
    """

    records: dict[Key, Entry] = field(default_factory=dict)
    references: set[Key] = field(default_factory=set)
    unreadable: set[Key] = field(default_factory=set)
    merged_into: dict[Key, str] = field(default_factory=dict)
    claimed: dict[str, dict[Claim, str]] = field(default_factory=dict)
    texts: dict[str, StoredText] = field(default_factory=dict)

    def add(self, batch: Mapping[str, Iterable[Document]]) -> None:
        """Let documents be referred to."""
        for record_type, documents in batch.items():
            for document in documents:
                self.records[record_type, document["id"]] = Entry(document)

    def has(self, record_type: str, record_id: str) -> bool:
        """Whether a reference to this record leads anywhere."""
        return (record_type, record_id) in self.records or (record_type, record_id) in self.unreadable

    def get(self, record_type: str, record_id: str) -> Entry | None:
        """The record with this id, or None when there is none."""
        return self.records.get((record_type, record_id))

    def require(self, record_type: str, record_id: str) -> Entry:
        """The record with this id, which must exist; raise LookupError."""
        entry = self.records.get((record_type, record_id))
        if entry is None:
            raise LookupError(f"{record_type}/{record_id}")
        return entry

    def number(self, record_type: str, record_id: str) -> int:
        """The number of a record that has a row; raise LookupError."""
        number = self.require(record_type, record_id).number
        if number is None:
            raise LookupError(f"{record_type}/{record_id}")
        return number

    def offices(self, speaker: str) -> dict[str, Document]:
        """The offices of a speaker by their ids."""
        entry = self.require("speakers", speaker)
        if entry.offices is None:
            entry.offices = {office["id"]: office for office in entry.document["offices"]}
        return entry.offices

    def organizations(self, speaker: str, days: dates.Days) -> Iterator[str]:
        """The organizations in which a speaker held an office on any of these days."""
        for office in self.offices(speaker).values():
            held = dates.tenure(office["from"], office["to"])
            if office["organization"] and held.earliest <= days.latest and days.earliest <= held.latest:
                yield office["organization"]["id"]

    def root(self, record_type: str, record_id: str) -> str:
        """The body at the top of a `part_of` chain; raise ValueError when the chain runs in a circle."""
        seen = [record_id]
        while (above := self.require(record_type, seen[-1]).document["part_of"]) is not None:
            if above["id"] in seen:
                raise ValueError(" > ".join([*seen, above["id"]]))
            seen.append(above["id"])
        return seen[-1]

    def text(self, article: str) -> AttachedText | None:
        """The text of an article, if it is attached and still this article's."""
        stored = self.texts.get(article)
        is_its_own = stored is not None and stored.sha256 == self.require("articles", article).document["sha256"]
        return stored.text if stored is not None and is_its_own else None

    def names(self, record_type: str, record_id: str) -> list[str]:
        """Every name and variant of a record, in every language."""
        entry = self.require(record_type, record_id)
        if entry.names is None:
            label, aliases = self.label(record_type, record_id), entry.document.get("aliases", ())
            entry.names = [*label.values(), *(alias["value"] for alias in aliases)]
        return entry.names

    def label(self, record_type: str, record_id: str) -> dict[str, Any]:
        """What a reference to the record shows; not to be changed, for all that refer to it share it."""
        entry = self.require(record_type, record_id)
        if entry.label is None:
            entry.label = RECORD_TYPES[record_type].label(entry.document)
        return entry.label
