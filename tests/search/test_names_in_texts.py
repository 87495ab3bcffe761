"""Names: which words of a text stand for them, what can be typed to find them, and which sound alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.names import is_distinctive, name_words, root, skeleton, stands_for, starts
from api.search.text import words

WRITTEN = [
    ("كاراباخ", "في كاراباخ وحولها"),
    ("كاراباخ", "وبكاراباخ"),
    ("قره باغ", "وقف القتال في قره باغ"),
    ("قره باغ", "بقره باغ"),
    ("الجزيرة", "للجزيرة"),
    ("الجزيرة", "وذكرت الجزيرة"),
    ("الكرملين", "والكرملين"),
    ("الأمم المتحدة", "للأمم المتحدة"),
    ("Karabakh", "Karabakh's people"),
    ("Karabakh", "Nagorno-Karabakh"),
    ("Карабах", "Нагорный Карабах"),
]
NOT_WRITTEN = [
    ("الجزيرة", "جزيرة بعيدة"),
    ("الكرملين", "جبل الكرمل"),
    ("المنظمة الدولية", "منظمة دولية"),
    ("لافروف", "للافروفي"),
    ("Guterres", "a guterr"),
    ("ceasefire agreement", "ceasefire agreements"),
    ("قره باغ", "باغ قره"),
    ("قره باغ", "قره في باغ"),
    ("كاراباخ", "كاراباخي"),
    ("Armenia", "Armenian"),
]


def found(name: str, text: str) -> bool:
    written, wanted = words(text), name_words(name)
    places = (written[position : position + len(wanted)] for position in range(len(written) - len(wanted) + 1))
    return any(all(map(stands_for, place, wanted)) for place in places)


@pytest.mark.parametrize(("name", "text"), WRITTEN)
def test_a_name_is_recognised_in_a_text(name: str, text: str) -> None:
    assert found(name, text)


@pytest.mark.parametrize(("name", "text"), NOT_WRITTEN)
def test_a_word_with_the_same_stem_is_not_taken_for_a_name(name: str, text: str) -> None:
    assert not found(name, text)


@pytest.mark.parametrize(("name", "distinctive"), [("Karabakh", True), ("UNSC", True), ("US", False), ("2020", False), ("9 11", False), ("حرب 2020", True), ("ЕС", False)])  # fmt: skip
def test_a_distinctive_name_has_a_word_of_three_letters(name: str, distinctive: bool) -> None:
    assert is_distinctive(name_words(name)) is distinctive


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("الأمم المتحدة", "الامم|امم|المتحد|متحد|امم المتح"),
        ("أرمينيا وأذربيجان", "ارمين|واذر|اذربيجان|ارمينيا واذ"),
        ("Nagorno-Karabakh", "nag|karab|nagorno k"),
        ("António Guterres", "anton|guterr"),
        ("وزارة الخارجية الروسية", "وزاره|خارجيه|روسيه|الروس"),
    ],
)
def test_a_name_begins_with_each_of_its_words(name: str, typed: str) -> None:
    beginnings = list(starts(name_words(name)))
    for beginning in typed.split("|"):
        assert any(start.startswith(beginning) for start in beginnings), beginning


def test_a_letter_of_the_word_itself_is_not_taken_for_and_or_an_article() -> None:
    assert not any(start.startswith("زار") for start in starts(name_words("مبنى وزارة الدفاع")))
    assert not any(start.startswith("ه") for start in starts(name_words("الهة")))


SOUNDS = [
    "لافروف Lavrov Lavrof Лавров لافرووف",
    "باشينيان باشينين Pashinyan Pashinian Пашинян Փաշինյան",
    "كاراباخ Karabakh Karabagh Qarabağ Карабах Ղարաբաղ",
    "غوتيريش Guterres Gutteres Гутерреш",
    "زاخاروفا Zakharova Захарова",
    "لاتشين Lachin Лачин",
    "علييف Aliyev Əliyev Алиев",
]


@pytest.mark.parametrize("alike", SOUNDS)
def test_words_that_sound_alike_have_the_same_skeleton_in_every_script(alike: str) -> None:
    assert len({skeleton(name_words(word)[0]) for word in alike.split()}) == 1


def test_words_that_sound_different_have_different_skeletons() -> None:
    assert len({skeleton(word) for word in words("Lavrov Putin Pashinyan Aliyev Guterres Mirzoyan Baku Moscow")}) == 8


@given(st.text())
def test_any_name_has_beginnings_and_a_skeleton_for_each_word(name: str) -> None:
    some = name_words(name)
    assert len(list(starts(some))) >= len(some)
    assert all(skeleton(word) and " " not in skeleton(word) for word in some)


@given(st.sampled_from(WRITTEN), st.text(alphabet="وفبكلاجزيرةءkarbh's0123456789", min_size=1, max_size=40))
def test_a_word_has_the_root_of_every_word_of_a_name_that_it_stands_for(pair: tuple[str, str], more: str) -> None:
    name, text = pair
    for word in name_words(f"{name} {more}"):
        for written in words(f"{text} {more} و{word} لل{word} بال{word} {word}'s"):
            if stands_for(written, word):
                assert root(written) == root(word)
