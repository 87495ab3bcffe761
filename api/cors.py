"""Cross-origin reading (Fetch standard): everything here is public and carries no credentials, so any page may read it."""

from flask import Flask, Response, request

EXPOSED = "ETag, Link, Memento-Datetime, Retry-After"


def allow_everyone(app: Flask) -> None:
    """Open every answer to browsers, and answer their preflights."""

    @app.after_request
    def _open(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            if not response.content_length:
                del response.headers["Content-Type"]
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
            response.headers["Access-Control-Allow-Headers"] = request.headers.get(
                "Access-Control-Request-Headers", "If-None-Match"
            )
            response.headers["Access-Control-Max-Age"] = "86400"
        return response
