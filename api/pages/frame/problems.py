"""What the problems of the API mean to readers, in Arabic: a title for each, and what to do.

The API answers in English whatever the reader's language; its details stay so, beside these.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """A problem in the reader's language: its title, and what the reader can do."""

    title: str
    remedy: str


_MEND = "صحّح ما هو مذكور ثم أعد الإرسال."
_LATER = "أعد المحاولة بعد قليل."
_LOOK = "تحقق من العنوان أو المعرّف."
_RELOAD = "أعد تحميل الصفحة ثم أعد المحاولة."
_OPERATOR = "أخبر القائم على الخدمة."

ARABIC = {
    "bad-request": Words("طلب غير صحيح", _MEND),
    "moment-not-reached": Words("لحظة لم تأتِ بعد", "اختر لحظة مضت."),
    "invalid-idempotency-key": Words("مفتاح تكرار غير صالح", _RELOAD),
    "not-json": Words("ليس JSON", _MEND),
    "token-required": Words("يلزم رمز سري", "أدخل الرمز الذي أعطاكه القائم على الخدمة."),
    "invalid-token": Words("رمز سري غير صالح", "راجع الرمز: لعله ناقص أو أُلغي أو انتهت مدته."),
    "missing-scope": Words("الرمز لا يأذن بذلك", "اطلب من القائم على الخدمة رمزًا له النطاق المطلوب."),
    "no-such-record": Words("لا سجل بهذا المعرّف", _LOOK),
    "not-found": Words("لا شيء في هذا العنوان", _LOOK),
    "method-not-allowed": Words("طريقة غير مقبولة هنا", _LOOK),
    "not-acceptable": Words("صيغة لا تُقدَّم", "اطلب صيغة من الصيغ المذكورة."),
    "still-referenced": Words("سجلات أخرى تشير إليه", "غيّر تلك السجلات أولًا."),
    "already-exists": Words("السجل موجود من قبل", "إن كان هو المقصود فلا حاجة إلى حفظه؛ وإلا فاختر معرّفًا آخر."),
    "merged": Words("دُمج في سجل آخر", "استعمل السجل الذي دُمج فيه."),
    "breaks-references": Words("يُفسد سجلات تشير إليه", "غيّر تلك السجلات أولًا."),
    "request-in-progress": Words("الطلب نفسه قيد التنفيذ", _LATER),
    "gone": Words("حُذف", "صيغه السابقة في تاريخه."),
    "position-gone": Words("موضع لم يعد محفوظًا", "ابدأ من أول السجل."),
    "moment-gone": Words("لحظة لم تعد محفوظة", "اختر لحظة أحدث."),
    "precondition-failed": Words("تغيّر السجل في أثناء ذلك", "اقرأه من جديد ثم أعد تعديلك."),
    "body-too-large": Words("ما أُرسل أكبر من المسموح", "أرسل أقل، أو قسّمه."),
    "uri-too-long": Words("العنوان أطول من المسموح", "اختصر البحث."),
    "unsupported-media-type": Words("صيغة لا تُقرأ", "أرسل صيغة من الصيغ المذكورة."),
    "invalid-parameters": Words("في الحقول ما لا يصح", _MEND),
    "invalid-document": Words("في السجلات ما لا يصح", _MEND),
    "idempotency-key-reused": Words("مفتاح تكرار مستعمل", _RELOAD),
    "precondition-required": Words("يلزم شرط على الصيغة", "اقرأ السجل ثم أرسل بصمته مع التعديل."),
    "headers-too-large": Words("ترويسات أكبر من المسموح", _MEND),
    "storage-full": Words("امتلأ القرص", _OPERATOR),
    "database-unavailable": Words("قاعدة البيانات لا تجيب", _LATER),
    "database-read-only": Words("قاعدة البيانات للقراءة الآن", _LATER),
    "read-only-copy": Words("نسخة للقراءة فقط", "اكتب في الخدمة الأصلية."),
    "outcome-unknown": Words("لا يُعرف هل حُفظ", "أعد المحاولة؛ لن يُحفظ شيء مرتين."),
    "position-not-reached": Words("لم تبلغ هذه النسخة ما طُلب", _LATER),
    "too-many-exports": Words("تصدير كثير في وقت واحد", _LATER),
    "history-busy": Words("قراءة التاريخ مشغولة", _LATER),
    "query-too-slow": Words("استغرق البحث أطول من المسموح", "ضيّق البحث: زد مرشحًا أو كلمة."),
    "internal-error": Words("خطأ لم يُتوقع", _LATER),
    "http-error": Words("خطأ في الطلب", _MEND),
}
"""By the name of the problem, the end of its type."""


def name_of(problem_type: str) -> str:
    """The name of a problem by its type, the URN of which it is the end."""
    return problem_type.rsplit(":", 1)[-1]
