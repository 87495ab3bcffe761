"""Texts of records on pages: in which language they are shown, how they are isolated, and the words of articles."""

from pathlib import Path
from typing import Any

import pytest
from applications import client_of
from builders import world
from pages_read import parsed, read
from texts import ANSWERS, article, saved

from api.pages.frame.languages import AGENT, ENGLISH, LANGUAGES, STATEMENT, Wording, direction_of
from api.texts.attaching import attach


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("en", "ltr"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("ur-Latn", "ltr"), ("zh-Hant", "ltr")],
)
def test_each_language_is_written_its_way(tag: str, expected: str) -> None:
    assert direction_of(tag) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 تصريح"),
        (1, "تصريح واحد"),
        (2, "تصريحان"),
        (3, "3 تصريحات"),
        (10, "10 تصريحات"),
        (11, "11 تصريحًا"),
        (100, "100 تصريح"),
        (103, "103 تصريحات"),
        (1211, "1,211 تصريحًا"),
    ],
)
def test_arabic_counts_as_arabic_does(number: int, expected: str) -> None:
    assert Wording(LANGUAGES["ar"]).counted(number, STATEMENT) == expected


def test_digits_and_separators_are_those_that_were_chosen() -> None:
    assert Wording(LANGUAGES["ar"], "arab").number(1234.5) == "١٬٢٣٤٫٥"
    assert Wording(ENGLISH).counted(1, AGENT) == "1 agent"
    assert Wording(LANGUAGES["ar"], "arab").date("2022-12-31~") == "نحو ٣١ ديسمبر/كانون الأول ٢٠٢٢"


def test_a_text_in_another_language_is_shown_and_marked(new_database: Any) -> None:
    documents = world()
    records: Any = {record_type: list(of_type.values()) for record_type, of_type in documents.items()}
    records["statements"][0]["summary"] = {"ru": "Министр (Север) приветствует [перемирие]"}
    with client_of(new_database(), records, needed=False) as client:
        page = client.get("/ar/statements/minister-welcomes").text
        assert '<h1 lang="ru" dir="ltr">' in page
        listed = client.get("/ar/statements").text
        assert 'lang="ru" dir="ltr">Министр (Север)' in listed
        assert "(الروسية)" in listed
        assert '<bdi lang="en" dir=ltr>Ivan Petrov</bdi>' in listed
        assert parsed(listed).faults == []


def test_the_words_of_an_article_are_shown_where_they_may_be(new_database: Any, tmp_path: Path) -> None:
    records: Any = {record_type: list(documents.values()) for record_type, documents in article().items()}
    with client_of(new_database(), records, needed=False) as client:
        before = read(client, "/en/articles/page")
        assert "positions are shown, not words" in before.text
        attach(saved(tmp_path), 1000)
        after = read(client, "/en/articles/page")
        assert ANSWERS in after.text
        assert ANSWERS in read(client, "/en/statements/premier-answers").text
        assert "verified in the text" in read(client, "/en/statements/premier-answers").text
