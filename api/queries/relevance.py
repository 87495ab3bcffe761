"""The records that match a query, with their relevance: the SQL of a `search.ranking.Ranking`, the same on both engines.

And how the words of the query were understood, so that nothing of it is ignored in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import InvalidParameters, Issue
from api.queries.fragments import Arguments, Fragment, fragment, joined
from api.queries.query import Query
from api.queries.shapes import Shape
from api.search import index
from api.search.query import Clause, TextQuery, beginnings, parse
from api.search.ranking import ALL, PACKED, Frequencies, Ranking, ranking
from schemas.messages import COMMON_BEGINNING
from schemas.parameters.filters import NOT

WITHOUT_NAMES = ("statements",)

FEW, MOST_PART = 1_000, 8
"""How far records with a word are counted: these, and one of so many of all. A more frequent word weighs next to nothing."""

MOST_OCCURRENCES = 400_000
"""Of words with a beginning that is sorted by relevance. The index gathers all of them about four times, which takes a third of
a second of processor time."""


class TooCommon(InvalidParameters):
    """Words that begin as a query wants occur too often to be sorted by relevance."""

    def __init__(self) -> None:
        super().__init__([Issue(COMMON_BEGINNING.format(most=MOST_OCCURRENCES), parameter="sort")])


def ranking_of(record_type: str, query: TextQuery, frequencies: Frequencies) -> Ranking:
    """The ranking of a collection's records for a query."""
    return ranking(query, frequencies, index.text_index(), record_type not in WITHOUT_NAMES)


def frequencies(record_type: str, query: TextQuery) -> Frequencies:
    """How many records have each counted word, counted as far as it matters, by one SQL statement.

    Raise TooCommon when the words that begin as the query wants occur too often.
    """
    table, engine = index.table_of(record_type), index.text_index()
    records = RECORD_TYPES[record_type].table_name
    last = f'(SELECT COALESCE(MAX(number), 0) FROM "{records}")'
    matching = f'SELECT 1 FROM "{table}" WHERE {engine.matches(table)} LIMIT {FEW} + {last} / {MOST_PART}'
    count = f"(SELECT COUNT(*) FROM ({matching}) AS matching)"
    expressions = [engine.expression(TextQuery((clause,))) for clause in query.required]
    if not (begun := beginnings(query)):
        [counted] = rows(f"SELECT {last}, {', '.join([count] * len(expressions))}", expressions)
        return Frequencies(counted[0], tuple(counted[1:]))
    engine.prepare_counting(table)
    counts = "".join([f", CASE WHEN too_common THEN 0 ELSE {count} END"] * len(expressions))
    known = f"SELECT {last} AS last, {engine.is_exceeded(table, last)} AS too_common"
    [found] = rows(
        f"WITH known AS MATERIALIZED ({known}) SELECT last, too_common{counts} FROM known",
        [orjson.dumps(begun).decode(), MOST_OCCURRENCES, *expressions],
    )
    if found[1]:
        raise TooCommon
    return Frequencies(found[0], tuple(found[2:]))


def matched(shape: Shape) -> Fragment:
    """A SELECT of the `key` in the text index and the `relevance` of the records that are relevant enough."""
    assert shape.ranking is not None
    listed, looked_up, only, never, disjoint = shape.ranking
    packed = joined(" + ", [Fragment("listed.packed"), *(_looked_up(shape, place) for place in range(looked_up))])
    weight = f"packed / {PACKED}"
    weighed = fragment(
        "SELECT listed.key, {} AS packed FROM ({}) AS listed{}",
        packed,
        _listed(shape, listed, disjoint),
        _kept(shape, only, never),
    )
    return fragment(
        f"SELECT key, (packed & {PACKED - 1}) + CASE WHEN {weight} >= CAST({{}} AS BIGINT) THEN {ALL} ELSE 0 END AS relevance"
        f" FROM ({{}}) AS weighed WHERE {weight} >= CAST({{}} AS BIGINT)",
        _of_ranking(lambda each: each.total),
        weighed,
        _of_ranking(lambda each: each.least),
    )


def _listed(shape: Shape, count: int, disjoint: bool) -> Fragment:
    """The sums of what records get for the expressions whose matches are listed; each is a single value where these are `disjoint`."""
    table, engine = index.table_of(shape.record_type), index.text_index(shape.dialect)
    select = f'SELECT "{table}".{engine.key} AS key, CAST({{}} AS BIGINT) AS value FROM "{table}" WHERE {{}}'
    selects = [
        fragment(select, _value_listed(place), Fragment(engine.matches(table), _expression_listed(place).binders))
        for place in range(count)
    ]
    entries = joined(" UNION ALL ", selects)
    if disjoint:
        return fragment("SELECT key, value AS packed FROM ({}) AS entries", entries)
    return fragment("SELECT key, CAST(SUM(value) AS BIGINT) AS packed FROM ({}) AS entries GROUP BY key", entries)


def _looked_up(shape: Shape, place: int) -> Fragment:
    condition = _is_match(shape, _of_ranking(lambda each: each.looked_up[place].expression))
    value = _of_ranking(lambda each: each.looked_up[place].value)
    return fragment("CASE WHEN {} THEN CAST({} AS BIGINT) ELSE 0 END", condition, value)


def _kept(shape: Shape, only: bool, never: bool) -> Fragment:
    """The conditions that the query makes besides the words that are weighed."""
    if only:
        return fragment(" WHERE listed.key IN ({})", _matching(shape, _of_ranking(lambda each: each.only)))
    if never:
        return fragment(" WHERE listed.key NOT IN ({})", _matching(shape, _of_ranking(lambda each: each.never)))
    return Fragment("")


def _matching(shape: Shape, expression: Fragment) -> Fragment:
    table, engine = index.table_of(shape.record_type), index.text_index(shape.dialect)
    return Fragment(f'SELECT {engine.key} FROM "{table}" WHERE {engine.matches(table)}', expression.binders)


def _is_match(shape: Shape, expression: Fragment) -> Fragment:
    table, engine = index.table_of(shape.record_type), index.text_index(shape.dialect)
    select = f'SELECT 1 FROM "{table}" WHERE {engine.matches(table)} AND "{table}".{engine.key} = listed.key'
    return Fragment(f"EXISTS ({select})", expression.binders)


def _value_listed(place: int) -> Fragment:
    return _of_ranking(lambda each: each.listed[place].value)


def _expression_listed(place: int) -> Fragment:
    return _of_ranking(lambda each: each.listed[place].expression)


def _of_ranking(value: Callable[[Ranking], Any]) -> Fragment:
    """A placeholder for a value of the ranking."""

    def bind(arguments: Arguments) -> tuple[Any]:
        assert arguments.ranking is not None
        return (value(arguments.ranking),)

    return Fragment("?", (bind,))


@dataclass(frozen=True)
class Understanding:
    """What was looked for, passed over and excluded, as written; which words occur nowhere; how much was matched."""

    words: list[str]
    passed_over: list[str]
    excluded: list[str]
    missing: list[str]
    matched: str


def understanding(query: Query, counts: Frequencies | None, relevances: list[int]) -> Understanding:
    """How `q` was understood; `relevances` are those of a page, if it is sorted by them."""
    text = TextQuery(()) if query.q is None else parse(query.q)
    words = [_written(clause) for clause in text.required]
    with_word = counts.with_word if counts is not None else [1] * len(words)
    excluding = [name for name in query.written if name.startswith(NOT)]
    return Understanding(
        [*(written for name, written in query.written.items() if name not in excluding), *words],
        [_written(clause) for clause in text.passed_over],
        [*(query.written[name].removeprefix("-") for name in excluding), *map(_written, text.excluded)],
        [word for word, count in zip(words, with_word, strict=True) if count == 0],
        "most" if any(relevance < ALL for relevance in relevances) else "all",
    )


def _written(clause: Clause) -> str:
    is_phrase = clause.exact and not clause.prefix and not clause.others
    return f'"{clause.text}"' if is_phrase else clause.text
