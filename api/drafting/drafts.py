"""The draft of an article as plain values: what the service answers, and what documents for an import are made of."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Any

from api.drafting.english.articles import read_english
from api.drafting.mentions import Mentions, is_only_a_place, of_type, offsets
from api.drafting.names import KnownName, Mention, Names
from api.drafting.reading.arabic import read_arabic
from api.drafting.reading.article import Reading
from api.drafting.reading.statement import Statement
from api.drafting.sources.description import PERSON
from api.drafting.sources.entity import Entity
from api.drafting.text import layout
from api.drafting.text.languages import ARABIC, ENGLISH, language_of
from api.drafting.text.words import SIGN, Span, tokens
from api.drafting.values import dates
from api.evidence.texts import digest

Draft = dict[str, Any]
FindNames = Callable[[Sequence[str]], Iterable[KnownName]]
"""Given the folded words of a text, the known names that may stand in it."""

_DIRECTED = frozenset(
    "urge demand request accuse criticise condemn commend thank congratulate welcome express-support condole threaten reject invite take-note".split()
)
_SURE = 0.9  # the share of a name's words that a text must have for the record to be taken


@dataclass(frozen=True)
class About:
    """What is known of an article beside its text."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None


def draft(text: str, about: About, find_names: FindNames) -> Draft:
    """The draft of a normalised text (NFC, LF). It takes a time that grows with the text's length alone."""
    return _Drafting(text, about, find_names).draft()


class _Drafting:
    def __init__(self, text: str, about: About, find_names: FindNames) -> None:
        self.text, self.about = text, about
        self.tokens = tokens(text)
        self.language = about.language or language_of(self.tokens)
        words = [token.text for token in [*self.tokens, *tokens(about.publisher or "")] if token.kind != SIGN]
        self.known = list(find_names(words))
        self.mentions = Mentions(text, self.tokens, Names(self.known))

    def draft(self) -> Draft:
        reading = self._read()
        return {
            "article": self._article(reading),
            "statements": [self._statement(statement) for statement in reading.statements],
            "mentions": [self.mentions.rendered(mention) for mention in self.mentions],
            "undecided": [
                *self._unread(),
                *({**offsets(span), "reason": reason} for span, reason in reading.undecided),
            ],
        }

    def _read(self) -> Reading:
        if self.language == ARABIC:
            return read_arabic(self.text, self.about.published)
        if self.language == ENGLISH:
            return read_english(self.text, self.about.published)
        return Reading("", self.about.published)

    def _unread(self) -> Iterator[dict[str, Any]]:
        if self.language not in (ARABIC, ENGLISH):
            yield {"start": 0, "end": len(self.text), "reason": "The text is neither in Arabic nor in English."}

    # The article

    def _article(self, reading: Reading) -> dict[str, Any]:
        title = next((line for line in reading.lines if line.kind == layout.TITLE), None)
        dateline = next((line for line in reading.lines if line.kind == layout.DATELINE), None)
        published = self.about.published or reading.published
        return {
            "sha256": digest(self.text),
            "length": len(self.text),
            "language": self.language,
            "title": self.about.title or (self.text[title.start : title.end].strip() if title else None),
            "publisher": self._publisher(),
            "credits": self._credits(reading),
            "dateline": offsets(Span(dateline.start, dateline.end)) if dateline else None,
            "published": published,
            "published_basis": "given" if self.about.published else "stated" if published else None,
        }

    def _publisher(self) -> dict[str, Any] | None:
        if not self.about.publisher:
            return None
        return {"label": self.about.publisher, "id": self._id_of(self.about.publisher)}

    def _id_of(self, name: str) -> str | None:
        """The speaker who goes by exactly this name; by an id, one whom the text names."""
        named = (known for known in self.known if known.record_type == "speakers")
        return next((known.id for known in named if name in (known.id, known.written, *known.label.values())), None)

    def _credits(self, reading: Reading) -> list[dict[str, Any]]:
        """The agencies that the lines around the body name."""
        around = [
            line
            for line in reading.lines
            if layout.is_source(self.text[line.start : line.end]) or line.kind == layout.DATELINE
        ]
        return [
            {**offsets(self.mentions.span(mention)), "label": self.mentions.words(mention), "id": known.id}
            for mention in self.mentions
            for known in mention.names
            if known.record_type == "speakers" and _is_in(around, self.tokens[mention.first].start)
        ]

    # A statement

    def _statement(self, statement: Statement) -> dict[str, Any]:
        mentioned = [mention for span in statement.spans for mention in self.mentions.within(span)]
        speakers = self._speakers(statement)
        ids = {speaker["speaker"].get("id") for speaker in speakers}
        return {
            "evidence": [
                {**offsets(span), "sha256": digest(self.text[slice(*span)])} for span in _apart(statement.spans)
            ],
            "word": {**offsets(statement.word), "text": self.text[slice(*statement.word)]},
            "act": statement.act.term,
            "alternatives": list(statement.act.alternatives),
            "mode": statement.mode,
            "speakers": speakers,
            "on_behalf_of": _principals(statement, self.text),
            "targets": self._targets(statement, mentioned, ids),
            "chain": self._chain(statement),
            "date": statement.date,
            "date_basis": statement.basis or None,
            **{
                kind: [self.mentions.rendered(mention, kind) for mention in mentioned if of_type(mention, kind)]
                for kind in ("agreements", "events")
            },
            "places": [self.mentions.rendered(mention, "places") for mention in mentioned if is_only_a_place(mention)],
            "figures": [self._figure(statement, figure, speakers) for figure in statement.figures],
            "undecided": list(_undecided(statement, speakers)),
            "rules": [*statement.rule.split("+"), f"act:{statement.act.rule}"],
        }

    def _speakers(self, statement: Statement) -> list[dict[str, Any]]:
        pairs = list(zip(statement.speakers, statement.labels, strict=True))
        return [self._speaker(entity, label, entity in statement.spokespersons) for entity, label in pairs]

    def _speaker(self, entity: Entity, label: Span, is_spokesperson: bool) -> dict[str, Any]:
        candidates = self._candidates(entity)
        best = candidates[0] if candidates else None
        sure = (
            best is not None and best["score"] >= _SURE and [c["score"] for c in candidates].count(best["score"]) == 1
        )
        resolved = {"id": best["id"], "name": best["name"]} if best and sure else {"id": None, "name": entity.shown}
        return {
            **offsets(label),
            "label": self.text[slice(*label)],
            "speaker": resolved,
            "candidates": candidates,
            "office": _office(entity),
            "kind": "person" if entity.kind == PERSON or (entity.name and len(entity.name_words) > 1) else None,
            "capacity": "spokesperson" if is_spokesperson else "author",
        }

    def _candidates(self, entity: Entity) -> list[dict[str, Any]]:
        """The known speakers whose names stand in the description, with the share of the name's words that the name covers."""
        found: dict[str, dict[str, Any]] = {}
        wanted = {token.text for token in tokens(entity.name or entity.label) if token.kind != SIGN}
        for mention in self.mentions.within(entity.span):
            words = {token.text for token in self.tokens[mention.first : mention.end] if token.kind != SIGN}
            for known in mention.names:
                if known.record_type == "speakers":
                    score = round(len(words & wanted) / max(len(wanted), 1), 2)
                    name = known.label.get(self.language or "") or next(iter(known.label.values()), known.written)
                    entry = {"id": known.id, "name": name, "score": score, "matched": known.written}
                    if score > 0 and score > found.get(known.id, {"score": 0})["score"]:
                        found[known.id] = entry
        return sorted(found.values(), key=lambda entry: (-entry["score"], entry["id"]))[:5]

    def _targets(self, statement: Statement, mentioned: Sequence[Mention], speakers: set[Any]) -> list[dict[str, Any]]:
        if statement.act.term not in _DIRECTED:
            return []
        return [
            self.mentions.rendered(mention, "speakers")
            for mention in mentioned
            if of_type(mention, "speakers")
            and not {known.id for known in mention.names} & speakers
            and self.tokens[mention.first].start >= statement.word.end
            and not any(label.start <= self.tokens[mention.first].start < label.end for label in statement.labels)
        ]

    def _chain(self, statement: Statement) -> list[dict[str, Any]]:
        links = [{"agent": {"label": entity.shown}, "role": "spoke"} for entity in statement.speakers]
        links += [{"agent": {"label": entity.shown}, "role": "issued"} for entity in statement.chain]
        if self.about.publisher:
            links.append({"agent": {"label": self.about.publisher}, "role": "published"})
        return links

    def _figure(self, statement: Statement, figure: Any, speakers: Sequence[dict[str, Any]]) -> dict[str, Any]:
        first, last = statement.tokens[figure.first], statement.tokens[figure.end - 1]
        value = int(figure.value) if float(figure.value).is_integer() else figure.value
        return {
            "start": first.start,
            "end": last.end,
            "measure": figure.measure,
            "value": value,
            "bound": figure.bound,
            "claimant": speakers[0]["speaker"] if speakers else None,
            "party": None,
        }


def _is_in(lines: Sequence[layout.Line], place: int) -> bool:
    """Whether one of these lines, which stand in order, holds a place of the text."""
    after = bisect_right(lines, place, key=attrgetter("start"))
    return after > 0 and place < lines[after - 1].end


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The spans in order; those that overlap or touch are one."""
    ordered = sorted(spans)
    if all(before.end < after.start for before, after in pairwise(ordered)):
        return ordered
    joined: list[Span] = []
    for span in ordered:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _office(entity: Entity) -> str | None:
    """The description without the name: what the page says that they are."""
    if not entity.head:
        return None
    rest = entity.label.replace(entity.name, "") if entity.name else entity.label
    return " ".join(rest.strip(" ،,").split()) or None


def _principals(statement: Statement, text: str) -> list[dict[str, Any]]:
    """For whom a spokesperson speaks: what follows باسم or "for" in the description."""
    label_of = next(
        (
            span
            for entity, span in zip(statement.speakers, statement.labels, strict=True)
            if entity in statement.spokespersons
        ),
        None,
    )
    if label_of is None:
        return []
    label = text[slice(*label_of)]
    for marker in ("باسم ", " for the ", " for "):
        if marker in label:
            start = label_of.start + label.index(marker) + len(marker)
            words = text[start : label_of.end]
            end = start + min((words.index(mark) for mark in "،," if mark in words), default=len(words))
            return [{"start": start, "end": end, "label": text[start:end]}]
    return []


def _undecided(statement: Statement, speakers: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What a person has to decide, in plain sentences."""
    if statement.date is None:
        yield "The date is not known: neither the sentence nor the page gives one."
    elif statement.basis == dates.DATELINE:
        yield "The sentence gives no date; the page's is used."
    for entity, speaker in zip(statement.speakers, speakers, strict=True):
        if entity.name is None and entity.kind == PERSON:
            yield f"Who '{speaker['label']}' is: no name was found."
        if speaker["candidates"] and speaker["speaker"]["id"] is None:
            yield f"Which record '{speaker['label']}' is: {', '.join(c['id'] for c in speaker['candidates'])}."
    if statement.figures:
        yield "Whose loss or doing the figures count."
