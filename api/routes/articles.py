"""Articles: the source documents, without their words."""

from typing import Any

import orjson
from flask import Response, request

from api.evidence.annotations import annotation
from api.http.contract import Blueprint
from api.http.responses import JSON_LD, finished, url_for
from api.queries.annotations import AnnotatedArticle, spans_of
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import takes_changes
from schemas.annotations import CONTEXT, PAGE_EXAMPLE, PAGE_LENGTH, AnnotationPageSchema
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


class AnnotationsQuery(QuerySchema):
    """The parameters of an article's annotations."""

    cursor = Paged().fields["cursor"]


@blueprint.read(
    "/articles/<id>/annotations",
    AnnotationPageSchema,
    AnnotationsQuery,
    example=PAGE_EXAMPLE,
    statuses=(404,),
    content_type=JSON_LD,
)
def list_article_annotations(query: dict[str, Any], id: str) -> Response:
    """List an article's evidence as Web Annotations.

    One W3C Web Annotation for each span of evidence, in JSON-LD, in the order of the text. Positions are Unicode code
    points, the end exclusive; JavaScript strings count UTF-16 units, so in JavaScript the span is
    `Array.from(text).slice(start, end).join("")`. Where the operator has attached the text, a span that may be quoted
    whole has its words too, with at most 32 code points on each side. The article's text is never served.
    """
    found = spans_of(id, query.get("cursor"), PAGE_LENGTH)
    following = found.next and url_for(request.path, {"cursor": found.next})
    page = _annotation_page(url_for(f"/v1/articles/{id}"), found, query.get("cursor"), following)
    return finished(orjson.dumps(page), content_type=JSON_LD, links={"next": following})


def _annotation_page(
    article: str, found: AnnotatedArticle, cursor: str | None, following: str | None
) -> dict[str, Any]:
    annotations = f"{article}/annotations"
    return {
        "@context": CONTEXT,
        "id": f"{annotations}?cursor={cursor}" if cursor else annotations,
        "type": "AnnotationPage",
        "partOf": {"id": f"{annotations}#all", "type": "AnnotationCollection", "total": found.total},
        "startIndex": found.before,
        "next": following,
        "items": [annotation(span, article, url_for("/v1/statements"), found.attached) for span in found.spans],
    }


takes_changes(blueprint, "articles")
