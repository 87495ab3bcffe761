"""The picture that services show beside a link to a statement: its summary, and below it who says so.

Those services take PNG, not SVG. So it is drawn as SVG and painted by resvg, with a font of our own that has both scripts,
for resvg joins no Arabic letters across fonts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from textwrap import wrap

import regex
import resvg_py
from markupsafe import escape

from api.pages.frame.languages import direction_of

WIDTH, HEIGHT = 1200, 630  # pixels that services show links at (ogp.me names no size; these show everywhere uncut)
MARGIN = 70  # pixels
SIZES = (64, 54, 46, 38)  # of the letters of a summary in pixels: the largest at which all of it fits
SUMMARY, ACCOUNT = (178, 350), (505, 130)  # where they begin and how much room they have, in pixels from the top
SMALL = 27  # of the letters of the account
LEADING = 1.6  # between lines, in sizes of the letters: Arabic vowel signs need more room than Latin letters
LETTER = 0.47  # of the size of the letters is the width of one, on average, in both scripts

_FONTS = [str(files("api.pages") / "static" / f"tasrih-card-{weight}.ttf") for weight in ("regular", "bold")]
_OTHER_SCRIPTS = regex.compile(r"[^\p{Arabic}\p{Latin}\p{Common}\p{Inherited}]")
"""What our font has no letters for; fonts of the machine are looked through, which takes a while."""
_RIGHT_TO_LEFT, _ISOLATE_END = "\u2067", "\u2069"


@dataclass(frozen=True)
class Text:
    """A plain text and the tag of its language."""

    value: str
    language: str


def painted(summary: Text, account: Text, brand: Text) -> bytes:
    """The picture as PNG."""
    fonts_of_ours_suffice = not _OTHER_SCRIPTS.search(summary.value + account.value + brand.value)
    svg = _drawn(summary, account, brand)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=_FONTS, skip_system_fonts=fonts_of_ours_suffice))


def _drawn(summary: Text, account: Text, brand: Text) -> str:
    top, room = SUMMARY
    size = next((size for size in SIZES if len(wrapped(summary.value, size)) <= _rows(size, room)), SIZES[-1])
    lines = [
        f'<g fill="#8c3317">{_line(brand, 76, 36, 700)}</g>',
        *_paragraph(summary, top, room, size, 700),
        *_paragraph(account, *ACCOUNT, SMALL, 400),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        '<rect width="100%" height="100%" fill="#fbf7ef"/><rect width="100%" height="14" fill="#8c3317"/>'
        f'<g font-family="Tasrih Card" fill="#221d17">{"".join(lines)}</g></svg>'
    )


def _rows(size: int, room: int) -> int:
    return int(room // (size * LEADING))


def _paragraph(text: Text, top: int, room: int, size: int, weight: int) -> Iterator[str]:
    for row, line in enumerate(cut(wrapped(text.value, size), _rows(size, room))):
        yield _line(Text(line, text.language), top + row * size * LEADING, size, weight)


def wrapped(text: str, size: int) -> list[str]:
    """A text in lines that fit into the picture at a size, words longer than a line cut."""
    return wrap(text, int((WIDTH - 2 * MARGIN) / (size * LETTER)), break_on_hyphens=False)


def cut(lines: list[str], most: int) -> list[str]:
    """At most so many lines; dots say that there were more."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _line(text: Text, y: float, size: int, weight: int) -> str:
    """A line at its margin. resvg orders letters by UAX #9 but knows no `direction`: an isolate says it."""
    x, anchor, value = MARGIN, "start", text.value
    if direction_of(text.language) == "rtl":
        x, anchor, value = WIDTH - MARGIN, "end", f"{_RIGHT_TO_LEFT}{text.value}{_ISOLATE_END}"
    return f'<text x="{x}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">{escape(value)}</text>'
