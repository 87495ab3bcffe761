"""The act that the words of a passage show, whatever plain verb of saying introduces them; and acts that are near each other."""

import re
from typing import NamedTuple


class Act(NamedTuple):
    """A term of the vocabulary of acts, the rule that chose it, and other terms that could be chosen."""

    term: str
    rule: str
    alternatives: tuple[str, ...] = ()


# Passages by their words, in the order in which they are tried. Only verbs of plain saying are overruled by them.
_PASSAGES = (
    ("comment-declined", "decline-to-comment", r"^(?:انه |بانه )?(?:لا تعليق|لا اعلق|لن اعلق|لن نعلق|no comment)", ()),
    ("thanks", "thank", r"^(?:جزيل ال)?شكرا (?:جزيلا|ل\S+|\S+ \S+ علي |علي )|^(?:\S+ ){0,2}(?:ممتن|شاكر)\S*(?:\s|$)|^thank you|^we thank", ("commend",)),
    ("untrue", "deny", r"لا اساس له|لا صحه|غير صحيح|عار عن الصحه|عاريه عن الصحه|لا اساس لها|محض افتراء|كذب |مزاعم باطله|لم نكن|baseless|not true|untrue|false ", ("reject",)),
    ("ready", "offer", r"(?:علي|اتم|كامل) استعداد|مستعد|جاهز(?:ه|ون|ين)? ل|منفتح|لا يزال مفتوحا|الباب مفتوح|ستبقي مفتوحه|ready to|prepared to|willing to|stands? ready", ("affirm", "pledge")),
    ("at-the-side-of", "express-support", r"(?:تقف|يقف|نقف|وقوف\S*) الي جانب|تدعم|ندعم|يدعم|نساند|تساند|نويد|تويد|متضامن|stands? (?:with|by)|supports? ", ("affirm", "pledge")),
    ("confident", "express-optimism", r"متفايل|واثق|علي ثقه|optimistic|confident", ("assess",)),
    ("outrage", "condemn", r"(?:عمل|هجوم|اعتداء) (?:جبان|ارهابي|اجرامي|وحشي|همجي|بربري)|جريمه (?:نكراء|بشعه|حرب|ضد الانسانيه)|مجزره|war crime|cowardly|heinous", ("accuse", "criticise", "assert", "assess")),
    ("unacceptable", "reject", r"^(?:\S+ ){0,4}(?:مرفوض|غير مقبول)\S*|unacceptable", ("criticise", "condemn", "assess")),
    ("worried", "express-concern", r"(?:^|\s)(?:قلق|بقلق|قلقون|قلقين|قلقه|بالقلق|worried|concerned)(?:\s|$)", ("warn",)),
    ("hoping", "express-hope", r"^(?:\S+ ){0,2}(?:يامل|تامل|نامل|تتطلع|يتطلع|hopes? )", ("express-optimism",)),
    ("refusal", "affirm", r"^(?:\S+ ){0,3}(?:لن تسمح|لن نسمح|لن يسمح|لن تقبل|لن نقبل|لن تتنازل|لن تتخلي|لن تتراجع|لن نتراجع|لن تنجر|will never|will not allow)", ("assert", "pledge", "warn")),
    ("threat", "threaten", r"سنضطر الي (?:اتخاذ|ال?رد|استخدام|اللجوء)|سنرد\s|سترد\s|سيدفع\S* (?:ال)?ثمن|ستدفع\S* (?:ال)?ثمن|رد (?:قاس|حازم|مزلزل)|مكتوف|حق الرد|سنستخدم (?:كل|جميع)|الخيارات (?:مفتوحه|متاحه|علي الطاوله)|will respond|will retaliate|will pay", ("warn", "pledge", "affirm")),
    ("weighing", "consider", r"(?:^|\s)(?:ندرس|تدرس|يدرس|قيد الدراسه|ننظر في|تنظر في|ينظر في)(?:\s|$)|considering|weighing", ("report", "announce")),
    ("own-step-taken", "announce", r"^(?:بلاد\S*|حكومت\S+|وزارت\S+)(?: قد)? (?:علقت|اوقفت|الغت|اغلقت|فتحت|اطلقت|رفعت|خفضت|سحبت|جمدت|حظرت|وقعت|بدات|انشات|فرضت|استدعت|اعتمدت)\s", ("report", "assert")),
    ("intention", "assert", r"^(?:\S+ ){0,2}(?:لا (?:ي|ت|ن)(?:نوي|عتزم|خطط|سعي|ريد|رغب)|لا نيه|ليس\S* لدي\S* (?:خطط|نيه|نوايا)|لا توجد (?:خطط|نيه))", ("deny", "affirm", "announce")),
    ("expectation", "assess", r"^(?:\S+ ){0,3}(?:قد (?:ي|ت)\S+|من المتوقع|[يتن]توقع|من المرجح|ربما|يحتمل|من المحتمل)(?:\s|$)", ("report", "announce", "express-optimism")),
    ("held-on-to", "affirm", r"(?:^|\s)(?:متمسك|ثابت\S* علي|موقف\S* ثابت|لم يتغير|لا تراجع|لا رجعه|لا مساومه|لا تنازل)", ("pledge", "assert", "stress")),
    ("will-not", "affirm", r"^(?:و?لكن\S* |و?نحن |بلاد\S+ |حكومت\S+ |قوات\S+ )?(?:لن ن\S+|(?:انه[ا]? )?لن [يت]\S+)", ("pledge", "reject", "assert")),
    ("will-do", "pledge", r"(?:ستبذل|سيبذل|سنبذل|ستواصل|سيواصل|سنواصل|ستعمل علي|سنعمل|سيعمل علي|لن ندخر|لن تدخر|لن نتردد|ملتزم|نلتزم|تلتزم|^(?:انن\S )?سن(?!ه|وات|وي)\S{2,}|^(?:ان )?(?:بلادي|بلادنا|حكومتي|حكومتنا) س\S{3,}|سنقدم|سنبقي|سنستمر|we will|will continue|committed to)", ("announce", "affirm")),
    ("own-step", "announce", r"(?:سنشارك|سنعلن|قررت|قررنا|ستبدا|سيبدا|ستنطلق|سينطلق|سيزور|ستزور|ستعقد|سيعقد|ستوقع|سيوقع|ستشكل|سيتم|ستطلق|سيطلق|سيصدر|ستصدر|ستستضيف|ستفتح|^(?:بلاد\S*|المملكه|حكومت\S*|الحكومه|الوزاره|وزارت\S*|الجيش|قوات\S*|لجنه|الدوله|الهييه|الشركه|المجلس|نحن)(?: \S+){0,2} (?:ست|سي)\S{3,}|will be|will begin|will start|would be)", ("report", "pledge")),
    ("must-of-a-party", "urge", r"^(?:و?)(?:علي|ويجب علي|يجب علي|ينبغي علي|ينبغي ل) \S+(?: \S+){0,4} (?:ان|الا|بان)\s|^(?:يتعين|يتوجب) علي|should |must ", ("stress", "demand")),
    ("need", "stress", r"(?:يجب|(?<!كما )ينبغي|لا بد|من الضروري|من المهم|ضروره|اهميه|يتعين|يتوجب|سنحتاج|نحتاج|بحاجه الي الحوار|لا يمكن ان يتحقق|الحاجه)", ("urge", "assess")),
    ("danger", "warn", r"(?:سنضطر الي|الوقت ينفد|\bما لم |\bان لم |\bاذا لم |(?<!ا)خطر|تهدد|كارث|لن يجدوا|ستنفد|سينفد|عواقب|انهيار|لا يمكننا ان ننتظر|زعزعه|مهدده|قبل فوات|danger|catastroph|will find no)", ("report", "assess")),
    ("blame", "accuse", r"(?:استفزاز|انتهك|اعتدت|اعتدي|تتحمل المسووليه|يتحمل المسووليه|دون اخطار|عرقل|يعرقل|تعرقل|خرق|تضلل|ارتكب|احتلت|تستخدم .* ورقه|مسوول(?:ه)? عن|violat|provoc|failed to)", ("assert", "report")),
    ("conceded", "acknowledge", r"(?:لم تتمكن|لم نتمكن|لم ننجح|لم ننقذ|اخطانا|لم نستطع|للاسف لم|we saved only|failed)", ("report",)),
    ("judgement", "assess", r"(?:الاكبر|الاخطر|الاسوا|الاشد|الاهم|الافضل|الاول من نوع|(?:^|\s)(?:ال)?(?:مهم|هام|تاريخي|خطير|ايجابي|سلبي|ناجح|مثمر)(?:ه|ا|ين)?(?:\s|$)|بات من الماضي|(?:^|\s)بناءه(?:$|\s)|(?:حوار|بشكل) بناء|يعكس|تعكس|يظهر|تظهر|اظهر|يشكل|تشكل|يمثل|تمثل|يسلط الضوء|يعتبر|تعتبر|كما ينبغي|بالطريقه التي|من شان|العقده|(?:^|\s)[يت]دل\s|دليل|مرحله جديده|the largest|the worst|important|historic|positive)", ("assert", "affirm")),
)  # fmt: skip
_PATTERNS = tuple((name, term, re.compile(pattern), alternatives) for name, term, pattern, alternatives in _PASSAGES)


def by_passage(words: str) -> Act | None:
    """The act that the folded words of a passage show, whatever plain verb of saying introduces them."""
    return next((Act(term, name, others) for name, term, pattern, others in _PATTERNS if pattern.search(words)), None)


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
    "agree": ("discuss", "decide"),
    "decide": ("announce", "decree"),
    "stress": ("urge", "affirm"),
    "affirm": ("assert", "stress"),
    "warn": ("assert", "express-concern"),
    "reject": ("deny",),
    "deny": ("reject",),
    "request": ("urge",),
    "threaten": ("warn",),
}
