"""Merging two speakers who turned out to be one: every reference to the one moves to the other.

The target stays what it is and gains what the other was found by: its names, as variants, its aliases and identifiers,
and its offices, since statements name them. Of two items of a list that become the same (both were parties, both relayed
a report) the first stays. The records that referred get a revision; what they said before stands in their history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields

from api.changelog.recording import Log
from api.changelog.tombstones import merged_away
from api.documents.record_types import RECORD_TYPES, Document
from api.documents.validation import issues_of
from api.errors import BreaksReferences, InvalidDocuments, Issue
from api.lookups.finding import find_stored
from api.lookups.known import Known
from api.lookups.references import find_all
from api.lookups.stored import Stored
from api.records.changing import Condition, Written, changing, existing, row_of, separating_issues, written
from api.records.checking import nowhere
from api.records.propagation import chunks_of, index_again_what_mentions, require_fit
from api.records.referrers import referring_to
from api.records.storing import remove, rewrite
from schemas.fields import Reference, Unique
from schemas.records.offices import OfficeReference
from schemas.values import dates

SPEAKERS = RECORD_TYPES["speakers"]
LONGEST_ALIAS = 200


def merge_speakers(source: str, target: str, author: str, condition: Condition) -> Written:
    """Let one speaker stand for another, who goes; the condition is on the one that goes. Return the one that stays.

    Raise NoSuchRecord, PreconditionRequired, PreconditionFailed, InvalidDocuments when the target can't stand for it, or
    BreaksReferences with every record that the merger would make wrong.
    """
    with changing("speakers", source, author) as log:
        going = existing("speakers", source, condition)
        staying = row_of("speakers", target)
        if staying is None or source == target:
            detail = "A speaker can't be merged into itself." if staying else _nobody(target)
            raise InvalidDocuments([Issue(detail, "/into")])
        with separating_issues():
            _merge(going, staying, log)
        log.gone("speakers", source, merged_into=target)
        log.write()
        return written("speakers", target)


def _nobody(target: str) -> str:
    merged_into = {("speakers", gone): into for gone, into in merged_away("speakers", [target])}
    return nowhere("speakers", target, Known(merged_into=merged_into))


def _merge(going: Stored, staying: Stored, log: Log) -> None:
    """Identifiers move last, for no two speakers can have the same; what refers is looked at when all of it has moved."""
    source, target = _loaded(going), _loaded(staying)
    _require_alike(source, target)
    _require_no_circle(source["id"], target)
    move = _Move(source["id"], target["id"], _offices_by_new_id(source, target))
    together = move.speaker(source, target)
    rewrite({"speakers": [_valid("speakers", together)]}, log)
    referring = referring_to("speakers", going.number)
    referring.get("speakers", set()).discard(staying.number)
    for record_type, numbers in referring.items():
        for chunk in chunks_of(record_type, numbers):
            moved = [
                _valid(record_type, move.document(chunk.record_type.schema, document)) for document in chunk.documents
            ]
            rewrite({record_type: moved}, log)
    gone = remove(SPEAKERS, going, log)
    if source["identifiers"]:
        together = {**together, "identifiers": _joined(target, source, "identifiers", "scheme", "value")}
        rewrite({"speakers": [_valid("speakers", together)]}, log, checked=True)
    index_again_what_mentions(gone, log)
    require_fit({**referring, "speakers": {staying.number} | referring.get("speakers", set())})


def _require_alike(source: Document, target: Document) -> None:
    """Refuse to merge a person with a body; bodies of different kinds may be merged, since a kind may have been mistaken."""
    kinds = {speaker["id"]: speaker["kind"] for speaker in (source, target)}
    if "person" in kinds.values() and len(set(kinds.values())) > 1:
        detail = (
            "Only one of them is a person: " + ", ".join(f"'{name}' is {kind}" for name, kind in kinds.items()) + "."
        )
        raise BreaksReferences([Issue(detail, "/kind", document=f"speakers/{target['id']}")])


def _require_no_circle(source: str, target: Document) -> None:
    """Refuse a target further below the source: what stands between them would belong to itself."""
    known, seen = Known(), [target["id"]]
    find_all({("speakers", target["id"])}, known, {"speakers"}, find_stored)
    above = target["part_of"]
    while above is not None and above["id"] != source:
        seen.append(above["id"])
        above = known.require("speakers", seen[-1]).document["part_of"]
    if above is not None and len(seen) > 1:
        detail = f"Would belong to itself: {' > '.join([*seen[-1:], *seen])}."
        raise BreaksReferences([Issue(detail, "/part_of", document=f"speakers/{seen[-1]}")])


def _loaded(row: Stored) -> Document:
    loaded: Document = SPEAKERS.schema.load(row.document)
    return loaded


def _valid(record_type: str, document: Document) -> Document:
    """A document that was changed, once more validated; raise BreaksReferences."""
    try:
        valid: Document = RECORD_TYPES[record_type].schema.load(document)
        return valid
    except ValidationError as error:
        source = f"{record_type}/{document['id']}"
        raise BreaksReferences([replace(issue, document=source) for issue in issues_of(error)]) from None


def _offices_by_new_id(source: Document, target: Document) -> dict[str, str]:
    """For each office of the source, its id with the target: a new id only where the target has another office of that id."""
    own = {office["id"]: office for office in target["offices"]}
    ids: dict[str, str] = {}
    for office in source["offices"]:
        new, tried = office["id"], 1
        while (new in own and not _same_office(office, own[new])) or new in ids.values():
            tried += 1
            new = f"{office['id']}-{tried}"
        ids[office["id"]] = new
    return ids


def _same_office(one: Document, other: Document) -> bool:
    """Whether two offices with the same id are the same: in the same organization, at overlapping times."""
    held, also_held = (dates.tenure(office["from"], office["to"]) for office in (one, other))
    together = held.earliest <= also_held.latest and also_held.earliest <= held.latest
    return one["organization"] == other["organization"] and together


def _joined(first: Document, second: Document, key: str, *marks: str) -> list[Document]:
    """The items of the first document under a key, and after them those of the second that differ in the keys `marks`."""
    keys = {tuple(item[mark] for mark in marks) for item in first[key]}
    return [*first[key], *(item for item in second[key] if tuple(item[mark] for mark in marks) not in keys)]


@dataclass(frozen=True)
class _Move:
    """What every reference to the source becomes."""

    source: str
    target: str
    offices: Mapping[str, str]

    def speaker(self, source: Document, target: Document) -> Document:
        """The target with the offices and names of the source."""
        moved = self.document(SPEAKERS.schema, target)
        brought = self.document(SPEAKERS.schema, source)
        above = source["part_of"] if (target["part_of"] or {}).get("id") == self.source else moved["part_of"]
        kept = {office["id"] for office in target["offices"]}
        taken_over = [{**office, "id": self.offices[office["id"]]} for office in brought["offices"]]
        offices = [*moved["offices"], *(office for office in taken_over if office["id"] not in kept)]
        aliases = _joined(moved, {"aliases": _names(source, target)}, "aliases", "value", "lang")
        return {**moved, "part_of": above, "offices": offices, "aliases": aliases}

    def document(self, schema: Schema, document: Document) -> Document:
        """A document, or an object within one, that refers to the target wherever it referred to the source."""
        moved = {
            name: self._value(schema.fields[name], value) if name in schema.fields else value
            for name, value in document.items()
        }
        if (document.get("speaker") or {}).get("id") == self.source and moved.get("office"):
            moved["office"] = {"id": self.offices[moved["office"]["id"]]}
        return moved

    def _value(self, field: fields.Field[Any], value: Any) -> Any:
        if value is None or field.dump_only:
            return value
        if isinstance(field, fields.List):
            return self._list(field, value)
        if isinstance(field, Reference):
            return {"id": self.target} if (field.record_type, value["id"]) == ("speakers", self.source) else value
        if isinstance(field, fields.Nested) and not isinstance(field, OfficeReference):
            return self.document(field.schema, value)
        return value

    def _list(self, field: fields.List[Any], items: list[Any]) -> list[Any]:
        """The items, each once: where the source and the target both were, the first of the two stays."""
        moved = [self._value(field.inner, item) for item in items]
        for unique in (check for check in field.validators if isinstance(check, Unique)):
            first = {unique.marks(item): item for item in reversed(moved)}
            moved = [item for item in moved if first[unique.marks(item)] is item]
        return moved


def _names(source: Document, target: Document) -> list[Document]:
    """The names and aliases of the source that are not names of the target; one too long for an alias is left out."""
    names = [
        {"value": value, "lang": lang, "script": None, "kind": "variant"}
        for lang, value in source["name"].items()
        if len(value) <= LONGEST_ALIAS
    ]
    own = set(target["name"].items())
    return [name for name in [*names, *source["aliases"]] if (name["lang"], name["value"]) not in own]
