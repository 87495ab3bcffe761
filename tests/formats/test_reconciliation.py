"""OpenRefine's requests, as it sends them, and what it makes of the answers."""

import csv
import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from applications import client_of, speaker
from asking import everything, mistakes, problem
from builders import body, office, person
from changing import Writer
from conftest import NewDatabase
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.names.suggestions import AllNames
from api.reconciliation import matching
from api.search.names import skeleton
from api.search.nearness import Names

PUBLISHED = Path(__file__).parent / "published" / "reconciliation-0.2"
RECONCILED = ("speakers", "agreements", "events", "places", "articles")
Answer = dict[str, Any]


@cache
def schema(name: str) -> Any:
    """A validator of a schema of the specification."""
    text = (PUBLISHED / f"{name}.json").read_text(encoding="utf-8")
    published = json.loads(text, object_hook=_without_remote_references)
    return jsonschema_rs.Draft7Validator({**published, "$schema": "http://json-schema.org/draft-07/schema#"})


def _without_remote_references(node: Answer) -> Answer:
    reference = node.get("$ref", "#")
    if reference.startswith("#"):
        return node
    return json.loads((PUBLISHED / reference).read_bytes()) if (PUBLISHED / reference).exists() else {}


def batch(client: FlaskClient, record_type: str, **queries: Answer) -> list[list[Answer]]:
    """The candidates for each query, sent as OpenRefine sends a batch: in a form."""
    schema("reconciliation-query-batch").validate(queries)
    answer = client.post(f"/reconcile/{record_type}", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    schema("reconciliation-result-batch").validate(found)
    assert found.keys() == queries.keys()
    for result in found.values():
        assert result.keys() == {"result"}
        for candidate in result["result"]:
            assert candidate.keys() == {"id", "name", "score", "description", "match", "type", "features"}
            assert 0 < candidate["score"] <= 100
            assert all(kind.keys() == {"id", "name"} for kind in candidate["type"])
    return [result["result"] for result in found.values()]


def named(client: FlaskClient, name: str, record_type: str = "speakers", **more: Any) -> list[Answer]:
    [candidates] = batch(client, record_type, q0={"query": name, "type": record_type, "type_strict": "should", **more})
    return candidates


def extended(client: FlaskClient, record_type: str, ids: list[str], *properties: Answer) -> Answer:
    asked = {"ids": ids, "properties": list(properties)}
    schema("data-extension-query").validate(asked)
    answer = client.post(f"/reconcile/{record_type}", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200, answer.text
    schema("data-extension-response").validate(answer.get_json())
    assert answer.get_json().keys() == {"meta", "rows"}
    return dict(answer.get_json())


@pytest.mark.parametrize("record_type", RECONCILED)
def test_the_manifest_offers_what_openrefine_uses(client: FlaskClient, record_type: str) -> None:
    answer = client.get(f"/reconcile/{record_type}", headers={"Origin": "http://127.0.0.1:3333"})
    manifest = answer.get_json()
    schema("manifest").validate(manifest)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert manifest.keys() == {
        "versions", "name", "identifierSpace", "schemaSpace", "documentation", "serviceVersion", "defaultTypes", "view", "preview",
        "suggest", "extend", "batchSize",
    }  # fmt: skip
    assert manifest["extend"].keys() == {"propose_properties", "property_settings"}
    for setting in manifest["extend"]["property_settings"]:
        assert setting.keys() - {"choices"} == {"name", "label", "type", "default", "help_text"}
        assert all(choice.keys() == {"value", "name"} for choice in setting.get("choices", ()))
    for name, service in manifest["suggest"].items():
        assert service.keys() == {"service_url", "service_path"}
        suggested = f"{service['service_url']}{service['service_path']}?prefix=k&lang=en"
        found = client.get(f"{suggested}&cursor=0")
        rest = client.get(f"{suggested}&cursor=1").get_json()["result"]
        assert rest == found.get_json()["result"][1:]
        assert client.get(f"{suggested}&cursor=x").status_code == 422
        schema(
            {"entity": "suggest-entities", "type": "suggest-types", "property": "suggest-properties"}[name]
            + "-response"
        ).validate(found.get_json())
    view = manifest["view"]["url"].replace("{{id}}", everything(client, record_type)[0]["id"])
    assert client.get(view).status_code == 200
    jsonp = client.get(f"/reconcile/{record_type}?callback=jQuery1")
    assert jsonp.content_type.startswith("text/javascript")
    assert json.loads(jsonp.text.removeprefix("/**/jQuery1(").removesuffix(");")) == manifest


@pytest.mark.parametrize("record_type", RECONCILED)
def test_every_record_is_found_by_each_of_its_names(client: FlaskClient, record_type: str) -> None:
    names: dict[str, set[str]] = {}
    for record in everything(client, record_type):
        labels = (
            record["name"].values()
            if "name" in record
            else [record["title"], *(record["supplied_title"] or {}).values()]
        )
        for name in [*labels, *(alias["value"] for alias in record.get("aliases", ()))]:
            names.setdefault(name or "", set()).add(record["id"])
    known = [name for name in names if name][:500]
    found = batch(client, record_type, **{f"q{place}": {"query": name} for place, name in enumerate(known)})
    for name, candidates in zip(known, found, strict=True):
        assert {candidate["id"] for candidate in candidates[: len(names[name])]} >= names[name], name
        assert candidates[0]["score"] == 100
        assert sum(candidate["match"] for candidate in candidates) <= 1
        assert name in candidates[0]["description"] or candidates[0]["score"] == 100


@pytest.mark.parametrize(
    ("name", "record", "matches"),
    [
        ("LAVROV, Sergey", "sergey-lavrov", True),
        ("Sergei Lavrow", "sergey-lavrov", False),
        ("لافرووف", "sergey-lavrov", False),
        ("Foreign Minister Sergey Lavrov", "sergey-lavrov", False),
        ("Гутерриш", "antonio-guterres", True),
        ("Nikol Pashinjan", "nikol-pashinyan", False),
        ("SergeyLavrov", "sergey-lavrov", False),
        ("Serge yLavrov", "sergey-lavrov", False),
    ],
)
def test_only_a_name_that_is_exact_once_it_is_folded_matches_by_itself(
    client: FlaskClient, name: str, record: str, matches: bool
) -> None:
    best = named(client, name)[0]
    assert (best["id"], best["match"]) == (record, matches)
    assert (best["score"] == 100) == matches


def test_an_exact_name_comes_first_however_many_names_are_like_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frequent words in common must not weigh less than rare ones that only sound alike."""
    vowels = [*product("aeiou", repeat=3)]
    like = [f"{a}m{b}r{c} s{a}{b}d{c}" for a, b, c in vowels for _ in range(3)]
    sharing = [
        name for other in "bcdfghjklnpqtvwxyz" for name in (f"omar {other}{other}an", f"{other}a{other}i said") * 9
    ]
    phrases = [*like, *sharing, "omar said"]
    numbers = list(range(len(phrases)))
    sounds = [" ".join(map(skeleton, phrase.split())) for phrase in phrases]
    records = {number: f"speakers s{number} {{}}" for number in numbers}
    known = AllNames("invented", Names(phrases, sounds), phrases, numbers, records)
    monkeypatch.setattr(matching, "all_names", lambda: known)
    [[best, *_], [of_titled, *_]] = matching.candidates("speakers", ["Said, Omar", "President Omar Said"], 5)
    assert (best.matched, best.score) == ("omar said", 100)
    assert of_titled.matched == "omar said"


def test_the_walk_through_goes_as_it_is_told(client: FlaskClient) -> None:
    with (Path(__file__).parents[2] / "docs" / "reconciling.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    matched = [
        by_properties(client, *([("country", row["country"])] if row["country"] else []), name=row["who"])[0]
        for row in rows
    ]
    assert [match for _, match in matched].count(True) == 7
    assert ("maria-zakharova", True) in matched
    assert ("vladimir-putin", False) in matched


@pytest.fixture(scope="module")
def namesakes(new_database: NewDatabase) -> Iterator[FlaskClient]:
    """A service that knows two people of one name, one a minister of the north until 2014, one of the south."""
    records = [
        body("north", "North"),
        body("south", "South"),
        person("one", "John Smith", offices=[office("minister", "north", **{"from": "2010", "to": "2014"})]),
        person("other", "John Smith", offices=[office("minister", "south", **{"from": "2015"})],
               identifiers=[{"scheme": "wikidata", "value": "Q7"}]),
        speaker("paper", kind="media", name={"en": "Smith, John"}),
    ]  # fmt: skip
    with client_of(new_database(), {"speakers": records}) as client:
        yield client


def by_properties(
    client: FlaskClient, *properties: tuple[str, Any], name: str = "John Smith"
) -> list[tuple[str, bool]]:
    given = [{"pid": pid, "v": value} for pid, value in properties]
    return [(each["id"], each["match"]) for each in named(client, name, properties=given)]


def test_properties_narrow_among_namesakes(namesakes: FlaskClient) -> None:
    assert [match for _, match in by_properties(namesakes)] == [False, False, False]
    assert by_properties(namesakes, ("kind", "Media"))[0] == ("paper", True)
    assert by_properties(namesakes, ("kind", "person"), ("office_on", "2012-05"))[0] == ("one", True)
    assert by_properties(namesakes, ("country", {"id": "south", "name": "South"}))[0] == (
        "other",
        False,
    )  # the paper has none
    assert by_properties(namesakes, ("kind", "person"), ("country", ["East", "South"]))[0] == ("other", True)
    assert by_properties(namesakes, ("wikidata", "Q7"), name="Somebody Else")[0] == ("other", True)
    [candidates] = batch(namesakes, "speakers", q={"properties": [{"pid": "wikidata", "v": "Q7"}]})
    assert (candidates[0]["id"], candidates[0]["match"]) == ("other", True)


def test_types_are_kinds_which_may_be_demanded_or_preferred(namesakes: FlaskClient) -> None:
    assert [each["id"] for each in named(namesakes, "John Smith", type="media", type_strict="any")] == ["paper"]
    preferred = named(namesakes, "John Smith", type=["media"], type_strict="should")
    assert (preferred[0]["id"], preferred[0]["match"]) == ("paper", True)
    assert len(preferred) == 3


def test_columns_are_filled_from_records_with_settings(client: FlaskClient) -> None:
    filled = extended(
        client, "speakers", ["sergey-lavrov", "nobody"],
        {"id": "country", "settings": {"limit": "1"}}, {"id": "wikidata"}, {"id": "name", "settings": {"lang": "ar"}},
    )  # fmt: skip
    assert [set(each) for each in filled["meta"]] == [{"id", "name", "type"}, {"id", "name"}, {"id", "name"}]
    row = filled["rows"]["sergey-lavrov"]
    assert row["country"] == [{"id": "russia", "name": "Russia"}]
    assert (row["wikidata"], row["name"]) == ([{"str": "Q58217"}], [{"str": "سيرغي لافروف"}])
    assert filled["rows"]["nobody"] == {"country": [], "wikidata": [], "name": []}
    days = extended(client, "events", ["september-2022-border-clashes"], {"id": "date"})["rows"]
    assert days["september-2022-border-clashes"]["date"] == [{"str": "2022-09-12/2022-09-14"}]
    offered = client.get("/reconcile/speakers/properties?type=speakers&limit=3").get_json()
    schema("data-extension-property-proposal").validate(offered)
    assert len(offered["properties"]) == 3


def test_the_id_of_a_merged_record_leads_to_its_successor(writer: Writer) -> None:
    writer.put("/v1/speakers/second-premier", person("second-premier", "Second Premier"))
    writer.merge("second-premier", "premier")
    rows = extended(writer.client, "speakers", ["second-premier"], {"id": "kind"})["rows"]
    assert rows == {"second-premier": {"kind": [{"str": "Person"}]}}
    assert "Maria Sanchez" in writer.client.get("/reconcile/speakers/preview?id=second-premier").text


def test_a_preview_may_be_framed_and_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/reconcile/agreements/preview?id=ceasefire-2022-09-14")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert 'dir="auto" lang="ar"' in answer.text
    assert "<script" not in answer.text
    assert "'nobody'" in problem(client.get("/reconcile/speakers/preview?id=nobody"), 404, "not-found")["detail"]


def asked(client: FlaskClient, body: Any) -> TestResponse:
    return client.post("/reconcile/speakers", json=body)


def test_what_is_asked_may_come_as_json_or_in_the_address(client: FlaskClient) -> None:
    queries = {"q0": {"query": "Lavrov"}}
    by_form = client.post("/reconcile/speakers/", data={"queries": json.dumps(queries)}).get_json()
    assert asked(client, {"queries": queries}).get_json() == by_form
    assert client.get("/reconcile/speakers", query_string={"queries": json.dumps(queries)}).get_json() == by_form


NO_IDS: list[Any] = [5, "x", [5], [{}], ["\0"], ["x"] * 501]


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ({"queries": []}, ["Is not an object"]),
        ({"queries": {"q0": {"query": " "}, "q1": {"query": "x", "type": "ship"}}}, ["q0: Has neither", "q1: 'ship' is no type"]),
        ({"queries": {"q0": {"query": "x", "properties": [{"pid": "born", "v": "1"}], "limit": 0}}}, ["q0: 'born' is no property", "q0: 'limit'"]),
        ({"extend": {"ids": [], "properties": [{"id": "born"}]}}, ["'born' is no property"]),
        ({"queries": {"q0": 5, "q1": {"query": 5, "type": 5, "type_strict": []}}}, ["q0: Is not", "q1: 'query'", "q1: 'type'", "q1: 'type_strict'"]),
        ({"queries": {"q0": {"type": [["x"]]}, "q1": {"type": [{"id": [1]}]}, "q2": {"type": ["x"] * 51}}}, ["q0: 'type'", "q1: 'type'", "q2: 'type'"]),
        ({"queries": {"q0": {"query": "x" * 501}, "q1": {"query": "x", "limit": 1e300}}}, ["q0: 'query'"]),
        *(({"queries": {"q0": {"query": "x", "properties": given}}}, ["q0: 'properties'"]) for given in
          (5, [5], [{"pid": ["kind"]}], [{"pid": "kind", "v": [[1]]}], [{"pid": "kind", "v": {"id": 5}}], [{"pid": "kind", "v": {"id": "x", "name": {}}}],
           [{"pid": "kind", "v": "x" * 501}], [{"pid": "wikidata", "v": "\0"}], [{"pid": "kind", "v": [1] * 51}], [{"pid": "kind", "v": 1}] * 51)),
        *(({"extend": {"ids": ids, "properties": []}}, ["'ids'"]) for ids in NO_IDS),
        *(({"extend": {"ids": [], "properties": given}}, ["'properties'"]) for given in
          (5, ["kind"], [{"id": 5}], [{"id": "kind", "settings": 5}], [{"id": "kind", "settings": {"lang": ["en"]}}], [{"id": "kind", "settings": {"limit": "a"}}],
           [{"id": "kind", "settings": {"limit": -1}}], [{"id": "kind"}] * 51)),
    ],
)  # fmt: skip
def test_every_mistake_is_named(client: FlaskClient, body: Any, sentences: list[str]) -> None:
    told = problem(asked(client, body), 422, "invalid-parameters")
    details = [error["detail"] for error in told["errors"]]
    assert all(any(detail.startswith(sentence) for detail in details) for sentence in sentences), details


def test_a_title_may_have_more_words_than_a_search_and_be_none_but_its_operators(client: FlaskClient) -> None:
    long, none = batch(client, "articles", q0={"query": "summit " * 50}, q1={"query": "أو"})
    assert none == []
    assert all(candidate["score"] < 100 for candidate in long)


@pytest.mark.parametrize("value", ["%00", "9" * 5000, "%ED%A0%80", "(" * 500])
@pytest.mark.parametrize("record_type", ["speakers", "articles"])
def test_no_value_of_a_parameter_is_too_strange(client: FlaskClient, record_type: str, value: str) -> None:
    for address in ("preview?id=", "suggest/entity?prefix=", "suggest/type?prefix=", "properties?limit="):
        assert client.get(f"/reconcile/{record_type}/{address}{value}").status_code in (200, 404, 422), address


def test_no_json_no_type_and_no_callback_are_refused(client: FlaskClient) -> None:
    assert mistakes(client.post("/reconcile/speakers", data={"queries": "{"})) == ["queries"]
    assert mistakes(client.get("/reconcile/speakers?callback=alert(1)")) == ["callback"]
    assert "speakers" in problem(client.get("/reconcile/vocabularies"), 404, "not-found")["detail"]
    many = {f"q{place}": {"query": "x"} for place in range(501)}
    assert mistakes(asked(client, {"queries": many})) == ["queries"]
    few = dict(list(many.items())[:101])
    assert mistakes(client.post("/reconcile/articles", json={"queries": few})) == ["queries"]


def test_where_reading_takes_a_token_a_batch_takes_one_too(new_database: NewDatabase) -> None:
    with client_of(new_database(), {}, reads="token") as client:
        assert client.get("/reconcile/speakers").status_code == 401
        assert client.post("/reconcile/speakers", data={"queries": "{}"}).status_code == 401
