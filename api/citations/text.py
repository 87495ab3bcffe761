"""Citations as a line of plain text for people, in Arabic and in English."""

from collections.abc import Iterator

from api.citations.cited import WORDS, Citation, citations
from api.representations.selected import Selected
from schemas.values.languages import FALLBACK


def written(selected: Selected) -> bytes:
    """A line for each record, in the languages that are wanted, else in Arabic and in English; records apart by a blank line."""
    by_language = [citations(selected._replace(wanted=[language])) for language in selected.wanted or FALLBACK]
    texts = ("\n".join(dict.fromkeys(map(line, each))) for each in zip(*by_language, strict=True))
    return "".join(f"{text}\n" for text in "\n\n".join(texts).split("\n")).encode() if selected.documents else b""


def line(citation: Citation) -> str:
    """A citation: authors, title, when it was said, according to whom, when it was published, and where the record is."""
    return (
        " ".join(f"{sentence.removesuffix('.')}." for sentence in _sentences(citation) if sentence) + f" {citation.url}"
    )


def _sentences(citation: Citation) -> Iterator[str]:
    words = WORDS[citation.words]
    yield words["and"].join(name.literal for name in citation.authors)
    yield citation.title
    if citation.said:
        yield words["and"].join(
            part for part in (words["said"].format(citation.day(citation.said)), citation.event) if part
        )
        yield citation.note
    else:
        place_and_day = (citation.publisher, citation.place, citation.published and citation.day(citation.published))
        yield words["and"].join(part for part in place_and_day if part)
