"""People, bodies and things that are counted: the measure that what happened to them gives."""

import re
from collections.abc import Sequence

# What is counted, by the noun at the number; then by what happened to them, in the clause around it.
_SOLDIERS = frozenset(
    "جندي جنديا جنود جنودها جنوده جنودنا عسكري عسكريا عسكريين عسكريون ضابطا ضابط ضباط جنديين قواتها قواته مقاتل مقاتلا مقاتلين عناصر عنصرا soldiers soldier servicemen troops".split()
)
_CIVILIANS = frozenset("مدني مدنيا مدنيين مدنيون مدنيا civilians civilian".split())
_PEOPLE = frozenset(
    "شرطيا شرطي شرطيين شرطيون رجل رجلا رجال سيده سيدات فتاه فتيات فتي شابا شاب شبان شباب مسنا مسنين رضيعا رضع طبيبا اطباء ممرضا معلما معلمين معلم مدرسا صيادا صيادين سايقا سايقين"
    " ناشطا ناشطين ناشط معارضا معارضين محتجا محتجين ناخبا ناخبين حاجا حجاج معتمرا رعايا مدنيا قاصرا قاصرين مشردا مشردين ضحيه ضحايا شهيدا شهداء انسانا نسمه فردا افراد فرد مشاركا مشاركين مستفيدا مستفيدين"
    " مختطفا مختطفين مخطوفا مخطوفين موقوفا موقوفين محكوما سجناء عمالا عاملين اجنبيا اجانب خبيرا خبراء مراقبا مراقبين مندوبا مصلين مصليا متطوعا متطوعين "
    "شخص شخصا اشخاص طفل طفلا اطفال لاطفال امراه نساء مواطن مواطنا مواطنين مواطنون مهاجر مهاجرا مهاجرين لاجي لاجيا لاجيين نازح نازحا نازحين اخرين اخرون"
    " انسان بحارا بحاره بحار عامل عاملا عمال سجينا سجناء سجين معتقلا معتقلين اسيرا اسري محتجزا محتجزين رهينه رهاين فلاح فلاحا فلاحين حراس حارسا طالب طالبا طلاب تلميذا ركاب صحفيا صحفيين سايح سياح مسعفا مسعفين موظفا موظفين مشتبه مشتبها متهما متهمين ارهابيا ارهابيين مسلحا مسلحين متظاهرا متظاهرين قتيل قتيلا قتلي جريح جريحا جرحي مصاب مصابا"
    " مصابين مفقود مفقودا مفقودين مسافرا راكبا منهم people persons person children women migrants refugees others sailors prisoners dead injured wounded".split()
)
FAMILIES = frozenset("اسره اسرا اسر عايله عايلات عايلا families households".split())
BODIES = frozenset("جثه جثث جثمان جثامين جثمانا رفات bodies remains corpses".split())
PERSONS = _SOLDIERS | _CIVILIANS | _PEOPLE
ALL_NOUNS = PERSONS | FAMILIES | BODIES
HAPPENED = (
    (
        "killed",
        re.compile(
            r"قتل|مقتل|قتيل|مصرع|استشهاد|استشهد|شهيد|شهداء|قضوا|سقوط|حتفه|مصرعه|حصد\S* ارواح|ضحايا|وفيات|وفاه|توفي|اودت|killed|dead|died|death"
        ),
    ),
    ("injured", re.compile(r"اصاب|اصيب|جرح|جريح|مصاب|injur|wounded|hurt")),
    ("missing", re.compile(r"مفقود|فقدان|فقد |فقدوا|مصير|missing")),
    (
        "detained",
        re.compile(
            r"توقيف|اوقف|اعتقال|اعتقل|احتجاز|احتجز|محتجز|القبض|معتقل|موقوف|ضبط |ضبطت|خطف|اختطاف|اسير|اسري|سجين|detain|arrest|captur|prisoner"
        ),
    ),
    (
        "released",
        re.compile(
            r"افراج|اطلاق سراح|سراح|افرج|تبادل (?:\S+ ){0,2}(?:اسير|اسري|سجين|سجناء|محتجز|معتقل)|بتبادل|حرر|تحرير|releas|freed"
        ),
    ),
    ("displaced", re.compile(r"نزوح|نازح|نزح|تهجير|هجر |هجرت|مهجر|تشريد|شرد|لاجي|displac|fled|refugee")),
    ("returned", re.compile(r"عوده|(?:^|\s)عاد |عادوا|عادت|العايد|return")),
    ("evacuated", re.compile(r"اجلاء|اجلي|اجلت|اجلينا|اخلاء|اخلي|انقاذ|انقذ|evacuat|rescue")),
    ("need", re.compile(r"بحاجه|يحتاج|تحتاج|محتاج|في حاجه|مجاعه|in need|need ")),
    (
        "assisted",
        re.compile(
            r"استفاد|مستفيد|استفاده|ستهم |سيستفيد|ستستفيد|تلقوا|تلقي|ايصال|توزيع|وصول (?:ال)?مساعد|مساعدات? (?:\S+ ){0,3}الي|وصلت|اغاث|تقديم المساعد|received aid|assist|reached with"
        ),
    ),
    (
        "deployed",
        re.compile(r"(?:نشر|ارسال|ارسلت) (?:\S+ ){0,2}(?:قوات|جند|عسكري)|(?:نشر|ارسال|ارسلت) \S* ?$|انتشار|deploy"),
    ),
    ("withdrawn", re.compile(r"سحب |سحبت|انسحاب|خفض (?:\S+ )?قوات|withdr")),
    ("participants", re.compile(r"مشارك|شارك|حضور|attend|participa")),
)
_PEOPLE_MEASURES = {
    "missing": "people-missing", "detained": "people-detained", "released": "people-released", "displaced": "people-displaced",
    "returned": "people-returned", "evacuated": "people-evacuated", "need": "people-in-need", "assisted": "people-assisted",
    "participants": "participants",
}  # fmt: skip
THINGS = (
    ("vaccine-doses", re.compile(r"^جرع|^doses?$")),
    ("documents-signed", re.compile(r"^(?:اتفاقيه|اتفاقيات|مذكره|مذكرات|وثيقه|وثايق)$|^(?:agreements|memoranda)$")),
    ("mines-cleared", re.compile(r"^(?:لغم|لغما|الغام)$|^mines$")),
    ("buildings-damaged", re.compile(r"^(?:مبني|مباني|منزل|منزلا|منازل|بنايه|houses|homes|buildings)$")),
    ("settlements", re.compile(r"^(?:قريه|قري|بلده|بلدات|villages|towns)$")),
    ("equipment-lost", re.compile(r"^(?:دبابه|دبابات|مدرعه|مدرعات|طايره|طايرات|مسيره|tanks|drones|aircraft)$")),
    ("ceasefire-violations", re.compile(r"^(?:خرق|خرقا|خروق|خروقات|انتهاك|انتهاكا|انتهاكات|violations)$")),
    (
        "attacks",
        re.compile(
            r"^(?:هجوم|هجوما|هجمات|قذيفه|قذايف|ضربه|ضربات|غاره|غاره|غارات|صاروخ|صاروخا|صواريخ|اعتداء|attacks|strikes|rockets|missiles)$"
        ),
    ),
    ("votes-for", re.compile(r"^(?:صوت|صوتا|اصوات|votes)$")),
    ("goods-delivered", re.compile(r"^(?:طن|طنا|اطنان|شاحنه|شاحنات|tons|tonnes|trucks)$")),
    ("area", re.compile(r"^(?:هكتار|هكتارا|هكتارات|فدان|فدانا|دونم|دونما|hectares|acres)$")),
    ("distance", re.compile(r"^(?:كيلومتر|كيلومترا|كيلومترات|كم|ميل|ميلا|اميال|kilometres|kilometers|km|miles)$")),
    ("negotiation-sessions", re.compile(r"^(?:جلسه|جلسات|جوله|جولات|rounds|sessions)$")),
    (
        "duration",
        re.compile(
            r"^(?:ساعه|ساعات|ساعتين|دقيقه|دقايق|يوما|ايام|يومين|اسبوعين|اسابيع|اشهر|شهرا|hours|minutes|hour|days)$"
        ),
    ),
)
_LASTED = re.compile(
    r"استمر|دامت?\s|استغرق|مدته|لمده|مهله|في غضون|خلال \S+ (?:يوما|ايام|ساعه|ساعات|شهرا|اشهر|اسابيع)|هدنه|lasted|duration"
)
_MEETING = re.compile(r"قمه|اجتماع|لقاء|محادث|مباحث|جلسه|summit|meeting|talks|call")


def what_happened(before: str, around: str) -> str | None:
    """What happened to those who are counted: the last thing told before the number, or else the first after it."""
    latest = max(
        ((match.start(), name) for name, pattern in HAPPENED for match in pattern.finditer(before)), default=None
    )
    if latest:
        return latest[1]
    first = min(
        ((match.start(), name) for name, pattern in HAPPENED if (match := pattern.search(around))), default=None
    )
    return first[1] if first else None


def of_people(noun: str, near: Sequence[str], before: str, around: str) -> str | None:
    """The measure of people who are counted, by who they are and what happened to them."""
    own = what_happened(noun + " ", noun + " ") if noun else None
    if own == "displaced" and re.search(r"(?:^|\s)(?:عوده|عاد|عادت)(?:\s|$)", around):
        own = "returned"
    if own == "detained" and what_happened(before, "") == "released":
        own = "released"
    after = " ".join(near)
    happened = own or what_happened(before, after if not before else before + " " + after) or what_happened("", around)
    soldiers = (
        noun in _SOLDIERS
        or any(word in _SOLDIERS for word in near[:3])
        or (noun in ("اخرين", "اخرون", "منهم", "") and re.search(r"جنود|جندي|عسكري", around))
    )
    civilians = noun in _CIVILIANS or any(word in _CIVILIANS for word in near[:2])
    who = "soldiers" if soldiers and not civilians else "civilians" if civilians else "people"
    if happened in ("killed", "injured"):
        return f"{who}-{happened}"
    if happened == "deployed":
        return "troops-deployed" if soldiers else None
    if happened == "withdrawn":
        return "troops-withdrawn" if soldiers else None
    return _PEOPLE_MEASURES.get(happened or "")


def of_bodies(around: str) -> str | None:
    """The measure of bodies that are counted."""
    if re.search(r"انتشال|عثر|العثور|recover|found|retriev", around):
        return "remains-recovered"
    if re.search(r"عرض|استعداد|offer", around):
        return "remains-offered"
    return "remains-transferred" if re.search(r"تسليم|تسلم|سلم|transfer|hand", around) else None


def of_things(measure: str, around: str) -> str | None:
    """The measure of things that are counted, where what happened to them fits it."""
    if measure == "duration":
        if not _LASTED.search(around):
            return None
        return "meeting-duration" if _MEETING.search(around) else "duration"
    if measure == "negotiation-sessions":
        return measure if re.search(r"مفاوض|مباحث|محادث|تفاوض|talks|negotiat", around) else None
    if measure == "documents-signed":
        return measure if re.search(r"وقع|توقيع|ابرام|sign", around) else None
    if measure == "equipment-lost":
        return (
            measure
            if re.search(r"تدمير|اسقاط|اسقط|اعترض|اعتراض|دمر|خسر|خساره|استول|استيلاء|غنم|عطب|destroy|down|lost", around)
            else None
        )
    if measure == "buildings-damaged":
        return measure if re.search(r"تدمير|دمر|تضرر|هدم|اضرار|damag|destroy", around) else None
    return measure
