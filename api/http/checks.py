"""The checks that every request passes before its view: one hook of Flask runs them all, since a hook costs more than a check."""

from collections.abc import Callable

from flask import Flask, Request
from flask.globals import request_ctx

Check = Callable[[Request], None]
"""Raises what is wrong with a request."""


def add_check(app: Flask, check: Check) -> None:
    """Let every request pass this check too, after those that were added before."""
    checks: list[Check] = app.extensions.setdefault("checks", [])
    checks.append(check)
    if len(checks) > 1:
        return

    @app.before_request
    def _check() -> None:
        request = request_ctx.request
        for check in checks:
            check(request)
