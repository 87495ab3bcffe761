"""Vague dates as people write them."""

import pytest

from schemas.values.date_labels import LANGUAGES, labels
from schemas.values.languages import best, canonical


@pytest.mark.parametrize(
    ("expression", "english", "arabic"),
    [
        ("2020", "2020", "2020"),
        ("202X", "2020s", "2020–2029"),
        ("20XX", "2000–2099", "2000–2099"),
        ("2020-XX", "2020", "2020"),
        ("2020-11", "November 2020", "نوفمبر 2020"),
        ("2020-11-XX", "November 2020", "نوفمبر 2020"),
        ("2020-11-09", "9 November 2020", "9 نوفمبر 2020"),
        ("2020?", "perhaps 2020", "ربما 2020"),
        ("2020-11~", "about November 2020", "نحو نوفمبر 2020"),
        ("2020-11-09%", "perhaps about 9 November 2020", "ربما نحو 9 نوفمبر 2020"),
        ("2020-12-02/2020-12-04", "2–4 December 2020", "من 2 إلى 4 ديسمبر 2020"),
        ("2021-11-26/2021-12-04", "26 November – 4 December 2021", "من 26 نوفمبر إلى 4 ديسمبر 2021"),
        ("2020-12-13/2021-01-02", "13 December 2020 – 2 January 2021", "من 13 ديسمبر 2020 إلى 2 يناير 2021"),
        ("2020-11/2020-12", "November – December 2020", "من نوفمبر إلى ديسمبر 2020"),
        ("2020-11-09/2020-11-09", "9 November 2020", "9 نوفمبر 2020"),
        ("2020-11~/2020-12-01", "about November 2020 – 1 December 2020", "من نحو نوفمبر 2020 إلى 1 ديسمبر 2020"),
        ("../2020-12-04", "until 4 December 2020", "حتى 4 ديسمبر 2020"),
        ("/2020-12-04", "until 4 December 2020", "حتى 4 ديسمبر 2020"),
        ("2020-11/..", "since November 2020", "منذ نوفمبر 2020"),
        ("2020-11-01/", "since 1 November 2020", "منذ 1 نوفمبر 2020"),
    ],
)
def test_a_vague_date_is_written_out(expression: str, english: str, arabic: str) -> None:
    assert set(LANGUAGES) == {"ar", "en"}
    assert labels(expression) == {"ar": arabic, "en": english}


@pytest.mark.parametrize(
    ("wanted", "texts", "expected"),
    [
        (["en"], "ar en ru", "en"),
        (["pt-BR"], "ar pt", "pt"),
        (["pt"], "ar pt-BR", "pt-BR"),
        (["zh-Hant-TW"], "ar zh-Hans zh-Hant", "zh-Hant"),
        (["fr", "ru", "en"], "ar en ru", "ru"),
        (["fr"], "ru en ar", "ar"),
        (["fr"], "ru en", "en"),
        (["fr"], "ru hy", "ru"),
        ([], "en ar", "ar"),
    ],
)
def test_the_language_of_a_text_is_what_is_wanted_then_arabic_or_english_then_any(
    wanted: list[str], texts: str, expected: str
) -> None:
    assert best(dict.fromkeys(texts.split(), "text"), wanted) == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("iw", "he"), ("zh-hant", "zh-Hant"), ("EN-gb", "en-GB"), ("xx", None), ("not a tag", None)]
)
def test_a_tag_is_brought_into_canonical_form(tag: str, expected: str | None) -> None:
    assert canonical(tag) == expected
