"""The shape of reconciliation requests: what is no query or extension of the API 0.2, or larger than any that is worth an answer.

Everything that goes on with a request rests on this shape; what names and ids mean is checked later.
"""

from collections.abc import Iterator, Mapping
from typing import Any

MOST_QUERIES: Mapping[str, int] = {"articles": 100}
"""The most queries of a batch, by record type: titles are searched for one by one, which takes milliseconds each."""
OTHERWISE_MOST = 500  # OpenRefine keeps to 50
MOST_ROWS = 500
"""The most ids of an extension."""
LONGEST_NAME = 500
"""Characters of a name or value: no name or title has more than 300."""
MOST_LISTED = 50
"""The most properties of a request, types of a query, and values of a property."""

Shape = dict[str, Any]


def misshapen_batch(batch: Shape, record_type: str) -> Iterator[str]:
    """A sentence about each query that has not the shape of one, or about a batch that has too many."""
    most = MOST_QUERIES.get(record_type, OTHERWISE_MOST)
    if len(batch) > most:
        yield f"Has {len(batch)} queries, more than the {most} of a batch."
        return
    for key, query in batch.items():
        sentences = _misshapen_query(query) if isinstance(query, dict) else ["Is not an object."]
        yield from (f"{key}: {sentence}" for sentence in sentences)


def _misshapen_query(query: Shape) -> Iterator[str]:
    if not _is_short(query.get("query", "")):
        yield f"'query' is not a text of at most {LONGEST_NAME} characters."
    if not all(map(_is_short, _listed(query.get("type") or []))):
        yield f"'type' is not an id, nor a list of at most {MOST_LISTED} ids."
    if not _is_short(query.get("type_strict", "any")):
        yield "'type_strict' is not a text."
    given = query.get("properties") or []
    if not isinstance(given, list) or len(given) > MOST_LISTED or not all(map(_is_compared, given)):
        yield (
            f"'properties' is not a list of at most {MOST_LISTED} objects, each with a 'pid' and as 'v' a text, a number or an"
            f' object with an "id", or at most {MOST_LISTED} of these.'
        )


def _listed(value: Any) -> list[Any]:
    """What may stand alone or in a list; a record stands for its id, and [None], which fits nothing, for too many."""
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST_LISTED:
        return [None]
    return [each.get("id") if isinstance(each, dict) else each for each in values]


def _is_short(value: Any) -> bool:
    """Whether it is a text that may be looked for; PostgreSQL takes none with a NUL."""
    return isinstance(value, str) and len(value) <= LONGEST_NAME and "\0" not in value


def _is_compared(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_short(value.get("pid")):
        return False
    given = value.get("v")
    values = given if isinstance(given, list) else [given]
    return len(values) <= MOST_LISTED and all(map(_is_value, values))


def _is_value(value: Any) -> bool:
    """A value, or the None of an empty cell."""
    if isinstance(value, dict):
        return _is_short(value.get("id")) and _is_short(value.get("name", ""))
    return value is None or isinstance(value, int | float) or _is_short(value)


def misshapen_extension(extension: Shape) -> Iterator[str]:
    """A sentence about each part of an extension that has not its shape."""
    ids, wanted = extension.get("ids", []), extension.get("properties", [])
    if not isinstance(ids, list) or len(ids) > MOST_ROWS or not all(map(_is_short, ids)):
        yield f"'ids' is not a list of at most {MOST_ROWS} ids."
    if not isinstance(wanted, list) or len(wanted) > MOST_LISTED or not all(map(_is_wanted, wanted)):
        yield (
            f"'properties' is not a list of at most {MOST_LISTED} objects, each with an 'id' and, if need be, 'settings': 'lang' a"
            " language, 'limit' a whole number from 0 on."
        )


def _is_wanted(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_short(value.get("id")):
        return False
    settings = value.get("settings") or {}
    return isinstance(settings, dict) and _is_short(settings.get("lang") or "") and _is_limit(settings.get("limit"))


def _is_limit(value: Any) -> bool:
    """A number of values, which forms send as a text; none for all."""
    return value in (None, "") or (str(value).isascii() and str(value).isdigit() and len(str(value)) < 10)
