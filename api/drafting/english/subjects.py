"""Who an English sentence names before or after a verb of saying."""

from collections.abc import Sequence

from api.drafting.reading.article import Reading
from api.drafting.sources.description import BODY, NAME, PERSON, Description
from api.drafting.text.words import WORD, Token

PRONOUNS = frozenset("he she they it".split())
_LEADS = frozenset("on in meanwhile earlier later but and speaking for at however after".split())
_ADVERBS = frozenset(
    "however also later earlier meanwhile has had have previously separately reportedly repeatedly strongly again then".split()
)
_PERSONS = frozenset(
    "president minister premier secretary ambassador envoy spokesman spokeswoman spokesperson chief commander king queen prince leader speaker mayor governor director"
    " adviser representative official chairman chairwoman chair senator deputy commissioner coordinator mr mrs ms dr general foreign prime source sources".split()
)
_BODIES = frozenset(
    "government ministry council union nations party parliament court army police guard committee commission agency organization organisation bloc group office statement embassy".split()
)
_NOBODY = frozenset("analysts observers critics experts many some residents witnesses media reports".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
LONGEST_SUBJECT = 22
LONGEST_BEFORE_VERB = 200
"""Words within which the clause of a verb begins: for each of thousands of verbs in one sentence it is looked for."""


def subject_before(reading: Reading, tokens: Sequence[Token], first: int, verb: int) -> Description | None:
    """The subject that stands between the beginning of a clause and its verb."""
    end = verb
    while end > first and (tokens[end - 1].text in _ADVERBS or tokens[end - 1].text == ","):
        end -= 1
    if end - first > 2 and tokens[end - 2].text == "on" and tokens[end - 1].text in _DAYS:
        end -= 2
    nearest = max(first, end - LONGEST_BEFORE_VERB)
    start = next((p + 1 for p in range(end - 1, nearest - 1, -1) if tokens[p].text in (";", ":")), first)
    if start < nearest:
        return None
    start = _after_lead(tokens, start, end)
    if not 0 < end - start <= LONGEST_SUBJECT or tokens[start].text in PRONOUNS:
        return None
    return described_in(reading, tokens, start, end)


def _after_lead(tokens: Sequence[Token], start: int, end: int) -> int:
    """Past what precedes the subject with a comma: "On Tuesday, ", "Meanwhile, "."""
    if tokens[start].text in _LEADS:
        comma = next((p for p in range(start, end) if tokens[p].text == ","), None)
        return comma + 1 if comma is not None else start + (tokens[start].text in ("but", "and"))
    return start


def described_in(reading: Reading, tokens: Sequence[Token], first: int, end: int) -> Description | None:
    """The description that a range of tokens is; None when it names nobody, or nobody in particular."""
    words = [tokens[p].text.removesuffix("'s") for p in range(first, end) if tokens[p].kind == WORD]
    if (
        not words
        or words[0] in _NOBODY
        or any(word in ("that", "which", "who", "when", "if", "because") for word in words[:6])
    ):
        return None
    name = _name_in(reading, tokens, first, end)
    head = next((word for word in words if word in _PERSONS), "") or next(
        (word for word in words if word in _BODIES), ""
    )
    kind = PERSON if head in _PERSONS or (name and name[1] - name[0] > 1 and not head) else BODY if head else NAME
    if not head and not name:
        return None
    return Description(first, end, kind, head, name if kind != BODY else None, None)


def _name_in(reading: Reading, tokens: Sequence[Token], first: int, end: int) -> tuple[int, int] | None:
    """The last run of words with a capital that are no office."""
    stop = end
    while stop > first and not _is_capital(reading, tokens[stop - 1]):
        stop -= 1
    start = stop
    while (
        start > first
        and _is_capital(reading, tokens[start - 1])
        and tokens[start - 1].text not in _PERSONS
        and not tokens[start - 1].text.endswith("'s")
    ):
        start -= 1
    return (start, stop) if start < stop else None


def _is_capital(reading: Reading, token: Token) -> bool:
    return token.kind == WORD and reading.text[token.start].isupper() and token.text not in ("the", "its", "a")
