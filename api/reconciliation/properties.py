"""What records are compared by besides their names, and what columns of a table are filled from."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from api.documents.record_types import Document
from api.search.names import name_words
from schemas.answers.suggestions import NAMED
from schemas.records.vocabularies import labels
from schemas.values import dates
from schemas.values.languages import best

RECONCILED = (*NAMED, "articles")
"""The record types that names are reconciled with."""


class Value(NamedTuple):
    """A value of a property: the texts by which it may be given, whether it is a date, and what a cell shows of it.

    `shown` is a text by language, or one in no language under an empty key; `id` that of a record.
    """

    given: tuple[str, ...]
    shown: dict[str, str]
    id: str | None = None
    is_date: bool = False

    def cell(self, languages: Sequence[str]) -> Document:
        """The value as a cell of a table: a record with its name, or a text. Dates are texts too, for they may be vague."""
        text = self.shown[best(self.shown, languages)]
        return {"str": text} if self.id is None else {"id": self.id, "name": text}


class Property(NamedTuple):
    """A property of records; `record_type` is that of the records that are its values, `held_on` that it is asked of a day."""

    id: str
    name: str
    values: Callable[[Document], Iterator[Value]]
    record_type: str | None = None
    held_on: bool = False


def _text(value: str | None) -> Iterator[Value]:
    if value:
        yield Value((value,), {"": value})


def _of_key(key: str, document: Document) -> Iterator[Value]:
    yield from _text(document[key])


def _date(key: str, document: Document) -> Iterator[Value]:
    yield Value((document[key],), {"": document[key]}, is_date=True)


def _term(vocabulary: str, key: str, document: Document) -> Iterator[Value]:
    label = labels(vocabulary)[document[key]]
    yield Value((document[key], *label.values()), label)


def _identifier(scheme: str, document: Document) -> Iterator[Value]:
    for identifier in document["identifiers"]:
        if identifier["scheme"] == scheme:
            yield from _text(identifier["value"])


def _reference(reference: Document | None) -> Iterator[Value]:
    if reference is not None:
        yield Value((reference["id"], *reference["name"].values()), reference["name"], reference["id"])


def _references(key: str, inner: str | None, document: Document) -> Iterator[Value]:
    values = document[key] if isinstance(document[key], list) else [document[key]]
    for value in values:
        yield from _reference(value[inner] if inner else value)


def _names(document: Document) -> Iterator[Value]:
    yield Value(tuple(document["name"].values()), document["name"])


def _offices(document: Document) -> Iterator[Value]:
    for office in document["offices"]:
        yield Value(tuple(office["title"].values()), office["title"])


def _tenures(document: Document) -> Iterator[Value]:
    for office in document["offices"]:
        held = dates.tenure(office["from"], office["to"])
        expression = f"{held.earliest.isoformat()}/{held.latest.isoformat()}"
        yield Value((expression,), {"": expression}, is_date=True)


ABOVE = "above"
"""The key under which a speaker's document is given all bodies and states that the speaker stands below, as references."""


def _countries(document: Document) -> Iterator[Value]:
    """Whom a speaker belongs to or held an office of, and whatever these belong to."""
    yield from _references(ABOVE, None, document)


def _signed(document: Document) -> Iterator[Value]:
    for milestone in document["milestones"]:
        if milestone["kind"] == "signed":
            yield Value((milestone["date"],), {"": milestone["date"]}, is_date=True)


def _named(vocabulary: str) -> tuple[Property, ...]:
    return (
        Property("kind", "Kind", partial(_term, vocabulary, "kind")),
        Property("wikidata", "Wikidata id", partial(_identifier, "wikidata")),
        Property("name", "Name", _names),
    )


PROPERTIES: dict[str, dict[str, Property]] = {
    record_type: {each.id: each for each in properties}
    for record_type, properties in {
        "speakers": (
            *_named("speaker-kinds"),
            Property("country", "Country or body they belong to or held an office of", _countries, "speakers"),
            Property("office", "Office", _offices),
            Property("office_on", "Day on which they held an office", _tenures, held_on=True),
        ),
        "agreements": (
            *_named("agreement-kinds"),
            Property("status", "Status", partial(_term, "agreement-statuses", "status")),
            Property("party", "Party", partial(_references, "parties", None), "speakers"),
            Property("signed", "Signed on", _signed),
        ),
        "events": (
            *_named("event-kinds"),
            Property("place", "Place", partial(_references, "place", None), "places"),
            Property("date", "Date", partial(_date, "date")),
            Property("participant", "Participant", partial(_references, "participants", "speaker"), "speakers"),
        ),
        "places": (
            *_named("place-kinds"),
            Property("part_of", "Lies in", partial(_references, "part_of", None), "places"),
            Property("iso_3166", "ISO 3166 code", partial(_of_key, "iso_3166")),
        ),
        "articles": (
            Property("publisher", "Publisher", partial(_references, "publisher", None), "speakers"),
            Property("published", "Published on", partial(_date, "published")),
            Property("language", "Language", partial(_of_key, "language")),
            Property("sha256", "Digest of the text", partial(_of_key, "sha256")),
        ),
    }.items()
}


def fits(prop: Property, document: Document, wanted: Sequence[Any]) -> bool | None:
    """Whether a record has any of the values that a query gives; None when it has none at all."""
    values = list(prop.values(document))
    if not values:
        return None
    return any(_is_same(value, each) for value in values for each in wanted)


def _is_same(value: Value, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return value.id == wanted["id"] if value.id else _is_same(value, wanted.get("name", wanted["id"]))
    text = str(wanted).strip()
    if value.is_date:
        try:
            days, own = dates.parse(text[:10] if "T" in text else text), dates.parse(value.given[0])
        except ValueError:
            return False
        return days.earliest <= own.latest and own.earliest <= days.latest
    folded = name_words(text)
    return any(text == given or (folded and folded == name_words(given)) for given in value.given)
