"""Records for display: labels of terms and dates, texts in one language, short forms for lists."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from asking import RECORD_TYPES, RECORDS, ask, everything, mistakes
from changing import Writer
from every import every
from flask.testing import FlaskClient

from schemas.records.vocabularies import documents, labels
from schemas.values.date_labels import labels as date_labels
from schemas.values.languages import best

STATEMENT = f"/v1/statements/{RECORDS['statements']}"


def test_vocabularies_come_whole(client: FlaskClient) -> None:
    page = ask(client, "/v1/vocabularies")
    assert [vocabulary["id"] for vocabulary in page["data"]] == sorted(documents())
    assert page["page"] == {"limit": 200, "next": None, "prev": None}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects within a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


@pytest.mark.parametrize("record_type", ["statements", "speakers", "agreements", "events"])
def test_terms_come_with_their_labels_and_speakers_with_their_kinds(client: FlaskClient, record_type: str) -> None:
    plain = {record["id"]: record for record in everything(client, record_type)}
    kinds = {speaker["id"]: speaker["kind"] for speaker in everything(client, "speakers")}
    shown = set()
    for record in everything(client, record_type, "expand=terms"):
        terms = record.pop("terms")
        for vocabulary, of_vocabulary in terms.items():
            assert of_vocabulary == {term: labels(vocabulary)[term] for term in of_vocabulary}
            shown.add(vocabulary)
        for reference in objects(record):
            if reference.keys() == {"id", "name", "kind"}:
                assert reference.pop("kind") == kinds[reference["id"]]
                assert kinds[reference["id"]] in terms["speaker-kinds"]
        assert record == plain[record["id"]]
    if record_type == "statements":
        assert shown >= {"acts", "topics", "report-modes", "chain-roles", "measures", "speaker-kinds", "capacities"}


def test_labels_do_not_suffer_from_what_others_asked_for(client: FlaskClient) -> None:
    for language in ("en", "ar"):
        [label] = ask(client, f"{STATEMENT}?expand=terms&lang={language}&fields=act")["terms"]["acts"].values()
        assert list(label) == [language]
    record = ask(client, f"{STATEMENT}?expand=terms&fields=act")
    assert record["terms"] == {"acts": {record["act"]: labels("acts")[record["act"]]}}


@pytest.mark.parametrize("record_type", ["statements", "speakers", "agreements", "communiques", "events", "articles"])
def test_dates_come_with_their_labels(client: FlaskClient, record_type: str) -> None:
    plain = {record["id"]: record for record in everything(client, record_type)}
    count = 0
    for record in everything(client, record_type, "expand=dates"):
        for holder in objects(record):
            for key in [key for key in holder if key.endswith("_label")]:
                assert holder.pop(key) == date_labels(holder[key.removesuffix("_label")])
                count += 1
        assert record == plain[record["id"]]
    assert count > 0


@every("language", ["en", "ar", "ru,en"])
@every("record_type", RECORD_TYPES)
def test_a_language_leaves_one_text_of_each(client: FlaskClient, record_type: str, language: str) -> None:
    plain = everything(client, record_type)
    chosen = everything(client, record_type, f"lang={language}")
    assert chosen == [_in_language(record, language.split(",")) for record in plain]
    some = ask(client, f"/v1/{record_type}/{RECORDS[record_type]}?lang={language}")
    assert some in chosen


def _in_language(value: Any, wanted: list[str]) -> Any:
    if isinstance(value, list):
        return [_in_language(item, wanted) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_text(value):
        language = best(value, wanted)
        return {language: value[language]}
    return {key: _in_language(item, wanted) for key, item in value.items()}


def test_what_is_expanded_and_counted_is_in_one_language_too(client: FlaskClient) -> None:
    query = "lang=en&expand=speakers,terms,dates,agreements"
    assert ask(client, f"{STATEMENT}?{query}") == _in_language(ask(client, f"{STATEMENT}?{query[8:]}"), ["en"])
    facets = "/v1/statements/facets?facet=act,speaker,year"
    assert ask(client, f"{facets}&lang=en") == _in_language(ask(client, facets), ["en"])


# --- one string of each text -----------------------------------------------------------------------------------------


def _without_strings(value: Any, wanted: list[str]) -> Any:
    """The same without the strings beside its texts, each of which must be the text in the language that suits best."""
    if isinstance(value, list):
        return [_without_strings(item, wanted) for item in value]
    if not isinstance(value, dict):
        return value
    for key in [key for key in value if key.endswith("_text")]:
        assert value.pop(key) == _string(value[key.removesuffix("_text")], wanted)
    return {key: _without_strings(item, wanted) for key, item in value.items()}


def _string(text: dict[str, Any], wanted: list[str]) -> Any:
    if all(isinstance(inner, dict) for inner in text.values()):
        return {key: _string(inner, wanted) for key, inner in text.items()}
    return text[best(text, wanted)]


def _texts(value: Any) -> int:
    """How many texts by language there are in a value."""
    return sum(_is_text(holder) for holder in objects(value))


def _is_text(value: dict[str, Any]) -> bool:
    tags = [isinstance(text, str) and 2 <= len(tag) <= 3 and tag != "id" for tag, text in value.items()]
    return bool(tags) and all(tags)


@every("query", ["", "lang=ru,en"])
@every("record_type", RECORD_TYPES)
def test_each_text_comes_as_one_string_too(client: FlaskClient, record_type: str, query: str) -> None:
    without = everything(client, record_type, query)
    records = everything(client, record_type, f"{query}&text=plain".lstrip("&"))
    strings = sum(key.endswith("_text") for record in records for holder in objects(record) for key in holder)
    assert strings >= _texts(without) > 0
    assert _without_strings(records, query.removeprefix("lang=").split(",") if query else []) == without


@pytest.mark.parametrize(
    "address",
    [
        f"{STATEMENT}?lang=en&expand=speakers,terms,dates,agreements",
        "/v1/statements?lang=en&view=summary&expand=terms&limit=200",
        "/v1/statements/facets?facet=act,speaker,year&lang=en",
        "/v1/figures?lang=en&limit=200",
        "/v1/figures/facets?facet=measure,claimant&lang=en",
    ],
)
def test_what_is_expanded_shortened_and_counted_comes_as_strings_too(client: FlaskClient, address: str) -> None:
    shown = ask(client, f"{address}&text=plain")
    assert shown != (without := ask(client, address))
    assert _without_strings(shown, ["en"]) == without


def test_texts_come_in_no_other_form(client: FlaskClient) -> None:
    assert mistakes(client.get(f"{STATEMENT}?text=html")) == ["text"]


# --- summaries -------------------------------------------------------------------------------------------------------


def test_a_summary_shows_what_a_list_needs_in_a_kilobyte(client: FlaskClient) -> None:
    publishers = {article["id"]: article["publisher"] for article in everything(client, "articles")}
    for language in ("ar", "en"):
        whole = everything(client, "statements", f"lang={language}&expand=dates")
        short = everything(client, "statements", f"lang={language}&view=summary")
        assert max(len(orjson.dumps(summary)) for summary in short) <= 1000
        for statement, summary in zip(whole, short, strict=True):
            assert summary.pop("said_by") == [item["speaker"] for item in statement["speakers"]]
            articles = [report["article"]["id"] for report in statement["reports"]]
            assert [article["id"] for article in summary["articles"]] == articles
            assert [article["publisher"] for article in summary.pop("articles")] == [
                _in_language(publishers[article], [language]) for article in articles
            ]
            keys = ("id", "act", "date", "date_label", "summary", "first_hand")
            assert summary == {key: statement[key] for key in keys}


def test_a_summary_is_in_arabic_or_english_unless_asked_otherwise(client: FlaskClient) -> None:
    without, arabic = (ask(client, f"/v1/statements?view=summary{more}")["data"] for more in ("", "&lang=ar"))
    assert without == arabic


@pytest.mark.parametrize(
    "query", ["q=غوتيريش&highlight=true", "expand=terms", "total=exact&sort=id", "limit=3", "speaker=nobody"]
)
def test_summaries_go_with_other_parameters(client: FlaskClient, query: str) -> None:
    full, short = (ask(client, f"/v1/statements?{query}&view={view}") for view in ("full", "summary"))
    assert [record["id"] for record in short["data"]] == [record["id"] for record in full["data"]]
    assert {**short["page"], "next": None} == {**full["page"], "next": None}
    for record, summary in zip(full["data"], short["data"], strict=True):
        assert summary.get("highlights") == record.get("highlights")
        assert ("terms" in summary) == ("terms" in record)


def test_summaries_of_a_sub_collection_and_contradictions(client: FlaskClient) -> None:
    path = "/v1/speakers/antonio-guterres/statements"
    assert all("said_by" in summary for summary in ask(client, f"{path}?view=summary")["data"])
    assert mistakes(client.get("/v1/statements?view=summary&fields=id")) == ["view"]


def test_what_was_added_on_request_can_be_sent_back(writer: Writer) -> None:
    for address in ("/v1/statements/premier-answers", "/v1/speakers/premier", "/v1/agreements/truce"):
        shown = writer.client.get(f"{address}?expand=terms,dates&text=plain")
        if shown.status_code == 200:
            tag = writer.etag(address)
            assert writer.send("PUT", address, shown.get_json(), if_match=tag).headers["ETag"] == tag


def test_kinds_of_an_earlier_moment_are_those_of_then(writer: Writer) -> None:
    statement = "/v1/statements/premier-answers"
    moment = writer.get(statement)["updated_at"]
    before = writer.get(f"{statement}?expand=terms")
    speaker = before["speakers"][0]["speaker"]["id"]
    writer.patch(f"/v1/speakers/{speaker}", {"name": {"en": "Renamed"}})
    past = writer.get(f"{statement}?expand=terms,dates&as_of={moment}")
    assert past["speakers"][0]["speaker"] == before["speakers"][0]["speaker"]
    assert past["terms"] == before["terms"]
