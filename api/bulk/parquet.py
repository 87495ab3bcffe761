"""Tables as Parquet files, for programs that read columns. Needs the extra `parquet`: nothing else may import this module."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from api.bulk.exporting import Export
from api.bulk.packaging import Row, rows_of
from api.bulk.tables import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TABLES, Table

_TYPES = {
    STRING: pa.string(),
    INTEGER: pa.int64(),
    NUMBER: pa.float64(),
    BOOLEAN: pa.bool_(),
    DATE: pa.date32(),
}


def write(export: Export, folder: Path) -> None:
    """Write a file for each table into a folder; each batch of records becomes a row group."""
    for table in TABLES:
        schema = _schema(table)
        with parquet.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as writer:
            for rows in _batches(rows_of(table, export)):
                writer.write_table(pa.Table.from_arrays(list(_columns(table, rows)), schema=schema))


_ROWS = 20_000  # of a row group: small ones cost readers time, large ones cost memory here


def _batches(batches: Iterable[list[Row]]) -> Iterator[list[Row]]:
    gathered: list[Row] = []
    for rows in batches:
        gathered += rows
        if len(gathered) >= _ROWS:
            yield gathered
            gathered = []
    yield gathered


def _schema(table: Table) -> Any:
    fields = [pa.field(column.name, _TYPES[column.type], nullable=not column.required) for column in table.columns]
    return pa.schema(fields, metadata={"description": table.description})


def _columns(table: Table, rows: list[Row]) -> Iterator[Any]:
    for position, column in enumerate(table.columns):
        values = (row[position] for row in rows)
        if column.type == DATE:
            values = (value and date.fromisoformat(value) for value in values)
        yield pa.array(list(values), _TYPES[column.type])
