"""Citations in every format, read by the programs and schemas that reference managers use."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import rispy
from asking import ask, everything, mistakes
from bibtexparser.entrypoint import parse_string
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.citations import bibtex, csl
from api.citations.cited import Citation

CSL = jsonschema_rs.Draft7Validator(json.loads((Path(__file__).parent / "published" / "csl-data.json").read_bytes()))
TYPES = {
    "csl": "application/vnd.citationstyles.csl+json",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "text": "text/x-bibliography; charset=utf-8",
}
CITED = ("statements", "agreements", "articles")
WELCOMED = "/v1/statements/guterres-welcomes-russia-role-karabakh-2020-12"


def cited(client: FlaskClient, address: str, name: str) -> Any:
    """The citations of an address, read by what reads the format."""
    answer = client.get(f"{address}{'&' if '?' in address else '?'}format={name}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == TYPES[name]
    if name == "csl":
        CSL.validate(answer.get_json())
        return answer.get_json()
    if name == "bibtex":
        library = parse_string(answer.text)
        assert library.failed_blocks == []
        return [{"id": entry.key, **{field.key: field.value for field in entry.fields}} for entry in library.entries]
    return rispy.loads(answer.text) if name == "ris" else answer.text


@pytest.mark.parametrize("record_type", CITED)
def test_every_record_is_cited_in_every_format(client: FlaskClient, record_type: str) -> None:
    ids = [record["id"] for record in everything(client, record_type)]
    for name in ("csl", "bibtex", "ris"):
        assert [each["id"] for each in cited(client, f"/v1/{record_type}?limit=200", name)] == ids
    paragraphs = cited(client, f"/v1/{record_type}?limit=200", "text").strip().split("\n\n")
    assert len(paragraphs) == len(ids)
    assert all(f"/v1/{record_type}/{record}" in paragraph for record, paragraph in zip(ids, paragraphs, strict=True))


def test_a_statement_is_cited_according_to_whom_with_the_days_said_and_published_apart(client: FlaskClient) -> None:
    [item] = cited(client, f"{WELCOMED}?lang=en", "csl")
    assert item["author"] == [{"family": "Guterres", "given": "António"}]
    assert item["event-date"] == {"date-parts": [[2020, 12, 2], [2020, 12, 4]]}
    assert item["issued"] == {"date-parts": [[2020, 12, 4]]}
    assert "Russian Federation (issued), TASS (relayed)" in item["note"]
    assert item["version"] == ask(client, WELCOMED)["updated_at"]
    [entry] = cited(client, f"{WELCOMED}?lang=en", "bibtex")
    assert (entry["eventdate"], entry["date"]) == ("2020-12-02/2020-12-04", "2020-12-04")
    assert "TASS (relayed)" in entry["note"]
    [reference] = cited(client, f"{WELCOMED}?lang=en", "ris")
    assert (reference["date"], reference["custom1"]) == ("2020/12/04/", "Said: 2020-12-02/2020-12-04")
    assert (reference["authors"], reference["type_of_reference"]) == (["Guterres, António"], "GEN")


def test_the_plain_text_is_one_line_in_arabic_and_one_in_english(client: FlaskClient) -> None:
    arabic, english = cited(client, WELCOMED, "text").splitlines()
    assert arabic.startswith("أنطونيو غوتيريش. [")
    assert "بحسب: " in arabic
    assert english.startswith("António Guterres. [Guterres, by the Russian Foreign Ministry's account")
    assert "Said: 2–4 December 2020" in english
    assert cited(client, f"{WELCOMED}?lang=en", "text") == f"{english}\n"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/v1/statements/putin-decrees-humanitarian-response-centre-2020-11-13", "regulation"),
        ("/v1/statements/jenca-welcomes-ceasefire-2022-09-15", "speech"),
        ("/v1/agreements/trilateral-statement-2020-11-09", "treaty"),
        ("/v1/articles/un-news-sochi-trilateral-meeting-2021", "article-newspaper"),
        (WELCOMED, "document"),
    ],
)
def test_the_type_follows_from_what_is_cited(client: FlaskClient, address: str, expected: str) -> None:
    assert cited(client, address, "csl")[0]["type"] == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("2020-12", {"date-parts": [[2020, 12]]}),
        ("2020-XX~", {"date-parts": [[2020]], "circa": True}),
        ("2020-12-02/2020-12-04?", {"date-parts": [[2020, 12, 2], [2020, 12, 4]], "circa": True}),
        ("../2020-12-04", {"literal": "until 4 December 2020"}),
        ("202X", {"literal": "2020s"}),
    ],
)
def test_a_vague_date_has_parts_or_is_written_as_people_write_it(expression: str, expected: dict[str, Any]) -> None:
    said = Citation("a", "document", "A", "en", "en", "urn:a", "1", [], said=expression)
    item = csl.item(said)
    assert item["event-date"] == expected
    CSL.validate([item])


@pytest.mark.parametrize("name", TYPES)
def test_accept_asks_for_a_format_as_the_parameter_does(client: FlaskClient, name: str) -> None:
    answer = client.get(WELCOMED, headers={"Accept": TYPES[name].partition(";")[0]})
    asked = client.get(f"{WELCOMED}?format={name}")
    assert (answer.data, answer.content_type) == (asked.data, TYPES[name])
    assert "Accept" in answer.headers["Vary"]
    again = client.get(WELCOMED, headers={"Accept": answer.content_type, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(WELCOMED).headers["ETag"] != answer.headers["ETag"]


def test_a_browser_gets_json_unless_the_address_asks_for_a_format(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get(WELCOMED, headers=browser).content_type.startswith("text/html")
    assert client.get(f"{WELCOMED}?format=ris", headers=browser).content_type == TYPES["ris"]


def test_an_earlier_version_is_cited_as_it_was(client: FlaskClient) -> None:
    now = ask(client, WELCOMED)["updated_at"]
    assert cited(client, f"{WELCOMED}?as_of={now}", "csl") == cited(client, WELCOMED, "csl")


def _links(answer: TestResponse) -> list[dict[str, str]]:
    """The links in the header, by relation and address."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers.get("Link", ""))
    return [{"url": url, "rel": relation} for url, relation in found]


def test_pages_of_citations_are_linked_in_the_header(client: FlaskClient) -> None:
    following: str | None = "/v1/statements?limit=40&format=csl"
    ids: list[str] = []
    while following:
        answer = client.get(following)
        ids += [item["id"] for item in answer.get_json()]
        following = next((link["url"] for link in _links(answer) if link["rel"] == "next"), None)
    assert ids == [record["id"] for record in everything(client, "statements")]


def test_what_shapes_json_or_finds_nothing_is_refused_beside_a_format(client: FlaskClient) -> None:
    shaped = "/v1/statements?format=bibtex&fields=id&expand=articles&view=summary&total=exact"
    assert mistakes(client.get(shaped.replace("fields=id&", ""))) == ["expand", "total", "view"]
    assert mistakes(client.get("/v1/statements?format=csl&fields=id&expand=articles")) == ["expand", "fields"]
    assert mistakes(client.get("/v1/statements?format=ris&speaker=nobody")) == ["speaker"]
    assert mistakes(client.get("/v1/speakers?format=ris")) == ["format"]
    assert mistakes(client.get("/v1/statements?format=word")) == ["format"]


def test_characters_that_mean_something_in_bibtex_leave_its_braces_balanced() -> None:
    title = r"100 % {of \\x_y & #1 ~^$"
    entry = bibtex.entry(Citation("a", "document", title, "en", "en", "urn:a", "1", []))
    assert parse_string(entry).failed_blocks == []
    assert entry.count("{") == entry.count("}")
