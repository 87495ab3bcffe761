"""Words that are written like a verb of saying and are none, or like a day or an adverb and no object."""

from collections.abc import Callable
from typing import NamedTuple

from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import arabic, expression, word_list
from api.drafting.lexicon.verbs import NOUN, PRESENT, Form
from api.drafting.sources.heads import bare, head_of
from api.drafting.text.words import COMMAS, NUMBER

_COUNTED = frozenset("اصابه اصابات حاله حالات خرقا خروقات انتهاكا انتهاكات هجوما هجمات وفاه وفيات".split())
"""What bodies record, with its number: سجلت الوزارة 23 إصابة."""
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


class _Place(NamedTuple):
    """A form of a verb at a token, and the words after it in which what it tells would stand."""

    scan: Scan
    position: int
    form: Form
    following: list[str]

    def near(self, *words: str, within: int = 26) -> bool:
        """Whether one of these words follows."""
        return bool(set(words) & set(self.following[:within]))

    def begins(self, beginnings: tuple[str, ...], within: int = 26) -> bool:
        """Whether a word that follows, without article and ب, begins so."""
        return any(bare(other.removeprefix("ب")).startswith(beginnings) for other in self.following[:within])

    def expresses(self, within: int = 26) -> bool:
        """Whether a noun that follows says what is expressed."""
        return any(expression(other) for other in self.following[:within])


def is_other_word(scan: Scan, position: int, form: Form) -> bool:
    """Whether a word only looks like the verb: "هنا" (here) and هنأ, "وقع" of an event, "حمل" without responsibility."""
    word, lemma = scan.tokens[position].text, form.verb.lemma
    following = [token.text for token in scan.tokens[position + 1 : min(scan.end, position + 26)]]
    if word in ("ردا", "وردا"):
        return following[:1] == ["علي"]
    if form.kind == PRESENT and position > scan.first and scan.tokens[position - 1].text in ("ان", "لن", "بان"):
        return not follows_before(scan, position)  # the subjunctive: "يمكن أن تتفق" tells of nothing that was said
    at = _Place(scan, position, form, following)
    if lemma in _ONLY_WITH:
        return not at.begins(_ONLY_WITH[lemma], 10)
    if lemma in HASTENING:
        return not any(form.kind == NOUN for other in following[:10] for form in arabic().forms.get(other, ()))
    return lemma in _UNLIKE and _UNLIKE[lemma](at)


def _is_here(at: _Place) -> bool:
    """Whether "هنا" is no congratulation: nobody follows who could give one."""
    following, is_first = at.following, at.position == at.scan.clause
    named = following and (head_of(following[0]) or following[0] in word_list("titles") or is_first)
    return at.scan.tokens[at.position].text in ("هنا", "وهنا") and not named


def _counts(at: _Place) -> bool:
    """Whether what is recorded follows with its number."""
    return any(token.kind == NUMBER for token in at.scan.tokens[at.position + 1 : at.position + 8]) and at.near(
        *_COUNTED
    )


def _is_of_meeting(at: _Place) -> bool:
    """Whether "تناول" tells what a meeting or a call was about that was told of before it."""
    found = at.scan.found
    return bool(found) and found[-1].rule == "setting" and at.scan.tokens[at.position - 1].text in COMMAS


_GREETINGS = ("التهاني", "تهانيه", "تهانيها", "التعازي", "تعازيه", "التبريكات", "التهنيه")
_SUMS = ("ميزانيه", "مبلغ", "مبلغا", "اعتمادات", "غلافا", "مليون", "مليار", "ملايين")
_UNLIKE: dict[str, Callable[[_Place], bool]] = {
    "شعر": lambda at: not at.expresses(6),
    "تناول": lambda at: not _is_of_meeting(at) and not at.near(*word_list("pairs"), within=1),
    "رفع": lambda at: not at.near(*_GREETINGS, within=8),
    "علق": lambda at: not at.near("علي", ":", "قايلا", "قايله", "بالقول", within=6),
    "وقع": lambda at: not at.begins(_SIGNED),
    "أحاط": lambda at: not at.near("علما", within=3),
    "أخذ": lambda at: not at.near("علما", within=3),
    "سجل": lambda at: not (at.near("علما", within=3) or at.near("ان", within=8) or _counts(at)),
    "عد": lambda at: at.form.kind == PRESENT and not at.near("ان", within=8),  # "وتعد المواجهات الأشد"
    "نقل": lambda at: not at.expresses(6),
    "عزا": lambda at: not at.near("الي"),  # "وعزت الشركة التأخير إلى", not "وعزت كوريما السلطنة"
    "توصل": lambda at: not at.begins(("اتفاق", "تفاهم", "صيغه", "هدنه", "تسويه")),
    "رصد": lambda at: at.near(*_SUMS, within=6),
    "سأل": lambda at: not at.near(":", within=10) or "عن" in at.following[: at.following.index(":")],
    "حمل": lambda at: not any("مسووليه" in other for other in at.following[:8]),
    "قدم": lambda at: not at.expresses(),
    "تقدم": lambda at: not at.expresses(),
    "بعث": lambda at: not at.expresses(),
    "أبرق": lambda at: not at.expresses(),
    "أرسل": lambda at: not at.expresses(),
    "أمر": lambda at: not (at.following and head_of(at.following[0])),
    "طرح": lambda at: not at.begins(("مبادر", "مقترح", "خطه", "فكره", "رويه"), 8),
    "اعتمد": lambda at: not at.begins(("قرار", "بيان", "اعلان", "مشروع", "خطه")),
    "التزم": lambda at: at.form.kind == PRESENT,
    "وصف": lambda at: not any(other.startswith("ب") or other == "انه" for other in at.following),
    "امتنع": lambda at: not any(other.startswith(("التعليق", "الرد", "الاجابه")) for other in at.following[:4]),
    "وجه": lambda at: not any(other.startswith("ب") or bare(other).startswith(_DIRECTED) for other in at.following[:8]),
    "هنأ": _is_here,
    "عرض": lambda at: at.near("البحر", "الحايط", within=1),
}
"""For a verb of saying, whether what follows shows that it is another word, or tells nothing."""
