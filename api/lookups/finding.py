"""Finding records of any types by their ids in the database, together with what they rest on: one statement for all."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from api.database.compression import decompressed
from api.database.statements import chunked, execute
from api.documents.record_types import RECORD_TYPES
from api.lookups.known import Entry, Key
from api.lookups.stored import BATCH_SIZE

Find = Callable[[Collection[Key], Collection[str]], Iterable[tuple[Key, Entry]]]
"""Finds the records of these keys that there are. It may bring more: what records of the given types rest on."""


def find_stored(keys: Collection[Key], followed: Collection[str] = ()) -> Iterator[tuple[Key, Entry]]:
    """The records of these keys that are stored, and what those of the `followed` types rest on."""
    for batch in chunked(sorted(keys), BATCH_SIZE):
        ids: dict[str, list[str]] = {}
        for record_type, record_id in batch:
            ids.setdefault(record_type, []).append(record_id)
        sql, values = _find_sql(ids, followed)
        for record_type, record_id, number, body in execute(sql, values).fetchall():
            yield (record_type, record_id), Entry(decompressed(body), number)


Arriving = Callable[[str, list[str]], Iterable[tuple[str, Any]]]
"""Gives of the records of a type those of these ids that arrive, each by its id with its document."""


def with_arriving(arriving: Arriving) -> Find:
    """Find records that are stored, as they will be: what arrives counts instead, wherever it is not written yet."""

    def find(keys: Collection[Key], followed: Collection[str]) -> Iterator[tuple[Key, Entry]]:
        entries = dict(find_stored(keys, followed))
        ids: dict[str, list[str]] = {}
        for record_type, record_id in {*keys, *entries}:
            ids.setdefault(record_type, []).append(record_id)
        for record_type, of_type in ids.items():
            for record_id, document in arriving(record_type, of_type):
                stored = entries.get((record_type, record_id))
                entries[record_type, record_id] = Entry(document, stored.number if stored else None)
        yield from entries.items()

    return find


def _find_sql(ids: Mapping[str, list[str]], followed: Collection[str]) -> tuple[str, list[str]]:
    """One statement for records of several types, with its values."""
    above: list[str] = []
    values: list[str] = []
    conditions = {record_type: f"id IN ({_marks(of_type)})" for record_type, of_type in ids.items()}
    if "speakers" in followed:
        above.append(f"speakers_above(number) AS ({_speakers_above(ids)})")
        values += ids.get("speakers", []) + ids.get("articles", [])
        conditions["speakers"] = "number IN (SELECT number FROM speakers_above)"
    if "places" in followed and "places" in ids:
        above.append(f"places_above(number) AS ({_places_above(ids['places'])})")
        values += ids["places"]
        conditions["places"] = "number IN (SELECT number FROM places_above)"
    selects = []
    for record_type, condition in conditions.items():
        table = RECORD_TYPES[record_type].table_name
        selects.append(f"SELECT '{record_type}', id, number, body FROM \"{table}\" WHERE {condition}")
        values += ids.get(record_type, []) if "?" in condition else []
    recursive = f"WITH RECURSIVE {', '.join(above)} " if above else ""
    return recursive + " UNION ALL ".join(selects), values


def _speakers_above(ids: Mapping[str, list[str]]) -> str:
    """The numbers of speakers, of the publishers of articles, and of all bodies above them."""
    return (
        f"SELECT number FROM speaker WHERE id IN ({_marks(ids.get('speakers', []))})"
        f" UNION SELECT publisher_id FROM article WHERE id IN ({_marks(ids.get('articles', []))})"
        " UNION SELECT CASE step.place WHEN 0 THEN speaker.part_of_id ELSE office.organization_id END"
        " FROM speakers_above JOIN speaker ON speaker.number = speakers_above.number"
        " LEFT JOIN office ON office.speaker_id = speaker.number"
        " CROSS JOIN (SELECT 0 AS place UNION ALL SELECT 1) AS step"
    )


def _places_above(ids: list[str]) -> str:
    return (
        f"SELECT number FROM place WHERE id IN ({_marks(ids)})"
        " UNION SELECT place.part_of_id FROM places_above JOIN place ON place.number = places_above.number"
    )


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
