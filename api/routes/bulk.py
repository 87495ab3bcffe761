"""Many records at once: importing lines of them, exporting statements, and everything as tables."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import orjson
from flask import Response, current_app, request
from marshmallow import fields, validate

from api.bulk import csv, exporting, packaging
from api.bulk.importing import import_lines
from api.errors import TooManyExports
from api.http.authorization import current_author
from api.http.media_types import CSV, JSON, NDJSON, ZIP
from api.http.negotiation import preferred
from api.http.operations import Operation, Tag
from api.http.preconditions import only_creates
from api.http.request_bodies import spooled_body
from api.http.responses import url_for
from api.queries.query import Query
from api.representations.compression import compressed_pieces, is_accepted
from schemas.answers.bulk import ImportOutcomeSchema, LineSchema
from schemas.parameters.filters import StatementFilters

TAG = Tag("bulk", "Many records at once.")

TYPES = {"ndjson": NDJSON, "csv": CSV}
ACCEPTED_AS = {"ndjson": (NDJSON, JSON), "csv": (CSV,)}
"""The types by which a client asks for each format in Accept: lines of JSON pass for JSON."""


class ExportQuery(StatementFilters):
    """The parameters of the export."""

    format = fields.String(
        validate=validate.OneOf(list(TYPES)),
        metadata={
            "description": "`ndjson`: a record in each line, as imports take them; `csv`: a table of the statements. Without"
            " it `Accept` chooses: `ndjson` unless that prefers a table.",
            "example": "ndjson",
        },
    )
    delimiter = fields.String(
        validate=validate.OneOf(list(csv.DELIMITERS)),
        metadata={
            "description": "What stands between the cells of a table: `comma` unless given; Excel wants `semicolon` where decimals have a comma.",
            "example": "semicolon",
        },
    )

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others."""
        yield from super().contradictions(query, values)
        if "delimiter" in values and query.get("format") == "ndjson":
            yield "delimiter", "Is of tables: ask for format=csv."


def import_records() -> Response:
    """Import records of any record type.

    One record in each line, in any order: references may point forward. All are stored or none. A record replaces the one
    with its id, whatever version that has; the same content again changes nothing. With `If-None-Match: *` nothing is replaced.
    """
    must_be_new = only_creates()
    body = spooled_body()
    longest: int = current_app.config["LONGEST_BODY"]
    outcome = import_lines(body.file, current_author(), longest, body.length, must_be_new=must_be_new)
    counts = {"created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged}
    response = Response(orjson.dumps(counts), 200, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def export_statements(query: dict[str, Any]) -> Response:
    """Export statements.

    All that the filters of `GET /v1/statements` find, in the order of their ids, as they all were at one moment. An answer
    that breaks off is not whole: it comes in chunks and ends with the last of them.
    """
    named, delimiter = query.pop("format", None), query.pop("delimiter", None)
    wanted = named or ("csv" if delimiter else preferred(ACCEPTED_AS))
    response = Response(content_type=TYPES[wanted])
    response.vary.add("Accept-Encoding")
    if named is None and delimiter is None:
        response.vary.add("Accept")
    is_compressed = is_accepted(request.environ.get("HTTP_ACCEPT_ENCODING"))
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = f'attachment; filename="statements.{wanted}"'
    response.headers["Cache-Control"] = current_app.config["CACHE_CONTROL"]
    response.automatically_set_content_length = False
    if request.method != "HEAD":
        pieces = _Pieces(_of_statements(wanted, query, delimiter or "comma"))
        response.response = compressed_pieces(pieces) if is_compressed else pieces
        response.call_on_close(pieces.close)
    return response


def export_data_package() -> Response:
    """Export everything as tables.

    A Frictionless data package (datapackage.org) in a ZIP archive: CSV files with keys, and `datapackage.json`, which says what they
    hold. All records as they were at one moment. An archive that breaks off is not whole: it ends with its directory.
    """
    response = Response(content_type=ZIP)
    response.headers["Content-Disposition"] = 'attachment; filename="tasrih.zip"'
    response.headers["Cache-Control"] = current_app.config["CACHE_CONTROL"]
    response.automatically_set_content_length = False
    if request.method != "HEAD":
        pieces = _Pieces(packaging.zipped)
        response.response = pieces
        response.call_on_close(pieces.close)
    return response


def _of_statements(wanted: str, query: dict[str, Any], delimiter: str) -> Callable[[exporting.Export], Iterator[bytes]]:
    base = url_for("")

    def read(moment: exporting.Export) -> Iterator[bytes]:
        batches = moment.documents("statements", moment.with_known_ids("statements", Query.of(query)))
        return _csv(batches, base, delimiter) if wanted == "csv" else _ndjson(batches)

    return read


class _Pieces:
    """The pieces of an export. The first is made at once, so that what goes wrong by then is answered with a problem."""

    def __init__(self, read: Callable[[exporting.Export], Iterator[bytes]]) -> None:
        self._held = ExitStack()
        places = current_app.extensions["exports"]
        if not places.acquire(blocking=False):
            raise TooManyExports
        self._held.callback(places.release)
        try:
            moment = self._held.enter_context(exporting.one_moment(current_app.config["DATABASE_URL"]))
            self._rest = read(moment)
            self._first: bytes | None = next(self._rest, b"")
        except BaseException:
            self._held.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """The next piece."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            return next(self._rest)
        except BaseException:  # also at the end: nothing is held while the last piece is on its way
            self.close()
            raise

    def close(self) -> None:
        """Give everything back, whether all was read or not."""
        self._held.close()


def _ndjson(batches: Iterator[list[bytes]]) -> Iterator[bytes]:
    for documents in batches:
        yield exporting.lines("statements", documents)


def _csv(batches: Iterator[list[bytes]], base: str, delimiter: str) -> Iterator[bytes]:
    yield csv.header(delimiter)
    for documents in batches:
        yield csv.rows(map(orjson.loads, documents), base, delimiter)


OPERATIONS = (
    Operation(
        method="POST",
        rule="/v1/import",
        view=import_records,
        tag=TAG,
        answer=ImportOutcomeSchema,
        statuses=(400, 401, 403, 409, 412, 413, 415, 422),
        scope="import",
        body="Line",
        digest=lambda: spooled_body().digest,
    ),
    Operation(
        method="GET",
        rule="/v1/statements/export",
        view=export_statements,
        tag=TAG,
        query=ExportQuery(),
        answer=LineSchema,
        media_types=(NDJSON, CSV),
    ),
    Operation(
        method="GET",
        rule="/v1/datapackage",
        view=export_data_package,
        tag=TAG,
        media_types=(ZIP,),
    ),
)
