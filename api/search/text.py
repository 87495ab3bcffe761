"""The one text pipeline of the search: what is indexed and what is asked both pass through it.

Writing is folded (`fold`), words are cut down to light stems (`stem`), and the database engines are handed plain
tokens. They never apply rules of their own, so SQLite and PostgreSQL find the same records.

A light stemmer takes off what Arabic writes onto a word (و ف ب ك ل, the article, pronouns, plural and feminine
endings) and leaves its pattern alone: بيان and للبيانات meet, وزير and وزراء do not. Where a letter may be either a
clitic or a letter of the word itself, the list of known stems decides; a word it does not know loses the letter in
all its forms alike, so that it still finds itself.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from os.path import commonprefix
from typing import NamedTuple

ALEF, WAW, YA, HA = "ا", "و", "ي", "ه"

# One spelling for the letters that printed Arabic, Persian keyboards and transliterations vary. The hamza of أ ؤ ئ
# is a mark in Unicode's decomposition and goes with the other marks. The hamza on the line stays: official prose
# writes it, and it alone keeps زعماء (leaders) from زعم (claimed) and شركاء (partners) from شركة (company).
SPELLINGS = (
    dict.fromkeys("ٱٲٳ", ALEF)
    | dict.fromkeys("ىیېے", YA)
    | dict.fromkeys("ةۃہھە", HA)
    | dict.fromkeys("کڪ", "ك")
    | {"ڤ": "ف", "پ": "ب", "چ": "ج"}  # لاڤروف and لافروف are one man
    | dict.fromkeys("‘’‛ʼ", "'")
    | dict.fromkeys("ـʾʿ", "")
    | {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}  # strokes are no marks to Unicode
)


class _Folding(dict[int, str]):
    """A `str.translate` table that works out each code point once, on first sight."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < 0x10000:  # a hostile text shall not make us remember all of Unicode
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    if decomposed != character and all(c == " " or unicodedata.combining(c) for c in decomposed):
        # A mark printed on its own (Arabic presentation forms) is a mark; a no-break space is a space.
        return " " if decomposed == " " else ""
    small = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(map(_plain, small))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return SPELLINGS.get(character, character)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text with every difference of writing removed that readers do not hear.

    NFKC and case folding; marks of every script, tatweel, bidirectional and zero-width characters dropped; one alef,
    one ya, one kaf, ة as ه, hamza seats bare, digits in ASCII, apostrophes straight. Folding twice changes nothing.
    """
    return unicodedata.normalize("NFKC", text.translate(_FOLDING))


LONGEST_WORD = 32  # letters; nobody inflects what is longer, and pasted garbage must not cost time
LONGEST_TOKEN = 64  # letters; PostgreSQL refuses lexemes beyond 2 KiB
_WORD = re.compile(r"[^\W_]+(?:'s(?![^\W_]))?")


def words(text: str) -> list[str]:
    """The folded words of the text in order: runs of letters and digits, and the 's of an English possessive."""
    return _WORD.findall(fold(text))


def tokens(text: str) -> list[str]:
    """The stems of the text's words in order: what an index stores and a phrase compares."""
    return [stem(word) for word in words(text)]


class Span(NamedTuple):
    """Where a token stands in the text as it was written: code points from `start` up to, not including, `end`."""

    start: int
    end: int
    token: str


def spans(text: str) -> list[Span]:
    """The tokens of the text, each with its place in the original text: one for one, in order, what `tokens` gives.

    A span covers what a reader would mark as the word: its harakat and tatweel too, no direction marks around it. Only
    words that one character holds together (½, ﷺ) overlap.
    """
    starts, ends = _origins(text)
    return [
        Span(_with_modifiers(text, starts[word.start()]), _with_marks(text, ends[word.end() - 1]), stem(word[0]))
        for word in _WORD.finditer(fold(text))
    ]


def _origins(text: str) -> tuple[list[int], list[int]]:
    """For each character of the folded text: where the written characters it comes from begin and end."""
    sources = [index for index, character in enumerate(text) for _ in _FOLDING[ord(character)]]
    folded = fold(text)
    if len(folded) == len(sources):
        return sources, [index + 1 for index in sources]
    # Korean syllables: folding takes each to its letters, and composes them in the end.
    ends = list(accumulate(len(unicodedata.normalize("NFKD", character)) for character in folded))
    return [sources[i] for i in (0, *ends[:-1])], [sources[i - 1] + 1 for i in ends]


def _with_modifiers(text: str, start: int) -> int:
    while start and _is_silent(text[start - 1]) and unicodedata.category(text[start - 1]) == "Lm":
        start -= 1  # the ʿ of ʿAlī, the tatweel before a letter
    return start


def _with_marks(text: str, end: int) -> int:
    following = end
    while following < len(text) and _is_silent(text[following]):
        following += 1
        if unicodedata.category(text[following - 1]) != "Cf":
            end = following
    return end


def _is_silent(character: str) -> bool:
    return not _FOLDING[ord(character)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The light stem of one folded word; never empty for a word, and its own stem.

    Arabic and English words are stemmed, numbers lose what is written onto them (و11, ال20, 2020م, 9th), words of
    other scripts and other mixtures of letters and digits stay as they are.
    """
    word = (word.removesuffix("'s") or word)[:LONGEST_TOKEN]
    if len(word) > LONGEST_WORD:
        return word
    if number := _NUMBER.fullmatch(word):
        return number["digits"]
    return _arabic(word) if _is_arabic(word) else _english(word)


def _is_arabic(word: str) -> bool:
    return word.isalpha() and "ء" <= word[0] <= "ە"


@lru_cache(maxsize=1 << 12)
def prefix(word: str) -> str:
    """What a search for words beginning with `word` looks up among the stems.

    Clitics and article go, unless they begin a known stem (باك is the beginning of باكو). An ending is kept only as
    far as the stem of the word itself keeps it: the index holds stems, and اتفاقي* must not find less than اتفاقي.
    """
    folded = "".join(words(word)[:1])
    if not _is_arabic(folded) or len(folded) > LONGEST_WORD:
        return _shared_beginning(folded, stem(folded))
    open_ended = folded if _begins_known_stem(folded) else _beginning(folded)
    return _shared_beginning(open_ended, _without_endings(open_ended))


def _shared_beginning(word: str, stemmed: str) -> str:
    # "party" and its stem "parti" are equally long: the stem is what the index holds.
    return stemmed if len(stemmed) == len(word) else commonprefix([word, stemmed]) or stemmed  # noqa: RUF071 - of letters, as wanted


# --- numbers ---------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[وفبكل]{0,2}(?:ال)?(?P<digits>[0-9]+)(?:st|nd|rd|th|م|ه)?")

# --- Arabic ----------------------------------------------------------------------------------------------------------

# What stands before a word, with the least number of letters that must remain once endings are off too. و is before
# every other word of a text; ف and ك are rare before a bare noun, while many nouns begin with them.
CLITICS = (("لل", 2), ("ال", 2), ("و", 2), ("ب", 3), ("ل", 3), ("ف", 4), ("ك", 4))

# What stands after a word, the longest first: pronouns, dual and plural, the feminine, nisba, the accusative's alef.
# A ة is written ت before a suffix and ات in the plural, so those endings lead back to it; the hamza of بناء takes the
# seat its suffix asks for (بنائهم, بناؤهم). The number is how many letters the ending must leave: بيت is no "بي" with a
# feminine ending, بيان no dual.
PRONOUNS = ("هما", "كما", "هم", "هن", "كم", "ها", "نا")
ENDINGS = (
    *((f"ا{seat}{pronoun}", "اء", 2) for pronoun in PRONOUNS for seat in (YA, WAW)),
    *((adjective_or_his, "اء", 2) for adjective_or_his in ("ايي", "اوه")),
    *((pronoun, "", 3) for pronoun in PRONOUNS),
    ("ات", HA, 3),
    *((ending, "", 3) for ending in ("ان", "ون", "ين", "وا")),
    ("ت", HA, 3),
    *((ending, "", 3) for ending in (HA, YA, ALEF)),
)

# Stems as they come out of this module, whose first or last letters only look like clitics and endings. Add a word
# here when it is cut short or falls together with another one.
KNOWN_STEMS = frozenset(
    """
    اذربيجان اردوغان ارمن ارمين اعلان افغانستان الا الاف الان التي الذي الله المان الهام الي امكان امين انسان
    اوزبكستان ايران ايمان باب باحث بادر بارد بارز باري باريس باشين باطل باطن باق باكست باكو بال بالغ باهظ بايدن بتر
    بترول بحار بحث بحر بحوث بحير بخصوص بدا بداي بدايل بدل بدون بدوي بديل بذل برا برازيل برامج برد برز برق برك بركان
    برلمان برلين برم برميل برنامج برهان بروتوكول بروكسل بريد بريطان بستان بسيط بشار بشر بشير بصر بصم بضاع بضايع بطاق
    بطل بطول بعث بعد بعض بعيد بغداد بقاء بقاع بقاي بقي بكاء بكر بكين بلاد بلاط بلاغ بلاك بلجيك بلد بلدي بلغ بلغار
    بلوغ بلينكن بنا بناء بنادق بند بندق بنزين بنك بنود بنوك بني بوابه بوتين بولند بوليس بياض بيان بيت بيرو بيروت بيض
    بيضاء بيع بيلاروس بين بيوت بيي تامين تحسين تخزين تدوين تركمانستان تركي تسوي تشرين تضامن تعاون تعيين تكوين تلوين
    تمكين توازن جيران حرمان دولي زمان ستيفان سكان سلام سلامه سلطان سودان ضمان طاجيكستان طيران عثمان عدوان عسكري عمان
    عملي عمليه عنوان غفران فاغنر فرعون فصايل فقدان فلاديمير فلسطين فنادق فنزويل فنلند فنون فوايد فيدرال فيديو فيروس
    فيزياء فيضان فيين قانون قوانين قيرغيزستان كاراباخ كارباخ كازاخستان كامير كانون كتايب كلم كند كهرباء كوادر كوارث
    كواكب كوب كورونا كوريا كويت كيان كيمياء لاتش لاتشين لاجي لاحظ لاحق لازم لاسلك لاعب لافت لافروف لاهاي لايح لباس
    لبنان لجا لجان لجن لجوء لحظ لحق لحوم لدي لزم لسان لطيف لعب لعن لغم لغه لغو لغي لفت لقاء لقاح لقب لقي لكسمبورغ
    لكن لمح لمس لندن لهج لواء لوايح لوح لوم لون ليبرال ليبي ليل لين ماكرون مبان مدني مضمون معاهد معاهده ملايين مليون
    ميدان ميرزويان نسيان واجب واجه واحد وادي وارد وارسو واسع واشنطن واصل واضح واعي وافق واقع واقف واكب والد والي
    وباء وتر وتير وثايق وثق وثيق وجب وجد وجه وجهه وجود وجوه وحد وحيد وداع ودي وديع وراء وراث ورث ورد ورش ورط ورق
    وزار وزاري وزراء وزع وزن وزير وساط وسام وسايط وسايل وسط وسطي وسع وسيط وسيل وشيك وصاي وصف وصل وصول وصي وضح وضع
    وضوح وطن وطيد وظايف وظف وظيف وعد وعود وعي وفا وفاء وفاق وفاه وفد وفر وفق وفود وفي وقاي وقايع وقت وقع وقف وقود
    وقوع وقوف وكال وكلاء وكيل ولاء ولاد ولاي ولد ولي وليد وهم ويل يريفان يونان
    """.split()
)
_SORTED_STEMS = sorted(KNOWN_STEMS)


def _arabic(word: str) -> str:
    """The known stem that the fewest cuts lead to, or else what is left after every cut."""
    for beginning in _beginnings(word):
        for form in _forms(beginning):
            if form in KNOWN_STEMS:
                return form
    return _without_endings(_beginning(word))


def _beginnings(word: str) -> Iterator[str]:
    """The word, then the word with one clitic after another off."""
    yield word
    while (shorter := _without_clitic(word)) != word:
        if word.startswith("لل"):
            yield from (shorter, word[1:])  # للجنة is لجنة with its article: three lams are never written
        word = shorter
        yield word


def _beginning(word: str) -> str:
    *_, last = _beginnings(word)
    return last


def _without_clitic(word: str) -> str:
    for clitic, least in CLITICS:
        if word.startswith(clitic) and len(_without_endings(word[len(clitic) :])) >= least:
            return word[len(clitic) :]
    return word


def _forms(word: str) -> Iterator[str]:
    """The word and everything that taking endings off can make of it, the fewest cuts first."""
    forms = [word]
    for form in forms:
        yield form
        forms.extend(cut for cut in _cuts(form) if cut not in forms)


def _cuts(word: str) -> Iterator[str]:
    for ending, restored, least in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            yield word[: -len(ending)] + restored


@lru_cache(maxsize=1 << 14)
def _without_endings(word: str) -> str:
    while (shorter := next(_cuts(word), None)) is not None:
        word = shorter
    return word


def _begins_known_stem(word: str) -> bool:
    place = bisect_left(_SORTED_STEMS, word)
    return place < len(_SORTED_STEMS) and _SORTED_STEMS[place].startswith(word)


# --- English ---------------------------------------------------------------------------------------------------------

# Words that end like a plural or a participle and are none, or would fall together with another word.
UNINFLECTED = frozenset("evening lens means morning news nothing perhaps politics series species united".split())

_SIBILANT_PLURAL = re.compile(r"(?:ch|sh|ss|x|zz|[^aeiou]o)es")
_PLURAL = re.compile(r"...*[^siu]s")  # not press, crisis, status
_AGREED = re.compile(r".+(?:r|t)eed")  # agreed, decreed, guaranteed; but need, proceed
_PAST_OR_GERUND = re.compile(r"(?P<verb>.*[aeiouy].*)(?:ed|ing)")
_SILENT_E = re.compile(r"(?:qu|[^aeiou])*[aeiouy][^aeiouwxy]|.*(?:[cuvz]|[^s]s|[rd]g|[bptdg]l)")  # note, urge, cease


def _english(word: str) -> str:
    while (shorter := _uninflected(word)) != word:
        word = shorter
    return word


def _uninflected(word: str) -> str:
    """The word less one inflection. The results are labels, not English: agencies and agency are both "agenci"."""
    if not word.isascii() or not word.isalpha() or word in UNINFLECTED or len(word) < 4:
        return word
    singular = _singular(word)
    return singular if singular != word else _final_letter(_infinitive(word))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-2]
    if _SIBILANT_PLURAL.search(word, max(0, len(word) - 4)) and word.endswith("es"):
        return word[:-2]
    return word[:-1] if _PLURAL.fullmatch(word) else word


def _infinitive(word: str) -> str:
    if word.endswith("ied") and len(word) > 5:
        return word[:-2]
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 and _AGREED.fullmatch(word) else word
    match = _PAST_OR_GERUND.fullmatch(word)
    if match is None or len(match["verb"]) < 3:
        return word
    return _verb(match["verb"])


def _verb(bare: str) -> str:
    """The verb that lost -ed or -ing: planned is of plan, noted of note."""
    if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "eflosz":
        return bare[:-1]
    if len(bare) < 5 and _SILENT_E.fullmatch(bare):
        return bare + "e"
    return bare


def _final_letter(word: str) -> str:
    """One final letter for welcome and welcom(ed), party and parti(es), controll(ed) and control."""
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        return word[:-1] + "i"
    if len(word) > 5 and (word.endswith("ll") or (word.endswith("e") and not word.endswith("ee"))):
        return word[:-1]
    return word
