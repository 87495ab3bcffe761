"""Pairs of words that must meet or must not, in linguistics.tsv, each with its reason.

`match` and `apart` are what the search promises. `missed` and `conflated` are what a light stemmer gets wrong; they are
asserted too, so that the documentation of its limits stays true.
"""

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import write
from conftest import NewDatabase, fill
from every import every
from flask.testing import FlaskClient

from api.application import create_app
from api.database.current import database
from api.search.text import prefix, spans, stem, tokens, words
from api.settings import Settings

VERDICTS = {"match": True, "apart": False, "missed": False, "conflated": True}

with (Path(__file__).parent / "linguistics.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = [tuple(row) for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
PAIRS = [pytest.param(verdict, one, other, id=f"{one} {verdict} {other}") for verdict, one, other, _ in ROWS]
WORDS = sorted({word for _, one, other, _ in ROWS for word in (*words(one), *words(other))})


@every(("verdict", "one", "other"), PAIRS)
def test_pairs_of_words_match_or_differ_as_the_table_says(verdict: str, one: str, other: str) -> None:
    assert (tokens(one) == tokens(other)) is VERDICTS[verdict]


@every("word", WORDS)
def test_a_word_of_the_table_is_found_by_itself_with_and_without_a_star(word: str) -> None:
    assert stem(stem(word)) == stem(word)
    assert stem(word).startswith(prefix(word)) or prefix(word) in word


@every(("verdict", "one", "other"), PAIRS)
def test_each_word_of_a_matching_pair_is_highlighted_for_the_other(verdict: str, one: str, other: str) -> None:
    text = f"«{one}» ({other})"
    assert [span.token for span in spans(text)] == tokens(text)
    assert tokens(" ".join(text[span.start : span.end] for span in spans(text))) == tokens(text)


def test_the_table_gives_reasons_and_has_no_duplicates() -> None:
    assert all(len(row) == 4 and all(row) for row in ROWS)
    assert len({(one, other) for _, one, other, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("verdict", ["match", "apart"])
def test_the_table_has_many_pairs_of_every_verdict(verdict: str) -> None:
    assert sum(row[0] == verdict for row in ROWS) >= 150


def article(number: int, title: str) -> dict[str, Any]:
    """An article with nothing but a title."""
    text = {"rights": "-", "sha256": sha256(f"{number}".encode()).hexdigest(), "length": 1}
    dated = {"published": "2020", "date_basis": "inferred", "language": "ar"}
    return {"id": f"row-{number}", "title": title, **dated, **text}


@pytest.fixture(scope="module")
def articles_titled(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, FlaskClient]]:
    """A service with an article for each pair, titled by the second of the two: of an article nothing else is searched."""
    articles = {f"row-{number}": article(number, title) for number, (_, _, title, _) in enumerate(ROWS)}
    url = new_database()
    opened = fill(url, write({"articles": articles}, tmp_path_factory.mktemp("articles")))
    yield opened, create_app(Settings(database_url=url)).test_client()
    opened.close_all()  # type: ignore[no-untyped-call]


def test_searches_over_http_find_what_the_table_says(articles_titled: tuple[Any, FlaskClient]) -> None:
    opened, client = articles_titled
    database.initialize(opened)
    for number, (verdict, one, other, _) in enumerate(ROWS):
        answer = client.get("/v1/articles", query_string={"q": one, "sort": "id", "limit": "200"})
        found = {record["id"] for record in answer.get_json()["data"]}
        assert (f"row-{number}" in found) is VERDICTS[verdict], f"{one} {verdict} {other}"
