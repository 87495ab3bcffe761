"""The documents of the corpus as their schemas read them, without a database."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fixtures
from api.documents.record_types import RECORD_TYPES

Document = dict[str, Any]

FOLDER = Path(fixtures.__file__).parent
FILES = sorted(FOLDER.glob("*/*.json"))


@cache
def records(record_type: str) -> dict[str, Document]:
    """Every document of a record type, by id."""
    schema = RECORD_TYPES[record_type].schema
    loaded = (schema.load(json.loads(file.read_bytes())) for file in sorted((FOLDER / record_type).glob("*.json")))
    return {document["id"]: document for document in loaded}


def reports_of(statement: Document) -> Iterator[tuple[Document, Document]]:
    """The reports of a statement, each with its article."""
    for report in statement["reports"]:
        yield report, records("articles")[report["article"]["id"]]


def reported() -> Iterator[tuple[Document, Document, Document]]:
    """Every report of the corpus: its statement, the report, and its article."""
    for statement in records("statements").values():
        for report, article in reports_of(statement):
            yield statement, report, article


def ids(references: list[Document]) -> set[str]:
    """The ids of a list of references."""
    return {reference["id"] for reference in references}


def speakers_of(statement: Document) -> set[str]:
    """The ids of the speakers of a statement."""
    return {item["speaker"]["id"] for item in statement["speakers"]}
