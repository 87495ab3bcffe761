"""All records as tidy tables with keys: one row for each thing, one column for each value, nothing joined by separators.

Each table is read from the documents of one record type. Its columns have the types of Frictionless Table Schema.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.records.vocabularies import term_ids

Document = Mapping[str, Any]
Row = tuple[Any, ...]

STRING, INTEGER, NUMBER, BOOLEAN, DATE = "string", "integer", "number", "boolean", "date"


@dataclass(frozen=True)
class Column:
    """A column: its type, the vocabulary of its terms or the table whose keys it holds, and whether it always has a value."""

    name: str
    type: str = STRING
    vocabulary: str | None = None
    refers_to: str | None = None
    required: bool = False

    @property
    def terms(self) -> list[str]:
        """The values that it can have, if it has terms."""
        return term_ids(self.vocabulary) if self.vocabulary else []


@dataclass(frozen=True)
class Table:
    """A table of what the documents of a record type hold. `key` names the columns that tell its rows apart."""

    name: str
    record_type: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[Document], Iterable[Row]]
    parent: tuple[tuple[str, ...], str, tuple[str, ...]] | None = None
    """Columns that together hold the key of a row of another table: here, the table, and there."""


def _key(name: str, refers_to: str | None = None, type: str = STRING) -> Column:
    return Column(name, type, refers_to=refers_to, required=True)


def _term(name: str, vocabulary: str) -> Column:
    return Column(name, vocabulary=vocabulary, required=True)


def _ref(name: str, refers_to: str) -> Column:
    return Column(name, refers_to=refers_to)


def _texts(name: str) -> tuple[Column, ...]:
    return Column(f"{name}_en"), Column(f"{name}_ar")


def _id(reference: Document | None) -> Any:
    return reference["id"] if reference else None


def _in_both(texts: Mapping[str, str] | None) -> Row:
    """A text in English and in Arabic."""
    return (texts or {}).get("en"), (texts or {}).get("ar")


def _statement(statement: Document) -> Iterator[Row]:
    dates = (statement[key] for key in ("date", "date_earliest", "date_latest", "date_basis"))
    referred = (_id(statement[key]) for key in ("communique", "event"))
    yield (
        statement["id"],
        *dates,
        statement["act"],
        *_in_both(statement["summary"]),
        *referred,
        statement["first_hand"],
    )


def _statement_speakers(statement: Document) -> Iterator[Row]:
    first_hand = {own["id"] for own in statement["first_hand_for"]}
    for item in statement["speakers"]:
        speaker = item["speaker"]["id"]
        yield statement["id"], speaker, _id(item["office"]), item["capacity"], speaker in first_hand


_PARTIES = {"on_behalf_of": "on_behalf_of", "addressees": "addressee", "targets": "target"}


def _statement_parties(statement: Document) -> Iterator[Row]:
    for key, role in _PARTIES.items():
        yield from ((statement["id"], role, each["id"]) for each in statement[key])


def _statement_agreements(statement: Document) -> Iterator[Row]:
    for number, each in enumerate(statement["agreements"], 1):
        keys = (each[key] for key in ("relation", "provision", "label"))
        yield (statement["id"], number, each["agreement"]["id"], *keys)


def _figures(statement: Document) -> Iterator[Row]:
    for number, each in enumerate(statement["figures"], 1):
        values = (each[key] for key in ("measure", "value", "unit", "bound"))
        yield (
            *(statement["id"], number, *values, _id(each["claimant"]), _id(each["party"])),
            *(each["period"], _id(each["event"])),
        )


def _reports(statement: Document) -> Iterator[Row]:
    for number, each in enumerate(statement["reports"], 1):
        yield statement["id"], number, each["article"]["id"], each["mode"], each["label"], each["first_hand"]


def _chain(statement: Document) -> Iterator[Row]:
    for number, report in enumerate(statement["reports"], 1):
        for position, link in enumerate(report["chain"], 1):
            yield statement["id"], number, position, link["agent"]["id"], link["role"]


def _listed(key: str) -> Callable[[Document], Iterator[Row]]:
    """A row for each reference or term in a list."""

    def rows(document: Document) -> Iterator[Row]:
        for each in document[key]:
            yield document["id"], each if isinstance(each, str) else each["id"]

    return rows


def _links(statement: Document) -> Iterator[Row]:
    return ((statement["id"], each["relation"], each["statement"]["id"]) for each in statement["links"])


def _speaker(speaker: Document) -> Iterator[Row]:
    wikidata = next((each["value"] for each in speaker["identifiers"] if each["scheme"] == "wikidata"), None)
    yield speaker["id"], speaker["kind"], *_in_both(speaker["name"]), _id(speaker["part_of"]), wikidata


def _offices(speaker: Document) -> Iterator[Row]:
    for each in speaker["offices"]:
        organization = _id(each["organization"])
        yield speaker["id"], each["id"], *_in_both(each["title"]), organization, each["from"], each["to"]


def _agreement(agreement: Document) -> Iterator[Row]:
    values = (agreement[key] for key in ("kind", "status", "status_as_of"))
    yield (agreement["id"], *values, *_in_both(agreement["name"]))


def _agreement_speakers(agreement: Document) -> Iterator[Row]:
    yield from ((agreement["id"], "party", each["id"]) for each in agreement["parties"])
    signatories = dict.fromkeys(each["speaker"]["id"] for each in agreement["signatories"])
    yield from ((agreement["id"], "signatory", each) for each in signatories)
    yield from ((agreement["id"], "mediator", each["id"]) for each in agreement["mediators"])


def _dated(document: Document) -> Row:
    return document["id"], document["kind"], *_in_both(document["name"]), document["date"], document["date_basis"]


def _communique(communique: Document) -> Iterator[Row]:
    yield (*_dated(communique), _id(communique["event"]))


def _event(event: Document) -> Iterator[Row]:
    yield (*_dated(event), _id(event["place"]))


def _participants(event: Document) -> Iterator[Row]:
    return ((event["id"], each["speaker"]["id"], each["role"]) for each in event["participants"])


def _place(place: Document) -> Iterator[Row]:
    coordinates = place["coordinates"] or {}
    yield (
        *(place["id"], place["kind"], *_in_both(place["name"]), _id(place["part_of"]), place["iso_3166"]),
        *(coordinates.get("latitude"), coordinates.get("longitude")),
    )


def _article(article: Document) -> Iterator[Row]:
    titles = (article["title"], *_in_both(article["supplied_title"]))
    values = (article[key] for key in ("published", "date_basis", "language", "length", "sha256", "rights"))
    yield (article["id"], *titles, _id(article["publisher"]), *values)


def _reading(reading: Document) -> Iterator[Row]:
    read = (_id(reading["article"]), _id(reading["publisher"]), reading["period"])
    values = (reading[key] for key in ("extent", "guide", "read_by", "date"))
    yield (reading["id"], *read, *values, *_in_both(reading["note"]))


_STATEMENT = _key("statement", "statements")
_FIRST_HAND = Column("first_hand", BOOLEAN, required=True)
_NUMBER = Column("number", INTEGER, required=True)
_NAME = _texts("name")

TABLES = (
    Table(
        "speakers",
        "speakers",
        "Whoever can make, issue or relay a statement.",
        (_key("id"), _term("kind", "speaker-kinds"), *_NAME, _ref("part_of", "speakers"), Column("wikidata")),
        ("id",),
        _speaker,
    ),
    Table(
        "offices",
        "speakers",
        "Dated roles of speakers. Dates are EDTF; without a beginning or an end it is not known.",
        (
            *(_key("speaker", "speakers"), _key("id"), *_texts("title"), _ref("organization", "speakers")),
            *(Column("from"), Column("to")),
        ),
        ("speaker", "id"),
        _offices,
    ),
    Table(
        "places",
        "places",
        "Places that statements speak of, and where events were.",
        (
            *(_key("id"), _term("kind", "place-kinds"), *_NAME, _ref("part_of", "places"), Column("iso_3166")),
            *(Column("latitude", NUMBER), Column("longitude", NUMBER)),
        ),
        ("id",),
        _place,
    ),
    Table(
        "events",
        "events",
        "The occasions on which things were said, and those they were said about.",
        (
            *(_key("id"), _term("kind", "event-kinds"), *_NAME, _key("date"), _term("date_basis", "date-bases")),
            _ref("place", "places"),
        ),
        ("id",),
        _event,
    ),
    Table(
        "event_participants",
        "events",
        "Who took part in an event.",
        (_key("event", "events"), _key("speaker", "speakers"), _term("role", "event-roles")),
        ("event", "speaker", "role"),
        _participants,
    ),
    Table(
        "agreements",
        "agreements",
        "What statements refer to.",
        (
            *(_key("id"), _term("kind", "agreement-kinds"), _term("status", "agreement-statuses")),
            *(Column("status_as_of"), *_NAME),
        ),
        ("id",),
        _agreement,
    ),
    Table(
        "agreement_speakers",
        "agreements",
        "The parties, signatories and mediators of agreements (`role`).",
        (_key("agreement", "agreements"), _key("role"), _key("speaker", "speakers")),
        ("agreement", "role", "speaker"),
        _agreement_speakers,
    ),
    Table(
        "communiques",
        "communiques",
        "The official texts in which statements stand.",
        (
            *(_key("id"), _term("kind", "communique-kinds"), *_NAME, _key("date"), _term("date_basis", "date-bases")),
            _ref("event", "events"),
        ),
        ("id",),
        _communique,
    ),
    Table(
        "communique_issuers",
        "communiques",
        "Who put a text out.",
        (_key("communique", "communiques"), _key("speaker", "speakers")),
        ("communique", "speaker"),
        _listed("issuers"),
    ),
    Table(
        "articles",
        "articles",
        "The source documents, without their words.",
        (
            *(_key("id"), Column("title"), *_texts("supplied_title"), _ref("publisher", "speakers")),
            *(_key("published"), _key("date_basis"), _key("language"), Column("length", INTEGER, required=True)),
            *(_key("sha256"), _key("rights")),
        ),
        ("id",),
        _article,
    ),
    Table(
        "readings",
        "readings",
        "What was read: an article, or a publisher and a period. What was not read is silent, which is not absence.",
        (
            *(_key("id"), _ref("article", "articles"), _ref("publisher", "speakers"), Column("period")),
            *(_term("extent", "reading-extents"), _key("guide"), _key("read_by"), _key("date"), *_texts("note")),
        ),
        ("id",),
        _reading,
    ),
    Table(
        "statements",
        "statements",
        "Who said what, when: one speech act each. `date` is EDTF; the days are the first and the last that it can mean.",
        (
            *(_key("id"), _key("date"), Column("date_earliest", DATE), Column("date_latest", DATE)),
            *(_term("date_basis", "date-bases"), _term("act", "acts"), *_texts("summary")),
            *(_ref("communique", "communiques"), _ref("event", "events"), _FIRST_HAND),
        ),
        ("id",),
        _statement,
    ),
    Table(
        "statement_speakers",
        "statements",
        "Who made a statement, in which office and capacity; `first_hand`: whether their own side put it out in some report.",
        (_STATEMENT, _key("speaker", "speakers"), Column("office"), _term("capacity", "capacities"), _FIRST_HAND),
        ("statement", "speaker"),
        _statement_speakers,
    ),
    Table(
        "statement_parties",
        "statements",
        "For whom and to whom a statement was made, and of whom it speaks (`role`: on_behalf_of, addressee, target).",
        (_STATEMENT, _key("role"), _key("speaker", "speakers")),
        ("statement", "role", "speaker"),
        _statement_parties,
    ),
    Table(
        "statement_agreements",
        "statements",
        "The agreements that a statement refers to, and how.",
        (
            *(_STATEMENT, _NUMBER, _key("agreement", "agreements"), _term("relation", "agreement-references")),
            *(Column("provision", INTEGER), Column("label")),
        ),
        ("statement", "number"),
        _statement_agreements,
    ),
    Table(
        "statement_events",
        "statements",
        "The events that a statement speaks of.",
        (_STATEMENT, _key("event", "events")),
        ("statement", "event"),
        _listed("about_events"),
    ),
    Table(
        "statement_places",
        "statements",
        "The places that a statement speaks of.",
        (_STATEMENT, _key("place", "places")),
        ("statement", "place"),
        _listed("places"),
    ),
    Table(
        "statement_topics",
        "statements",
        "What a statement is about.",
        (_STATEMENT, _term("topic", "topics")),
        ("statement", "topic"),
        _listed("topics"),
    ),
    Table(
        "statement_links",
        "statements",
        "How a statement refers to another one.",
        (_STATEMENT, _term("relation", "statement-relations"), _key("other", "statements")),
        ("statement", "relation", "other"),
        _links,
    ),
    Table(
        "figures",
        "statements",
        "Numbers that somebody put forward. Nobody's number is a fact: each has its claimant.",
        (
            *(_STATEMENT, _NUMBER, _term("measure", "measures"), Column("value", NUMBER, required=True)),
            *(_term("unit", "units"), _term("bound", "bounds"), _key("claimant", "speakers")),
            *(_ref("party", "speakers"), Column("period"), _ref("event", "events")),
        ),
        ("statement", "number"),
        _figures,
    ),
    Table(
        "reports",
        "statements",
        "The articles that carry a statement; `first_hand`: whether every speaker's own side put the words out.",
        (
            *(_STATEMENT, _NUMBER, _key("article", "articles"), _term("mode", "report-modes"), Column("label")),
            _FIRST_HAND,
        ),
        ("statement", "number"),
        _reports,
    ),
    Table(
        "report_chains",
        "statements",
        "Through whose hands a report passed, from the speaker to the page.",
        (
            *(_STATEMENT, Column("report", INTEGER, required=True), Column("position", INTEGER, required=True)),
            *(_key("agent", "speakers"), _term("role", "chain-roles")),
        ),
        ("statement", "report", "position"),
        _chain,
        parent=(("statement", "report"), "reports", ("statement", "number")),
    ),
)
"""The tables, each after those that it refers to."""
