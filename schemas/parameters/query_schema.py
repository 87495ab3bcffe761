"""The parameters of one operation as a schema that refuses any other."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, missing


class QuerySchema(Schema):
    """The parameters of one operation; any other is refused."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._defaults = {n: f.load_default for n, f in self.fields.items() if f.load_default is not missing}

    def parse(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of known parameters as their fields load them, with the defaults of the others; and messages by name.

        The same as `load`, at the cost of the parameters sent instead of all there are.
        """
        query, wrong = dict(self._defaults), {}
        for name, value in values.items():
            try:
                query[name] = self.fields[name].deserialize(value, name, values)
            except ValidationError as error:
                query.pop(name, None)
                wrong[name] = error.messages
        for name, message in self.contradictions(query, values):
            wrong.setdefault(name, [message])
        return query, wrong

    def contradictions(self, query: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The parameters that contradict others, each with a message."""
        yield from ()
