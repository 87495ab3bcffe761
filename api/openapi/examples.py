"""Example records for the contract: real ones, rendered from the corpus that comes with the program."""

from functools import cache
from typing import Any

import orjson

from api.bulk import exporting
from api.bulk.folders import LOADABLE, seed_corpus
from api.documents.record_types import RECORD_TYPES, Document
from api.drafting import documents, drafts
from api.drafting.names import KnownName
from api.lookups.known import Known
from api.openapi.components import RECORDS
from api.records.rendering import complete, own_content, render
from schemas.records import vocabularies

DRAFT_REQUEST = {"text": "رحب غوتيريش بدور روسيا.", "published": "2020-12-04"}
STORED = "2026-11-21T09:00:00.000000Z"

CHOSEN = {
    "statements": "guterres-welcomes-russia-role-karabakh-2020-12",
    "speakers": "stephane-dujarric",
    "agreements": "ceasefire-2022-09-14",
    "communiques": "lavrov-guterres-call-readout-2020-12-04",
    "events": "lavrov-guterres-call-2020-12",
    "places": "sochi",
    "articles": "vision-group-lavrov-guterres-2020",
    "readings": "vision-group-lavrov-guterres-2020",
    "vocabularies": "credit-roles",
}
"""A telling record of each record type that is short enough to read."""


EXPORTED = "al-jazeera-reports-renewed-clashes-2022-09-15"
"""A statement of few words, for a line that holds all of it."""


@cache
def examples() -> dict[str, Any]:
    """The chosen record of each record type, as a GET would give it."""
    return {record_type: _served(record_type, chosen) for record_type, chosen in CHOSEN.items()}


def exported() -> Any:
    """The statement of an exported line, shortened."""
    return shortened(_served("statements", EXPORTED))


def shortened(value: Any) -> Any:
    """A part of an example that stands whole elsewhere in the contract: of each list the first item, of each text two languages."""
    if isinstance(value, dict):
        kept = [key for key in ("ar", "en") if key in value] or value
        return {key: shortened(value[key]) for key in kept}
    return [shortened(item) for item in value[:1]] if isinstance(value, list) else value


def _served(record_type: str, record_id: str) -> Any:
    known = _known()
    return _rendered(record_type, known.require(record_type, record_id).document, known)


@cache
def _known() -> Known:
    """All records of the corpus."""
    corpus = {record_type: _documents(record_type) for record_type in LOADABLE} | {
        "vocabularies": list(vocabularies.documents().values())
    }
    known = Known()
    known.add(
        {
            record_type: [RECORD_TYPES[record_type].schema.load(document) for document in documents]
            for record_type, documents in corpus.items()
        }
    )
    return known


@cache
def written_examples() -> dict[str, Any]:
    """The chosen records as a client may write them, without what the service adds."""
    return {
        record_type: orjson.loads(own_content(RECORD_TYPES[record_type], orjson.dumps(document)))
        for record_type, document in examples().items()
    }


def shared_examples() -> dict[str, Any]:
    """The components of examples: each record as it is served, as it is sent, and what a merge patch of it may be."""
    records: dict[str, Any] = {RECORDS[record_type]: record for record_type, record in examples().items()}
    bodies = {f"{RECORDS[record_type]}Body": document for record_type, document in written_examples().items()}
    patches = {f"{RECORDS[record_type]}Patch": _patch(record_type) for record_type in CHOSEN}
    line = exporting.lines("places", [orjson.dumps(examples()["places"])]).decode()
    values = {
        **records,
        **bodies,
        **patches,
        "Merger": {"into": CHOSEN["speakers"]},
        "Line": line,
        "DraftRequest": DRAFT_REQUEST,
    }
    return {name: {"value": value} for name, value in values.items()}


def drafted() -> Any:
    """The draft of the example text, with the names of those records of the corpus that it mentions."""
    mentioned = [(kind, _known().require(kind, record).document) for kind, record in _MENTIONED]
    names = [
        KnownName(name["value"], kind, document["id"], document["name"], False)
        for kind, document in mentioned
        for name in document["aliases"]
    ]
    draft = drafts.draft(DRAFT_REQUEST["text"], drafts.About(published=DRAFT_REQUEST["published"]), lambda words: names)
    draft["article"] |= {"known": None, "text": None}
    for statement in draft["statements"]:
        del statement["rules"]
    return draft


def drafted_lines() -> str:
    """The same draft as the first of the lines of an import."""
    return orjson.dumps(next(documents.lines(drafted())), option=orjson.OPT_APPEND_NEWLINE).decode()


_MENTIONED = (("speakers", "antonio-guterres"),)


def _patch(record_type: str) -> Any:
    if record_type == "statements":
        return {"summary": {"en": "The same in other words"}, "event": None}
    others = {"articles": {"rights": "All rights reserved"}, "readings": {"extent": "whole"}}
    return others.get(record_type, {"name": {"en": "Another name"}})


def owners() -> dict[str, str]:
    """For each record type with statements, the record to which the example statement belongs."""
    statement = examples()["statements"]
    return {
        "speakers": statement["speakers"][0]["speaker"]["id"],
        "agreements": statement["agreements"][0]["agreement"]["id"],
        "communiques": statement["communique"]["id"],
        "events": statement["event"]["id"],
        "places": statement["places"][0]["id"],
        "articles": statement["reports"][0]["article"]["id"],
    }


def _documents(record_type: str) -> list[Document]:
    return [
        orjson.loads(file.read_bytes())
        for file in (seed_corpus() / record_type).iterdir()
        if file.name.endswith(".json")
    ]


def _rendered(record_type: str, document: Document, known: Known) -> Any:
    return orjson.loads(
        render(RECORD_TYPES[record_type], complete(RECORD_TYPES[record_type], document, known), STORED, STORED)
    )
