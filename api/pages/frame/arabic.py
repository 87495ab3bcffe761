"""What the service says of requests that it can't answer, in Arabic: titles and remedies, details, and messages of parameters.

Names, numbers and whatever readers sent are isolated in these sentences, and so is what stands between backticks, to be
written as it is. The API answers in English whatever the reader's language.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from werkzeug.exceptions import MethodNotAllowed, RequestURITooLarge

from api.errors import (
    Deleted,
    EmptyRevision,
    MissingScope,
    NoSuchRecord,
    NoSuchRevision,
    PositionNotReached,
    TooSlow,
    UnusableCredentials,
)
from api.http.addresses import LONGEST_URI
from api.pages.frame.languages import Wording
from schemas import messages
from schemas.messages import Message


class Words(NamedTuple):
    """A problem in the reader's language: its title, and what the reader can do."""

    title: str
    remedy: str


_MEND = "صحّح ما هو مذكور ثم أعد الإرسال."
_LATER = "أعد المحاولة بعد قليل."
_LOOK = "تحقق من العنوان أو المعرّف."
_RELOAD = "أعد تحميل الصفحة ثم أعد المحاولة."
_OPERATOR = "أخبر القائم على الخدمة."

PROBLEMS = {
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


DETAILS: dict[type[Exception], str] = {
    NoSuchRecord: "لا سجل هنا بالمعرّف {error!s:.100}. ابحث عنه باسمه.",
    Deleted: "حُذف السجل {error!s:.100}، وفي تاريخه متى حُذف.",
    NoSuchRevision: "ليس للسجل {error.record_id:.100} صيغة رقمها {error.number:.20}، وفي تاريخه ما له من صيغ.",
    EmptyRevision: "الصيغة رقم {error.number} حُذف بها السجل {error.record_id:.100} أو دُمج، فلا نص لها؛ والتي قبلها هي الأخيرة.",
    MethodNotAllowed: "الصفحات تُقرأ، ولا يُرسل إليها شيء.",
    RequestURITooLarge: f"لا يُقرأ من العنوان أكثر من {LONGEST_URI} حرف.",
    UnusableCredentials: "أرسل الرمز مرة واحدة، ولا تضعه في العنوان.",
    MissingScope: "ينقص الرمزَ النطاق {error.scope}.",
    PositionNotReached: "بلغت هذه النسخة الموضع {error.last}، والمطلوب الموضع {error.position}.",
    TooSlow: "يستغرق هذا البحث أكثر من {error.seconds:g} من الثواني، وهي أقصى ما يُسمح به. زد مرشحًا أو كلمة، أو أطِل أول"
    " الكلمة في مثل `ab*`، أو رتّب بالتاريخ.",
}
"""What else there is to say of an exception, by its class or the nearest one above."""

MESSAGES: dict[Message, str] = {
    messages.UNKNOWN: "ليس مما يُكتب في هذا العنوان. يُكتب فيه: {known}.",
    messages.MISSPELT: "ليس مما يُكتب في هذا العنوان. هل تقصد {close}؟",
    messages.TAKES_NONE: "ليس مما يُكتب في هذا العنوان، فلا يُكتب فيه شيء بعد علامة الاستفهام.",
    messages.MANY_UNKNOWN: "في هذا العنوان أسماء ليست مما يُكتب فيه، وعددها {count}.",
    messages.REPEATED: "كُتب أكثر من مرة ({count})، ولا يأخذ إلا قيمة واحدة.",
    messages.NOT_UTF8: "ليس بترميز `UTF-8`.",
    messages.NOT_STREAM_SAFE: "فيه علامات تشكيل متتالية أكثر من {most}.",
    messages.NO_SUCH_ID: "لا سجل بين {record_type} بالمعرّف {id}.",
    messages.NOT_A_CURSOR: "ليس موضعًا في هذا البحث: خذه كما هو من رابط الصفحة التالية أو السابقة، ولا تغيّر بقية العنوان، أو ابدأ"
    " من الصفحة الأولى بدونه.",
    messages.TOO_MANY_CHANGED: "تغيّر منذ تلك اللحظة أكثر من {most:,} من سجلاتها، وهو أقصى ما يُجمع من جديد. أما السجل الواحد"
    " فيُقرأ كما كان في أي لحظة.",
    messages.TOO_MANY_THEN: "تغيّرت السجلات منذ تلك اللحظة، وكانت أكثر من {most:,}، وهو أقصى ما يُجمع من جديد. أما السجل الواحد"
    " فيُقرأ كما كان في أي لحظة.",
    messages.NOT_WHOLE: "ليس عددًا صحيحًا.",
    messages.NOT_A_DAY: "ليس تاريخًا: اكتب السنة، أو السنة والشهر، أو السنة والشهر واليوم، مثل `2020` أو `2020-11` أو `2020-11-09`.",
    messages.NOT_A_MOMENT: "ليس لحظة: اكتبها مع فرق التوقيت، مثل `2026-11-21T09:00:00Z`، واكتب `+` هكذا: `%2B`.",
    messages.LOST_PLUS: "فيه مسافة مكان علامة فرق التوقيت، فإن `+` في العنوان مسافة: اكتبها `%2B`، أو اكتب اللحظة بالتوقيت العالمي"
    " وبعدها `Z`.",
    messages.NEITHER_TRUE_NOR_FALSE: "ليس `true` ولا `false`.",
    messages.COMMA: "فيه فاصلة: تُكتب البدائل واحدًا واحدًا، مثل `act=welcome&act=commend`.",
    messages.NONE_TAKEN: "لا يأخذ {none}، فلكل سجل قيمة فيه.",
    messages.NONE_BY_ITSELF: "لا يأخذ {none} إلا وحدها: تجد ما لا قيمة له.",
    messages.TOO_OFTEN: "كُتب مرات أكثر من {max}.",
    messages.TOO_MANY_LANGUAGES: "فيه لغات أكثر من {max}.",
    messages.TOO_LONG: "أطول من المسموح، وهو {max} حرفًا.",
    messages.LENGTH_OUTSIDE: "يجب أن يكون عدد حروفه من {min} إلى {max}.",
    messages.OUTSIDE: "يجب أن يكون من {min} إلى {max}.",
    messages.NONE_OF_THESE: "يجب أن يكون واحدًا من هذه: {choices}.",
    messages.NO_TERM: "{input} ليس من مصطلحات {vocabulary}، وهي في صفحة المنهج والمصطلحات وفي `/v1/vocabularies`.",
    messages.NOT_AN_ID: "ليس معرّفًا: يُكتب بحروف لاتينية صغيرة وأرقام بينها شُرَط مفردة، مثل `antonio-guterres`.",
    messages.NOT_A_TAG: "ليس رمز لغة، مثل `ar` أو `zh-Hant`.",
    messages.NO_LANGUAGE: "{tag} ليس من رموز اللغات المسجلة.",
    messages.NOT_A_DATE: "{date} ليس تاريخًا: اكتب مثل `2020` أو `2020-11` أو `2020-11-09`.",
    messages.ENDLESS: "{date} لا أول له ولا آخر.",
    messages.ENDS_FIRST: "{date} ينتهي قبل أن يبدأ.",
    messages.NO_SUCH_YEAR: "{date} خارج السنوات من `0002` إلى `9998`.",
    messages.LEAVES_OPEN: "{date} يترك مجهولًا ما هو أكبر مما يذكره.",
    messages.NO_SUCH_MONTH: "{date} فيه شهر لا وجود له، رقمه {month}.",
    messages.NO_SUCH_DAY: "{date} يوم لا وجود له في التقويم.",
    messages.NO_WORDS_TO_RANK_BY: "الترتيب بالقرب من الكلمات يحتاج إلى كلمات: اكتبها في `q`، أو اختر ترتيبًا آخر.",
    messages.ONLY_FIELD_WORDS: "الترتيب بالقرب من الكلمات يحتاج إلى كلمات، وليس في `q` إلا أسماء للترشيح.",
    messages.NO_RANKS_THEN: "الترتيب بالقرب من الكلمات يُحسب في سجلات اليوم: مع `as_of` اختر ترتيبًا آخر.",
    messages.BEFORE: "يقع قبل {other}.",
    messages.KNOWN_OF_NOW: "لا يُعرف إلا في سجلات اليوم: احذف `as_of`.",
    messages.NOTHING_TO_HIGHLIGHT: "يُبرز ما وُجد من كلمات `q`: اكتبها، أو احذف هذا.",
    messages.CHOOSES_KEYS: "يختار الحقول بنفسه: احذف `fields` أو احذفه.",
    messages.NO_WORDS: "ليس في البحث حروف ولا أرقام.",
    messages.ONLY_EXCLUDES: "في البحث ما يُستبعد فقط: أضف كلمة واحدة تُطلب على الأقل.",
    messages.TOO_MANY_CLAUSES: "في البحث كلمات وعبارات أكثر من المسموح: عددها {count}، ولا يُسمح بأكثر من {most}. ضع النص المنقول بين"
    " علامتي اقتباس.",
    messages.EXCLUSION_AFTER_OR: "لا تأتي `-` بعد `OR`: اكتبها قبل الكلمة التي تُستبعد، بغير `OR`.",
    messages.OR_BETWEEN: 'تقع `OR` بين كلمتين أو عبارتين؛ وللبحث عن الكلمة نفسها اكتب `"or"` بين علامتي اقتباس.',
    messages.IN_PARENTHESES: "بين القوسين كلمات مفردة أو عبارات تجمعها `OR` أو «أو»، مثل (سلام أو معاهدة).",
    messages.MISWRITTEN_FIELD_WORD: "بعد `speaker:` و`place:` و`agreement:` و`event:` اسم كامل بغير مسافة قبله، مثل `speaker:Lavrov` أو"
    ' `place:"Nagorno-Karabakh"`. ولا تقع بين قوسين إلا إذا لم يكن فيهما غير البدائل، مثل `(speaker:A OR speaker:B)`.',
    messages.NO_FIELD_WORD: "لا تُكتب {field} بين كلمات البحث: اختر المرشح {field} بالمعرّف.",
    messages.NO_AND: 'ليست `AND` من أدوات البحث، فالكلمات كلها مطلوبة بغيرها: احذفها؛ وللبحث عن الكلمة نفسها اكتب `"and"`.',
    messages.NO_NOT: 'ليست `NOT` من أدوات البحث: اكتب `-` قبل الكلمة التي تُستبعد؛ وللبحث عن الكلمة نفسها اكتب `"not"`.',
    messages.NO_NEAR: "ليست `NEAR` من أدوات البحث، فالكلمات المتقاربة تأتي أولًا في الترتيب بالقرب منها: اكتب العبارة بين علامتي"
    " اقتباس لتبقى كلماتها معًا.",
    messages.UNCLOSED: "علامة الاقتباس في الموضع {position} لا مقابل لها.",
    messages.LOOSE_MINUS: "تُكتب `-` قبل الكلمة التي تُستبعد بغير مسافة بينهما.",
    messages.LOOSE_STAR: "تُكتب `*` بعد أول الكلمة بغير مسافة بينهما.",
    messages.EMPTY_PHRASE: "ليس بين علامتي الاقتباس ما يُبحث عنه.",
    messages.MIXED_ALTERNATIVES: "{written}: تجمع `OR` الأسماء التي من مرشح واحد، مثل `(speaker:A OR speaker:B)`.",
    messages.NO_SUCH_FILTER: "{written}: لا مرشح هنا اسمه {filter}.",
    messages.FILTERED_ALREADY: "{written}: المرشح {filter} مكتوب من قبل؛ اجمع البدائل بـ`OR`، مثل `speaker:A OR speaker:B`.",
    messages.TOO_MANY_CALLED_SO: "{written}: عدد السجلات بهذا الاسم {count}، وهو أكثر من {most}: اختر المرشح بالمعرّفات.",
    messages.NOBODY_CALLED_SO: "لا سجل بين {record_type} اسمه {name}.",
    messages.OTHERS_CALLED_ALIKE: "لا سجل بين {record_type} اسمه {name}. هل تقصد {near}؟",
    messages.COMMON_BEGINNING: "الكلمات التي تبدأ هكذا ترد في السجلات أكثر من {most:,} مرة، فلا تُرتب بالقرب منها: أضف حرفًا، أو اختر ترتيبًا"
    " آخر.",
}
"""What is said of parameters, by the templates in English; the placeholders are theirs."""

TYPES = {
    "speakers": "القائلين",
    "agreements": "الاتفاقات",
    "events": "الأحداث",
    "places": "الأماكن",
    "articles": "المقالات",
    "communiques": "النصوص الرسمية",
    "statements": "التصريحات",
    "readings": "القراءات",
    "vocabularies": "المصطلحات",
}
"""What the record types are called after a preposition."""

_AS_WRITTEN = re.compile("`([^`]+)`")


class _Isolating(Formatter):
    """Fills in values, each escaped and isolated, so that none of them turns the direction of the sentence."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value as HTML; numbers in the reader's digits."""
        written = format(value, format_spec)
        shown = self._wording.localized(written) if isinstance(value, int | float) else written
        return f"<bdi>{escape(shown)}</bdi>"


def sentence(template: str, values: Mapping[str, Any], wording: Wording) -> Markup:
    """A sentence of this module as HTML, with its values."""
    marked = _AS_WRITTEN.sub(r"<code><bdi>\1</bdi></code>", str(escape(template)))
    return Markup(_Isolating(wording).vformat(marked, (), values))


def of_message(message: Message, wording: Wording) -> Markup:
    """What is said of a parameter."""
    values = {
        name: TYPES.get(str(value), value) if name == "record_type" else value for name, value in message.values.items()
    }
    return sentence(MESSAGES[Message(message.template)], values, wording)


def of_error(error: Exception, wording: Wording) -> Markup | None:
    """What else there is to say of an exception, if anything."""
    for raised in type(error).__mro__:
        if raised in DETAILS:
            return sentence(DETAILS[raised], {"error": error}, wording)
    return None
