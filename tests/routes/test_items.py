"""One record: what it shows, what `fields` leaves of it, and what `expand` puts in the place of references."""

from collections.abc import Iterator
from typing import Any

import pytest
from asking import OWNERS, RECORD_TYPES, RECORDS, ask, everything, problem
from flask.testing import FlaskClient

from api import openapi

BY_LANGUAGE = {"name", "title", "supplied_title", "summary", "label", "definition", "verbs", "synonyms"}
RECORD_TYPE_OF = {
    "agreements": {"agreement"},
    "articles": {"article"},
    "communiques": {"communique"},
    "events": {"event", "about_events"},
    "places": {"place", "places", "part_of"},
    "speakers": {"speaker", "on_behalf_of", "addressees", "targets", "claimant", "party", "agent", "first_hand_for"},
    "statements": {"statement"},
}
"""Under which keys of a statement references to each record type stand."""

of_every_record_type = pytest.mark.parametrize("record_type", RECORD_TYPES)


@of_every_record_type
def test_a_record_is_the_same_alone_and_in_its_collection(client: FlaskClient, record_type: str) -> None:
    for record in everything(client, record_type):
        assert ask(client, f"/v1/{record_type}/{record['id']}") == record


@of_every_record_type
def test_every_key_is_always_there(client: FlaskClient, record_type: str) -> None:
    shapes: dict[str, set[frozenset[str]]] = {}
    for record in everything(client, record_type):
        for place, keys in _shapes(record, ""):
            shapes.setdefault(place, set()).add(keys)
    assert {place: keys for place, keys in shapes.items() if len(keys) > 1} == {}


def _shapes(value: Any, place: str) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(value, list):
        for item in value:
            yield from _shapes(item, place)
    elif isinstance(value, dict) and place.rpartition("/")[2] not in BY_LANGUAGE:
        yield place, frozenset(value)
        for key, inner in value.items():
            yield from _shapes(inner, f"{place}/{key}")


@of_every_record_type
def test_the_contract_names_the_keys_of_a_record(client: FlaskClient, record_type: str) -> None:
    contract = ask(client, "/openapi.json")
    example = contract["components"]["examples"][openapi.RECORDS[record_type]]["value"]
    assert list(ask(client, f"/v1/{record_type}/{RECORDS[record_type]}")) == list(example)


def test_a_statement_can_be_shown_without_a_second_request(client: FlaskClient) -> None:
    statement = ask(client, f"/v1/statements/{RECORDS['statements']}")
    said = statement["speakers"][0]
    assert said["speaker"]["name"]["ar"] == "أنطونيو غوتيريش"
    assert said["office"]["title"]["en"].startswith("Secretary-General")
    assert statement["agreements"][0]["agreement"]["name"]["en"]
    assert [link["agent"]["id"] for link in statement["reports"][0]["chain"]] == [
        "antonio-guterres",
        "russian-foreign-ministry",
        "tass",
        "russia-islamic-world-vision-group",
    ]
    assert (statement["date"], statement["date_earliest"], statement["date_latest"]) == (
        "2020-12-02/2020-12-04",
        "2020-12-02",
        "2020-12-04",
    )
    assert statement["first_hand"] is False
    assert {span["status"] for span in statement["reports"][0]["evidence"]} == {"text-not-attached"}


def test_arabic_goes_out_unescaped(client: FlaskClient) -> None:
    answer = client.get("/v1/speakers/antonio-guterres")
    assert "أنطونيو غوتيريش".encode() in answer.data
    assert b"\\u06" not in answer.data


# --- fields ----------------------------------------------------------------------------------------------------------


@of_every_record_type
def test_fields_leaves_only_what_is_named_and_the_id(client: FlaskClient, record_type: str) -> None:
    whole = ask(client, f"/v1/{record_type}/{RECORDS[record_type]}")
    for key in whole:
        assert ask(client, f"/v1/{record_type}/{RECORDS[record_type]}?fields={key}") == {
            "id": whole["id"],
            key: whole[key],
        }
    assert ask(client, f"/v1/{record_type}/{RECORDS[record_type]}?fields={','.join(whole)}") == whole


@of_every_record_type
def test_fields_works_on_collections_alike(client: FlaskClient, record_type: str) -> None:
    whole = everything(client, record_type)
    cut = everything(client, record_type, "fields=updated_at,id")
    assert cut == [{"id": record["id"], "updated_at": record["updated_at"]} for record in whole]


def test_a_name_given_twice_in_fields_counts_once(client: FlaskClient) -> None:
    assert ask(client, "/v1/places/sochi?fields=kind,kind") == {"id": "sochi", "kind": "city"}


# --- expand ----------------------------------------------------------------------------------------------------------


def _references(value: Any, keys: set[str], key: str = "") -> Iterator[dict[str, Any]]:
    """What stands where a record under one of these keys is referred to; not looking into what is found."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item, keys, key)
    elif isinstance(value, dict):
        if key in keys and "id" in value:
            yield value
        else:
            for name, inner in value.items():
                yield from _references(inner, keys, name)


@pytest.mark.parametrize("record_type", RECORD_TYPE_OF)
def test_expand_puts_whole_records_in_the_place_of_every_reference(client: FlaskClient, record_type: str) -> None:
    records = {record["id"]: record for record in everything(client, record_type)}
    expanded = everything(client, "statements", f"expand={record_type}")
    found = [reference for statement in expanded for reference in _references(statement, RECORD_TYPE_OF[record_type])]
    assert found
    small = [place for place in found if place != {**records[place["id"]], "name": place["name"]}]
    assert [reference["id"] for reference in small] == []


def test_expand_changes_nothing_but_the_references(client: FlaskClient) -> None:
    small = everything(client, "statements")
    for statement, expanded in zip(small, everything(client, "statements", "expand=agreements"), strict=True):
        for reference in expanded["agreements"]:
            reference["agreement"] = {key: reference["agreement"][key] for key in ("id", "name")}
        assert expanded == statement


def test_several_record_types_expand_at_once_and_deep_inside(client: FlaskClient) -> None:
    address = f"/v1/statements/{RECORDS['statements']}?expand=articles,speakers,agreements,events"
    statement = ask(client, address)
    report = statement["reports"][0]
    article = ask(client, f"/v1/articles/{report['article']['id']}")
    assert report["article"] == {**article, "name": {"ar": article["title"]}}
    assert report["chain"][2]["agent"] == ask(client, "/v1/speakers/tass")
    assert statement["speakers"][0]["speaker"] == ask(client, "/v1/speakers/antonio-guterres")
    assert statement["speakers"][0]["office"]["id"] == "secretary-general"
    assert statement["event"] == ask(client, "/v1/events/lavrov-guterres-call-2020-12")
    assert statement["agreements"][0]["agreement"]["provisions"]
    assert set(statement["communique"]) == {"id", "name"}


def test_an_expanded_record_has_small_references_itself(client: FlaskClient) -> None:
    article = ask(client, f"/v1/statements/{RECORDS['statements']}?expand=articles,speakers")["reports"][0]["article"]
    assert set(article["publisher"]) == {"id", "name"}


@pytest.mark.parametrize(
    ("address", "expand", "where"),
    [
        ("/v1/speakers/russian-foreign-ministry", "speakers", ("part_of",)),
        ("/v1/speakers/antonio-guterres", "speakers", ("offices", 0, "organization")),
        ("/v1/agreements/trilateral-statement-2021-01-11", "agreements", ("relations", 0, "agreement")),
        ("/v1/agreements/trilateral-statement-2021-01-11", "speakers", ("signatories", 0, "speaker")),
        ("/v1/communiques/sochi-joint-statement-2021-11-26", "events", ("event",)),
        ("/v1/communiques/sochi-joint-statement-2021-11-26", "speakers", ("issuers", 0)),
        ("/v1/events/sochi-summit-2021-11-26", "places", ("place",)),
        ("/v1/events/sochi-summit-2021-11-26", "speakers", ("participants", 0, "speaker")),
        ("/v1/places/sochi", "places", ("part_of",)),
        ("/v1/articles/vision-group-lavrov-guterres-2020", "speakers", ("credits", 0, "agency")),
    ],
)
def test_every_record_type_expands(client: FlaskClient, address: str, expand: str, where: tuple[Any, ...]) -> None:
    found = ask(client, f"{address}?expand={expand}")
    for step in where:
        found = found[step]
    assert found == ask(client, f"/v1/{expand}/{found['id']}")


def test_fields_and_expand_work_together(client: FlaskClient) -> None:
    statement = ask(client, f"/v1/statements/{RECORDS['statements']}?fields=event&expand=events,articles")
    assert statement == {
        "id": RECORDS["statements"],
        "event": ask(client, "/v1/events/lavrov-guterres-call-2020-12"),
    }


def test_expand_works_in_sub_collections(client: FlaskClient) -> None:
    found = ask(client, "/v1/events/sochi-summit-2021-11-26/statements?expand=events&limit=200")["data"]
    assert any(statement["event"] and "participants" in statement["event"] for statement in found)


# --- none ------------------------------------------------------------------------------------------------------------


@of_every_record_type
def test_an_id_that_nobody_has_is_404(client: FlaskClient, record_type: str) -> None:
    referring = () if record_type == "vocabularies" else ("?expand=speakers",)
    for query in ("", "?fields=id", *referring):
        told = problem(client.get(f"/v1/{record_type}/nobody-at-all{query}"), 404, "no-such-record")
        assert "nobody-at-all" in told["detail"]


@pytest.mark.parametrize("record_type", OWNERS)
def test_the_statements_of_nobody_are_404_and_not_an_empty_list(client: FlaskClient, record_type: str) -> None:
    for query in ("", "?total=exact&expand=speakers", "?q=Guterres", "?act=decree"):
        problem(client.get(f"/v1/{record_type}/nobody-at-all/statements{query}"), 404, "no-such-record")
