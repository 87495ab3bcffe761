"""What only articles have: their evidence as Web Annotations."""

from typing import Any

import orjson
from flask import Response, request

from api.evidence.annotations import annotation
from api.http.media_types import JSON_LD
from api.http.operations import Operation
from api.http.responses import finished, url_for
from api.queries.parts.annotations import AnnotatedArticle, spans_of
from api.routes.resources import TAGS
from schemas.answers.annotations import CONTEXT, PAGE_EXAMPLE, PAGE_LENGTH, AnnotationPageSchema
from schemas.parameters.collections import Paged
from schemas.parameters.query_schema import QuerySchema


class AnnotationsQuery(QuerySchema):
    """The parameters of an article's annotations."""

    cursor = Paged().fields["cursor"]


def list_article_annotations(query: dict[str, Any], id: str) -> Response:
    """List an article's evidence as Web Annotations.

    One W3C Web Annotation for each span of evidence, in JSON-LD, in the order of the text. Positions are Unicode code
    points, the end exclusive; JavaScript strings count UTF-16 units, so in JavaScript the span is
    `Array.from(text).slice(start, end).join("")`. Where the operator has attached the text, a span that may be quoted
    whole has its words too, with at most 32 code points on each side. The article's text is never served.
    """
    spans = spans_of(id, query.get("cursor"), PAGE_LENGTH)
    following = spans.next and url_for(request.path, {"cursor": spans.next})
    page = _annotation_page(url_for(f"/v1/articles/{id}"), spans, query.get("cursor"), following)
    return finished(orjson.dumps(page), content_type=JSON_LD, links={"next": following})


def _annotation_page(
    article: str, spans: AnnotatedArticle, cursor: str | None, following: str | None
) -> dict[str, Any]:
    annotations = f"{article}/annotations"
    return {
        "@context": CONTEXT,
        "id": f"{annotations}?cursor={cursor}" if cursor else annotations,
        "type": "AnnotationPage",
        "partOf": {"id": f"{annotations}#all", "type": "AnnotationCollection", "total": spans.total},
        "startIndex": spans.before,
        "next": following,
        "items": [annotation(span, article, url_for("/v1/statements"), spans.attached) for span in spans.spans],
    }


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/articles/<id>/annotations",
        view=list_article_annotations,
        tag=TAGS["articles"],
        query=AnnotationsQuery(),
        answer=AnnotationPageSchema,
        media_types=(JSON_LD,),
        statuses=(404,),
        example=PAGE_EXAMPLE,
    ),
)
