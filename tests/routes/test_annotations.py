"""An article's evidence as W3C Web Annotations, with its text and without."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest
from applications import article, client_of, report, statement
from asking import RECORDS, ask, problem
from builders import write
from conftest import NewDatabase, fill
from flask.testing import FlaskClient
from peewee import chunked
from texts import ANSWERS, COUNTS, TEXT, WELCOMES, of_text, saved, span
from texts import article as invented

from api.application import create_app
from api.bulk.folders import load
from api.database.current import database
from api.routes import articles
from api.settings import Settings
from api.texts.attaching import attach, detach

ADDRESS = "/v1/articles/page/annotations"
CORPUS = f"/v1/articles/{RECORDS['articles']}/annotations"
LD = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'

WEB_ANNOTATION = {
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": {"$ref": "#/$defs/iri"},
        "type": {"const": "AnnotationPage"},
        "partOf": {
            "type": "object",
            "required": ["id", "type", "total"],
            "properties": {
                "id": {"$ref": "#/$defs/iri"},
                "type": {"const": "AnnotationCollection"},
                "total": {"type": "integer", "minimum": 0},
            },
        },
        "startIndex": {"type": "integer", "minimum": 0},
        "next": {"anyOf": [{"$ref": "#/$defs/iri"}, {"type": "null"}]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
    },
    "$defs": {
        "iri": {"type": "string", "format": "uri"},
        "annotation": {
            "type": "object",
            "required": ["id", "type", "motivation", "body", "target"],
            "not": {"required": ["@context"]},
            "properties": {
                "id": {"$ref": "#/$defs/iri"},
                "type": {"const": "Annotation"},
                "motivation": {"type": "array", "items": {"enum": ["describing", "linking"]}},
                "created": {"type": "string", "format": "date-time", "pattern": "Z$"},
                "modified": {"type": "string", "format": "date-time", "pattern": "Z$"},
                "body": {"type": "array", "items": {"$ref": "#/$defs/body"}},
                "target": {"$ref": "#/$defs/target"},
            },
        },
        "body": {
            "oneOf": [
                {
                    "required": ["type", "source", "purpose"],
                    "properties": {"type": {"const": "SpecificResource"}, "source": {"$ref": "#/$defs/iri"}},
                },
                {
                    "required": ["type", "value", "language", "format", "purpose"],
                    "properties": {"type": {"const": "TextualBody"}, "value": {"type": "string", "minLength": 1}},
                },
            ]
        },
        "target": {
            "type": "object",
            "required": ["source", "selector"],
            "properties": {
                "type": {"const": "SpecificResource"},
                "source": {"$ref": "#/$defs/iri"},
                "selector": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/selector"}},
            },
        },
        "selector": {
            "oneOf": [
                {
                    "required": ["type", "start", "end"],
                    "properties": {
                        "type": {"const": "TextPositionSelector"},
                        "start": {"type": "integer", "minimum": 0},
                        "end": {"type": "integer", "minimum": 0},
                    },
                },
                {
                    "required": ["type", "exact"],
                    "properties": {
                        "type": {"const": "TextQuoteSelector"},
                        "exact": {"type": "string", "minLength": 1},
                        "prefix": {"type": "string", "maxLength": 32},
                        "suffix": {"type": "string", "maxLength": 32},
                    },
                },
            ]
        },
    },
}
"""What the Web Annotation Data Model (sections 3, 4.2 and 5) asks of a page such as ours."""

is_web_annotation = jsonschema_rs.Draft202012Validator(WEB_ANNOTATION, validate_formats=True)


@pytest.fixture
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the invented article, its text not attached."""
    url = new_database()
    fill(url, write(invented(), tmp_path_factory.mktemp("world")))
    yield url
    database.obj.close_all()


@pytest.fixture
def invented_client(url: str) -> FlaskClient:
    return create_app(Settings(database_url=url)).test_client()


def annotations(client: FlaskClient, address: str = ADDRESS) -> Any:
    """A page of annotations, known to be one."""
    page = ask(client, address)
    is_web_annotation.validate(page)
    return page


def selectors(page: Any) -> list[Any]:
    return [item["target"]["selector"] for item in page["items"]]


def test_each_span_of_the_corpus_is_an_annotation_of_its_article(client: FlaskClient) -> None:
    for record in ask(client, "/v1/articles?limit=200")["data"]:
        page = annotations(client, f"/v1/articles/{record['id']}/annotations")
        statements = ask(client, f"/v1/articles/{record['id']}/statements?limit=200")["data"]
        spans = [
            (s["start"], s["end"], statement["id"])
            for statement in statements
            for report in statement["reports"]
            if report["article"]["id"] == record["id"]
            for s in report["evidence"]
        ]
        told = [
            (one["target"]["selector"][0]["start"], one["target"]["selector"][0]["end"], source_of(one))
            for one in page["items"]
        ]
        assert sorted(told) == sorted(spans)
        assert [place[:2] for place in told] == sorted(place[:2] for place in told)
        assert page["partOf"]["total"] == len(page["items"])
        assert (page["startIndex"], page["next"]) == (0, None)
        assert len({item["id"] for item in page["items"]}) == len(page["items"])


def source_of(annotation: Any) -> str:
    """The id of the statement that an annotation links."""
    [link] = [body["source"] for body in annotation["body"] if body["purpose"] == "linking"]
    return str(link).rpartition("/")[2]


def test_an_annotation_links_the_statement_and_tells_its_summaries(client: FlaskClient) -> None:
    item = annotations(client, CORPUS)["items"][0]
    record = ask(client, urlsplit(item["body"][0]["source"]).path)
    assert {body["language"]: body["value"] for body in item["body"][1:]} == record["summary"]
    assert item["target"]["source"] == f"http://localhost/v1/articles/{RECORDS['articles']}"
    assert (item["created"], item["modified"]) == (record["created_at"], record["updated_at"])
    assert item["id"].startswith("http://localhost" + CORPUS)


def test_without_the_text_there_are_positions_only(invented_client: FlaskClient) -> None:
    assert selectors(annotations(invented_client)) == [
        [{"type": "TextPositionSelector", "start": span(words)["start"], "end": span(words)["end"]}]
        for words in (WELCOMES, COUNTS, ANSWERS)
    ]


def test_with_the_text_there_are_the_words_and_what_stands_around_them(
    invented_client: FlaskClient, tmp_path: Any
) -> None:
    attach(saved(tmp_path), longest_quotation=600)
    for position, quote in selectors(annotations(invented_client)):
        start, end = position["start"], position["end"]
        assert quote["exact"] == TEXT[start:end]
        assert TEXT[:start].endswith(quote["prefix"])
        assert TEXT[end:].startswith(quote["suffix"])
        assert len(quote["prefix"]) > 0
    detach(["page"])
    assert all(len(some) == 1 for some in selectors(annotations(invented_client)))


@pytest.mark.parametrize(("longest", "quoted"), [(0, 0), (10, 0), (len(WELCOMES), 1), (600, 3)])
def test_a_span_that_may_not_be_quoted_whole_is_given_by_its_position(
    longest: int, quoted: int, invented_client: FlaskClient, tmp_path: Any
) -> None:
    assert len(WELCOMES) < len(ANSWERS) < len(COUNTS)
    attach(saved(tmp_path), longest_quotation=longest)
    found = selectors(annotations(invented_client))
    assert sum(len(some) == 2 for some in found) == quoted
    for some in found:
        assert all(len(quote["prefix"]) <= min(32, longest) for quote in some[1:])


def test_a_span_that_does_not_match_is_given_by_its_position(new_database: NewDatabase, tmp_path: Any) -> None:
    documents = of_text(invented(), TEXT, [{**span(WELCOMES), "sha256": "ab" * 32}], [span(ANSWERS)])
    url = new_database()
    (tmp_path / "world").mkdir()
    fill(url, write(documents, tmp_path / "world"))
    client = create_app(Settings(database_url=url)).test_client()
    (tmp_path / "texts").mkdir()
    attach(saved(tmp_path / "texts"), longest_quotation=600)
    assert [len(some) for some in selectors(annotations(client))] == [1, 2]
    database.obj.close_all()


def test_all_answers_together_never_hold_the_whole_text(invented_client: FlaskClient, tmp_path: Any) -> None:
    half = len(TEXT) // 2
    documents = of_text(invented(), TEXT, [span(TEXT[:half]), span(TEXT)], [span(TEXT[half - 40 :]), span(COUNTS)])
    (tmp_path / "texts").mkdir()
    attach(saved(tmp_path / "texts"), longest_quotation=600)
    load(write(documents, tmp_path / "world"))
    pieces = [
        words
        for some in selectors(annotations(invented_client))
        for quote in some[1:]
        for words in (quote["prefix"] + quote["exact"] + quote["suffix"],)
    ]
    pieces += [
        shown["quotation"]
        for record in ask(invented_client, "/v1/statements")["data"]
        for shown in record["reports"][0]["evidence"]
    ]
    covered: set[int] = set()
    for piece in pieces:
        place = TEXT.find(piece)
        assert place >= 0
        covered.update(range(place, place + len(piece)))
    assert len(TEXT) - len(covered) >= len(TEXT) // 40


def test_ten_thousand_spans_are_walked_page_by_page(new_database: NewDatabase) -> None:
    spans = [
        {"start": start % 5000, "end": start % 5000 + 1 + start % 3, "sha256": "0" * 64} for start in range(10_000)
    ]
    unique = {(one["start"], one["end"]): one for one in spans}
    shares = chunked(unique.values(), 1000)  # the most that one report may have
    many = [
        statement(f"many-{number}", reports=[{**report("long", "a-speaker"), "evidence": share}])
        for number, share in enumerate(shares)
    ]
    records = {"articles": [article("long", length=10_000, sha256="1" * 64)], "statements": many}
    with client_of(new_database(), records) as client:
        seen: list[tuple[int, int]] = []
        following: str | None = "/v1/articles/long/annotations"
        while following is not None:
            page = annotations(client, following)
            assert page["startIndex"] == len(seen)
            assert page["partOf"]["total"] == len(unique)
            assert len(page["items"]) <= 1000
            seen += [(some[0]["start"], some[0]["end"]) for some in selectors(page)]
            following = page["next"]
            link = client.get(f"{urlsplit(page['id']).path}?{urlsplit(page['id']).query}").headers.get("Link")
            assert link == (following and f'<{following}>; rel="next"')
        assert seen == sorted(unique)


def test_spans_in_the_same_place_are_each_on_one_page_only(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "PAGE_LENGTH", 40)
    statements = [statement(f"s{number}") for number in range(60)]
    with client_of(new_database(), {"statements": statements}) as client:
        first = annotations(client, "/v1/articles/an-article/annotations")
        second = annotations(client, first["next"])
        sources = [source_of(item) for page in (first, second) for item in page["items"]]
        assert sorted(sources) == sorted(one["id"] for one in statements)
        assert second["next"] is None


@pytest.mark.parametrize("cursor", ["abc", "", "%00", "A" * 2000])
def test_a_cursor_of_nothing_is_refused(cursor: str, client: FlaskClient) -> None:
    problem(client.get(f"{CORPUS}?cursor={cursor}"), 422, "invalid-parameters")


def test_an_article_without_statements_has_no_annotations(new_database: NewDatabase) -> None:
    with client_of(new_database(), {}) as client:
        page = annotations(client, "/v1/articles/an-article/annotations")
        assert (page["items"], page["partOf"]["total"], page["next"]) == ([], 0, None)


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", LD, "application/ld+json", "application/json", "application/*;q=0.1", f"text/html, {LD};q=0.5"],
)
def test_json_ld_is_given_to_whoever_takes_json(accept: str, client: FlaskClient) -> None:
    answer = client.get(CORPUS, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.content_type == LD


@pytest.mark.parametrize("accept", ["text/plain", "application/xml", "application/ld+json;q=0", "image/*"])
def test_who_takes_neither_is_told(accept: str, client: FlaskClient) -> None:
    told = problem(client.get(CORPUS, headers={"Accept": accept}), 406, "not-acceptable")
    assert "application/ld+json" in told["detail"]


def test_the_words_of_a_quotation_are_searched_once_attached(invented_client: FlaskClient, tmp_path: Any) -> None:
    word = "مكتبها"
    assert ask(invented_client, f"/v1/statements?q={word}")["data"] == []
    attach(saved(tmp_path), longest_quotation=600)
    assert [record["id"] for record in ask(invented_client, f"/v1/statements?q={word}")["data"]] == ["premier-answers"]
    detach(None)
    assert ask(invented_client, f"/v1/statements?q={word}")["data"] == []


def test_attaching_changes_the_entity_tags_of_what_it_shows_in(invented_client: FlaskClient, tmp_path: Any) -> None:
    addresses = (ADDRESS, "/v1/statements/premier-answers", "/v1/articles/page")
    before = [invented_client.get(address).headers["ETag"] for address in addresses]
    attach(saved(tmp_path), longest_quotation=600)
    after = [invented_client.get(address).headers["ETag"] for address in addresses]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, False]
