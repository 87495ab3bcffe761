"""How far a description reaches: over names in quotation marks and appositions, up to what belongs to the verb."""

from collections.abc import Sequence

from api.drafting.sources.appositions import apposition
from api.drafting.sources.boundaries import ends_before
from api.drafting.sources.heads import head_of
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import COMMAS, SIGN, Token, without_conjunction

LONGEST = 22  # tokens; longer ones are no descriptions
LONGEST_QUOTED_NAME = 6


def end_of(tokens: Sequence[Token], first: int, stops: frozenset[str], takes_by: bool) -> int:
    """The token after the last of a description; the first token itself when there is none."""
    position, limit = first, min(len(tokens), first + LONGEST)
    while position < limit:
        token = tokens[position]
        if token.text in COMMAS:
            after = apposition(tokens, position + 1, stops, takes_by) if position > first else position
            if after <= position + 1:
                break
            return after
        if token.kind == SIGN:
            after_name = _after_quoted_name(tokens, position, first)
            if after_name is None:
                return first
            if after_name < 0:
                return -after_name
            position = after_name
            if tokens[first].kind == SIGN and position < limit and head_of(tokens[position].text):
                return position
            continue
        if ends_before(tokens, position, first, stops, takes_by):
            break
        position += 1
    return position


def _after_quoted_name(tokens: Sequence[Token], position: int, first: int) -> int | None:
    """After a quoted name such as «النهضة والبناء»; the negative of the place where the description ends otherwise."""
    mark = tokens[position].text
    if mark in MARKS or mark == "(":
        for place in range(position + 1, min(len(tokens), position + LONGEST_QUOTED_NAME + 2)):
            if tokens[place].kind == SIGN and tokens[place].text in (MARKS if mark in MARKS else ")"):
                return place + 1
    return -position if position > first else None


def with_adjectives(tokens: Sequence[Token], position: int, end: int) -> int:
    """Past the adjectives of origin that follow a noun: "الجانبان الأذربيجاني والأرمني"."""
    while (
        position < end
        and without_conjunction(tokens[position].text).startswith("ال")
        and tokens[position].text.endswith(("ي", "يه", "يان", "يين"))
    ):
        position += 1
    return position
