"""The record types of the API: for each its documents' schema, its table, and how a document becomes rows.

A column takes its value from the document's key of the same name; what differs is written out here and nowhere else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from api.models import agreements, articles, communiques, events, places, speakers, statements, vocabularies
from api.models.base import MOST_SPAN_DAYS, Record, Table
from schemas.fields import RecordSchema
from schemas.records.agreements import AgreementSchema
from schemas.records.articles import ArticleSchema
from schemas.records.communiques import CommuniqueSchema
from schemas.records.events import EventSchema
from schemas.records.places import PlaceSchema
from schemas.records.readings import ReadingSchema
from schemas.records.speakers import SpeakerSchema
from schemas.records.statements import StatementSchema
from schemas.records.vocabularies import VocabularySchema, labels
from schemas.values import dates

Document = dict[str, Any]
Values = dict[str, Any]


def _as_written(item: Any, position: int, document: Document) -> Values:
    return dict(item)


@dataclass(frozen=True)
class Part:
    """A list inside a document that has a table of its own. `row` names the values of one item by column."""

    key: str
    table: type[Table]
    row: Callable[[Any, int, Document], Values] = _as_written
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class RecordType:
    """A kind of record. `row` gives the values whose columns are not named like keys of the document."""

    name: str
    table: type[Record]
    schema: RecordSchema
    parts: tuple[Part, ...] = ()
    row: Callable[[Document], Values] = lambda document: {}
    label: Callable[[Document], dict[str, str]] = lambda document: dict(document["name"])

    @property
    def table_name(self) -> str:
        """The name of its table in SQL."""
        return str(self.table._meta.table_name)


def _span(earliest: date, latest: date) -> Values:
    """A range of days, and the one it is filed under, as columns."""
    day = latest if earliest == dates.FIRST_DAY and latest != dates.LAST_DAY else earliest
    return {"date_earliest": earliest.isoformat(), "date_latest": latest.isoformat(), "sort_day": day.isoformat()}


def _listed(column: str) -> Callable[[Any, int, Document], Values]:
    return lambda item, position, document: {column: item}


def _dated(document: Document) -> Values:
    return _span(*dates.parse(document["date"]))


def _statement(statement: Document) -> Values:
    days = _dated(statement)
    span = (date.fromisoformat(days["date_latest"]) - date.fromisoformat(days["sort_day"])).days
    bounded = days["date_earliest"] != dates.FIRST_DAY.isoformat() and span <= MOST_SPAN_DAYS
    return {**days, "span_days": span if bounded else None}


def _milestone(item: Any, position: int, document: Document) -> Values:
    return {**item, **_dated(item)}


def _milestone_days(agreement: Document) -> Values:
    known = [dates.parse(milestone["date"]) for milestone in agreement["milestones"]]
    known = known or [dates.Days(dates.FIRST_DAY, dates.LAST_DAY)]
    return _span(min(days.earliest for days in known), max(days.latest for days in known))


def _office(item: Any, position: int, document: Document) -> Values:
    held = dates.tenure(item["from"], item["to"])
    return {
        "id": item["id"],
        "organization": item["organization"],
        "earliest": held.earliest.isoformat(),
        "latest": held.latest.isoformat(),
    }


def _coordinates(place: Document) -> Values:
    return dict(place["coordinates"] or {})


def _provision(item: Any, position: int, document: Document) -> Values:
    return {"point": item["number"]}


def _placed(item: Any, position: int, document: Document) -> Values:
    return {**item, "position": position}


def _term(item: Any, position: int, vocabulary: Document) -> Values:
    return {
        "key": f"{vocabulary['id']}/{item['id']}",
        "position": position,
        "label": orjson.dumps(item["label"]).decode(),
    }


def _speaker(item: Any, position: int, statement: Document) -> Values:
    return {**item, "act": statement["act"]}


def _figure(item: Any, position: int, statement: Document) -> Values:
    days = dates.parse(item["period"]) if item["period"] else None
    return {
        **item,
        "period_earliest": days and days.earliest.isoformat(),
        "period_latest": days and days.latest.isoformat(),
    }


def _attributions(speaker: Any, position: int, report: Document) -> Values:
    first_hand = speaker["speaker"]["id"] in {own["id"] for own in report["first_hand_for"]}
    return {"speaker": speaker["speaker"], "first_hand": first_hand}


def _article_name(article: Document) -> dict[str, str]:
    return {article["language"]: article["title"]} if article["title"] else dict(article["supplied_title"])


def _published(article: Document) -> Values:
    return {"date": article["published"], **_span(*dates.parse(article["published"]))}


def _reading(reading: Document) -> Values:
    period = dates.parse(reading["period"]) if reading["period"] else None
    return {
        **_dated(reading),
        "period_earliest": period and period.earliest.isoformat(),
        "period_latest": period and period.latest.isoformat(),
    }


def _extent(reading: Document) -> dict[str, str]:
    return labels("reading-extents")[reading["extent"]]


def _statement_summary(statement: Document) -> dict[str, str]:
    return dict(statement["summary"])


_RECORD_TYPES = (
    RecordType("vocabularies", vocabularies.Vocabulary, VocabularySchema(), (Part("terms", vocabularies.Term, _term),)),
    RecordType(
        "speakers",
        speakers.Speaker,
        SpeakerSchema(),
        (
            Part("aliases", speakers.SpeakerAlias),
            Part("identifiers", speakers.SpeakerIdentifier),
            Part("offices", speakers.Office, _office),
        ),
    ),
    RecordType(
        "places",
        places.Place,
        PlaceSchema(),
        (Part("aliases", places.PlaceAlias), Part("identifiers", places.PlaceIdentifier)),
        row=_coordinates,
    ),
    RecordType(
        "events",
        events.Event,
        EventSchema(),
        (
            Part("aliases", events.EventAlias),
            Part("identifiers", events.EventIdentifier),
            Part("participants", events.Participant),
        ),
        row=_dated,
    ),
    RecordType(
        "agreements",
        agreements.Agreement,
        AgreementSchema(),
        (
            Part("aliases", agreements.AgreementAlias),
            Part("identifiers", agreements.AgreementIdentifier),
            Part("milestones", agreements.Milestone, _milestone),
            Part("parties", agreements.Party, _listed("speaker")),
            Part("signatories", agreements.Signatory),
            Part("mediators", agreements.Mediator, _listed("speaker")),
            Part("provisions", agreements.Provision, _provision),
            Part("relations", agreements.AgreementRelation),
        ),
        row=_milestone_days,
    ),
    RecordType(
        "communiques",
        communiques.Communique,
        CommuniqueSchema(),
        (Part("issuers", communiques.Issuer, _listed("speaker")),),
        row=_dated,
    ),
    RecordType(
        "articles",
        articles.Article,
        ArticleSchema(),
        (Part("credits", articles.Credit),),
        row=_published,
        label=_article_name,
    ),
    RecordType("readings", articles.Reading, ReadingSchema(), row=_reading, label=_extent),
    RecordType(
        "statements",
        statements.Statement,
        StatementSchema(),
        (
            Part("speakers", statements.StatementSpeaker, _speaker),
            Part("speakers_on_agreements", statements.SpeakerOnAgreement),
            Part("on_behalf_of", statements.OnBehalfOf, _listed("speaker")),
            Part("addressees", statements.Addressee, _listed("speaker")),
            Part("targets", statements.Target, _listed("speaker")),
            Part("agreements", statements.AgreementReference),
            Part("events", statements.EventReference, _listed("event")),
            Part("topics", statements.StatementTopic, _listed("topic")),
            Part("places", statements.StatementPlace, _listed("place")),
            Part("figures", statements.Figure, _figure),
            Part("links", statements.StatementLink),
            Part(
                "reports",
                statements.Report,
                parts=(
                    Part("chain", statements.ChainLink, _placed),
                    Part("attributions", statements.Attribution, _attributions),
                    Part("evidence", statements.Evidence),
                ),
            ),
        ),
        row=_statement,
        label=_statement_summary,
    ),
)

RECORD_TYPES: dict[str, RecordType] = {record_type.name: record_type for record_type in _RECORD_TYPES}
"""Every record type by name, each after the ones its own table refers to."""

NAMES_BY_TABLE: dict[type[Record], str] = {record_type.table: record_type.name for record_type in _RECORD_TYPES}
"""The names of the record types by their tables."""

Claim = tuple[str, str]
"""A scheme and a value that only one record of a record type may have."""


def claims_of(record_type: str, document: Document) -> Iterator[tuple[str, Claim]]:
    """What a document claims for its record alone, each with the JSON pointer to where."""
    for position, identifier in enumerate(document.get("identifiers", ())):
        yield f"/identifiers/{position}/value", (identifier["scheme"], identifier["value"])
    if record_type == "articles":
        yield "/sha256", ("sha256", document["sha256"])


RECORD_TYPE_OF_TABLE: dict[type[Record], str] = {record_type.table: record_type.name for record_type in _RECORD_TYPES}
