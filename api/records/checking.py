"""The rules between records, beyond what the schema of each document checks. No function here asks the database."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from api.documents.record_types import RECORD_TYPES, Document, RecordType, claims_of
from api.errors import Issue
from api.lookups.known import Batch, Known
from schemas.fields import Reference
from schemas.records.offices import OfficeReference
from schemas.walking import walk

Sources = Mapping[tuple[str, str], str | None]
"""Where the document of each (record type, id) came from; None for the body of the request."""


def issues_of(batch: Batch, known: Known, sources: Sources) -> list[Issue]:
    """Every way in which valid documents do not fit each other and the stored records."""
    return [
        replace(issue, document=sources.get((name, document["id"]), f"{name}/{document['id']}"))
        for name, documents in batch.items()
        for document in documents
        for issue in check(RECORD_TYPES[name], document, known)
    ]


class Unchecked(NamedTuple):
    """Valid documents of one type: their ids, and what must be known to check them, themselves included."""

    record_type: str
    ids: list[str]
    known: Known


class Checked(NamedTuple):
    """How many documents were checked, and what is wrong with them; what `document` of each issue names has it."""

    documents: int
    issues: list[Issue]


def checked(unchecked: Unchecked) -> Checked:
    """Check documents, in whatever process."""
    name, ids, known = unchecked
    documents = [known.require(name, record_id).document for record_id in ids]
    return Checked(len(ids), issues_of({name: documents}, known, {}))


def check(record_type: RecordType, document: Document, known: Known) -> Iterator[Issue]:
    """Every rule between records that a valid document breaks."""
    yield from dangling_of(record_type, document, known)
    yield from _conflicts(record_type, document, known)
    yield from _claimed_twice(record_type, document, known)
    if into := known.merged_into.get((record_type.name, document["id"])):
        yield Issue(f"Was merged into '{into}': write to that one.", "/id")


def dangling_of(record_type: RecordType, document: Document, known: Known) -> Iterator[Issue]:
    """The references of a document that lead nowhere; it may be the valid part of an invalid one."""
    for visit in walk(record_type.schema, document, only=(Reference, OfficeReference)):
        if isinstance(visit.field, Reference) and "id" in visit.value:
            if not known.has(visit.field.record_type, visit.value["id"]):
                yield Issue(nowhere(visit.field.record_type, visit.value["id"], known), f"{visit.pointer}/id")
        elif isinstance(visit.field, OfficeReference) and "id" in visit.value:
            holder = visit.holder.get("speaker", {}).get("id")
            is_known = holder and known.get("speakers", holder) is not None
            if is_known and visit.value["id"] not in known.offices(holder):
                yield Issue(f"'{holder}' has no office '{visit.value['id']}'.", f"{visit.pointer}/id")


def nowhere(record_type: str, record_id: str, known: Known) -> str:
    """The sentence about a reference to a record that is not there."""
    into = known.merged_into.get((record_type, record_id))
    hint = f" It was merged into '{into}': refer to that one." if into else ""
    return f"There is no record '{record_id}' among the {record_type}.{hint}"


def _conflicts(record_type: RecordType, document: Document, known: Known) -> Iterator[Issue]:
    """What is wrong between a document and the records it refers to, as far as these exist."""
    if record_type.name in ("speakers", "places"):
        try:
            known.root(record_type.name, document["id"])
        except ValueError as circle:
            yield Issue(f"Belongs to itself: {circle}.", "/part_of")
        except LookupError:
            pass  # a reference further up leads nowhere, which is an issue of that document
    if record_type.name == "speakers":
        for position, office in enumerate(document["offices"]):
            if (office["organization"] or {}).get("id") == document["id"]:
                yield Issue("Nobody holds an office in himself.", f"/offices/{position}/organization/id")
    if record_type.name == "agreements":
        for position, relation in enumerate(document["relations"]):
            if relation["agreement"]["id"] == document["id"]:
                yield Issue("An agreement can't stand in relation to itself.", f"/relations/{position}/agreement/id")
    if record_type.name == "statements":
        yield from _statement_conflicts(document, known)


def _statement_conflicts(statement: Document, known: Known) -> Iterator[Issue]:
    for position, link in enumerate(statement["links"]):
        if link["statement"]["id"] == statement["id"]:
            yield Issue("A statement can't be linked to itself.", f"/links/{position}/statement/id")
    for position, reference in enumerate(statement["agreements"]):
        agreement = known.get("agreements", reference["agreement"]["id"])
        if agreement is None or reference["provision"] is None:
            continue
        if reference["provision"] not in [provision["number"] for provision in agreement.document["provisions"]]:
            where = f"/agreements/{position}/provision"
            yield Issue(f"'{reference['agreement']['id']}' has no provision {reference['provision']}.", where)
    for position, report in enumerate(statement["reports"]):
        article = known.get("articles", report["article"]["id"])
        if article is not None:
            yield from _report_conflicts(f"/reports/{position}", report, article.document)


def _report_conflicts(pointer: str, report: Document, article: Document) -> Iterator[Issue]:
    publisher = article["publisher"]["id"] if article["publisher"] else None
    for position, link in enumerate(report["chain"]):
        if link["role"] == "published" and link["agent"]["id"] != publisher:
            where = f"{pointer}/chain/{position}/agent/id"
            yield Issue(f"The publisher of '{article['id']}' is {publisher or 'not known'}.", where)
    for position, span in enumerate(report["evidence"]):
        if span["end"] > article["length"]:
            where = f"{pointer}/evidence/{position}/end"
            yield Issue(f"Lies beyond the text of '{article['id']}', which has {article['length']} characters.", where)


def _claimed_twice(record_type: RecordType, document: Document, known: Known) -> Iterator[Issue]:
    for pointer, claim in claims_of(record_type.name, document):
        holder = known.claimed.get(record_type.name, {}).get(claim, document["id"])
        if holder != document["id"]:
            yield Issue(f"Is already that of '{holder}'.", pointer)
