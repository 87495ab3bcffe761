"""Agreements: what statements refer to."""

from typing import Any

from flask import Response

from api.http.contract import Blueprint
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import takes_changes
from schemas.agreements import AgreementSchema
from schemas.envelopes import page_of
from schemas.parameters import AgreementFilters, Paged, QuerySchema, shaped, sorted_by
from schemas.statements import StatementSchema

blueprint = Blueprint("agreements", __name__, url_prefix="/v1", description="What statements refer to.")


class AgreementQuery(QuerySchema.from_dict(shaped(AgreementSchema))):  # type: ignore[misc]
    """The parameters of one agreement."""


class AgreementsQuery(AgreementQuery, AgreementFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/agreements", page_of(AgreementSchema), AgreementsQuery, example="agreements")
def list_agreements(query: dict[str, Any]) -> Response:
    """List agreements.

    Agreements with their milestones, parties, signatories, provisions and relations, latest first.
    """
    return collection("agreements", query)


@blueprint.read("/agreements/<id>", AgreementSchema, AgreementQuery, example="agreements", statuses=(404,))
def get_agreement(query: dict[str, Any], id: str) -> Response:
    """Get one agreement."""
    return record("agreements", id, query)


class AgreementStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("agreement",)


@blueprint.read(
    "/agreements/<id>/statements",
    page_of(StatementSchema),
    AgreementStatementsQuery,
    example="statements",
    statuses=(404,),
)
def list_agreement_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements that refer to an agreement.

    The same as `GET /v1/statements` with `agreement`, and 404 when there is no such agreement.
    """
    return collection("statements", {**query, "agreement": [id]}, owner=("agreements", id))


takes_changes(blueprint, "agreements")
