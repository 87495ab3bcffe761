"""What documents must be to each other, beyond what each one's schema can tell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from peewee import chunked

from api.changelog.tombstones import merged_away
from api.documents.record_types import RECORD_TYPES, Claim, Document, RecordType, claims_of
from api.errors import Issue
from api.models.articles import Article
from api.models.base import owner_of, tuples
from api.records.lookups import Directory
from schemas.fields import Reference
from schemas.offices import OfficeReference
from schemas.walking import walk

Batch = Mapping[str, list[Document]]
"""Documents by record type."""
Sources = Mapping[tuple[str, str], str | None]
"""Where the document of each (record type, id) came from; None for the body of the request."""


def issues_of(batch: Batch, directory: Directory, sources: Sources) -> list[Issue]:
    """Every way in which valid documents do not fit each other and the stored records."""
    issues: list[Issue] = []
    for name, documents in batch.items():
        taken = _taken(name, documents, directory)
        new = {document["id"] for document in documents if directory.is_new(name, document["id"])}
        merged = dict(merged_away(name, new))
        for document in documents:
            source = sources.get((name, document["id"]), f"{name}/{document['id']}")
            found = [
                *dangling_of(RECORD_TYPES[name], document, directory),
                *_conflicts(RECORD_TYPES[name], document, directory),
            ]
            found += _claimed_twice(name, document, taken)
            if document["id"] in merged:
                found.append(Issue(f"Was merged into '{merged[document['id']]}': write to that one.", "/id"))
            issues += [replace(issue, document=source) for issue in found]
    return issues


def dangling_of(record_type: RecordType, document: Document, directory: Directory) -> Iterator[Issue]:
    """The references of a document that lead nowhere; it may be the valid part of an invalid one."""
    for visit in walk(record_type.schema, document):
        if not isinstance(visit.field, Reference | OfficeReference) or "id" not in visit.value:
            continue
        if isinstance(visit.field, Reference) and not directory.has(visit.field.record_type, visit.value["id"]):
            yield Issue(nowhere(visit.field.record_type, visit.value["id"]), f"{visit.pointer}/id")
        if isinstance(visit.field, OfficeReference):
            holder = visit.holder.get("speaker", {}).get("id")
            if (
                holder
                and directory.get("speakers", holder) is not None
                and visit.value["id"] not in directory.offices(holder)
            ):
                yield Issue(f"'{holder}' has no office '{visit.value['id']}'.", f"{visit.pointer}/id")


def nowhere(record_type: str, record_id: str) -> str:
    """What is to be said of a reference to a record that is not there."""
    said = f"There is no record '{record_id}' among the {record_type}."
    return said + "".join(
        f" It was merged into '{into}': refer to that one." for _, into in merged_away(record_type, [record_id])
    )


def _conflicts(record_type: RecordType, document: Document, directory: Directory) -> Iterator[Issue]:
    """What is wrong between a document and the records it refers to, as far as these exist."""
    if record_type.name in ("speakers", "places"):
        try:
            directory.root(record_type.name, document["id"])
        except ValueError as circle:
            yield Issue(f"Belongs to itself: {circle}.", "/part_of")
        except LookupError:
            pass  # somewhere above hangs a reference that is told where it stands
    if record_type.name == "speakers":
        for position, office in enumerate(document["offices"]):
            if (office["organization"] or {}).get("id") == document["id"]:
                yield Issue("Nobody holds an office in himself.", f"/offices/{position}/organization/id")
    if record_type.name == "agreements":
        for position, relation in enumerate(document["relations"]):
            if relation["agreement"]["id"] == document["id"]:
                yield Issue("An agreement can't stand in relation to itself.", f"/relations/{position}/agreement/id")
    if record_type.name == "statements":
        yield from _statement_conflicts(document, directory)


def _statement_conflicts(statement: Document, directory: Directory) -> Iterator[Issue]:
    for position, link in enumerate(statement["links"]):
        if link["statement"]["id"] == statement["id"]:
            yield Issue("A statement can't be linked to itself.", f"/links/{position}/statement/id")
    for position, reference in enumerate(statement["agreements"]):
        agreement = directory.get("agreements", reference["agreement"]["id"])
        if agreement is None or reference["provision"] is None:
            continue
        if reference["provision"] not in [provision["number"] for provision in agreement.document["provisions"]]:
            where = f"/agreements/{position}/provision"
            yield Issue(f"'{reference['agreement']['id']}' has no provision {reference['provision']}.", where)
    for position, report in enumerate(statement["reports"]):
        article = directory.get("articles", report["article"]["id"])
        if article is not None:
            yield from _report_conflicts(f"/reports/{position}", report, article.document)


def _report_conflicts(pointer: str, report: dict[str, Any], article: Document) -> Iterator[Issue]:
    publisher = article["publisher"]["id"] if article["publisher"] else None
    for position, link in enumerate(report["chain"]):
        if link["role"] == "published" and link["agent"]["id"] != publisher:
            where = f"{pointer}/chain/{position}/agent/id"
            yield Issue(f"The publisher of '{article['id']}' is {publisher or 'not known'}.", where)
    for position, span in enumerate(report["evidence"]):
        if span["end"] > article["length"]:
            where = f"{pointer}/evidence/{position}/end"
            yield Issue(f"Lies beyond the text of '{article['id']}', which has {article['length']} characters.", where)


def _taken(name: str, documents: list[Document], directory: Directory) -> dict[Claim, str]:
    """Who has what these documents claim: the first that arrives, or a stored record that does not."""
    taken: dict[Claim, str] = {}
    for document in documents:
        for _, claim in claims_of(name, document):
            taken.setdefault(claim, document["id"])
    taken |= directory.claimed(name, taken)
    stored = dict(stored_claims(name, taken))
    # An identifier that a record gives up here another may take; a digest is the article itself and never moves.
    giving_up = set() if name == "articles" else directory.arriving(name, stored.values())
    return taken | {claim: holder for claim, holder in stored.items() if holder not in giving_up}


def stored_claims(name: str, claims: Collection[Claim]) -> Iterator[tuple[Claim, str]]:
    """Which stored records have any of these, or something else of the same value."""
    record = RECORD_TYPES[name].table
    table = identifiers_of(name)
    for values in chunked(sorted({value for _, value in claims}), 500):
        if table is not None:
            held = table.select(table.scheme, table.value, record.id).join(
                record, on=(owner_of(table) == record.number)
            )
            yield from (
                ((scheme, value), holder) for scheme, value, holder in tuples(held.where(table.value.in_(values)))
            )
        elif name == "articles":
            digests = Article.select(Article.sha256, Article.id).where(Article.sha256.in_(values))
            yield from ((("sha256", value), holder) for value, holder in tuples(digests))


def identifiers_of(record_type: str) -> Any:
    """The table of the identifiers that records of a record type have; None when they have none."""
    return next((part.table for part in RECORD_TYPES[record_type].parts if part.key == "identifiers"), None)


def _claimed_twice(name: str, document: Document, taken: Mapping[Claim, str]) -> Iterator[Issue]:
    for pointer, claim in claims_of(name, document):
        if taken[claim] != document["id"]:
            yield Issue(f"Is already that of '{taken[claim]}'.", pointer)
