"""Which records texts mention by name. The other names of these records are indexed with the texts.

A text that says قره باغ is indexed with كاراباخ, Karabakh and every other name of that place, so that each of them finds
it, as a word, a phrase, a beginning or an exclusion, on both engines and at no cost to a query.

- A name may hold another: a text that mentions the Karabakh war mentions Karabakh, under all of its names. Nothing else
  follows from names that were added: Russia, also called Moscow, does not bring the names of the city along.
- A phrase that is the name of a record and an alias of others (Moscow, the city, and what Russia's government is called
  after it) means the former.
- A phrase that several records of the same type go by (the trilateral agreement) is ambiguous, and adds nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

from api.database.current import engine, transaction
from api.database.statements import chunked, rows
from api.documents.record_types import RECORD_TYPES
from api.models.base import DAY_FACTOR
from api.names import holders as name_tables
from api.search import index, months
from api.search.highlighting import Mention
from api.search.names import is_distinctive, name_words, root, stands_for
from api.search.query import Clause, TextQuery
from api.search.text import stem, tokens, words

_BY_FIRST_STEM = (  # written out: peewee takes longer to write it than the database to run it
    'SELECT (SELECT stamp FROM "name_edition"), name.phrase, name.owner_id, holder.record_type, name.proper'
    ' FROM "name" AS name'
    ' JOIN "named_record" AS holder ON holder.number = name.owner_id WHERE name.first IN ({})'
)

_OF_HOLDERS = 'SELECT owner_id, value FROM "name" WHERE owner_id IN ({}) ORDER BY owner_id, position'


class _KnownName(NamedTuple):
    words: tuple[str, ...]
    holder: int
    record_type: str
    proper: bool


class _Trie:
    """Names by their words, and these by their roots, so that reading a text from a position on finds all names that stand there."""

    __slots__ = ("_after", "_meant", "_names", "depth")

    def __init__(self) -> None:
        self.depth = 0  # words of the longest name
        self._after: dict[str, dict[str, _Trie]] = {}
        self._names: list[_KnownName] = []
        self._meant: list[int] | None = None

    def add(self, name: _KnownName) -> None:
        """Add a name."""
        self.depth, node = max(self.depth, len(name.words)), self
        for word in name.words:
            known = node._after.setdefault(root(word), {})
            if (after := known.get(word)) is None:
                after = known[word] = _Trie()
            node = after
        node._names.append(name)
        node._meant = None

    def beginnings(self, roots: Sequence[str]) -> list[int]:
        """The positions of words with these roots from which a name may go on."""
        after = self._after
        return [position for position, root in enumerate(roots) if root in after]

    def standing(self, written: Sequence[str], roots: Sequence[str], position: int) -> Iterator[tuple[int, int]]:
        """The numbers of words and the holders of the names that stand at a position in a text, given by its words and their roots.

        Each word is compared once, however many names go on from it.
        """
        nodes = [self]
        for length, at in enumerate(range(position, len(written)), 1):
            nodes = [after for node in nodes for after in node._next(written[at], roots[at])]
            if not nodes:
                return
            for node in nodes:
                for holder in node._holders():
                    yield length, holder

    def _next(self, written: str, its_root: str) -> "list[_Trie]":
        """Where names go on with a word."""
        known = self._after.get(its_root)
        return [] if known is None else [after for word, after in known.items() if stands_for(written, word)]

    def _holders(self) -> list[int]:
        """Which records are meant by the names that end here."""
        if self._meant is None:
            self._meant = list(_meant(self._names)) if self._names else []
        return self._meant


class _Mentioned(NamedTuple):
    """The holders of the names in a text, and of those names that are not the whole text."""

    anywhere: frozenset[int]
    inside: frozenset[int]


MOST_VALUES = 900
"""Values in one condition: SQLite took 999 at first, and a vocabulary with its synonyms has more words than a batch has records."""

MOST_KEPT = 20_000
"""Texts besides names of which it is remembered who is named there: names come again and again, and an import has any number
of texts."""

MOST_POSITIONS = 100
"""Positions at which a name may stand in a text, beyond which it is seen whether its words come again: a text may be nothing but the
word that thousands of names begin with."""

_Standing = tuple[int, Iterable[tuple[int, int]]]
"""A position in a text, and the numbers of words and the holders of the names that stand there."""


class KnownNames:
    """The names that texts may mention, fetched by a few statements for many texts at once.

    Good for as long as no names change: for one batch, or for an import that has kept all names beforehand.
    """

    def __init__(self) -> None:
        self.edition: str | None = None
        """The stamp of the names that were read."""
        self._trie = _Trie()
        self._first_stems: set[str] = set()
        self._names: dict[int, list[str]] = {}
        self._mentioned: dict[str, _Mentioned] = {}
        self._names_read = 0
        """Texts that were kept, for they are names, when others were last forgotten."""

    def expanded(self, records: Sequence[list[str]]) -> list[list[str]]:
        """For each record its texts, followed by the other names of the records that they mention."""
        self._forget_most()
        self._read(chain.from_iterable(records))
        mentioned = [{holder for text in texts for holder in self._mentioned[text].anywhere} for texts in records]
        self._fetch_names({holder for holders in mentioned for holder in holders})
        return [
            list(dict.fromkeys([*texts, *self._names_of(self._implied(holders))]))
            for texts, holders in zip(records, mentioned, strict=True)
        ]

    def mentions(self, texts: Collection[str]) -> dict[str, list[Mention]]:
        """For each text the words that name a record, with the names by which these words let the text be found."""
        self._read(texts)
        self._fetch_names({holder for text in texts for holder in self._mentioned[text].anywhere})
        return {
            text: [
                Mention(position, length, self._names_of(self._implied({holder})))
                for position, length, holder in self._mentions_in(words(text))
            ]
            for text in texts
        }

    def _names_of(self, holders: Iterable[int]) -> list[str]:
        return [name for holder in sorted(holders) for name in self._names[holder]]

    def _implied(self, holders: set[int]) -> set[int]:
        """These records and those that their names mention, and so on."""
        implied, frontier = set(holders), holders
        while frontier:
            inside = {holder for name in self._names_of(frontier) for holder in self._mentioned[name].inside}
            frontier = inside - implied
            implied |= inside
        return implied

    def _fetch_names(self, holders: set[int]) -> None:
        """Fetch the names of these records, and of those that their names mention."""
        while missing := {holder for holder in holders if holder not in self._names}:  # `- keys()` visits all of these
            self._names.update((holder, []) for holder in missing)
            for batch in chunked(sorted(missing), MOST_VALUES):
                for holder, value in rows(_OF_HOLDERS.format(", ".join("?" * len(batch))), batch):
                    self._names[holder].append(value)
            names = self._names_of(missing)
            self._read(names)
            holders = {holder for name in names for holder in self._mentioned[name].inside}

    def is_small(self, most_stems: int | None = None) -> bool:
        """Whether so little was read that it can be kept."""
        return len(self._first_stems) < (most_stems or MOST_STEMS)

    def _forget_most(self) -> None:
        """Keep what was read of names, and nothing of other texts, so that memory has a limit.

        Not before `MOST_KEPT` others were read: sorting out the names takes longer the more of them there are.
        """
        if len(self._mentioned) > self._names_read + MOST_KEPT:
            names = {name for of_holder in self._names.values() for name in of_holder}
            self._mentioned = {text: self._mentioned[text] for text in names & self._mentioned.keys()}
            self._names_read = len(self._mentioned)

    def _read(self, texts: Iterable[str]) -> None:
        """Find out which records texts mention."""
        new = {text: words(text) for text in texts if text not in self._mentioned}
        self._fetch_names_beginning(set(map(stem, chain.from_iterable(new.values()))))
        for text, written in new.items():
            mentions = list(self._mentions_in(written))
            inside = frozenset(holder for _, length, holder in mentions if length < len(written))
            self._mentioned[text] = _Mentioned(frozenset(holder for *_, holder in mentions), inside)

    def _fetch_names_beginning(self, first_stems: set[str]) -> None:
        missing = first_stems - self._first_stems
        self._first_stems |= missing
        for batch in chunked(sorted(missing), MOST_VALUES):
            for self.edition, phrase, *columns in rows(_BY_FIRST_STEM.format(", ".join("?" * len(batch))), batch):
                name = _KnownName(tuple(phrase.split()), *columns)
                if is_distinctive(name.words):
                    self._trie.add(name)

    def _mentions_in(self, written: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """The mentions in the words of a text: position, number of words, holder."""
        roots = list(map(root, written))
        positions = self._trie.beginnings(roots)
        read = self._standing_in if len(positions) <= MOST_POSITIONS else self._standing_in_repeated_words
        for position, names_there in read(written, roots, positions):
            for length, holder in names_there:
                yield position, length, holder

    def _standing_in(
        self, written: Sequence[str], roots: Sequence[str], positions: Iterable[int]
    ) -> Iterator[_Standing]:
        """The names at each position."""
        for position in positions:
            yield position, self._trie.standing(written, roots, position)

    def _standing_in_repeated_words(
        self, written: Sequence[str], roots: Sequence[str], positions: Iterable[int]
    ) -> Iterator[_Standing]:
        """The same; words that come again are looked up once."""
        remembered: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        for position in positions:
            words = tuple(written[position : position + self._trie.depth])
            if words not in remembered:
                remembered[words] = list(self._trie.standing(written, roots, position))
            yield position, remembered[words]


class NameRow(NamedTuple):
    """A name as its table has it."""

    value: str
    phrase: str
    holder: int
    record_type: str
    proper: bool


def all_names(most: int) -> list[NameRow] | None:
    """All names that there are, for `AllNames`; None when there are more than so many."""
    names = [NameRow(*row) for row in rows(_ALL_NAMES, (most + 1,))]
    return names if len(names) <= most else None


_ALL_NAMES = (
    'SELECT name.value, name.phrase, name.owner_id, holder.record_type, name.proper FROM "name" AS name'
    ' JOIN "named_record" AS holder ON holder.number = name.owner_id ORDER BY name.owner_id, name.position LIMIT ?'
)


class AllNames(KnownNames):
    """The same from all names at once: good in a process without a database."""

    def __init__(self, names: Iterable[NameRow]) -> None:
        super().__init__()
        self._read_of: set[int] = set()
        for name in names:
            self._names.setdefault(name.holder, []).append(name.value)
            known = _KnownName(tuple(name.phrase.split()), name.holder, name.record_type, name.proper)
            if is_distinctive(known.words):
                self._trie.add(known)

    def _fetch_names(self, holders: set[int]) -> None:
        """Find out what the names of these records mention."""
        while missing := holders - self._read_of:
            self._read_of |= missing
            names = self._names_of(missing)
            self._read(names)
            holders = {holder for name in names for holder in self._mentioned[name].inside}

    def _fetch_names_beginning(self, first_stems: set[str]) -> None:
        """All are there."""


MOST_STEMS = 20_000
"""First words that names were looked up by, from which on a process begins again: so that its memory has a limit."""

MOST_STEMS_IN_TURNS = 10 * MOST_STEMS
"""The same while very many records are rendered, some at a time: as much as is read of names when they are rendered together."""


class _Kept(NamedTuple):
    """What a process has read of the names of a database, in which transaction, and how often it had changed names by then.

    Neither is kept alive by it: a database that a past moment was rebuilt in goes away when nobody asks about that any more.
    """

    database: ReferenceType[Any]
    transaction: ReferenceType[Any] | None
    editions_begun: int
    names: KnownNames


_kept: _Kept | None = None
_taking = Lock()


@contextmanager
def known_names(most_stems: int | None = None) -> Iterator[KnownNames]:
    """The names that there are now, as far as this process has read them since they last changed.

    Reading the names that one statement mentions, and the names within those, takes longer than all else about storing it.
    What was read is good until an edition of the names with another stamp is there, in this transaction or for all. Only one
    thread has it at a time; another one meanwhile reads for itself.
    """
    global _kept
    with _taking:
        kept, _kept = _kept, None
    names = kept.names if kept is not None and _is_current(kept) else KnownNames()
    begun = name_tables.editions_begun
    yield names
    if names.edition and names.is_small(most_stems):
        with _taking:
            current = transaction()
            _kept = _Kept(ref(engine()), None if current is None else ref(current), begun, names)


def _is_current(kept: _Kept) -> bool:
    if kept.database() is not engine() or kept.editions_begun != name_tables.editions_begun:
        return False
    if kept.transaction is not None and (current := transaction()) is not None and kept.transaction() is current:
        return True  # nobody else has changed any since
    return [stamp for (stamp,) in rows('SELECT stamp FROM "name_edition"')] == [kept.names.edition]


def _meant(names: list[_KnownName]) -> Iterator[int]:
    """Which holders of names of the same words are meant: of each record type the only one, if it is the only one."""
    if len(names) == 1:  # as nearly everywhere
        yield names[0].holder
        return
    likeliest = [name for name in names if name.proper] or names
    for record_type in {name.record_type for name in likeliest}:
        holders = {name.holder for name in likeliest if name.record_type == record_type}
        if len(holders) == 1:
            yield from holders


def mentioning(
    names: Iterable[str], besides: Mapping[str, set[int]], record_types: Collection[str] = tuple(RECORD_TYPES)
) -> dict[str, set[int]]:
    """The numbers, by record type, of the records that mention any of these names, and possibly of a few more.

    Those that are in `besides` are left out.
    """
    if not record_types:
        return {}
    distinctive = {words for name in names if is_distinctive(words := name_words(name))}
    token_sets = sorted({token_set for words in distinctive for token_set in _necessary_tokens(words)})
    numbers: dict[str, set[int]] = {}
    for record_type in record_types:
        if token_sets:
            numbers[record_type] = _with_tokens(record_type, token_sets) - besides.get(record_type, set())
    return numbers


def _necessary_tokens(name: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Sets of tokens. Every text with this name has all tokens of at least one set, whatever else it says.

    They are no phrases: a word of the name may be part of a month in the text, and of long texts only words are indexed.
    """
    possible = [_possible_tokens(word) for word in name]
    if certain := {token for candidates in possible for token in candidates if len(candidates) == 1}:
        yield tuple(sorted(certain))
    else:
        yield from ((token,) for token in possible[0])


def _possible_tokens(word: str) -> set[str]:
    """The tokens that a word may be indexed by: its stem, and the month that it may name or be half of the name of."""
    alone = stem(word)
    beside = {tokens(f"{twin} {word}")[-1] for twin in months.TWINS}
    whole = {sign for sign in months.SIGNS if sign.startswith(alone)} if alone in months.TWINS else set()
    return {alone} | beside | whole


def _with_tokens(record_type: str, token_sets: Sequence[tuple[str, ...]]) -> set[int]:
    """The numbers of the records that have all tokens of any of these sets."""
    table, engine, numbers = index.table_of(record_type), index.text_index(), set[int]()
    select = f'SELECT {engine.key} FROM "{table}" WHERE {engine.matches(table)}'
    for batch in chunked(token_sets, 100):  # parts of a compound SELECT: SQLite takes 500
        sql = " UNION ".join([select] * len(batch))
        expressions = [engine.expression(TextQuery(tuple(Clause((token,)) for token in each))) for each in batch]
        numbers.update(key % DAY_FACTOR for (key,) in rows(sql, expressions))
    return numbers
