"""The query parameters of every collection: their names, how their values are written, and what each one means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate

from schemas import messages
from schemas.fields import NONE, Language, RecordSchema, Slug, up_to
from schemas.records.readings import guide as version_of_guide
from schemas.records.vocabularies import Term
from schemas.values import dates
from schemas.values.languages import FALLBACK, canonical
from schemas.walking import has_dates, record_types_referred_to

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 200
MOST_VALUES = 50  # values of one repeatable parameter
LONGEST_QUERY = 500  # characters of q
MOST_LANGUAGES = 10  # that somebody wants to read a text in
TERMS, DATES = "terms", "dates"  # what can be expanded besides record types
SUMMARY = "summary"
PLAIN = "plain"
BEGINNING = "*"  # the cursor of a first page
NOT = "not_"  # before the name of a filter: its values are excluded
LONGEST_CURSOR = 1000

_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,30})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_LOST_PLUS = re.compile(r".*[0-9] [0-9]{2}:[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


def one_of(names: Iterable[str]) -> validate.OneOf:
    """A check: the value is one of these names."""
    return validate.OneOf(names, error=messages.NONE_OF_THESE)


def within(least: int, most: int) -> validate.Range:
    """A check: the number is neither smaller nor greater than these."""
    return validate.Range(min=least, max=most, error=messages.OUTSIDE)


class WholeNumber(fields.Integer):
    """An integer in plain ASCII digits, as against everything else Python takes for one."""

    def _validated(self, value: Any) -> Any:
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise ValidationError(messages.NOT_WHOLE)
        return int(value)


class Day(fields.String):
    """A day, month or year: YYYY-MM-DD, YYYY-MM or YYYY; to be described in `metadata`."""

    def __init__(self, **options: Any) -> None:
        options["metadata"]["pattern"] = f"^{_DAY.pattern}$"
        super().__init__(validate=_day, **options)


def _day(value: str) -> None:
    if not _DAY.fullmatch(value):
        raise ValidationError(messages.NOT_A_DAY)
    try:
        dates.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class Timestamp(fields.String):
    """A moment in RFC 3339, kept as UTC text with microseconds, the way the service stores it; finer parts are cut off."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **options)).upper()
        written = _MOMENT.fullmatch(text)
        try:
            if written is None:
                raise ValueError
            whole, fraction, offset = written.groups()
            return dates.moment(datetime.fromisoformat(f"{whole}{(fraction or '.0')[:7]:0<7}{offset}"))
        except (ValueError, OverflowError):
            if _LOST_PLUS.fullmatch(text):
                raise ValidationError(messages.LOST_PLUS) from None
            raise ValidationError(messages.NOT_A_MOMENT) from None


def yes_or_no(**options: Any) -> fields.Boolean:
    """A boolean written `true` or `false`, nothing else."""
    return fields.Boolean(
        truthy={"true"}, falsy={"false"}, error_messages={"invalid": messages.NEITHER_TRUE_NOR_FALSE}, **options
    )


class AnyOf(fields.List[Any]):
    """Alternatives, given one by one. An `optional` one also takes NONE, for records without a value: no alternatives at all."""

    def __init__(self, inner: fields.Field[Any], optional: bool = False, **options: Any) -> None:
        super().__init__(inner, **options)
        self.optional = optional

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if any("," in item for item in value):
            raise ValidationError(messages.COMMA)
        if NONE not in value:
            return super()._deserialize(value, attr, data, **options)
        if not self.optional:
            raise ValidationError(messages.NONE_TAKEN.format(none=NONE))
        if set(value) != {NONE}:
            raise ValidationError(messages.NONE_BY_ITSELF.format(none=NONE))
        return []


def any_of(inner: fields.Field[Any], description: str, example: str | int, optional: bool = False) -> AnyOf:
    """A parameter that may be repeated: its values are alternatives."""
    without = f" `{NONE}` finds records without one." if optional else ""
    return AnyOf(
        inner,
        optional,
        validate=validate.Length(max=MOST_VALUES, error=messages.TOO_OFTEN),
        metadata={"description": f"{description} Repeat it for alternatives.{without}", "example": [example]},
    )


def ids(description: str, example: str, optional: bool = False) -> AnyOf:
    """A repeatable parameter that takes ids."""
    return any_of(Slug(), description, example, optional)


def terms(vocabulary: str, description: str, example: str, optional: bool = False) -> AnyOf:
    """A repeatable parameter that takes terms of a vocabulary."""
    return any_of(Term(vocabulary), description, example, optional)


class Names(fields.List[Any]):
    """Several names, separated by commas or given one by one; each counts once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        names = dict.fromkeys(name for item in value for name in item.split(","))
        return super()._deserialize(list(names), attr, data, **options)


def some_of(names: list[str], description: str, example: list[str]) -> Names:
    """A parameter that takes several of these names."""
    sentence = f"{description} Several are separated by commas or given one by one."
    return Names(fields.String(validate=one_of(names)), metadata={"description": sentence, "example": example})


class QuerySchema(Schema):
    """The parameters of one operation; any other is refused."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._defaults = {n: f.load_default for n, f in self.fields.items() if f.load_default is not missing}

    def parse(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of known parameters as their fields load them, with the defaults of the others; and messages by name.

        The same as `load`, at the cost of the parameters sent instead of all there are.
        """
        query, wrong = dict(self._defaults), {}
        for name, value in values.items():
            try:
                query[name] = self.fields[name].deserialize(value, name, values)
            except ValidationError as error:
                query.pop(name, None)
                wrong[name] = error.messages
        for name, message in self.contradictions(query, values):
            wrong.setdefault(name, [message])
        return query, wrong

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others, each with a message."""
        yield from ()


def as_of() -> Timestamp:
    """The parameter that asks for the records as they were at a moment."""
    return Timestamp(
        metadata={
            "format": "date-time",
            "description": "Answer from the records as the service had them at this moment (RFC 3339). A moment in the future is refused. "
            "Annotations, suggestions, similar statements, histories and the feed of changes do not take it.",
            "example": AS_OF_EXAMPLE,
        }
    )


AS_OF_EXAMPLE = "2026-01-01T00:00:00Z"


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


_LAST_DAY = "Last day of the range (a month or year: its last day)."


class Dated(QuerySchema):
    """A range of days, and what it means for a vague date."""

    since = Day(
        metadata={"description": "First day of the range (a month or year: its first day).", "example": "2020-11"}
    )
    until = Day(metadata={"description": _LAST_DAY, "example": "2021-12-31"})
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


class LanguageTag(Language):
    """A language tag, in canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        tag = str(super()._deserialize(value, attr, data, **options))
        known = canonical(tag)
        if known is None:
            raise ValidationError(messages.NO_LANGUAGE.format(tag=tag))
        return known


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


class Cursor(fields.String):
    """A place between two records; None at the beginning, so that a loop over pages may begin with a cursor too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        cursor = super()._deserialize(value, attr, data, **options)
        return None if cursor == BEGINNING else cursor

    def _validate(self, value: str | None) -> None:
        if value is not None:
            super()._validate(value)


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


def shaped(schema: type[RecordSchema]) -> dict[str, fields.Field[Any]]:
    """The parameters that shape the representation of one record type's records."""
    names = [field.data_key or name for name, field in schema().fields.items()]
    shapes: dict[str, fields.Field[Any]] = {
        "fields": some_of(names, "Return only these keys (the id always comes along).", ["id"]),
        "as_of": as_of(),
    }
    shapes |= {"lang": lang(), "text": text()}
    if referred := sorted(record_types_referred_to(schema())):
        dates_too = [DATES] if has_dates(schema()) else []
        description = (
            "Put whole records in the place of references. `terms` adds the labels of all terms as `terms`, and to speakers "
            "their `kind`."
        )
        description += " `dates` adds labels of dates, such as `date_label`." if dates_too else ""
        shapes["expand"] = some_of([*referred, *dates_too, TERMS], description, [referred[0]])
    return shapes


def lang() -> Names:
    """The parameter that asks for texts in one language."""
    return Names(
        LanguageTag(),
        validate=validate.Length(max=MOST_LANGUAGES, error=messages.TOO_MANY_LANGUAGES),
        metadata={
            "description": "Leave of each text one language: the first of these that it has, or a broader or narrower form of it, "
            f"else {', then '.join(FALLBACK)}, then any. Several are separated by commas, the most wanted first.",
            "example": ["en"],
        },
    )


def text() -> fields.String:
    """The parameter that asks for texts as strings."""
    return fields.String(
        validate=one_of([PLAIN]),
        metadata={
            "description": f"With `{PLAIN}`, each text also comes as one string, such as `summary_text` beside `summary`: in the "
            "language that `lang` leaves.",
            "example": PLAIN,
        },
    )


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


def excludable(filters: type[Searched]) -> type[Searched]:
    """The filters, and with each that may be repeated another one that excludes what it finds."""
    declared = filters().fields.items()
    repeatable = {name: field for name, field in declared if isinstance(field, AnyOf) and not name.startswith(NOT)}
    exclusions = {f"{NOT}{name}": _excluding(name, field) for name, field in repeatable.items()}
    return type(filters.__name__, (filters,), {**exclusions, "__doc__": filters.__doc__})


_EXCLUDED = {"language": ["en"], "extent": ["selective"], "guide": ["2"]}
"""Examples of what to exclude, where excluding the example of what to find would leave nothing of the corpus."""


def _excluding(name: str, field: AnyOf) -> AnyOf:
    return AnyOf(
        deepcopy(field.inner),
        validate=field.validate,
        metadata={
            "description": f"Leaves out what `{name}` finds.",
            "example": _EXCLUDED.get(name, field.metadata["example"]),
        },
    )


@excludable
class StatementFilters(Searched, Dated, Updated):
    """Which statements: filters combine; within one of them repeated values are alternatives."""

    speaker = ids("Who made it.", "antonio-guterres")
    on_behalf_of = ids("For whom it was made.", "united-nations", optional=True)
    addressee = ids("To whom it was made.", "ilham-aliyev", optional=True)
    target = ids("At whom the act is directed, or of whom it speaks.", "russia", optional=True)
    act = terms("acts", "What the speaker did by saying it.", "welcome")
    agreement = ids("The agreement it refers to.", "trilateral-statement-2020-11-09", optional=True)
    relation = terms(
        "agreement-references",
        "How it refers to the agreement; with `agreement`, to that one.",
        "welcomes",
        optional=True,
    )
    provision = any_of(
        WholeNumber(validate=within(1, 999)),
        "The point of the agreement it refers to.",
        3,
        optional=True,
    )
    communique = ids("The official text it stood in.", "lavrov-guterres-call-readout-2020-12-04", optional=True)
    event = ids("The event on which it was said or of which it speaks.", "sochi-summit-2021-11-26", optional=True)
    place = ids("A place it speaks of.", "nagorno-karabakh", optional=True)
    topic = terms("topics", "What it is about.", "peacekeeping", optional=True)
    article = ids("An article that carries it.", "vision-group-lavrov-guterres-2020")
    publisher = ids("The publisher of an article that carries it.", "un-news", optional=True)
    agent = ids(
        "Anyone in the chain of a report: the one who said, issued, relayed, reported or published it.",
        "russian-foreign-ministry",
    )
    mode = terms("report-modes", "How a report renders the words.", "direct")
    first_hand = yes_or_no(
        metadata={
            "description": "Whether the speaker's own side put the words out in a report. With `speaker`, that speaker's side; without, every speaker's. "
            "`false` finds what somebody else put out in some report, even if another report is first hand. "
            "`agent`, `article`, `publisher`, `mode` and `first_hand` must all hold for the same report.",
            "example": True,
        }
    )
    link = terms("statement-relations", "How it refers to another statement.", "responds-to", optional=True)
    reported_since = Day(
        metadata={
            "description": "First day of the range in which an article that carries it was published.",
            "example": "2020-12-04",
        }
    )
    reported_until = Day(
        metadata={
            "description": "Last day of that range. It holds for the same report as `publisher` and the like.",
            "example": "2022-12-31",
        }
    )
    measure = terms("measures", "What a figure in it counts.", "soldiers-killed", optional=True)
    claimant = ids("Who put a figure in it forward.", "armenia", optional=True)
    party = ids("Whose loss, or whose doing, a figure in it counts.", "azerbaijan", optional=True)

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        since, until = query.get("reported_since"), query.get("reported_until")
        if since and until and dates.parse(since).earliest > dates.parse(until).latest:
            yield "reported_until", messages.BEFORE.format(other="reported_since")


@excludable
class SpeakerFilters(Searched, Updated):
    """Which speakers."""

    kind = terms("speaker-kinds", "What they are.", "person")
    part_of = ids("The body or state they belong to directly.", "united-nations", optional=True)
    organization = ids(
        "A body in which, or in a part of which, they hold or held an office; with `office_on`, on that day.",
        "russia",
        optional=True,
    )
    office_on = Day(
        metadata={"description": "Who held an office on that day (in that month or year).", "example": "2021-11-26"}
    )


@excludable
class AgreementFilters(Searched, Dated, Updated):
    """Which agreements; dates are those from their first milestone to their last."""

    kind = terms("agreement-kinds", "What they are.", "trilateral-statement")
    status = terms("agreement-statuses", "How they stand.", "announced")
    party = ids("A party.", "armenia", optional=True)
    signatory = ids("Who signed.", "vladimir-putin", optional=True)
    mediator = ids("Who brought the parties together.", "russia", optional=True)


@excludable
class CommuniqueFilters(Searched, Dated, Updated):
    """Which communiques."""

    kind = terms("communique-kinds", "What they are.", "readout")
    issuer = ids("Who put it out.", "russian-foreign-ministry", optional=True)
    event = ids("The occasion.", "lavrov-guterres-call-2020-12", optional=True)


@excludable
class EventFilters(Searched, Dated, Updated):
    """Which events."""

    kind = terms("event-kinds", "What they are.", "summit")
    place = ids("Where.", "sochi", optional=True)
    participant = ids("Who took part.", "nikol-pashinyan", optional=True)


@excludable
class PlaceFilters(Searched, Updated):
    """Which places."""

    kind = terms("place-kinds", "What they are.", "region")
    part_of = ids("The place they lie in directly.", "azerbaijan", optional=True)


@excludable
class ArticleFilters(Searched, Dated, Updated):
    """Which articles; dates are those of publication."""

    publisher = ids("Who published it.", "un-news", optional=True)
    agency = ids("An agency credited on it.", "tass", optional=True)
    language = any_of(LanguageTag(), "Its language (BCP 47).", "ar")


@excludable
class ReadingFilters(Searched, Dated, Updated):
    """Which readings; dates are those of the reading. What was read of a period, `GET /v1/coverage` tells."""

    article = ids("The article that was read.", "vision-group-lavrov-guterres-2020", optional=True)
    publisher = ids("Who published what was read.", "un-news", optional=True)
    extent = terms("reading-extents", "How completely.", "double")
    guide = any_of(version_of_guide(), "The version of the annotation guide.", "1")
    until = Day(metadata={"description": _LAST_DAY, "example": "2026-12-31"})


class VocabularyFilters(Searched, Updated):
    """Which vocabularies."""
