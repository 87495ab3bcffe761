"""The whole document, put together from the operations and written out."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from inspect import cleandoc
from typing import Any

import orjson
import yaml
from flask import Flask

from api import __version__
from api.http.authorization import OPEN
from api.http.operations import Operation, operations_of
from api.openapi import protocols
from api.openapi.bodies import Bodies, request_body
from api.openapi.components import Node, ref
from api.openapi.converter import Converter
from api.openapi.enumerations import Enumerations
from api.openapi.examples import shared_examples
from api.openapi.headers import HEADERS, header_parameters
from api.openapi.links import shared_links
from api.openapi.parameters import SharedParameters, conditions, of_path
from api.openapi.problem_responses import moves, problem_responses, problem_schemas, shared_responses
from api.openapi.schemas import as_served, finished_schemas
from api.openapi.successes import successes
from schemas.answers.drafts import DraftRequestSchema
from schemas.answers.problems import ProblemSchema
from schemas.answers.suggestions import HighlightSchema
from schemas.records.speakers import MergerSchema

DESCRIPTION = """\
Official statements, each with its speaker, act, date and references, and with the chain of agents that carried it to the
article it was found in: *who said what, when, on whose behalf, about which agreement, according to whom*.

* Every answer is JSON in UTF-8, but for exports. Every documented key is always there, null or empty when there is nothing to say.
* A collection answers `{"data": [...], "page": {...}}`; follow `page.next` until it is null.
* Errors are `application/problem+json` (RFC 9457) and list every mistake at once.
* Every answer but an export has a strong `ETag`; send it back in `If-None-Match` and an unchanged answer is 304 without a body.
* HEAD works wherever GET does. Browsers may call from anywhere (CORS), and take every answer for what it says it is
  (`X-Content-Type-Options: nosniff`).
* Changes take a bearer token. What exists is changed only with its `ETag` in `If-Match`, so that nobody overwrites what
  they have not seen. What GET returns is what PUT takes.
"""
INFO: Node = {
    "title": "Tasrih",
    "version": __version__,
    "summary": "Official statements with their attribution and evidence.",
    "description": DESCRIPTION,
    "contact": {"name": "The Tasrih maintainers"},
    "license": {"name": "MIT", "identifier": "MIT"},
}
SERVERS: list[Node] = [
    {"url": "/", "description": "The service that this document comes from."},
    {"url": "http://127.0.0.1:8000", "description": "An example: a service of your own, started with `make serve`."},
]
BEARER: Node = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of this service (RFC 6750), made by its operator. Operations say which scope they take.",
}
UNNAMED = (ProblemSchema, HighlightSchema, MergerSchema, DraftRequestSchema)
"""Schemas that no operation names: of problems, of what is added to records of any type, of a body."""
MADE_UP = {"max-items": 1}
"""How Prism makes up answers (`mock --dynamic`): lists of lists would take it minutes (stoplightio/prism#1926)."""


def build(app: Flask) -> Node:
    """The finished document of an application."""
    return _Builder(operations_of(app).values(), app.config["READS_CLOSED"]).document()


class _Builder:
    """Puts the document of some operations together. With `reads_closed` reading takes a token too."""

    def __init__(self, operations: Iterable[Operation], reads_closed: bool) -> None:
        self._operations, self._reads_closed = list(operations), reads_closed
        self._converter = Converter()
        self._enumerations = Enumerations()
        self._parameters = SharedParameters(self._operations, self._converter, self._enumerations)
        self._responses = shared_responses()

    def document(self) -> Node:
        """The document."""
        tags = dict(operation.tag for operation in self._operations)
        paths = {**self._paths(), **protocols.paths(self._reads_closed)}
        components = {
            "schemas": self._schemas(),
            "parameters": {**self._parameters.components, **header_parameters(), **protocols.PARAMETERS},
            "responses": {**self._responses, **protocols.RESPONSES},
            "headers": HEADERS,
            "examples": shared_examples(),
            "links": shared_links(),
        }
        _drop_unused(components, paths)
        return {
            "openapi": "3.1.0",
            "x-json-schema-faker": MADE_UP,
            "info": INFO,
            "servers": SERVERS,
            "security": [],
            "tags": [{"name": name, "description": description} for name, description in tags.items()] + protocols.TAGS,
            "paths": paths,
            "components": {**components, "securitySchemes": {"bearer": BEARER}},
        }

    def _paths(self) -> Node:
        paths: Node = {}
        for operation in self._operations:
            path = paths.setdefault(operation.path, {})
            if parameters := [*self._parameters.of(operation, "path"), *of_path(operation.rule)]:
                path["parameters"] = parameters
            path[operation.method.lower()] = self._operation(operation)
        return paths

    def _operation(self, operation: Operation) -> Node:
        summary, description = operation.summary_and_description
        node: Node = {"operationId": operation.operation_id, "summary": summary}
        if operation.reads:
            node["description"] = description or f"{summary}."
            parameters = self._parameters.of(operation, "query")
        elif not operation.stores:
            node["description"], parameters = description, self._parameters.of(operation, "query")
        else:  # Spectral takes scopes for those of OAuth, so the description has them
            node["description"] = f"{description} Takes a token with the scope `{operation.scope}`.".strip()
            parameters = conditions(operation)
        node["tags"] = [operation.tag.name]
        if self._takes_token(operation):
            node["security"] = [{"bearer": []}]
        if parameters:
            node["parameters"] = parameters
        if body := request_body(operation):
            node["requestBody"] = body
        return {**node, "responses": self._answers(operation)}

    def _takes_token(self, operation: Operation) -> bool:
        is_open = operation.reads or not operation.stores
        return not is_open or (self._reads_closed and operation.rule not in OPEN)

    def _answers(self, operation: Operation) -> Node:
        answer = self._converter.schema(operation.answer) if operation.answer else {}
        answers: Node = {}
        for status, (name, response) in successes(operation, answer, _description(operation)).items():
            if self._responses.setdefault(name, response) != response:
                raise ValueError(f"Two different responses are called {name}.")
            answers[status] = ref("responses", name)
        if operation.reads and "StatementExport" not in str(answers):
            answers["304"] = ref("responses", "NotModified")
        if moves(operation):
            answers["308"] = ref("responses", "Merged")
        closed = (401, 403) if self._takes_token(operation) else ()
        return {**answers, **problem_responses(operation, closed)}

    def _schemas(self) -> dict[str, Node]:
        declared = self._converter.schemas(UNNAMED)
        required = {name: list(node.get("required", ())) for name, node in declared.items()}
        sent_as_declared = {name: declared.pop(name) for name in ("Merger", "DraftRequest")}
        answers = finished_schemas(declared, self._enumerations)
        problems = problem_schemas(answers["Problem"], self._enumerations)
        bodies = Bodies(answers, required).schemas()
        served = as_served({**answers, **problems})
        return {**served, **sent_as_declared, **bodies, **self._enumerations.components, **protocols.SCHEMAS}


def _description(operation: Operation) -> str:
    return cleandoc(operation.answer.__doc__ or "") if operation.answer else ""


def _drop_unused(components: dict[str, dict[str, Node]], paths: Node) -> None:
    """Leave out the components to which nothing refers."""
    used: set[str] = set()
    waiting = _references(paths)
    while waiting:
        used |= waiting
        found = {reference for name in waiting for reference in _references(_component(components, name))}
        waiting = found - used
    for kind, members in components.items():
        components[kind] = {name: node for name, node in members.items() if f"#/components/{kind}/{name}" in used}


def _component(components: dict[str, dict[str, Node]], reference: str) -> Node:
    kind, name = reference.removeprefix("#/components/").split("/")
    return components[kind][name]


def _references(node: Any) -> set[str]:
    """The components to which a node refers, without following them."""
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


class Contract:
    """The document of an application as bytes, each form worked out when it is first asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def json(self) -> bytes:
        """The document as JSON in UTF-8."""
        return orjson.dumps(build(self._app))

    @cached_property
    def yaml(self) -> bytes:
        """The document as YAML in UTF-8: the very bytes of openapi.yaml."""
        document = _with_flowing_examples(orjson.loads(self.json))
        text = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
        return str(text).encode()


def contract_of(app: Flask) -> Contract:
    """The contract of an application."""
    contract: Contract = app.extensions.setdefault("contract", Contract(app))
    return contract


_WIDTH = 130
"""Characters, behind which a list or mapping that does not stand in lines of its own goes on in the next line."""


class _Dumper(yaml.SafeDumper):
    """Writes the same node twice rather than anchors, which code generators stumble over, and no text in several lines."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def write_plain(self, text: str, split: bool = True) -> None:
        super().write_plain(text, split=False)

    def write_single_quoted(self, text: str, split: bool = True) -> None:
        super().write_single_quoted(text, split=False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        super().write_double_quoted(text, split=False)

    def expect_first_flow_mapping_key(self) -> None:
        with self._on_this_line():
            super().expect_first_flow_mapping_key()

    def expect_first_flow_sequence_item(self) -> None:
        with self._on_this_line():
            super().expect_first_flow_sequence_item()

    @contextmanager
    def _on_this_line(self) -> Iterator[None]:
        """Write what comes first behind its bracket."""
        self.best_width = sys.maxsize
        yield
        self.best_width = _WIDTH


class _Flowing(dict[str, Any]):
    """A mapping that stands in one line, or goes on in the next ones, whatever it holds."""


def _with_flowing_examples(node: Any) -> Any:
    """A node in which examples that are objects take as few lines as they can: they make up a fifth of the document."""
    if isinstance(node, list):
        return [_with_flowing_examples(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _Flowing(value)
        if key in ("example", "value") and isinstance(value, dict)
        else _with_flowing_examples(value)
        for key, value in node.items()
    }


def _mapping(dumper: yaml.SafeDumper, mapping: Node) -> yaml.MappingNode:
    """Short mappings stand on one line, and so do those of nothing but references."""
    flows = isinstance(mapping, _Flowing) or _is_short(mapping) or all(map(_is_reference, mapping.values()))
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=flows)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    """Short lists stand on one line, and so do those of nothing but references or words."""
    flows = _is_short(items) or all(_is_reference(item) or isinstance(item, str) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flows)


def _is_reference(node: Any) -> bool:
    return isinstance(node, dict) and list(node) == ["$ref"]


_SHORT = 180  # characters that still read well on one line, behind their key


def _is_short(node: Node | list[Any]) -> bool:
    written = json.dumps(node, ensure_ascii=False)
    return len(written) <= _SHORT and "\\n" not in written


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Texts of several lines are written as such."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(_Flowing, _mapping)
_Dumper.add_representer(list, _list)
