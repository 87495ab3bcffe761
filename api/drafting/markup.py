"""HTML as an article's text: tags out, entities as their characters, one line for each block. In time linear in its length."""

import html
import re
from collections.abc import Iterator

_TAG = re.compile(r"<(?=[a-zA-Z/!])[^<>]*>")
_LOOKS_LIKE = re.compile(
    r"</?(?:p|div|br|span|html|body|article|h[1-6]|a|strong|b|em|ul|li|meta|script)\b[^<>]*>", re.IGNORECASE
)
_BLOCK = re.compile(
    r"^</?(?:p|div|br|h[1-6]|li|ul|ol|tr|table|article|section|header|footer|figure|figcaption|blockquote|title|body|html|head)\b",
    re.IGNORECASE,
)
_DROPPED = ("script", "style", "noscript", "template", "svg")
_ENDLESS = re.compile(r"&#[0-9]{100,};?")
"""References to characters by numbers so long that Python refuses to read them; none of them is a character's."""
_FEWEST_TAGS = 3  # tags from which a text counts as HTML that was pasted


def is_html(text: str) -> bool:
    """Whether a text is HTML: it has several tags."""
    return sum(1 for _, _ in zip(range(_FEWEST_TAGS), _LOOKS_LIKE.finditer(text), strict=False)) == _FEWEST_TAGS


def text_of(source: str) -> str:
    """The text of an HTML page."""
    pieces = "".join(_pieces(source))
    plain = html.unescape(_ENDLESS.sub("\ufffd", pieces))
    lines = (" ".join(line.split(" ")).strip() for line in plain.split("\n"))
    return "\n".join(line for line in lines if line) + "\n"


def _pieces(source: str) -> Iterator[str]:
    place = 0
    for tag in _TAG.finditer(source):
        if tag.start() < place:
            continue
        yield re.sub(r"\s+", " ", source[place : tag.start()])
        place = tag.end()
        name = re.match(r"<([a-zA-Z]+)", tag[0])
        if name and name[1].lower() in _DROPPED:
            place = _after_element(source, place, name[1].lower())
        elif _BLOCK.match(tag[0]):
            yield "\n"
    yield re.sub(r"\s+", " ", source[place:])


def _after_element(source: str, place: int, name: str) -> int:
    """After the end tag of an element whose content is no text; after the whole source when it never ends."""
    end = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(source, place)
    return end.end() if end else len(source)
