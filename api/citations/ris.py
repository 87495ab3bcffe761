"""RIS, the tagged lines that reference managers import (Research Information Systems, as Zotero and EndNote read them)."""

import re
from collections.abc import Iterator

from api.citations.cited import WORDS, Citation, citations
from api.representations.selected import Selected

_TYPES = {"article-newspaper": "NEWS", "webpage": "ELEC", "speech": "GEN", "regulation": "STAT"}


def written(selected: Selected) -> bytes:
    """A reference for each record."""
    return "\r\n".join(_reference(citation) for citation in citations(selected)).encode()


def _reference(citation: Citation) -> str:
    lines = (f"{tag}  - {value}" for tag, value in _tags(citation) if value)
    return "\r\n".join([*lines, "ER  - ", ""])


def _tags(citation: Citation) -> Iterator[tuple[str, str]]:
    """The tags: `DA` is when it was published, `C1` when it was said."""
    said = WORDS[citation.words]["said"]
    yield "TY", _TYPES.get(citation.type, "GEN")
    yield "ID", citation.id
    for name in citation.authors:
        yield "AU", f"{name.family}, {name.given}" if name.family else name.literal
    yield "TI", citation.title
    yield "T2", citation.container
    yield "PB", citation.publisher
    yield "CY", citation.place
    yield "PY", _year(citation.published)
    yield "DA", _day(citation.published)
    yield "C1", said.format(citation.said) if citation.said else ""
    yield "C2", citation.event
    yield "M3", citation.genre
    yield "N1", citation.note
    yield "ET", citation.version
    yield "LA", citation.language
    yield "UR", citation.url


def _year(expression: str) -> str:
    return expression[:4] if re.match(r"\d{4}", expression) else ""


def _day(expression: str) -> str:
    """A plain date as RIS writes it, YYYY/MM/DD/; empty for a date that may be vague."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", expression, re.ASCII)
    return "/".join(part or "" for part in match.groups()) + "/" if match else ""
