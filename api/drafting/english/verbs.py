"""English verbs of saying in all their forms, and where they stand in a sentence."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from api.drafting.lexicon.verbs import Verb
from api.drafting.text.quotations import Quotation
from api.drafting.text.words import Token
from schemas.records.vocabularies import documents as vocabularies

_IRREGULAR = {
    "say": ("said", "says", "saying"), "tell": ("told", "tells", "telling"), "hold": ("held", "holds", "holding"), "deny": ("denied", "denies", "denying"),
    "give": ("gave", "gives", "giving"), "take": ("took", "takes", "taking"), "put": ("put", "puts", "putting"), "seek": ("sought", "seeks", "seeking"),
    "write": ("wrote", "writes", "writing"), "stand": ("stood", "stands", "standing"), "be": ("is", "are", "was", "were"), "bring": ("brought", "brings", "bringing"),
}  # fmt: skip
_MORE = (
    ("add", "report"), ("continue", "report"), ("reply", "report"), ("respond", "report"), ("write", "assert"), ("tweet", "assert"),
    ("note", "report"), ("insist", "assert"), ("stress", "stress"), ("tell", "report"), ("confirm", "report"), ("comment", "assess"),
)  # fmt: skip
_AMBIGUOUS = frozenset(
    "table mark back hold put be study weigh note press grant charge view issue value honour fault order correct credit stand take give bring table seek withdraw hail limit continue greet review conclude drop direct task rule expect echo".split()
)


class VerbFound(NamedTuple):
    """A verb of saying: its tokens, the vocabulary's verb, and its form: `past` (finite) or `ing`."""

    first: int
    end: int
    verb: Verb
    form: str


@cache
def _verbs() -> dict[str, list[tuple[tuple[str, ...], Verb, str]]]:
    """The forms of verbs by their first word: their words, the verb, and whether it is finite or a participle."""
    table: dict[str, list[tuple[tuple[str, ...], Verb, str]]] = {}
    listed = [
        (verb, term["id"]) for term in vocabularies()["acts"]["terms"] for verb in term.get("verbs", {}).get("en", ())
    ]
    for phrase, act in [*listed, *_MORE]:
        first, *rest = phrase.split()
        if first in ("be",) or (not rest and first in _AMBIGUOUS):
            continue
        verb = Verb(phrase, act, frozenset(), True, False)
        for spelling, form in _inflected(first):
            entry = ((spelling, *rest), verb, form)
            if all(known[0] != entry[0] for known in table.get(spelling, ())):
                table.setdefault(spelling, []).append(entry)
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def _inflected(verb: str) -> Iterator[tuple[str, str]]:
    if verb in _IRREGULAR:
        forms = _IRREGULAR[verb]
        yield from ((form, "ing" if form.endswith("ing") else "finite") for form in forms)
        return
    stem = verb[:-1] if verb.endswith("e") else verb
    doubled = verb + verb[-1] if verb in ("rebut", "regret", "admit", "commit", "refer") else verb
    y = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeou" else None
    yield (y or (verb + "d" if verb.endswith("e") else doubled + "ed")), "finite"
    yield (verb[:-1] + "ies" if y else verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s")), "finite"
    yield (doubled if doubled != verb else stem if verb.endswith("e") else verb) + "ing", "ing"


def verbs_in(tokens: Sequence[Token], first: int, end: int, quoted: Sequence[Quotation]) -> Iterator[VerbFound]:
    """The verbs of saying outside of quotation marks."""
    inside = {p for q in quoted for p in range(q.first, q.last + 1)}
    position = first
    while position < end:
        match = None if position in inside else _verb_at(tokens, position, end)
        if match:
            yield match
        position = match.end if match else position + 1


def performing(tokens: Sequence[Token], position: int) -> Iterator[Verb]:
    """The verb at a token, in the present or without an ending: "welcome", "welcomes"."""
    word = tokens[position].text if position < len(tokens) else ""
    for spelling in (word, f"{word}s", f"{word}es", f"{word[:-1]}ies"):
        for words, verb, form in _verbs().get(spelling, ()):
            if form == "finite" and not spelling.endswith("ed") and _follow(tokens, position + 1, words[1:]):
                yield verb


def _follow(tokens: Sequence[Token], position: int, words: Sequence[str]) -> bool:
    return tuple(token.text for token in tokens[position : position + len(words)]) == tuple(words)


def _verb_at(tokens: Sequence[Token], position: int, end: int) -> VerbFound | None:
    for words, verb, form in _verbs().get(tokens[position].text, ()):
        if words[0].startswith("express") and len(words) == 2:
            noun = next((p for p in range(position + 1, min(end, position + 5)) if tokens[p].text == words[1]), None)
            if noun is not None:
                return VerbFound(position, noun + 1, verb, form)
        last = position + len(words)
        if last <= end and tuple(token.text for token in tokens[position:last]) == words:
            return VerbFound(position, last, verb, form)
    return None
