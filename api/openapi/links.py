"""The links of answers with records (OpenAPI 3.1, 4.8.20): what can be done next with what they hold."""

from api.openapi.components import RECORDS, Node, ref

_ID = {"path.id": "$response.body#/id"}
_ID_AND_TAG = {**_ID, "header.If-Match": "$response.header.ETag"}
_CHANGEABLE = [name for record_type, name in RECORDS.items() if record_type != "vocabularies"]
_VERBS = ("read", "history", "replace", "change", "delete")


def links_of(component: str) -> Node:
    """The links of an answer by the component it holds: a record, or a page, whose first record leads to all else."""
    name = component.removesuffix("Page")
    if name not in _CHANGEABLE:
        return {}
    verbs = _VERBS if name == component else ("first",)
    return {"links": {verb: ref("links", f"{name}.{verb}") for verb in verbs}}


def shared_links() -> dict[str, Node]:
    """The components of links, for each record type that takes changes."""
    return {f"{name}.{verb}": link for name in _CHANGEABLE for verb, link in _links(name.lower()).items()}


def _links(name: str) -> dict[str, Node]:
    return {
        "first": {"operationId": f"get_{name}", "parameters": {"path.id": "$response.body#/data/0/id"}},
        "read": {"operationId": f"get_{name}", "parameters": _ID},
        "history": {"operationId": f"list_{name}_history", "parameters": _ID},
        "replace": {
            "operationId": f"replace_{name}",
            "parameters": _ID_AND_TAG,
            "requestBody": "$response.body",
            "description": "Sending it back as it is changes nothing.",
        },
        "change": {"operationId": f"change_{name}", "parameters": _ID_AND_TAG},
        "delete": {"operationId": f"delete_{name}", "parameters": _ID_AND_TAG},
    }
