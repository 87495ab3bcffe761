"""How a statement renders what was said: word for word, in reported speech, in the outlet's words, or for several at once."""

from collections.abc import Sequence

from api.drafting.cues.cue import QUOTED, THAT, Cue, Sentence
from api.drafting.lexicon.arabic import word_list
from api.drafting.reading.article import Reading
from api.drafting.reading.statement import DIRECT, INDIRECT, JOINT, PARAPHRASE, Statement
from api.drafting.sources.description import BODY, PERSON, TEXT
from api.drafting.sources.entity import Entity
from api.drafting.sources.heads import bare
from api.drafting.text.quotations import Quotation, between
from api.drafting.text.words import Token, without_conjunction

_NAMED_BY = frozenset(
    "باسم عبر منصه كتله حزب حركه جماعه وكاله قناه صحيفه موقع موتمر قمه وثيقه اعلان اتفاق اتفاقيه بروتوكول لقاح عمليه معبر معاهده مبادره حمله مشروع برنامج مجموعه المسمي المسماه".split()
)
_OF_SEVERAL = frozenset("مشترك مشتركه ثلاثي ثلاثيه رباعي ثنايي".split())
_TOGETHER = frozenset("قادة زعماء رؤساء وزراء الجانبان الطرفان الوزيران الرئيسان جانبان طرفان وزيران رئيسان".split())
# The outlet names the act: "agreed to", "hoped that", "demanded that" report no words even with أن.
_DONE_BY_NAMING = frozenset(
    "urge demand request call-for agree discuss express-hope express-pessimism pledge offer propose invite decide decree instruct welcome".split()
)


def mode_of(reading: Reading, sentence: Sentence, cue: Cue, stop: int, speakers: Sequence[Entity]) -> str:
    """The mode of a statement: direct, indirect, paraphrase or joint."""
    if any(_is_speech(sentence.tokens, q, cue, stop) for q in between(sentence.quotations, cue.content, stop)):
        return DIRECT
    if len(speakers) > 1 and reading.joint:
        return JOINT
    if all(_is_issuer(reading, speaker) for speaker in speakers) and not cue.nested:
        return DIRECT
    if without_conjunction(sentence.tokens[sentence.first].text) in word_list("according"):
        return INDIRECT
    if cue.verb.act in _DONE_BY_NAMING:
        return PARAPHRASE
    return INDIRECT if cue.complement in (THAT, QUOTED) else PARAPHRASE


def _is_issuer(reading: Reading, speaker: Entity) -> bool:
    """Whether the page holds a text of a body itself, and not what somebody tells of it."""
    return (
        not (speaker.kind == PERSON and speaker.name)
        and speaker.head != "دوله"
        and bool(reading.issued & speaker.words)
    )


def is_joint_text(tokens: Sequence[Token], teller: Cue, speakers: Sequence[Entity]) -> bool:
    """Whether a text of several speakers together tells what they say: "جاء في البيان الثلاثي أن قادة الدول الثلاث"."""
    if not teller.subjects or not (len(speakers) > 1 or any(bare(s.label.split()[0]) in _TOGETHER for s in speakers)):
        return False
    described = teller.subjects[0]
    return described.kind == TEXT and any(
        bare(token.text) in _OF_SEVERAL for token in tokens[described.first : described.end]
    )


def is_of_others(statement: Statement) -> bool:
    """Whether a body tells what persons said, as a ministry's readout does: its words are not theirs, in quotation marks or not."""
    return any(teller.kind == BODY for teller in statement.chain) and not statement.spokespersons


def _is_speech(tokens: Sequence[Token], quotation: Quotation, cue: Cue, stop: int) -> bool:
    """Whether quotation marks in the content hold words of the speaker, not a name."""
    if cue.before:
        return quotation.first == cue.content
    if not cue.content <= quotation.first < stop:
        return False
    before = tokens[quotation.first - 1].text if quotation.first else ""
    length = quotation.last - quotation.first - 1
    named = (
        without_conjunction(before) in _NAMED_BY
        or bare(before) in _NAMED_BY
        or (before.rstrip("ـ") in ("ب", "ل") and _is_called(tokens, quotation))
    )
    return not (named and length <= 5)


def _is_called(tokens: Sequence[Token], quotation: Quotation) -> bool:
    earlier = [token.text for token in tokens[max(0, quotation.first - 6) : quotation.first]]
    return any(word.startswith(("المعروف", "والمعروف", "المسم", "يعرف", "الترحيب")) for word in earlier)
