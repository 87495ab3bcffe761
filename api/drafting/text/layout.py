"""What surrounds an article's body: title, dateline, byline, captions, menus, source lines; and what form the body has."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.drafting.text.words import NUMBER, SIGN, Token, tokens

TITLE, DATELINE, BOILERPLATE, BODY, ITEM, TURN, QUESTION = (
    "title", "dateline", "boilerplate", "body", "item", "turn", "question",
)  # fmt: skip


class Line(NamedTuple):
    """A line of the text: its kind, its tokens, and for a turn of a transcript how many tokens name who speaks.

    A paragraph of a turn that goes on has the tokens of the name that stands above it, in `said_by`.
    """

    kind: str
    start: int
    end: int
    tokens: list[Token]
    label: int = 0
    said_by: tuple[Token, ...] = ()


_ENDS = re.compile(r"[.!?؟…:؛»”\"]\s*$")
_BULLET = re.compile(
    r"^\s*(?:[-–—•*▪●■♦]|\(?[0-9٠-٩]{1,2}\s*[-–.)]|[أ-ي]\s*[-)]|(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)ً?\s*[-:–])\s*"
)
_FLASH = re.compile(r"^\s*(?:\d{1,2}[:.]\d{2}\b|عاجل\s*[|:\-–—])")
_SOURCE = re.compile(
    r"^\W*(?:ال)?(?:مصدر|مصادر|صورة|صور|المصادر|الصورة|تصوير|تحرير|إعداد|ترجمة|كتب(?:ت)?|بقلم|المحرر|"
    r"source|photo|image|credit|reporting by|editing by|by|written by|read more|related)\s*[:\-–—/+(]?",
    re.IGNORECASE,
)
_MENU = re.compile(
    r"(?:اقرأ أيض|إقرأ أيض|اقرا ايض|اضغط هنا|شاهد أيض|حقوق النشر|جميع الحقوق|أخبار ذات صلة|مواضيع ذات|About Post Author|"
    r"all rights reserved|click here|read more|//\s*انتهى)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"\b(?:للاشتراك|اشترك|شارك|شاركها|تابعونا|المزيد|طباعة|subscribe|sign up|share this|follow us)\b", re.IGNORECASE
)
_LONGEST_BUTTON = 7  # words; in longer lines such words belong to a sentence: "وحصل على المزيد من الدعم"
_LONGEST_MENU = 25  # words
_PAGE_DATE = re.compile(r"[0-9٠-٩]{4}")
_LONG = 14  # words; a line of more is a sentence even without a full stop
_ELSEWHERE = re.compile(r"(?:وكالات|الأناضول|رويترز|واس|كونا|وام|أ ?ف ?ب|د ?ب ?أ|سبوتنيك|Reuters|AFP|AP)\s*[)\-–]?\s*$")
_CAPTION = re.compile(r"\([^()]{2,30}\)\s*$")
_QUESTION = ("سوال", "س", "q", "question", "صحفي", "صحافي", "الصحفي", "مذيع", "المذيع", "reporter", "journalist")
_LONGEST_LABEL = 8  # tokens of who speaks
_LONGEST_ASKER = 18  # tokens of who asks, and whom: "سؤال لمعالي الوزير من وكالة الأنباء"
_LONGEST_HEADING = 4  # tokens of who speaks, above the paragraphs of what they said


def lines(text: str) -> list[Line]:
    """The lines of a text with their kinds; blank ones are left out."""
    raw = [(start, end) for start, end in _raw_lines(text)]
    parsed = [(start, end, tokens_at(text, start, end)) for start, end in raw]
    parsed = [line for line in parsed if line[2]]
    first = _first_sentence(text, parsed)
    return list(_transcript([_line(text, place, first, *line) for place, line in enumerate(parsed)]))


def tokens_at(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a stretch of the text, at their places in the whole."""
    return [token._replace(start=token.start + start, end=token.end + start) for token in tokens(text[start:end])]


def is_source(line: str) -> bool:
    """Whether a line names sources, authors or photographers."""
    return _SOURCE.match(line) is not None


def _raw_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"[\n\u2028\u2029\x0b\x0c]+|$", text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()


def _first_sentence(text: str, parsed: Sequence[tuple[int, int, list[Token]]]) -> int:
    """The line with which the body begins: the first that is a sentence; what stands above is title, dateline and byline."""
    for place, (start, end, line) in enumerate(parsed):
        words = sum(token.kind != SIGN for token in line)
        line_text = text[start:end]
        if _is_source_line(line_text, words) or _is_menu(line_text, words) or _is_date_line(line_text, words):
            continue
        if (
            words >= 5
            and re.search(r"[.!؟?…]\W*$", line_text)
            and not (place == 0 and words < _LONG and len(parsed) > 2)
        ):
            return place
        if words > _LONG and place > 0:
            return place
        if re.search(r"[،:]\s*$", line_text) and words > 6:
            return place
    return 1 if len(parsed) > 1 else 0


def _is_source_line(line: str, words: int) -> bool:
    """Whether a line only names a source, and is no sentence that begins with such a word: "مصادر أمنية قالت إن ..."."""
    return words < _LONG and _SOURCE.match(line) is not None and not re.search(r"[.!؟?]\s*$", line)


def _is_menu(line: str, words: int) -> bool:
    """Whether a line is of the page around the article: a link to others, a button."""
    if _MENU.search(line) and words < _LONGEST_MENU:
        return True
    return bool(_BUTTON.search(line)) and words <= _LONGEST_BUTTON and not re.search(r"[.!؟?]\W*$", line)


def _is_date_line(line: str, words: int) -> bool:
    return words <= _LONG and _PAGE_DATE.search(line) is not None and not re.search(r"[.!؟?،:]\W*$", line)


def _line(text: str, place: int, first: int, start: int, end: int, line: list[Token]) -> Line:
    return Line(_kind(text[start:end], place, first, line), start, end, line)


def _kind(line: str, place: int, first: int, tokens: Sequence[Token]) -> str:
    words = sum(token.kind != SIGN for token in tokens)
    if _is_menu(line, words):
        return BOILERPLATE
    if _FLASH.match(line) and words > _LONGEST_HEADING:
        return ITEM
    if place < first:
        if words < _LONG and _ELSEWHERE.search(line) and not _CAPTION.search(line):
            return DATELINE
        if _CAPTION.search(line):
            return BOILERPLATE
        if _is_date_line(line, words):
            return DATELINE
        return BOILERPLATE if _is_source_line(line, words) else TITLE
    if _is_source_line(line, words):
        return BOILERPLATE
    if line.strip().startswith("(") and line.strip().endswith(")") and words < 20:
        return BOILERPLATE
    if _BULLET.match(line):
        return ITEM
    if words < 9 and not _ENDS.search(line):
        return BOILERPLATE
    return BODY


def _transcript(found: Sequence[Line]) -> Iterator[Line]:
    """Turns of a transcript: lines that begin with who speaks and a colon, if the text has several of them."""
    labels = [_label(line) for line in found]
    asked = [bool(label) and _is_question(line.tokens[:label]) for line, label in zip(found, labels, strict=True)]
    names = [tuple(t.text for t in line.tokens[:label]) for line, label in zip(found, labels, strict=True) if label]
    repeated = {name for name, times in Counter(names).items() if times > 1}
    said_by: tuple[Token, ...] = ()
    for line, label, question in zip(found, labels, asked, strict=True):
        is_turn = label and (any(asked) or tuple(t.text for t in line.tokens[:label]) in repeated)
        if not is_turn or (line.kind == TITLE and not any(asked)):
            goes_on = said_by and line.kind in (BODY, ITEM)
            yield line._replace(kind=TURN, said_by=said_by) if goes_on else line
        else:
            said_by = () if question else tuple(line.tokens[:label])
            is_heading = label + 1 == len(line.tokens)
            yield line._replace(kind=QUESTION if question else BOILERPLATE if is_heading else TURN, label=label)


def _label(line: Line) -> int:
    longest = _LONGEST_ASKER if _is_question(line.tokens) else _LONGEST_LABEL
    for position, token in enumerate(line.tokens[: longest + 1]):
        if token.text == ":" and position > 0:
            return position if position + 1 < len(line.tokens) or position <= _LONGEST_HEADING else 0
        if token.kind == NUMBER or (token.kind == SIGN and token.text not in "()،,-–."):
            return 0
    return 0


def _is_question(label: Sequence[Token]) -> bool:
    return label[0].text in _QUESTION
