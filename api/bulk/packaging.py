"""Tables as a Frictionless data package (datapackage.org): CSV files, and `datapackage.json` that says what they hold.

The files hold no more of the records in memory than a batch. `datapackage.json` comes last, for it has their digests.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from api import __version__
from api.bulk.csv import cell
from api.bulk.exporting import Export
from api.bulk.tables import STRING, TABLES, Column, Table

Row = tuple[Any, ...]

DESCRIPTOR = "datapackage.json"
_DATED = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, the earliest that ZIP knows: the same records give the same bytes."""


def files(export: Export) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The names of the files and their contents in pieces, which are to be read in this order."""
    resources: list[dict[str, Any]] = []
    for table in TABLES:
        yield f"{table.name}.csv", _measured(table, _pieces(table, export), resources)
    yield DESCRIPTOR, iter([orjson.dumps(_package(resources), option=orjson.OPT_INDENT_2)])


def rows_of(table: Table, export: Export) -> Iterator[list[Row]]:
    """The rows of a table, in batches."""
    for documents in export.documents(table.record_type):
        yield [row for document in documents for row in table.rows(orjson.loads(document))]


def _pieces(table: Table, export: Export) -> Iterator[bytes]:
    yield _csv([[column.name for column in table.columns]])
    for rows in rows_of(table, export):
        yield _csv([_cells(table.columns, row) for row in rows])


def _cells(columns: Iterable[Column], row: Row) -> list[str]:
    """The cells of a row; texts are guarded from becoming formulas like those of the other CSV export."""
    return [
        cell(value) if column.type == STRING or value is None or isinstance(value, bool) else str(value)
        for column, value in zip(columns, row, strict=True)
    ]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _measured(table: Table, pieces: Iterable[bytes], resources: list[dict[str, Any]]) -> Iterator[bytes]:
    """The same pieces; at their end the resource that they make is known."""
    digest, length = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        length += len(piece)
        yield piece
    resources.append({**_resource(table), "bytes": length, "hash": f"sha256:{digest.hexdigest()}"})


def _package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "tasrih",
        "title": "Tasrih: official statements",
        "description": "Who said what, when, on whose behalf, about which agreement, according to whom. A text that begins like a "
        "formula, or with an apostrophe, has an apostrophe before it.",
        "version": __version__,
        "resources": resources,
    }


def _resource(table: Table) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": list(_foreign_keys(table)),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    constraints |= {"enum": column.terms} if column.vocabulary else {}
    return {"name": column.name, "type": column.type, **({"constraints": constraints} if constraints else {})}


def _foreign_keys(table: Table) -> Iterator[dict[str, Any]]:
    for column in table.columns:
        if column.refers_to:
            resource = "" if column.refers_to == table.name else column.refers_to  # "" is the table itself
            yield {"fields": [column.name], "reference": {"resource": resource, "fields": ["id"]}}
    if table.parent:
        here, other, there = table.parent
        yield {"fields": list(here), "reference": {"resource": other, "fields": list(there)}}


def zipped(export: Export) -> Iterator[bytes]:
    """The files as one ZIP archive, in pieces."""
    written = _Written()
    with zipfile.ZipFile(written, "w") as archive:
        for name, pieces in files(export):
            about = zipfile.ZipInfo(name, _DATED)
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    if written.pieces:
                        yield written.taken()
    yield written.taken()


class _Written(io.RawIOBase):
    """What was written to it since it was last taken; it can't be sought in, so archives are written in one go."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since."""
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)
