"""How a route is declared, validated and described: flask-smorest, bent where this API asks for more.

A route names its query schema and its answer; from that come the validation of the query, with every issue named, and
the operation in the OpenAPI document. The document is finished in `api.openapi`.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, Response, request
from marshmallow import Schema
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter

from api.changelog.tombstones import fate, was_ever
from api.errors import NoSuchRecord, NoSuchRevision
from api.http import problems
from api.http.idempotency import replayed
from api.http.negotiation import require_acceptable
from api.http.query_strings import understood
from api.http.request_bodies import raw_body
from api.http.responses import JSON
from schemas.changes import REVISION_PATTERN
from schemas.fields import ID_LENGTH, ID_PATTERN, is_id
from schemas.parameters import QuerySchema
from schemas.problems import ProblemSchema
from schemas.statements import TAKEN_IDS

View = Callable[..., Response]

LONGEST_URI = 8000  # bytes of path and query (RFC 9110, 4.1 asks for at least 8000)


class StatementId(BaseConverter):
    """The id of a statement in an address: anything but what is an address of its own."""

    regex = rf"(?!(?:{'|'.join(TAKEN_IDS)})\Z)[^/]+"
    part_isolating = True


class Api(flask_smorest.Api):
    """The contract of the application: problems in place of flask-smorest's own errors."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation lists what it can answer

    def init_app(self, app: Flask, **options: Any) -> None:
        """Make the contract that of an application."""
        app.url_map.converters["statement"] = StatementId
        self._undescribed: list[Blueprint] = []
        self._describing = Lock()
        super().init_app(app, **options)

    def register_blueprint(self, blueprint: "Blueprint", **options: Any) -> None:
        """Serve the routes of a blueprint. To describe them takes three times as long: that waits until somebody asks."""
        self._app.register_blueprint(blueprint, **options)
        self._undescribed.append(blueprint)

    def describe(self) -> None:
        """Describe the routes that are served."""
        with self._describing:
            while self._undescribed:
                blueprint = self._undescribed.pop(0)
                blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
                self.spec.tag({"name": blueprint.name, "description": blueprint.description})

    def _register_error_handlers(self) -> None:
        problems.register(self._app)


class Blueprint(flask_smorest.Blueprint):
    """Routes of one record type."""

    def read(
        self,
        rule: str,
        answer: type[Schema],
        query: type[QuerySchema] = QuerySchema,
        example: Any = None,
        statuses: tuple[int, ...] = (),
        content_type: str = JSON,
        also: tuple[str, ...] = (),
    ) -> Callable[[View], View]:
        """Declare a GET. The view is given the validated query first (when it has parameters), then what the path names.

        Its name is the operationId, its docstring the summary and description. `example` is the example answer or
        the name of a record type whose corpus record makes one. `also` are further types that it can be asked to answer in.
        """
        schema = query()

        def declare(view: View) -> View:
            checked = _checked(view, schema, (content_type, *also), _record_type(rule) if "<id>" in rule else None)
            # flask-smorest only describes; what it would wrap around the view has no part in answering.
            described = self.response(200, answer, content_type=content_type)(self._with_parameters(checked, schema))
            checked._apidoc = {  # type: ignore[attr-defined]
                **described._apidoc,
                "manual_doc": {
                    "operationId": view.__name__,
                    "x-example": example,
                    "x-statuses": _possible(statuses, schema),
                },
            }
            self.route(rule, endpoint=view.__name__, parameters=_path_parameters(rule))(checked)
            return view

        return declare

    def write(
        self,
        rule: str,
        method: str,
        answer: type[Schema] | None,
        statuses: tuple[int, ...],
        success: int,
        body: str | None,
        scope: str = "write",
        digest: Callable[[], bytes] = lambda: raw_body(JSON),
    ) -> Callable[[View], View]:
        """Declare a change. The view is given what the path names; the body and the conditions it reads itself.

        `body` names the component that describes the body, `answer` the record that is sent back with `success`. Who
        makes the request was asked before for a token with `scope`. `digest` gives what a POST is recognised by when it
        is sent again: its body, or less of it.
        """

        def declare(view: View) -> View:
            types = () if answer is None else (JSON,)
            recognised = replayed(view, digest) if method == "POST" else view
            writing = _writing(recognised, types, makes_id=method == "PUT")
            described = self.response(success, answer)(writing) if answer else self.response(success)(writing)
            writing._apidoc = {  # type: ignore[attr-defined]
                **described._apidoc,
                "manual_doc": {
                    "operationId": view.__name__,
                    "x-statuses": list(statuses),
                    "x-body": body,
                    "x-scope": scope,
                },
            }
            writing.scope = scope  # type: ignore[attr-defined]
            free = rule.replace("/statements/<id>", "/statements/<statement:id>")
            self.route(free, endpoint=view.__name__, methods=[method], parameters=_path_parameters(rule))(writing)
            return view

        return declare

    @staticmethod
    def _with_parameters(view: View, schema: Schema) -> View:
        # What `Blueprint.arguments` notes for the description, without its parser: that one ignores what it doesn't
        # know and keeps the first of two values.
        if schema.fields:
            documented = deepcopy(getattr(view, "_apidoc", {}))
            documented["arguments"] = {"parameters": [{"in": "query", "required": False, "schema": schema}]}
            view._apidoc = documented  # type: ignore[attr-defined]
        return view


def _checked(view: View, schema: QuerySchema, types: tuple[str, ...], record_type: str | None) -> View:
    """A view that is only run for a request it can answer; `record_type` is that of the id in its path."""

    takes_parameters = bool(schema.fields)

    @wraps(view)
    def checked(**path: str) -> Response:
        require_acceptable(*types, kinds=(JSON,))
        if "id" in path:
            require_id(path["id"])
        query = understood(schema, request.query_string)
        try:
            return view(query, **path) if takes_parameters else view(**path)
        except NoSuchRecord as missing:
            raise _fate(missing, record_type) from None

    return checked


def _fate(missing: NoSuchRecord, record_type: str | None) -> NoSuchRecord:
    """Why what was sought is missing: only those who miss it pay for the answer."""
    if record_type is not None and type(missing) is NoSuchRecord:
        return fate(record_type, str(missing))
    if record_type is not None and type(missing) is NoSuchRevision and not was_ever(record_type, missing.record_id):
        return NoSuchRecord(missing.record_id)
    return missing


def _writing(view: View, types: tuple[str, ...], makes_id: bool) -> View:
    """A view that changes something, run only for a request it can answer, whose failures are told as problems.

    `types` are those it answers in: none when its answer has no body. Where it makes a record of the id in its path,
    what is wrong with that id it tells with all that is wrong otherwise.
    """

    @wraps(view)
    def writing(**path: str) -> Response:
        if types:
            require_acceptable(*types)
        if request.method == "PUT" and "Content-Range" in request.headers:
            raise BadRequest(PART)
        if "id" in path and not makes_id:
            require_id(path["id"])
        understood(_NO_PARAMETERS, request.query_string)
        return view(**path)

    return writing


PART = "A PUT replaces the whole record, so it takes no Content-Range (RFC 9110, 14.5). To change some of it use PATCH."

_NO_PARAMETERS = QuerySchema()


def _record_type(rule: str) -> str:
    return rule.strip("/").split("/")[0]


def _possible(statuses: tuple[int, ...], schema: QuerySchema) -> list[int]:
    """What a view can answer: one that tells of earlier moments, also that one is still to come or no longer kept."""
    return sorted({*statuses, *((400, 410) if "as_of" in schema.fields else ())})


def _path_parameters(rule: str) -> list[dict[str, Any]] | None:
    schema = {"type": "string", "pattern": ID_PATTERN, "maxLength": ID_LENGTH}
    of_id = {"in": "path", "name": "id", "required": True, "schema": schema, "x-record_type": _record_type(rule)}
    found = [of_id] if "<id>" in rule else []
    return [*found, _REVISION_PARAMETER] if "<n>" in rule else found or None


_REVISION_PARAMETER: dict[str, Any] = {
    "in": "path",
    "name": "n",
    "required": True,
    "description": "The number of a revision, from 1 on.",
    "schema": {"type": "string", "pattern": REVISION_PATTERN},
    "example": "1",
}


def require_id(record_id: str) -> None:
    """Raise NoSuchRecord for what can't be an id, before it gets near the database."""
    if not is_id(record_id):
        raise NoSuchRecord(record_id)


def refuse_unusable_requests(app: Flask) -> None:
    """Answer 414 to addresses longer than any this API makes, 400 to a Host that no link can be made of."""

    @app.before_request
    def _check() -> Response | None:
        environ = request.environ
        length = len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", ""))
        if length > LONGEST_URI:
            said = f"The address has {length} characters; at most {LONGEST_URI} are read. Ask for less at a time."
            return problems.answer(problems.URI_TOO_LONG, said)
        if not request.host:
            return problems.answer(problems.BAD_REQUEST, "The Host header is not the name of a host.")
        return None
