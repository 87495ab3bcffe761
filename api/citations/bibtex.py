"""BibTeX, with the fields of biblatex, whose dates are EDTF (biblatex 3.20, 2.3.8)."""

import re

from api.citations.cited import Citation, Name, citations
from api.representations.selected import Selected

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "%&#_$"},
}
_TO_ESCAPE = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")


def written(selected: Selected) -> bytes:
    """An entry for each record."""
    return "\n".join(entry(citation) for citation in citations(selected)).encode()


def entry(citation: Citation) -> str:
    """An entry: `date` is when it was published, `eventdate` when it was said."""
    fields = {
        "author": " and ".join(map(_name, citation.authors)),
        "title": f"{{{_escaped(citation.title)}}}",
        "date": citation.published,
        "eventdate": citation.said,
        "eventtitle": _escaped(citation.event),
        "venue": _escaped(citation.place),
        "howpublished": _escaped(citation.container),
        "organization": _escaped(citation.publisher),
        "type": _escaped(citation.genre),
        "note": _escaped(citation.note),
        "version": citation.version,
        "langid": citation.language,
        "url": citation.url,
    }
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.id},", *lines, "}", ""])


def _name(name: Name) -> str:
    if name.family:
        return f"{{{_escaped(name.family)}}}, {{{_escaped(name.given)}}}"
    return f"{{{_escaped(name.literal)}}}"


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _SPECIAL[match[0]], text)
