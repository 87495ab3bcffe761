"""The languages of the pages: which way they run, and how they write numbers, counted things and dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from schemas.values.date_labels import MONTHS, label
from schemas.values.languages import best

DIGITS = ("latn", "arab")
"""The digits to choose from, by their names in CLDR: 0123456789 and ٠١٢٣٤٥٦٧٨٩."""

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ku-Arab nqo ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("Arab Hebr Nkoo Syrc Thaa".split())

_LEVANTINE = dict(
    zip(
        MONTHS["ar"],
        "كانون الثاني،شباط،آذار،نيسان،أيار،حزيران،تموز،آب،أيلول،تشرين الأول،تشرين الثاني،كانون الأول".split("،"),
        strict=True,
    )
)
_MONTH = re.compile("|".join(_LEVANTINE))


@dataclass(frozen=True)
class Noun:
    """What is counted, in the forms that numbers ask for.

    Arabic: one, two, 3 to 10 (plural, genitive), 11 to 99 (singular, accusative), and the singular after hundreds.
    """

    en: tuple[str, str]
    ar: tuple[str, str, str, str, str]


STATEMENT = Noun(("statement", "statements"), ("تصريح واحد", "تصريحان", "تصريحات", "تصريحًا", "تصريح"))
ARTICLE = Noun(("article", "articles"), ("مقال واحد", "مقالان", "مقالات", "مقالًا", "مقال"))
REVISION = Noun(("revision", "revisions"), ("صيغة واحدة", "صيغتان", "صيغ", "صيغةً", "صيغة"))
AGENT = Noun(("agent", "agents"), ("ناقل واحد", "ناقلان", "ناقلين", "ناقلًا", "ناقل"))
SPAN = Noun(("passage", "passages"), ("موضع واحد", "موضعان", "مواضع", "موضعًا", "موضع"))
RECORD = Noun(("record", "records"), ("سجل واحد", "سجلان", "سجلات", "سجلًا", "سجل"))


@dataclass(frozen=True)
class Language:
    """A language of the pages."""

    code: str
    direction: str
    name: str


ARABIC = Language("ar", "rtl", "العربية")
ENGLISH = Language("en", "ltr", "English")
LANGUAGES = {language.code: language for language in (ARABIC, ENGLISH)}
"""The languages of the pages by their tags; the first is that of readers of whom nothing is known."""

NAMES = {
    "ar": {"ar": "العربية", "en": "الإنجليزية", "ru": "الروسية", "hy": "الأرمينية", "az": "الأذربيجانية"},
    "en": {"ar": "Arabic", "en": "English", "ru": "Russian", "hy": "Armenian", "az": "Azerbaijani"},
}
"""What the languages of the records are called in those of the pages; any other is called by its tag."""


def direction_of(tag: str) -> str:
    """Which way a language is written, by its tag: `rtl` or `ltr`."""
    subtags = tag.split("-")
    if any(subtag in _RIGHT_TO_LEFT_SCRIPTS for subtag in subtags[1:]):
        return "rtl"
    return "rtl" if subtags[0] in _RIGHT_TO_LEFT and "Latn" not in subtags and "Cyrl" not in subtags else "ltr"


@dataclass(frozen=True)
class Wording:
    """How a reader wants things worded: in which language, with which digits."""

    language: Language
    digits: str | None = None

    def t(self, ar: str, en: str) -> str:
        """The one of two wordings that is in the reader's language."""
        return ar if self.language is ARABIC else en

    def localized(self, text: str) -> str:
        """A text of ours with the reader's digits."""
        return text.translate(_ARABIC_INDIC) if self.digits == "arab" else text

    def number(self, value: float) -> str:
        """A number with separators between thousands."""
        written = f"{value:,}"
        if self.digits == "arab":
            written = written.replace(",", "٬").replace(".", "٫")
        return self.localized(written)

    def counted(self, number: int, noun: Noun) -> str:
        """A number of things: "3 statements", "تصريحان"."""
        if self.language is ENGLISH:
            return f"{self.number(number)} {noun.en[number != 1]}"
        one, two, few, many, hundreds = noun.ar
        if number in (1, 2):
            return (one, two)[number - 1]
        rest = number % 100
        form = few if 3 <= rest <= 10 else many if 11 <= rest <= 99 else hundreds
        return f"{self.number(number)} {form}"

    def date(self, expression: str) -> str:
        """A date in EDTF as people write it; in Arabic with both names of the month, as news agencies give them."""
        return self.localized(_both_months(label(expression, self.language.code)))

    def moment(self, recorded: str) -> str:
        """A moment in UTC, to the minute."""
        return f"{self.date(recorded[:10])}، {self.localized(recorded[11:16])} UTC".replace("،", self.t("،", ","))

    def language_name(self, tag: str) -> str:
        """What a language is called."""
        return NAMES[self.language.code].get(tag, tag)

    def best(self, texts: Mapping[str, str]) -> str:
        """The language of a text that this reader is shown."""
        return self.language.code if self.language.code in texts else best(texts, (self.language.code,))

    def plain(self, texts: Mapping[str, str]) -> str:
        """A text in the reader's language, or in another where it has none."""
        return texts[self.best(texts)]


@lru_cache(maxsize=4096)
def _both_months(written: str) -> str:
    return _MONTH.sub(lambda month: f"{month[0]}/{_LEVANTINE[month[0]]}", written)
