"""The desk, where a drafted article becomes statements. The page only has the form; a script of ours does the work.

The script (`static/desk.js`) is a client of the API like any other: it drafts with `POST /v1/drafts` and saves with
`POST /v1/import`, under a token that it forgets with the page.
"""

from typing import Any

from api.drafting.documents import unit_of
from api.pages.frame.arabic import PROBLEMS
from api.pages.frame.elements import Elements
from api.pages.frame.site import Content, Request, page
from schemas.answers.drafts import LONGEST_TEXT
from schemas.records.vocabularies import labels


@page("/desk")
def desk(asked: Request) -> Content:
    """Where an article is drafted, mended and saved."""
    h = asked.elements
    values = {
        "say": _sentences(h),
        "terms": {
            name: _terms(name, h)
            for name in (
                "acts",
                "report-modes",
                "date-bases",
                "capacities",
                "speaker-kinds",
                "measures",
                "bounds",
                "agreement-references",
                "statement-relations",
            )
        },
        "units": {measure: unit_of(measure) for measure in labels("measures")},
        "longest": LONGEST_TEXT,
        "root": h.api(""),
    }
    return Content("desk.html", h.t("مكتب المسودات", "The drafting desk"), values, script="desk.js")


QUESTIONS = {
    "^The date is not known": "التاريخ غير معروف: لا الجملة تذكره ولا الصفحة.",
    "^The sentence gives no date": "لا تاريخ في الجملة؛ أُخذ تاريخ الصفحة.",
    "^Who '(.*)' is": "من «{}»؟ لم يُعثر على اسم.",
    "^Which record '(.*)' is": "أي السجلات هو «{}»؟",
    "^Whose loss": "لمن يُحسب الرقم: خسارة من، أو فعل من؟",
}
"""How the sentences begin by which a draft says what it left undecided, and the same in Arabic."""


ISSUES = {
    "^Is missing": "لا بد من قيمة هنا.",
    "^Is not a date": "ليس تاريخًا: اكتبه مثل 2022-09-15 أو 2022-09 أو 2022.",
    "^Is not a(?: whole)? number": "ليس رقمًا.",
    "^Is not an id": "ليس معرّفًا: حروف لاتينية صغيرة وأرقام وشُرَط.",
    "^Is no(?:ne of| key)": "ليس مما يُقبل هنا.",
    "^There is no": "لا سجل بهذا المعرّف.",
    "^Is empty|^Has no": "فارغ.",
}
"""How the sentences begin by which the service says what is wrong with a field, and the same in Arabic."""


def _terms(vocabulary: str, h: Elements) -> dict[str, str]:
    return {term: h.term(vocabulary, term) for term in labels(vocabulary)}


def _sentences(h: Elements) -> dict[str, Any]:
    """What the script says, in the reader's language. `{}` stands for a number or a name."""
    return {
        "statement": h.t("التصريح {}", "Statement {}"),
        "states": {
            "open": h.t("لم يُبتّ فيه", "to be decided"),
            "accepted": h.t("مقبول", "accepted"),
            "rejected": h.t("مرفوض", "rejected"),
            "recorded": h.t("مسجل من قبل", "recorded before"),
            "saved": h.t("محفوظ", "saved"),
        },
        "drafted": h.t("في المسودة من التصريحات: {}.", "Statements in the draft: {}."),
        "known": h.t(
            "هذا المقال مسجل من قبل، ولن يُكتب سجله ثانيةً.",
            "This article is recorded already; its record will not be written again.",
        ),
        "save": h.t("احفظ المقبول ({})", "Save what is accepted ({})"),
        "saved": h.t("حُفظ كله.", "Everything is saved."),
        "refused": h.t("لم يُحفظ شيء.", "Nothing was saved."),
        "none": h.t("اقبل تصريحًا أولًا.", "Accept a statement first."),
        "select": h.t("حدّد كلمات من النص أولًا.", "Select words of the text first."),
        "divide": h.t(
            "ضع المؤشر في الموضع الذي ينقسم عنده شاهد هذا التصريح.",
            "Put the cursor where the passage of this statement divides.",
        ),
        "first": h.t("لا تصريح قبله يُضم إليه.", "There is no statement before it to merge with."),
        "unreachable": h.t(
            "لم يصل جواب. أعد المحاولة؛ لن يُحفظ شيء مرتين.", "No answer came. Try again: nothing is saved twice."
        ),
        "insecure": h.t(
            "المتصفح لا يحسب البصمات إلا في عنوان آمن (https أو localhost).",
            "Browsers compute digests only at secure addresses (https or localhost).",
        ),
        "differs": h.t(
            "النص الذي في المتصفح غير الذي قرأته الخدمة.", "The browser has another text than the service read."
        ),
        "questions": QUESTIONS if h.code == "ar" else {},
        "problems": {name: list(words) for name, words in PROBLEMS.items()} if h.code == "ar" else {},
        "issues": ISSUES if h.code == "ar" else {},
        "fields": {
            "published": h.t("تاريخ النشر", "Published on"),
            "publisher": h.t("الناشر", "Publisher"),
            "title": h.t("العنوان", "Title"),
            "language": h.t("لغة المقال", "Language"),
            "text": h.t("النص", "Text"),
            "date": h.t("التاريخ", "Date"),
            "date_basis": h.t("أساس التاريخ", "Basis of the date"),
            "act": h.t("الفعل", "Act"),
            "mode": h.t("صيغة النقل", "Mode"),
            "speakers": h.t("القائلون", "Speakers"),
            "summary": h.t("ما قيل، بكلماتنا", "What was said, in our words"),
            "evidence": h.t("الشاهد", "Passage"),
            "figures": h.t("رقم", "figure"),
            "agreements": h.t("اتفاق", "agreement"),
            "links": h.t("صلة بتصريح", "link"),
        },
        "provision": h.t("البند {}", "point {}"),
        "no_provision": h.t("البند رقم من 1 إلى 999.", "A point is a number from 1 to 999."),
        "unlinked": h.t(
            "التصريح الموصول لن يُحفظ: اقبله أو احذف الصلة.",
            "The linked statement will not be saved: accept it, or remove the link.",
        ),
        "number": h.t("أدخل رقمًا.", "Give a number."),
        "likely": h.t("الأرجح", "Likely"),
        "new": h.t("جديد", "new"),
        "add": h.t("سجل جديد: {}", "A new record: {}"),
        "remove": h.t("احذف: {}", "Remove: {}"),
        "capacity": h.t("صفة {}", "Capacity of {}"),
        "kind": h.t("نوع {}", "Kind of {}"),
        "kinds": {
            "figures": h.t("رقم", "figure"),
            "targets": h.t("المقصود", "directed at"),
            "addressees": h.t("المخاطَب", "said to"),
            "about_events": h.t("حدث", "event"),
            "places": h.t("مكان", "place"),
            "agreements": h.t("اتفاق", "agreement"),
            "links": h.t("صلة بتصريح آخر", "link to another statement"),
        },
    }
