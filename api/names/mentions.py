"""Whom texts mention by name: the other names of these records are added to what is found by the texts.

A text that says قره باغ is indexed with كاراباخ, Karabakh and every other name of that place, so that each of them finds
it, as a word, a phrase, a beginning or an exclusion, on both engines and at no cost to a query.

- A name may hold another one: who mentions the Karabakh war mentions Karabakh, under all of its names. Nothing else is
  concluded from what was added: Russia, also called Moscow, does not bring the names of the city along.
- A phrase that is the name of one record and an alias of others (Moscow, the city and what Russia's government is
  called after it) means the former.
- A phrase that several records of one record type go by (the trilateral agreement) does not tell which, and adds nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from peewee import chunked

from api.database.dialect import is_sqlite, with_placeholders
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.models.base import DAY_FACTOR
from api.models.holders import Name
from api.names.holders import SOME
from api.search import index, months
from api.search.highlighting import Mention
from api.search.names import name_words, root, stands_at, tells
from api.search.query import Clause, Query
from api.search.text import stem, tokens, words

_BY_FIRST = (  # written out: peewee takes longer to write it than the database to answer
    'SELECT name.phrase, name.owner_id, bearer.record_type, name.proper FROM "name" AS name'
    ' JOIN "named_record" AS bearer ON bearer.number = name.owner_id WHERE name.first IN ({})'
)


class _Known(NamedTuple):
    words: tuple[str, ...]
    owner: int
    record_type: str
    proper: bool


class _Tree:
    """Names by their words, so that reading on from a place in a text finds all that begin there, however many there are."""

    def __init__(self) -> None:
        self._after: dict[str, _Tree] = {}
        self._names: dict[tuple[str, ...], list[_Known]] = {}

    def add(self, known: _Known) -> None:
        """Put a name where its words lead."""
        node = self
        for word in known.words:
            node = node._after.setdefault(root(word), _Tree())
        node._names.setdefault(known.words, []).append(known)

    def along(self, roots: Sequence[str], position: int) -> Iterator[list[_Known]]:
        """The names that may stand at a position of a text given by its words' roots, those of the same words together."""
        node = self
        for place in range(position, len(roots)):
            after = node._after.get(roots[place])
            if after is None:
                return
            node = after
            yield from node._names.values()


class _Mentioned(NamedTuple):
    """Whom a text means by the names in it, and whom by those that are not the whole of it."""

    anywhere: frozenset[int]
    inside: frozenset[int]


class KnownNames:
    """The names that some texts may mention, fetched in a few queries for many texts at once."""

    def __init__(self) -> None:
        self._tree = _Tree()
        self._firsts: set[str] = set()
        self._names: dict[int, list[str]] = {}
        self._mentioned: dict[str, _Mentioned] = {}

    def expanded(self, records: Sequence[list[str]]) -> list[list[str]]:
        """The texts of records, and after them the other names of what they mention."""
        self._read(chain.from_iterable(records))
        mentioned = [{owner for text in texts for owner in self._mentioned[text].anywhere} for texts in records]
        self._follow({owner for owners in mentioned for owner in owners})
        return [
            list(dict.fromkeys([*texts, *self._names_of(self._implied(owners))]))
            for texts, owners in zip(records, mentioned, strict=True)
        ]

    def mentions(self, texts: Collection[str]) -> dict[str, list[Mention]]:
        """For each text the words that name something, with the names by which these words let it be found."""
        self._read(texts)
        self._follow({owner for text in texts for owner in self._mentioned[text].anywhere})
        return {
            text: [
                Mention(position, length, self._names_of(self._implied({owner})))
                for position, length, owner in self._named_in(words(text))
            ]
            for text in texts
        }

    def _names_of(self, owners: Iterable[int]) -> list[str]:
        return [name for owner in sorted(owners) for name in self._names[owner]]

    def _implied(self, owners: set[int]) -> set[int]:
        """These records and those whose names their names hold."""
        implied, frontier = set(owners), owners
        while frontier:
            held = {inner for name in self._names_of(frontier) for inner in self._mentioned[name].inside}
            frontier = held - implied
            implied |= held
        return implied

    def _follow(self, owners: set[int]) -> None:
        """Fetch the names of these records, and of those whose names these hold."""
        while missing := owners - self._names.keys():
            self._names.update((owner, []) for owner in missing)
            for some in chunked(sorted(missing), SOME):
                named = Name.select(Name.owner, Name.value).where(Name.owner.in_(some))
                for owner, value in _fetched(named.order_by(Name.owner, Name.position)):
                    self._names[owner].append(value)
            names = self._names_of(missing)
            self._read(names)
            owners = {inner for name in names for inner in self._mentioned[name].inside}

    def _read(self, texts: Iterable[str]) -> None:
        """Find out whom some texts mention."""
        new = set(texts) - self._mentioned.keys()
        self._fetch_firsts({stem(word) for text in new for word in words(text)})
        for text in new:
            written = words(text)
            found = list(self._named_in(written))
            inside = frozenset(owner for _, length, owner in found if length < len(written))
            self._mentioned[text] = _Mentioned(frozenset(owner for *_, owner in found), inside)

    def _fetch_firsts(self, firsts: set[str]) -> None:
        missing = firsts - self._firsts
        self._firsts |= missing
        for some in chunked(sorted(missing), SOME):
            sql = with_placeholders(_BY_FIRST.format(", ".join("?" * len(some))), is_sqlite())
            for phrase, *of in rows(sql, some):
                known = _Known(tuple(phrase.split()), *of)
                if tells(known.words):
                    self._tree.add(known)

    def _named_in(self, written: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """The records mentioned: where, by how many words, and which."""
        roots = [root(word) for word in written]
        for position in range(len(written)):
            for same in self._tree.along(roots, position):
                name = same[0].words
                if stands_at(name, position, written):
                    yield from ((position, len(name), owner) for owner in _meant(same))


def _fetched(select: Any) -> list[tuple[Any, ...]]:
    sql, parameters = select.sql()
    return rows(sql, parameters)


def _meant(same: list[_Known]) -> Iterator[int]:
    """Whom a phrase means of those who go by it."""
    likeliest = [known for known in same if known.proper] or same
    for record_type in {known.record_type for known in likeliest}:
        of_record_type = {known.owner for known in likeliest if known.record_type == record_type}
        if len(of_record_type) == 1:
            yield from of_record_type


def mentioning(
    names: Iterable[str], besides: Mapping[str, set[int]], record_types: Collection[str] = tuple(RECORD_TYPES)
) -> dict[str, set[int]]:
    """The records of some record types, besides some of them, that the text index has under any of these names: at least all that mention them."""
    telling = {name for one in names if tells(name := name_words(one))}
    sought = sorted({some for name in telling for some in _always_found_by(name)})
    found: dict[str, set[int]] = {}
    for record_type in record_types:
        if sought:
            found[record_type] = _having(record_type, sought) - besides.get(record_type, set())
    return found


def _always_found_by(name: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Tokens that every text with this name has, whatever else it says: all of one of these sets.

    No phrases: a word of the name may be part of a month in the text, and long texts keep but their words.
    """
    possible = [_possible_tokens(word) for word in name]
    if certain := {token for some in possible for token in some if len(some) == 1}:
        yield tuple(sorted(certain))
    else:
        yield from ((token,) for token in possible[0])


def _possible_tokens(word: str) -> set[str]:
    """What the index has for a word: its stem; for one that may name a month, or be half of its name, that month too."""
    alone = stem(word)
    beside = {tokens(f"{twin} {word}")[-1] for twin in months.TWINS}
    whole = {sign for sign in months.SIGNS if sign.startswith(alone)} if alone in months.TWINS else set()
    return {alone} | beside | whole


def _having(record_type: str, sought: Sequence[tuple[str, ...]]) -> set[int]:
    """The records that have all tokens of any of these sets."""
    sqlite, found = is_sqlite(), set[int]()
    select = (
        f'SELECT {index.key_of(sqlite)} FROM "{index.table_of(record_type)}" WHERE {index.matches(record_type, sqlite)}'
    )
    for some in chunked(sought, 100):  # parts of one compound SELECT: SQLite takes 500
        sql = " UNION ".join([with_placeholders(select, sqlite)] * len(some))
        expressions = [index.expression(Query(tuple(Clause((token,)) for token in all_of)), sqlite) for all_of in some]
        found.update(key % DAY_FACTOR for (key,) in rows(sql, expressions))
    return found
