"""When a report is first hand: the speaker's own side put the words out, and nobody else."""

from typing import Any

import pytest
from builders import Document, body, office, person, ref, report, statement, world

from api.documents.record_types import RECORD_TYPES
from api.lookups.known import Known
from api.records.attribution import first_hand_for


def everybody() -> Known:
    speakers = [
        *world()["speakers"].values(),
        body("north-embassy", "Embassy", part_of=ref("north-ministry")),
        person("spokeswoman", "Anna Ivanova", offices=[office("spokesperson", "north-ministry", **{"from": "2015"})]),
        body("south-press", "Press office", part_of=ref("south")),
        {"id": "alliance", "kind": "intergovernmental", "name": {"en": "Alliance"}},
        person("writer", "Jan Novak"),
        person(
            "turncoat",
            "Petr Novak",
            offices=[
                office("minister", "north", **{"from": "2000", "to": "2010-06"}),
                office("adviser", "south", **{"from": "2010-07"}),
                {"id": "chairman", "title": {"en": "Chairman of himself"}},
            ],
        ),
    ]
    known = Known()
    known.add({"speakers": [RECORD_TYPES["speakers"].schema.load(speaker) for speaker in speakers]})
    return known


def own(speakers: list[Document], chain: list[tuple[str, str]], date: str = "2020-12-04") -> list[str]:
    """The speakers for whom a report through this chain is first hand."""
    document: Any = RECORD_TYPES["statements"].schema.load(
        statement("words", "nobody", report(*chain), speakers=speakers, date=date)
    )
    return first_hand_for(document, document["reports"][0], everybody())


def by(speaker: str, holding: str | None = None) -> Document:
    return {"speaker": ref(speaker), "office": ref(holding) if holding else None, "capacity": "author"}


MINISTER, PREMIER = by("minister", "foreign-minister"), by("premier", "prime-minister")

CHAINS: dict[str, tuple[list[Document], list[tuple[str, str]], list[str]]] = {
    "who spoke in public himself": ([MINISTER], [("minister", "spoke"), ("outlet", "published")], ["minister"]),
    "his ministry": ([MINISTER], [("north-ministry", "issued"), ("outlet", "published")], ["minister"]),
    "a body below his ministry": ([MINISTER], [("north-embassy", "issued")], ["minister"]),
    "his spokeswoman": ([MINISTER], [("spokeswoman", "issued"), ("agency", "relayed")], ["minister"]),
    "another of his side, speaking": ([MINISTER], [("spokeswoman", "spoke")], ["minister"]),
    "a state by its ministry": ([by("north")], [("north-ministry", "issued")], ["north"]),
    "a ministry by its state": ([by("north-ministry")], [("north", "issued")], ["north-ministry"]),
    "the other side": ([MINISTER], [("south-press", "issued"), ("outlet", "published")], []),
    "the other side, though he spoke": ([MINISTER], [("minister", "spoke"), ("south-press", "issued")], []),
    "an agency alone": ([MINISTER], [("agency", "reported"), ("outlet", "published")], []),
    "an agency first, his ministry later": (
        [MINISTER],
        [("agency", "reported"), ("north-ministry", "issued")],
        ["minister"],
    ),
    "both sides": (
        [PREMIER, MINISTER],
        [("north-ministry", "issued"), ("south-press", "issued")],
        ["premier", "minister"],
    ),
    "one side of two": ([MINISTER, PREMIER], [("north-ministry", "issued"), ("outlet", "published")], ["minister"]),
    "one of two, speaking": ([MINISTER, PREMIER], [("premier", "spoke"), ("outlet", "published")], ["premier"]),
    "an outlet about the world": ([by("outlet")], [("outlet", "published")], ["outlet"]),
    "an outlet quoted by another": ([by("agency")], [("outlet", "published")], []),
    "somebody without an office": ([by("writer")], [("writer", "spoke"), ("outlet", "published")], ["writer"]),
    "somebody on no side": ([by("writer")], [("north-ministry", "issued")], []),
    "an office without an organization": ([by("turncoat", "chairman")], [("south-press", "issued")], []),
    "an office without an organization, speaking": (
        [by("turncoat", "chairman")],
        [("turncoat", "spoke")],
        ["turncoat"],
    ),
    "the office he spoke in, not the one he left": ([by("turncoat", "adviser")], [("south", "issued")], ["turncoat"]),
    "the office he spoke in, whatever he holds besides": ([by("turncoat", "minister")], [("south", "issued")], []),
}


@pytest.mark.parametrize(("speakers", "chain", "expected"), CHAINS.values(), ids=CHAINS)
def test_the_words_came_from(speakers: list[Document], chain: list[tuple[str, str]], expected: list[str]) -> None:
    assert own(speakers, chain) == expected


@pytest.mark.parametrize(
    ("date", "issuer", "expected"),
    [
        ("2005", "north", True),
        ("2005", "south", False),
        ("2020", "south", True),
        ("2020", "north", False),
        ("2010-06-30", "north", True),
        ("2010-07-01", "north", False),
        ("2010-07-01", "south", True),
        ("2010", "north", True),
        ("2010", "south", True),
        ("../2010-06", "north", True),
        ("1999", "north", False),
        ("2021/..", "south", True),
    ],
)
def test_without_an_office_a_speaker_stands_where_he_held_one_on_the_day(
    date: str, issuer: str, expected: bool
) -> None:
    assert own([by("turncoat")], [(issuer, "issued")], date) == (["turncoat"] if expected else [])
