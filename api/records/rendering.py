"""From a validated document to the representation that readers get: names filled in, derived fields computed."""

import hashlib
from typing import Any

import orjson

from api.documents.record_types import Document, RecordType
from api.evidence.quoting import shown
from api.records.attribution import first_hand_for
from api.records.lookups import Directory
from schemas import dates
from schemas.fields import Multilingual, Reference, Text
from schemas.offices import OfficeReference
from schemas.vocabularies import Term, labels
from schemas.walking import walk


def complete(record_type: RecordType, document: Document, directory: Directory) -> Document:
    """Fill in, in place, what the service owns except the times; give the document back."""
    for visit in walk(record_type.schema, document):
        if isinstance(visit.field, Reference):
            visit.value["name"] = directory.label(visit.field.record_type, visit.value["id"])
        elif isinstance(visit.field, OfficeReference):
            visit.value["title"] = directory.offices(visit.holder["speaker"]["id"])[visit.value["id"]]["title"]
    if record_type.name == "statements":
        _derive(document, directory)
    return document


def _derive(statement: Document, directory: Directory) -> None:
    earliest, latest = dates.parse(statement["date"])
    statement["date_earliest"] = None if earliest == dates.FIRST_DAY else earliest.isoformat()
    statement["date_latest"] = None if latest == dates.LAST_DAY else latest.isoformat()
    events = [event for event in (statement["event"], *statement["about_events"]) if event is not None]
    statement["events"] = list({event["id"]: event for event in events}.values())
    agreements = {item["agreement"]["id"]: item["agreement"] for item in statement["agreements"]}
    statement["speakers_on_agreements"] = [
        {"speaker": item["speaker"], "agreement": agreement}
        for item in statement["speakers"]
        for agreement in agreements.values()
    ]
    for report in statement["reports"]:
        report["publisher"] = directory.require("articles", report["article"]["id"]).document["publisher"]
        own = first_hand_for(statement, report, directory)
        report["first_hand_for"] = [_reference(speaker, directory) for speaker in own]
        report["first_hand"] = len(own) == len(statement["speakers"])
        report["attributions"] = statement["speakers"]
        for span in report["evidence"]:
            span.update(shown(span, directory.text(report["article"]["id"])))
    own_somewhere = {own["id"] for report in statement["reports"] for own in report["first_hand_for"]}
    statement["first_hand"] = any(report["first_hand"] for report in statement["reports"])
    statement["first_hand_for"] = [
        _reference(item["speaker"]["id"], directory)
        for item in statement["speakers"]
        if item["speaker"]["id"] in own_somewhere
    ]


def _reference(speaker: str, directory: Directory) -> dict[str, Any]:
    return {"id": speaker, "name": directory.label("speakers", speaker)}


def render(record_type: RecordType, document: Document, created_at: str, updated_at: str) -> bytes:
    """The JSON of a completed document, in UTF-8, keys in the schema's order."""
    return orjson.dumps(record_type.schema.dump({**document, "created_at": created_at, "updated_at": updated_at}))


def own_content(record_type: RecordType, body: bytes) -> bytes:
    """What of a representation its writer has written, the rest being the service's."""
    return orjson.dumps(record_type.schema.load(orjson.loads(body)))


def etag(body: bytes) -> str:
    """A strong entity tag (RFC 9110, 8.8.3) of these bytes, quotes included."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


NOT_NAMES = {"articles", "statements"}
"""Record types whose records have no names: a title or summary speaks of more than what refers to it."""


SEARCHED_VOCABULARIES = {
    *("acts", "topics", "measures", "agreement-references", "agreement-relations", "agreement-statuses"),
    *("speaker-kinds", "agreement-kinds", "communique-kinds", "event-kinds", "place-kinds"),
}
"""Those whose terms readers look for by name. The others tell how something is known or was annotated."""


def searchable(record_type: RecordType, document: Document, directory: Directory) -> list[str]:
    """The texts by which a record is found: its own, the labels of its terms, and the names of whatever it refers to."""
    texts: dict[str, None] = {}
    for visit in walk(record_type.schema, document):
        if isinstance(visit.field, Reference):
            if visit.field.record_type in NOT_NAMES:
                continue
            texts.update(dict.fromkeys(directory.names(visit.field.record_type, visit.value["id"])))
        elif isinstance(visit.field, OfficeReference):
            texts.update(dict.fromkeys(visit.value["title"].values()))
        elif isinstance(visit.field, Multilingual):
            texts.update(dict.fromkeys(visit.value.values()))
        elif isinstance(visit.field, Term):
            if visit.field.vocabulary in SEARCHED_VOCABULARIES:
                texts.update(dict.fromkeys(labels(visit.field.vocabulary)[visit.value].values()))
        elif isinstance(visit.field, Text) and visit.field.metadata.get("searchable"):
            texts[visit.value] = None
    texts.update(dict.fromkeys(_quotations(document)))
    return list(texts)


def articles_quoted(document: Document) -> list[str]:
    """The articles whose words a document may show."""
    return [report["article"]["id"] for report in document.get("reports", ())]


def _quotations(document: Document) -> list[str]:
    spans = (span for report in document.get("reports", ()) for span in report["evidence"])
    return [span["quotation"] for span in spans if span["quotation"] is not None]
