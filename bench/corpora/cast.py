"""Everything that synthetic statements refer to: speakers, places, events, agreements, communiques and articles."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from api.documents.record_types import RECORD_TYPES, Document
from bench.corpora.words import english_word, name
from schemas.records.vocabularies import term_ids

SPEAKERS = 5_000
"""The same at every size: what grows from size to size is what they said."""
AGREEMENTS, PLACES = 200, 100
STATEMENTS_PER_EVENT, MOST_EVENTS = 10, 1_000
STATEMENTS_PER_COMMUNIQUE, MOST_COMMUNIQUES = 20, 5_000
STATEMENTS_PER_ARTICLE, MOST_ARTICLES = 5, 20_000
ARTICLE_LENGTH = 6_000

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2026, 11, 1)


@dataclass(frozen=True)
class Cast:
    """The documents by record type, loaded by their schemas, and the speakers sorted by what they do."""

    documents: dict[str, list[Document]]
    makers: list[str]
    bodies: list[str]
    outlets: list[str]

    def by_id(self, record_type: str) -> dict[str, Document]:
        """The documents of a record type by their ids."""
        return {document["id"]: document for document in self.documents[record_type]}


def cast(seed: int, size: int) -> Cast:
    """The cast of a corpus of so many statements."""
    random = Random(f"{seed}/cast")
    speakers = _speakers(random, min(SPEAKERS, max(50, size)))
    states, bodies, outlets = (
        [some["id"] for some in speakers if some["kind"] in kinds]
        for kinds in (("state",), ("government-body", "intergovernmental"), ("media",))
    )
    makers = [some["id"] for some in speakers if some["kind"] != "media"]
    random.shuffle(makers)
    places = _places(random)
    events, communiques, articles = (
        min(most, max(10, size // each))
        for each, most in (
            (STATEMENTS_PER_EVENT, MOST_EVENTS),
            (STATEMENTS_PER_COMMUNIQUE, MOST_COMMUNIQUES),
            (STATEMENTS_PER_ARTICLE, MOST_ARTICLES),
        )
    )
    occasions = [_event(random, number, places, makers) for number in range(events)]
    written = {
        "speakers": speakers,
        "places": places,
        "events": occasions,
        "agreements": [_agreement(random, number, states or bodies) for number in range(AGREEMENTS)],
        "communiques": [_communique(random, number, bodies, occasions) for number in range(communiques)],
        "articles": [_article(random, number, outlets) for number in range(articles)],
    }
    documents = {
        record_type: [RECORD_TYPES[record_type].schema.load(some) for some in found]
        for record_type, found in written.items()
    }
    return Cast(documents, makers, bodies, outlets)


def some_day(random: Random) -> date:
    """A day of the years that the corpus covers, each as likely as the other."""
    return FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days))


def _slug(random: Random, number: int) -> str:
    return f"{english_word(random)}-{english_word(random)}-{number}"


def _named(random: Random, number: int, words: int) -> dict[str, Any]:
    aliases = {some["en"]: some for some in (name(random, words) for _ in range(random.randrange(4)))}
    return {
        "id": _slug(random, number),
        "name": name(random, words),
        "aliases": [
            {"value": some[lang], "lang": lang, "kind": "variant"} for some in aliases.values() for lang in ("ar", "en")
        ],
    }


_KINDS = {"state": 4, "government-body": 20, "intergovernmental": 4, "group": 2, "media": 10, "person": 60}


def _speakers(random: Random, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind, percent in _KINDS.items():
        above = [some["id"] for some in found if some["kind"] in ("state", "government-body")]
        states = [some["id"] for some in found if some["kind"] == "state"]
        for _ in range(max(1, count * percent // 100)):
            speaker = {"kind": kind, **_named(random, len(found), 2 if kind == "person" else 3)}
            if kind == "government-body":
                speaker["part_of"] = {"id": random.choice(states)}
            if kind == "person":
                speaker["offices"] = [_office(random, above, position) for position in range(random.choice((1, 1, 2)))]
            found.append(speaker)
    return found


def _office(random: Random, organizations: list[str], position: int) -> dict[str, Any]:
    since = 1996 + random.randrange(20) + position
    return {
        "id": ("minister", "envoy")[position],
        "title": name(random, 3),
        "organization": {"id": random.choice(organizations)},
        "from": str(since),
        "to": random.choice((None, str(since + 4 + random.randrange(8)))),
    }


def _places(random: Random) -> list[dict[str, Any]]:
    countries = [{"kind": "country", **_named(random, number, 2)} for number in range(PLACES // 4)]
    cities = [
        {"kind": "city", **_named(random, number, 2), "part_of": {"id": random.choice(countries)["id"]}}
        for number in range(len(countries), PLACES)
    ]
    return countries + cities


def _event(random: Random, number: int, places: list[dict[str, Any]], makers: list[str]) -> dict[str, Any]:
    return {
        "kind": random.choice(term_ids("event-kinds")),
        **_named(random, number, 4),
        "date": some_day(random).isoformat(),
        "date_basis": "stated",
        "place": {"id": random.choice(places)["id"]},
        "participants": [{"speaker": {"id": some}, "role": "participant"} for some in random.sample(makers, 2)],
    }


def _agreement(random: Random, number: int, parties: list[str]) -> dict[str, Any]:
    day = some_day(random)
    return {
        "kind": random.choice(term_ids("agreement-kinds")),
        "status": random.choice(term_ids("agreement-statuses")),
        **_named(random, number, 4),
        "milestones": [{"kind": "signed", "date": day.isoformat()}],
        "parties": [{"id": some} for some in random.sample(parties, min(2, len(parties)))],
        "provisions": [{"number": point, "summary": name(random, 8)} for point in range(1, random.randrange(1, 8))],
    }


def _communique(random: Random, number: int, bodies: list[str], events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": _slug(random, number),
        "kind": random.choice(term_ids("communique-kinds")),
        "name": name(random, 6),
        "issuers": [{"id": random.choice(bodies)}],
        "date": some_day(random).isoformat(),
        "date_basis": "stated",
        "event": random.choice((None, {"id": random.choice(events)["id"]})),
    }


def _article(random: Random, number: int, outlets: list[str]) -> dict[str, Any]:
    record_id = _slug(random, number)
    return {
        "id": record_id,
        "title": name(random, 9)["ar"],
        "publisher": {"id": random.choice(outlets)},
        "publisher_basis": "stated",
        "published": some_day(random).isoformat(),
        "date_basis": "stated",
        "language": "ar",
        "rights": "None: the text is invented.",
        "sha256": sha256(record_id.encode()).hexdigest(),
        "length": ARTICLE_LENGTH,
    }
