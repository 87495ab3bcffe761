"""Which records refer to which, found from the foreign keys alone."""

from collections.abc import Collection, Mapping
from typing import Any

from peewee import chunked

from api.documents.record_types import RECORD_TYPE_OF_TABLE, RECORD_TYPES
from api.models import TABLES
from api.models.base import Record, Table, TermField, owner_of, references_of, tuples
from api.models.vocabularies import Vocabulary
from api.records.rendering import SEARCHED_VOCABULARIES

Numbers = Mapping[str, set[int]]
"""Records by record type and number."""


CONTENT: Mapping[str, tuple[str, ...]] = {
    "speakers": ("offices", "part_of"),
    "places": ("part_of",),
    "agreements": ("provisions",),
    "articles": ("publisher", "sha256", "length"),
    "vocabularies": ("terms",),
}
"""The keys of each record type that other records rest on, beside its name."""


def affected_by(changed: Numbers) -> dict[str, set[int]]:
    """The other records that may show something of a changed one, or no longer fit to it.

    Whose side a speaker is on is followed upwards from body to body, so speakers are followed on through speakers.
    """
    found: dict[str, set[int]] = {}
    frontier = dict(changed)
    while any(frontier.values()):
        reached: dict[str, set[int]] = {}
        for record_type, numbers in frontier.items():
            for referring, some in _referring(RECORD_TYPES[record_type].table, numbers).items():
                reached.setdefault(referring, set()).update(some - found.get(referring, set()))
        for record_type, numbers in reached.items():
            found.setdefault(record_type, set()).update(numbers)
        frontier = {"speakers": reached.get("speakers", set())}
    return {record_type: numbers - changed.get(record_type, set()) for record_type, numbers in found.items()}


def referring_to(record_type: str, number: int) -> dict[str, set[int]]:
    """The records that refer to one, itself left aside, by record type and number."""
    found = _referring(RECORD_TYPES[record_type].table, {number})
    return {name: numbers - {number} if name == record_type else numbers for name, numbers in found.items()}


def referring_to_any(numbers: Numbers) -> dict[str, set[int]]:
    """The records that refer to any of these."""
    return merged(*(_referring(RECORD_TYPES[record_type].table, some) for record_type, some in numbers.items()))


def _referring(target: type[Record], numbers: Collection[int]) -> dict[str, set[int]]:
    """The records with a foreign key, their own or a part's, to any of these rows."""
    found: dict[str, set[int]] = {}
    for table in TABLES:
        for field in references_of(table, target):
            for some in chunked(numbers, 500):
                record, rows = _record_of(table, table.select(table.number).where(field.in_(some)))
                found.setdefault(RECORD_TYPE_OF_TABLE[record], set()).update(number for (number,) in tuples(rows))
    return found


def using_terms_of(vocabularies: set[int]) -> dict[str, set[int]]:
    """The records that are searched for by a term of any of these vocabularies."""
    ids = {i for (i,) in tuples(Vocabulary.select(Vocabulary.id).where(Vocabulary.number.in_(list(vocabularies))))}
    found: dict[str, set[int]] = {}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, TermField) and field.vocabulary in ids & SEARCHED_VOCABULARIES:
                record, rows = _record_of(table, table.select(table.number).where(field.is_null(False)))
                found.setdefault(RECORD_TYPE_OF_TABLE[record], set()).update(number for (number,) in tuples(rows))
    return found


def merged(*some: Numbers) -> dict[str, set[int]]:
    """All these records together."""
    together: dict[str, set[int]] = {}
    for one in some:
        for record_type, numbers in one.items():
            together.setdefault(record_type, set()).update(numbers)
    return together


def _record_of(table: type[Table], rows: Any) -> tuple[type[Record], Any]:
    """Climb from rows of a part to the numbers of the records they belong to."""
    owner = owner_of(table)
    if owner is None:
        assert issubclass(table, Record)
        return table, rows
    return _record_of(owner.rel_model, table.select(owner).where(table.number.in_(rows)))
