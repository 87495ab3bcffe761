"""The measure of a draft: which gold statements it finds, and which fields of these are right.

A draft statement is found when its evidence and that of a gold statement overlap with an intersection over union of at least
one half, in code points; each is used once, the best overlap first. What a gold statement has in `also_at` counts like its evidence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.values import dates

Record = Mapping[str, Any]
FOUND = 0.5  # intersection over union from which a statement counts as found
FIELDS = ("speaker", "act", "act_lenient", "mode", "mode_lenient", "date", "date_lenient", "date_overlaps")
_MARKS = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPELLINGS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ء": ""}
)
_TITLES = frozenset("و في من على الى عن ال وزير وزيره رييس الرييس الوزير باسم المتحدث السيد الدكتور معالي سمو".split())


class Match(NamedTuple):
    """A gold statement and the draft statement that found it, by their positions, with their overlap."""

    gold: int
    draft: int
    overlap: float


class Score(NamedTuple):
    """What a draft of one article, or of several together, was worth. Figures are counted as right, superfluous, missed."""

    gold: int
    draft: int
    found: int
    right: Counter[str]
    figures: tuple[int, int, int]
    on_background: int
    on_traps: int
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of draft statements that found a gold statement."""
        return self.found / self.draft if self.draft else 0.0

    @property
    def recall(self) -> float:
        """The share of gold statements that were found."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / (self.gold + self.draft) if self.gold + self.draft else 0.0

    @property
    def figures_f1(self) -> float | None:
        """The F1 of figures in found statements; None when there are none."""
        right, superfluous, missed = self.figures
        counted = 2 * right + superfluous + missed
        return 2 * right / counted if counted else None

    def accuracy(self, field: str) -> float:
        """The share of found statements in which a field is right."""
        return self.right[field] / self.found if self.found else 0.0


def total(scores: Iterable[Score]) -> Score:
    """The score of several articles together."""
    listed = list(scores)
    right: Counter[str] = Counter()
    for score in listed:
        right.update(score.right)
    sums = [sum(score.figures[place] for score in listed) for place in range(3)]
    return Score(
        sum(score.gold for score in listed), sum(score.draft for score in listed), sum(score.found for score in listed), right,
        (sums[0], sums[1], sums[2]), sum(score.on_background for score in listed), sum(score.on_traps for score in listed),
        tuple(missed for score in listed for missed in score.missed),
    )  # fmt: skip


def score(gold: Record, draft: Record) -> Score:
    """Score the draft of an article against its gold annotation."""
    wanted, drafted = gold["statements"], draft["statements"]
    matches = match(wanted, drafted)
    right: Counter[str] = Counter()
    counted = [0, 0, 0]
    for found in matches:
        right.update(_right_fields(wanted[found.gold], drafted[found.draft]))
        for place, number in enumerate(_figures(wanted[found.gold], drafted[found.draft])):
            counted[place] += number
    unmatched = [drafted[p] for p in range(len(drafted)) if p not in {found.draft for found in matches}]
    traps = [trap for statement in unmatched if (trap := _trap(gold, statement))]
    met = {found.gold for found in matches}
    return Score(
        len(wanted), len(drafted), len(matches), right, (counted[0], counted[1], counted[2]),
        sum(bool(trap.get("outlet_statement")) for trap in traps), len(traps),
        tuple(statement["id"] for place, statement in enumerate(wanted) if place not in met),
    )  # fmt: skip


def match(wanted: Sequence[Record], drafted: Sequence[Record]) -> list[Match]:
    """Which draft statements found which gold statements: the best overlaps first, then the same speaker, then the same act."""
    covered = [_characters(statement.get("evidence") or []) for statement in drafted]
    pairs = []
    for place, statement in enumerate(wanted):
        forms = list(_forms(statement))
        for other, characters in enumerate(covered):
            overlap = max(_overlap(form, characters) for form in forms)
            if overlap >= FOUND:
                candidate = drafted[other]
                pairs.append(
                    (
                        -overlap,
                        not same_speakers(statement, candidate),
                        candidate["act"] != statement["act"],
                        place,
                        other,
                    )
                )
    return list(_greedy(sorted(pairs)))


def _greedy(pairs: Iterable[tuple[float, bool, bool, int, int]]) -> Iterator[Match]:
    gold_used, draft_used = set[int](), set[int]()
    for overlap, _, _, gold, draft in pairs:
        if gold not in gold_used and draft not in draft_used:
            gold_used.add(gold)
            draft_used.add(draft)
            yield Match(gold, draft, -overlap)


def _forms(statement: Record) -> Iterator[set[int]]:
    evidence = _characters(statement["evidence"])
    again = [_characters([span]) for span in statement.get("also_at", [])]
    yield evidence
    yield from again
    if again:
        yield evidence.union(*again)


def _characters(spans: Iterable[Record]) -> set[int]:
    return {place for span in spans for place in range(span["start"], span["end"])}


def _overlap(left: set[int], right: set[int]) -> float:
    return len(left & right) / len(left | right) if left and right else 0.0


def _right_fields(gold: Record, draft: Record) -> Iterator[str]:
    if same_speakers(gold, draft):
        yield "speaker"
    for field in ("act", "mode", "date"):
        if draft.get(field) == gold.get(field):
            yield field
        if draft.get(field) == gold.get(field) or draft.get(field) in gold.get(f"{field}_alt", []):
            yield f"{field}_lenient"
    if _overlap_in_time(draft.get("date"), gold.get("date")):
        yield "date_overlaps"


def _overlap_in_time(left: str | None, right: str | None) -> bool:
    """Whether two dates can mean the same day. Annotators narrow a date by what the page does not say."""
    if not left or not right:
        return False
    a, b = dates.parse(left), dates.parse(right)
    return a.earliest <= b.latest and b.earliest <= a.latest


def same_speakers(gold: Record, draft: Record) -> bool:
    """Whether every gold speaker is met by a drafted one, and no drafted speaker is beside them all."""
    wanted = [
        (speaker, [speaker.get("label") or "", speaker.get("resolved") or ""]) for speaker in gold.get("speakers", [])
    ]
    drafted = [list(_names(speaker)) for speaker in draft.get("speakers", [])]
    if not wanted or not drafted:
        return not wanted and not drafted
    principal = [names for speaker, names in wanted if speaker.get("capacity") != "spokesperson"] or [
        names for _, names in wanted
    ]
    return all(any(_meet(names, others) for others in drafted) for names in principal) and all(
        any(_meet(names, others) for _, names in wanted) for others in drafted
    )


def _names(speaker: Record) -> Iterator[str]:
    yield speaker.get("label") or ""
    name = (speaker.get("speaker") or {}).get("name")
    if isinstance(name, Mapping):
        yield from name.values()
    elif name:
        yield name


def _meet(left: Iterable[str], right: Sequence[str]) -> bool:
    return any(same_label(a, b) for a in left for b in right)


def same_label(left: str, right: str) -> bool:
    """The same words, one inside the other, or at least half of the shorter one's words shared beyond titles."""
    a, b = folded(left), folded(right)
    if not a or not b:
        return False
    if f" {a} " in f" {b} " or f" {b} " in f" {a} ":
        return True
    first, second = set(a.split()) - _TITLES, set(b.split()) - _TITLES
    if not first or not second:
        return False
    fewest = min(len(first), len(second))
    return len(first & second) * 2 >= fewest + (fewest > 1)


def folded(text: str) -> str:
    """The words of a text without the differences of spelling that do not matter."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_SPELLINGS)
    return " ".join(re.findall(r"\w+", plain.lower()))


def _figures(gold: Record, draft: Record) -> tuple[int, int, int]:
    """How many figures are right, superfluous and missed. A gold figure without a term is compared by its value alone."""
    drafted = list(draft.get("figures") or [])
    unused, right, missed = list(range(len(drafted))), 0, 0
    for figure in sorted(gold.get("figures") or [], key=lambda figure: bool(figure["measure"] == "other")):
        place = next((p for p in unused if _same_figure(figure, drafted[p])), None)
        if place is not None:
            unused.remove(place)
            right += 1
        elif figure["measure"] != "other":
            missed += 1
    return right, len(unused), missed


def _same_figure(gold: Record, draft: Record) -> bool:
    return float(draft["value"]) == float(gold["value"]) and gold["measure"] in ("other", draft["measure"])


def _trap(gold: Record, statement: Record) -> Record | None:
    """The passage that is no statement on which a draft statement lies, if half of the shorter one is covered."""
    characters = _characters(statement.get("evidence") or [])
    for trap in gold.get("not_statements", []):
        length = max(1, min(len(characters), trap["end"] - trap["start"]))
        if len(characters & _characters([trap])) * 2 >= length:
            return dict(trap)
    return None
