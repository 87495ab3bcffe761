"""Finding statements in order of time, without sorting.

What a filter matches is a *list*: the `sort_key` of the statements that have a value, in order, as an index holds it. The
matches of the text index are such a list too. A single list is scanned, and each statement on it is looked up in the
others, until the page is full. The list to scan is the one that is sparsest where the page begins: the one whose 64th
entry from there is furthest away. SQL finds this out by itself, so that a read stays a single statement.

Days are looked up by the same key (`api.queries.days`).
"""

from itertools import product
from typing import NamedTuple

from api.database.dialect import Dialect
from api.models.base import NUMBER, Table
from api.models.statements import (
    AgreementReference,
    Attribution,
    ChainLink,
    Figure,
    Report,
    SpeakerOnAgreement,
    Statement,
    StatementSpeaker,
)
from api.queries.days import (
    are_few_changed,
    beyond_position,
    bounds,
    changed_lately,
    has_long_ranges,
    in_range,
    updated,
    within_bounds,
)
from api.queries.filters import Condition, conditions, each_value, exclusions, holds, part_towards
from api.queries.fragments import Fragment, Scan, all_of, fragment, is_among, joined, placeholder
from api.queries.shapes import PREFIXES, WORDS, Shape
from api.search import index
from api.search.query import parse
from api.search.text_indexes import words

_AHEAD = 63  # entries: enough to tell a list of thousands from a list of tens of thousands, and read in microseconds
_SHORT = 300  # entries; to look so many up among the long ranges takes less time than to scan all long ranges
_MOST_TO_SCAN = 4  # lists; each is a branch of the SQL, and the sparsest of four is sparse enough

REPEATING = (AgreementReference, Report, ChainLink, Attribution, Figure)
"""Tables that may hold a value twice for the same statement."""


class _Source(NamedTuple):
    """Rows of an index in order of `sort_key`: the name of that column, its tables, and the condition on the rows."""

    sort_key: str
    tables: str
    condition: Fragment
    distinct: str = ""
    act: str | None = None


class _List(NamedTuple):
    """The statements that meet a condition: sources to scan, one for each value, and a source to look a `sort_key` up in.

    A list that is `fetched` is read whole, once, before anything is looked up in it.
    """

    scanned: tuple[_Source, ...]
    looked_up: _Source
    fetched: bool = False


def select_keys(shape: Shape, scan: Scan) -> Fragment:
    """A SELECT of the `sort_key` (and `act`) of the matching statements: as many as the page needs, or all.

    Where there is a choice of lists to scan, it uses the tables of `sparsest_list`.
    """
    if _may_be_gathered(shape, scan):
        is_rare = Fragment("(SELECT is_rare FROM rare)")
        gathered = _gathered(shape, scan._replace(gate=is_rare))
        scanned = _scanned(shape, scan._replace(gate=fragment("NOT {}", is_rare)))
        return fragment("SELECT * FROM ({}) AS gathered UNION ALL SELECT * FROM ({}) AS scanned", gathered, scanned)
    if not shape.is_by_change or shape.text:
        return _scanned(shape, scan)
    if not scan.limited and not has_lists(shape):
        return _changed(shape, scan, all_of_them=True)
    few = are_few_changed()
    changed = _changed(shape, scan._replace(gate=few))
    scanned = _scanned(shape, scan._replace(gate=fragment("NOT ({})", few)))
    return fragment("SELECT * FROM ({}) AS changed UNION ALL SELECT * FROM ({}) AS scanned", changed, scanned)


def _may_be_gathered(shape: Shape, scan: Scan) -> bool:
    """Whether the matches of a text index that does not keep them in order are scanned for a page."""
    engine = index.text_index(shape.dialect)
    lists = _lists(shape)
    is_scanned = shape.text == WORDS and _to_scan(shape, lists)[0] is lists[0]
    return is_scanned and scan.limited and engine.is_rare(index.table_of(shape.record_type)) is not None


def _gathered(shape: Shape, scan: Scan) -> Fragment:
    """All matches of the text index, each looked up in the other lists, and then sorted."""
    table, engine = index.table_of(shape.record_type), index.text_index(shape.dialect)
    row = fragment(
        "EXISTS (SELECT 1 FROM statement AS dated WHERE dated.sort_key = gathered.sort_key AND {})",
        all_of([*updated(shape, "dated"), *in_range(shape, "dated"), Fragment("1 = 1")]),
    )
    has_row = shape.since or shape.until or shape.is_by_change
    conditions = [
        *([row] if has_row else []),
        *beyond_position(scan, "gathered.sort_key"),
        *is_on_all(shape, "gathered.sort_key", text=False),
    ]
    matches = fragment(
        f'SELECT "{table}".{engine.key} AS sort_key FROM "{table}" WHERE {{}} OFFSET 0', text_matches(shape)
    )
    return fragment(
        "SELECT gathered.sort_key AS sort_key FROM ({}) AS gathered WHERE {}{}",
        matches,
        all_of(conditions or [Fragment("1 = 1")]),
        scan.end(shape.dialect),
    )


def _rarity(shape: Shape) -> Fragment:
    condition = index.text_index(shape.dialect).is_rare(index.table_of(shape.record_type))
    binder = placeholder(lambda query: words(parse(query.q or "")))
    return Fragment(f"rare AS MATERIALIZED (SELECT {condition} AS is_rare)", binder.binders)


def _changed(shape: Shape, scan: Scan, all_of_them: bool = False) -> Fragment:
    """The statements that changed lately, looked up in all lists."""
    conditions = [
        *updated(shape, "changed"),
        *in_range(shape, "changed"),
        *beyond_position(scan, "changed.sort_key"),
        *is_on_all(shape, "changed.sort_key"),
    ]
    act = ", changed.act AS act" if scan.with_act else ""
    return fragment(
        f"SELECT changed.sort_key AS sort_key{act} FROM ({{}}) AS changed WHERE {{}}{{}}",
        changed_lately(shape, all_of_them),
        all_of(conditions),
        scan.end(shape.dialect),
    )


def _scanned(shape: Shape, scan: Scan) -> Fragment:
    lists = _lists(shape)
    to_scan = _to_scan(shape, lists)
    branches = [_branch(shape, scan, each, lists, place, len(to_scan) > 1) for place, each in enumerate(to_scan)]
    if has_long_ranges(shape):
        branches += _long_ranges(shape, scan, lists)
    if len(branches) == 1:
        return branches[0]
    selects = (fragment(f"SELECT * FROM ({{}}) AS branch{place}", branch) for place, branch in enumerate(branches))
    return fragment("SELECT * FROM ({}) AS branches{}", joined(" UNION ALL ", selects), scan.end(shape.dialect))


def has_lists(shape: Shape) -> bool:
    """Whether a query has more conditions than those on days and times of change."""
    return _lists(shape) != [_EVERYTHING]


def is_on_all(shape: Shape, sort_key: str, text: bool = True) -> list[Fragment]:
    """The conditions that a `sort_key` is on all lists of a query; without `text`, on all but that of the text index."""
    return _fits(shape, _lists(shape)[1 if shape.text and not text else 0 :], sort_key)


def sparsest_list(shape: Shape, scan: Scan) -> Fragment | None:
    """The common table expressions that decide which list `select_keys` scans; None when there is no choice."""
    to_scan = _to_scan(shape, _lists(shape))
    if len(to_scan) == 1:
        return _rarity(shape) if _may_be_gathered(shape, scan) else None
    names = [f"list{place}" for place in range(len(to_scan))]
    ahead = (_ahead(shape, scan, each.looked_up, name) for each, name in zip(to_scan, names, strict=True))
    further = "<=" if scan.descending else ">="
    cases = (
        f"WHEN {' AND '.join(f'{name} {further} {other}' for other in names[place + 1 :])} THEN {place}"
        for place, name in enumerate(names[:-1])
    )
    sparsest = f"SELECT CASE {' '.join(cases)} ELSE {len(names) - 1} END AS place FROM ahead"
    return fragment(f"ahead AS MATERIALIZED (SELECT {{}}), sparsest AS MATERIALIZED ({sparsest})", joined(", ", ahead))


def _ahead(shape: Shape, scan: Scan, source: _Source, name: str) -> Fragment:
    end = -1 if scan.descending else (1 << 63) - 1
    entries = _select(source, bounds(shape, scan, source.sort_key))
    return fragment(f"COALESCE(({{}} ORDER BY 1 {scan.direction} LIMIT 1 OFFSET {_AHEAD}), {end}) AS {name}", entries)


def _to_scan(shape: Shape, lists: list[_List]) -> list[_List]:
    in_order = [each for each in lists if len(each.scanned) == 1]
    if shape.text and not index.text_index(shape.dialect).is_sorted and len(in_order) > 1:
        in_order = in_order[1:]
    return in_order[:_MOST_TO_SCAN] or lists[:1]


def _branch(shape: Shape, scan: Scan, scanned: _List, lists: list[_List], place: int, is_choice: bool) -> Fragment:
    """The entries of a list that are on all the others too; if there `is_choice`, only when it is the sparsest."""
    is_sparsest = Fragment(f"(SELECT place FROM sparsest) = {place}") if is_choice else None
    others = [each for each in lists if each is not scanned]
    selects = (
        _select(
            source,
            [
                *bounds(shape, scan, source.sort_key),
                *_fits(shape, others, source.sort_key),
                *within_bounds(shape, source.sort_key),
            ],
            scan.with_act,
        )
        for source in scanned.scanned
    )
    return fragment("{}{}", joined(" UNION ", selects), scan.end(shape.dialect, is_sparsest))


def _long_ranges(shape: Shape, scan: Scan, lists: list[_List]) -> list[Fragment]:
    """The statements whose dates span many days or have no end, and overlap the range of days from outside the bounds.

    All of these are scanned; but if the list to scan is short, its entries are looked up among them instead.
    """
    conditions = [
        Fragment("statement.span_days IS NULL"),
        fragment("NOT ({})", all_of(bounds(shape, scan._replace(from_position=False), "statement.sort_key"))),
        *in_range(shape, "statement"),
        *beyond_position(scan, "statement.sort_key"),
        *_fits(shape, lists, "statement.sort_key"),
        *updated(shape, "statement"),
    ]
    act = ", statement.act AS act" if scan.with_act else ""
    select = f"SELECT statement.sort_key AS sort_key{act} FROM"
    first = _to_scan(shape, lists)[0]
    if first is _EVERYTHING or first.fetched or len(first.scanned) > 1:
        return [fragment(f"{select} statement WHERE {{}}{{}}", all_of(conditions), scan.end(shape.dialect))]
    entries = _select(first.looked_up, [])
    is_short = fragment(f"(SELECT COUNT(*) FROM ({{}} LIMIT {_SHORT}) AS entries) < {_SHORT}", entries)
    few = fragment(
        f"{select} ({{}}) AS entries CROSS JOIN statement WHERE statement.sort_key = entries.sort_key AND {{}}{{}}",
        entries,
        all_of(conditions),
        scan.end(shape.dialect, is_short),
    )
    many = fragment(
        f"{select} statement WHERE {{}}{{}}", all_of(conditions), scan.end(shape.dialect, fragment("NOT {}", is_short))
    )
    return [few, many]


def _select(source: _Source, further: list[Fragment], with_act: bool = False) -> Fragment:
    act = f", {source.act or _act_of(source.sort_key)} AS act" if with_act else ""
    template = f"SELECT {source.distinct}{source.sort_key} AS sort_key{act} FROM {source.tables} WHERE {{}}"
    return fragment(template, all_of([source.condition, *further]))


def _act_of(sort_key: str) -> str:
    return f"(SELECT acting.act FROM statement AS acting WHERE acting.sort_key = {sort_key})"


def _fits(shape: Shape, lists: list[_List], sort_key: str) -> list[Fragment]:
    """The conditions that a `sort_key` is on these lists, that nothing excludes its statement, and that it is of the layer."""
    on_lists = [_is_on(each, sort_key) for each in lists if each is not _EVERYTHING]
    excluded = [_is_not_excluded(condition, sort_key, shape.dialect) for condition in exclusions(Statement, shape)]
    return on_lists + excluded + _of_layer(shape, sort_key)


def _of_layer(shape: Shape, sort_key: str) -> list[Fragment]:
    return [is_among(shape.among, f"{sort_key} & {NUMBER}", shape.dialect)] if shape.among else []


def _is_not_excluded(condition: Condition, sort_key: str, dialect: Dialect) -> Fragment:
    """The condition that no row excludes a statement.

    A scalar subquery: PostgreSQL would make a join of each NOT EXISTS, and plan many of them for seconds.
    """
    source = _source([condition], dialect)
    key = f"{source.sort_key} = {sort_key}"
    if not condition.values and condition.table is not Statement:  # no value to enter an index by
        key = f"on0_{condition.table._meta.table_name}.owner_id = {sort_key} & {NUMBER}"
    return fragment(f"(SELECT 1 FROM {source.tables} WHERE {{}} AND {key} LIMIT 1) IS NULL", source.condition)


def _is_on(entries: _List, sort_key: str) -> Fragment:
    source = entries.looked_up
    if entries.fetched:
        return fragment(f"{sort_key} IN ({{}})", _select(source, []))
    return fragment(
        f"EXISTS (SELECT 1 FROM {source.tables} WHERE {{}} AND {source.sort_key} = {sort_key})", source.condition
    )


# --- lists -----------------------------------------------------------------------------------------------------------

_ALL = _Source("statement.sort_key", "statement", Fragment("1 = 1"), act="statement.act")
_EVERYTHING = _List((_ALL,), _ALL)


def _lists(shape: Shape) -> list[_List]:
    groups: dict[object, list[Condition]] = {}
    for condition in conditions(Statement, shape):
        # A column of the statement itself is a list of its own, while the columns of a part hold for the same row.
        groups.setdefault(part_towards(Statement, condition.table) or condition.column, []).append(condition)
    lists = [_list(group, shape.dialect) for group in groups.values()]
    return ([_text(shape)] if shape.text else []) + lists or [_EVERYTHING]


def _text(shape: Shape) -> _List:
    table, engine = index.table_of(shape.record_type), index.text_index(shape.dialect)
    source = _Source(f'"{table}".{engine.key}', f'"{table}"', text_matches(shape))
    return _List((source,), source, fetched=shape.text == PREFIXES and not engine.looks_up_prefixes)


def text_matches(shape: Shape) -> Fragment:
    """The condition that a row of the text index matches `q`."""
    engine = index.text_index(shape.dialect)
    expression = placeholder(lambda query: engine.expression(parse(query.q or "")))
    return Fragment(engine.matches(index.table_of(shape.record_type)), expression.binders)


def _list(group: list[Condition], dialect: Dialect) -> _List:
    leading, rest = group[: _leading(group)], group[_leading(group) :]
    scanned = (_source([*single, *rest], dialect) for single in product(*map(each_value, leading)))
    return _List(tuple(scanned), _source(group, dialect))


def _leading(group: list[Condition]) -> int:
    """How many conditions, the first of a group, an index is entered by."""
    return 2 if group[0].table is SpeakerOnAgreement else 1


def _source(group: list[Condition], dialect: Dialect) -> _Source:
    """The rows of parts that meet all conditions of a group. Only the leading conditions are looked up in an index."""
    tables: dict[type[Table], str] = {}
    for condition in group:
        tables.setdefault(condition.table, f"on{len(tables)}_{condition.table._meta.table_name}")
    (first, row), *others = tables.items()
    met = [
        holds(condition, tables[condition.table], "" if place < _leading(group) else dialect.no_index)
        for place, condition in enumerate(group)
    ]
    met += [Fragment(f"{_report(table, name)} = {_report(first, row)}") for table, name in others]
    sources = " CROSS JOIN ".join(f'"{table._meta.table_name}" AS {name}' for table, name in tables.items())
    distinct = "DISTINCT " if first in REPEATING or others else ""
    return _Source(
        f"{row}.sort_key", sources, all_of(met), distinct, f"{row}.act" if first is StatementSpeaker else None
    )


def _report(table: type[Table], row: str) -> str:
    """The column that holds the number of the report that a row belongs to."""
    return f"{row}.number" if table is Report else f"{row}.owner_id"
