"""CSL-JSON, the input of citation processors (https://docs.citationstyles.org, csl-data.json of 1.0.2)."""

import re

import orjson

from api.citations.cited import Citation, Name, citations
from api.representations.selected import Selected, Values, without_gaps

_DAYS = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%]?)", re.ASCII)


def written(selected: Selected) -> bytes:
    """A list of items."""
    return orjson.dumps([item(citation) for citation in citations(selected)])


def item(citation: Citation) -> Values:
    """One item. `event-date` is when it was said, `issued` when it was published, `version` which version is cited."""
    return {
        "type": citation.type,
        "id": citation.id,
        **without_gaps(
            {
                "author": [_name(name) for name in citation.authors],
                "title": citation.title,
                "language": citation.language,
                "issued": date(citation, citation.published),
                "event-date": date(citation, citation.said),
                "event-title": citation.event,
                "event-place": citation.place,
                "container-title": citation.container,
                "publisher": citation.publisher,
                "genre": citation.genre,
                "note": citation.note,
                "version": citation.version,
                "URL": citation.url,
                "custom": {"evidence": citation.evidence} if citation.evidence else None,
            }
        ),
    }


def _name(name: Name) -> Values:
    return {"family": name.family, "given": name.given} if name.family else {"literal": name.literal}


def date(citation: Citation, expression: str) -> Values | None:
    """A date that may be vague (EDTF): by its parts, or as people write it where CSL has no parts for it."""
    if not expression:
        return None
    ends = [_DAYS.fullmatch(end.replace("-XX", "")) for end in expression.split("/")]
    matches = [end for end in ends if end is not None]
    if len(matches) < len(ends):
        return {"literal": citation.day(expression)}
    parts = {"date-parts": [[int(part) for part in match.groups()[:3] if part] for match in matches]}
    return {**parts, "circa": True} if any(match[4] for match in matches) else parts
