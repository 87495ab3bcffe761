"""The light stems of English words. They are labels, not English: agencies and agency are both "agenci"."""

import re

# Words that only end like a plural or a participle, or that would fall together with another word.
UNINFLECTED = frozenset("evening lens means morning news nothing perhaps politics series species united".split())

# Irregular forms, after their base form. Forms that are another word as often are left out: left, found, rose.
_IRREGULAR = """
arise arose arisen; become became; begin began begun; bear borne; break broke broken; bring brought; build built;
bus buses; buy bought; catch caught; choose chose chosen; come came; deal dealt; die dying;
draw drew drawn; drive drove driven; eat eaten;
fall fell fallen; feel felt; fight fought; flee fled; fly flew flown; foe foes; forbid forbade forbidden; foresee foresaw foreseen;
forget forgot forgotten; freeze froze frozen; gas gases; get got gotten; give gave given; go went gone; grow grew grown; hear heard;
hide hid hidden; hold held; keep kept; know knew known; lead led; lie lying; lose lost; make made; mean meant; meet met;
mislead misled; overcome overcame; oversee oversaw overseen; overthrow overthrew overthrown; pay paid;
rebuild rebuilt; retake retook retaken; rise risen; run ran; say said; see seen; seek sought; sell sold;
send sent; shake shook shaken; shoot shot; show shown; sink sank sunk; sit sat; speak spoken; spend spent;
stand stood; steal stolen; strike struck; swear swore sworn; take took taken; teach taught; tear tore torn;
tell told; think thought; throw threw thrown; undergo underwent undergone; understand understood;
undertake undertook undertaken; uphold upheld; wear wore worn; win won; withdraw withdrew withdrawn; withhold withheld;
withstand withstood; write wrote written; child children; man men; woman women; spokesman spokesmen; crisis crises;
basis bases; thesis theses
"""
IRREGULAR = {form: forms[0] for line in _IRREGULAR.split(";") for forms in [line.split()] for form in forms[1:]}

# Verbs whose nouns of action end in -ment or -ation. Closed lists: statement is not of state, nor station of anything.
_VERBS_WITH_MENT = frozenset(
    """
    achieve agree amend announce appoint arrange assess bombard commit deploy develop disagree disengage enforce engage
    establish improve invest involve pay postpone recruit redeploy reinforce replace require resettle settle treat
    """.split()
)
_VERBS_WITH_ATION = frozenset(
    """
    accus adapt affirm aspir cit condemn confirm confront conserv consult declar delimit deport detent document exploit
    explor expect implement inform interpret invit limit observ present prepar recommend represent reserv restor transform
    transport
    """.split()
)

# One spelling for the British and the American.
_IZE = re.compile(r"(?<=[a-z][iy])z(?=(?:e|ed|es|er|ers|ing|ation|ations)$)")
_OUR = re.compile(r"(?<=[a-z]{3})our$")
_BRITISH = {"center": "centr", "theater": "theatr", "kilometer": "kilometr", "program": "programm"}
_BRITISH |= {"defens": "defenc", "offens": "offenc", "licens": "licenc"}

_SIBILANT_PLURAL = re.compile(r"(?:ch|sh|ss|x|zz|[^aeiou]o)es")
_PLURAL = re.compile(
    r"...*(?:[^siu]|ani|eli|aqi|eri|aiti|rati|thi|audi|emeni|atari)s"
)  # Iraqis; not press, crisis, status
_AGREED = re.compile(r".+(?:r|t)eed")  # agreed, decreed, guaranteed; but need, proceed
_PAST_OR_GERUND = re.compile(r"(?P<verb>.*[aeiouy].*)(?:ed|ing)")
_SILENT_E = re.compile(  # note, guide; urge, cease, cycle; and a few that no rule tells
    r"(?:[qg]u|[^aeiou])*[aeiouy][^aeiouwxy]|.*(?:[cuvz]|[^s]s|[rd]g|[bcdfgpt]l)|[htw]ast|exil|rout|evad|abid|gaug"
)


def stem(word: str) -> str:
    """The word without its inflections, and without -ment or -ation after a known verb."""
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word


def _shorter(word: str) -> str:
    """The word without its last ending."""
    if not word.isascii() or not word.isalpha() or word in UNINFLECTED or len(word) < 3:
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4:
        return _final_letter(word)
    word = _IZE.sub("s", word)
    singular = _singular(word)
    return singular if singular != word else _one_spelling(_final_letter(_verb_of_action(_infinitive(word))))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-2]
    if _SIBILANT_PLURAL.search(word, max(0, len(word) - 4)) and word.endswith("es"):
        return word[:-2]
    return word[:-1] if _PLURAL.fullmatch(word) else word


def _infinitive(word: str) -> str:
    if word.endswith("ied"):
        return word[:-2] if len(word) > 4 else word[:-1]  # carried, tried; but tied
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 and _AGREED.fullmatch(word) else word
    match = _PAST_OR_GERUND.fullmatch(word)
    if match is None or len(match["verb"]) < 2 or (match["verb"][-1] in "aeiou" and len(match["verb"]) < 3):
        return word
    return _verb(match["verb"])


def _verb(bare: str) -> str:
    """The verb of which only -ed or -ing was taken off: plan for plann(ed), note for not(ed)."""
    if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "eflosz":
        return bare[:-1]
    if len(bare) < 5 and _SILENT_E.fullmatch(bare):
        return bare + "e"
    return bare


def _verb_of_action(word: str) -> str:
    """The verb of a noun of action: delimit for delimitation, violat(e) for violation."""
    if word.endswith("ment") and word[:-4] in _VERBS_WITH_MENT:
        return word[:-4]
    if word.endswith("ation") and len(word) > 7:
        verb = word[:-5]
        return verb if verb in _VERBS_WITH_ATION or verb.endswith("is") else word[:-3]
    return word


def _final_letter(word: str) -> str:
    """The same final letter for welcome and welcom(ed), party and parti(es), controll(ed) and control, movie and movi(es)."""
    if word.endswith("y") and len(word) > 2 and word[-2] not in "aeiou":
        return word[:-1] + "i"
    silent_e = word.endswith("ie") or (word.endswith("e") and not word.endswith("ee") and len(word) > 5)
    doubled = word.endswith(("ll", "tt")) and len(word) > 5
    return word[:-1] if (silent_e and len(word) > 4) or doubled else word


def _one_spelling(word: str) -> str:
    return _BRITISH.get(word) or _OUR.sub("or", word)
