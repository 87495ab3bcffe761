"""What a write does to each record, worked out from its document and its row without a database."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import orjson

from api.changelog.recording import CREATED, RENDERED_WHOLE, REPLACED, Log, Operation
from api.documents.record_types import Document, RecordType
from api.lookups.known import Known
from api.lookups.stored import Stored
from api.names import holders
from api.records.indexing import searchable
from api.records.rendering import complete, own_content, render, with_unshown_parts
from api.records.rows import Owner, differing_parts, key_in


class Reach(Enum):
    """How far a change reaches: others may no longer fit to it, or only show its name, or nothing of it."""

    CONTENT = "content"
    LABEL = "label"
    NOTHING = "nothing"


RESTED_ON = {
    "speakers": ("offices", "part_of"),
    "places": ("part_of",),
    "agreements": ("provisions",),
    "articles": ("publisher", "sha256", "length"),
    "vocabularies": ("terms",),
}
"""The keys of each record type on which other records rest, beside its name."""


@dataclass(frozen=True)
class Change:
    """A record to be written over the row that was read; `operation` is None when only its rows are to change."""

    record_type: RecordType
    document: Document
    body: bytes
    updated_at: str
    before: Stored
    operation: Operation | None
    reach: Reach

    @property
    def number(self) -> int:
        """The number of the record's row."""
        return self.before.number

    @cached_property
    def after(self) -> Owner:
        """The record as the owner of its parts, as it will be."""
        return Owner(self.number, key_in(self.record_type, self.document, self.number), self.document)

    def owner_before(self, known: Known) -> Owner:
        """The record as the owner of its parts, as it is stored."""
        document = self.before.document
        if self.record_type.name == "statements":
            document = with_unshown_parts(document, known)
        return Owner(self.number, key_in(self.record_type, document, self.number), document)


def changes_of(
    record_type: RecordType,
    documents: Iterable[Document],
    rows: dict[str, Stored],
    known: Known,
    log: Log,
    operation: Operation = RENDERED_WHOLE,
    outdated: Container[int] = (),
) -> Iterator[Change]:
    """Complete documents, and yield those whose representation is not the stored one or whose rows are `outdated`."""
    for document in documents:
        complete(record_type, document, known)
        before = rows[document["id"]]
        body = render(record_type, document, before.created_at, before.updated_at)
        if body != before.body:
            now = log.moment
            fresh = body if before.updated_at == now else render(record_type, document, before.created_at, now)
            done = _operation(record_type, before.body, body, operation)
            yield Change(record_type, document, fresh, now, before, done, _reach(record_type, before, body))
        elif before.number in outdated:
            yield Change(record_type, document, body, before.updated_at, before, None, Reach.CONTENT)


def _reach(record_type: RecordType, before: Stored, body: bytes) -> Reach:
    """Whether others rest on what changed in a representation, or show it as a name, or are found by it."""
    if before.is_new:
        return Reach.CONTENT
    old, new = before.document, orjson.loads(body)
    if any(old[key] != new[key] for key in RESTED_ON.get(record_type.name, ())):
        return Reach.CONTENT
    renamed = orjson.dumps(record_type.label(old)) != orjson.dumps(record_type.label(new))
    return Reach.LABEL if renamed or old.get("aliases") != new.get("aliases") else Reach.NOTHING


def _operation(record_type: RecordType, before: bytes, after: bytes, operation: Operation) -> Operation:
    """What happens to a record: one whose own content stays what it was is only shown otherwise."""
    if not before:
        return CREATED
    if operation == REPLACED and own_content(record_type, before) == own_content(record_type, after):
        return RENDERED_WHOLE
    return operation


def outdated_parts(change: Change, known: Known) -> list[str]:
    """The keys of the parts whose rows are not those of the new document."""
    parts = change.record_type.parts
    if change.before.is_new:
        return []
    return [part.key for part in differing_parts(parts, change.owner_before(known), change.after, known)]


def changed_spans(change: Change) -> set[str]:
    """The ids of the articles of whose texts a statement shows other spans than before, or shows any when it is new."""
    before = set() if change.before.is_new else _spans(change.before.document)
    return {article for article, *_ in before ^ _spans(change.document)}


def _spans(document: Document) -> set[tuple[str, int, int]]:
    return {
        (report["article"]["id"], span["start"], span["end"])
        for report in document.get("reports", ())
        for span in report["evidence"]
    }


def is_renamed(change: Change) -> bool:
    """Whether a record with names is new, or has other names than before, or shows them in another order.

    What is shown may differ where the names by which it is found do not: one that another language spells alike counts once.
    """
    if change.before.is_new or holders.shown(change.before.document) != holders.shown(change.document):
        return True
    return holders.names_of(change.before.document) != holders.names_of(change.document)


def is_found_otherwise(change: Change, known: Known) -> bool:
    """Whether the text index must have other texts, or have them under another key, than it has."""
    if change.before.is_new or change.before.key != change.after.key:
        return True
    before = searchable(change.record_type, change.before.document, known)
    return before != searchable(change.record_type, change.document, known)
