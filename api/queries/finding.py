"""Finding statements: which there are, in order of time, without sorting.

What a filter asks for is a *list*: the `filed` of the statements that have a value, in order, as an index holds it. The
text index is such a list too. One list is walked and every statement on it looked up in the others, until the page is
full. The one to walk is that which is sparsest where the page begins: of two lists that one whose 64th entry from
there lies further away. SQL finds that out by itself, so that a read stays one statement.

Days are looked up by the same key. A vague date is filed under its first day, so a range of days is walked from as much
earlier as any date reaches, and the few dates without a beginning or an end are looked at apart.
"""

from typing import NamedTuple

from api.models.base import DAY, Table, filed
from api.models.statements import AgreementReference, Attribution, ChainLink, Report, Statement
from api.queries.filters import Condition, conditions, each_value, first_day, holds, in_range, part_towards, updated
from api.queries.pieces import Asked, Piece, Query, all_of, joined, marked, piece
from api.queries.shapes import Shape
from api.search import index
from api.search.query import parse
from schemas import dates

NUMBER = DAY - 1
"""`filed & NUMBER` is the number of a statement."""

_AHEAD = 63  # entries: enough to tell a list of thousands from one of tens of thousands, and read in microseconds
_MOST_TO_WALK = 4  # lists; each is a branch of the SQL, and the sparsest of four is sparse enough

REPEATING = (AgreementReference, Report, ChainLink, Attribution)
"""Tables that may name a value twice for one statement."""


class Walk(NamedTuple):
    """Which way through time, whether from a position on, and whether only as far as the page needs."""

    descending: bool = True
    started: bool = False
    limited: bool = True

    @property
    def ordered(self) -> Piece:
        """The end of a SELECT that is walked this way."""
        if not self.limited:
            return Piece("")
        return piece(f" ORDER BY 1 {self.direction} LIMIT {{}}", marked(lambda query: query["limit"] + 1))

    @property
    def direction(self) -> str:
        """The word for it in ORDER BY."""
        return "DESC" if self.descending else "ASC"


class _Source(NamedTuple):
    """Rows of an index in order of `filed`: what that column is called, where it is, and what must hold."""

    filed: str
    tables: str
    condition: Piece
    distinct: str = ""


class _List(NamedTuple):
    """All statements that have something: the sources that make the list up, and as one to look a `filed` up in."""

    walked: tuple[_Source, ...]
    looked_up: _Source


def found(shape: Shape, walk: Walk) -> Piece:
    """A SELECT of the `filed` of the statements that a query finds: as many as the page needs, or all of them.

    Where there is a choice of lists, it stands on what `choice` gives.
    """
    lists = _lists(shape)
    to_walk = _to_walk(lists)
    branches = [_branch(shape, walk, some, lists, place, len(to_walk) > 1) for place, some in enumerate(to_walk)]
    if {"since", "until"} & shape.asked.keys() and not _certain(shape):
        branches.append(_unbounded(shape, walk, lists))
    if len(branches) == 1:
        return branches[0]
    selects = (piece(f"SELECT filed FROM ({{}}) AS branch{place}", some) for place, some in enumerate(branches))
    return piece("SELECT filed FROM ({}) AS branches{}", joined(" UNION ALL ", selects), walk.ordered)


def choice(shape: Shape, walk: Walk) -> Piece | None:
    """The common table expressions that tell `found` which list to walk; None when there is but one."""
    to_walk = _to_walk(_lists(shape))
    if len(to_walk) == 1:
        return None
    names = [f"list{place}" for place in range(len(to_walk))]
    ahead = (_ahead(shape, walk, some.looked_up, name) for some, name in zip(to_walk, names, strict=True))
    further = "<=" if walk.descending else ">="
    cases = (
        f"WHEN {' AND '.join(f'{name} {further} {other}' for other in names[place + 1 :])} THEN {place}"
        for place, name in enumerate(names[:-1])
    )
    sparsest = f"SELECT CASE {' '.join(cases)} ELSE {len(names) - 1} END AS place FROM ahead"
    return piece(f"ahead AS MATERIALIZED (SELECT {{}}), sparsest AS MATERIALIZED ({sparsest})", joined(", ", ahead))


def _ahead(shape: Shape, walk: Walk, source: _Source, name: str) -> Piece:
    end = -1 if walk.descending else (1 << 63) - 1
    entries = _select(source, _bounds(shape, walk, source.filed))
    return piece(f"COALESCE(({{}} ORDER BY 1 {walk.direction} LIMIT 1 OFFSET {_AHEAD}), {end}) AS {name}", entries)


def _to_walk(lists: list[_List]) -> list[_List]:
    return [some for some in lists if len(some.walked) == 1][:_MOST_TO_WALK] or lists[:1]


def _branch(shape: Shape, walk: Walk, walked: _List, lists: list[_List], place: int, one_of_several: bool) -> Piece:
    """The entries of one list that are in all the others too."""
    leads = [Piece(f"(SELECT place FROM sparsest) = {place}")] if one_of_several else []
    others = [some for some in lists if some is not walked]
    selects = (
        _select(
            source,
            [
                *leads,
                *_bounds(shape, walk, source.filed),
                *(_is_on(other, source.filed) for other in others),
                *_dated(shape, source.filed),
            ],
        )
        for source in walked.walked
    )
    return piece("{}{}", joined(" UNION ", selects), walk.ordered)


def _unbounded(shape: Shape, walk: Walk, lists: list[_List]) -> Piece:
    """The statements whose dates have no beginning or no end, where the range of days has not met them yet."""
    there = [
        piece("NOT ({})", all_of(_bounds(shape, walk._replace(started=False), "statement.filed"))),
        *in_range(shape, "statement"),
        *_position(walk, "statement.filed"),
        *(_is_on(some, "statement.filed") for some in lists if some is not _EVERYTHING),
        *updated(shape, "statement"),
    ]
    return piece("{}{}", _select(_Source("statement.filed", "statement", Piece("reach IS NULL")), there), walk.ordered)


def _select(source: _Source, also: list[Piece]) -> Piece:
    template = f"SELECT {source.distinct}{source.filed} AS filed FROM {source.tables} WHERE {{}}"
    return piece(template, all_of([source.condition, *also]))


def _is_on(some: _List, filed: str) -> Piece:
    source = some.looked_up
    return piece(f"EXISTS (SELECT 1 FROM {source.tables} WHERE {{}} AND {source.filed} = {filed})", source.condition)


# --- lists -----------------------------------------------------------------------------------------------------------

_EVERYTHING = _List(
    (_Source("statement.filed", "statement", Piece("1 = 1")),), _Source("statement.filed", "statement", Piece("1 = 1"))
)


def _lists(shape: Shape) -> list[_List]:
    groups: dict[object, list[Condition]] = {}
    for condition in conditions(Statement, shape):
        # A column of the statement itself is a list of its own, while the columns of a part hold for one row of it.
        groups.setdefault(part_towards(Statement, condition.table) or condition.column, []).append(condition)
    lists = [_list(group, shape.sqlite) for group in groups.values()]
    return ([_text(shape)] if "q" in shape.asked else []) + lists or [_EVERYTHING]


def _text(shape: Shape) -> _List:
    table, key = index.table_of(shape.noun), index.key_of(shape.sqlite)
    source = _Source(f'"{table}".{key}', f'"{table}"', matches(shape))
    return _List((source,), source)


def matches(shape: Shape) -> Piece:
    """The condition that a row of the text index is found by `q`."""
    sought = marked(lambda query: index.expression(parse(query["q"]), shape.sqlite))
    return Piece(index.matches(shape.noun, shape.sqlite), sought.fillings)


def _list(group: list[Condition], sqlite: bool) -> _List:
    lead = group[0]
    return _List(
        tuple(_source([one, *group[1:]], sqlite) for one in each_value(lead)),
        _source(group, sqlite),
    )


def _source(group: list[Condition], sqlite: bool) -> _Source:
    """The rows of parts for which all of a group holds. The first condition is the one looked up in an index."""
    tables: dict[type[Table], str] = {}
    for condition in group:
        tables.setdefault(condition.table, f"on{len(tables)}_{condition.table._meta.table_name}")
    (first, row), *further = tables.items()
    held = [holds(condition, tables[condition.table], condition is group[0], sqlite) for condition in group]
    held += [Piece(f"{_report(table, name)} = {_report(first, row)}") for table, name in further]
    named = " CROSS JOIN ".join(f'"{table._meta.table_name}" AS {name}' for table, name in tables.items())
    distinct = "DISTINCT " if first in REPEATING or further else ""
    return _Source(f"{row}.filed", named, all_of(held), distinct)


def _report(table: type[Table], row: str) -> str:
    """The column by which rows of the parts of a report are of the same one."""
    return f"{row}.number" if table is Report else f"{row}.owner_id"


# --- days and times --------------------------------------------------------------------------------------------------


def _certain(shape: Shape) -> bool:
    return shape.asked.get("date_match") == "certain"


def _bounds(shape: Shape, walk: Walk, column: str) -> list[Piece]:
    """Between which two `filed` the walk goes, as far as the range of days and the position on the way tell."""
    upper = [marked(_end)] if "until" in shape.asked else []
    lower = [_beginning(shape)] if "since" in shape.asked else []
    if walk.started:
        (upper if walk.descending else lower).append(_POSITION)
    return [
        *_beyond(column, "<", upper, "MIN" if shape.sqlite else "LEAST"),
        *_beyond(column, ">", lower, "MAX" if shape.sqlite else "GREATEST"),
    ]


def _beyond(column: str, sign: str, limits: list[Piece], tightest: str) -> list[Piece]:
    if len(limits) > 1:  # one bound, for an index is entered by one
        limits = [piece(f"{tightest}({{}})", joined(", ", limits))]
    return [piece(f"{column} {sign} {{}}", limit) for limit in limits]


def _position(walk: Walk, column: str) -> list[Piece]:
    return _beyond(column, "<" if walk.descending else ">", [_POSITION] if walk.started else [], "")


def _here(asked: Asked) -> tuple[int]:
    assert asked.position is not None
    return (int(asked.position.key),)


_POSITION = Piece("?", (_here,))


def _beginning(shape: Shape) -> Piece:
    """What all statements of the range of days are filed after; before the range itself only as far as dates reach."""
    start = marked(lambda query: filed(dates.parse(query["since"]).earliest.isoformat(), 0) - 1)
    if _certain(shape):
        return start
    return piece(f"{{}} - (SELECT COALESCE(MAX(reach), 0) FROM statement) * {DAY}", start)


def _end(query: Query) -> int:
    return filed(dates.parse(query["until"]).latest.isoformat(), 0) + DAY


def _dated(shape: Shape, column: str) -> list[Piece]:
    """What else must hold for the days and times of a statement within the bounds."""
    row = f"EXISTS (SELECT 1 FROM statement AS dated WHERE dated.number = {column} & {NUMBER} AND {{}})"
    found = [piece(row, changed) for changed in updated(shape, "dated")]
    if _certain(shape):
        return found + [piece(row, days) for days in in_range(shape, "dated")]
    if "since" not in shape.asked:
        return found
    start = marked(lambda query: filed(dates.parse(query["since"]).earliest.isoformat(), 0))
    reaching = piece(row, piece("dated.date_latest >= {}", first_day("since")))
    return [*found, piece(f"({column} >= {{}} OR {{}})", start, reaching)]
