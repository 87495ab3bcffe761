"""The names of records, kept in tables of their own: so that they are found in texts, and while they are being typed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from peewee import chunked

from api.database import insert
from api.models import database
from api.models.base import tuples
from api.models.naming import Bearer, Name, NameEdition, NameStart
from api.records.nouns import NOUNS, Document
from api.search.names import name_words, skeleton, starts
from api.search.text import stem

NAMED = ("speakers", "places", "events", "agreements")
"""The nouns whose records have names and aliases."""
SOME = 500  # values in one condition; SQLite would take 32766, older ones 999

Key = tuple[str, int]
"""A record by noun and number."""


class Named(NamedTuple):
    """A record that has names, as it is written in its document."""

    noun: str
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


def _rows(document: Document) -> list[_Row]:
    """The names of a record in the order of its document, each spelling once."""
    names = [(value, lang, True) for lang, value in document["name"].items()]
    names += [(alias["value"], alias["lang"], False) for alias in document["aliases"]]
    found: dict[str, _Row] = {}
    for value, lang, proper in names:
        some = name_words(value)
        if some and " ".join(some) not in found:
            sounds = " ".join(map(skeleton, some))
            found[" ".join(some)] = _Row(len(found), value, lang, proper, " ".join(some), sounds, stem(some[0]))
    return list(found.values())


def keep(named: Sequence[Named]) -> set[str]:
    """Write the names of these records in the place of those they had; give all names, old and new, of those that changed."""
    bearers = _bearers(named)
    changed: set[str] = set()
    for some in chunked(named, SOME):
        wanted = {bearers[one.noun, one.number]: _rows(one.document) for one in some}
        stored = _stored(wanted)
        differing = {bearer: rows for bearer, rows in wanted.items() if rows != stored.get(bearer, [])}
        if differing:
            _begin_edition()
        changed |= {row.value for bearer, rows in differing.items() for row in [*rows, *stored.get(bearer, ())]}
        _delete(list(differing))
        _insert(differing)
    return changed


def _bearers(named: Sequence[Named]) -> dict[Key, int]:
    """The rows of these records among the bearers of names, made or brought up to date."""
    bearers: dict[Key, int] = {}
    for noun in NAMED:
        here = {one.number: one.document for one in named if one.noun == noun}
        known = {number: stored for some in chunked(here, SOME) for number, *stored in _known_bearers(noun, some)}
        new = []
        for number, document in here.items():
            values = {"id": document["id"], "label": orjson.dumps(document["name"]).decode()}
            if number not in known:
                new.append({"noun": noun, "record": number, "statements": 0, **values})
            elif known[number][1:] != list(values.values()):
                _begin_edition()
                Bearer.update(**values).where(Bearer.number == known[number][0]).execute()
        for chunk in chunked(new, SOME):
            Bearer.insert_many(chunk).execute()
        for some in chunked(here, SOME):
            bearers |= {(noun, number): bearer for number, bearer, *_ in _known_bearers(noun, some)}
    return bearers


def _known_bearers(noun: str, numbers: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    columns = (Bearer.record, Bearer.number, Bearer.id, Bearer.label)
    return tuples(Bearer.select(*columns).where((Bearer.noun == noun) & Bearer.record.in_(numbers)))


_OF_BEARERS: tuple[Any, ...] = (Name, NameStart)
_COLUMNS = [Name._meta.fields[name] for name in _Row._fields]


def _stored(bearers: Iterable[int]) -> dict[int, list[_Row]]:
    stored: dict[int, list[_Row]] = {}
    select = Name.select(Name.owner, *_COLUMNS).where(Name.owner.in_(list(bearers))).order_by(Name.position)
    for bearer, *values in tuples(select):
        stored.setdefault(bearer, []).append(_Row(*values))
    return stored


def _delete(bearers: Sequence[int]) -> None:
    for table in _OF_BEARERS:
        table.delete().where(table.owner.in_(bearers)).execute()


def _begin_edition() -> None:
    edition: Any = NameEdition
    edition.delete().execute()
    edition.insert(stamp=uuid4().hex).execute()


def _insert(names: Mapping[int, list[_Row]]) -> None:
    beginnings = [
        (bearer, start, row.position)
        for bearer, rows in names.items()
        for row in rows
        for start in dict.fromkeys(starts(tuple(row.phrase.split())))
    ]
    insert(
        database,
        "name",
        ("owner_id", *_Row._fields),
        [(bearer, *row) for bearer, some in names.items() for row in some],
    )
    insert(database, "name_start", ("owner_id", "start", "position"), beginnings)


def differences(named: Named, statements: int) -> Iterator[str]:
    """What the tables of names say otherwise than a record's document and the statements that refer to it."""
    known = list(_known_bearers(named.noun, [named.number]))
    expected = _rows(named.document)
    if not known or [_Row(*row) for row in _stored([known[0][1]]).get(known[0][1], [])] != expected:
        yield "has other names than its document says."
        return
    (_, bearer, record_id, label) = known[0]
    if (record_id, orjson.loads(label)) != (named.document["id"], named.document["name"]):
        yield "is shown under another name where names are suggested."
    typed = {(start, row.position) for row in expected for start in starts(tuple(row.phrase.split()))}
    if typed != set(tuples(NameStart.select(NameStart.start, NameStart.position).where(NameStart.owner == bearer))):
        yield "can't be found by all beginnings of its names."
    counted = Bearer.get_by_id(bearer).statements
    if counted != statements:
        yield f"is counted in {counted} statements, but {statements} refer to it."


def forget() -> None:
    """Remove all names, and the bearers that are no records, so that the names can be kept anew."""
    _begin_edition()
    for table in _OF_BEARERS:
        table.delete().execute()
    bearer: Any = Bearer
    for noun in NAMED:
        bearer.delete().where(_lost(noun)).execute()


def orphans() -> Iterator[Key]:
    """The records whose names are kept although they do not exist."""
    for noun in NAMED:
        yield from ((noun, record) for (record,) in tuples(Bearer.select(Bearer.record).where(_lost(noun))))


def _lost(noun: str) -> Any:
    table: Any = NOUNS[noun].table
    return (Bearer.noun == noun) & Bearer.record.not_in(table.select(table.number))
