"""Whom texts mention by name: the other names of these records are added to what is found by the texts.

A text that says قره باغ is indexed with كاراباخ, Karabakh and every other name of that place, so that each of them finds
it, as a word, a phrase, a beginning or an exclusion, on both engines and at no cost to a query.

- A name may hold another one: who mentions the Karabakh war mentions Karabakh, under all of its names. Nothing else is
  concluded from what was added: Russia, also called Moscow, does not bring the names of the city along.
- A phrase that is the name of one record and an alias of others (Moscow, the city and what Russia's government is
  called after it) means the former.
- A phrase that several records of one noun go by (the trilateral agreement) does not tell which, and adds nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from peewee import chunked

from api.database import is_sqlite, rows
from api.models import database
from api.models.base import DAY
from api.models.naming import Bearer, Name
from api.records.naming import SOME
from api.records.nouns import NOUNS
from api.search import index
from api.search.highlighting import Mention
from api.search.names import name_words, stands_at, tells
from api.search.query import Clause, Query
from api.search.text import stem, tokens, words


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
        self._fetch_firsts({stem(word) for text in new for word in words(text)})
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
    sqlite, found = is_sqlite(database), set[int]()
    select = f'SELECT {index.key_of(sqlite)} FROM "{index.table_of(noun)}" WHERE {index.matches(noun, sqlite)}'
    for some in chunked(phrases, 100):  # parts of one compound SELECT: SQLite takes 500
        sql = " UNION ".join([select if sqlite else select.replace("?", "%s")] * len(some))
        sought = [index.expression(Query((Clause(phrase),)), sqlite) for phrase in some]
        found.update(key % DAY for (key,) in rows(database, sql, sought))
    return found
