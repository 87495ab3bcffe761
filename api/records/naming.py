"""The names of records: kept in tables of their own, and added to the texts that mention them.

A text that says قره باغ is indexed with كاراباخ, Karabakh and every other name of that place, so that each of them finds
it, as a word, a phrase, a beginning or an exclusion, on both engines and at no cost to a query.

- A name may hold another one: who mentions the Karabakh war mentions Karabakh, under all of its names. Nothing else is
  concluded from what was added: Russia, also called Moscow, does not bring the names of the city along.
- A phrase that is the name of one record and an alias of others (Moscow, the city and what Russia's government is
  called after it) means the former.
- A phrase that several records of one noun go by (the trilateral agreement) does not tell which, and adds nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
from peewee import chunked

from api.database import insert, rows
from api.models import TABLES, database
from api.models.base import Table, owner_of, references_of, tuples
from api.models.naming import Bearer, Name, NameEdition, NameStart
from api.models.statements import Statement
from api.records.nouns import NOUNS, Document
from api.search import index
from api.search.highlighting import Mention
from api.search.names import name_words, skeleton, stands_at, starts, tells
from api.search.query import Clause, Query
from api.search.text import stem, tokens, words

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


# --- keeping names ---------------------------------------------------------------------------------------------------


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


# --- counting what refers to them ------------------------------------------------------------------------------------


def references(statements: Iterable[int]) -> Counter[Key]:
    """In how many of these statements each named record is referred to, anywhere, as their rows say."""
    counts: Counter[Key] = Counter()
    for some in chunked(statements, SOME):
        counts.update(_counted(f"IN ({', '.join(map(str, some))})"))
    return counts


def all_references() -> Counter[Key]:
    """In how many statements each named record is referred to."""
    return _counted("IS NOT NULL")


def _counted(which: str) -> Counter[Key]:
    referring = [
        f"SELECT '{noun}' AS noun, statement, record FROM ({rows}) AS rows_of_{table._meta.table_name}"
        f" WHERE record IS NOT NULL AND statement {which}"
        for noun in NAMED
        for table in TABLES
        for field in references_of(table, NOUNS[noun].table)
        if (rows := _of_statements(table, f'"{field.column_name}"')) is not None
    ]
    sql = f"SELECT noun, record, COUNT(*) FROM ({' UNION '.join(referring)}) AS found GROUP BY noun, record"
    return Counter({(noun, record): count for noun, record, count in database.execute_sql(sql).fetchall()})


def _of_statements(table: type[Table], column: str) -> str | None:
    """A SELECT of (statement, record) from a table whose rows are, or belong to, statements; None for another."""
    name, owner = f'"{table._meta.table_name}"', owner_of(table)
    if table is Statement:
        return f"SELECT number AS statement, {column} AS record FROM {name}"
    if owner is None:
        return None
    if owner.rel_model is Statement:
        return f"SELECT {owner.column_name} AS statement, {column} AS record FROM {name}"
    above = _of_statements(owner.rel_model, "number")
    if above is None:
        return None
    joined = f"JOIN ({above}) AS above ON above.record = {name}.{owner.column_name}"
    return f"SELECT above.statement, {name}.{column} AS record FROM {name} {joined}"


def count(more: Mapping[Key, int]) -> None:
    """Add to, or take from, the numbers of statements that refer to records."""
    alike: dict[tuple[str, int], list[int]] = {}
    for (noun, number), by in more.items():
        if by:
            alike.setdefault((noun, by), []).append(number)
    for (noun, by), numbers in alike.items():
        for some in chunked(numbers, SOME):
            added = Bearer.update(statements=Bearer.statements + by)
            added.where((Bearer.noun == noun) & Bearer.record.in_(some)).execute()


def recount() -> None:
    """Count anew what refers to each record."""
    Bearer.update(statements=0).execute()
    count(all_references())


# --- names in texts --------------------------------------------------------------------------------------------------


class _Known(NamedTuple):
    words: tuple[str, ...]
    bearer: int
    noun: str
    proper: bool


class _Mentioned(NamedTuple):
    """Whom a text means by the names in it, and whom by those that are not the whole of it."""

    anywhere: frozenset[int]
    inside: frozenset[int]


class KnownNames:
    """The names that some texts may mention, fetched in a few queries for many texts at once."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[_Known]] = {}
        self._names: dict[int, list[str]] = {}
        self._mentioned: dict[str, _Mentioned] = {}

    def expanded(self, records: Sequence[list[str]]) -> list[list[str]]:
        """The texts of records, and after them the other names of what they mention."""
        self._read(chain.from_iterable(records))
        mentioned = [{bearer for text in texts for bearer in self._mentioned[text].anywhere} for texts in records]
        self._follow({bearer for bearers in mentioned for bearer in bearers})
        return [
            list(dict.fromkeys([*texts, *self._names_of(self._implied(bearers))]))
            for texts, bearers in zip(records, mentioned, strict=True)
        ]

    def mentions(self, texts: Collection[str]) -> dict[str, list[Mention]]:
        """For each text the words that name something, with the names by which these words let it be found."""
        self._read(texts)
        self._follow({bearer for text in texts for bearer in self._mentioned[text].anywhere})
        return {
            text: [
                Mention(position, length, self._names_of(self._implied({bearer})))
                for position, length, bearer in self._bearers_in(words(text))
            ]
            for text in texts
        }

    def _names_of(self, bearers: Iterable[int]) -> list[str]:
        return [name for bearer in sorted(bearers) for name in self._names[bearer]]

    def _implied(self, bearers: set[int]) -> set[int]:
        """These records and those whose names their names hold."""
        implied, frontier = set(bearers), bearers
        while frontier:
            held = {inner for name in self._names_of(frontier) for inner in self._mentioned[name].inside}
            frontier = held - implied
            implied |= held
        return implied

    def _follow(self, bearers: set[int]) -> None:
        """Fetch the names of these records, and of those whose names these hold."""
        while missing := bearers - self._names.keys():
            self._names.update((bearer, []) for bearer in missing)
            for some in chunked(sorted(missing), SOME):
                named = Name.select(Name.owner, Name.value).where(Name.owner.in_(some))
                for bearer, value in _fetched(named.order_by(Name.owner, Name.position)):
                    self._names[bearer].append(value)
            names = self._names_of(missing)
            self._read(names)
            bearers = {inner for name in names for inner in self._mentioned[name].inside}

    def _read(self, texts: Iterable[str]) -> None:
        """Find out whom some texts mention."""
        new = set(texts) - self._mentioned.keys()
        self._fetch_firsts({token for text in new for token in tokens(text)})
        for text in new:
            written = words(text)
            found = list(self._bearers_in(written))
            inside = frozenset(bearer for _, length, bearer in found if length < len(written))
            self._mentioned[text] = _Mentioned(frozenset(bearer for *_, bearer in found), inside)

    def _fetch_firsts(self, firsts: set[str]) -> None:
        missing = firsts - self._by_first.keys()
        self._by_first.update((first, []) for first in missing)
        for some in chunked(sorted(missing), SOME):
            columns = (Name.first, Name.phrase, Name.owner, Bearer.noun, Name.proper)
            for first, phrase, *of in _fetched(Name.select(*columns).join(Bearer).where(Name.first.in_(some))):
                known = _Known(tuple(phrase.split()), *of)
                if tells(known.words):
                    self._by_first[first].append(known)

    def _bearers_in(self, written: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """The records mentioned: where, by how many words, and which."""
        for position, word in enumerate(written):
            alike: dict[tuple[str, ...], list[_Known]] = {}
            for known in self._by_first[stem(word)]:
                if stands_at(known.words, position, written):
                    alike.setdefault(known.words, []).append(known)
            for name, same in alike.items():
                yield from ((position, len(name), bearer) for bearer in _meant(same))


def _fetched(select: Any) -> list[tuple[Any, ...]]:
    sql, parameters = select.sql()
    return rows(database, sql, parameters)


def _meant(same: list[_Known]) -> Iterator[int]:
    """Whom a phrase means of those who go by it."""
    likeliest = [known for known in same if known.proper] or same
    for noun in {known.noun for known in likeliest}:
        of_noun = {known.bearer for known in likeliest if known.noun == noun}
        if len(of_noun) == 1:
            yield from of_noun


def mentioning(names: Iterable[str], besides: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """The records by noun, besides some, that the text index has under any of these names: at least all that mention them."""
    telling = [name for name in names if tells(name_words(name))]
    phrases = sorted({phrase for name in telling if (phrase := tuple(tokens(name)))})
    found: dict[str, set[int]] = {}
    for noun, some in NOUNS.items():
        here = besides.get(noun, set())
        if phrases and some.table.select().count() > len(here):
            found[noun] = _having(noun, phrases) - here
    return found


def _having(noun: str, phrases: Sequence[tuple[str, ...]]) -> set[int]:
    found: set[int] = set()
    for some in chunked(phrases, 100):  # parts of one compound SELECT: SQLite takes 500
        parts = [index.matching(database, noun, Query((Clause(phrase),)), ranked=False) for phrase in some]
        sql = " UNION ".join(f"SELECT number FROM {part.sql} AS found" for part in parts)
        parameters = [parameter for part in parts for parameter in part.params]
        found.update(number for (number,) in database.execute_sql(sql, parameters).fetchall())
    return found
