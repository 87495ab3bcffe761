"""An invented article to attach: its text, the world whose statements rest on it, and the forms a file may have."""

import hashlib
import unicodedata
from pathlib import Path

from builders import Document, World, change, world

NBSP = "\u00a0"

TEXT = unicodedata.normalize(
    "NFC",
    f"""مكالمة بين الشمال والجنوب
{NBSP}
أعلنت وزارة الشمال صباح الجمعة أن الوزير إيفان بتروف هاتف رئيسة حكومة الجنوب، وأثنى على الهدنة.
وذكرت الوزارة أنّ ٦٬٥٠٠{NBSP}شخص رجعوا إلى قراهم، وأنّ الطُّرُق إلى المدينة تُفتَح قريبًا.
أما رئيسة الحكومة فقالت من مكتبها إنها «تنتظر الأفعال قبل الأقوال»، ثم شكـرت الوسطاء.
ولم يصدر عن الوكالة تعليق حتى مساء السبت، بحسب مراسلها في البلدة القديمة.
""",
)
WELCOMES = "الوزير إيفان بتروف هاتف رئيسة حكومة الجنوب، وأثنى على الهدنة"
COUNTS = f"الوزارة أنّ ٦٬٥٠٠{NBSP}شخص رجعوا إلى قراهم، وأنّ الطُّرُق إلى المدينة تُفتَح قريبًا"
ANSWERS = "رئيسة الحكومة فقالت من مكتبها إنها «تنتظر الأفعال قبل الأقوال»"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def span(passage: str, text: str = TEXT) -> Document:
    """The span of the only occurrence of a passage."""
    assert text.count(passage) == 1
    start = text.index(passage)
    return {"start": start, "end": start + len(passage), "sha256": digest(passage)}


def of_text(documents: World, text: str, *passages: list[Document]) -> World:
    """Let the page of a world have this text, and its statements these spans."""
    change(documents, "articles/page", "/sha256", digest(text))
    change(documents, "articles/page", "/length", len(text))
    for statement, spans in zip(documents["statements"], passages, strict=True):
        change(documents, f"statements/{statement}", "/reports/0/evidence", spans)
    return documents


def article() -> World:
    """The world, resting on the invented article: two spans of one statement and one of the other."""
    return of_text(world(), TEXT, [span(WELCOMES), span(COUNTS)], [span(ANSWERS)])


def saved(folder: Path, text: str = TEXT, encoding: str = "utf-8", name: str = "page.txt") -> Path:
    """A folder with one file of this text; give the folder back."""
    (folder / name).write_bytes(text.encode(encoding))
    return folder


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


FORMS: dict[str, bytes] = {
    "as it is": TEXT.encode(),
    "with a byte order mark": TEXT.encode("utf-8-sig"),
    "with CRLF": crlf(TEXT).encode(),
    "with CR": TEXT.replace("\n", "\r").encode(),
    "in NFD": unicodedata.normalize("NFD", TEXT).encode(),
    "in UTF-16, little end first": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "in UTF-16, big end first, with CRLF": b"\xfe\xff" + crlf(TEXT).encode("utf-16-be"),
}
"""The same text, as different programs save it."""
