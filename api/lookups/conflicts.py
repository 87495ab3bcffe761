"""Looking up what may keep documents from being stored: identifiers and digests that other records have, and missing references."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.changelog.tombstones import merged_away
from api.database.statements import chunked
from api.documents.record_types import RECORD_TYPES, Claim, Document, claims_of
from api.lookups.finding import Find, find_stored
from api.lookups.known import Batch, Key, Known
from api.lookups.references import find_all, references_of
from api.lookups.stored import BATCH_SIZE
from api.models.articles import Article
from api.models.base import owner_of, tuples


class Arrivals(Protocol):
    """What is written in the same transaction as some documents."""

    def arriving(self, record_type: str, ids: Collection[str]) -> set[str]:
        """Those of these ids whose records arrive."""

    def is_unreadable(self, record_type: str, record_id: str) -> bool:
        """Whether a record of this id arrives that is not valid."""

    def claimed(self, record_type: str, values: Sequence[str]) -> Iterable[tuple[Claim, str]]:
        """Which arriving record is the first to claim something with one of these values."""


@dataclass
class ArrivingBatch:
    """Documents that arrive together, and beside them those that could not be read."""

    batch: Batch = field(default_factory=dict)
    unreadable: Collection[Key] = ()

    def arriving(self, record_type: str, ids: Collection[str]) -> set[str]:
        """Those of these ids whose records arrive."""
        return {document["id"] for document in self.batch.get(record_type, ())} & set(ids)

    def is_unreadable(self, record_type: str, record_id: str) -> bool:
        """Whether a record of this id arrives that is not valid."""
        return (record_type, record_id) in self.unreadable

    def claimed(self, record_type: str, values: Sequence[str]) -> Iterator[tuple[Claim, str]]:
        """The claims of the batch, the first claimant of each last."""
        for document in reversed(self.batch.get(record_type, ())):
            yield from ((claim, document["id"]) for _, claim in claims_of(record_type, document))


def look_up_conflicts(batch: Batch, known: Known, arrivals: Arrivals) -> None:
    """Add to `known` which records have what its documents claim, and into which records missing ones were merged."""
    look_up_conflicts_of({name: [document["id"] for document in batch[name]] for name in batch}, known, arrivals)


def look_up_conflicts_of(ids: Mapping[str, Iterable[str]], known: Known, arrivals: Arrivals) -> None:
    """The same for the known documents of these ids by record type."""
    absent = _absent(known.references, known, arrivals)
    for record_type, of_type in ids.items():
        entries = {record_id: known.require(record_type, record_id) for record_id in of_type}
        documents = [entry.document for entry in entries.values()] if may_claim(record_type) else []
        known.claimed[record_type] = _claimed(record_type, documents, arrivals)
        new = {record_id for record_id, entry in entries.items() if entry.number is None}
        absent.setdefault(record_type, set()).update(new)
    for record_type, gone_or_new in absent.items():
        known.merged_into.update(((record_type, gone), into) for gone, into in merged_away(record_type, gone_or_new))


def look_up_references(batch: Batch, known: Known, arrivals: Arrivals, find: Find = find_stored) -> None:
    """Add to `known` where the references of documents lead; the documents may be the valid parts of invalid ones."""
    references = set(references_of(batch))
    find_all(references, known, (), find)
    for record_type, ids in _absent(references, known, arrivals).items():
        known.merged_into.update(((record_type, gone), into) for gone, into in merged_away(record_type, ids))


def known_of_references(batch: Batch) -> Known:
    """What must be known to tell where the references of documents lead, which may be the valid parts of invalid ones."""
    known = Known()
    look_up_references(batch, known, ArrivingBatch())
    return known


def _absent(references: Collection[Key], known: Known, arrivals: Arrivals) -> dict[str, set[str]]:
    """The ids of records that documents refer to in vain, by record type; what can't be read becomes known as such."""
    absent: dict[str, set[str]] = {}
    for key in set(references) - known.records.keys():
        if arrivals.is_unreadable(*key):
            known.unreadable.add(key)
        else:
            absent.setdefault(key[0], set()).add(key[1])
    return absent


def _claimed(record_type: str, documents: Iterable[Document], arrivals: Arrivals) -> dict[Claim, str]:
    """Who has what these documents claim: the first that arrives, or a stored record that keeps it."""
    claims = {claim for document in documents for _, claim in claims_of(record_type, document)}
    if not claims:
        return {}
    arriving = arrivals.claimed(record_type, sorted({value for _, value in claims}))
    claimed = {claim: holder for claim, holder in arriving if claim in claims}
    stored = dict(stored_claims(record_type, claims))
    # An identifier that a record gives up here another may take; a digest is the article itself and never moves.
    giving_up = set() if record_type == "articles" else arrivals.arriving(record_type, set(stored.values()))
    return claimed | {claim: holder for claim, holder in stored.items() if holder not in giving_up}


def stored_claims(record_type: str, claims: Collection[Claim]) -> Iterator[tuple[Claim, str]]:
    """Which stored records have any of these, or something else of the same value."""
    record = RECORD_TYPES[record_type].table
    table = identifiers_of(record_type)
    for values in chunked(sorted({value for _, value in claims}), BATCH_SIZE):
        if table is not None:
            held = table.select(table.scheme, table.value, record.id).join(
                record, on=(owner_of(table) == record.number)
            )
            yield from (
                ((scheme, value), holder) for scheme, value, holder in tuples(held.where(table.value.in_(values)))
            )
        elif record_type == "articles":
            digests = Article.select(Article.sha256, Article.id).where(Article.sha256.in_(values))
            yield from ((("sha256", value), holder) for value, holder in tuples(digests))


def may_claim(record_type: str) -> bool:
    """Whether records of a record type claim anything for themselves alone."""
    return record_type == "articles" or identifiers_of(record_type) is not None


def identifiers_of(record_type: str) -> Any:
    """The table of the identifiers that records of a record type have; None when they have none."""
    return next((part.table for part in RECORD_TYPES[record_type].parts if part.key == "identifiers"), None)
