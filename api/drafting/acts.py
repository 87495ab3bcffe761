"""Which act a reported passage is: by the verb, by what the verb expresses, and by the words of the passage itself.

Each rule has a name, which a draft shows when asked to explain itself. The first rule that applies decides, and what else
could be defended is kept as alternatives.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.lexicon import FIRST_PERSON, arabic, expression
from api.drafting.words import SIGN, Token, without_conjunction


class Act(NamedTuple):
    """A term of the vocabulary of acts, the rule that chose it, and other terms that could be chosen."""

    term: str
    rule: str
    alternatives: tuple[str, ...] = ()


_LOOKED_AT = 24  # tokens of the passage, and those after its verb; what follows is detail
_PLAIN = frozenset({"report", "assert", "announce", "stress"})
_EXPRESSIVE = re.compile(r"^(?:وال|بال|لل|ال|ب|و|ل)?(?P<stem>.+?)(?:ه|ها|هم|هما|نا|ي|ه\b)?$")

# Passages by their words, in the order in which they are tried. Only verbs of plain saying are overruled by them.
_PASSAGES = (
    ("comment-declined", "decline-to-comment", r"^(?:انه |بانه )?(?:لا تعليق|لا اعلق|لن اعلق|لن نعلق|no comment)", ()),
    ("untrue", "deny", r"لا اساس له|لا صحه|غير صحيح|عار عن الصحه|عاريه عن الصحه|لا اساس لها|محض افتراء|كذب |مزاعم باطله|لم نكن|baseless|not true|untrue|false ", ("reject",)),
    ("ready", "offer", r"(?:علي|اتم|كامل) استعداد|مستعد|جاهز(?:ه|ون|ين)? ل|منفتح|لا يزال مفتوحا|الباب مفتوح|ستبقي مفتوحه|ready to|prepared to|willing to|stands? ready", ("affirm", "pledge")),
    ("at-the-side-of", "express-support", r"(?:تقف|يقف|نقف|وقوف\S*) الي جانب|تدعم|ندعم|يدعم|نساند|تساند|نويد|تويد|متضامن|stands? (?:with|by)|supports? ", ("affirm", "pledge")),
    ("confident", "express-optimism", r"متفايل|واثق|علي ثقه|optimistic|confident", ("assess",)),
    ("worried", "express-concern", r"(?:^|\s)(?:قلق|بقلق|قلقون|قلقين|قلقه|بالقلق|worried|concerned)(?:\s|$)", ("warn",)),
    ("hoping", "express-hope", r"^(?:\S+ ){0,2}(?:يامل|تامل|نامل|تتطلع|يتطلع|hopes? )", ("express-optimism",)),
    ("refusal", "affirm", r"^(?:\S+ ){0,3}(?:لن تسمح|لن نسمح|لن يسمح|لن تقبل|لن نقبل|لن تتنازل|لن تتخلي|لن تتراجع|لن نتراجع|لن تنجر|will never|will not allow)", ("assert", "pledge", "warn")),
    ("will-do", "pledge", r"(?:ستبذل|سيبذل|سنبذل|ستواصل|سيواصل|سنواصل|ستعمل علي|سنعمل|سيعمل علي|لن ندخر|لن تدخر|لن نتردد|ملتزم|نلتزم|تلتزم|^سن\S{3,}|سنقدم|سنبقي|سنستمر|we will|will continue|committed to)", ("announce", "affirm")),
    ("own-step", "announce", r"(?:سنشارك|سنعلن|قررت|قررنا|ستبدا|سيبدا|ستنطلق|سينطلق|سيزور|ستزور|ستعقد|سيعقد|ستوقع|سيوقع|ستشكل|سيتم|ستطلق|سيطلق|سيصدر|ستصدر|ستستضيف|ستفتح|^(?:بلاد\S*|المملكه|حكومت\S*|الحكومه|الوزاره|وزارت\S*|الجيش|قوات\S*|لجنه|الدوله|الهييه|الشركه|المجلس|نحن)(?: \S+){0,2} (?:ست|سي)\S{3,}|will be|will begin|will start|would be)", ("report", "pledge")),
    ("must-of-a-party", "urge", r"^(?:و?)(?:علي|ويجب علي|يجب علي|ينبغي علي|ينبغي ل) \S+(?: \S+){0,4} (?:ان|الا|بان)\s|^(?:يتعين|يتوجب) علي|should |must ", ("stress", "demand")),
    ("need", "stress", r"(?:يجب|(?<!كما )ينبغي|لا بد|من الضروري|من المهم|ضروره|اهميه|يتعين|يتوجب|سنحتاج|نحتاج|بحاجه الي الحوار|لا يمكن ان يتحقق|الحاجه)", ("urge", "assess")),
    ("danger", "warn", r"(?:\bما لم |\bان لم |\bاذا لم |خطر|تهدد|كارث|لن يجدوا|ستنفد|سينفد|عواقب|انهيار|لا يمكننا ان ننتظر|زعزعه|مهدده|قبل فوات|danger|catastroph|will find no)", ("report", "assess")),
    ("blame", "accuse", r"(?:استفزاز|انتهك|اعتدت|اعتدي|تتحمل المسووليه|يتحمل المسووليه|دون اخطار|عرقل|يعرقل|تعرقل|خرق|تضلل|ارتكب|احتلت|تستخدم .* ورقه|مسوول(?:ه)? عن|violat|provoc|failed to)", ("assert", "report")),
    ("conceded", "acknowledge", r"(?:لم تتمكن|لم نتمكن|لم ننجح|لم ننقذ|اخطانا|لم نستطع|للاسف لم|we saved only|failed)", ("report",)),
    ("judgement", "assess", r"(?:الاكبر|الاخطر|الاسوا|الاشد|الاهم|الافضل|الاول من نوع|مهم|هام|تاريخي|خطير|ايجابي|سلبي|ناجح|مثمر|بناء[هة]?(?:$|\s)|يعكس|تعكس|يظهر|تظهر|اظهر|يشكل|تشكل|يمثل|تمثل|يسلط الضوء|يعتبر|تعتبر|كما ينبغي|بالطريقه التي|من شان|العقده|يدل|تدل|دليل|مرحله جديده|the largest|the worst|important|historic|positive)", ("assert", "affirm")),
)  # fmt: skip
_PATTERNS = tuple((name, term, re.compile(pattern), alternatives) for name, term, pattern, alternatives in _PASSAGES)
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
    if lemma in _GENERIC:
        if lemma == "أكد" and "مجددا" in after[:3]:
            return Act("affirm", "verb", ("stress", "assert"))
        if lemma == "أكد" and after[:1] == ["علي"] and after[1:2] not in (["ان"], ["انه"], ["انها"]):
            return Act("stress", "emphasised", ("affirm", "assert"))
        return _of_saying(lemma, term, passage, words)
    return _of_verb(lemma, term, after, words)


def _expressed(lemma: str, term: str, after: Sequence[str]) -> Act | None:
    """أعرب عن قلقه، جدد دعمه، أكد أهمية: the noun after the verb decides."""
    reach = (
        14
        if lemma in ("قدم", "بعث", "أبرق", "أرسل")
        else 6
        if term == "express" or lemma in ("أبدى", "جدد", "كرر", "عبر", "أعرب")
        else 2
    )
    if lemma not in _WITH_NOUNS and term != "express":
        return None
    for word in after[:reach]:
        if word in ("ان", "بان", "انه", "انها"):
            break
        found = expression(word)
        if found and not (
            lemma == "أكد" and found in ("affirm",) and word not in ("تمسك", "تمسكه", "تمسكها", "تمسكهم")
        ):
            return Act(found, "expressed", ALTERNATIVES.get(found, ()))
        if found:
            return Act("affirm", "expressed", ("stress", "assert"))
    return Act("assess", "expressed-view", ("assert",)) if term == "express" else None


_WITH_NOUNS = frozenset("قدم تقدم بعث أبرق أرسل أعرب عبر أبدى جدد كرر أكد شدد أعاد أعلن أبرز أشار لفت".split())


def _of_saying(lemma: str, term: str, passage: Sequence[Token], words: str) -> Act:
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


def by_passage(words: str) -> Act | None:
    """The act that the folded words of a passage show, whatever plain verb of saying introduces them."""
    return next((Act(term, name, others) for name, term, pattern, others in _PATTERNS if pattern.search(words)), None)


_FIRST = 3  # words of a passage among which "we welcome" is looked for


def _performed(passage: Sequence[Token]) -> Act | None:
    """ "نرحب", "نأمل", "نشكر": the speaker does it by saying so."""
    words = [token.text for token in passage if token.kind != SIGN][: _FIRST + 1]
    for place, word in enumerate(words[:_FIRST]):
        past = without_conjunction(word)
        if past.endswith("نا") and len(past) > 4:
            for form in arabic().forms.get(past.removesuffix("نا"), ()):
                if form.kind == "past" and form.verb.sure and form.verb.act not in ("report", "express"):
                    return Act(form.verb.act, "performed", ALTERNATIVES.get(form.verb.act, ()))
        for form in arabic().forms.get(word, arabic().forms.get(without_conjunction(word), ())):
            if form.kind == FIRST_PERSON and word.removeprefix("و")[0] == "ن" and not form.verb.bound:
                if form.verb.lemma == "أكد":
                    return Act("affirm", "performed", ("assert", "pledge", "stress"))
                if form.verb.act in ("report", "announce", "assert", "express", "assess"):
                    rest = [token for token in passage if token.kind != SIGN][place + 1 :]
                    return act(form.verb.lemma, form.verb.act, rest, rest) if rest else None
                return Act(form.verb.act, "performed", ALTERNATIVES.get(form.verb.act, ()))
    return None


def _of_verb(lemma: str, term: str, after: Sequence[str], words: str) -> Act:
    start = " ".join(after[:3])
    if lemma in ("أكد", "شدد") and re.match(r"(?:علي )?(?:ضروره|اهميه)", start):
        return Act("stress", "verb", ("urge",))
    if lemma == "رحب" and re.match(r"ب(?:ال)?(?:دور|جهود|مساع)", words):
        return Act("commend", "welcomed-role", ("welcome",))
    if lemma == "لاحظ":
        return Act("commend" if "بتقدير" in after[:3] else "take-note", "verb", ())
    if lemma == "وجه" and any(word.removeprefix("ال") == "دعوه" for word in after[:6]):
        return Act("invite", "verb", ("urge",))
    if lemma == "وقع":
        decree = any(word.startswith("مرسوم") for word in after[:8])
        return Act("decree", "verb", ("announce",)) if decree else Act("agree", "verb", ())
    if "مجددا" in after[:3] and lemma == "أكد":
        return Act("affirm", "verb", ("stress", "assert"))
    if lemma == "دعا" and after[:1] and re.fullmatch(r"و?(?:الي|علي|لل\S*)", after[0]):
        return Act("call-for", "no-party-named", ("urge", "stress"))
    if lemma in ("طالب", "ناشد") and words.startswith("ب"):
        return Act("demand" if lemma == "طالب" else "urge", "verb", ("call-for", "urge"))
    if lemma == "رفض" and any(word.startswith("التعليق") for word in after[:3]):
        return Act("decline-to-comment", "verb", ())
    if lemma == "تبادل":
        if any(word.startswith("الاتهام") for word in after[:3]):
            return Act("accuse", "verb", ())
        return Act("discuss", "verb", ())
    if lemma == "جدد" or lemma == "كرر":
        return Act("affirm", "verb", ("assert",))
    return Act(term if term != "express" else "assess", "verb", ALTERNATIVES.get(term, ()))


ALTERNATIVES = {
    "urge": ("call-for", "demand"),
    "demand": ("urge", "call-for"),
    "call-for": ("urge", "stress"),
    "criticise": ("accuse", "condemn"),
    "condemn": ("accuse", "criticise"),
    "accuse": ("assert", "criticise"),
    "congratulate": ("commend", "welcome"),
    "commend": ("welcome", "thank"),
    "thank": ("commend",),
    "welcome": ("commend", "express-support"),
    "condole": ("express-concern",),
    "express-concern": ("warn",),
    "express-hope": ("express-optimism", "call-for"),
    "express-optimism": ("express-hope", "assess"),
    "express-pessimism": ("assess", "assert"),
    "express-support": ("affirm", "commend"),
    "offer": ("pledge", "affirm"),
    "pledge": ("announce", "affirm"),
    "agree": ("discuss",),
    "decide": ("announce", "decree"),
    "stress": ("urge", "affirm"),
    "affirm": ("assert", "stress"),
    "warn": ("assert", "express-concern"),
    "reject": ("deny",),
    "deny": ("reject",),
    "request": ("urge",),
    "threaten": ("warn",),
}
