"""Settings: verbs that only name somebody, of whom the next sentences go on telling (استقبل، التقى)."""

from api.drafting.cues.clauses import begins_clause
from api.drafting.cues.cue import Cue
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import word_list
from api.drafting.lexicon.verbs import FEMININE, MASCULINE, Verb
from api.drafting.sources.descriptions import descriptions
from api.drafting.text.quotations import MARKS
from api.drafting.text.words import without_conjunction


def setting(scan: Scan, position: int) -> Cue | None:
    """A verb of meeting or receiving where a clause begins, with whom it names."""
    word = without_conjunction(scan.tokens[position].text)
    if word not in word_list("settings") or not (position == scan.clause or begins_clause(scan, position)):
        return None
    gender = FEMININE if word.endswith("ت") else MASCULINE
    verb = Verb(word, "setting", frozenset(), False, True)
    if position > scan.first and scan.tokens[position - 1].text in ("ان", "بان", "الذي", "التي", "الذين"):
        return None
    subjects = descriptions(scan.tokens, position + 1, frozenset(), True)
    if not subjects or not (subjects[0].head or scan.is_known(subjects[0]) or scan.tokens[position + 1].text in MARKS):
        return None
    return Cue("setting", verb, position, position, position + 1, tuple(subjects), "", subjects[-1].end, gender)
