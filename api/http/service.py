"""The class of the application: Flask without what this service has no use for.

Sessions, signals, coroutines and hooks of blueprints cost every request, used or not. All that is overridden here are
Flask's documented extension points; routing, error handling and the contexts are Flask's own. What each costs stands in
docs/performance.md.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter


class _NoSessions(SessionInterface):
    """Nobody is remembered between requests."""

    _nothing = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._nothing

    def is_null_session(self, obj: object) -> bool:
        return True


class Service(Flask):
    """A Flask application that runs its own hooks only: those of `before_request`, `after_request` and teardown."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is: no view here is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Bind the routes to a request; none of them depends on the host or builds URLs."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return MapAdapter(
            self.url_map, "", request.root_path, "", request.scheme, request.path, environ["REQUEST_METHOD"]
        )

    def full_dispatch_request(self) -> Response:
        """Answer the request of the present context, whatever happens."""
        try:
            answer = self.preprocess_request()
            if answer is None:
                answer = self.dispatch_request()
        except Exception as error:
            return self.finalize_request(self.handle_user_exception(error))
        return self.finalize_request(answer)

    def finalize_request(self, rv: Any, from_error_handler: bool = False) -> Response:
        """Make a response of what a view or an error handler gave."""
        return self.process_response(rv if isinstance(rv, Response) else self.make_response(rv))

    def preprocess_request(self) -> Any:
        """Run what is to be done before each request, until something answers it."""
        for check in self.before_request_funcs.get(None, ()):
            answer = check()
            if answer is not None:
                return answer
        return None

    def process_response(self, response: Any) -> Response:
        """Run what is to be done with each response."""
        for finish in self.after_request_funcs.get(None, ()):
            response = finish(response)
        return cast(Response, response)

    def do_teardown_request(self, exc: Any = None) -> None:
        """Run what is to be done after each request, answered or not."""
        for tear_down in self.teardown_request_funcs.get(None, ()):
            tear_down(exc)

    def do_teardown_appcontext(self, exc: Any = None) -> None:
        """Run what is to be done when the application context ends."""
        for tear_down in self.teardown_appcontext_funcs:
            tear_down(exc)
