"""The operations of the API, each declared once: routing, validation, authorization and the contract read the same list.

A declaration is plain data. `add_operations` makes Flask rules of it, `api.openapi` the document.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc
from typing import Any, NamedTuple

from flask import Flask, Response, request
from flask.globals import request_ctx
from marshmallow import Schema
from werkzeug.exceptions import BadRequest

from api.changelog.tombstones import was_ever, why_missing
from api.errors import MergedAway, NoSuchRecord, NoSuchRevision
from api.http.addresses import StatementId, require_id
from api.http.idempotency import replayed
from api.http.media_types import JSON
from api.http.negotiation import is_page_wanted, require_acceptable
from api.http.query_strings import parse_query
from api.http.request_bodies import raw_body
from api.http.request_notes import FOR_BROWSER
from api.http.responses import Finished, moved_permanently
from schemas.parameters.query_schema import QuerySchema

View = Callable[..., Response]

PARTIAL_PUT = (
    "A PUT replaces the whole record, so it takes no Content-Range (RFC 9110, 14.5). To change some of it use PATCH."
)


class Tag(NamedTuple):
    """A group of operations in the contract."""

    name: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one address: what routing, validation and the contract need to know about it.

    `rule` names what varies as Flask does (`/v1/speakers/<id>`). The view of a GET gets the validated query first, when
    the operation takes parameters, then what the path names; that of a change reads body and conditions itself. `text` is
    the summary and, after an empty line, the description; the view's docstring unless given, as `id` is its name.
    `answer` describes the body sent back with `success`, in the first of `media_types` unless the client prefers another.
    `statuses` are those of the problems beside the ones that every operation can answer. `body` names the component that
    describes the body, `stores` says whether a POST leaves anything behind (one that does not may be sent by whoever may
    read), and `digest` gives the bytes by which a POST is recognised when it is sent again. `example` is the
    example answer, or the name of a record type whose record from the corpus makes one.
    """

    method: str
    rule: str
    view: View
    tag: Tag
    id: str = ""
    text: str = ""
    query: QuerySchema = field(default_factory=QuerySchema)
    answer: type[Schema] | None = None
    success: int = 200
    media_types: tuple[str, ...] = (JSON,)
    statuses: tuple[int, ...] = ()
    scope: str = "write"
    body: str | None = None
    stores: bool = True
    digest: Callable[[], bytes] = lambda: raw_body(JSON)
    example: Any = None

    @cached_property
    def operation_id(self) -> str:
        """The name by which generated clients call it."""
        return self.id or str(self.view.__name__)

    @cached_property
    def summary_and_description(self) -> tuple[str, str]:
        """The summary, without its full stop, and the description, empty when the summary says all."""
        summary, _, description = cleandoc(self.text or self.view.__doc__ or "").partition("\n\n")
        return summary.removesuffix("."), description

    @property
    def path(self) -> str:
        """The path as OpenAPI writes it."""
        return self.rule.replace("<", "{").replace(">", "}")

    @property
    def record_type(self) -> str | None:
        """The record type of the id in its path, None without one."""
        return self.rule.split("/")[2] if "<id>" in self.rule else None

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET"


def add_operations(app: Flask, operations: Iterable[Operation]) -> None:
    """Serve these operations, each as an endpoint of its own id."""
    app.url_map.converters["statement"] = StatementId
    by_id = {operation.operation_id: operation for operation in operations}
    app.extensions.setdefault("operations", {}).update(by_id)
    for name, operation in by_id.items():
        view = _reading(operation) if operation.reads else _changing(operation)
        app.add_url_rule(_rule(operation), name, view, methods=[operation.method])


def operations_of(app: Flask) -> Mapping[str, Operation]:
    """The operations that an application serves, by id."""
    operations: Mapping[str, Operation] = app.extensions["operations"]
    return operations


def _rule(operation: Operation) -> str:
    """The rule for Flask's routing: no statement that is changed has an id that is an address of its own."""
    if operation.reads:
        return operation.rule
    return operation.rule.replace("/statements/<id>", "/statements/<statement:id>")


def _reading(operation: Operation) -> View:
    """The view of a GET, run only for a request that it can answer."""
    view, schema, record_type = operation.view, operation.query, operation.record_type
    takes_parameters = bool(schema.fields)

    def read(**path: str) -> Response:
        current = request_ctx.request
        if "HTTP_ACCEPT" in current.environ and is_page_wanted(operation.media_types[0]):
            current.environ[FOR_BROWSER] = True
        else:
            require_acceptable(*operation.media_types, broader=(JSON,))
        if "id" in path:
            require_id(path["id"])
        query = parse_query(schema, current.query_string)
        try:
            response = view(query, **path) if takes_parameters else view(**path)
        except NoSuchRecord as missing:
            return _missing(missing, record_type)
        response.direct_passthrough = isinstance(response, Finished)  # so that finished bytes are not gone through
        return response

    return read


def _missing(error: NoSuchRecord, record_type: str | None) -> Response:
    """Redirect to the record that one was merged into; raise why any other is missing, which only those who miss it pay for."""
    if record_type is not None and type(error) is NoSuchRecord:
        error = why_missing(record_type, str(error))
    elif record_type is not None and type(error) is NoSuchRevision and not was_ever(record_type, error.record_id):
        error = NoSuchRecord(error.record_id)
    if isinstance(error, MergedAway):
        return moved_permanently(error)
    raise error from None


def _changing(operation: Operation) -> View:
    """The view of a change, run only for a request that it can answer.

    A PUT may create the record of the id in its path, so it reports what is wrong with that id with all that is wrong
    with the body.
    """
    is_kept = operation.method == "POST" and operation.stores
    view = replayed(operation.view, operation.digest) if is_kept else operation.view
    takes_parameters = not operation.stores and bool(operation.query.fields)

    def change(**path: str) -> Response:
        if operation.answer:
            require_acceptable(*operation.media_types)
        if operation.method == "PUT" and "Content-Range" in request.headers:
            raise BadRequest(PARTIAL_PUT)
        if operation.method != "PUT" and "id" in path:
            require_id(path["id"])
        query = parse_query(operation.query, request.query_string)
        return view(query, **path) if takes_parameters else view(**path)

    return change
