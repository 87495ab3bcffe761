"""The operations: their parameters, answers and examples."""

from typing import Any

from api.openapi.bulk import EXPORT, export_answer
from api.openapi.examples import CHOSEN, examples
from api.openapi.links import answer_links
from api.openapi.responses import failures
from api.openapi.schemas import RECORDS, whole_or_partial, with_article
from schemas.parameters import DEFAULT_LIMIT

Node = dict[str, Any]


def finish_path_parameters(path: str, operations: Node) -> None:
    """Give the id in a path its description and an example."""
    for parameter in operations.get("parameters", ()):
        record_type = parameter.pop("x-record_type", None)
        if record_type is None:
            continue
        parameter["description"] = f"The id of {with_article(RECORDS[record_type])}."
        parameter["example"] = _owners()[record_type] if path.endswith("/statements") else CHOSEN[record_type]


def _owners() -> dict[str, str]:
    """For each record type with statements, the record to which the example statement belongs."""
    statement = examples()["statements"]
    return {
        "speakers": statement["speakers"][0]["speaker"]["id"],
        "agreements": statement["agreements"][0]["agreement"]["id"],
        "communiques": statement["communique"]["id"],
        "events": statement["event"]["id"],
        "places": statement["places"][0]["id"],
        "articles": statement["reports"][0]["article"]["id"],
    }


def finish_operation(path: str, operation: Node, schemas: Node) -> None:
    """Give an operation its answers, with headers and an example."""
    example, statuses = operation.pop("x-example", None), operation.pop("x-statuses", [])
    for parameter in operation.get("parameters", ()):
        if "example" in parameter.get("schema", {}):
            parameter["example"] = parameter["schema"].pop("example")
    operation["summary"] = operation["summary"].removesuffix(".")
    operation.setdefault("description", f"{operation['summary']}.")
    if path == EXPORT:
        operation["responses"] = {"200": export_answer(), **failures(statuses)}
        return
    content = operation["responses"]["200"]["content"]
    headers = ["ETag", "Cache-Control"] + (["Link"] if _has_links(path, operation) else [])
    headers += ["Memento-Datetime"] if _is_memento(path, operation) else []
    success = {
        "description": _described(content, schemas),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": content,
    }
    if links := answer_links(path, "get"):
        success["links"] = links
    for media_type in content.values():
        media_type["example"] = _example(path, example)
    not_modified = {"$ref": "#/components/responses/NotModified"}
    if 404 in statuses and not path.startswith("/v1/vocabularies") and not _outlives(path):
        statuses = [*statuses, 410]
    moving = path.startswith("/v1/speakers/{id}") and not _outlives(path)
    moved = {"308": {"$ref": "#/components/responses/Merged"}} if moving else {}
    operation["responses"] = {"200": success, "304": not_modified, **moved, **failures(statuses)}


def _described(content: Node, schemas: Node) -> str:
    """The description of an answer; where it is a record, let it be also the part that `fields` asked for."""
    (media_type,) = content.values()
    name = media_type["schema"]["$ref"].rpartition("/")[2]
    if name in RECORDS.values():
        media_type["schema"] = whole_or_partial(name)
    return str(schemas[name]["description"])


def _outlives(path: str) -> bool:
    """Whether what is at an address stays there when the record has gone."""
    return path.endswith(("/history", "/revisions/{n}"))


def _has_links(path: str, operation: Node) -> bool:
    return path in ("/", "/v1/changes") or _takes("cursor", operation) or _is_memento(path, operation)


def _is_memento(path: str, operation: Node) -> bool:
    return path.endswith("/{n}") or (path.endswith("/{id}") and _takes("as_of", operation))


def _takes(name: str, operation: Node) -> bool:
    return any(parameter.get("name") == name for parameter in operation.get("parameters", ()))


def _example(path: str, example: Any) -> Any:
    if not isinstance(example, str):
        return example
    record = examples()[example]
    if path.endswith(("/{id}", "/{n}")):
        return record
    return {"data": [record], "page": {"limit": DEFAULT_LIMIT, "next": None, "prev": None}}


def share_parameters(paths: Node) -> Node:
    """Move parameters that several operations have in common into components; give those components."""
    operations = [operations["get"] for operations in paths.values() if "get" in operations]
    variants: dict[str, list[Node]] = {}
    for operation in operations:
        for parameter in operation.get("parameters", ()):
            variants.setdefault(parameter["name"], []).append(parameter)
    commonest = {name: max(some, key=some.count) for name, some in variants.items()}
    shared = {name: one for name, one in commonest.items() if variants[name].count(one) > 1}
    for operation in operations:
        if "parameters" in operation:
            operation["parameters"] = [
                {"$ref": f"#/components/parameters/{p['name']}"} if p == shared.get(p["name"]) else p
                for p in operation["parameters"]
            ]
    return dict(sorted(shared.items()))
