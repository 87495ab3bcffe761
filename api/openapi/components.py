"""The names of components, and references to them."""

from typing import Any

from api.documents.record_types import RECORD_TYPES

Node = dict[str, Any]
DATA = ("examples", "example", "enum", "default", "const")
"""The keys of a schema under which no schemas stand but values."""

RECORDS = {name: type(record_type.schema).__name__.removesuffix("Schema") for name, record_type in RECORD_TYPES.items()}
"""The component that describes a whole record of each record type."""


def ref(kind: str, name: str) -> Node:
    """A reference to a component: of `schemas`, `headers` and so on."""
    return {"$ref": f"#/components/{kind}/{name}"}


def schema(name: str) -> Node:
    """A reference to a schema."""
    return ref("schemas", name)


def example(name: str) -> Node:
    """The examples of a body: one component."""
    return {"examples": {"example": ref("examples", name)}}


def with_article(name: str) -> str:
    """A component's name in a sentence."""
    return f"{'an' if name[0] in 'AE' else 'a'} {name.lower()}"
