"""The filters of each collection, and what excludes what they find."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from schemas import messages
from schemas.parameters.collections import LAST_DAY, Dated, Searched, Updated
from schemas.parameters.values import AnyOf, Day, LanguageTag, WholeNumber, any_of, ids, terms, within, yes_or_no
from schemas.records.readings import guide as version_of_guide
from schemas.values import dates

NOT = "not_"  # before the name of a filter: its values are excluded


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
    until = Day(metadata={"description": LAST_DAY, "example": "2026-12-31"})


class VocabularyFilters(Searched, Updated):
    """Which vocabularies."""
