"""Records as tables."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any


def to_pandas(records: Iterable[Mapping[str, Any]]) -> Any:
    """A pandas DataFrame with a row for each record, in their order; raise ImportError when pandas is missing.

    References become their ids, lists of references lists of ids, and texts in several languages a column for each
    (`summary_en`, `summary_ar`). Everything else stays as it is.
    """
    return import_module("pandas").DataFrame([flat(record) for record in records])


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record by column."""
    columns: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and "id" not in value and all(isinstance(text, str) for text in value.values()):
            columns.update({f"{key}_{language}": text for language, text in value.items()})
        else:
            columns[key] = _cell(value)
    return columns


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return [_cell(item) for item in value]
    if isinstance(value, Mapping):
        return value["id"] if "id" in value else _of_one_reference(value)
    return value


def _of_one_reference(value: Mapping[str, Any]) -> Any:
    """The id of what an object is about, if that is its first key and a reference: a speaker of a statement with the office."""
    first = next(iter(value.values()), None)
    return first["id"] if isinstance(first, Mapping) and "id" in first else value
