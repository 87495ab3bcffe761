"""Real answers, held against the contract: every operation, every parameter, every problem, on both engines."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from documented import (
    CHANGES,
    COLLECTIONS,
    DOCUMENT,
    DOCUMENTS,
    OPERATIONS,
    PATHS,
    SCHEMAS,
    UNKNOWN,
    Node,
    example_of,
    links,
    require_documented,
    require_headers,
    resolved,
    validator_of,
    values_of,
)
from every import every
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api import openapi
from api.application import create_app
from api.documents.record_types import RECORD_TYPES
from api.http.problems.table import BY_NAME
from api.settings import Settings

PARAMETERS = [
    (path, name)
    for path in PATHS
    for name, parameter in OPERATIONS[path].parameters.items()
    if name != "as_of" and "example" in parameter  # before that moment there was no record here
]
FILTERS = [
    (path, name)
    for path in COLLECTIONS
    for name in OPERATIONS[path].parameters
    if "{id}" not in path
    and name not in ("q", "limit", "total", "sort", "fields", "expand", "highlight", "format", "as_of")
]


def component_of(path: str) -> str:
    """The component that describes the records an operation answers with."""
    return openapi.RECORDS["statements" if path.endswith("/statements") else path.split("/")[2]]


def example_query(path: str, name: str) -> str:
    parameter = OPERATIONS[path].parameters[name]
    example = parameter["example"]
    if isinstance(example, bool):
        return f"{name}={str(example).lower()}"
    if isinstance(example, list) and not parameter.get("explode", True):
        return urlencode({name: ",".join(example)})
    return urlencode({name: example}, doseq=True)


def example_answer(path: str) -> Node:
    answer = resolved(OPERATIONS[path].described["responses"]["200"])
    return dict(example_of(answer["content"]["application/json"]))


def documented(client: FlaskClient, path: str, address: str) -> Node:
    """What an address answers, after holding it against the contract."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.text}"
    require_documented(path, response)
    answer: Node = response.get_json() if response.is_json else {}
    return answer


def everything(client: FlaskClient, record_type: str) -> list[Node]:
    """All records of a record type, page by page."""
    found: list[Node] = []
    following: str | None = f"/v1/{record_type}?limit=50"
    while following:
        page = documented(client, f"/v1/{record_type}", following)
        found += page["data"]
        following = page["page"]["next"]
    return found


@every("path", DOCUMENTS)
def test_a_plain_request_is_answered_as_documented_and_then_not_again(client: FlaskClient, path: str) -> None:
    address = OPERATIONS[path].example_path
    documented(client, path, address)
    known = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": known})
    assert again.status_code == 304
    require_documented(path, again)


@every(("path", "name"), PARAMETERS)
def test_the_example_of_every_parameter_is_answered_as_documented(client: FlaskClient, path: str, name: str) -> None:
    documented(client, path, OPERATIONS[path].asking(example_query(path, name)))


@every(("path", "name"), FILTERS)
def test_the_example_of_every_filter_finds_something(client: FlaskClient, path: str, name: str) -> None:
    assert documented(client, path, f"{path}?{example_query(path, name)}")["data"]


@every("path", COLLECTIONS)
def test_every_order_and_shape_of_a_collection_is_answered_as_documented(client: FlaskClient, path: str) -> None:
    address = OPERATIONS[path].example_path
    parameters = OPERATIONS[path].parameters
    for order in values_of(parameters["sort"]):
        documented(client, path, f"{address}?q=ar*&sort={order}&limit=7&total=exact")
    for key in values_of(parameters["fields"]):
        for record in documented(client, path, f"{address}?fields={key}")["data"]:
            assert set(record) == {"id", key}


@every("path", [path for path in PATHS if "expand" in OPERATIONS[path].parameters])
def test_expanded_references_hold_whole_records_as_documented(client: FlaskClient, path: str) -> None:
    record_types = values_of(OPERATIONS[path].parameters["expand"])
    answer = documented(client, path, OPERATIONS[path].asking(f"expand={','.join(record_types)}"))
    for record in answer.get("data", [answer]):
        validator_of(component_of(path), whole=True).validate(record)


@pytest.mark.parametrize("path", [path for path in COLLECTIONS if "{id}" not in path])
def test_each_page_of_a_collection_is_answered_as_documented_in_both_directions(client: FlaskClient, path: str) -> None:
    page = documented(client, path, f"{path}?limit=3")
    while page["page"]["next"]:
        page = documented(client, path, page["page"]["next"])
    while page["page"]["prev"]:
        page = documented(client, path, page["page"]["prev"])


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_record_has_exactly_the_documented_keys(client: FlaskClient, record_type: str) -> None:
    whole = validator_of(openapi.RECORDS[record_type], whole=True)
    for record in everything(client, record_type):
        whole.validate(record)
        assert documented(client, f"/v1/{record_type}/{{id}}", f"/v1/{record_type}/{record['id']}") == record


@pytest.mark.parametrize("path", [path for path in PATHS if path.endswith("/{id}/statements")])
def test_every_record_has_its_statements(client: FlaskClient, path: str) -> None:
    record_type = path.split("/")[2]
    for record in everything(client, record_type):
        documented(client, path, path.replace("{id}", record["id"]))


def test_every_reference_leads_to_its_record(client: FlaskClient) -> None:
    record_types = {component: record_type for record_type, component in openapi.RECORDS.items()}
    records = {record_type: everything(client, record_type) for record_type in RECORD_TYPES}
    referred = {
        (record_types[component], record_id)
        for record_type, some in records.items()
        for record in some
        for component, record_id in links(SCHEMAS[openapi.RECORDS[record_type]], record)
    }
    assert {record_type for record_type, _ in referred} == {*RECORD_TYPES} - {"vocabularies", "readings"}
    for record_type, record_id in sorted(referred):
        assert client.get(f"/v1/{record_type}/{record_id}").status_code == 200, f"{record_type}/{record_id}"


def test_everything_the_service_document_links_is_there(client: FlaskClient) -> None:
    documents = {"docs", "llms.txt", "openapi.json", "openapi.yaml"}
    for name, link in client.get("/").get_json()["links"].items():
        path = link.removeprefix("http://localhost")
        assert path in DOCUMENT["paths"] or name in documents
        with client.get(OPERATIONS[path].example_path if path in OPERATIONS else path) as answer:
            assert answer.status_code == 200


def test_the_example_records_are_those_of_the_corpus(client: FlaskClient) -> None:
    kept = {"created_at", "updated_at"}
    for record_type in RECORD_TYPES:
        example = example_answer(f"/v1/{record_type}/{{id}}")
        record = client.get(f"/v1/{record_type}/{example['id']}").get_json()
        assert {key: record[key] for key in record.keys() - kept} == {
            key: example[key] for key in example.keys() - kept
        }


@pytest.mark.parametrize("path", [path for path in PATHS if path.endswith("/{id}/statements")])
def test_the_example_of_a_sub_collection_belongs_to_the_example_of_its_owner(client: FlaskClient, path: str) -> None:
    example = example_answer(path)
    found = documented(client, path, OPERATIONS[path].asking("limit=200"))
    assert {record["id"] for record in example["data"]} <= {record["id"] for record in found["data"]}


def test_the_example_counts_are_those_of_guterres_statements_until_2020(client: FlaskClient) -> None:
    path = "/v1/statements/facets"
    assert documented(client, path, f"{path}?speaker=antonio-guterres&until=2020&facet=act,year") == example_answer(
        path
    )


def test_the_example_spans_are_those_of_the_corpus(client: FlaskClient) -> None:
    path = "/v1/statements/timeline"
    example = example_answer(path)
    real = documented(client, path, f"{path}?interval={example['interval']}")
    assert all(span in real["data"] for span in example["data"])


WRONG_VALUES = {
    "limit": ["0", "-1", "1000000000", "abc", "", "٢٠", "1&limit=2"],
    "cursor": ["abc", "", "%00", "A" * 2000],
    "since": ["2021-13-45", "2021-02-30", "yesterday", "2022&until=2021"],
    "sort": ["summary", "date,id"],
    "fields": ["", "nonsense", "id,nonsense"],
    "expand": ["", "nonsense"],
    "total": ["yes"],
    "first_hand": ["yes", "1"],
    "speaker": ["Antonio Guterres", "%00", "-", "a" * 101],
    "act": ["welcomed"],
    "provision": ["0", "1.5"],
    "updated_since": ["2021-01-01", "now"],
    "as_of": ["2021-01-01", "now", "2021-01-01T00:00:00", "2021-13-01T00:00:00Z", "2021-01-01T00:00:00+02:00"],
    "q": ["%00", "a" * 10_000],
    "facet": ["", "colour"],
    "language": ["", "%00a", "a%20b", "ar%0A"],
    "facet_limit": ["0"],
    "lang": ["", "english", "en,xx", "a,b"],
    "view": ["", "short", "summary&fields=id"],
    "interval": ["decade"],
    "wait": ["31", "-1", "x"],
    "type": ["people", ""],
}


POSITION = ("/v1/changes", "since")
"""What is no position in the feed is gone rather than wrong."""

WRONG = [(name, value) for name, values in WRONG_VALUES.items() for value in values]


@every(("name", "value"), WRONG)
def test_a_wrong_value_is_a_documented_problem_that_names_its_parameter(
    client: FlaskClient, name: str, value: str
) -> None:
    for path in (path for path in PATHS if name in OPERATIONS[path].parameters and (path, name) != POSITION):
        response = client.get(OPERATIONS[path].asking(f"{name}={value}"))
        assert response.status_code == (414 if len(value) > 8000 else 422), response.text
        require_documented(path, response)
        if response.status_code == 422:
            parameters = {mistake["parameter"] for mistake in response.get_json()["errors"]}
            assert name in parameters or "until" in parameters


@every("path", PATHS)
@every("query", ["nonsense=1", "nonsense=1&%00=2&nonsense=3"])
def test_an_unknown_parameter_is_a_documented_problem_that_names_it(client: FlaskClient, path: str, query: str) -> None:
    response = client.get(OPERATIONS[path].asking(query))
    assert response.status_code == 422
    require_documented(path, response)
    assert "nonsense" in {mistake["parameter"] for mistake in response.get_json()["errors"]}


@every("path", [path for path in PATHS if "as_of" in OPERATIONS[path].parameters])
def test_every_address_answers_as_documented_as_of_a_moment(client: FlaskClient, path: str) -> None:
    before, to_come = (client.get(OPERATIONS[path].asking(f"as_of={year}-01-01T00:00:00Z")) for year in (2000, 2999))
    assert before.status_code == (404 if "{id}" in path else 200)
    assert to_come.status_code == 400
    now = client.get("/v1/changes?limit=200&since=200").get_json()["data"][-1]["recorded_at"]
    documented(client, path, OPERATIONS[path].asking(f"as_of={now}"))
    for answer in (before, to_come):
        require_documented(path, answer)


def test_a_position_that_the_feed_never_had_is_a_documented_problem(client: FlaskClient) -> None:
    for since in ("abc", "999999999", "-1"):
        response = client.get(f"/v1/changes?since={since}")
        assert response.status_code == 410
        require_documented("/v1/changes", response)


@every("path", PATHS)
def test_an_answer_nobody_can_write_is_a_documented_problem(client: FlaskClient, path: str) -> None:
    response = client.get(OPERATIONS[path].example_path, headers={"Accept": "text/xml"})
    assert response.status_code == 406
    require_documented(path, response)


@every("path", [path for path in PATHS if "{id}" in path])
@every("record_id", [UNKNOWN, "Not%20an%20id", "%D8%BA", "%00", "a" * 5000, "a%2Fb", "..%2F..%2Fx"])
def test_a_record_that_is_not_there_is_a_documented_problem(client: FlaskClient, path: str, record_id: str) -> None:
    response = client.get(path.replace("{id}", record_id).replace("{n}", "1"))
    assert response.status_code == 404
    require_documented(path, response)


def require_problem(response: TestResponse, status: int, name: str) -> None:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    told = response.get_json()
    validator_of("Problem").validate(told)
    assert told["type"] == BY_NAME[name].type
    assert told["status"] == status


@every("path", PATHS)
@every("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_is_not_there_or_takes_a_token_is_a_problem_that_says_so(
    client: FlaskClient, path: str, method: str
) -> None:
    response = client.open(OPERATIONS[path].example_path, method=method)
    changes = {change.split(" ")[0] for change in CHANGES if change.endswith(f" {path}")}
    if method in changes:
        require_problem(response, 401, "token-required")
        return
    require_problem(response, 405, "method-not-allowed")
    assert {name.strip() for name in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"} | changes


@pytest.mark.parametrize(
    "address", ["/v1", "/v1/", "/v1/record_types", "/v1/statements/", "//v1/statements", "/v2/statements"]
)
def test_an_address_that_is_not_there_is_a_problem(client: FlaskClient, address: str) -> None:
    require_problem(client.get(address), 404, "not-found")


@every("path", PATHS)
def test_an_address_that_is_too_long_is_a_documented_problem(client: FlaskClient, path: str) -> None:
    response = client.get(OPERATIONS[path].asking(f"q={'a' * 9000}"))
    assert response.status_code == 414
    require_documented(path, response)


@pytest.fixture
def client_without_database(app: Flask, tmp_path: Path) -> FlaskClient:
    """A client of a service whose database file has gone missing; `app` is set up first, and comes back after."""
    return create_app(Settings(database_url=f"sqlite:///{tmp_path}/gone.db")).test_client()


@every("path", [path for path in PATHS if path not in ("/", "/livez")])
def test_a_missing_database_is_a_documented_problem(client_without_database: FlaskClient, path: str) -> None:
    response = client_without_database.get(OPERATIONS[path].example_path)
    assert response.status_code == 503
    require_documented(path, response)


def test_a_failure_nobody_foresaw_is_a_documented_problem(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "get_health", broken)
    response = client.get("/health")
    assert response.status_code == 500
    require_documented("/health", response)
    assert "ZeroDivisionError" not in response.text


@every("path", DOCUMENTS)
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, path: str) -> None:
    response = client.head(OPERATIONS[path].example_path)
    assert response.status_code == 200
    assert response.data == b""
    require_headers(resolved(OPERATIONS[path].described["responses"]["200"]), response)
    assert response.headers["ETag"] == client.get(OPERATIONS[path].example_path).headers["ETag"]
