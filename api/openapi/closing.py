"""What reading takes where it takes a token: an operator's setting, so no part of openapi.yaml."""

from typing import Any

from api.http.authorization import OPEN
from api.openapi.responses import failures

Node = dict[str, Any]


def close_reads(paths: Node) -> None:
    """Let every operation that reads records ask for a token, and answer those who have none."""
    for path, operations in paths.items():
        if "get" in operations and path not in OPEN:
            operations["get"]["security"] = [{"bearer": []}]
            operations["get"]["responses"].update(failures([401, 403]))
