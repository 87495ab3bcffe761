"""Languages of texts: their tags (BCP 47, RFC 5646) in canonical form."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from langcodes import standardize_tag, tag_is_valid


@lru_cache(maxsize=1000)
def canonical(tag: str) -> str | None:
    """The canonical form of a language tag: `zh-Hant` of `zh-hant`, `he` of `iw`. None when no such language is registered."""
    try:
        return standardize_tag(tag) if tag_is_valid(tag) else None
    except ValueError:
        return None


FALLBACK = ("ar", "en")
"""The languages that are taken in this order where a text is in none of those that were asked for."""


def best(texts: Mapping[str, Any], wanted: Sequence[str] = ()) -> str:
    """The language of a text that is shown to whoever wants these languages, most wanted first.

    Of each: the language itself, then what it is a variety of (`pt` for `pt-BR`; RFC 4647, 3.4), then a variety of it. Then
    those of FALLBACK, then the first that there is. This is the only fallback that the service knows.
    """
    for tag in (*wanted, *FALLBACK):
        for match in _matches(texts, tag):
            return match
    return next(iter(texts))


def _matches(texts: Mapping[str, Any], tag: str) -> Iterator[str]:
    subtags = tag.split("-")
    broader = ("-".join(subtags[:length]) for length in range(len(subtags), 0, -1))
    yield from (each for each in broader if each in texts)
    yield from (each for each in texts if each.startswith(f"{subtags[0]}-"))
