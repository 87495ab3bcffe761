"""The service itself: where everything lives, and whether it is well."""

import orjson
from flask import Response, current_app

from api import __version__
from api.http.operations import Operation, Tag, operations_of
from api.http.responses import finished, url_for
from api.migrations.versions import refuse_newer_while_serving, require_current_while_serving
from schemas.answers.envelopes import HealthSchema, ServiceSchema

TAG = Tag("service", "The service itself.")
DESCRIPTION = "Official statements: who said what, when, on whose behalf, about which agreement, according to whom."
DOCUMENTATION = ("/docs", "/llms.txt", "/openapi.json", "/openapi.yaml")

SERVICE_EXAMPLE = {
    "name": "Tasrih",
    "description": DESCRIPTION,
    "version": __version__,
    "links": {"statements": "http://127.0.0.1:8000/v1/statements", "docs": "http://127.0.0.1:8000/docs"},
}


def get_service() -> Response:
    """Find everything from here.

    Every collection, sub-collection and document of the service by its URL.
    """
    readable = [operation.path for operation in operations_of(current_app).values() if operation.reads]
    links = {_name(path): url_for(path) for path in (*readable, *DOCUMENTATION) if path != "/"}
    about = {"name": "Tasrih", "description": DESCRIPTION, "version": __version__, "links": links}
    return finished(
        orjson.dumps(about), links={"service-doc": url_for("/docs"), "service-desc": url_for("/openapi.json")}
    )


def _name(path: str) -> str:
    """The name of a link: `statements`, `speakers/{id}`, `docs`."""
    return path.removeprefix("/v1").removeprefix("/")


def get_health() -> Response:
    """Check that the service and its database answer.

    503 when the database does not, or is of a newer version than the service.
    """
    refuse_newer_while_serving()
    return _well()


def get_liveness() -> Response:
    """Check that the process answers.

    It does not ask the database: a process that can't reach it would not be helped by a restart.
    """
    return _well()


def get_readiness() -> Response:
    """Check that requests can be answered.

    503 when the database does not answer, or is of another version than the service.
    """
    require_current_while_serving()
    return _well()


def _well() -> Response:
    response = finished(orjson.dumps({"status": "ok"}))
    response.headers["Cache-Control"] = "no-store"
    return response


OPERATIONS = (
    Operation(method="GET", rule="/", view=get_service, tag=TAG, answer=ServiceSchema, example=SERVICE_EXAMPLE),
    Operation(method="GET", rule="/health", view=get_health, tag=TAG, answer=HealthSchema, example={"status": "ok"}),
    Operation(method="GET", rule="/livez", view=get_liveness, tag=TAG, answer=HealthSchema, example={"status": "ok"}),
    Operation(method="GET", rule="/readyz", view=get_readiness, tag=TAG, answer=HealthSchema, example={"status": "ok"}),
)
