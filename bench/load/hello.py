"""The yardstick: a Flask application that computes nothing, with one view for each work, of that work's size."""

import os
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response

BODIES = "BENCH_HELLO"
"""The environment variable that names the JSON file of what to answer: by path, the size and the header fields."""


def create(_: Any = None) -> Flask:
    """The application."""
    app = Flask(__name__)
    for path, answer in orjson.loads(Path(os.environ[BODIES]).read_bytes()).items():
        app.add_url_rule(path, path, _view(b"x" * answer["size"], answer["headers"]))
    return app


def _view(body: bytes, headers: dict[str, str]) -> Any:
    def view() -> Response:
        return Response(body, headers=headers, content_type="application/json")

    return view
