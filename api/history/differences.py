"""What differs from an earlier moment: the records that have changed since, and those that reads find differently because of them.

Most reads look at the rows of a record and of its parts alone. Some look further, and count as changed because of another record:

- Rows of reports hold the publishers of their articles, and statements are filtered and sorted by the days of these. So when
  the publisher or date of an article changes, its statements and readings count as changed, whatever the log says of them.
- Speakers are found by the bodies above that of their office. When a body moves below another, those with an office in it count.
- What was read is counted by article, so an article counts as changed with its readings, and they with it.
- Words find a record by the names of whatever it refers to or mentions. When a name changes, all that do so count.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

import orjson

from api.database.compression import decompressed
from api.database.dialect import dialect
from api.database.statements import chunked, rows
from api.documents.record_types import RECORD_TYPES, Document
from api.history.point_in_time import states_of
from api.lookups.stored import BATCH_SIZE
from api.names.mentions import mentioning
from api.records.referrers import merged, referring_to_any
from schemas.answers.suggestions import NAMED

Ids = dict[str, set[str]]
Numbers = dict[str, set[int]]


class Differences:
    """The records that differ from those of a moment, by record type, as far as the log was read.

    `ids` are of records that differ, and `numbers` those that they are stored under. `rendered` are the others that are shown
    otherwise since, by number with their ids; there are none if `whole`, for then these count as changed too.
    """

    def __init__(self, moment: str, position: int, whole: bool) -> None:
        self.moment, self.whole = moment, whole
        self.position = position
        """Up to where the log was read."""
        self.ids: Ids = defaultdict(set)
        self.numbers: Numbers = defaultdict(set)
        self.rendered: dict[str, dict[int, str]] = defaultdict(dict)
        self.logged: Ids = defaultdict(set)
        """All that the log says something of since."""

    def follow(self, until: int) -> Ids:
        """Read the log up to a position; return the ids of records that differ for the first time, and may have existed."""
        revised, created, new = self._read(until)
        dependent = self._dependent(revised, created, new)
        for record_type, numbers in dependent.items():
            self._add(record_type, numbers, new)
        self.position = until
        return new

    def _read(self, until: int) -> tuple[Ids, Ids, Ids]:
        """Take in what the log says; return which records were revised, made for the first time, and differ for the first time."""
        logged = rows(_LOGGED, (self.position, until))
        revised: Ids = defaultdict(set)
        created: Ids = defaultdict(set)
        new: Ids = defaultdict(set)
        for record_type, record_id, _, first_revision in logged:
            self.logged[record_type].add(record_id)
            if first_revision is not None:
                revised[record_type].add(record_id)
            if first_revision == 1:
                created[record_type].add(record_id)
        for record_type, record_id, number, _ in logged:
            if self.whole or record_id in revised[record_type] or record_id in self.ids[record_type]:
                if record_id not in self.ids[record_type] and record_id not in created[record_type]:
                    new[record_type].add(record_id)
                self._note(record_type, record_id, number)
            else:
                self.rendered[record_type][number] = record_id
        return revised, created, new

    def _note(self, record_type: str, record_id: str, number: int | None) -> None:
        self.ids[record_type].add(record_id)
        if number is not None:
            self.numbers[record_type].add(number)
            self.rendered[record_type].pop(number, None)

    def _add(self, record_type: str, numbers: Collection[int], new: Ids) -> None:
        table, listed = RECORD_TYPES[record_type].table_name, json.dumps(sorted(numbers))
        select = f'SELECT id, number FROM "{table}" WHERE number IN ({dialect().numbers_in_json})'
        for record_id, number in rows(select, (listed,)) if numbers else ():
            if record_id not in self.ids[record_type]:
                new[record_type].add(record_id)
            self._note(record_type, record_id, number)

    def _dependent(self, revised: Ids, created: Ids, new: Ids) -> Numbers:
        """The stored records of which reads may find others because these were revised: whatever refers to a new one is new too."""
        articles, moved = (
            {
                version.number
                for version in self._versions(record_type, revised[record_type] - created[record_type])
                if version.differs(trait)
            }
            for record_type, trait in (("articles", _published), ("speakers", _part_of))
        )
        read = self._articles_read(new["readings"]) | _stored_under("articles", new["articles"])
        dependent: Numbers = {
            "statements": _first_columns("SELECT owner_id FROM report WHERE article_id", articles),
            "speakers": _in_offices_below(moved),
            "articles": read,
            "readings": _first_columns("SELECT number FROM reading WHERE article_id", articles | read),
        }
        return merged(dependent, self._naming(revised)) if self.whole else dependent

    def _versions(self, record_type: str, ids: Collection[str]) -> "Iterator[_Versions]":
        """Of each of these records that is stored or existed then: its two versions."""
        then = {state.id: state.document or b"" for state in states_of(record_type, ids, self.moment) if state.exists}
        now = _stored(record_type, ids)
        for record_id in then.keys() | now.keys():
            number, document = now.get(record_id, (None, None))
            yield _Versions(number, _parsed(then.get(record_id)), _parsed(document))

    def _articles_read(self, readings: Collection[str]) -> set[int]:
        """The articles that readings are of, or were."""
        versions = [version for each in self._versions("readings", readings) for version in (each.then, each.now)]
        return _stored_under("articles", {each["article"]["id"] for each in versions if each and each["article"]})

    def _naming(self, revised: Ids) -> Numbers:
        """The stored records that refer to any of these whose names are others, or may mention one of them."""
        names: set[str] = set()
        renamed: Numbers = {}
        for record_type in NAMED:
            for version in self._versions(record_type, revised[record_type]):
                if version.differs(_names):
                    names |= _names(version.then) | _names(version.now)
                    renamed.setdefault(record_type, set()).update(
                        [version.number] if version.number is not None else []
                    )
        return merged(referring_to_any(renamed), mentioning(names, besides={}))


class _Versions(NamedTuple):
    """The number that a record is stored under, and its documents then and now; None where it was not or is not there."""

    number: int | None
    then: Document | None
    now: Document | None

    def differs(self, trait: Callable[[Document | None], Any]) -> bool:
        """Whether the record is stored, or has names, with another trait than then."""
        return bool(trait(self.then) != trait(self.now))


def _published(article: Document | None) -> Any:
    return article and (article["publisher"] and article["publisher"]["id"], article["published"])


def _part_of(speaker: Document | None) -> Any:
    return speaker and speaker["part_of"] and speaker["part_of"]["id"]


def _names(record: Document | None) -> set[str]:
    return set() if record is None else {*record["name"].values(), *(alias["value"] for alias in record["aliases"])}


def _parsed(document: bytes | None) -> Document | None:
    return None if document is None else orjson.loads(document)


def _stored(record_type: str, ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """The records with these ids, each with its number and document."""
    table = RECORD_TYPES[record_type].table_name
    stored: dict[str, tuple[int, bytes]] = {}
    for batch in chunked(sorted(ids), BATCH_SIZE):
        marks = ", ".join("?" * len(batch))
        for record_id, number, body in rows(f'SELECT id, number, body FROM "{table}" WHERE id IN ({marks})', batch):
            stored[record_id] = number, decompressed(body)
    return stored


def _stored_under(record_type: str, ids: Collection[str]) -> set[int]:
    return {number for number, _ in _stored(record_type, ids).values()}


def _first_columns(select: str, numbers: Collection[int | None]) -> set[int]:
    """The first column of the rows whose last column in a SELECT is any of these numbers."""
    listed = json.dumps([number for number in numbers if number is not None])
    return {row[0] for row in rows(f"{select} IN ({dialect().numbers_in_json})", (listed,))} if numbers else set()


def _in_offices_below(bodies: Collection[int | None]) -> set[int]:
    """The speakers with an office in any of these bodies, or in any that is a part of one."""
    below = (
        f"WITH RECURSIVE below(number) AS ({dialect().numbers_in_json}"
        " UNION SELECT speaker.number FROM speaker JOIN below ON speaker.part_of_id = below.number)"
    )
    listed = json.dumps([number for number in bodies if number is not None])
    holders = f"{below} SELECT speaker_id FROM office WHERE organization_id IN (SELECT number FROM below)"
    return {speaker for (speaker,) in rows(holders, (listed,))} if bodies else set()


_LOGGED = """
SELECT record_type, record_id, record_number, MIN(revision) FROM "change" WHERE sequence > ? AND sequence <= ?
 GROUP BY record_type, record_id, record_number
"""
"""What was logged of each record between two positions, under each of its numbers. A first revision made it for the first time."""
