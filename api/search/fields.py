"""Where in a record a word stands, as tokens of their own beside the words: what relevance is reckoned by.

A word of a record's name, alias or own text is indexed a second time behind a sign of that place, and whole names as
digests. So both engines look up "in the name" and "is the name" as they look up any word.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from hashlib import blake2b

from api.search.text import tokens, words


class Field(IntEnum):
    """What a text is to the record that has it, the weightiest first."""

    NAME = 0
    ALIAS = 1
    OWN = 2
    """The record's own prose, and the labels of its terms."""
    REFERRED = 3
    """A name of what the record refers to."""


_OWN = int(Field.OWN)  # a member of an enumeration takes longer to look up than to compare

IN_NAME, IN_OWN = "\ue001", "\ue002"
"""Stand before a token of a name, and of an alias or another text of the record's own. Private-use characters are never in a token of ours."""
IS_NAME, IS_ALIAS = "\ue003", "\ue004"
"""Stand before the digest of a whole name or alias."""

MOST_MARKS = 2_000  # of one record: what stands further behind in a long text is hardly why somebody looks for it


def marks(texts: Mapping[str, Field], tokens_of: Mapping[str, Sequence[str]]) -> list[str]:
    """The tokens that say where a record's words stand. A word of several places is marked at the weightiest."""
    in_name: dict[str, None] = {}
    in_own: dict[str, None] = {}
    whole: list[str] = []
    for text, field in texts.items():
        if field <= _OWN:
            (in_own if field else in_name).update(dict.fromkeys(tokens_of[text]))
            if field < _OWN:
                whole += whole_marks(text)[field]
    marked = [
        *whole,
        *(IN_NAME + token for token in in_name),
        *(IN_OWN + token for token in in_own if token not in in_name),
    ]
    return list(dict.fromkeys(marked))[:MOST_MARKS]


def whole_marks(name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The marks of records that have this name, and that have this alias: each as it is written, and by its stems."""
    as_written, by_stems = (_digest(kind, parts) for kind, parts in (("written", words(name)), ("stems", tokens(name))))
    return (IS_NAME + as_written, IS_NAME + by_stems), (IS_ALIAS + as_written, IS_ALIAS + by_stems)


def _digest(kind: str, parts: Iterable[str]) -> str:
    return blake2b(" ".join([kind, *parts]).encode(), digest_size=8).hexdigest()
