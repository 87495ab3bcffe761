"""From a validated document to the representation that readers get: names filled in, derived fields computed."""

import hashlib

import orjson

from api.documents.record_types import Document, RecordType
from api.evidence.quoting import shown
from api.lookups.known import Known
from api.records.attribution import first_hand_for
from schemas.dumping import dumper
from schemas.fields import Reference
from schemas.loading import load
from schemas.records.offices import OfficeReference
from schemas.values import dates
from schemas.walking import walk


def complete(record_type: RecordType, document: Document, known: Known) -> Document:
    """Fill in, in place, what the service owns except the times; return the document back."""
    for visit in walk(record_type.schema, document, only=(Reference, OfficeReference)):
        if isinstance(visit.field, Reference):
            visit.value["name"] = known.label(visit.field.record_type, visit.value["id"])
        elif isinstance(visit.field, OfficeReference):
            visit.value["title"] = known.offices(visit.holder["speaker"]["id"])[visit.value["id"]]["title"]
    if record_type.name == "statements":
        _derive(document, known)
    return document


def _derive(statement: Document, known: Known) -> None:
    earliest, latest = dates.parse(statement["date"])
    statement["date_earliest"] = None if earliest == dates.FIRST_DAY else earliest.isoformat()
    statement["date_latest"] = None if latest == dates.LAST_DAY else latest.isoformat()
    for report in statement["reports"]:
        own = first_hand_for(statement, report, known)
        report["first_hand_for"] = [_reference(speaker, known) for speaker in own]
        report["first_hand"] = len(own) == len(statement["speakers"])
        for span in report["evidence"]:
            span.update(shown(span, known.text(report["article"]["id"])))
    own_somewhere = {own["id"] for report in statement["reports"] for own in report["first_hand_for"]}
    statement["first_hand"] = any(report["first_hand"] for report in statement["reports"])
    statement["first_hand_for"] = [
        _reference(item["speaker"]["id"], known)
        for item in statement["speakers"]
        if item["speaker"]["id"] in own_somewhere
    ]
    statement.update(with_unshown_parts(statement, known))


def with_unshown_parts(statement: Document, known: Known) -> Document:
    """A statement that was completed, or is stored, with what the tables of its parts hold and nobody is shown."""
    events = [event for event in (statement["event"], *statement["about_events"]) if event is not None]
    agreements = {item["agreement"]["id"]: item["agreement"] for item in statement["agreements"]}
    return {
        **statement,
        "events": list({event["id"]: event for event in events}.values()),
        "speakers_on_agreements": [
            {"speaker": item["speaker"], "agreement": agreement}
            for item in statement["speakers"]
            for agreement in agreements.values()
        ],
        "reports": [
            {
                **report,
                "publisher": known.require("articles", report["article"]["id"]).document["publisher"],
                "attributions": statement["speakers"],
            }
            for report in statement["reports"]
        ],
    }


def _reference(speaker: str, known: Known) -> Document:
    return {"id": speaker, "name": known.label("speakers", speaker)}


def render(record_type: RecordType, document: Document, created_at: str, updated_at: str) -> bytes:
    """The JSON of a completed document, in UTF-8, keys in the schema's order."""
    return orjson.dumps(dumper(record_type.schema)({**document, "created_at": created_at, "updated_at": updated_at}))


def own_content(record_type: RecordType, body: bytes) -> bytes:
    """What of a representation its writer has written, the rest being the service's."""
    return orjson.dumps(load(record_type.schema, orjson.loads(body)))


def etag(body: bytes) -> str:
    """A strong entity tag (RFC 9110, 8.8.3) of these bytes, quotes included."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
