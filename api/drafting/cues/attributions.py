"""Attributions without a reporting verb of their own: ونقلت الوكالة عن ... قوله, and وبحسب البيان."""

from functools import cache

from api.drafting.cues.complements import complement_at
from api.drafting.cues.cue import OBJECT, THAT, Cue
from api.drafting.cues.scan import Scan
from api.drafting.lexicon.arabic import arabic, word_list
from api.drafting.lexicon.verbs import FEMININE, PAST, PRESENT, Form, Verb
from api.drafting.sources.description import AGENCY, TEXT, Description
from api.drafting.sources.descriptions import descriptions, descriptions_within
from api.drafting.sources.heads import bare, head_of
from api.drafting.text.words import COMMAS, NUMBER, without_conjunction

_SAYINGS = {
    "قوله": "قال", "قولها": "قال", "قولهم": "قال", "قولهما": "قال", "تاكيده": "أكد", "تاكيدها": "أكد", "تصريحه": "صرح", "اشارته": "أشار",
    "تحذيره": "حذر", "دعوته": "دعا", "نفيه": "نفى", "نفيها": "نفى",
}  # fmt: skip


_RELAYING = dict.fromkeys(("نقلت", "نقل", "تنقل", "ينقل", "نقلا"), "عن") | dict.fromkeys(("نسبت", "نسب"), "الي")
"""Verbs of relaying, and the particle before whose words are relayed."""


def relayed(scan: Scan, position: int) -> Cue | None:
    """ونقلت وكالة ... عن ... قوله إن: the agency only relays; who said it follows عن."""
    of = _RELAYING.get(without_conjunction(scan.tokens[position].text))
    if of is None:
        return None
    about = next((p for p in range(position + 1, min(scan.end, position + 14)) if scan.tokens[p].text == of), None)
    if about is None:
        return _relayed_of_them(scan, position)
    said = next((p for p in range(about + 2, min(scan.end, about + 26)) if _is_saying_noun(scan, p)), None)
    if said is None:
        said = next(
            (
                p - 1
                for p in range(about + 2, min(scan.end, about + 16))
                if scan.tokens[p].text in ("ان", "انه", "انها", ":")
            ),
            None,
        )
    if said is None:
        return None
    named = _is_saying_noun(scan, said)
    subjects = descriptions_within(scan.tokens, _after_number(scan, about + 1), said if named else said + 1)
    verb = _verb_of_noun(scan.tokens[said].text if named else "قوله")
    complement, content = complement_at(scan, said + 1, verb)
    if not subjects or content >= scan.end:
        return None
    return Cue("relay", verb, position, position, said + 1, tuple(subjects), complement or THAT, content)


def _relayed_of_them(scan: Scan, position: int) -> Cue | None:
    """ونقل زوار الرئيس عنه قوله إن: what somebody tells of whoever spoke last."""
    reach = range(position + 1, min(scan.end - 2, position + 8))
    about = next((p for p in reach if scan.tokens[p].text in ("عنه", "عنها", "عنهم")), None)
    if about is None:
        return None
    said = about + 1 + (scan.tokens[about + 1].text in ("ايضا", "كذلك", "امس", "اليوم"))
    named = _is_saying_noun(scan, said)
    verb = _verb_of_noun(scan.tokens[said].text if named else "قوله")
    complement, content = complement_at(scan, said + named, verb)
    if not complement or content - said > _NEAR:
        return None
    agrees = FEMININE if scan.tokens[about].text == "عنها" else ""
    return Cue("relay", verb, position, position, said + named, (), complement or THAT, content, agrees)


_NEAR = 4  # tokens from "عنه" to what was said


def _after_number(scan: Scan, position: int) -> int:
    return position + (
        scan.tokens[position].kind == NUMBER or scan.tokens[position].text in ("ثلاثه", "اربعه", "عده", "خمسه")
    )


def _is_saying_noun(scan: Scan, position: int) -> bool:
    return scan.tokens[position].text in _SAYINGS


def according(scan: Scan, position: int) -> Cue | None:
    """وبحسب البيان، فإن ...: the source first, then what it says. After what it says, it is only the source."""
    if not is_attribution(scan.tokens[position].text) or position > scan.first + 1 or position + 2 >= scan.end:
        return None
    if (own := _their_words(scan, position)) is not None:
        return own
    found = named_source(scan, position + 1)
    if not found or found[0].kind == AGENCY or bare(scan.tokens[found[0].first].text) in word_list("nobody"):
        return None
    end = next((p for p in range(found[0].first, found[-1].end) if scan.tokens[p].text in COMMAS), found[-1].end)
    content = end + 1 if end < scan.end and scan.tokens[end].text in COMMAS else end
    particle = next(
        (p for p in range(end, min(scan.end, end + 12)) if scan.tokens[p].text in ("فان", "فانه", "فانها")), None
    )
    if particle is not None:
        content = particle
    else:
        found = [
            each._replace(end=min(each.end, end), name=each.name if each.name and each.name[1] <= end else None)
            for each in found
        ]
    if content >= scan.end or _verb_follows(scan, content):
        return None
    verb = next(form.verb for form in arabic().forms["قال"])
    return Cue("according-to", verb, position, position, end, tuple(found), THAT, content)


_THEIR_WORDS = frozenset(
    "قوله قولها قولهم تعبيره تعبيرها تعبيرهم وصفه وصفها رايه رايها اقواله اقوالها تصريحاته تصريحاتها له لها لهم".split()
)


def _their_words(scan: Scan, position: int) -> Cue | None:
    """وبحسب قوله، ...: what whoever spoke last says."""
    if scan.tokens[position + 1].text not in _THEIR_WORDS:
        return None
    content = position + 2 + (scan.tokens[position + 2].text in COMMAS)
    if content >= scan.end - 2:
        return None
    verb = next(form.verb for form in arabic().forms["قال"])
    return Cue("according-to", verb, position, position, position + 2, (), THAT, content)


def on_terms_of(scan: Scan, position: int) -> Cue | None:
    """وعلى حد تعبيره، ...: the same with three words."""
    words = [token.text for token in scan.tokens[position : position + 2]]
    if position > scan.first or position + 4 >= scan.end or words not in (["وعلي", "حد"], ["علي", "حد"]):
        return None
    cue = _their_words(scan, position + 1)
    return cue._replace(begins=position, first=position) if cue else None


def refers_back(scan: Scan, position: int) -> Cue | None:
    """..., وهو ما نفته الوزارة: what is told is what stands before."""
    words = [token.text for token in scan.tokens[position : position + 2]]
    if words not in (["وهو", "ما"], ["الامر", "الذي"], ["وهو", "الامر"]) or position + 3 >= scan.end:
        return None
    place = position + 2 + (words[1] == "الامر")
    form = next((form for form in with_object(scan.tokens[place].text) if form.kind in (PAST, PRESENT)), None)
    if form is None:
        return None
    after = place + 1 + (scan.tokens[place + 1].text in ("به", "ايضا", "عليه"))
    after += scan.tokens[after].text == "ايضا" if after < scan.end else 0
    found = descriptions_within(scan.tokens, after, scan.end) if after < scan.end else []
    if not found:
        return None
    return Cue("refers-back", form.verb, position, place, place + 1, tuple(found), OBJECT, found[0].first, form.agrees)


def with_object(word: str) -> tuple[Form, ...]:
    """The forms of a verb, with or without a pronoun that refers to what was told: نفته، أكدها."""
    for pronoun in ("", "ه", "ها"):
        if word.endswith(pronoun) and (forms := arabic().forms.get(word.removesuffix(pronoun), ())):
            return forms
    return ()


def came_in(scan: Scan, position: int) -> Cue | None:
    """وجاء في البيان أن ...: a text, and what it says."""
    if without_conjunction(scan.tokens[position].text) not in ("جاء", "ورد") or position + 3 >= scan.end:
        return None
    if scan.tokens[position + 1].text != "في":
        return None
    verb = _verb_of_noun("قوله")
    found = descriptions(scan.tokens, position + 2, frozenset())
    if not found or found[0].kind != TEXT:
        return None
    complement, content = complement_at(scan, found[-1].end, verb)
    if not complement or content >= scan.end:
        return None
    return Cue("came-in", verb, position, position, position + 2, tuple(found[:1]), complement, content)


def is_attribution(word: str) -> bool:
    """Whether a word such as وفق or بحسب names a source, with or without a conjunction."""
    return word in word_list("according") or without_conjunction(word) in word_list("according")


def named_source(scan: Scan, start: int) -> list[Description]:
    """Whom a word of attribution such as وفقا or بحسب names, from the token after it."""
    if start < scan.end and scan.tokens[start].text in ("ل", "الي", "عن"):
        start += 1
    if start + 1 < scan.end and scan.tokens[start - 1].text.endswith("ما") and with_object(scan.tokens[start].text):
        start += 1
    if start < scan.end and scan.tokens[start].text in _OF_WHAT_IS_TOLD:
        start += 1
    return _source(scan, start) if start < scan.end else []


_OF_WHAT_IS_TOLD = frozenset("به بها عنه عنها له لها ذلك".split())


def _source(scan: Scan, start: int) -> list[Description]:
    text = scan.tokens[start].text
    if text in ("ما", "لما"):
        verb = next((p for p in range(start + 1, min(scan.end, start + 3)) if with_object(scan.tokens[p].text)), None)
        after = verb + 1 + (scan.tokens[min(verb + 1, scan.end - 1)].text in _OF_WHAT_IS_TOLD) if verb else scan.end
        return descriptions(scan.tokens, after, frozenset()) if after < scan.end else []
    if text.startswith("ل") and not head_of(text) and bare(text[1:]) == text[1:] and len(text) < 5:
        return []
    return descriptions(scan.tokens, start, frozenset())


def _verb_follows(scan: Scan, content: int) -> bool:
    forms = scan.forms_at(content)[0]
    return any(form.kind in (PAST, PRESENT) for form in forms) and not any(form.verb.bound for form in forms)


@cache
def _verb_of_noun(noun: str) -> Verb:
    lemma = _SAYINGS[noun]
    return next(form.verb for forms in arabic().forms.values() for form in forms if form.verb.lemma == lemma)
