"""The first page: what this is, what was said last, how much was said when, and what was read."""

from api.http.responses import url_for
from api.pages.frame.drawings import timeline
from api.pages.frame.entries import listing
from api.pages.frame.site import Content, Request, page
from api.pages.search import atom
from api.queries import counting, reading
from api.queries.query import Query

LATEST = 8  # statements
READ = 10  # articles


@page("/")
def home(asked: Request) -> Content:
    """The first page."""
    h = asked.elements
    latest = Query(sort="-date", limit=LATEST, total="exact")
    articles = Query(sort="-date", limit=READ, total="exact")
    return Content(
        "home.html",
        h.t("تصريح: من قال ماذا، ومتى، وعلى لسان من", "Tasrih: who said what, when, and according to whom"),
        {
            "latest": listing(reading.page("statements", latest)),
            "timeline": timeline(counting.timeline(Query(), "month"), h),
            "articles": listing(reading.page("articles", articles)),
        },
        description=h.t(
            "أرشيف للتصريحات الرسمية: لكل تصريح قائله وتاريخه، والطريق الذي سلكه من فم صاحبه إلى الصفحة التي نُشر فيها.",
            "An archive of official statements: who made each, when, and the way it took from their mouth to the page.",
        ),
        json="/v1/statements",
        links=(atom(url_for("/v1/statements", {"lang": h.code, "format": "atom"}), h),),
    )
