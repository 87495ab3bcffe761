"""Languages of texts: their tags (BCP 47, RFC 5646) in canonical form."""

from functools import lru_cache

from langcodes import standardize_tag, tag_is_valid


@lru_cache(maxsize=1000)
def canonical(tag: str) -> str | None:
    """The canonical form of a language tag: `zh-Hant` of `zh-hant`, `he` of `iw`. None when no such language is registered."""
    try:
        return standardize_tag(tag) if tag_is_valid(tag) else None
    except ValueError:
        return None
