"""The names of records, kept in tables of their own: so that they are found in texts, and while they are being typed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from api.database.statements import chunked, execute, execute_many, insert
from api.documents.record_types import RECORD_TYPES, Document
from api.models.base import tuples
from api.models.holders import Name, NamedRecord, NameEdition, NameStart
from api.search.names import name_words, skeleton, starts
from api.search.text import stem
from schemas.answers.suggestions import NAMED

BATCH_SIZE = 500  # values in one condition; SQLite would take 32766, older ones 999

editions_begun = 0
"""How often this process has changed names: whoever keeps some need not ask the database then whether they are outdated."""

Key = tuple[str, int]
"""A record by record type and number."""


class Named(NamedTuple):
    """A record that has names, as it is written in its document."""

    record_type: str
    number: int
    document: Document


class _Row(NamedTuple):
    position: int
    value: str
    lang: str
    proper: bool
    phrase: str
    skeleton: str
    first: str


def names_of(document: Document) -> list[_Row]:
    """The names of a record in the order of its document, each spelling once."""
    names = [(value, lang, True) for lang, value in document["name"].items()]
    names += [(alias["value"], alias["lang"], False) for alias in document["aliases"]]
    rows: dict[str, _Row] = {}
    for value, lang, proper in names:
        words = name_words(value)
        if words and " ".join(words) not in rows:
            sounds = " ".join(map(skeleton, words))
            rows[" ".join(words)] = _Row(len(rows), value, lang, proper, " ".join(words), sounds, stem(words[0]))
    return list(rows.values())


def keep(named: Sequence[Named]) -> set[str]:
    """Replace the names of these records; return all names, old and new, of those whose names changed."""
    changed: set[str] = set()
    for batch in chunked(named, BATCH_SIZE):
        owners, made, renamed = _owners(batch)
        wanted = {owner: names_of(record.document) for record, owner in zip(batch, owners, strict=True)}
        stored = _stored([owner for owner in owners if owner not in made])
        differing = {owner: rows for owner, rows in wanted.items() if rows != stored.get(owner, [])}
        if differing or renamed:
            begin_edition()
        changed |= {row.value for owner, rows in differing.items() for row in [*rows, *stored.get(owner, ())]}
        _delete([owner for owner in differing if owner in stored])
        _insert(differing)
    return changed


def remove(record_type: str, record: int) -> set[str]:
    """Remove and return the names of a record that is to be deleted."""
    owners = [owner for _, owner, *_ in _known(record_type, [record])]
    names = {row.value for rows in _stored(owners).values() for row in rows}
    begin_edition()
    _delete(owners)
    records: Any = NamedRecord
    records.delete().where(records.number.in_(owners)).execute()
    return names


def _owners(named: Sequence[Named]) -> tuple[list[int], set[int], bool]:
    """The row of each of these records among those that have names, brought up to date.

    And which of the rows were only just made, and whether any shows another name than before.
    """
    known = {
        (record_type, number): stored
        for record_type in NAMED
        if (numbers := [record.number for record in named if record.record_type == record_type])
        for number, *stored in _known(record_type, numbers)
    }
    made = _make([record for record in named if (record.record_type, record.number) not in known])
    renamed = [
        (*shown(record.document), known[record.record_type, record.number][0])
        for record in named
        if (record.record_type, record.number) in known
        and known[record.record_type, record.number][1:] != list(shown(record.document))
    ]
    execute_many(_SHOW, renamed)
    rows = {key: stored[0] for key, stored in known.items()} | made
    return [rows[record.record_type, record.number] for record in named], set(made.values()), bool(renamed)


def shown(document: Document) -> tuple[str, str]:
    """What suggestions show of a record: its id and its label."""
    return document["id"], orjson.dumps(document["name"]).decode()


def _make(named: Sequence[Named]) -> dict[Key, int]:
    """Insert rows for records that have names; return their numbers."""
    if not named:
        return {}
    values = [(record.record_type, record.number, *shown(record.document), 0) for record in named]
    marks = ", ".join(["(?, ?, ?, ?, ?)"] * len(values))
    flat = [value for row in values for value in row]
    made = execute(_MAKE.format(marks=marks), flat).fetchall()
    return {(record_type, record): owner for record_type, record, owner in made}


_MAKE = (
    "INSERT INTO named_record (record_type, record, id, label, statements) VALUES {marks}"
    " RETURNING record_type, record, number"
)
_SHOW = "UPDATE named_record SET id = ?, label = ? WHERE number = ?"


def _known(record_type: str, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    columns = (NamedRecord.record, NamedRecord.number, NamedRecord.id, NamedRecord.label)
    return tuples(
        NamedRecord.select(*columns).where((NamedRecord.record_type == record_type) & NamedRecord.record.in_(numbers))
    )


_OF_NAMES: tuple[Any, ...] = (Name, NameStart)
_COLUMNS = [Name._meta.fields[name] for name in _Row._fields]


def _stored(owners: Collection[int]) -> dict[int, list[_Row]]:
    stored: dict[int, list[_Row]] = {}
    if not owners:
        return stored
    select = Name.select(Name.owner, *_COLUMNS).where(Name.owner.in_(list(owners))).order_by(Name.position)
    for owner, *values in tuples(select):
        stored.setdefault(owner, []).append(_Row(*values))
    return stored


def _delete(owners: Sequence[int]) -> None:
    for table in _OF_NAMES if owners else ():
        table.delete().where(table.owner.in_(owners)).execute()


def begin_edition() -> None:
    """Let whoever has read names know that they are others now."""
    global editions_begun
    editions_begun += 1
    stamp = uuid4().hex
    if not NameEdition.update(stamp=stamp).execute():
        NameEdition.insert(stamp=stamp).execute()


def _insert(names: Mapping[int, list[_Row]]) -> None:
    beginnings = [
        (owner, start, row.position)
        for owner, rows in names.items()
        for row in rows
        for start in dict.fromkeys(starts(tuple(row.phrase.split())))
    ]
    insert(
        "name",
        ("owner_id", *_Row._fields),
        [(owner, *row) for owner, rows in names.items() for row in rows],
    )
    insert("name_start", ("owner_id", "start", "position"), beginnings)


class Kept(NamedTuple):
    """What the tables of names have for a record."""

    id: str
    label: str
    statements: int
    names: list[_Row]
    starts: set[tuple[str, int]]


def kept(record_type: str, numbers: Sequence[int]) -> dict[int, Kept]:
    """What the tables of names have for records of a record type, by their numbers."""
    columns = (NamedRecord.record, NamedRecord.number, NamedRecord.id, NamedRecord.label, NamedRecord.statements)
    is_one = (NamedRecord.record_type == record_type) & NamedRecord.record.in_(list(numbers))
    known = list(tuples(NamedRecord.select(*columns).where(is_one)))
    owners = [owner for _, owner, *_ in known]
    names, beginnings = _stored(owners), _starts(owners)
    return {
        record: Kept(record_id, label, statements, names.get(owner, []), beginnings.get(owner, set()))
        for record, owner, record_id, label, statements in known
    }


def _starts(owners: Collection[int]) -> dict[int, set[tuple[str, int]]]:
    starts: dict[int, set[tuple[str, int]]] = {}
    select = NameStart.select(NameStart.owner, NameStart.start, NameStart.position)
    for owner, *start in tuples(select.where(NameStart.owner.in_(list(owners)))) if owners else ():
        starts.setdefault(owner, set()).add((start[0], start[1]))
    return starts


def differences(named: Named, kept: Kept | None, statements: int) -> Iterator[str]:
    """What the tables of names say otherwise than a record's document and the statements that refer to it."""
    expected = names_of(named.document)
    if kept is None or kept.names != expected:
        yield "has other names than its document says."
        return
    if (kept.id, orjson.loads(kept.label)) != (named.document["id"], named.document["name"]):
        yield "is shown under another name where names are suggested."
    if kept.starts != {(start, row.position) for row in expected for start in starts(tuple(row.phrase.split()))}:
        yield "can't be found by all beginnings of its names."
    if kept.statements != statements:
        yield f"is counted in {kept.statements} statements, but {statements} refer to it."


def forget() -> None:
    """Remove all names, and the rows of records that do not exist, so that the names can be kept anew."""
    begin_edition()
    for table in _OF_NAMES:
        table.delete().execute()
    records: Any = NamedRecord
    for record_type in NAMED:
        records.delete().where(_lost(record_type)).execute()


def orphans() -> Iterator[Key]:
    """The records whose names are kept although they do not exist."""
    for record_type in NAMED:
        yield from (
            (record_type, record)
            for (record,) in tuples(NamedRecord.select(NamedRecord.record).where(_lost(record_type)))
        )


def _lost(record_type: str) -> Any:
    table: Any = RECORD_TYPES[record_type].table
    return (NamedRecord.record_type == record_type) & NamedRecord.record.not_in(table.select(table.number))
