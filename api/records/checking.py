"""What documents must be to each other, beyond what each one's schema can tell."""

from collections.abc import Iterator
from typing import Any

from api.failures import DocumentMistake
from api.records.directory import Directory
from api.records.nouns import Document, Noun
from schemas.fields import Reference
from schemas.offices import OfficeReference
from schemas.walking import walk


def mistakes_between(noun: Noun, document: Document, directory: Directory, source: str) -> list[DocumentMistake]:
    """Every way in which a valid document does not fit the records around it."""
    dangling = [DocumentMistake(source, pointer, detail) for pointer, detail in _dangling(noun, document, directory)]
    if dangling:
        return dangling  # the checks below follow references
    return [DocumentMistake(source, pointer, detail) for pointer, detail in _misfits(noun, document, directory)]


def _dangling(noun: Noun, document: Document, directory: Directory) -> Iterator[tuple[str, str]]:
    for visit in walk(noun.schema, document):
        if isinstance(visit.field, Reference) and directory.get(visit.field.noun, visit.value["id"]) is None:
            yield f"{visit.pointer}/id", f"There is no record '{visit.value['id']}' among the {visit.field.noun}."
        elif isinstance(visit.field, OfficeReference):
            holder = visit.holder["speaker"]["id"]
            if directory.get("speakers", holder) is not None and visit.value["id"] not in directory.offices(holder):
                yield f"{visit.pointer}/id", f"'{holder}' has no office '{visit.value['id']}'."


def _misfits(noun: Noun, document: Document, directory: Directory) -> Iterator[tuple[str, str]]:
    if noun.name in ("speakers", "places") and document["part_of"] is not None:
        try:
            directory.root(noun.name, document["id"])
        except ValueError as circle:
            yield "/part_of", f"Belongs to itself: {circle}."
        except LookupError as missing:
            yield "/part_of", f"Leads to a record that does not exist: {missing}."
    if noun.name == "agreements":
        for position, relation in enumerate(document["relations"]):
            if relation["agreement"]["id"] == document["id"]:
                yield f"/relations/{position}/agreement/id", "An agreement can't stand in relation to itself."
    if noun.name == "statements":
        yield from _statement_misfits(document, directory)


def _statement_misfits(statement: Document, directory: Directory) -> Iterator[tuple[str, str]]:
    for position, link in enumerate(statement["links"]):
        if link["statement"]["id"] == statement["id"]:
            yield f"/links/{position}/statement/id", "A statement can't be linked to itself."
    for position, reference in enumerate(statement["agreements"]):
        points = [
            p["number"] for p in directory.require("agreements", reference["agreement"]["id"]).document["provisions"]
        ]
        if reference["provision"] is not None and reference["provision"] not in points:
            yield (
                f"/agreements/{position}/provision",
                f"'{reference['agreement']['id']}' has no provision {reference['provision']}.",
            )
    for position, report in enumerate(statement["reports"]):
        yield from _report_misfits(f"/reports/{position}", report, directory)


def _report_misfits(pointer: str, report: dict[str, Any], directory: Directory) -> Iterator[tuple[str, str]]:
    article = directory.require("articles", report["article"]["id"]).document
    publisher = article["publisher"]["id"] if article["publisher"] else None
    for position, link in enumerate(report["chain"]):
        if link["role"] == "published" and link["agent"]["id"] != publisher:
            yield (
                f"{pointer}/chain/{position}/agent/id",
                f"The publisher of '{article['id']}' is {publisher or 'not known'}.",
            )
    for position, span in enumerate(report["evidence"]):
        if span["end"] > article["length"]:
            yield (
                f"{pointer}/evidence/{position}/end",
                f"Lies beyond the text of '{article['id']}', which has {article['length']} characters.",
            )
