"""Highlights: why a record was found, in its own words."""

from typing import Any

import pytest
from asking import RECORD_TYPES, ask, everything, mistakes
from every import every
from flask.testing import FlaskClient

from schemas.answers.suggestions import MOST_HIGHLIGHTS


def highlighted(
    client: FlaskClient, q: str, record_type: str = "statements", **more: str
) -> dict[str, list[dict[str, Any]]]:
    asked = {"q": q, "highlight": "true", "limit": "200", **more}
    answer = client.get(f"/v1/{record_type}", query_string=asked)
    assert answer.status_code == 200, answer.text
    return {record["id"]: record["highlights"] for record in answer.get_json()["data"]}


def at(document: Any, pointer: str) -> str:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return str(document)


def marked(highlights: list[dict[str, Any]], pointer: str) -> list[str]:
    return [one["text"][start:end] for one in highlights if one["pointer"] == pointer for start, end in one["matches"]]


SUMMARY = "guterres-welcomes-russia-role-karabakh-2020-12"


@pytest.mark.parametrize(
    ("q", "language", "expected"),
    [
        ("غوتيريش", "ar", "غوتيريش"),
        ("غوتيريش", "en", "Guterres"),
        ("Guterres", "ar", "غوتيريش"),
        ("Гутер*", "ar", "غوتيريش"),
        ("welcomes", "en", "welcomed"),
    ],
)
def test_a_word_or_name_is_marked_whatever_it_was_asked_for_by(
    client: FlaskClient, q: str, language: str, expected: str
) -> None:
    assert expected in marked(highlighted(client, q)[SUMMARY], f"/summary/{language}")


@every("record_type", RECORD_TYPES)
@every("q", ["russia*", "روسيا", "Karabakh", "بيان -هدنة"])
def test_what_is_marked_stands_so_in_the_record(client: FlaskClient, record_type: str, q: str) -> None:
    records = {record["id"]: record for record in everything(client, record_type)}
    for record, pieces in highlighted(client, q, record_type).items():
        assert len(pieces) <= MOST_HIGHLIGHTS
        for piece in pieces:
            whole = at(records[record], piece["pointer"])
            assert whole[piece["start"] :].startswith(piece["text"])
            assert len(piece["text"]) <= 200
            assert piece["matches"] == sorted(piece["matches"])
            assert all(0 <= start < end <= len(piece["text"]) for start, end in piece["matches"])


def test_what_is_excluded_is_not_marked(client: FlaskClient) -> None:
    with_it = highlighted(client, "غوتيريش")
    without = highlighted(client, "غوتيريش -libya")
    assert set(without) < set(with_it)
    assert all(without[record] == with_it[record] for record in without)


def test_a_record_found_by_what_it_refers_to_has_nothing_to_show(client: FlaskClient) -> None:
    assert any(pieces == [] for pieces in highlighted(client, "ТАСС").values())


def test_highlights_come_beside_what_fields_and_expand_ask_for(client: FlaskClient) -> None:
    plain = highlighted(client, "Guterres")
    assert highlighted(client, "Guterres", fields="date") == plain
    assert highlighted(client, "Guterres", expand="speakers,articles") == plain
    page = client.get(
        "/v1/statements", query_string={"q": "Guterres", "highlight": "true", "fields": "date"}
    ).get_json()
    assert set(page["data"][0]) == {"id", "date", "highlights"}


def test_without_highlight_nothing_is_added(client: FlaskClient) -> None:
    for query in ("q=Guterres", "q=Guterres&highlight=false", "highlight=false"):
        assert all("highlights" not in record for record in ask(client, f"/v1/statements?{query}")["data"])


def test_the_next_page_is_highlighted_too(client: FlaskClient) -> None:
    page = ask(client, "/v1/statements?q=Guterres&highlight=true&limit=2")
    assert all("highlights" in record for record in ask(client, page["page"]["next"])["data"])


def test_without_a_query_there_is_nothing_to_highlight(client: FlaskClient) -> None:
    assert mistakes(client.get("/v1/statements?highlight=true")) == ["highlight"]
    assert mistakes(client.get("/v1/statements?q=a&highlight=yes")) == ["highlight"]
    assert mistakes(client.get("/v1/statements/facets?q=a&highlight=true")) == ["highlight"]


@pytest.mark.parametrize(("q", "vocabulary", "term"), [("truce", "topics", "ceasefire"), ("ترحيب", "act", "welcome")])
def test_a_term_found_by_another_word_is_marked_where_the_record_has_it(
    client: FlaskClient, q: str, vocabulary: str, term: str
) -> None:
    with_term = highlighted(client, q)
    assert len(with_term) >= 3
    for record, pieces in with_term.items():
        document = ask(client, f"/v1/statements/{record}")
        is_at = [piece for piece in pieces if piece["pointer"].startswith(f"/{vocabulary}")]
        assert [piece["text"] for piece in is_at] == ([term] if term in document.get(vocabulary, ()) else [])
        assert all(at(document, piece["pointer"]) == piece["text"] for piece in is_at)
