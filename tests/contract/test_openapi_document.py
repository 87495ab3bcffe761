"""The contract as a document: complete, valid, and nothing but what the code does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest
from documented import (
    CHANGES,
    COLLECTIONS,
    COMPONENTS,
    DOCUMENT,
    DOCUMENTS,
    EXPORT,
    OPERATIONS,
    PACKAGE,
    PATHS,
    POSITION_REQUIRED,
    READS,
    SCHEMAS,
    WRITTEN,
    Node,
    example_of,
    resolved,
    validator,
    values_of,
)
from every import every
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import openapi
from api.bulk.folders import seed_corpus
from api.documents.record_types import RECORD_TYPES
from api.http.media_types import JSON_LD, PROBLEM
from api.http.problems.table import PROBLEMS
from api.queries import counting
from api.queries.filters import FILTERS
from api.queries.orders import ORDERS
from api.routes import formats
from schemas.parameters.collections import Dated, Paged, Searched, Updated
from schemas.parameters.filters import (
    NOT,
    AgreementFilters,
    ArticleFilters,
    CommuniqueFilters,
    EventFilters,
    PlaceFilters,
    ReadingFilters,
    SpeakerFilters,
    StatementFilters,
    VocabularyFilters,
)

FILTER_SCHEMAS = {
    "statements": StatementFilters,
    "speakers": SpeakerFilters,
    "agreements": AgreementFilters,
    "communiques": CommuniqueFilters,
    "events": EventFilters,
    "places": PlaceFilters,
    "articles": ArticleFilters,
    "readings": ReadingFilters,
    "vocabularies": VocabularyFilters,
}
SHARED_FILTERS = {*Searched().fields, *Dated().fields, *Updated().fields}
PAGING = {*Paged().fields, "fields", "sort", "as_of", "lang", "text"}
ON_REQUEST = {"highlights", "terms", "said_by", "articles"}
PARAMETERS = sorted({name for operation in OPERATIONS.values() for name in operation.parameters})


WITHOUT_MOMENT = ("/annotations", "/datapackage", "/export", "/history", "/revisions/{n}", "/similar")


def test_every_address_of_records_takes_as_of_but_those_that_do_not() -> None:
    for operation in OPERATIONS.values():
        if operation.path.startswith("/v1/"):
            without = operation.path in ("/v1/suggest", "/v1/changes", "/v1/datapackage") or operation.path.endswith(
                WITHOUT_MOMENT
            )
            assert ("as_of" in operation.parameters) != without, operation.path


def test_what_outlives_a_record_does_not_say_that_it_has_moved_or_gone() -> None:
    """Only the revision of a deletion or a merger has gone: it has no document."""
    for operation in OPERATIONS.values():
        told = {"308", "410"} & set(operation.described["responses"])
        if operation.path.endswith(("/history", "/revisions/{n}")):
            assert told == ({"410"} if operation.path.endswith("{n}") else set()), operation.path


def test_openapi_yaml_is_what_the_code_generates_and_the_service_serves(app: Flask, client: FlaskClient) -> None:
    assert openapi.contract_of(app).yaml == WRITTEN, "run `make openapi`"
    served = client.get("/openapi.yaml")
    assert served.data == WRITTEN
    assert served.content_type == "application/yaml"


def test_openapi_json_is_the_same_document(client: FlaskClient) -> None:
    served = client.get("/openapi.json")
    assert served.get_json() == DOCUMENT
    assert served.content_type == "application/json"


def test_it_is_valid_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_every_route_is_in_it_and_it_has_no_other(app: Flask) -> None:
    named = re.compile(r"<(?:\w+:)?(\w+)>")
    routes = {
        " ".join((method, named.sub(r"{\1}", rule.rule)))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.endpoint.startswith(("documentation.", "pages."))
        and not rule.rule.endswith(".jsonld")  # the context, and redirections to what is in it
        and method not in ("HEAD", "OPTIONS")
    }
    expected = {*CHANGES, "POST /reconcile/{record_type}", *(f"GET {path}" for path in READS)}
    assert routes == expected - {"GET /contexts/1.jsonld"}


def test_operation_ids_are_unique_and_fit_for_a_function_name() -> None:
    described = [*(operation.described for operation in OPERATIONS.values()), *CHANGES.values()]
    ids = [operation["operationId"] for operation in described]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", operation_id) for operation_id in ids)


@every("path", PATHS)
def test_an_operation_says_what_it_is_for(path: str) -> None:
    described = OPERATIONS[path].described
    assert described["summary"]
    assert described["description"].strip()
    [tag] = described["tags"]
    assert tag in {known["name"] for known in DOCUMENT["tags"]}


DRAFTS = "POST /v1/drafts"
"""The only POST that stores nothing."""


@every("path", DOCUMENTS)
def test_an_operation_lists_its_answers(path: str) -> None:
    answers = {status: resolved(answer) for status, answer in OPERATIONS[path].described["responses"].items()}
    assert {"200", "304", "406", "414", "422", "500", "503"} <= set(answers)
    assert ("404" in answers) == ("{id}" in path)
    assert {"ETag", "Cache-Control"} <= set(answers["200"]["headers"])
    assert {"ETag", "Cache-Control"} <= set(answers["304"]["headers"])
    of_moments = path.endswith("/{n}") or (path.endswith("/{id}") and "as_of" in OPERATIONS[path].parameters)
    leads_on = "cursor" in OPERATIONS[path].parameters or path in ("/", "/v1/changes")
    assert ("Memento-Datetime" in answers["200"]["headers"]) == of_moments
    assert ("Link" in answers["200"]["headers"]) == (leads_on or of_moments)
    assert "content" not in answers["304"]


def test_every_address_takes_a_position_and_refuses_what_is_none_but_those_that_ask_no_database() -> None:
    for path, methods in DOCUMENT["paths"].items():
        takes_one = POSITION_REQUIRED in methods.get("parameters", ())
        assert takes_one == (path.startswith("/v1/") or path in ("/health", "/readyz")), path
        assert all(takes_one <= ("400" in methods[method]["responses"]) for method in methods.keys() - {"parameters"})


@every("change", [change for change in CHANGES if change != DRAFTS])
def test_a_change_takes_a_token_and_lists_its_answers(change: str) -> None:
    method, path = change.split(" ")
    described = CHANGES[change]
    is_import = path == "/v1/import"
    assert described["security"] == [{"bearer": []}]
    assert f"the scope `{'import' if is_import else 'write'}`" in described["description"]
    assert described["summary"]
    assert len(described["tags"]) == 1
    expected = {"POST": {"201"}, "PUT": {"200", "201"}, "PATCH": {"200"}, "DELETE": {"204"}}[method]
    succeeded = {status for status in described["responses"] if status < "300"}
    assert succeeded == ({"200"} if is_import or path.endswith("/merge") else expected)
    refused = {"400", "401", "403", "409", "422", "500", "503"} | ({"404"} if "{id}" in path else set())
    conditional = {"412", "428"} if "{id}" in path else set()
    with_body = {"413", "415"} if method != "DELETE" else set()
    assert refused | conditional | with_body <= set(described["responses"])
    assert ("requestBody" in described) == (method != "DELETE")


def test_what_stores_nothing_takes_no_token_and_no_condition() -> None:
    described = CHANGES[DRAFTS]
    assert "security" not in described
    assert {"200", "400", "413", "415", "422", "503"} <= set(described["responses"])
    assert not {"401", "403", "409", "412", "428", "507"} & set(described["responses"])
    assert not [parameter for parameter in map(resolved, described["parameters"]) if parameter["in"] == "header"]


@every("change", CHANGES)
def test_the_examples_of_a_change_fit_what_it_takes_and_answers(change: str) -> None:
    described = CHANGES[change]
    bodies = described.get("requestBody", {"content": {}})["content"]
    answers = [resolved(answer) for answer in described["responses"].values()]
    for content in [*bodies.values(), *(one for answer in answers for one in answer.get("content", {}).values())]:
        validator(content["schema"]).validate(example_of(content))


@pytest.mark.parametrize("record_type", sorted({change.split("/")[2] for change in CHANGES} - {"import", "drafts"}))
def test_what_is_served_fits_what_may_be_sent(record_type: str) -> None:
    sent = validator({"$ref": f"#/components/schemas/{openapi.RECORDS[record_type]}Body"})
    for record in seed_corpus().joinpath(record_type).iterdir():
        sent.validate(orjson.loads(record.read_bytes()))


TYPES = {
    "/v1/articles/{id}/annotations": {JSON_LD},
    EXPORT: {"application/x-ndjson", "text/csv; charset=utf-8"},
    PACKAGE: {"application/zip"},
}
OTHERS = set().union(*(formats.media_types_of(record_type, of_lists=True) for record_type in RECORD_TYPES))
"""The types of records in other forms than JSON."""


@every("path", PATHS)
def test_an_answer_has_a_schema_and_an_example_that_fits_it(path: str) -> None:
    for status, reference in OPERATIONS[path].described["responses"].items():
        answer = resolved(reference)
        assert answer["description"]
        for media_type, content in answer.get("content", {}).items():
            types = TYPES.get(path, {"application/json", *OTHERS}) if status == "200" else {PROBLEM}
            assert media_type in types
            validator(content["schema"]).validate(example_of(content))


@every("name", PARAMETERS)
def test_a_parameter_is_described_with_an_example_that_fits_it(name: str) -> None:
    for operation in OPERATIONS.values():
        if name in operation.parameters:
            parameter = operation.parameters[name]
            assert parameter["description"].endswith((".", ").")), parameter["description"]
            assert parameter.get("required", False) == (operation.path == "/v1/suggest" and name == "q")
            assert "example" in parameter, f"{name} has no example"
            validator(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize("name", COMPONENTS["headers"])
def test_the_example_of_a_header_fits_it(name: str) -> None:
    header = COMPONENTS["headers"][name]
    assert header["description"]
    validator(header["schema"]).validate(header["example"])


def inner_schemas(node: Any) -> Iterator[Node]:
    if isinstance(node, Mapping):
        yield dict(node)
        for key, inner in node.items():
            if key not in ("examples", "enum", "default"):
                yield from inner_schemas(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from inner_schemas(inner)


@every("name", SCHEMAS)
def test_a_schema_is_described_and_its_examples_fit(name: str) -> None:
    assert SCHEMAS[name]["description"].strip()
    for schema in inner_schemas(SCHEMAS[name]):
        for example in schema["examples"] if isinstance(schema.get("examples"), list) else ():
            validator(schema).validate(example)


def test_only_texts_have_a_longest_length() -> None:
    """The languages of a text are counted by `maxProperties`."""
    bounded = [node for node in inner_schemas(DOCUMENT["components"]["schemas"]) if "maxLength" in node]
    assert [node for node in bounded if "string" not in node.get("type", "string")] == []
    assert [node for node in bounded if "$ref" in node or "anyOf" in node] == []


SENT = [name for name in SCHEMAS if name.endswith(("Body", "Patch")) or name == "Merger"]
"""The schemas of what is sent; all others are of answers."""


def test_every_enumeration_has_a_name_so_that_generated_clients_have_one_type_for_it() -> None:
    named = [node["enum"] for node in SCHEMAS.values() if "enum" in node]
    found = [node["enum"] for node in inner_schemas(DOCUMENT) if isinstance(node.get("enum"), list)]
    assert len(found) == len(named)


def test_no_header_is_a_constant_and_no_two_schemas_have_to_be_merged() -> None:
    """What generators of clients leave out, or make wrappers of that have none of the keys."""
    headers = [*COMPONENTS["headers"].values(), *COMPONENTS["parameters"].values()]
    assert not [header for header in headers if {"const", "enum"} & set(header["schema"])]
    assert not [node for node in inner_schemas(DOCUMENT) if "allOf" in node or "oneOf" in node]
    either = [name for name, schema in SCHEMAS.items() for node in inner_schemas(schema) if several(node)]
    assert either == ["AnnotationContent", "Selector"]


def test_no_schema_of_an_answer_holds_itself() -> None:
    """Mock servers and reference pages follow references until they end."""
    for name in SCHEMAS:
        assert name not in held_by(name), name


def held_by(name: str) -> set[str]:
    """The schemas to which a schema refers, itself or through others."""
    held: set[str] = set()
    waiting = {name}
    while waiting:
        nodes = inner_schemas([SCHEMAS[each] for each in waiting])
        found = {node["$ref"].rpartition("/")[2] for node in nodes if "$ref" in node}
        waiting = found - held
        held |= found
    return held


def several(node: Node) -> bool:
    """Whether a schema is one of several, beside null."""
    return len([schema for schema in node.get("anyOf", ()) if schema != {"type": "null"}]) > 1


@every("path", PATHS)
def test_an_answer_is_described_by_one_schema_with_a_name(path: str) -> None:
    answers = [resolved(answer) for answer in OPERATIONS[path].described["responses"].values()]
    schemas = [content["schema"] for answer in answers for content in answer.get("content", {}).values()]
    assert all("$ref" in schema or schema["type"] == "string" for schema in schemas)


def test_what_may_be_missing_is_not_required_in_any_generated_type() -> None:
    """Some take a key with a default for one that is always there. A record may be asked for in part."""
    records = [SCHEMAS[name] for name in openapi.RECORDS.values()]
    assert all(record["required"] == ["id"] for record in records)
    objects = [schema["properties"] for schema in SCHEMAS.values() if "properties" in schema]
    assert not [node for properties in objects for node in inner_schemas(properties) if "default" in node]


def test_answers_may_get_more_keys_and_bodies_may_not() -> None:
    closed = {name for name, schema in SCHEMAS.items() if schema.get("additionalProperties") is False}
    sent = {*SENT, "DraftRequest"}
    assert closed == {name for name in sent if name != "ReferenceBody" and not name.endswith("Patch")}


def test_lines_are_bytes_so_that_no_client_quotes_them() -> None:
    bodies = [CHANGES["POST /v1/import"]["requestBody"], resolved(OPERATIONS[EXPORT].described["responses"]["200"])]
    schemas = [bodies[0]["content"][name]["schema"] for name in ("application/x-ndjson", "application/octet-stream")]
    assert {schema["format"] for schema in [*schemas, bodies[1]["content"]["application/x-ndjson"]["schema"]]} == {
        "binary"
    }


def test_numbers_are_numbers_wherever_they_are_sent_and_served() -> None:
    position, revision = SCHEMAS["FeedPage"]["properties"]["position"], SCHEMAS["Revision"]["properties"]["revision"]
    sent = resolved(COMPONENTS["parameters"]["n"])["schema"]
    assert OPERATIONS["/v1/changes"].parameters["since"]["schema"]["type"] == position["type"] == "integer"
    assert (sent["type"], sent["maximum"]) == (revision["type"], revision["maximum"])


def test_no_component_is_left_over() -> None:
    for kind, components in COMPONENTS.items():
        if kind == "securitySchemes":  # which are not referred to by $ref
            continue
        for name in components:
            assert f"#/components/{kind}/{name}'".encode() in WRITTEN, f"nothing refers to {kind}/{name}"


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_filter_is_a_parameter_and_every_parameter_a_filter(record_type: str) -> None:
    declared = set(FILTER_SCHEMAS[record_type]().fields)
    filters = {name for name in declared - SHARED_FILTERS if not name.startswith(NOT)}
    assert set(FILTERS.get(RECORD_TYPES[record_type].table, {})) == filters
    assert set(OPERATIONS[f"/v1/{record_type}"].parameters) - {"expand", "view", "format"} == declared | PAGING


@pytest.mark.parametrize("path", [path for path in COLLECTIONS if path.endswith("/{id}/statements")])
def test_a_sub_collection_takes_the_filters_of_statements_but_its_own(path: str) -> None:
    own = path.split("/")[2].removesuffix("s")
    assert set(OPERATIONS[path].parameters) == set(OPERATIONS["/v1/statements"].parameters) - {own}


@pytest.mark.parametrize("path", ["/v1/statements/facets", "/v1/statements/timeline", EXPORT])
def test_counts_and_exports_take_the_filters_of_statements(path: str) -> None:
    own = {"facet", "facet_limit", "interval", "as_of", "lang", "text", "format", "delimiter"}
    of_lists = {"expand", "view", "format", *PAGING}
    assert set(OPERATIONS[path].parameters) - own == set(OPERATIONS["/v1/statements"].parameters) - of_lists


@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_collection_sorts_by_what_the_queries_can_order_by(path: str) -> None:
    record_type = "statements" if path.endswith("/statements") else path.split("/")[2]
    assert set(values_of(OPERATIONS[path].parameters["sort"])) == set(ORDERS[record_type])


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_keys_of_a_record_are_those_that_fields_takes(record_type: str) -> None:
    component = openapi.RECORDS[record_type]
    keys = set(values_of(OPERATIONS[f"/v1/{record_type}"].parameters["fields"]))
    served = set(SCHEMAS[component]["properties"]) - (ON_REQUEST - keys)
    assert keys == {key for key in served if not key.endswith(("_label", "_text"))}


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_a_record_expands_into_the_record_types_it_refers_to_and_no_others(record_type: str) -> None:
    component = SCHEMAS[openapi.RECORDS[record_type]]
    referred = {known for known, name in openapi.RECORDS.items() if refers(component, f"Linked{name}")}
    expand = OPERATIONS[f"/v1/{record_type}"].parameters.get("expand")
    assert referred == (set(values_of(expand)) - {"terms", "dates"} if expand else set())


def refers(schema: Node, component: str) -> bool:
    """Whether a schema refers to a component, itself or through others that are not records."""
    for found in inner_schemas(schema):
        name = found.get("$ref", "").rpartition("/")[2]
        if name == component or (name and not name.startswith("Linked") and refers(SCHEMAS[name], component)):
            return True
    return False


def test_facets_and_intervals_are_those_that_can_be_counted() -> None:
    assert set(values_of(OPERATIONS["/v1/statements/facets"].parameters["facet"])) == set(counting.FACETS)
    assert set(values_of(OPERATIONS["/v1/statements/timeline"].parameters["interval"])) == set(counting.INTERVALS)
    assert set(resolved(SCHEMAS["CountedFacet"]["properties"]["facet"])["enum"]) == set(counting.FACETS)
    assert set(resolved(SCHEMAS["Timeline"]["properties"]["interval"])["enum"]) == set(counting.INTERVALS)


def test_the_types_of_problems_are_listed() -> None:
    listed = resolved(SCHEMAS["Problem"]["properties"]["type"])["enum"]
    assert listed == [problem.type for problem in PROBLEMS]


def test_the_contract_stays_small_enough_to_be_read_by_every_tool() -> None:
    # 5.1 kB an operation in version 1.0.0; since then most reads answer in several more forms.
    assert len(WRITTEN) <= 5_400 * (len(OPERATIONS) + len(CHANGES))
