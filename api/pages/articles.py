"""An article: who published it, and its passages in the order of its text, each with what it carries.

The words are shown only where the operator has attached the text, and only as far as it may be quoted; else the positions.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup

from api.pages.frame.drawings import Stretch, strip
from api.pages.frame.elements import Elements, named
from api.pages.frame.entries import statements
from api.pages.frame.site import Content, PageQuery, Request, formats, page, with_parameters
from api.queries import reading
from api.queries.parts.annotations import spans_of
from schemas.parameters.collections import LARGEST_LIMIT, Paged

Document = dict[str, Any]

ON_A_PAGE = 50  # passages


class ArticleQuery(PageQuery):
    """The parameters of an article's page."""

    cursor = Paged().fields["cursor"]


class Passage(NamedTuple):
    """A span of the text: its position, the summary and the document of the statement it carries, and its words if shown."""

    start: int
    end: int
    id: str
    summary: Mapping[str, str]
    statement: Document | None
    evidence: Document | None
    drawing: Markup


@page("/articles/<id>", ArticleQuery)
def article(asked: Request, id: str) -> Content:
    """One article."""
    h, cursor = asked.elements, asked.query.get("cursor")
    document = orjson.loads(reading.item("articles", id).document)
    spans = spans_of(id, cursor, ON_A_PAGE)
    carried = {each["id"]: each for each in statements({"article": (id,)}, LARGEST_LIMIT, "id").documents}
    passages = [
        _passage(span.start, span.end, span.statement, span.summary, carried.get(span.statement), document, h)
        for span in spans.spans
    ]
    stretches = [Stretch(*_extent(each.start, each.end, document)) for each in passages]
    return Content(
        "article.html",
        h.wording.plain(named("articles", document)),
        {
            "article": document,
            "passages": passages,
            "total": spans.total,
            "before": spans.before,
            "overview": strip(stretches, h),
            "attached": spans.attached is not None,
            "following": with_parameters(cursor=spans.next) if spans.next else None,
        },
        json=f"/v1/articles/{id}",
        links=formats(f"/v1/articles/{id}"),
    )


def _passage(
    start: int,
    end: int,
    id: str,
    summary: Mapping[str, str],
    statement: Document | None,
    article: Document,
    h: Elements,
) -> Passage:
    spans = [
        span
        for report in (statement["reports"] if statement else ())
        if report["article"]["id"] == article["id"]
        for span in report["evidence"]
        if (span["start"], span["end"]) == (start, end)
    ]
    drawing = strip([Stretch(*_extent(start, end, article))], h)
    return Passage(start, end, id, summary, statement, spans[0] if spans else None, drawing)


def _extent(start: int, end: int, article: Document) -> tuple[float, float]:
    """Where a span begins and how long it is, in percent of the text."""
    length = max(article["length"], 1)
    return 100 * start / length, 100 * (end - start) / length
