"""How a route is declared, validated and described: flask-smorest, bent where this API asks for more.

A route names its query schema and its answer; from that come the validation of the query, with every mistake named, and
the operation in the OpenAPI document. The document is finished in `api.openapi`.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from functools import wraps
from typing import Any
from urllib.parse import unquote_to_bytes

import flask_smorest
from flask import Flask, Response, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from api import problems
from api.failures import InvalidParameters, Mistake, NoSuchRecord
from api.negotiation import require_acceptable
from api.representations import JSON
from api.search.query import QuerySyntaxError, parse
from schemas.fields import ID_LENGTH, ID_PATTERN, Slug
from schemas.parameters import QuerySchema, Searched
from schemas.problems import ProblemSchema

View = Callable[..., Response]

_ID_FIELD = Slug()
LONGEST_URI = 8000  # bytes of path and query (RFC 9110, 4.1 asks for at least 8000)


class Api(flask_smorest.Api):
    """The contract of the application: problems in place of flask-smorest's own errors."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation lists what it can answer

    def _register_error_handlers(self) -> None:
        problems.register(self._app)


class Blueprint(flask_smorest.Blueprint):
    """Routes of one noun."""

    def read(
        self,
        rule: str,
        answer: type[Schema],
        query: type[Schema] = QuerySchema,
        example: Any = None,
        statuses: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        """Declare a GET. The view is given the validated query first (when it has parameters), then what the path names.

        Its name is the operationId, its docstring the summary and description. `example` is the example answer or
        the name of a noun whose corpus record makes one.
        """
        schema = query()

        def declare(view: View) -> View:
            described = self.response(200, answer)(self._with_parameters(_checked(view, schema), schema))
            described._apidoc["manual_doc"] = {
                "operationId": view.__name__,
                "x-example": example,
                "x-statuses": list(statuses),
            }
            parameters = [_id_parameter(rule)] if "<id>" in rule else None
            self.route(rule, endpoint=view.__name__, parameters=parameters)(described)
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


def _checked(view: View, schema: Schema) -> View:
    """A view that is only run for a request it can answer."""

    @wraps(view)
    def checked(**path: str) -> Response:
        require_acceptable(JSON)
        if "id" in path:
            require_id(path["id"])
        query = _parsed(schema, request.args)
        return view(query, **path) if schema.fields else view(**path)

    return checked


def _id_parameter(rule: str) -> dict[str, Any]:
    noun = rule.strip("/").split("/")[0]
    schema = {"type": "string", "pattern": ID_PATTERN, "maxLength": ID_LENGTH}
    return {"in": "path", "name": "id", "required": True, "schema": schema, "x-noun": noun}


def require_id(record_id: str) -> None:
    """Raise NoSuchRecord for what can't be an id, before it gets near the database."""
    try:
        _ID_FIELD.deserialize(record_id)
    except ValidationError:
        raise NoSuchRecord(record_id) from None


def _parsed(schema: Schema, arguments: MultiDict[str, str]) -> Any:
    """The query as the schema understands it; raise InvalidParameters with every mistake."""
    known = schema.fields
    mistakes = [Mistake(name, _unknown(name, known)) for name in arguments if name not in known]
    mistakes += [
        Mistake(name, "Is not UTF-8; percent-encode it as such.") for name in _undecodable(request.query_string)
    ]
    raw: dict[str, Any] = {}
    for name, field in known.items():
        values = arguments.getlist(name)
        if len(values) > 1 and not _repeatable(field):
            mistakes.append(Mistake(name, f"Is given {len(values)} times, but takes one value."))
        elif values:
            raw[name] = values if _repeatable(field) else values[0]
    loaded, wrong = _loaded(schema, raw)
    mistakes += [Mistake(name, detail) for name, messages in wrong.items() for detail in _sentences(messages)]
    if "q" in raw and "q" not in wrong and isinstance(schema, Searched):
        mistakes += _unsearchable(raw["q"])
    if mistakes:
        raise InvalidParameters(mistakes)
    return loaded


def _loaded(schema: Schema, raw: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    try:
        return schema.load(raw), {}
    except ValidationError as error:
        return {}, error.normalized_messages()  # type: ignore[no-untyped-call]


def _unsearchable(q: str) -> list[Mistake]:
    try:
        parse(q)
    except QuerySyntaxError as error:
        return [Mistake("q", str(error))]
    return []


def _undecodable(query: bytes) -> list[str]:
    """The parameters whose values are not UTF-8, as of a client that writes in windows-1256."""
    found = []
    for pair in query.split(b"&") if b"%" in query else ():
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            found.append(unquote_to_bytes(name).decode(errors="replace"))
    return found


def _repeatable(field: fields.Field[Any]) -> bool:
    return isinstance(field, fields.List)


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    if not known:
        return "Is not a parameter of this address, which takes none."
    close = get_close_matches(name[:100].lower(), known, n=1, cutoff=0.75)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"Is not a parameter of this address.{hint} Those are {', '.join(known)}."


def _sentences(messages: Any) -> list[str]:
    """Marshmallow's messages of one parameter, without the positions of repeated values, each once."""
    if isinstance(messages, Mapping):
        found = [sentence for inner in messages.values() for sentence in _sentences(inner)]
    else:
        found = [str(message) for message in messages]
    return list(dict.fromkeys(found))


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
