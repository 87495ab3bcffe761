"""Communiques: the official texts statements stood in."""

from typing import Any

from flask import Response

from api.http.contract import Blueprint
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import takes_changes
from schemas.communiques import CommuniqueSchema
from schemas.envelopes import page_of
from schemas.parameters import CommuniqueFilters, Paged, QuerySchema, shaped, sorted_by
from schemas.statements import StatementSchema

blueprint = Blueprint("communiques", __name__, url_prefix="/v1", description="The official texts statements stood in.")


class CommuniqueQuery(QuerySchema.from_dict(shaped(CommuniqueSchema))):  # type: ignore[misc]
    """The parameters of one communique."""


class CommuniquesQuery(CommuniqueQuery, CommuniqueFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/communiques", page_of(CommuniqueSchema), CommuniquesQuery, example="communiques")
def list_communiques(query: dict[str, Any]) -> Response:
    """List communiques.

    Official texts, latest first.
    """
    return collection("communiques", query)


@blueprint.read("/communiques/<id>", CommuniqueSchema, CommuniqueQuery, example="communiques", statuses=(404,))
def get_communique(query: dict[str, Any], id: str) -> Response:
    """Get one communique."""
    return record("communiques", id, query)


class CommuniqueStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("communique",)


@blueprint.read(
    "/communiques/<id>/statements",
    page_of(StatementSchema),
    CommuniqueStatementsQuery,
    example="statements",
    statuses=(404,),
)
def list_communique_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements that stood in a communique.

    The same as `GET /v1/statements` with `communique`, and 404 when there is no such communique.
    """
    return collection("statements", {**query, "communique": [id]}, owner=("communiques", id))


takes_changes(blueprint, "communiques")
