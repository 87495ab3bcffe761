"""The operations on many records: lines of JSON and tables, which no schema of one document describes."""

from typing import Any

from api.bulk import csv, exporting
from api.openapi.examples import examples

Node = dict[str, Any]

IMPORT = "/v1/import"
EXPORT = "/v1/statements/export"
NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"


def _lines(said: str) -> Node:
    line = {"$ref": "#/components/schemas/Line"}
    return {"type": "string", "description": said, "contentMediaType": NDJSON, "contentSchema": line}


def import_body() -> Node:
    """What an import takes."""
    statement = exporting.lines("statements", [examples()["statements"]]).decode()
    said = "One `Line` in each line, as JSON; lines end with a line feed, and empty ones are passed over."
    return {"required": True, "content": {NDJSON: {"schema": _lines(said), "example": statement}}}


def import_answer(content: Node) -> Node:
    """What an import answers."""
    example = {"created": 1, "changed": 0, "unchanged": 0}
    return {
        "description": "All records are stored.",
        "headers": {"Cache-Control": {"$ref": "#/components/headers/No-Store"}},
        "content": {media_type: {**said, "example": example} for media_type, said in content.items()},
    }


def export_answer() -> Node:
    """What an export answers."""
    statement = examples()["statements"]
    table = csv.header() + csv.rows([statement], "http://127.0.0.1:8000")
    said = "A table (RFC 4180) with a row for each statement, after one with the names of the columns."
    return {
        "description": "All statements found, in chunks; one that breaks off is not whole.",
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"} for name in ("Cache-Control", "Content-Disposition")
        },
        "content": {
            NDJSON: {
                "schema": _lines("One `Line` in each line, as JSON."),
                "example": exporting.lines("statements", [statement]).decode(),
            },
            CSV: {"schema": {"type": "string", "description": said}, "example": table.decode()},
        },
    }
