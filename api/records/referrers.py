"""Which records refer to which, found from the foreign keys alone."""

from collections.abc import Collection
from functools import cache

from api.database.statements import chunked, execute
from api.documents.record_types import RECORD_TYPE_OF_TABLE, RECORD_TYPES
from api.models import TABLES
from api.models.base import Record, Table, TermField, owner_of, references_of, tuples
from api.models.vocabularies import Vocabulary
from api.names.outdated import Numbers
from api.records.indexing import SEARCHED_VOCABULARIES


def affected_by(changed: Numbers) -> dict[str, set[int]]:
    """The other records that may show something of a changed one, or no longer fit to it.

    Whose side a speaker is on is followed upwards from body to body, so speakers are followed on through speakers.
    """
    affected: dict[str, set[int]] = {}
    frontier = dict(changed)
    while any(frontier.values()):
        reached: dict[str, set[int]] = {}
        for record_type, numbers in frontier.items():
            for referring, referrers in _referring(RECORD_TYPES[record_type].table, numbers).items():
                reached.setdefault(referring, set()).update(referrers - affected.get(referring, set()))
        for record_type, numbers in reached.items():
            affected.setdefault(record_type, set()).update(numbers)
        frontier = {"speakers": reached.get("speakers", set())}
    return {record_type: numbers - changed.get(record_type, set()) for record_type, numbers in affected.items()}


def referring_to(record_type: str, number: int) -> dict[str, set[int]]:
    """The records that refer to one, itself left aside, by record type and number."""
    referring = _referring(RECORD_TYPES[record_type].table, {number})
    return {name: numbers - {number} if name == record_type else numbers for name, numbers in referring.items()}


def referring_to_any(numbers: Numbers) -> dict[str, set[int]]:
    """The records that refer to any of these."""
    return merged(*(_referring(RECORD_TYPES[record_type].table, changed) for record_type, changed in numbers.items()))


def _referring(target: type[Record], numbers: Collection[int]) -> dict[str, set[int]]:
    """The records with a foreign key, their own or a part's, to any of these rows; one statement for all tables."""
    referring: dict[str, set[int]] = {}
    for batch in chunked(sorted(numbers), 500):
        listed = ", ".join(map(str, batch))
        for record_type, number in execute(_referring_sql(target).format(numbers=listed)).fetchall():
            referring.setdefault(record_type, set()).add(number)
    return referring


@cache
def _referring_sql(target: type[Record]) -> str:
    """A SELECT of the record type and number of whatever refers to `numbers` of a table."""
    selects = []
    for table in TABLES:
        for field in references_of(table, target):
            condition = f'"{field.column_name}" IN ({{numbers}})'
            record, select = _record_of(table, f'"{table._meta.table_name}" WHERE {condition}')
            selects.append(f"SELECT '{RECORD_TYPE_OF_TABLE[record]}', {select}")
    return " UNION ".join(selects) or "SELECT '', 0 WHERE 1 = 0"


def _record_of(table: type[Table], rows: str) -> tuple[type[Record], str]:
    """Climb from rows of a part (a table and a condition) to the numbers of the records they belong to."""
    owner = owner_of(table)
    if owner is None:
        assert issubclass(table, Record)
        return table, f"number FROM {rows}"
    above = owner.rel_model
    if owner_of(above) is None:
        return above, f'"{owner.column_name}" FROM {rows}'
    return _record_of(above, f'"{above._meta.table_name}" WHERE number IN (SELECT "{owner.column_name}" FROM {rows})')


def using_terms_of(vocabularies: set[int]) -> dict[str, set[int]]:
    """The records that are searched for by a term of any of these vocabularies."""
    ids = {i for (i,) in tuples(Vocabulary.select(Vocabulary.id).where(Vocabulary.number.in_(list(vocabularies))))}
    using: dict[str, set[int]] = {}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, TermField) and field.vocabulary in ids & SEARCHED_VOCABULARIES:
                rows = f'"{table._meta.table_name}" WHERE "{field.column_name}" IS NOT NULL'
                record, select = _record_of(table, rows)
                numbers = {number for (number,) in execute(f"SELECT {select}").fetchall()}
                using.setdefault(RECORD_TYPE_OF_TABLE[record], set()).update(numbers)
    return using


def merged(*sets: Numbers) -> dict[str, set[int]]:
    """All these records together."""
    together: dict[str, set[int]] = {}
    for numbers_of in sets:
        for record_type, numbers in numbers_of.items():
            together.setdefault(record_type, set()).update(numbers)
    return together


def without(records: Numbers, others: Numbers) -> dict[str, set[int]]:
    """These records but for others."""
    return {record_type: numbers - others.get(record_type, set()) for record_type, numbers in records.items()}
