"""The links of answers with one record (OpenAPI 3.1, 4.8.20): what can be done next with what they hold."""

from typing import Any

from api.openapi.schemas import RECORDS

Node = dict[str, Any]

_ASKED = "$request.path.id"
_MADE = "$response.body#/id"
_TAG = {"header.If-Match": "$response.header.ETag"}


def answer_links(path: str, method: str) -> Node:
    """The links of an operation that answers with one writable record as it stands now; none for any other."""
    record_type, *rest = path.removeprefix("/v1/").split("/")
    if record_type not in RECORDS or record_type == "vocabularies":
        return {}
    if not rest:
        return _links(record_type, _MADE) if method == "post" else {}
    return _links(record_type, _ASKED) if rest == ["{id}"] and method in ("get", "put", "patch") else {}


def _links(record_type: str, record_id: str) -> Node:
    name = RECORDS[record_type].lower()
    to_record = {"path.id": record_id}
    return {
        "read": {"operationId": f"get_{name}", "parameters": to_record},
        "history": {"operationId": f"list_{name}_history", "parameters": to_record},
        "replace": {
            "operationId": f"replace_{name}",
            "parameters": {**to_record, **_TAG},
            "requestBody": "$response.body",
            "description": "Sending it back as it is changes nothing.",
        },
        "change": {"operationId": f"change_{name}", "parameters": {**to_record, **_TAG}},
        "delete": {"operationId": f"delete_{name}", "parameters": {**to_record, **_TAG}},
    }
