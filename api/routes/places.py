"""Places, with the names each side gives them."""

from typing import Any

from flask import Response

from api.http.contract import Blueprint
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import takes_changes
from schemas.envelopes import page_of
from schemas.parameters import Paged, PlaceFilters, QuerySchema, shaped, sorted_by
from schemas.places import PlaceSchema
from schemas.statements import StatementSchema

blueprint = Blueprint("places", __name__, url_prefix="/v1", description="Places, with the names each side gives them.")


class PlaceQuery(QuerySchema.from_dict(shaped(PlaceSchema))):  # type: ignore[misc]
    """The parameters of one place."""


class PlacesQuery(PlaceQuery, PlaceFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/places", page_of(PlaceSchema), PlacesQuery, example="places")
def list_places(query: dict[str, Any]) -> Response:
    """List places.

    Countries, regions, cities, corridors, borders and venues, by id.
    """
    return collection("places", query)


@blueprint.read("/places/<id>", PlaceSchema, PlaceQuery, example="places", statuses=(404,))
def get_place(query: dict[str, Any], id: str) -> Response:
    """Get one place."""
    return record("places", id, query)


class PlaceStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("place",)


@blueprint.read(
    "/places/<id>/statements", page_of(StatementSchema), PlaceStatementsQuery, example="statements", statuses=(404,)
)
def list_place_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements that speak of a place.

    The same as `GET /v1/statements` with `place`, and 404 when there is no such place.
    """
    return collection("statements", {**query, "place": [id]}, owner=("places", id))


takes_changes(blueprint, "places")
