"""Errors as pages: whatever goes wrong at the address of a page is said on a page, to whoever reads pages.

What is said comes from the problem that the API answers with (`api.http.problems.table`), so that there is one table of them.
"""

from typing import Any

import orjson
from flask import Response, request
from markupsafe import Markup

from api.errors import InvalidParameters, Issue
from api.http.media_types import HTML, PROBLEM
from api.http.negotiation import require_acceptable
from api.http.problems.answering import handle
from api.pages.frame import arabic
from api.pages.frame.languages import ARABIC, LANGUAGES, Wording
from api.pages.frame.site import Content, Request, asked_for, rendered
from schemas.messages import Message

SENTENCES = {
    400: ("الطلب غير صحيح", "The request is not understood"),
    401: ("القراءة هنا تتطلب إذنًا", "Reading here takes a token"),
    403: ("لا إذن بذلك", "This is not permitted"),
    404: ("لا صفحة في هذا العنوان", "There is no such page"),
    405: ("الصفحات للقراءة فقط", "Pages can only be read"),
    410: ("حُذف هذا السجل", "This record was deleted"),
    414: ("العنوان أطول من أن يُقرأ", "The address is too long"),
    422: ("في البحث ما لا يُفهم", "Something in this search is not understood"),
    503: ("الخدمة متوقفة للحظات", "The service is out for a moment"),
    504: ("استغرق البحث وقتًا أطول من اللازم", "The search took too long"),
}
"""What the statuses mean to readers, in Arabic and in English."""
ANY_OTHER = ("حدث خطأ لم يُتوقع", "Something unforeseen went wrong")


def answer(error: Exception) -> Response:
    """The response to an exception: a page at addresses of pages, and what the API answers everywhere else."""
    response = handle(error)
    language = request.path.split("/")[1]
    if response.content_type != PROBLEM or language not in LANGUAGES or not _reads_pages():
        return response
    asked = asked_for(language, _digits(), {})
    page = rendered(_content(asked, error, orjson.loads(response.get_data())), asked)
    page.status_code = response.status_code
    for name, value in response.headers.items():
        if not name.startswith("Content-"):
            page.headers[name] = value
    del page.headers["ETag"]
    return page


def _reads_pages() -> bool:
    try:
        require_acceptable(HTML)
    except Exception:
        return False
    return True


def _digits() -> str | None:
    return "arab" if request.args.get("digits") == "arab" else None


def _content(asked: Request, error: Exception, problem: dict[str, Any]) -> Content:
    wording = asked.elements.wording
    title = wording.t(*SENTENCES.get(problem["status"], ANY_OTHER))
    in_arabic = _in_arabic(error, problem, wording) if wording.language is ARABIC else {}
    shown = {"errors": [], "request_id": None, "words": None} | problem | in_arabic
    return Content("error.html", title, {"problem": shown}, status=problem["status"])


def _in_arabic(error: Exception, problem: dict[str, Any], wording: Wording) -> dict[str, Any]:
    """What is said of an exception in Arabic: title and remedy, what else there is to say, and each issue."""
    issues = error.issues if isinstance(error, InvalidParameters) else []
    return {
        "words": arabic.PROBLEMS.get(arabic.name_of(problem["type"])),
        "detail": arabic.of_error(error, wording),
        "errors": [{"parameter": issue.parameter, "detail": in_words(issue, wording)} for issue in issues],
    }


def in_words(issue: Issue, wording: Wording) -> str:
    """What is wrong with a parameter, in the reader's language; what has no translation is marked as English."""
    if wording.language is not ARABIC:
        return issue.detail
    if isinstance(issue.detail, Message):
        return arabic.of_message(issue.detail, wording)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(issue.detail)
