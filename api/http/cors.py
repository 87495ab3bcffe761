"""What browsers may do with answers (Fetch standard). Nothing here rests on cookies, so any page may send the requests that any other client could.

Tokens are not credentials that a browser adds by itself: the script puts one into the request.
"""

from flask import Flask, Response, request

EXPOSED = "Accept-Patch, Content-Location, ETag, Link, Location, Memento-Datetime, Retry-After, Tasrih-Position, WWW-Authenticate, X-Request-Id"
OPEN = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", EXPOSED),
    ("X-Content-Type-Options", "nosniff"),  # what is JSON is no script, whatever it looks like
)
SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Tasrih-At-Least, X-Request-Id"


def allow_everyone(app: Flask) -> None:
    """Open every answer to browsers, as what it says it is, and answer their preflights."""

    @app.after_request
    def _open(response: Response) -> Response:
        if OPEN[0][0] not in response.headers:
            response.headers.extend(OPEN)
        if request.environ["REQUEST_METHOD"] == "OPTIONS":
            if not response.content_length:
                del response.headers["Content-Type"]
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
            response.headers["Access-Control-Allow-Headers"] = request.headers.get(
                "Access-Control-Request-Headers", SENT
            )
            response.headers["Access-Control-Max-Age"] = "86400"
        return response
