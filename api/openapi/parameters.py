"""The parameters of operations: those in the path, those of the query, and the components that several share."""

from collections.abc import Iterable, Mapping

from api.http.operations import Operation
from api.openapi.components import RECORDS, Node, ref, schema, with_article
from api.openapi.converter import Converter
from api.openapi.enumerations import Enumerations
from api.openapi.examples import CHOSEN, owners
from api.openapi.headers import STATES
from schemas.answers.changes import LAST_REVISION

REVISION: Node = {
    "in": "path",
    "name": "n",
    "required": True,
    "description": "The number of a revision, from 1 on.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LAST_REVISION},
    "example": 1,
}
CONDITIONS = {
    "PUT": ("If-Match", "If-None-Match"),
    "PATCH": ("If-Match",),
    "DELETE": ("If-Match",),
    "POST": ("Idempotency-Key",),
}
"""The headers that a change takes, by method."""
_OF_POSTS: Mapping[str, tuple[str, ...]] = {"merge": ("If-Match",), "import": ("If-None-Match",)}
"""Those of some POSTs beside, by the end of their address."""


def path_parameters(operation: Operation) -> list[Node]:
    """What the path of an operation names."""
    ids = [] if operation.record_type is None else [_id(operation.record_type, operation)]
    return [*ids, *([REVISION] if "<n>" in operation.rule else [])]


def of_path(rule: str) -> list[Node]:
    """The headers that every operation at an address takes."""
    return [ref("parameters", name) for name in STATES] if shows_records(rule) else []


def shows_records(rule: str) -> bool:
    """Whether what is answered at an address depends on the database, so that it has a position."""
    return rule not in ("/", "/livez")


def _id(record_type: str, operation: Operation) -> Node:
    of_statements = operation.rule.endswith("/statements")
    return {
        "in": "path",
        "name": "id",
        "required": True,
        "schema": schema("Id"),
        "description": f"The id of {with_article(RECORDS[record_type])}.",
        "example": owners()[record_type] if of_statements else CHOSEN[record_type],
    }


def conditions(operation: Operation) -> list[Node]:
    """The headers that a change takes."""
    names = CONDITIONS[operation.method] + _OF_POSTS.get(operation.rule.rsplit("/", 1)[1], ())
    return [ref("parameters", name) for name in names]


def record_of(operation: Operation) -> str:
    """The component of the records that an operation answers with, on a page or alone; empty when it has no such answer."""
    answer = operation.answer.__name__.removesuffix("Schema").removesuffix("Page") if operation.answer else ""
    name = answer.removeprefix("Similar")
    return name if name in RECORDS.values() else ""


class SharedParameters:
    """The parameters that several operations have in common: components, for all operations to refer to.

    The commonest of those with one name has that name. Others are called after the first group of operations that has
    them, as in `places.fields`.
    """

    def __init__(self, operations: Iterable[Operation], converter: Converter, named: Enumerations) -> None:
        self._by_operation = {
            operation.operation_id: [*path_parameters(operation), *converter.parameters(operation.query)]
            for operation in operations
        }
        for operation in operations:
            for parameter in self._by_operation[operation.operation_id]:
                named.name_in_parameter(parameter, record_of(operation))
        self.components: dict[str, Node] = {}
        groups = {
            operation.operation_id: operation.rule.split("/")[-1 if "<" not in operation.rule else 2]
            for operation in operations
        }
        self._name(groups)

    def _name(self, groups: Mapping[str, str]) -> None:
        uses: dict[str, list[Node]] = {}
        for parameters in self._by_operation.values():
            for parameter in parameters:
                uses.setdefault(parameter["name"], []).append(parameter)
        for operation, parameters in self._by_operation.items():
            for parameter in parameters:
                name, same = parameter["name"], uses[parameter["name"]]
                if same.count(parameter) > 1 and parameter not in self.components.values():
                    commonest = parameter == max(same, key=same.count)
                    self.components[name if commonest else f"{groups[operation]}.{name}"] = parameter

    def of(self, operation: Operation, where: str) -> list[Node]:
        """The parameters of an operation in its `path` or `query`."""
        parameters = (one for one in self._by_operation[operation.operation_id] if one["in"] == where)
        return [self._reference(parameter) for parameter in parameters]

    def _reference(self, parameter: Node) -> Node:
        names = (name for name, component in self.components.items() if component == parameter)
        name = next(names, None)
        return parameter if name is None else ref("parameters", name)
