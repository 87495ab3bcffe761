"""The class of the application: Flask, but for two of its documented extension points that cost each request too much.

What each gives stands in docs/performance.md; what gave less than 3 % of a record's GET is Flask's own.
"""

from typing import Any

from flask import Flask, Request, Response
from werkzeug.routing import MapAdapter


class Service(Flask):
    """A Flask application without sub-domains and without signals at the end of requests."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Bind the routes to a request; none of them depends on the host or builds URLs."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return MapAdapter(
            self.url_map, "", request.root_path, "", request.scheme, request.path, environ["REQUEST_METHOD"]
        )

    def finalize_request(self, rv: Any, from_error_handler: bool = False) -> Response:
        """Make a response of what a view or an error handler returned."""
        return self.process_response(rv if isinstance(rv, Response) else self.make_response(rv))
