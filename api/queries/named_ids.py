"""Ids in filters that no record has: unknown, or of a record that was merged into another.

Where a filter has one id and something was found, that id is a record's. So ids are looked up only where nothing was found,
or where a filter has several or excludes; no other read pays for it.
"""

from collections.abc import Collection, Container, Iterator
from typing import NamedTuple

from api.changelog.tombstones import merged_away
from api.database.statements import rows
from api.documents.record_types import NAMES_BY_TABLE, RECORD_TYPES
from api.errors import Issue
from api.queries.filters import named_ids
from api.queries.layers import current_layers
from api.queries.query import Query
from schemas.messages import NO_SUCH_ID
from schemas.parameters.filters import NOT


class NamedId(NamedTuple):
    """An id that a filter names, and the type of the record that would have it."""

    parameter: str
    record_type: str
    id: str


def of_query(record_type: str, query: Query) -> list[NamedId]:
    """The ids that the filters of a query name."""
    named = named_ids(RECORD_TYPES[record_type].table, query)
    return [NamedId(parameter, NAMES_BY_TABLE[table], record_id) for parameter, table, record_id in named]


def may_be_unknown(named: Collection[NamedId], is_found: bool) -> bool:
    """Whether one of these ids may be no record's, going by whether anything was found."""
    parameters = [each.parameter for each in named]
    is_sure = is_found and len(set(parameters)) == len(parameters)
    return bool(named) and not (is_sure and not any(parameter.startswith(NOT) for parameter in parameters))


def unknown(named: Collection[NamedId]) -> list[NamedId]:
    """Those of these ids that no record has."""
    ids: dict[str, set[str]] = {}
    for each in named:
        ids.setdefault(each.record_type, set()).add(each.id)
    known = _known(ids)
    if (layers := current_layers()) is not None:
        of_then = (each[1:] for each in named if layers.was_there(*each[1:], is_stored=each[1:] in known))
        known = {(record_type, record_id) for record_type, record_id in of_then}
    return [each for each in named if (each.record_type, each.id) not in known]


def _known(ids: dict[str, set[str]]) -> set[tuple[str, str]]:
    selects, values = [], list[str]()
    for record_type, of_type in ids.items():
        table = RECORD_TYPES[record_type].table_name
        selects.append(f"SELECT '{record_type}', id FROM \"{table}\" WHERE id IN ({', '.join('?' * len(of_type))})")
        values += sorted(of_type)
    return {(record_type, record_id) for record_type, record_id in rows(" UNION ALL ".join(selects), values)}


def successors(missing: Collection[NamedId], moment: str | None) -> dict[tuple[str, str], str]:
    """For a parameter and the id of a merged record in it: the id of the record that stood for that at a moment, or now."""
    found: dict[tuple[str, str], str] = {}
    for record_type in {each.record_type for each in missing}:
        of_type = [each for each in missing if each.record_type == record_type]
        into = dict(_merged(record_type, {each.id for each in of_type}, moment))
        found |= {(each.parameter, each.id): _end(each.id, into) for each in of_type if each.id in into}
    return found


def _merged(record_type: str, ids: set[str], moment: str | None) -> Iterator[tuple[str, str]]:
    """Each step from a merged record to the next, for a record that stands for others may be merged itself."""
    while merged := dict(merged_away(record_type, ids, moment)):
        yield from merged.items()
        ids = set(merged.values())


def issues_of(missing: Collection[NamedId], successors: Container[tuple[str, str]]) -> list[Issue]:
    """What there is to say of ids that no record has, and for which no other stands."""
    return [
        Issue(NO_SUCH_ID.format(record_type=each.record_type, id=each.id), parameter=each.parameter)
        for each in missing
        if (each.parameter, each.id) not in successors
    ]


def _end(record_id: str, into: dict[str, str]) -> str:
    while record_id in into:
        record_id = into[record_id]
    return record_id
