"""Documents to test with: a small world of records that fit together, and ways to change, write and recognise it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from api.documents.record_types import RECORD_TYPES
from api.models import TABLES

Document = dict[str, Any]
World = dict[str, dict[str, Document]]

NOTHING: Any = object()
"""Given as a value, it stands for leaving the key out."""


def ref(record_id: str) -> Document:
    return {"id": record_id}


def person(record_id: str, name: str, **more: Any) -> Document:
    return {"id": record_id, "kind": "person", "name": {"en": name}, **more}


def body(record_id: str, name: str, **more: Any) -> Document:
    return {"id": record_id, "kind": "government-body", "name": {"en": name}, **more}


def office(office_id: str, organization: str, **more: Any) -> Document:
    return {"id": office_id, "title": {"en": office_id.title()}, "organization": ref(organization), **more}


def link(agent: str, role: str) -> Document:
    return {"agent": ref(agent), "role": role}


def report(*chain: tuple[str, str], article: str = "page") -> Document:
    return {
        "article": ref(article),
        "chain": [link(agent, role) for agent, role in chain],
        "mode": "indirect",
        "evidence": [{"start": 10, "end": 40, "sha256": "ab" * 32}],
    }


def statement(record_id: str, speaker: str, *reports: Document, **more: Any) -> Document:
    return {
        "id": record_id,
        "speakers": [{"speaker": ref(speaker), "capacity": "author"}],
        "act": "welcome",
        "summary": {"en": f"The summary of {record_id}"},
        "date": "2020-12-04",
        "date_basis": "stated",
        "reports": list(reports) or [report((speaker, "spoke"), ("outlet", "published"))],
        **more,
    }


def world() -> World:
    """A new copy of a few records of every record type that fit together, in the form that fixtures have.

    Between them they fill every table. The minister speaks for North, the premier for South.
    """
    return {
        record_type: {document["id"]: document for document in documents}
        for record_type, documents in {
            "speakers": _speakers(),
            "places": _places(),
            "events": [_talks()],
            "agreements": _agreements(),
            "communiques": [_readout()],
            "articles": [_page()],
            "readings": [_reading()],
            "statements": _statements(),
        }.items()
    }


def _speakers() -> list[Document]:
    return [
        {"id": "north", "kind": "state", "name": {"ar": "الشمال", "en": "North"}},
        body("north-ministry", "Ministry of the North", part_of=ref("north")),
        person(
            "minister",
            "Ivan Petrov",
            aliases=[{"value": "بتروف", "lang": "ar", "kind": "variant"}],
            identifiers=[{"scheme": "wikidata", "value": "Q1"}],
            offices=[
                office("foreign-minister", "north-ministry", **{"from": "2015"}),
                office("envoy", "north", **{"from": "2010", "to": "2014"}),
            ],
        ),
        {"id": "south", "kind": "state", "name": {"en": "South"}},
        person("premier", "Maria Sanchez", offices=[office("prime-minister", "south", **{"from": "2018"})]),
        {"id": "outlet", "kind": "media", "name": {"en": "The Outlet"}},
        {"id": "agency", "kind": "media", "name": {"en": "The Agency"}},
    ]


def _places() -> list[Document]:
    return [
        {"id": "land", "kind": "country", "name": {"en": "Land"}, "iso_3166": "AM"},
        {
            "id": "town",
            "kind": "city",
            "name": {"en": "Town"},
            "part_of": ref("land"),
            "coordinates": {"latitude": 39.5, "longitude": -46.75},
            "aliases": [{"value": "Urbs", "lang": "la", "kind": "variant", "used_by": ref("south")}],
            "identifiers": [{"scheme": "wikidata", "value": "Q2"}],
        },
    ]


def _reading() -> Document:
    return {
        "id": "first-reading",
        "article": ref("page"),
        "extent": "whole",
        "guide": "1",
        "read_by": "The desk",
        "date": "2021-01",
        "note": {"en": "The first reading"},
    }


def _talks() -> Document:
    return {
        "id": "talks",
        "kind": "call",
        "name": {"en": "Talks by telephone"},
        "aliases": [{"value": "The call", "lang": "en", "kind": "variant"}],
        "identifiers": [{"scheme": "wikidata", "value": "Q3"}],
        "date": "2020-12-04",
        "date_basis": "stated",
        "place": ref("town"),
        "participants": [{"speaker": ref("minister"), "office": ref("foreign-minister"), "role": "participant"}],
    }


def _agreements() -> list[Document]:
    return [
        {
            "id": "truce",
            "kind": "ceasefire",
            "status": "in-force",
            "name": {"en": "The truce"},
            "aliases": [{"value": "The armistice", "lang": "en", "kind": "variant"}],
            "identifiers": [{"scheme": "pa-x", "value": "1"}],
            "milestones": [{"kind": "signed", "date": "2020-11-09", "place": ref("town")}],
            "parties": [ref("north"), ref("south")],
            "signatories": [{"speaker": ref("premier"), "office": ref("prime-minister"), "on_behalf_of": ref("south")}],
            "mediators": [ref("north")],
            "provisions": [
                {"number": 1, "summary": {"en": "Guns fall silent"}},
                {"number": 2, "summary": {"en": "Roads open"}},
            ],
        },
        {
            "id": "treaty",
            "kind": "peace-treaty",
            "status": "proposed",
            "name": {"en": "The treaty"},
            "relations": [{"relation": "builds-on", "agreement": ref("truce")}],
        },
    ]


def _readout() -> Document:
    return {
        "id": "readout",
        "kind": "readout",
        "name": {"en": "Readout of the talks"},
        "issuers": [ref("north-ministry")],
        "date": "2020-12-04",
        "date_basis": "dateline",
        "event": ref("talks"),
    }


def _page() -> Document:
    return {
        "id": "page",
        "title": "Minister speaks by telephone",
        "publisher": ref("outlet"),
        "publisher_basis": "stated",
        "credits": [{"agency": ref("agency"), "role": "text"}],
        "published": "2020-12-05",
        "date_basis": "stated",
        "language": "en",
        "rights": "All rights with the publisher",
        "sha256": "cd" * 32,
        "length": 1000,
    }


def _statements() -> list[Document]:
    return [
        statement(
            "minister-welcomes",
            "minister",
            report(("north-ministry", "issued"), ("agency", "relayed"), ("outlet", "published")),
            speakers=[{"speaker": ref("minister"), "office": ref("foreign-minister"), "capacity": "author"}],
            on_behalf_of=[ref("north")],
            addressees=[ref("premier")],
            targets=[ref("south")],
            communique=ref("readout"),
            event=ref("talks"),
            about_events=[ref("talks")],
            agreements=[{"agreement": ref("truce"), "relation": "welcomes", "provision": 2, "label": "the deal"}],
            topics=["ceasefire"],
            places=[ref("town")],
            figures=[_figure()],
        ),
        statement(
            "premier-answers",
            "premier",
            links=[{"relation": "responds-to", "statement": ref("minister-welcomes")}],
        ),
    ]


def _figure() -> Document:
    return {
        "measure": "soldiers-killed",
        "value": 105,
        "unit": "people",
        "bound": "exact",
        "claimant": ref("minister"),
        "party": ref("south"),
        "period": "2020-11",
        "event": ref("talks"),
    }


def changed(document: Document, pointer: str, value: Any) -> Document:
    """A copy of a document with another value at a JSON pointer; `-` as a last step appends to a list."""
    copy = deepcopy(document)
    *steps, last = pointer.removeprefix("/").split("/")
    holder: Any = copy
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    if last == "-":
        holder.append(value)
    elif isinstance(holder, list):
        holder[int(last)] = value
    elif value is NOTHING:
        del holder[last]
    else:
        holder[last] = value
    return copy


def change(of: World, record: str, pointer: str, value: Any) -> None:
    """Change one document, named `record type/id`, of a world in place."""
    record_type, record_id = record.split("/")
    of[record_type][record_id] = changed(of[record_type][record_id], pointer, value)


def write(of: Mapping[str, Mapping[str, Document]], folder: Path) -> Path:
    """Write documents as fixtures: a folder for each record type, a file for each record."""
    for record_type, documents in of.items():
        (folder / record_type).mkdir(parents=True, exist_ok=True)
        for stem, document in documents.items():
            (folder / record_type / f"{stem}.json").write_text(
                json.dumps(document, ensure_ascii=False), encoding="utf-8"
            )
    return folder


class Version(NamedTuple):
    """What tells one state of a stored record from another."""

    etag: str
    updated_at: str


def versions() -> dict[str, Version]:
    """The version of every stored record by `record type/id`, vocabularies left out."""
    found: dict[str, Version] = {}
    for name, record_type in RECORD_TYPES.items():
        if name != "vocabularies":
            stored: Any = record_type.table.select(
                record_type.table.id, record_type.table.etag, record_type.table.updated_at
            ).tuples()
            found.update({f"{name}/{record_id}": Version(etag, updated_at) for record_id, etag, updated_at in stored})
    return found


def row_counts() -> dict[str, int]:
    """How many rows each table holds."""
    return {table._meta.table_name: table.select().count() for table in TABLES}
