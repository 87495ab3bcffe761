"""Every enumeration is a component of its own, so that a generated client has one type for it, with a telling name.

The converter makes components of those of vocabularies; here those inside parameters and other schemas are moved out of them.
"""

from api.openapi.components import Node, schema, with_article

_DESCRIPTIONS = {
    "Basis": "Whether the page itself says it, or somebody worked it out.",
    "ChangeOperation": "What can happen to a record; `rendered`: its representation changed, only because another record did.",
    "CitationFormat": "A form of a record other than JSON: a citation, or linked data.",
    "CitationListFormat": "A form of a list of records other than JSON: citations, linked data, or a feed.",
    "ComparedBy": "What shows that figures are of the same.",
    "DateMatch": "When a vague date lies in a range: when it may, or only when it surely does.",
    "DatedOrder": "An order of records that have dates; `-` turns it round. The latest come first unless another is asked for.",
    "Delimiter": "What stands between the columns of a table in CSV.",
    "EvidenceStatus": "Whether a span is that of an attached text.",
    "ExportFormat": "The format of an export.",
    "FacetName": "What statements are counted by.",
    "FeedFormat": "A form of a list of records other than JSON: a feed.",
    "FigureFacetName": "What figures are counted by.",
    "Interval": "The length of the stretches of time that statements are counted in.",
    "LinkDirection": "Which way a link between statements leads.",
    "Motivation": "Why an annotation was made (W3C Web Annotation).",
    "NamedRecordType": "A record type whose records have names and aliases.",
    "Order": "An order of records; `-` turns it round. They come by id unless another is asked for.",
    "ProblemType": "The types of all problems.",
    "RecordType": "A record type.",
    "RevisionOperation": "What can happen to a record's own content.",
    "StatementOrder": "An order of statements; `-` turns it round. `reported` is by the day on which it was first published.",
    "StatementView": "How much is shown of each statement.",
    "TextForm": "How each text comes besides.",
    "Total": "How the records that match are counted.",
    "WordsMatched": "How many of the words that count a record must have to be found.",
}
_OF_PARAMETERS = {
    "delimiter": "Delimiter",
    "date_match": "DateMatch",
    "interval": "Interval",
    "text": "TextForm",
    "total": "Total",
    "view": "StatementView",
}
"""The names of enumerations that a parameter takes in every operation."""
_OF_PROPERTIES = {
    ("Annotation", "motivation"): "Motivation",
    ("Article", "publisher_basis"): "Basis",
    ("Article", "date_basis"): "Basis",
    ("Change", "operation"): "ChangeOperation",
    ("Evidence", "status"): "EvidenceStatus",
    ("CountedFacet", "facet"): "FacetName",
    ("CountedFigureFacet", "facet"): "FigureFacetName",
    ("FigureConflict", "compared_by"): "ComparedBy",
    ("LinkBetween", "direction"): "LinkDirection",
    ("NearName", "type"): "NamedRecordType",
    ("Problem", "type"): "ProblemType",
    ("Revision", "operation"): "RevisionOperation",
    ("Suggestion", "type"): "NamedRecordType",
    ("Timeline", "interval"): "Interval",
    ("Understanding", "matched"): "WordsMatched",
}


class Enumerations:
    """The enumerations met so far: components of `schemas` by name."""

    def __init__(self) -> None:
        self.components: dict[str, Node] = {}

    def name_in_parameter(self, parameter: Node, record: str) -> None:
        """Move the enumeration out of a parameter of an operation that answers with records of a component's type."""
        node = parameter["schema"].get("items", parameter["schema"])
        if "enum" in node:
            self._move(node, *_of_parameter(parameter["name"], node["enum"], record))

    def name_in_properties(self, schemas: dict[str, Node]) -> None:
        """Move the enumerations out of the properties of these schemas."""
        for (name, key), component in _OF_PROPERTIES.items():
            node = schemas[name]["properties"][key]
            self._move(node.get("items", node), component, _DESCRIPTIONS[component])

    def add(self, name: str, description: str, values: list[str], default: str | None = None) -> Node:
        """A reference to an enumeration, which is added unless it is there; the first to name it says what is the default."""
        component = {"type": "string", "description": description, "enum": values}
        component |= {"default": default} if default else {}
        if self.components.setdefault(name, component)["enum"] != values:
            raise ValueError(f"Two different enumerations are called {name}.")
        return schema(name)

    def _move(self, node: Node, name: str, description: str) -> None:
        values = node.pop("enum")
        default = node.pop("default", None)
        reference = self.add(name, description, [value for value in values if value is not None], default)
        for key in ("type", "format"):
            node.pop(key, None)
        node.update({"anyOf": [reference, {"type": "null"}]} if None in values else reference)


def _of_parameter(parameter: str, values: list[str], record: str) -> tuple[str, str]:
    """The name of the enumeration that a parameter takes, and what it is."""
    article = with_article(record) if record else ""
    if parameter == "fields":
        return f"{record}Key", f"A key of {article}."
    if parameter == "expand":
        return f"{record}Expansion", f"A record type that {article} refers to, or what is added for display."
    if parameter == "sort":
        name = "StatementOrder" if "reported" in values else "DatedOrder" if "date" in values else "Order"
    elif parameter == "type":
        name = "RecordType" if "articles" in values else "NamedRecordType"
    elif parameter == "format" and record and "jsonld" in values and "csl" not in values:
        return (
            f"{record}{'List' * ('atom' in values)}Format",
            f"A form of {article} other than JSON, or of a list of them.",
        )
    elif parameter == "format" and record:
        name = "FeedFormat" if "csl" not in values else "CitationListFormat" if "atom" in values else "CitationFormat"
    elif parameter == "format":
        name = "ExportFormat"
    elif parameter == "facet":
        name = "FacetName" if "act" in values else "FigureFacetName"
    else:
        name = _OF_PARAMETERS[parameter]
    return name, _DESCRIPTIONS[name]
