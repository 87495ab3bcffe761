"""A reporting expression, and the sentence in which it is looked for."""

from collections.abc import Sequence
from typing import NamedTuple

from api.drafting.lexicon.verbs import Verb
from api.drafting.sources.description import Description
from api.drafting.text.quotations import Quotation
from api.drafting.text.words import Token

THAT, OBJECT, QUOTED = "that", "object", "quoted"


class Cue(NamedTuple):
    """A reporting expression: tokens `first` to `verb_end`, its subjects, and `content`, the token where what was said begins.

    `begins` is where its clause begins, with a subject that stands before the verb. `complement` is what introduces the
    content; `rule` names how it was recognised; `nested` says that it stands at the beginning of what another cue tells.
    """

    rule: str
    verb: Verb
    begins: int
    first: int
    verb_end: int
    subjects: tuple[Description, ...]
    complement: str
    content: int
    agrees: str = ""
    nested: bool = False
    before: bool = False


class Sentence(NamedTuple):
    """A sentence: those tokens of its paragraph that stand before its `end`, where it begins, and its quotations, in order."""

    tokens: Sequence[Token]
    first: int
    end: int
    quotations: Sequence[Quotation]
