"""Drafting an annotated article as the service would."""

from collections.abc import Iterator, Sequence
from typing import Any

from api.drafting import drafts
from api.drafting.names import KnownName
from bench.drafting.corpus import Article


def draft(article: Article) -> dict[str, Any]:
    """The draft of an article, in the shape that the measure reads."""
    known = list(_names(article))

    def find_names(words: Sequence[str]) -> list[KnownName]:
        return known

    return drafts.draft(article.text, drafts.About(published=article.gold.get("published")), find_names)


def _names(article: Article) -> Iterator[KnownName]:
    for record_type, documents in article.known.items():
        for document in documents:
            for proper, values in (
                (True, document["name"].values()),
                (False, (a["value"] for a in document.get("aliases", ()))),
            ):
                yield from (KnownName(value, record_type, document["id"], document["name"], proper) for value in values)
