"""JSON-LD, expanded by a processor that never leaves this machine."""

import re
from pathlib import Path
from typing import Any

import pytest
from asking import ask
from flask.testing import FlaskClient
from pyld import jsonld

JSON_LD = "application/ld+json"
LINKED = ("statements", "speakers", "agreements", "articles")
PASHINYAN = "http://localhost/v1/statements/pashinyan-reports-105-soldiers-killed-2022-09"
PREFIXES = {"schema": "https://schema.org/", "prov": "http://www.w3.org/ns/prov#", "tasrih": "urn:tasrih:terms:", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}  # fmt: skip
PAGE = (Path(__file__).parents[2] / "docs" / "linked-data.md").read_text(encoding="utf-8")
LISTED = {
    predicate: set(where.split(", "))
    for predicate, where in re.findall(r"^\| `(\w+:\w+)` \| ([a-z, ]+) \|", PAGE, re.M)
}
"""The predicates of docs/linked-data.md, each with the record types in which it is."""


def triples(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """What an address says, expanded with the context that the service itself serves."""

    def load(url: str, options: Any) -> dict[str, Any]:
        assert url == "http://localhost/contexts/1.jsonld", f"{url} is elsewhere"
        return {"contentType": JSON_LD, "contextUrl": None, "documentUrl": url, "document": client.get(url).get_json()}

    answer = client.get(address, headers={"Accept": JSON_LD})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == JSON_LD
    graph = jsonld.to_rdf(answer.get_json(), {"documentLoader": load, "base": "http://localhost/"})
    return [triple for each in graph.values() for triple in each]


def short(iri: str) -> str:
    return next((f"{name}:{iri.removeprefix(full)}" for name, full in PREFIXES.items() if iri.startswith(full)), iri)


def said_of(client: FlaskClient, record_type: str) -> list[dict[str, Any]]:
    return triples(client, f"/v1/{record_type}?limit=200")


@pytest.mark.parametrize("record_type", LINKED)
def test_records_expand_to_the_predicates_that_the_page_lists(client: FlaskClient, record_type: str) -> None:
    used = {short(triple["predicate"]["value"]) for triple in said_of(client, record_type)}
    assert used == {predicate for predicate, where in LISTED.items() if record_type in where}


def test_a_statement_says_who_claims_what_and_who_carried_it(client: FlaskClient) -> None:
    found = triples(client, PASHINYAN.removeprefix("http://localhost"))

    def objects(subject: str, predicate: str) -> set[str]:
        return {
            each["object"]["value"]
            for each in found
            if each["subject"]["value"] == subject and short(each["predicate"]["value"]) == predicate
        }

    assert objects(PASHINYAN, "rdf:type") == {"https://schema.org/Claim", "http://www.w3.org/ns/prov#Entity"}
    assert objects(PASHINYAN, "schema:author") == {"http://localhost/v1/speakers/nikol-pashinyan"}
    assert objects(PASHINYAN, "schema:dateCreated") == {"2022-09-14/2022-09-15"}
    assert objects(PASHINYAN, "schema:appearance") == {f"{PASHINYAN}#report-1"}
    assert objects(f"{PASHINYAN}#report-1", "prov:wasQuotedFrom") == {
        "http://localhost/v1/articles/security-council-south-caucasus-2022"
    }
    roles = {each["object"]["value"] for each in found if short(each["predicate"]["value"]) == "prov:hadRole"}
    assert roles == {
        f"http://localhost/v1/vocabularies/chain-roles#{role}" for role in ("spoke", "reported", "published")
    }
    [value] = [each["object"] for each in found if short(each["predicate"]["value"]) == "schema:value"]
    assert value["value"] == "105"
    dated = {each["object"]["datatype"] for each in found if short(each["predicate"]["value"]) == "schema:dateCreated"}
    assert dated == {"http://id.loc.gov/datatypes/edtf/EDTF"}
    languages = {each["object"].get("language") for each in found if short(each["predicate"]["value"]) == "schema:text"}
    assert languages == {"ar", "en"}


def test_the_suffix_redirects_and_a_single_record_is_no_graph(client: FlaskClient) -> None:
    moved = client.get(f"{PASHINYAN}.jsonld?lang=en")
    assert moved.status_code == 302
    assert moved.headers["Location"] == f"{PASHINYAN}?format=jsonld&lang=en"
    assert client.get(moved.headers["Location"]).get_json()["@id"] == PASHINYAN
    assert client.get("/v1/places/sochi.jsonld").status_code == 404
    assert client.get("/v1/speakers/No One.jsonld").status_code == 404


def test_a_list_is_a_graph_with_the_address_of_the_list(client: FlaskClient) -> None:
    graph = ask(client, "/v1/statements?format=jsonld&speaker=antonio-guterres&limit=2")
    assert graph["@id"] == "http://localhost/v1/statements?speaker=antonio-guterres"
    assert len(graph["@graph"]) == 2


def test_the_context_may_be_kept(client: FlaskClient) -> None:
    answer = client.get("/contexts/1.jsonld")
    assert (answer.content_type, answer.headers["Cache-Control"]) == (JSON_LD, "public, max-age=86400")
