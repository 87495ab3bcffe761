"""Who may do what: every request that does not only read needs a bearer token (RFC 6750) with the scope of its operation.

The guard stands before everything else, so an address that is not among the declared operations is not open: a change
there takes the scope `write`. What an operation takes instead stands in its declaration. Where the database is a read-only
copy, whoever may write is told at once that this has to be done elsewhere.
"""

from typing import Any

from flask import Flask, Request, Response, current_app, g, request

from api.access.tokens import SCOPES, Bearer, recognised
from api.database.transactions import require_original
from api.errors import MissingScope, Unauthenticated, UnusableCredentials
from api.http.checks import add_check
from api.http.request_notes import TOKEN

__all__ = ["OPEN", "READING", "SCOPES", "current_author", "current_bearer", "guard", "require"]

READING = frozenset({"GET", "HEAD"})
QUERIES = frozenset({"reconciliation.reconcile"})
"""The endpoints beside the operations whose POST only reads: what is asked is too long for an address."""
OPEN = frozenset(
    {
        "/",
        "/health",
        "/livez",
        "/readyz",
        "/docs",
        "/docs/assets/<name>",
        "/llms.txt",
        "/openapi.json",
        "/openapi.yaml",
        "/assets/<digest>/<name>",
        "/contexts/1.jsonld",
    }
)
"""What anybody may read even where reading takes a token: it describes the API, and shows no record."""

NO_TOKEN = (
    "Send 'Authorization: Bearer' and a token of this service; the operator makes them with 'tasrih token create'."
)
IN_ADDRESS = "A token in the address ends up in logs and histories: send it as 'Authorization: Bearer', and only there."
SEVERAL = "The request has more than one Authorization header, or several values in one: send one token."


def guard(app: Flask) -> None:
    """Keep requests without the right token from the views that require one."""
    add_check(app, _check_all if app.config["READS_CLOSED"] else _check_writes)
    if app.config["READS_CLOSED"]:
        app.after_request(_vary)


def _check_writes(request: Request) -> None:
    if not _only_reads(request) and request.environ["REQUEST_METHOD"] != "OPTIONS" and request.endpoint is not None:
        operation = current_app.extensions["operations"].get(request.endpoint)
        require(operation.scope if operation else "write")
        require_original()


def _check_all(request: Request) -> None:
    if not _only_reads(request):
        _check_writes(request)
    elif (
        request.environ["REQUEST_METHOD"] != "OPTIONS"
        and request.url_rule is not None
        and request.url_rule.rule not in OPEN
    ):
        require("read")


def _only_reads(request: Request) -> bool:
    """Whether the request leaves nothing behind: by its method, or because its operation stores nothing."""
    if request.environ["REQUEST_METHOD"] in READING or request.endpoint in QUERIES:
        return True
    operation = current_app.extensions["operations"].get(request.endpoint)
    return operation is not None and not operation.stores


def _vary(response: Response) -> Response:
    response.vary.add("Authorization")
    return response


def require(scope: str) -> str:
    """The name of the token that this request is made with; raise unless that has this scope.

    Raise Unauthenticated, UnusableCredentials or MissingScope. The token is looked up once per request.
    """
    bearer = current_bearer()
    if scope not in bearer.scopes:
        raise MissingScope(scope)
    return bearer.name


def current_bearer() -> Bearer:
    """The bearer of the token that this request is made with; raise Unauthenticated or UnusableCredentials."""
    if "bearer" not in g:
        g.bearer = recognised(_presented())
        request.environ[TOKEN] = g.bearer.name
    bearer: Bearer = g.bearer
    return bearer


def current_author() -> str:
    """The name under which what this request writes is kept."""
    return current_bearer().name


def _presented() -> str:
    """The token of the request's Authorization header (RFC 6750, 2.1); never of its body or address."""
    if "access_token" in request.args:
        raise UnusableCredentials(IN_ADDRESS)
    header: Any = request.environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(NO_TOKEN)
    if "," in token:  # how servers join two headers of one name
        raise UnusableCredentials(SEVERAL)
    return str(token.strip())
