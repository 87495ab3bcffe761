"""A description of somebody as a sentence gives it."""

from typing import NamedTuple

PERSON, BODY, TEXT, PAIR, AGENCY, NAME = "person", "body", "text", "pair", "agency", "name"


class Description(NamedTuple):
    """Tokens `first` to `end` (exclusive) that name somebody; `name` is the range of a person's name in it, if there is one.

    `head` is the word that says what they are, without the article ("وزير", "حكومة"); empty for a bare name.
    """

    first: int
    end: int
    kind: str
    head: str
    name: tuple[int, int] | None
    gender: str | None
