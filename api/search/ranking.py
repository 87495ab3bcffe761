"""Relevance: how much each word of a query weighs, and what records are given for having it.

A record's score depends on itself and on the weights alone. The weights follow from how many records have each word;
they are worked out for a first page, and its cursors carry these numbers on. So pages neither repeat nor lose a record
that stays as it is, however many are added meanwhile, and both engines give the same order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log
from typing import NamedTuple

from api.search.fields import IN_NAME, IN_OWN, whole_marks
from api.search.query import Clause, TextQuery
from api.search.text_indexes import TextIndex

LEAST_SHARE = 0.4
"""Of the weight of a query's words: a record that has less of it is not given."""

ANYWHERE, OWN, NAME, NEAR = 10, 6, 10, 5
"""What a word's weight is multiplied by for occurring at all; and added for standing in a text of the record's own, in its
name, and near the next word of the query (there by the lesser weight of the two)."""

ALL = 1_000_000
"""Is added for having all words that count: more than all words together can weigh."""
WHOLE_ALIAS, WHOLE_NAME = 2 * ALL, 8 * ALL
"""Are added for being called so, by stems; and as much again for being called so as it is written."""

PACKED = 1 << 32
"""What a match counts for is one number: the weight matched times this, plus its part of the score."""

_FINENESS = 10  # parts of a natural logarithm: weights are whole numbers, so that sums are the same on both engines
_LOOKUP_COST = 300  # as many entries of a list are passed over in the time of looking a single record up in it


class Frequencies(NamedTuple):
    """About how many records there are, and how many of them have each counted word of a query, in order."""

    records: int
    with_word: tuple[int, ...]


class Entry(NamedTuple):
    """Records that match an expression are given this much."""

    expression: str
    value: int


class Ranking(NamedTuple):
    """How the records that match a query are found and scored."""

    listed: tuple[Entry, ...]
    """Each record that may be given matches at least one of these expressions. Those for frequent words also demand a rare one."""
    looked_up: tuple[Entry, ...]
    """Frequent words beside few candidates: each record that matches one of the others is looked up among these."""
    least: int
    """The least weight that a record must match."""
    total: int
    """The weight of all words that count."""
    only: str | None = None
    """What the records must match besides: phrases, beginnings, exclusions."""
    never: str | None = None
    """What they must not match, where `only` does not say so."""
    disjoint: bool = False
    """Whether no record matches two of the listed expressions, so that nothing is to be added up."""

    @property
    def form(self) -> "Form":
        """All of it that decides how the SQL is written."""
        return Form(len(self.listed), len(self.looked_up), self.only is not None, self.never is not None, self.disjoint)


class Form(NamedTuple):
    """The form of a ranking: how many expressions it has of each kind, and whether it has conditions."""

    listed: int
    looked_up: int
    only: bool
    never: bool
    disjoint: bool


def ranking(query: TextQuery, frequencies: Frequencies, index: TextIndex, named: bool) -> Ranking:
    """The ranking of the records for a query; `named`, if these have names."""
    clauses, weights = query.required, weights_of(frequencies)
    total = sum(weights)
    if len(clauses) == 1 and not named:
        return _of_one_clause(clauses[0], query, total, index)
    rare = _rare(frequencies, weights)
    listed, looked_up = list[Entry](), list[Entry]()
    are_few = [count > _LOOKUP_COST * _candidates(frequencies, rare) for count in frequencies.with_word]
    any_rare = index.either([_expression([clauses[place]], index) for place in sorted(rare)])
    for places, entry in _all_entries(clauses, weights, index, named):
        if places & rare:
            listed.append(entry)
        elif all(are_few[place] for place in places):
            looked_up.append(entry)
        else:
            listed.append(entry._replace(expression=index.both(any_rare, entry.expression)))
    if named:
        listed += _whole_names(query, index, total)
    return Ranking(tuple(listed), tuple(looked_up), _least(total), total, *_conditions(query, index))


def _of_one_clause(clause: Clause, query: TextQuery, weight: int, index: TextIndex) -> Ranking:
    """Those that have it in their own texts, then the others: two lists that are read one after the other."""
    own = _marked(clause, IN_OWN, index)
    unwanted = [_expression([replace(each, excluded=False)], index) for each in query.excluded]
    first = index.without(own, unwanted) if unwanted else own
    listed = (
        Entry(first, weight * (PACKED + ANYWHERE + OWN)),
        Entry(index.without(_expression([clause], index), [own, *unwanted]), weight * (PACKED + ANYWHERE)),
    )
    return Ranking(listed, (), _least(weight), weight, disjoint=True)


def weights_of(frequencies: Frequencies) -> tuple[int, ...]:
    """How much each word weighs: the rarer, the more, as in bm25. A word that no record has weighs as much as the others do."""
    known = [_weight(frequencies.records, count) for count in frequencies.with_word if count]
    unknown = round(sum(known) / len(known)) if known else 1
    return tuple(_weight(frequencies.records, count) if count else unknown for count in frequencies.with_word)


def _weight(records: int, count: int) -> int:
    return max(1, round(_FINENESS * log(1 + max(0, records - count + 0.5) / (count + 0.5))))


def _least(total: int) -> int:
    return max(1, round(LEAST_SHARE * total))


def _rare(frequencies: Frequencies, weights: Sequence[int]) -> set[int]:
    """The places of the rarest words: as many as it takes until no record that has none of them could be given."""
    rarest = sorted(range(len(weights)), key=lambda place: frequencies.with_word[place])
    rare, left = set[int](), sum(weights)
    for place in rarest:
        if left < _least(sum(weights)):
            break
        rare.add(place)
        left -= weights[place]
    return rare


def _candidates(frequencies: Frequencies, rare: set[int]) -> int:
    """How many records at most have one of these words."""
    return sum(frequencies.with_word[place] for place in rare)


def _all_entries(
    clauses: Sequence[Clause], weights: Sequence[int], index: TextIndex, named: bool
) -> Iterator[tuple[set[int], Entry]]:
    """What is given for words, where they stand and that they stand near each other, with the places of these words."""
    for place, (clause, weight) in enumerate(zip(clauses, weights, strict=True)):
        yield from (({place}, entry) for entry in _entries(clause, weight, index, named))
    yield from (({place, place + 1}, entry) for place, entry in _near(clauses, weights, index))


def _entries(clause: Clause, weight: int, index: TextIndex, named: bool) -> list[Entry]:
    """For having the word, and for where."""
    entries = [Entry(_expression([clause], index), weight * (PACKED + ANYWHERE))]
    entries.append(Entry(_marked(clause, IN_OWN, index), weight * OWN))
    if named:
        entries.append(Entry(_marked(clause, IN_NAME, index), weight * NAME))
    return entries


def _expression(clauses: Sequence[Clause], index: TextIndex) -> str:
    return index.expression(TextQuery(tuple(clauses)))


def _marked(clause: Clause, mark: str, index: TextIndex) -> str:
    """The expression for the clause where all of its words stand in a certain place."""
    if clause.others:
        return index.either([_marked(each, mark, index) for each in clause.alternatives])
    *first, last = (Clause((mark + term,)) for term in clause.terms)
    marked = [*first, Clause(last.terms, prefix=clause.prefix)]
    return _expression([clause, *marked] if first else marked, index)


def _near(clauses: Sequence[Clause], weights: Sequence[int], index: TextIndex) -> Iterator[tuple[int, Entry]]:
    """For two words of the query that stand near each other, with the place of the first."""
    for place, (first, second) in enumerate(pairwise(clauses)):
        terms = [*first.terms, *second.terms]
        simple = len(terms) == 2 and not (first.prefix or second.prefix or first.others or second.others)
        if simple and terms[0] != terms[1]:
            yield place, Entry(index.near(*terms), NEAR * min(weights[place], weights[place + 1]))


def _whole_names(query: TextQuery, index: TextIndex, total: int) -> Iterator[Entry]:
    """For being called what the query says."""
    if any(clause.prefix or clause.others for clause in query.clauses):
        return
    called = " ".join(clause.text for clause in query.clauses if not clause.excluded)
    for marks, value in zip(whole_marks(called), (WHOLE_NAME, WHOLE_ALIAS), strict=True):
        for mark in marks:
            yield Entry(_expression([Clause((mark,))], index), total * PACKED + value)


def _conditions(query: TextQuery, index: TextIndex) -> tuple[str | None, str | None]:
    exact = [clause for clause in query.required if clause.exact]
    if exact:
        return _expression([*exact, *query.excluded], index), None
    if query.excluded:
        return None, index.either([_expression([replace(each, excluded=False)], index) for each in query.excluded])
    return None, None
