"""Words that are written like a verb of saying and are none, or like a day or an adverb and no object."""

from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import arabic, expression, word_list
from api.drafting.lexicon.verbs import NOUN, PRESENT, Form
from api.drafting.sources.heads import bare, head_of
from api.drafting.text.words import COMMAS

_SIGNED = ("بيان", "اتفاق", "مرسوم", "معاهد", "مذكر", "بروتوكول", "وثيق", "عقد", "اعلان", "قانون", "خارط", "ميثاق")
DAYS = frozenset(
    "اليوم امس الامس الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت ايضا كذلك مجددا الماضي رسميا".split()
)
_ONLY_WITH = {
    "استدعى": ("سفير", "قايم بالاعمال", "قايم", "مندوب"),
    "أصدر": ("مرسوم", "قرار", "امر", "اوامر", "تعليمات", "توجيهات", "عفو"),
    "اكتفى": ("قول",),
    "أنحى": ("لايمه",),
    "ألقى": ("لوم", "مسووليه", "لايمه"),
    "أطلق": ("نداء", "تحذير"),
}
"""Verbs that tell nothing but with one of these nouns: ألقى باللوم على (blamed), and not ألقى كلمة (gave a speech)."""
_DIRECTED = ("دعوه", "رساله", "شكر", "انتقاد", "تحذير", "نداء", "اتهام", "تحيه", "تهني", "لوم", "اصابع")
LIKE_NOUNS = frozenset(
    "رفض عرض دعم طلب رد امر بحث وعد حمل شكر ذكر حذر علم كشف درس سجل نشر شرح قول نفي حث حض صوت وصف طرح سلم عين اسف امل كتب".split()
)


HASTENING = frozenset("سارع بادر عمد".split())
"""Verbs that only say how an act is done, which the verbal noun after them names: سارعت إلى رفض المبادرة."""


def follows_before(scan: Scan, position: int) -> bool:
    """Whether a verb stands after "قبل أن", which tells what was said next: "... قبل أن يضيف أن"."""
    return position - 2 >= scan.first and scan.tokens[position - 2].text == "قبل"


def is_other_word(scan: Scan, position: int, form: Form) -> bool:
    """Whether a word only looks like the verb: "هنا" (here) and هنأ, "وقع" of an event, "حمل" without responsibility."""
    word, lemma = scan.tokens[position].text, form.verb.lemma
    following = [token.text for token in scan.tokens[position + 1 : min(scan.end, position + 26)]]
    if word in ("ردا", "وردا"):
        return following[:1] == ["علي"]
    if lemma == "شعر":
        return not any(expression(other) for other in following[:6])
    if lemma == "تناول":
        of_meeting = bool(scan.found) and scan.found[-1].rule == "setting" and scan.tokens[position - 1].text in COMMAS
        return not of_meeting and not (following and following[0] in word_list("pairs"))
    if lemma == "رفع":
        return not {"التهاني", "تهانيه", "تهانيها", "التعازي", "تعازيه", "التبريكات", "التهنيه"} & set(following[:8])
    if lemma == "علق":
        return not {"علي", ":", "قايلا", "قايله", "بالقول"} & set(following[:6])
    if lemma == "وقع":
        return not any(bare(other.removeprefix("ب")).startswith(_SIGNED) for other in following)
    if form.kind == PRESENT and position > scan.first and scan.tokens[position - 1].text in ("ان", "لن", "بان"):
        return not follows_before(scan, position)  # the subjunctive: "يمكن أن تتفق" tells of nothing that was said
    if lemma in ("أحاط", "أخذ"):
        return "علما" not in following[:3]
    if lemma == "سجل":
        return "علما" not in following[:3] and "ان" not in following[:8]
    if lemma in _ONLY_WITH:
        return not any(bare(other.removeprefix("ب")).startswith(_ONLY_WITH[lemma]) for other in following[:10])
    if lemma in HASTENING:
        return not any(form.kind == NOUN for other in following[:10] for form in arabic().forms.get(other, ()))
    if lemma == "توصل":
        return not any(bare(other).startswith(("اتفاق", "تفاهم", "صيغه", "هدنه", "تسويه")) for other in following)
    if lemma == "رصد":
        return bool({"ميزانيه", "مبلغ", "مبلغا", "اعتمادات", "غلافا", "مليون", "مليار", "ملايين"} & set(following[:6]))
    if lemma == "سأل":
        return ":" not in following[:10] or "عن" in following[: following.index(":")]
    if lemma == "حمل":
        return not any("مسووليه" in other for other in following[:8])
    if lemma in ("قدم", "تقدم", "بعث", "أبرق", "أرسل"):
        return not any(expression(other) for other in following)
    if lemma == "أمر":
        return not (following and head_of(following[0]))
    if lemma == "طرح":
        return not any(bare(other).startswith(("مبادر", "مقترح", "خطه", "فكره", "رويه")) for other in following[:8])
    if lemma == "اعتمد":
        return not any(bare(other).startswith(("قرار", "بيان", "اعلان", "مشروع", "خطه")) for other in following)
    if lemma == "التزم" and form.kind == PRESENT:
        return True
    if lemma == "وصف":
        return not any(other.startswith("ب") or other == "انه" for other in following)
    if lemma == "امتنع":
        return not any(other.startswith(("التعليق", "الرد", "الاجابه")) for other in following[:4])
    if lemma == "وجه":
        return not any(other.startswith("ب") or bare(other).startswith(_DIRECTED) for other in following[:8])
    if word in ("هنا", "وهنا"):
        return not (
            following and (head_of(following[0]) or following[0] in word_list("titles") or position == scan.clause)
        )
    return word == "عرض" and following[:1] != [] and following[0] in ("البحر", "الحايط")
