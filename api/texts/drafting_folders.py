"""Drafting the articles of a folder, as lines that say which file each is of."""

from pathlib import Path
from typing import Any, NamedTuple

import orjson

from api.drafting import markup
from api.drafting.drafts import About
from api.evidence.texts import LARGEST_FILE, NotText, UnreadableText, decoded, normalised
from api.texts.drafting import drafted
from schemas.answers.drafts import LONGEST_TEXT
from schemas.values.normal_form import NotStreamSafe

SUFFIXES = (".txt", ".html", ".htm")


def files_of(folder: Path) -> dict[str, Path]:
    """The articles in a folder and those below it, by their names from there, in order."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return {str(path.relative_to(folder)): path for path in found}


class Line(NamedTuple):
    """A file's line of JSON: `file`, and `draft` or, for a file that is no article, `error`."""

    body: bytes
    is_draft: bool


def line_of(name: str, path: Path, about: About) -> Line:
    """The line of a file: its draft, or why it is no article; its name is kept in it."""
    result: dict[str, Any]
    try:
        result = {"draft": drafted(text_of(raw_of(path)), about)}
    except (NotText, UnreadableText) as error:
        result = {"error": f"The text {error}."}
    return Line(orjson.dumps({"file": name, **result}, option=orjson.OPT_APPEND_NEWLINE), "draft" in result)


def raw_of(path: Path) -> bytes:
    """What a file holds, as far as an article reaches; raise UnreadableText."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableText(f"can't be read: {error.strerror or error}") from None


def text_of(raw: bytes) -> str:
    """The normalised text of an article or its page; raise NotText or UnreadableText."""
    text = decoded(raw)
    if len(text) > LONGEST_TEXT:
        raise NotText(f"has {len(text):,} characters; at most {LONGEST_TEXT:,} are drafted")
    try:
        text = normalised(markup.text_of(text) if markup.is_html(text) else text)
    except NotStreamSafe:
        raise NotText("has more combining marks in a row than any writing") from None
    if not any(character.isalnum() for character in text):
        raise NotText("has no words")
    return text
