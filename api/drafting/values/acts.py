"""Which act a reported passage is: by the verb, by what the verb expresses, and by the words of the passage itself.

Each rule has a name, which a draft shows when asked to explain itself. The first rule that applies decides, and what else
could be defended is kept as alternatives.
"""

import re
from collections.abc import Sequence

from api.drafting.lexicon.arabic import arabic, expression, own_forms
from api.drafting.lexicon.verbs import FIRST_PERSON, NOUN
from api.drafting.text.words import SIGN, Token, without_conjunction
from api.drafting.values.passages import ALTERNATIVES, Act, by_passage

_LOOKED_AT = 24  # tokens of the passage, and those after its verb; what follows is detail
_GENERIC = frozenset(
    "قال أضاف تابع واصل أوضح ذكر أفاد صرح أردف استطرد أكمل ختم اختتم زاد أشار لفت أجاب رد علق كتب غرد نشر بين أخبر أبلغ أورد تحدث روى شرح نقل أكد جزم شدد أعلن ألمح رأى اعتبر أبرز".split()
)
_NUMBERS = re.compile(r"[0-9]")


def act(lemma: str, term: str, tail: Sequence[Token], passage: Sequence[Token]) -> Act:
    """The act of a passage.

    `tail` are the tokens right after the verb and who speaks, `passage` those of the proposition alone.
    """
    after = [token.text for token in tail[:_LOOKED_AT] if token.kind != SIGN]
    words = " ".join(token.text for token in passage[:_LOOKED_AT] if token.kind != SIGN)
    expressed = _expressed(lemma, term, after)
    if expressed:
        return expressed
    if lemma == "ذكر" and after[:1] and after[0] in ("بان", "بانه", "بانها"):
        return Act("recall", "reminded", ("report", "stress"))
    if lemma in _GENERIC or term == "report":
        if lemma == "أكد" and ("مجددا" in after[:3] or after[:2] == ["من", "جديد"]):
            return Act("affirm", "verb", ("stress", "assert"))
        if lemma == "أكد" and after[:1] == ["علي"] and after[1:2] not in (["ان"], ["انه"], ["انها"]):
            return Act("stress", "emphasised", ("affirm", "assert"))
        return _of_saying(lemma, passage, words)
    return _of_verb(lemma, term, after, words)


def _expressed(lemma: str, term: str, after: Sequence[str]) -> Act | None:
    """أعرب عن قلقه، جدد دعمه، أكد أهمية: the noun after the verb decides."""
    if lemma == "وجه" and any(word.removeprefix("ال") == "دعوه" for word in after[:6]):
        return None
    if lemma not in _WITH_NOUNS and term != "express":
        return None
    for place, word in enumerate(after[: _reach(lemma, term)]):
        if word in ("ان", "بان", "انه", "انها"):
            break
        found = expression(word)
        if found == "protest" and lemma == "أعلن" and after[place + 1 : place + 2] != ["علي"]:
            continue  # what a radar intercepts
        if found and not (
            lemma == "أكد" and found in ("affirm",) and word not in ("تمسك", "تمسكه", "تمسكها", "تمسكهم")
        ):
            if lemma == "شدد" and found not in ("express-support", "stress"):
                return Act("stress", "emphasised", (found, "affirm"))
            return Act(found, "expressed", ALTERNATIVES.get(found, ()))
        if found:
            return Act("affirm", "expressed", ("stress", "assert"))
    return Act("assess", "expressed-view", ("assert",)) if term == "express" else None


def _reach(lemma: str, term: str) -> int:
    """How many words after the verb may stand before the noun that decides."""
    if lemma in ("قدم", "بعث", "أبرق", "أرسل"):
        return 14
    if lemma == "وجه":
        return 4
    return 6 if term == "express" or lemma in ("أبدى", "جدد", "كرر", "عبر", "أعرب") else 2


_WITH_NOUNS = frozenset("قدم تقدم بعث أبرق أرسل أعرب عبر أبدى جدد كرر أكد شدد أعاد أعلن أبرز أشار لفت وجه".split())


def _of_saying(lemma: str, passage: Sequence[Token], words: str) -> Act:
    performed = _performed(passage)
    if performed:
        return performed
    if lemma == "أعلن" and re.match(r"(?:عن )?مسووليت", words):
        return Act("claim-responsibility", "verb", ("announce",))
    if lemma in ("أعلن",):
        return Act("announce", "verb", ("report",))
    if lemma == "شدد" and re.match(r"^(?:علي )?(?:ضروره|اهميه|وجوب|الحاجه)", words):
        return Act("stress", "verb", ("urge", "call-for"))
    if by_words := by_passage(words):
        return by_words
    if lemma in ("رأى", "اعتبر", "علق"):
        return Act("assess", "verb", ("assert",))
    if lemma == "شدد":
        return Act("stress", "verb", ("assert", "affirm"))
    if lemma in ("كتب", "غرد"):
        return Act("assert", "verb", ("assess", "report", "accuse"))
    if lemma in ("أكد", "جزم"):
        if any(token.text == "مجددا" for token in passage[:3]):
            return Act("affirm", "verb", ("stress", "assert"))
        return Act("assert", "verb", ("affirm", "stress", "report"))
    if lemma == "أبرز":
        return Act("stress", "verb", ("assert",))
    return Act("report", "verb", ("assert",) if not _NUMBERS.search(words) else ("announce", "assert"))


def in_own_words(chosen: Act, is_quoted: bool, has_figures: bool) -> Act:
    """What is quoted and gives no numbers rather claims than informs: "«لا بديل عن الحوار»"."""
    if chosen.term == "report" and chosen.rule == "verb" and is_quoted and not has_figures:
        return Act("assert", "in-own-words", ("report", "assess", "affirm"))
    return chosen


# What assemblies pass, rather than concede.
_PASSED = (
    "مشروع",
    "قانون",
    "موازن",
    "ميزاني",
    "خطه",
    "تعديل",
    "اتفاق",
    "فتح اعتماد",
    "اعتماد",
)
# What is refused by who says nothing.
_ANSWERS = (
    "التعليق",
    "الاجابه",
    "الرد",
    "الخوض",
    "الافصاح",
    "الكشف",
    "الحديث",
    "الادلاء",
)
_NEGATIONS = ("لا", "ولا", "لن", "ولن", "لم", "ولم")
_TOLD_AT_MOST = 2 * _LOOKED_AT  # tokens in which "we announce that we welcome" is followed
_FIRST = 3  # words of a passage among which "we welcome" is looked for


def _performed(passage: Sequence[Token]) -> Act | None:
    """ "نرحب", "نأمل", "نشكر": the speaker does it by saying so."""
    spoken = [token for token in passage[:_TOLD_AT_MOST] if token.kind != SIGN]
    for place, word in enumerate(token.text for token in spoken[:_FIRST]):
        if place and spoken[place - 1].text in _NEGATIONS:
            break
        past = without_conjunction(word)
        if past.endswith("نا") and len(past) > 4:
            for form in arabic().forms.get(past.removesuffix("نا"), ()):
                if form.kind == "past" and form.verb.sure and form.verb.act not in ("report", "express"):
                    return Act(form.verb.act, "performed", ALTERNATIVES.get(form.verb.act, ()))
        if past == "نقدر" and any(after.text == "عاليا" for after in spoken[place : place + 4]):
            return Act("commend", "performed", ("thank",))
        for form in own_forms(word):
            if form.kind == FIRST_PERSON and _is_we_or_i(word) and not form.verb.bound:
                if form.verb.lemma == "أكد":
                    return Act("affirm", "performed", ("assert", "pledge", "stress"))
                if form.verb.act in ("report", "announce", "assert", "express", "assess"):
                    rest = spoken[place + 1 :]
                    return act(form.verb.lemma, form.verb.act, rest, rest) if rest else None
                return Act(form.verb.act, "performed", ALTERNATIVES.get(form.verb.act, ()))
    return None


def _is_we_or_i(word: str) -> bool:
    """Whether a word can only be the first person: نرحب، أرحب, but not أكد, which is "he stressed" too."""
    plain = word.removeprefix("و")
    return plain[0] == "ن" or all(form.kind == FIRST_PERSON for form in arabic().forms.get(plain, ()))


def _of_verb(lemma: str, term: str, after: Sequence[str], words: str) -> Act:
    start = " ".join(after[:3])
    if lemma in ("أكد", "شدد") and re.match(r"(?:علي )?(?:ضروره|اهميه)", start):
        return Act("stress", "verb", ("urge",))
    if lemma == "رحب" and re.match(r"ب(?:ال)?(?:دور|جهود|مساع)", words):
        return Act("commend", "welcomed-role", ("welcome",))
    if lemma == "أقر" and any(word.removeprefix("ال").startswith(_PASSED) for word in after[:5]):
        return Act("decide", "passed", ("agree",))
    if lemma == "اعترف" and re.match(r"ب(?:دوله|استقلال|سياده|حكومه)", words):
        return Act("recognise", "granted", ("acknowledge",))
    if lemma == "وصف" and (untrue := by_passage(words)) and untrue.term == "deny":
        return untrue
    if lemma in ("سارع", "بادر", "عمد"):
        named = (form.verb for word in after for form in arabic().forms.get(word, ()) if form.kind == NOUN)
        act_named = next((verb.act for verb in named if verb.act != "express"), term)
        return Act(act_named, "act-named", ALTERNATIVES.get(act_named, ()))
    if lemma == "سجل" and "علما" not in after[:4]:
        return Act("report", "noted-that", ("acknowledge", "assert"))
    if lemma == "لاحظ":
        return Act("commend" if "بتقدير" in after[:3] else "take-note", "verb", ())
    if lemma == "وجه" and any(word.removeprefix("ال") == "دعوه" for word in after[:6]):
        return Act("invite", "verb", ("urge",))
    if lemma == "رفض" and any(word.startswith(_ANSWERS) for word in after[:3]):
        return Act("decline-to-comment", "declined-to-answer", ("reject",))
    if lemma == "وقع":
        decree = any(word.startswith("مرسوم") for word in after[:8])
        return Act("decree", "verb", ("announce",)) if decree else Act("agree", "verb", ())
    if lemma == "تحفظ" and any(word in ("الرد", "التعليق", "الاجابه") for word in after[:4]):
        return Act("decline-to-comment", "declined-to-answer", ())
    if "مجددا" in after[:3] and lemma == "أكد":
        return Act("affirm", "verb", ("stress", "assert"))
    if lemma == "دعا" and after[:1] and re.fullmatch(r"و?(?:الي|علي|لل\S*)", after[0]):
        return Act("call-for", "no-party-named", ("urge", "stress"))
    if lemma in ("طالب", "ناشد") and words.startswith("ب"):
        return Act("demand" if lemma == "طالب" else "urge", "verb", ("call-for", "urge"))
    if lemma == "تبادل":
        if any(word.startswith("الاتهام") for word in after[:3]):
            return Act("accuse", "verb", ())
        return Act("discuss", "verb", ())
    if lemma == "جدد" or lemma == "كرر":
        return Act("affirm", "verb", ("assert",))
    return Act(term if term != "express" else "assess", "verb", ALTERNATIVES.get(term, ()))
