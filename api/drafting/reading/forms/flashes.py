"""Flashes: a line that names who says it before a colon, without a verb: "عاجل | الرئاسة: لن نوقع", "14:20 - قائد الجيش: سنرد"."""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from api.drafting.lexicon.arabic import arabic, word_list
from api.drafting.reading.article import Reading
from api.drafting.reading.content import trim
from api.drafting.reading.evidence import remember_label
from api.drafting.reading.statement import DIRECT, INDIRECT, Statement
from api.drafting.sources.description import BODY, PERSON, Description
from api.drafting.sources.descriptions import descriptions_within
from api.drafting.sources.heads import head_of
from api.drafting.text import layout
from api.drafting.text.quotations import between, quotations
from api.drafting.text.sentences import sentences
from api.drafting.text.words import NUMBER, SIGN, Token, span_of
from api.drafting.values import acts
from api.drafting.values.figures import figures

_LONGEST_LABEL = 14  # tokens of who speaks, an agency that relays them included
_FEWEST = 3  # tokens that are said
_BEFORE = frozenset("عاجل | - – — •".split())


def read_flash(reading: Reading, number: int, line: layout.Line) -> bool:
    """Draft the sentences of a line that begins with an office or a body and a colon; whether it does."""
    tokens = line.tokens
    first = _after_time(tokens)
    colon = next((p for p in range(first, min(len(tokens), first + _LONGEST_LABEL)) if tokens[p].text == ":"), None)
    described = _label(tokens, first, colon) if colon else None
    if described is None or colon is None or len(tokens) - colon <= _FEWEST:
        return False
    speaker = reading.entities.meet(tokens, described)
    label = span_of(tokens, described.first, described.end)
    said = next(form.verb for form in arabic().forms["قال"])
    quoted = quotations(tokens)
    for start, last in sentences(tokens, quoted, colon + 1):
        stop = trim(tokens, start, last)
        words = [token for token in tokens[start:stop] if token.kind != SIGN]
        is_first = start == colon + 1
        mode = DIRECT if between(quoted, start, stop) or _is_in_own_words(words) else INDIRECT
        reading.statements.append(
            Statement(
                "flash", said, label, [speaker], [label], [span_of(tokens, first if is_first else start, stop)],
                acts.act(said.lemma, said.act, words, words), mode, figures(tokens, start, stop), None, number, tokens=tokens,
            )
        )  # fmt: skip
    remember_label(reading, number, [speaker], label)
    return True


def _after_time(tokens: Sequence[Token]) -> int:
    """The token after what stands before a flash: the time of day, a bullet, "عاجل"."""
    is_time = len(tokens) > 2 and tokens[0].kind == NUMBER and tokens[1].text in ":." and tokens[2].kind == NUMBER
    first = 3 if is_time else 0
    return first + len(list(takewhile(lambda token: token.text in _BEFORE, tokens[first:])))


def _label(tokens: Sequence[Token], first: int, colon: int) -> Description | None:
    """Whom the words before the colon describe, if they do nothing else; after "رويترز عن" those whom the agency relays."""
    about = next((p + 1 for p in range(first + 1, colon) if tokens[p].text in ("عن", "نقلا")), first)
    about += tokens[about].text == "عن"
    if not head_of(tokens[about].text) and tokens[about].text not in word_list("titles"):
        return None
    found = descriptions_within(tokens, about, colon)
    if len(found) != 1 or found[0].end != colon or found[0].kind not in (PERSON, BODY) or not found[0].head:
        return None
    return found[0]


def _is_in_own_words(words: Sequence[Token]) -> bool:
    """Whether they speak as "we": "سنرد", "أسقطنا", "لن نوقع"."""
    return any(
        word.text.startswith("سن")
        or (word.text.endswith("نا") and len(word.text) > _SHORTEST_OF_OURS)
        or (word.text.startswith("ن") and before.text in ("لن", "لا", "لم"))
        for before, word in pairwise([words[0], *words])
    )


_SHORTEST_OF_OURS = 4  # letters; "هنا" is "here"
