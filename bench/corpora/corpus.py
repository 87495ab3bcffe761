"""The synthetic statements: the same for the same seed and number, whatever the size of the corpus around them.

Dates do not follow numbers, as in an archive that was typed in from all ends at once: the latest statements lie
scattered over the whole file.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Any

from api.documents.record_types import Document
from bench.corpora.cast import ARTICLE_LENGTH, Cast, cast, some_day
from bench.corpora.words import Zipf, vocabulary
from schemas.records.vocabularies import term_ids

WORDS = 30_000
"""Different words in each language's summaries."""
SHORTEST, LONGEST = 20, 40
"""Words of a summary, in each language."""
LANGUAGES = ("ar", "en")


class Corpus:
    """A seed and a size, and what follows from them."""

    def __init__(self, seed: int, size: int) -> None:
        self.seed, self.size = seed, size

    @cached_property
    def cast(self) -> Cast:
        """What the statements refer to."""
        return cast(self.seed, self.size)

    @cached_property
    def words(self) -> dict[str, Zipf]:
        """The words of the summaries, by language."""
        return {language: Zipf(vocabulary(self.seed, language, WORDS)) for language in LANGUAGES}

    def statements(self, first: int, last: int) -> Iterator[Document]:
        """The statements of these numbers, the last one included, as their schema loads them."""
        for number in range(first, last + 1):
            yield self._statement(Random(f"{self.seed}/statement/{number}"), number)

    @cached_property
    def _makers(self) -> Zipf:
        return Zipf(self.cast.makers)

    @cached_property
    def _acts(self) -> Zipf:
        return Zipf(term_ids("acts"))

    @cached_property
    def _topics(self) -> Zipf:
        return Zipf(term_ids("topics"))

    @cached_property
    def _drawn(self) -> dict[str, Zipf]:
        return {
            record_type: Zipf(list(self._ids(record_type)))
            for record_type in ("agreements", "places", "events", "communiques")
        }

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Document]]:
        return {record_type: self.cast.by_id(record_type) for record_type in self.cast.documents}

    def _ids(self, record_type: str) -> list[str]:
        return [document["id"] for document in self.cast.documents[record_type]]

    def _statement(self, random: Random, number: int) -> Document:
        speakers = self._makers.distinct(random, 1 if random.random() < 0.85 else 2)
        act = self._acts.one(random)
        return {
            "id": f"{speakers[0]}-{act}-{number}",
            "speakers": [self._speaker(random, speaker) for speaker in speakers],
            "on_behalf_of": self._references(random, self.cast.bodies, 0.2),
            "addressees": self._references(random, self.cast.makers, 0.2),
            "targets": self._references(random, self.cast.makers, 0.4),
            "act": act,
            "summary": {language: self._sentence(random, language) for language in LANGUAGES},
            "date": _date(random),
            "date_basis": "stated" if random.random() < 0.8 else "inferred",
            "communique": self._maybe(random, "communiques", 0.4),
            "event": self._maybe(random, "events", 0.4),
            "about_events": self._several(random, "events", (8, 2)),
            "agreements": self._agreements(random),
            "topics": self._topics.distinct(random, random.randint(1, 3)),
            "places": self._several(random, "places", (4, 4, 2)),
            "figures": [self._figure(random, speakers[0])] if random.random() < 0.1 else [],
            "links": [],
            "reports": self._reports(random, speakers[0]),
        }

    def _sentence(self, random: Random, language: str) -> str:
        return " ".join(self.words[language].draw(random, random.randint(SHORTEST, LONGEST)))

    def _speaker(self, random: Random, speaker: str) -> dict[str, Any]:
        offices = self._by_id["speakers"][speaker]["offices"]
        office = {"id": offices[0]["id"]} if offices and random.random() < 0.7 else None
        return {"speaker": {"id": speaker}, "office": office, "capacity": "author"}

    def _references(self, random: Random, ids: list[str], chance: float) -> list[dict[str, Any]]:
        return [{"id": random.choice(ids)}] if random.random() < chance else []

    def _maybe(self, random: Random, record_type: str, chance: float) -> dict[str, Any] | None:
        return {"id": self._drawn[record_type].one(random)} if random.random() < chance else None

    def _several(self, random: Random, record_type: str, weights: tuple[int, ...]) -> list[dict[str, Any]]:
        count = random.choices(range(len(weights)), weights)[0]
        return [{"id": some} for some in self._drawn[record_type].distinct(random, count)]

    def _agreements(self, random: Random) -> list[dict[str, Any]]:
        found = self._several(random, "agreements", (30, 40, 20, 10))
        return [
            {
                "agreement": agreement,
                "relation": random.choice(_RELATIONS),
                "provision": self._provision(random, agreement["id"]),
                "label": None,
            }
            for agreement in found
        ]

    def _provision(self, random: Random, agreement: str) -> int | None:
        points = self._by_id["agreements"][agreement]["provisions"]
        return random.choice(points)["number"] if points and random.random() < 0.2 else None

    def _figure(self, random: Random, claimant: str) -> dict[str, Any]:
        return {
            "measure": random.choice(_MEASURES),
            "value": random.randrange(1, 500),
            "unit": "people",
            "bound": random.choice(_BOUNDS),
            "claimant": {"id": claimant},
            "party": None,
            "period": None,
            "event": None,
        }

    def _reports(self, random: Random, speaker: str) -> list[dict[str, Any]]:
        articles = random.sample(self.cast.documents["articles"], random.randint(1, MOST_REPORTS))
        return [self._report(random, speaker, article) for article in articles]

    def _report(self, random: Random, speaker: str, article: Document) -> dict[str, Any]:
        chain = [{"agent": {"id": speaker}, "role": "spoke"}]
        between = random.choice(self.cast.bodies)
        if random.random() < 0.5 and between != speaker:
            chain.append({"agent": {"id": between}, "role": random.choice(("issued", "relayed"))})
        chain.append({"agent": {"id": article["publisher"]["id"]}, "role": "published"})
        start = random.randrange(ARTICLE_LENGTH - 200)
        end = start + random.randint(40, 200)
        return {
            "article": {"id": article["id"]},
            "chain": chain,
            "mode": random.choice(_MODES),
            "label": None,
            "evidence": [{"start": start, "end": end, "sha256": sha256(b"%d/%d" % (start, end)).hexdigest()}],
        }


MOST_REPORTS = 2

_RELATIONS, _MEASURES = term_ids("agreement-references"), term_ids("measures")
_BOUNDS, _MODES = term_ids("bounds"), term_ids("report-modes")


def _date(random: Random) -> str:
    """A day, or in a few cases out of a hundred something vaguer."""
    day, chance = some_day(random), random.random()
    if chance < 0.96:
        return day.isoformat()
    if chance < 0.98:
        return day.isoformat()[:7]
    if chance < 0.995:
        return f"{day}/{_later(random, day)}"
    return f"../{day}" if chance < 0.998 else day.isoformat()[:4]


def _later(random: Random, day: date) -> date:
    return day + timedelta(days=random.randint(1, 30))
