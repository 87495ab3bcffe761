"""The documents of the rows of a page: those that this process has read before are not read again while they are the same.

Where the database is on a server, a first statement leaves documents out, and a second one reads those that are not kept.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from api.database.compression import decompressed
from api.database.dialect import dialect
from api.database.document_cache import Version, document_cache
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES


def read_with_documents(read: Callable[[bool], list[Any]], record_type: str) -> list[Any]:
    """The rows with the documents of their versions; `read` is told whether it may leave documents out.

    If a record is changed between the two statements, everything is read by one.
    """
    if (
        dialect().has_server
        and document_cache.has_room
        and (complete := _with_documents(read(True), record_type)) is not None
    ):
        return complete
    return with_documents(read(False), record_type)


def with_documents(fetched: Iterable[Any], record_type: str) -> list[Any]:
    """The rows of a statement of records of a type, and of others beside them, with documents in the place of what is stored of them."""
    kept = document_cache.used_last()
    return [
        (
            part,
            number,
            key,
            body
            and (
                kept.get(version := (record_type if part == "page" else part, number, etag))
                or _decompressed(version, body)
            ),
            etag,
        )
        for part, number, key, body, etag in fetched
    ]


def _decompressed(version: Version, body: bytes) -> bytes:
    """The document of a version that was not used lately, which is kept from now on."""
    document = document_cache.get(version)
    if document is None:
        document = decompressed(body)
        if document_cache.has_room:
            document_cache.keep(version, document)
    return document


def _with_documents(fetched: list[Any], record_type: str) -> list[Any] | None:
    """The rows with the documents that belong to them; None when one of these is not there any more."""
    complete: list[Any] = []
    missing: list[tuple[int, Version]] = []
    for part, number, key, document, etag in fetched:
        name = record_type if part == "page" else part
        if name in RECORD_TYPES:  # else it is a row of something else than a record
            version = name, number, etag
            document = document_cache.get(version)
            if document is None:
                missing.append((len(complete), version))
        complete.append((part, number, key, document, etag))
    return _completed(complete, missing) if missing else complete


def _completed(rows_read: list[Any], missing: list[tuple[int, Version]]) -> list[Any] | None:
    """The rows with documents at these places, read now and kept; None when one is of another version by now."""
    found = dict(_documents_now(dict.fromkeys(version for _, version in missing)))
    for version, document in found.items():
        document_cache.keep(version, document)
    for place, version in missing:
        if version not in found:
            return None
        part, number, key, _, etag = rows_read[place]
        rows_read[place] = part, number, key, found[version], etag
    return rows_read


def _documents_now(versions: Iterable[Version]) -> Iterator[tuple[Version, bytes]]:
    """The documents of these records, with the versions that they are of by now."""
    numbers: dict[str, list[int]] = {}
    for name, number, _ in versions:
        numbers.setdefault(name, []).append(number)
    selects = (
        f"SELECT '{name}', number, etag, body FROM \"{RECORD_TYPES[name].table_name}\" WHERE number IN ({dialect().numbers_in_json})"
        for name in numbers
    )
    for name, number, etag, body in rows(" UNION ALL ".join(selects), [json.dumps(each) for each in numbers.values()]):
        yield (name, number, etag), decompressed(body)
