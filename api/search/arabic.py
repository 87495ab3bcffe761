"""The light stems of Arabic words.

A light stemmer takes off what Arabic writes onto a word (و ف ب ك ل, the article, pronouns, dual, plural and feminine
endings) and leaves its pattern alone: بيان and للبيانات meet. Three tables know better than the rules: stems whose
letters only look like clitics and endings, broken plurals, and the names of months.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from os.path import commonprefix

from api.search.arabic_words import KNOWN_STEMS, PLURALS, SPELLINGS, WORDS_IN_PLURALS
from api.search.months import MONTHS, month_begun

# What stands before a word, with the least number of letters that must remain once endings are off too. و is before
# every other word of a text; ف and ك are rare before a bare noun, while many nouns begin with them.
CLITICS = (("لل", 2), ("ال", 2), ("و", 2), ("ب", 3), ("ل", 3), ("ف", 4), ("ك", 4))
_CLITIC_LETTERS = frozenset(clitic[0] for clitic, _ in CLITICS)

PRONOUNS = ("هما", "كما", "هم", "هن", "كم", "ها", "نا")

# What stands after a word, the longest first; what the word then ends in; and how many letters must remain before that
# in any word, and in a known one. بيت is no "بي" with a feminine ending, بيان no dual; but حلها is the known حل.
ENDINGS = (
    # The hamza of بناء takes the seat that its suffix asks for: بنائهم, بناؤهم.
    *((f"ا{seat}{pronoun}", "اء", 2, 2) for pronoun in (*PRONOUNS, "ك") for seat in "يو"),
    *((adjective_or_his, "اء", 2, 2) for adjective_or_his in ("ايي", "اوه")),
    # A ة is written ت before a suffix, and ات in the plural: دولتهم, دولتان, منظماتهم.
    *((f"ات{suffix}", "ه", 3, 2) for suffix in (*PRONOUNS, "ه", "ك", "ي")),
    *((f"ت{suffix}", "ه", 3, 2) for suffix in (*PRONOUNS, "ه", "ك", "ان", "ين", "ا")),
    *((pronoun, "", 3, 2) for pronoun in PRONOUNS),
    ("ات", "ه", 3, 3),
    *((ending, "", 3, 3) for ending in ("ان", "ون", "ين", "وا")),
    ("و", "", 4, 3),  # مسؤولو الحكومة; but not باكو
    ("ت", "", 3, 3),  # أكدت
    # After three letters ة makes another word more often than a feminine: دور and دورة, حال and حالة. And ي makes an
    # adjective more often than a construct: عالم and عالمي; روسيا and روسي are both "روسي".
    ("ه", "", 4, 2),
    ("ي", "", 5, 3),
    ("ا", "", 3, 3),
    ("ايه", "اء", 99, 2),  # لقائه, but بداية: only the tables tell
)
# The same by their last letter, with their lengths: a new word is compared with all of them several times.
_ENDINGS_BY_LETTER = {
    letter: [(e, len(e), restored, least, if_known) for e, restored, least, if_known in ENDINGS if e[-1] == letter]
    for letter in {ending[-1] for ending, *_ in ENDINGS}
}
_OUTERMOST = frozenset({"و", "ت", "وا", "ا"})  # nothing is written after them

_known: dict[str, str] = {stem: stem for stem in KNOWN_STEMS}


def stem(word: str) -> str:
    """The known stem that the fewest cuts lead to; without one, what is left after every cut."""
    beginnings = list(_beginnings(word))
    for beginning in beginnings:
        if (known := _known_form(beginning)) is not None:
            return known
    return _without_endings(beginnings[-1])


def beginning_of_stems(typed: str) -> str:
    """The beginning that the stems of words beginning with `typed` have in common.

    Clitics and article are taken off, unless they begin a known word (باك is the beginning of باكو). An ending is kept
    only as far as the stem of the word itself keeps it: the index holds stems, and اتفاقي* must not find less than اتفاقي.
    """
    stemmed = stem(typed)
    *beginnings, shortest = _beginnings(typed)
    open_ended = next((b for b in beginnings if _begins_known_word(b) or b.startswith(stemmed)), None)
    if open_ended is None and stemmed in _known:
        return stemmed
    open_ended = open_ended or shortest
    if (whole := _nearly_whole(open_ended)) is not None:
        return whole
    return _shared(open_ended, stemmed) or _shared(open_ended, _without_endings(open_ended)) or stemmed


def _shared(left: str, right: str) -> str:
    return commonprefix([left, right])  # noqa: RUF071 - of letters, as wanted


def _beginnings(word: str) -> Iterator[str]:
    """The word, then the word without its first clitic, without its second, and so on."""
    yield word
    while (shorter := _without_clitic(word)) != word:
        if word.startswith("لل"):
            yield from (shorter, word[1:])  # للجنة is لجنة with its article: three lams are never written
        word = shorter
        yield word


def _without_clitic(word: str) -> str:
    if word[:1] not in _CLITIC_LETTERS:
        return word
    for clitic, least in CLITICS:
        if word.startswith(clitic):
            rest = word[len(clitic) :]
            if rest in _known or len(_without_endings(rest)) >= least:
                return rest
    return word


def _known_form(word: str) -> str | None:
    """The stem of the word, or of what is left when endings are taken off, if it is known; after the fewest cuts."""
    forms = [word]
    for form in forms:
        if form in _known:
            return _known[form]
        for ending, length, restored, _, least in _ENDINGS_BY_LETTER.get(form[-1:], ()):
            if len(form) - length >= least and form.endswith(ending) and (form is word or ending not in _OUTERMOST):
                cut = form[:-length] + restored
                if cut not in forms:
                    forms.append(cut)
    return None


@lru_cache(maxsize=1 << 14)
def _without_endings(word: str) -> str:
    while (shorter := _without_ending(word)) != word:
        word = shorter
    return word


def _without_ending(word: str) -> str:
    for ending, length, restored, least, _ in _ENDINGS_BY_LETTER.get(word[-1:], ()):
        if len(word) - length >= least and word.endswith(ending):
            return word[:-length] + restored
    return word


_known |= {plural: stem(singular) for plural, singular in PLURALS.items()}
_known |= MONTHS
# Their first letters are no clitics: لتوانيا is not ل with تواني.
_known |= {_without_endings(other.removeprefix("ال")): stem(first) for other, first in SPELLINGS.items()}
_IN_ORDER = sorted(_known)


def _begins_known_word(typed: str) -> bool:
    place = bisect_left(_IN_ORDER, typed)
    return place < len(_IN_ORDER) and _IN_ORDER[place].startswith(typed)


def _nearly_whole(typed: str) -> str | None:
    """The stem of a plural or month that lacks only its last letter: وزرا* shall find وزراء."""
    if (month := month_begun(typed)) is not None:
        return month
    if typed in _known:
        return typed if _known[typed].startswith(typed) else _known[typed]  # دول* shall find دولي too
    place = bisect_left(_IN_ORDER, typed)
    if len(typed) < 4 or typed in WORDS_IN_PLURALS or place == len(_IN_ORDER):
        return None
    word = _IN_ORDER[place]
    return _known[word] if word in PLURALS and word[:-1] == typed else None
