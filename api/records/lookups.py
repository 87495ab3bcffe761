"""Finding the records that documents refer to, whether stored already or arriving with them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from peewee import chunked

from api.documents.record_types import RECORD_TYPES, Claim, Document
from api.evidence.quoting import AttachedText
from api.models.base import tuples
from api.records import attached_texts
from api.records.staging import Staged
from schemas import dates


@dataclass
class Entry:
    """A record as it will be once the transaction is over; `number` is None until its row exists."""

    document: Document
    number: int | None = None


class Directory:
    """The records that can be referred to: what arrives now and, unless `alone`, behind it what the database holds.

    `unreadable` are (record type, id) that arrive too but could not be read: references to them do not dangle. Behind what
    arrives here and now there may be much more that is `staged`.
    """

    def __init__(
        self,
        arriving: Mapping[str, Iterable[Document]],
        alone: bool = False,
        unreadable: Collection[tuple[str, str]] = (),
        staged: Staged | None = None,
    ) -> None:
        self._staged = staged
        self._alone = alone
        self._unreadable = unreadable
        self._texts: dict[str, AttachedText | None] = {}
        self._entries: dict[tuple[str, str], Entry | None] = {
            (record_type, document["id"]): Entry(document)
            for record_type, documents in arriving.items()
            for document in documents
        }
        self._arriving = frozenset(self._entries)
        for record_type in RECORD_TYPES:
            self._find_stored(record_type, [i for n, i in self._entries if n == record_type])

    def has(self, record_type: str, record_id: str) -> bool:
        """Whether a reference to this record leads anywhere."""
        return self.get(record_type, record_id) is not None or self._is_unreadable(record_type, record_id)

    def _is_unreadable(self, record_type: str, record_id: str) -> bool:
        staged = self._staged is not None and self._staged.is_unreadable(record_type, record_id)
        return staged or (record_type, record_id) in self._unreadable

    def arriving(self, record_type: str, ids: Collection[str]) -> set[str]:
        """Those of these ids whose records arrive."""
        staged = self._staged.arriving(record_type, ids) if self._staged is not None else set()
        return staged | {record_id for record_id in ids if (record_type, record_id) in self._arriving}

    def claimed(self, record_type: str, claims: Collection[Claim]) -> dict[Claim, str]:
        """Who of those staged was the first to claim what is claimed here."""
        if self._staged is None:
            return {}
        found = self._staged.claimed(record_type, sorted({value for _, value in claims}))
        return {claim: record_id for claim, record_id in found if claim in claims}

    def is_new(self, record_type: str, record_id: str) -> bool:
        """Whether a record that arrives is not in the database, as far as that is looked at."""
        return not self._alone and self.require(record_type, record_id).number is None

    def get(self, record_type: str, record_id: str) -> Entry | None:
        """The record with this id, or None when there is none."""
        if (record_type, record_id) not in self._entries:
            self._find_stored(record_type, [record_id])
        return self._entries[record_type, record_id]

    def require(self, record_type: str, record_id: str) -> Entry:
        """The record with this id, known to exist."""
        entry = self.get(record_type, record_id)
        if entry is None:
            raise LookupError(f"{record_type}/{record_id}")
        return entry

    def find(self, records: Iterable[tuple[str, str]]) -> None:
        """Look up these (record type, id) at once, for what is asked of them later."""
        missing: dict[str, list[str]] = {}
        for record_type, record_id in records:
            if (record_type, record_id) not in self._entries:
                missing.setdefault(record_type, []).append(record_id)
        for record_type, ids in missing.items():
            self._find_stored(record_type, ids)

    def _find_stored(self, record_type: str, ids: list[str]) -> None:
        if self._staged is not None:
            there = [record_id for record_id in ids if (record_type, record_id) not in self._entries]
            for record_id, document in self._staged.find(record_type, there):
                self._entries[record_type, record_id] = Entry(document)
        table = RECORD_TYPES[record_type].table
        for some in chunked([] if self._alone else ids, 500):
            stored = table.select(table.id, table.number, table.document).where(table.id.in_(some))
            for record_id, number, document in tuples(stored):
                entry = self._entries.get((record_type, record_id))
                if entry is None:  # not arriving: what is stored is what counts
                    entry = self._entries[record_type, record_id] = Entry(orjson.loads(bytes(document)))
                entry.number = number
        for record_id in ids:
            self._entries.setdefault((record_type, record_id), None)

    def offices(self, speaker: str) -> dict[str, Document]:
        """The offices of a speaker by their ids."""
        return {office["id"]: office for office in self.require("speakers", speaker).document["offices"]}

    def organizations(self, speaker: str, said: dates.Days) -> Iterator[str]:
        """The organizations in which a speaker held an office on any of these days."""
        for office in self.offices(speaker).values():
            held = dates.tenure(office["from"], office["to"])
            if office["organization"] and held.earliest <= said.latest and said.earliest <= held.latest:
                yield office["organization"]["id"]

    def root(self, record_type: str, record_id: str) -> str:
        """The body at the top of a `part_of` chain; raise ValueError when the chain runs in a circle."""
        seen = [record_id]
        while (above := self.require(record_type, seen[-1]).document["part_of"]) is not None:
            if above["id"] in seen:
                raise ValueError(" > ".join([*seen, above["id"]]))
            seen.append(above["id"])
        return seen[-1]

    def find_texts(self, articles: Collection[str]) -> None:
        """Look up the attached texts of these articles at once, for `text` to have them."""
        missing = set(articles) - self._texts.keys()
        self._texts.update(dict.fromkeys(missing))
        for article, sha256, attached in attached_texts.of_articles([] if self._alone else sorted(missing)):
            if sha256 == self.require("articles", article).document["sha256"]:  # else it is of an older record
                self._texts[article] = attached

    def text(self, article: str) -> AttachedText | None:
        """The text of an article, if it is attached and still this article's."""
        self.find_texts([article])
        return self._texts[article]

    def names(self, record_type: str, record_id: str) -> list[str]:
        """Every name and variant of a record, in every language."""
        document = self.require(record_type, record_id).document
        return [
            *self.label(record_type, record_id).values(),
            *(alias["value"] for alias in document.get("aliases", ())),
        ]

    def label(self, record_type: str, record_id: str) -> dict[str, Any]:
        """What a reference to the record shows."""
        return RECORD_TYPES[record_type].label(self.require(record_type, record_id).document)
