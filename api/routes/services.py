"""The service itself: where everything lives, whether it is well, its contract and the reference made from it."""

import orjson
from flask import Response

from api import __version__
from api.database.statements import rows
from api.http.contract import Blueprint
from api.http.responses import finished, url_for
from api.openapi import RECORDS
from schemas.envelopes import HealthSchema, ServiceSchema

blueprint = Blueprint("service", __name__, description="The service itself.")

WITH_STATEMENTS = ("speakers", "agreements", "communiques", "events", "places", "articles")

DESCRIPTION = "Official statements: who said what, when, on whose behalf, about which agreement, according to whom."

PATHS = {
    **{record_type: f"/v1/{record_type}" for record_type in RECORDS},
    **{f"{record_type}/{{id}}": f"/v1/{record_type}/{{id}}" for record_type in RECORDS},
    **{f"{record_type}/{{id}}/statements": f"/v1/{record_type}/{{id}}/statements" for record_type in WITH_STATEMENTS},
    **{f"{record_type}/{{id}}/history": f"/v1/{record_type}/{{id}}/history" for record_type in RECORDS},
    **{f"{record_type}/{{id}}/revisions/{{n}}": f"/v1/{record_type}/{{id}}/revisions/{{n}}" for record_type in RECORDS},
    "changes": "/v1/changes",
    "articles/{id}/annotations": "/v1/articles/{id}/annotations",
    "statements/facets": "/v1/statements/facets",
    "statements/export": "/v1/statements/export",
    "statements/timeline": "/v1/statements/timeline",
    "suggest": "/v1/suggest",
    "docs": "/docs",
    "openapi.json": "/openapi.json",
    "openapi.yaml": "/openapi.yaml",
    "health": "/health",
}


SERVICE_EXAMPLE = {
    "name": "Tasrih",
    "description": DESCRIPTION,
    "version": __version__,
    "links": {"statements": "http://127.0.0.1:8000/v1/statements", "docs": "http://127.0.0.1:8000/docs"},
}


@blueprint.read("/", ServiceSchema, example=SERVICE_EXAMPLE)
def get_service() -> Response:
    """Find everything from here.

    Every collection, sub-collection and document of the service by its URL.
    """
    links = {name: url_for(path) for name, path in PATHS.items()}
    about = {"name": "Tasrih", "description": DESCRIPTION, "version": __version__, "links": links}
    return finished(
        orjson.dumps(about), links={"service-doc": url_for("/docs"), "service-desc": url_for("/openapi.json")}
    )


@blueprint.read("/health", HealthSchema, example={"status": "ok"})
def get_health() -> Response:
    """Check that the service and its database answer.

    503 when the database does not.
    """
    rows("SELECT number FROM vocabulary LIMIT 1")
    response = finished(orjson.dumps({"status": "ok"}))
    response.headers["Cache-Control"] = "no-store"
    return response
