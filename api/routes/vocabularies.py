"""Vocabularies: the closed lists that coded fields take their values from."""

from typing import Any

from flask import Response

from api.http.contract import Blueprint
from api.routes.reads import collection, record
from schemas.envelopes import page_of
from schemas.parameters import Paged, QuerySchema, VocabularyFilters, shaped, sorted_by
from schemas.vocabularies import VocabularySchema

blueprint = Blueprint(
    "vocabularies", __name__, url_prefix="/v1", description="The closed lists that coded fields take their values from."
)


class VocabularyQuery(QuerySchema.from_dict(shaped(VocabularySchema))):  # type: ignore[misc]
    """The parameters of one vocabulary."""


class VocabulariesQuery(VocabularyQuery, VocabularyFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/vocabularies", page_of(VocabularySchema), VocabulariesQuery, example="vocabularies")
def list_vocabularies(query: dict[str, Any]) -> Response:
    """List vocabularies.

    Every vocabulary with all its terms, by id: enough to build any menu.
    """
    return collection("vocabularies", query)


@blueprint.read("/vocabularies/<id>", VocabularySchema, VocabularyQuery, example="vocabularies", statuses=(404,))
def get_vocabulary(query: dict[str, Any], id: str) -> Response:
    """Get one vocabulary."""
    return record("vocabularies", id, query)
