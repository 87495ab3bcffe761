"""The ids and labels of the records and terms by which statements are counted, so that counting needs no look-up."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from api.bitmaps.changes import Outdated
from api.bitmaps.codes import Value
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES

VOCABULARIES = "vocabularies"


class Label(NamedTuple):
    """What a value is called: its id on the wire, and the JSON object of its label by language, if it has one."""

    id: str
    label: str | None


class Labels:
    """The labels of all records of a type by number; of vocabularies those of their terms, by key."""

    def __init__(self, record_type: str) -> None:
        self.record_type = record_type
        self.by_value: dict[Value, Label] = {}
        self._values: dict[str, Value] = {}
        self._add(_labels(record_type))

    def numbers(self, ids: Iterable[str]) -> list[Value]:
        """The numbers of the records that have these ids."""
        return [self._values[record_id] for record_id in ids if record_id in self._values]

    def apply(self, outdated: Outdated) -> None:
        """Take over what changed."""
        changed = outdated.records.get(self.record_type, set())
        if self.record_type in outdated.lost or (changed and self.record_type == VOCABULARIES):
            self.__init__(self.record_type)  # type: ignore[misc]
        elif changed:
            for number in changed & self.by_value.keys():
                del self._values[self.by_value.pop(number).id]
            self._add(_labels(self.record_type, changed))

    def _add(self, labels: Iterable[tuple[Value, Label]]) -> None:
        for value, label in labels:
            self.by_value[value] = label
            self._values[label.id] = value


def _labels(record_type: str, numbers: Collection[int] | None = None) -> Iterable[tuple[Value, Label]]:
    if record_type == VOCABULARIES:
        return ((key, Label(key.rpartition("/")[2], label)) for key, label in rows('SELECT "key", label FROM term'))
    select = f'SELECT number, id, label FROM "{RECORD_TYPES[record_type].table_name}"'
    if numbers is not None:
        select += f" WHERE number IN ({', '.join(map(str, numbers))})"
    return ((number, Label(record_id, label)) for number, record_id, label in rows(select))
