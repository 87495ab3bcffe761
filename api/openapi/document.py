"""The whole document, put together and written out."""

from functools import cache
from typing import Any

import orjson
import yaml
from flask import Flask

from api import __version__
from api.openapi.changes import BEARER, add_bodies, finish_change, header_parameters
from api.openapi.closing import close_reads
from api.openapi.operations import finish_operation, finish_path_parameters, share_parameters
from api.openapi.responses import HEADERS, shared_responses
from api.openapi.schemas import finish_schemas
from schemas.speakers import MergerSchema
from schemas.suggestions import HighlightSchema

Node = dict[str, Any]

DESCRIPTION = """\
Official statements, each with its speaker, act, date and references, and with the chain of agents that carried it to the
article it was found in: *who said what, when, on whose behalf, about which agreement, according to whom*.

* Every answer is JSON in UTF-8, but for exports. Every documented key is always there, null or empty when there is nothing to say.
* A collection answers `{"data": [...], "page": {...}}`; follow `page.next` until it is null.
* Errors are `application/problem+json` (RFC 9457) and list every mistake at once.
* Every answer but an export has a strong `ETag`; send it back in `If-None-Match` and an unchanged answer is 304 without a body.
* HEAD works wherever GET does. Browsers may call from anywhere (CORS).
* Changes take a bearer token. What exists is changed only with its `ETag` in `If-Match`, so that nobody overwrites what
  he has not seen. What GET returns is what PUT takes.
"""


def build(app: Flask) -> Node:
    """The finished document of an application."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    api.describe()
    if "Highlight" not in api.spec.components.schemas:  # no schema holds it: it is added to records of any kind
        api.spec.components.schema("Highlight", schema=HighlightSchema)
    if "Merger" not in api.spec.components.schemas:  # a body, of which flask-smorest knows nothing
        api.spec.components.schema("Merger", schema=MergerSchema)
    document: Node = orjson.loads(orjson.dumps(api.spec.to_dict()))
    document["info"] = {
        "title": "Tasrih",
        "version": __version__,
        "summary": "Official statements with their attribution and evidence.",
        "description": DESCRIPTION,
        "contact": {"name": "The Tasrih maintainers"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    document["servers"] = [{"url": "/", "description": "This service."}]
    document["security"] = []
    components = document["components"]
    required = {name: list(schema.get("required", ())) for name, schema in components["schemas"].items()}
    finish_schemas(components["schemas"], api)
    add_bodies(components["schemas"], required)
    for path, operations in document["paths"].items():
        finish_path_parameters(path, operations)
        for method, operation in operations.items():
            if method == "get":
                finish_operation(path, operation, components["schemas"])
            elif method != "parameters":
                finish_change(path, method, operation)
    if app.config["READS_CLOSED"]:
        close_reads(document["paths"])
    components["headers"] = HEADERS
    components["responses"] = shared_responses()
    components["parameters"] = {**share_parameters(document["paths"]), **header_parameters()}
    components["securitySchemes"] = {"bearer": BEARER}
    _drop_unused(components["schemas"], document)
    order = ("openapi", "info", "servers", "security", "tags", "paths", "components")
    return {key: document[key] for key in order}


def as_json(app: Flask) -> bytes:
    """The document as JSON in UTF-8."""
    return _written(app)[0]


def as_yaml(app: Flask) -> bytes:
    """The document as YAML in UTF-8: the very bytes of openapi.yaml."""
    return _written(app)[1]


@cache
def _written(app: Flask) -> tuple[bytes, bytes]:
    document = build(app)
    text = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return orjson.dumps(document), text.encode()


class _Dumper(yaml.SafeDumper):
    """Writes the same node twice rather than anchors, which code generators stumble over."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _drop_unused(schemas: Node, document: Node) -> None:
    """Leave out the components that flask-smorest adds and nothing here refers to."""
    while unused := [
        name for name in schemas if f'"#/components/schemas/{name}"'.encode() not in orjson.dumps(document)
    ]:
        for name in unused:
            del schemas[name]
