"""Problems (RFC 9457) as exceptions."""

import json
from contextlib import suppress
from typing import Any


class TasrihError(Exception):
    """What can go wrong between this client and the service."""


class ConnectionLost(TasrihError):
    """No answer came. A PUT, PATCH or DELETE may have taken effect: read the record again before you repeat it."""


class Problem(TasrihError):
    """The service refused. Compare `type`, not the texts; a type that you do not know is a matter of its `status`.

    `errors` lists every mistake, each with `detail` and `pointer`, `parameter` or `line`. `location` is the address that
    the answer names, such as that of the record which another was merged into.
    """

    def __init__(self, problem: dict[str, Any], location: str | None = None) -> None:
        self.detail = str(problem.get("detail") or problem["title"])
        self.errors: list[dict[str, Any]] = problem.get("errors", [])
        super().__init__(" ".join([self.detail, *map(_of_one_error, self.errors)]))
        self.status = int(problem["status"])
        self.type = str(problem["type"])
        self.request_id: str | None = problem.get("request_id")
        self.location = location


def _of_one_error(error: dict[str, Any]) -> str:
    place = next((str(error[key]) for key in ("parameter", "line", "pointer") if key in error), "")
    return f"{place}: {error.get('detail')}"


class NotFound(Problem):
    """404: there is no such record."""


class Gone(Problem):
    """410: the record was deleted, or the moment or position is no longer kept."""


class PreconditionFailed(Problem):
    """412: the record is no longer in the state that was read."""


class InvalidRequest(Problem):
    """400 and 422: the query or the document can't be used; `errors` says why."""


class Unavailable(Problem):
    """429 and 5xx: the service could not answer, however often it was tried."""


_CLASSES = {
    400: InvalidRequest,
    404: NotFound,
    410: Gone,
    412: PreconditionFailed,
    422: InvalidRequest,
    429: Unavailable,
}


def problem_of(status: int, body: bytes, location: str | None) -> Problem:
    """The exception for an answer that is no success, whoever between here and the service gave it."""
    problem = {"type": "about:blank", "title": f"The answer is {status}.", "status": status}
    with suppress(ValueError):
        told = json.loads(body)
        if isinstance(told, dict) and {"type", "title", "status"} <= told.keys():
            problem = told
    kind = Unavailable if status >= 500 else _CLASSES.get(status, Problem)
    return kind(problem, location)
