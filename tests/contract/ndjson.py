"""How schemathesis sends lines of JSON, which it does not know: `schemathesis.toml` names this file."""

import json
from typing import Any

import schemathesis
from schemathesis import SerializationContext


@schemathesis.serializer("application/x-ndjson")
def lines(_: SerializationContext, value: Any) -> bytes:
    """The body of an import: text as it was made up, and anything else, which is wrong, as a line of its own."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")
