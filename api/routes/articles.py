"""Articles: the source documents, without their words."""

from typing import Any

from flask import Response

from api.contract import Blueprint
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from schemas.articles import ArticleSchema
from schemas.envelopes import page_of
from schemas.parameters import ArticleFilters, Paged, QuerySchema, shaped, sorted_by
from schemas.statements import StatementSchema

blueprint = Blueprint("articles", __name__, url_prefix="/v1", description="The source documents, without their words.")


class ArticleQuery(QuerySchema.from_dict(shaped(ArticleSchema))):  # type: ignore[misc]
    """The parameters of one article."""


class ArticlesQuery(ArticleQuery, ArticleFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/articles", page_of(ArticleSchema), ArticlesQuery, example="articles")
def list_articles(query: dict[str, Any]) -> Response:
    """List articles.

    Source articles, latest first. Their texts are not served.
    """
    return collection("articles", query)


@blueprint.read("/articles/<id>", ArticleSchema, ArticleQuery, example="articles", statuses=(404,))
def get_article(query: dict[str, Any], id: str) -> Response:
    """Get one article."""
    return record("articles", id, query)


class ArticleStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("article",)


@blueprint.read(
    "/articles/<id>/statements", page_of(StatementSchema), ArticleStatementsQuery, example="statements", statuses=(404,)
)
def list_article_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements an article carries.

    The same as `GET /v1/statements` with `article`, and 404 when there is no such article.
    """
    return collection("statements", {**query, "article": [id]}, owner=("articles", id))
