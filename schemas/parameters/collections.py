"""The parameters that collections share: words, dates, times of change, pages and orders."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields, validate

from schemas import messages
from schemas.fields import up_to
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.shapes import SUMMARY, as_of, lang, text
from schemas.parameters.values import (
    BEGINNING,
    LONGEST_CURSOR,
    Cursor,
    Day,
    Timestamp,
    WholeNumber,
    one_of,
    within,
    yes_or_no,
)
from schemas.values import dates

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 200
LONGEST_QUERY = 500  # characters of q


class Searched(QuerySchema):
    """Free text over everything a record says and everyone it names or mentions."""

    q = fields.String(
        validate=up_to(LONGEST_QUERY),
        metadata={
            "description": "Arabic and English words that must all occur, function words aside (with `sort=relevance` most of their weight is enough): in the record's own texts and quotations, in the labels of its terms, "
            "or in the names and variants of whatever it refers to or its texts mention. "
            "Spelling of hamza, alef, ya and ta marbuta, diacritics, digits, clitics and inflection do not matter. "
            '`"a phrase"` keeps words together, `-word` excludes, `word*` matches beginnings, `one OR other` takes either, `speaker:Lavrov` (place, agreement, event) filters by a name.',
            "example": "لافروف",
        },
    )

    sorts_by_relevance = False
    """Whether a query with `q` that gives no order is sorted by relevance."""

    def parse(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The same; where names are looked for, the best match comes first unless another order is given."""
        if self.sorts_by_relevance and "q" in values and not values.keys() & {"sort", "as_of"}:
            values = {**values, "sort": "relevance"}
        return super().parse(values)

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if query.get("sort") == "relevance" and "q" not in values:
            yield "sort", messages.NO_WORDS_TO_RANK_BY
        elif query.get("sort") == "relevance" and "as_of" in values:
            yield "sort", messages.NO_RANKS_THEN


LAST_DAY = "Last day of the range (a month or year: its last day)."


class Dated(QuerySchema):
    """A range of days, and what it means for a vague date."""

    since = Day(
        metadata={"description": "First day of the range (a month or year: its first day).", "example": "2020-11"}
    )
    until = Day(metadata={"description": LAST_DAY, "example": "2021-12-31"})
    date_match = fields.String(
        load_default="possible",
        validate=one_of(["possible", "certain"]),
        metadata={
            "description": "A vague date matches when it may lie in the range (`possible`) or only when it surely does (`certain`).",
            "example": "possible",
        },
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if (
            "since" in query
            and "until" in query
            and dates.parse(query["since"]).earliest > dates.parse(query["until"]).latest
        ):
            yield "until", messages.BEFORE.format(other="since")


class Updated(QuerySchema):
    """What changed lately."""

    updated_since = Timestamp(
        metadata={
            "format": "date-time",
            "description": "Only records whose representation changed at this moment or later.",
            "example": "2026-01-01T00:00:00Z",
        }
    )
    content_changed_since = Timestamp(
        metadata={
            "format": "date-time",
            "description": "Only records that somebody wrote at this moment or later, not those that merely show another record's new name.",
            "example": "2026-01-01T00:00:00Z",
        }
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if "content_changed_since" in values and "as_of" in values:
            yield "content_changed_since", messages.KNOWN_OF_NOW


class Paged(QuerySchema):
    """One page of a collection."""

    limit = WholeNumber(
        load_default=DEFAULT_LIMIT,
        validate=within(1, LARGEST_LIMIT),
        metadata={"description": "Records on a page.", "example": 20},
    )
    cursor = Cursor(
        validate=validate.Length(min=1, max=LONGEST_CURSOR, error=messages.LENGTH_OUTSIDE),
        metadata={
            "description": "Where to go on: take it from a page's `next` or `prev`, with the rest of the query unchanged. "
            f"`{BEGINNING}` is the beginning.",
            "example": BEGINNING,
        },
    )
    total = fields.String(
        validate=one_of(["exact"]),
        metadata={"description": "Also count all the records that match.", "example": "exact"},
    )
    highlight = yes_or_no(
        metadata={
            "description": "With `true`, each record has `highlights`: pieces of its own words with what `q` matched in them.",
            "example": False,
        }
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if query.get("highlight") and "q" not in values:
            yield "highlight", messages.NOTHING_TO_HIGHLIGHT


class ComesWhole(Paged):
    """One page of a small, closed collection, which holds all of it."""

    limit = WholeNumber(
        load_default=LARGEST_LIMIT,
        validate=within(1, LARGEST_LIMIT),
        metadata={"description": "Records on a page; all of them unless given.", "example": LARGEST_LIMIT},
    )


class Listed(QuerySchema):
    """How what is read out of records is listed, such as figures: at which moment, in which languages, page by page."""

    as_of = as_of()
    lang = lang()
    text = text()
    limit = Paged().fields["limit"]
    cursor = Paged().fields["cursor"]


class Viewed(QuerySchema):
    """How much is shown of each statement."""

    view = fields.String(
        load_default="full",
        validate=one_of(["full", SUMMARY]),
        metadata={
            "description": "`summary` is a short form of each statement for lists, of less than 1 kB: `id`, `said_by`, `act`, `date`, "
            "`date_label`, `summary`, `first_hand` and `articles` with their publishers, each text in one language, as with `lang`.",
            "example": SUMMARY,
        },
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if query.get("view") == SUMMARY and "fields" in values:
            yield "view", messages.CHOOSES_KEYS


def sorted_by(default: str, *others: str, searched: str) -> fields.String:
    """The `sort` parameter of one collection. By date statements are read in the order of an index; other orders sort the matches."""
    return fields.String(
        load_default=default,
        validate=one_of([default, *others]),
        metadata={
            "description": "The order; `-` turns it round. Ties keep the order of first storing."
            + ("" if searched == default else f" With `q` (and without `as_of`) the default is `{searched}`."),
            "example": default,
        },
    )
