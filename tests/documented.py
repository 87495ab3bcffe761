"""openapi.yaml as the tests of the contract read it: its operations, its schemas as validators, its parameters."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import jsonschema_rs
import yaml
from edtf import parse_edtf
from werkzeug.test import TestResponse

from schemas.fields import ADDED_ON_REQUEST

Node = dict[str, Any]

ROOT = Path(__file__).parents[1]
WRITTEN = (ROOT / "openapi.yaml").read_bytes()
DOCUMENT: Node = yaml.load(WRITTEN, yaml.CSafeLoader)
COMPONENTS: Node = DOCUMENT["components"]
SCHEMAS: Node = COMPONENTS["schemas"]
UNKNOWN = "nothing-has-this-id"


POSITION_REQUIRED = {"$ref": "#/components/parameters/Tasrih-At-Least"}
"""The header that every address takes whose answers depend on the database."""


def without_positions() -> Node:
    """The document as requests are made up from: almost any position is one that is not reached, so 503, as it must be."""
    paths = {path: dict(methods) for path, methods in DOCUMENT["paths"].items()}
    for methods in paths.values():
        methods["parameters"] = [one for one in methods.get("parameters", ()) if one != POSITION_REQUIRED]
    return {**DOCUMENT, "paths": paths}


class Operation(NamedTuple):
    """A GET of the contract."""

    path: str
    described: Node

    @property
    def parameters(self) -> dict[str, Node]:
        """The query parameters by name."""
        everything = (resolved(parameter) for parameter in self.described.get("parameters", ()))
        return {parameter["name"]: parameter for parameter in everything if parameter["in"] == "query"}

    @property
    def path_examples(self) -> dict[str, str]:
        """The examples of what stands in the path, by name."""
        found = map(resolved, DOCUMENT["paths"][self.path].get("parameters", ()))
        return {parameter["name"]: str(parameter["example"]) for parameter in found if parameter["in"] == "path"}

    @property
    def is_collection(self) -> bool:
        return "sort" in self.parameters

    @property
    def example_path(self) -> str:
        """The least that can be asked."""
        return self.asking("")

    def asking(self, query: str) -> str:
        """The address with a query, and with what it can't do without unless the query gives that."""
        given = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
        required = [(name, p["example"]) for name, p in self.parameters.items() if p.get("required")]
        more = urlencode([(name, example) for name, example in required if name not in given])
        asked = "&".join(part for part in (query, more) if part)
        return self.path.format(**self.path_examples) + (f"?{asked}" if asked else "")


def resolved(node: Node) -> Node:
    """The node itself, or the component it refers to."""
    if "$ref" not in node:
        return node
    found: Any = DOCUMENT
    for key in node["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return dict(found)


def values_of(parameter: Node) -> list[str]:
    """The values that a parameter takes, one of them or several."""
    schema = parameter["schema"]
    values: list[str] = resolved(schema.get("items", schema))["enum"]
    return values


def example_of(content: Node) -> Any:
    """The example of a body, which may be a component."""
    if "example" in content:
        return content["example"]
    [example] = content["examples"].values()
    return resolved(example)["value"]


READS = {path: Operation(path, methods["get"]) for path, methods in DOCUMENT["paths"].items() if "get" in methods}
PROTOCOLS = [path for path in READS if path.startswith(("/reconcile/", "/contexts/"))]
"""The addresses whose form others have decided: they pass over unknown parameters, and show no revision."""
OPERATIONS = {path: operation for path, operation in READS.items() if path not in PROTOCOLS}
CHANGES: dict[str, Node] = {
    f"{method.upper()} {path}": described
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
    if method not in ("get", "parameters") and path not in PROTOCOLS
}
"""The operations that change something, by method and path."""
COLLECTIONS = {path: operation for path, operation in OPERATIONS.items() if operation.is_collection}
PATHS = sorted(OPERATIONS)
MADE_UP = [(path, "positive") for path in PATHS] + [(path, "negative") for path in PATHS if OPERATIONS[path].parameters]
"""What requests are made up for: every path, and whether they fit the contract or, where they can, do not."""
EXPORT, PACKAGE = "/v1/statements/export", "/v1/datapackage"
DOCUMENTS = [path for path in PATHS if path not in (EXPORT, PACKAGE)]
"""Where one JSON document is answered, with an entity tag."""


@cache
def is_edtf(text: str) -> bool:
    parse_edtf(text)  # raises when it is none, which counts as invalid
    return True


def validator(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """A validator of a schema that stands somewhere in the document."""
    return _validator_of_json(json.dumps(schema))


@cache
def _validator_of_json(schema: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a schema, made once: each reads all components anew, which takes 10 ms."""
    whole = {**json.loads(schema), "components": _STRICT}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, formats={"edtf": is_edtf})


def always(record: Node) -> list[str]:
    """The keys that a whole record has, whatever else a query asks for."""
    added = [{"$ref": f"#/components/schemas/{name}"} for name in ("DateLabel", "PlainText")]
    return [key for key, node in record["properties"].items() if key not in ADDED_ON_REQUEST and node not in added]


def _strict() -> Node:
    """The components with answers that hold just what was documented, and references that hold two keys or the whole record."""
    schemas = {name: _closed(schema) for name, schema in SCHEMAS.items()}
    for name, schema in SCHEMAS.items():
        if name.startswith("Linked"):
            whole = always(SCHEMAS[name.removeprefix("Linked")])
            schemas[name] = {
                **schema,
                "additionalProperties": False,
                "anyOf": [{"propertyNames": {"enum": ["id", "name", "name_text"]}}, {"required": whole}],
            }
    return {**COMPONENTS, "schemas": schemas}


def _closed(schema: Node) -> Node:
    """A schema that knows all keys there are: clients must tolerate more, but a test must notice them."""
    return (
        {"additionalProperties": False, **schema}
        if "properties" in schema and schema != SCHEMAS["ReferenceBody"]
        else schema
    )


_STRICT = _strict()


@cache
def validator_of(component: str, whole: bool = False) -> jsonschema_rs.Draft202012Validator:
    """A validator of a component; with `whole` none of the keys of a record may be left out."""
    every = {"required": always(SCHEMAS[component])} if whole else {}
    return validator({"$ref": f"#/components/schemas/{component}", **every})


@cache
def _validator_at(path: str, status: str, media_type: str) -> jsonschema_rs.Draft202012Validator:
    answer = resolved(READS[path].described["responses"][status])
    return validator(answer["content"][media_type]["schema"])


def require_documented(path: str, response: TestResponse) -> None:
    """Fail unless the response is what the contract says this operation answers with its status."""
    answers = READS[path].described["responses"]
    assert str(response.status_code) in answers, response.text
    answer = resolved(answers[str(response.status_code)])
    require_headers(answer, response)
    if "content" not in answer:
        assert response.data == b""
        return
    assert response.content_type in answer["content"]
    said = response.get_json() if response.is_json else response.text
    _validator_at(path, str(response.status_code), str(response.content_type)).validate(said)


def require_headers(answer: Node, response: TestResponse) -> None:
    """Fail unless the response has the headers of the documented answer, with values they may have."""
    for name, reference in answer["headers"].items():
        header = resolved(reference)
        value: Any = response.headers.get(name)
        if value is None:
            assert not header.get("required"), f"{name} is missing"
            continue
        if header["schema"]["type"] == "integer":
            value = int(value)
        validator(header["schema"]).validate(value)


def links(schema: Node, value: Any) -> Iterator[tuple[str, str]]:
    """The record type and id of every reference in a document, found by its schema."""
    if value is None:
        return
    component = schema.get("$ref", "").rpartition("/")[2]
    if component == "Reference":
        yield "Speaker", value["id"]  # the only plain ones are the speakers for whom a report is first hand
    elif component.startswith("Linked"):
        yield component.removeprefix("Linked"), value["id"]
    elif component:
        yield from links(SCHEMAS[component], value)
    for alternative in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        yield from links(alternative, value)
    for key, inner in schema.get("properties", {}).items():
        yield from links(inner, value.get(key))
    for item in value if "items" in schema else ():
        yield from links(schema["items"], item)
