"""What is known while the expressions of a sentence are looked for from its beginning to its end."""

from collections.abc import Container

from api.drafting.cues.cue import Cue, Sentence
from api.drafting.lexicon.arabic import arabic
from api.drafting.lexicon.verbs import PAST, PRESENT, Form
from api.drafting.sources.description import Description


class Scan:
    """The state of the search: the sentence, where the current clause began, and the expressions found so far."""

    def __init__(self, sentence: Sentence, names: Container[str]) -> None:
        self.names = names
        self.tokens, self.first, self.end = sentence.tokens, sentence.first, sentence.end
        self.opening = {q.first: q for q in sentence.quotations}
        self.clause = self.first
        self.after_that = False
        self.that: int | None = None  # where the last clause after أن or إن began
        self.outer: Cue | None = None  # whose content that clause is
        self.found: list[Cue] = []
        self._brackets: dict[int, int] = {}  # every verb before a bracket asks where it ends

    def forms_at(self, position: int) -> tuple[tuple[Form, ...], bool]:
        """The forms of verbs that a word can be, and whether it needs a leading و or ف taken off for that."""
        word = self.tokens[position].text
        forms = arabic().forms.get(word, ()) or _with_pronoun(word)
        if forms or word[0] not in "وف" or len(word) < 3:
            return forms, False
        return arabic().forms.get(word[1:], ()) or _with_pronoun(word[1:]), True

    def is_long_quotation(self, position: int) -> bool:
        """Whether the quotation that opens at a token is longer than a name."""
        return self.opening[position].last - position > 4

    def is_known(self, described: Description) -> bool:
        """Whether the first word of a name was part of a name before."""
        return described.name is not None and self.tokens[described.name[0]].text in self.names

    def goes_on(self) -> bool:
        """Whether somebody was named as speaking earlier in the sentence."""
        return any(cue.subjects for cue in self.found)

    def after_bracket(self, position: int, closing: str = ")") -> int:
        """The token after a bracket (or a dash) that opens at a token, or the next token when it does not close soon."""
        if position not in self._brackets:
            soon = range(position + 1, min(self.end, position + 30))
            end = next((place for place in soon if self.tokens[place].text == closing), position)
            self._brackets[position] = 1 + end
        return self._brackets[position]


def is_nested(scan: Scan, position: int) -> bool:
    """Whether a verb stands at the beginning of what another expression tells."""
    return scan.outer is not None and scan.that is not None and position - scan.that <= 10 and scan.after_that


_TAKES_PRONOUN = frozenset("وصف اعتبر عد اتهم طالب حث حض ناشد أبلغ أخبر حذر".split())


def _with_pronoun(word: str) -> tuple[Form, ...]:
    """The forms of a verb of saying with a pronoun as its object: ووصفته، اتهمتها، دعاه."""
    for pronoun in ("هما", "هم", "ها", "ه"):
        if word.endswith(pronoun):
            forms = arabic().forms.get(word.removesuffix(pronoun), ())
            return tuple(form for form in forms if form.verb.lemma in _TAKES_PRONOUN and form.kind in (PAST, PRESENT))
    return ()
