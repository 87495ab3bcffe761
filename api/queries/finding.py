"""Finding statements: which there are, in order of time, without sorting.

What a filter asks for is a *list*: the `sort_key` of the statements that have a value, in order, as an index holds it. The
text index is such a list too. One list is walked and every statement on it looked up in the others, until the page is
full. The one to walk is that which is sparsest where the page begins: of two lists that one whose 64th entry from
there lies further away. SQL finds that out by itself, so that a read stays one statement.

Days are looked up by the same key (`api.queries.days`).
"""

from itertools import product
from typing import NamedTuple

from api.models.base import Table
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
from api.queries.days import bounds, dated, in_range, position, ranges, updated
from api.queries.filters import Condition, conditions, each_value, holds, part_towards
from api.queries.fragments import Fragment, all_of, fragment, joined, placeholder
from api.queries.scans import Scan
from api.queries.shapes import BEGINNINGS, Shape
from api.search import index
from api.search.query import parse

_AHEAD = 63  # entries: enough to tell a list of thousands from one of tens of thousands, and read in microseconds
_SHORT = 300  # entries; to look up so many among the dates that reach far takes less than to look through those
_MOST_TO_WALK = 4  # lists; each is a branch of the SQL, and the sparsest of four is sparse enough

REPEATING = (AgreementReference, Report, ChainLink, Attribution, Figure)
"""Tables that may name a value twice for one statement."""


class _Source(NamedTuple):
    """Rows of an index in order of `sort_key`: what that column is called, where it is, and what must hold."""

    sort_key: str
    tables: str
    condition: Fragment
    distinct: str = ""
    act: str | None = None


class _List(NamedTuple):
    """All statements that have something: the sources that make the list up, and as one to look a `sort_key` up in.

    What is `fetched` is read whole, once, before anything is looked up in it.
    """

    walked: tuple[_Source, ...]
    looked_up: _Source
    fetched: bool = False


def found(shape: Shape, scan: Scan) -> Fragment:
    """A SELECT of the `sort_key` (and `act`) of the statements that a query finds: as many as the page needs, or all.

    Where there is a choice of lists, it stands on what `choice` gives.
    """
    lists = _lists(shape)
    to_walk = _to_walk(shape, lists)
    branches = [_branch(shape, scan, some, lists, place, len(to_walk) > 1) for place, some in enumerate(to_walk)]
    if ranges(shape):
        branches += _long_ranges(shape, scan, lists)
    if len(branches) == 1:
        return branches[0]
    selects = (fragment(f"SELECT * FROM ({{}}) AS branch{place}", some) for place, some in enumerate(branches))
    return fragment("SELECT * FROM ({}) AS branches{}", joined(" UNION ALL ", selects), scan.end(shape.sqlite))


def has_lists(shape: Shape) -> bool:
    """Whether a query asks for anything but days and times of change."""
    return _lists(shape) != [_EVERYTHING]


def is_on_all(shape: Shape, sort_key: str, text: bool = True) -> list[Fragment]:
    """The conditions that a `sort_key` is on every list that a query asks for, or on every one but that of the `text`."""
    lists = _lists(shape)[0 if text or "q" not in shape.asked else 1 :]
    return [_is_on(some, sort_key) for some in lists if some is not _EVERYTHING]


def choice(shape: Shape, scan: Scan) -> Fragment | None:
    """The common table expressions that tell `found` which list to walk; None when there is but one."""
    to_walk = _to_walk(shape, _lists(shape))
    if len(to_walk) == 1:
        return None
    names = [f"list{place}" for place in range(len(to_walk))]
    ahead = (_ahead(shape, scan, some.looked_up, name) for some, name in zip(to_walk, names, strict=True))
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


def _to_walk(shape: Shape, lists: list[_List]) -> list[_List]:
    in_order = [some for some in lists if len(some.walked) == 1]
    if "q" in shape.asked and not shape.sqlite and len(in_order) > 1:
        in_order = in_order[1:]  # GIN holds no order: PostgreSQL would sort all that the text index finds
    return in_order[:_MOST_TO_WALK] or lists[:1]


def _branch(shape: Shape, scan: Scan, walked: _List, lists: list[_List], place: int, one_of_several: bool) -> Fragment:
    """The entries of one list that are in all the others too."""
    leads = Fragment(f"(SELECT place FROM sparsest) = {place}") if one_of_several else None
    others = [some for some in lists if some is not walked]
    selects = (
        _select(
            source,
            [
                *bounds(shape, scan, source.sort_key),
                *(_is_on(other, source.sort_key) for other in others),
                *dated(shape, source.sort_key),
            ],
            scan.with_act,
        )
        for source in walked.walked
    )
    return fragment("{}{}", joined(" UNION ", selects), scan.end(shape.sqlite, leads))


def _long_ranges(shape: Shape, scan: Scan, lists: list[_List]) -> list[Fragment]:
    """The statements whose dates reach far or have no end, where the range of days has not met them yet.

    All of these are looked through; but where the list to walk is short, its entries are looked up among them instead.
    """
    there = [
        Fragment("statement.span_days IS NULL"),
        fragment("NOT ({})", all_of(bounds(shape, scan._replace(started=False), "statement.sort_key"))),
        *in_range(shape, "statement"),
        *position(scan, "statement.sort_key"),
        *(_is_on(some, "statement.sort_key") for some in lists if some is not _EVERYTHING),
        *updated(shape, "statement"),
    ]
    act = ", statement.act AS act" if scan.with_act else ""
    select = f"SELECT statement.sort_key AS sort_key{act} FROM"
    first = _to_walk(shape, lists)[0]
    if first is _EVERYTHING or first.fetched or len(first.walked) > 1:
        return [fragment(f"{select} statement WHERE {{}}{{}}", all_of(there), scan.end(shape.sqlite))]
    entries = _select(first.looked_up, [])
    short = fragment(f"(SELECT COUNT(*) FROM ({{}} LIMIT {_SHORT}) AS entries) < {_SHORT}", entries)
    few = fragment(
        f"{select} ({{}}) AS entries CROSS JOIN statement WHERE statement.sort_key = entries.sort_key AND {{}}{{}}",
        entries,
        all_of(there),
        scan.end(shape.sqlite, short),
    )
    many = fragment(
        f"{select} statement WHERE {{}}{{}}", all_of(there), scan.end(shape.sqlite, fragment("NOT {}", short))
    )
    return [few, many]


def _select(source: _Source, also: list[Fragment], with_act: bool = False) -> Fragment:
    act = f", {source.act or _act_of(source.sort_key)} AS act" if with_act else ""
    template = f"SELECT {source.distinct}{source.sort_key} AS sort_key{act} FROM {source.tables} WHERE {{}}"
    return fragment(template, all_of([source.condition, *also]))


def _act_of(sort_key: str) -> str:
    return f"(SELECT acting.act FROM statement AS acting WHERE acting.sort_key = {sort_key})"


def _is_on(some: _List, sort_key: str) -> Fragment:
    source = some.looked_up
    if some.fetched:
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
        # A column of the statement itself is a list of its own, while the columns of a part hold for one row of it.
        groups.setdefault(part_towards(Statement, condition.table) or condition.column, []).append(condition)
    lists = [_list(group, shape.sqlite) for group in groups.values()]
    return ([_text(shape)] if "q" in shape.asked else []) + lists or [_EVERYTHING]


def _text(shape: Shape) -> _List:
    table, key = index.table_of(shape.record_type), index.key_of(shape.sqlite)
    source = _Source(f'"{table}".{key}', f'"{table}"', matches(shape))
    return _List((source,), source, fetched=shape.sqlite and shape.asked["q"] == BEGINNINGS)


def matches(shape: Shape) -> Fragment:
    """The condition that a row of the text index is found by `q`."""
    sought = placeholder(lambda query: index.expression(parse(query["q"]), shape.sqlite))
    return Fragment(index.matches(shape.record_type, shape.sqlite), sought.binders)


def _list(group: list[Condition], sqlite: bool) -> _List:
    led, rest = group[: _led(group)], group[_led(group) :]
    walked = (_source([*ones, *rest], sqlite) for ones in product(*map(each_value, led)))
    return _List(tuple(walked), _source(group, sqlite))


def _led(group: list[Condition]) -> int:
    """How many conditions at the beginning of a group an index is entered by."""
    return 2 if group[0].table is SpeakerOnAgreement else 1


def _source(group: list[Condition], sqlite: bool) -> _Source:
    """The rows of parts for which all of a group holds. The first condition is the one looked up in an index."""
    tables: dict[type[Table], str] = {}
    for condition in group:
        tables.setdefault(condition.table, f"on{len(tables)}_{condition.table._meta.table_name}")
    (first, row), *further = tables.items()
    held = [
        holds(condition, tables[condition.table], place < _led(group), sqlite) for place, condition in enumerate(group)
    ]
    held += [Fragment(f"{_report(table, name)} = {_report(first, row)}") for table, name in further]
    named = " CROSS JOIN ".join(f'"{table._meta.table_name}" AS {name}' for table, name in tables.items())
    distinct = "DISTINCT " if first in REPEATING or further else ""
    return _Source(
        f"{row}.sort_key", named, all_of(held), distinct, f"{row}.act" if first is StatementSpeaker else None
    )


def _report(table: type[Table], row: str) -> str:
    """The column by which rows of the parts of a report are of the same one."""
    return f"{row}.number" if table is Report else f"{row}.owner_id"
