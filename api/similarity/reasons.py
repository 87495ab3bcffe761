"""Why two statements may be worth a link: opposed acts on one matter, the same figure, the same words.

Worked out from the documents of the two alone. No reason is a verdict: whether one statement answers, repeats, denies,
corrects or contradicts the other is decided by whoever reads both.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from api.documents.record_types import Document
from api.search.text import spans, tokens
from api.similarity.words import passed_over
from schemas.records.opposed_acts import oppositions
from schemas.records.vocabularies import labels
from schemas.values import dates

OPPOSED_ACTS, SAME_FIGURE, SAME_WORDS = KINDS = ("opposed-acts", "same-figure", "same-words")

LEAST_WORDS = 4  # fewer words in common are chance
LEAST_SHARE = 0.6  # of the words of the shorter summary; in the corpus, pairs that share less share only their subject

Names = dict[str, str]
"""Records by their ids, with a name to show."""


class Figure(NamedTuple):
    """A figure, with the ids of its party and event and the days of its period."""

    measure: str
    value: float
    unit: str
    party: str | None
    event: str | None
    period: dates.Days | None


@dataclass(frozen=True)
class Facts:
    """What of a statement its pairs are judged by."""

    id: str
    summary: dict[str, str]
    date: str
    act: str
    communique: str | None
    linked: frozenset[str]
    """The ids of the statements that it links to."""
    speaking: Names
    """Who speaks, and on whose behalf."""
    targets: Names
    occasions: Names
    """The agreements and events that it refers to."""
    figures: tuple[Figure, ...]
    words: dict[str, dict[str, str]]
    """By language, the words of the summary that count: as they are written, by their tokens."""


@dataclass(frozen=True)
class Reason:
    """Why a pair is worth a look: a kind, a plain English sentence, and the ids, values or words that the two share."""

    kind: str
    text: str
    shared: dict[str, Any]


def facts_of(document: Document) -> Facts:
    """The facts of a statement as it is stored."""
    events = [*([document["event"]] if document["event"] else []), *document["about_events"]]
    agreements = [reference["agreement"] for reference in document["agreements"]]
    speakers = [each["speaker"] for each in document["speakers"]]
    return Facts(
        **{name: document[name] for name in ("id", "summary", "date", "act")},
        communique=_id(document["communique"]),
        linked=frozenset(link["statement"]["id"] for link in document["links"]),
        speaking=_names([*speakers, *document["on_behalf_of"]]),
        targets=_names(document["targets"]),
        occasions=_names([*agreements, *events]),
        figures=tuple(map(_figure, document["figures"])),
        words=_words(document),
    )


def reasons(later: Facts, earlier: Facts) -> list[Reason]:
    """Why two statements are worth a look together, in the order of `KINDS`; none if they are not."""
    return [*_opposed_acts(later, earlier), *_same_figures(later, earlier), *_same_words(later, earlier)]


def _id(reference: Document | None) -> str | None:
    return None if reference is None else str(reference["id"])


def _names(references: Iterable[Document]) -> Names:
    return {reference["id"]: shown(reference["name"]) for reference in references}


def shown(name: Mapping[str, str]) -> str:
    """A name or summary in English, or else in the first language that it has."""
    return name.get("en") or next(iter(name.values()))


# --- opposed acts ----------------------------------------------------------------------------------------------------


def _opposed_acts(later: Facts, earlier: Facts) -> Iterator[Reason]:
    opposition = oppositions().get(frozenset((later.act, earlier.act)))
    occasions = _common(later.occasions, earlier.occasions)
    if opposition is None or not occasions:
        return
    if parties := _CONNECTED[opposition.connected](later, earlier):
        acts = [labels("acts")[each.act]["en"] for each in (later, earlier)]
        text = f"Opposed acts ({' and '.join(acts)}) about {_list(occasions)}, concerning {_list(parties)}. {opposition.reason}"
        shared = {"acts": [later.act, earlier.act], "about": [*occasions], "parties": [*parties]}
        yield Reason(OPPOSED_ACTS, text, shared)


def _common(these: Names, others: Names) -> Names:
    return {each: name for each, name in these.items() if each in others}


def _of_party(later: Facts, earlier: Facts) -> Names:
    return {
        **_common(later.targets, earlier.targets),
        **_common(later.targets, earlier.speaking),
        **_common(earlier.targets, later.speaking),
    }


def _at_each_other(later: Facts, earlier: Facts) -> Names:
    there, back = _common(later.targets, earlier.speaking), _common(earlier.targets, later.speaking)
    return {**there, **back} if there and back else {}


def _of_same_speaker(later: Facts, earlier: Facts) -> Names:
    return _common(later.speaking, earlier.speaking)


_CONNECTED = {"party": _of_party, "each-other": _at_each_other, "same-speaker": _of_same_speaker}


def _list(names: Names) -> str:
    return ", ".join(f"{name} ({record_id})" for record_id, name in names.items())


# --- the same figure -------------------------------------------------------------------------------------------------


def _figure(figure: Document) -> Figure:
    period = dates.parse(figure["period"]) if figure["period"] else None
    return Figure(
        figure["measure"], figure["value"], figure["unit"], _id(figure["party"]), _id(figure["event"]), period
    )


def _same_figures(later: Facts, earlier: Facts) -> Iterator[Reason]:
    both = [figure for figure in later.figures if any(_is_same(figure, other) for other in earlier.figures)]
    if both:
        written = "; ".join(dict.fromkeys(map(_written, both)))
        values = [
            {"measure": each.measure, "value": each.value, "unit": each.unit, "party": each.party} for each in both
        ]
        yield Reason(SAME_FIGURE, f"The same figure in both: {written}.", {"figures": values})


def _is_same(figure: Figure, other: Figure) -> bool:
    """Whether two figures give the same number for the same, so far as they say; their bounds may differ."""
    if (figure.measure, figure.value, figure.unit, figure.party) != (
        other.measure,
        other.value,
        other.unit,
        other.party,
    ):
        return False
    if figure.event and other.event:
        return figure.event == other.event
    if figure.period and other.period:
        return figure.period.earliest <= other.period.latest and other.period.earliest <= figure.period.latest
    return True


def _written(figure: Figure) -> str:
    of_what, unit = (labels(name)[term]["en"] for name, term in (("measures", figure.measure), ("units", figure.unit)))
    about = [f"party {figure.party}" if figure.party else "", f"event {figure.event}" if figure.event else ""]
    return ", ".join([f"{of_what} {figure.value:,} ({unit})", *filter(None, about)])


# --- the same words --------------------------------------------------------------------------------------------------


def _words(document: Document) -> dict[str, dict[str, str]]:
    """The words of a summary that count; not the names of parties, nor numbers and dates, which are told by other facts."""
    passed_over = _passed_over() | _named_words(document)
    return {
        language: {
            span.token: text[span.start : span.end]
            for span in reversed(spans(text))
            if span.token not in passed_over and not _HAS_DIGIT(span.token)
        }
        for language, text in document["summary"].items()
    }


_HAS_DIGIT = re.compile("[0-9]").search


@cache
def _passed_over() -> frozenset[str]:
    return passed_over("acts")


def _named_words(document: Document) -> set[str]:
    return {token for name in _all_names(document) for token in tokens(name)}


def _all_names(part: Any) -> Iterator[str]:
    """Every name in a statement or a part of one, but for those of the articles and outlets that report it."""
    if isinstance(part, dict):
        if isinstance(part.get("name"), dict):
            yield from part["name"].values()
        for key, value in part.items():
            if key not in _NOT_PARTIES:
                yield from _all_names(value)
    elif isinstance(part, list):
        for each in part:
            yield from _all_names(each)


_NOT_PARTIES = {"name", "reports", "links", "communique", "agreements", "event", "about_events"}
"""Where no party is named. What stands in the name of an agreement or an event is a word that two summaries may share."""


def _same_words(later: Facts, earlier: Facts) -> Iterator[Reason]:
    """In the language in which they share the most; none of a single communiqué, which is one text already."""
    if later.communique is not None and later.communique == earlier.communique:
        return
    shares = [
        (len(common) / min(len(words), len(others)), common)
        for language, words in later.words.items()
        if (others := earlier.words.get(language))
        and len(common := [written for token, written in words.items() if token in others]) >= LEAST_WORDS
    ]
    share, common = max(shares, default=(0.0, []), key=lambda each: each[0])
    if share >= LEAST_SHARE:
        ordered = common[::-1]
        yield Reason(SAME_WORDS, f"The same words in both summaries: {', '.join(ordered)}.", {"words": ordered})
