"""What the search takes for the same word, and what it keeps apart."""

import unicodedata
from itertools import pairwise

import pytest
from every import every
from hypothesis import example, given
from hypothesis import strategies as st

from api.search.arabic_words import KNOWN_STEMS, PLURALS
from api.search.months import AMBIGUOUS
from api.search.text import LONGEST_TOKEN, fold, prefix, spans, stem, tokens, words

ARABIC = st.text("ءابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=14)
ENGLISH = st.text("abcdefghilmnoprstuvxyz", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("بَيَانٌ", "بيان"),
        ("بيـــان", "بيان"),
        ("أإآٱا", "ااااا"),
        ("على علی", "علي علي"),
        ("مسؤول", "مسوول"),
        ("هيئة", "هييه"),
        ("لقاء", "لقاء"),
        ("وزارة", "وزاره"),
        ("کامل", "كامل"),
        ("لاڤروف", "لافروف"),
        ("٠٤ ۲۰۲۰ २", "04 2020 2"),
        ("ﻻ ﺑﻴﺎﻥ", "لا بيان"),
        ("ﻣﺪﹼﺓ", "مده"),
        ("الله\u200f \u202bبيان\u202c", "الله بيان"),
        ("بي\u200dان", "بيان"),
        ("قره\u200cباغ", "قره باغ"),
        ("İlham Əliyev", "ilham əliyev"),
        ("Erdoğan Diyarbakır Łódź", "erdogan diyarbakir lodz"),
        ("Azerbaijan’s", "azerbaijan's"),
        ("STRAẞE ﬁne", "strasse fine"),
        ("한국", "한국"),
    ],
)
def test_folding_removes_differences_of_writing(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
@example("ᄀ\u0301ᅡ")
@example("\u0345\u0391\u0345ß")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folded_text_is_free_of_marks_and_format_characters(text: str) -> None:
    assert not {unicodedata.category(c) for c in fold(text)} & {"Mn", "Mc", "Me", "Cf"}


FAMILIES = """
بيان البيان بيانات بيانا للبيان والبيان بيانها بالبيان للبيانين بياناتهم ببيان وبياناً
اتفاق الاتفاق اتفاقات الاتفاقات اتفاقية الاتفاقيات اتفاقاً للاتفاقية باتفاق واتفاقهما
وزير الوزير وزيران الوزيرين ووزير لوزير وزيرا وزراء الوزراء لوزراء وزرائهم وزراؤها
وزارة الوزارة وزارات لوزارة وزارتها
روسيا الروسية روسي لروسيا وروسيا بروسيا الروسيين
أرمينيا الأرميني والأرمينية وأرمينيا ارمينيا بأرمينيا
أذربيجان الأذربيجاني وأذربيجان لأذربيجان الأذربيجانية
باكو وباكو لباكو
لافروف ولافروف للافروف
باشينيان باشينيين وباشينيان
لقاء اللقاء لقاءات للقاء لقائهما بلقاء لقاؤه
لجنة اللجنة للجنة لجنتها
حل الحل للحل
وقف الوقف لوقف
بحث وبحث بحثت لبحث
دور الدور بدور دورها
قمة القمة بقمة للقمة
معاهدة المعاهدة معاهدات لمعاهدة ومعاهدتهم
سلام السلام للسلام بسلام والسلام
عملية العملية عمليات وعملياتها
إعلان الإعلان إعلانات لإعلان
اجتماع الاجتماع اجتماعات بالاجتماع اجتماعهم
حكومة الحكومة حكومات حكومتهم للحكومة
أكد وأكد أكدت أكدوا وأكدا
مفاوضات المفاوضات مفاوضة للمفاوضات
قضائي القضاء القضائية
١١ 11 و11 ال11 الـ11 11م 11th
talk talks talked talking talk's
agreement agreements
sign signs signed signing
party parties party's
agency agencies
welcome welcomes welcomed welcoming
urge urges urged urging
note notes noted noting
cease ceased ceases
agree agrees agreed agreeing
plan plans planned planning
control controls controlled controlling
process processes processed
launch launches launched
decree decrees decreed
violation violations
Russia Russia's Russia’s
state states stated stating
ceasefire ceasefires
"""


def _pairs() -> list[tuple[str, str]]:
    families = [line.split() for line in FAMILIES.strip().splitlines()]
    return [(family[0], other) for family in families for other in family[1:]]


@every(("one", "other"), _pairs())
def test_forms_of_the_same_word_match(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@every(
    ("one", "other"),
    [
        pair.split()
        for pair in """
النار منارة,بيان بيت,بيان بين,بيان لبنان,إعلان أعلى,سلام سلامة,معاهدة معاهد,عملية عمل,دولة دولي,خبراء خبر,سفراء سفر
شركاء شركة,زعماء زعم,رؤساء روسيا,وزير زير,وزراء زراعة,لقاء قاء,بيروت بيرو,لجنة جنة,وقف قف,وضع ضع,كامل أمل,واحد أحد
بلاد لاد,لبنان لبن,قانون قانا,بوتين بوت,باكو أكو,فرنسا رنس,بناء ناء,كتاب تاب,بعيد عيد,وجود جود,والد الد,إلهام هام
فريق ريق,لسان سان,لندن ندن,وكالة كالة,ولاية لاية,بغداد غداد,ليبيا يبس,واشنطن أشنط,كاراباخ باخ,أرمينيا أرض,تعاون تعا
news new,united unit,peace pea,need nee,proceed proce,king k,thing th,press pres,crisis cris,status statu,series serie
evening even,process proc,red r,bus bu,party part,agree agr,state stat,note not,during dur,sign sing
""".replace("\n", ",").split(",")
        if pair
    ],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


@every("word", sorted(KNOWN_STEMS))
def test_a_known_stem_is_folded_and_its_own_stem(word: str) -> None:
    assert fold(word) == word
    assert stem(word) == word


@given(st.one_of(ARABIC, ENGLISH, st.text(min_size=1)))
@example("ك11ا بلال11هناين F16s")
def test_a_stem_is_its_own_stem(text: str) -> None:
    assert all(stem(stem(word)) == stem(word) for word in words(text))


@given(st.text())
@example("بيان's 20's россия's")
def test_tokens_are_letters_and_digits_and_never_empty(text: str) -> None:
    assert all(token.isalnum() for token in tokens(text))


@given(ARABIC)
def test_an_article_or_a_conjunction_never_changes_the_tokens(word: str) -> None:
    assert len(tokens(f"وال{word}")) == 1


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("ناغورنو-كاراباخ", ["ناغورنو", "كاراباخ"]),
        ("l'accord don't", ["l", "accord", "don", "t"]),
        ("snake_case\0null\u2028line", ["snake", "case", "null", "line"]),
        ("12,34,567 6.5", ["12", "34", "567", "6", "5"]),
        ("", []),
        ("؟!🙂 \u200f ـ ً", []),
    ],
)
def test_everything_but_letters_and_digits_separates_words(text: str, stems: list[str]) -> None:
    assert tokens(text) == stems


@pytest.mark.parametrize("letters", ["و", "ا", "ها", "ال", "ات", "ss", "ed", "ing", "1"])
def test_pasted_garbage_quickly_becomes_a_short_token(letters: str) -> None:
    assert all(0 < len(token) <= LONGEST_TOKEN for token in tokens(letters * 20_000))
    assert prefix(letters * 20_000)


@pytest.mark.parametrize("letters", ["و", "ا", "ها", "ال", "ات", "هات", "ايهم"])
def test_a_word_made_of_clitics_and_endings_alone_still_has_a_stem(letters: str) -> None:
    assert stem((letters * 30)[:30])


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        pair.split()
        for pair in """
بيا بيان,البيا بيانات,باشي باشينيان,لافر لافروف,ولا ولايات,اتفاقي اتفاقية,الاتفاقيات اتفاق,أوكران أوكرانيا
والمفاوض مفاوضات,معاهدات معاهدة,كارا كاراباخ,با باكو,2 2020
agr agreements,party parties,parti party,welcomed welcoming,minist ministries
İlh Ilham
""".replace("\n", ",").split(",")
        if pair
    ],
)
def test_a_beginning_finds_the_word(typed: str, word: str) -> None:
    assert tokens(word)[0].startswith(prefix(typed))


@given(st.one_of(ARABIC, ENGLISH))
@example("اب")
def test_a_word_with_a_star_finds_what_the_word_finds_unless_a_clitic_may_be_part_of_a_name(word: str) -> None:
    assert prefix(word)
    is_nearly_plural = any(word.endswith(plural[:-1]) for plural in PLURALS)  # اوام* finds أوامر
    assert (
        is_nearly_plural
        or word in AMBIGUOUS  # اب* finds أب, a father, and ابيض; اب alone is August
        or tokens(word)[0].startswith(prefix(word))
        or any(known.startswith(word) for known in KNOWN_STEMS)
    )


MARKED = st.text("بيانوالة 1a'sßﷲﻻﬁ½ﷺ한ᄒ\u1161\u11ab\u0640\u064e\u0651\u200f\u202b\u0301éİʿ.,-/\0")


PIECES = "تشرين الثاني نوفمبر May in 9 6,500 بيان ½ ﷺ / ( ـ \u064b \u200f".split()
DATED = st.lists(st.sampled_from([*PIECES, " "]), max_size=8).map(" ".join)


@given(st.one_of(st.text(), MARKED, DATED))
@example("ᄀ\u0301ᅡ")
def test_spans_are_the_tokens_in_order(text: str) -> None:
    assert [span.token for span in spans(text)] == tokens(text)


@given(st.one_of(st.text(), MARKED, DATED))
def test_a_span_covers_exactly_its_word(text: str) -> None:
    for start, end, token in spans(text):
        assert 0 <= start < end <= len(text)
        marked = text[start:end]
        # Alone, MAY is the month; beside a number or another month, MAY:MAY is one as well.
        assert token in [*tokens(marked), *tokens(f"1 {marked}"), *map(stem, words(marked))]


@given(st.one_of(st.text(), MARKED, DATED))
def test_spans_follow_each_other(text: str) -> None:
    for one, other in pairwise(spans(text)):
        assert one.start <= other.start
        assert one.end <= other.start or other.end >= one.end  # 0¼ is "01" and "4", and they share the ¼


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("وقّع البيانَ المشترك.", ["وقّع", "البيانَ", "المشترك"]),
        ("عبد ﷲ", ["عبد", "ﷲ"]),
        ("ﻻ سلام", ["ﻻ", "سلام"]),
        ("die Straße, weiß", ["die", "Straße", "weiß"]),
        ("e\u0301te\u0301, x", ["e\u0301te\u0301", "x"]),
        ("بيـــانٌ ـ بيان", ["بيـــانٌ", "بيان"]),
        ("\u200fسلام\u200f \u202bبيان\u202c.", ["سلام", "بيان"]),
        ("می\u200cخواهیم", ["می", "خواهیم"]),
        ("ʿAlī, Ṣanʿāʾ", ["ʿAlī", "Ṣanʿāʾ"]),
        ("Armenia’s (new) envoy", ["Armenia’s", "new", "envoy"]),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8 x", ["\u1112\u1161\u11ab\u1100\u116e\u11a8", "x"]),
        ("½ x", ["½", "½", "x"]),
        ("في 9 تَشرين الثاني/نوفمبر.", ["في", "9", "تَشرين الثاني/نوفمبر"]),
        ("May 9, 6,500", ["May", "9", "6,500"]),
        ("قال ﷺ", ["قال", *["ﷺ"] * 4]),
    ],
)
def test_a_span_covers_the_word_as_it_is_written(text: str, marked: list[str]) -> None:
    assert [text[span.start : span.end] for span in spans(text)] == marked
