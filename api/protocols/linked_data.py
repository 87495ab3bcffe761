"""The context of JSON-LD, and addresses that end in `.jsonld` for whoever can't send Accept."""

from functools import cache, partial

import orjson
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from api.http.media_types import LINKED_DATA
from api.http.responses import finished, url_for
from api.linked_data.context import PATH, context
from api.linked_data.writing import EXPANSIONS
from schemas.fields import is_id

blueprint = Blueprint("linked-data", __name__)


@blueprint.get(PATH)
def get_context() -> Response:
    """The context, which gives the keys their meaning. It may be kept: whatever else changes, this does not."""
    response = finished(_context(), content_type=LINKED_DATA)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@cache
def _context() -> bytes:
    return orjson.dumps(context())


def redirect_to_jsonld(record_type: str, id: str) -> Response:
    """Redirect to a record in JSON-LD."""
    if not is_id(id):
        raise NotFound(f"'{id}' can't be the id of a record.")
    query = request.query_string.decode("latin-1")
    there = url_for(f"/v1/{record_type}/{id}") + "?format=jsonld" + (f"&{query}" if query else "")
    response = Response(b"", 302, {"Location": there})
    response.headers["Cache-Control"] = current_app.config["CACHE_CONTROL"]
    return response


for record_type in EXPANSIONS:
    blueprint.add_url_rule(
        f"/v1/{record_type}/<id>.jsonld", record_type, partial(redirect_to_jsonld, record_type), methods=["GET"]
    )
