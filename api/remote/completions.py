"""A language model behind an endpoint of the form of OpenAI's chat completions, as local servers and most providers have it."""

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from api.errors import ServiceUnreachable

TIMEOUT = 120.0  # seconds without a byte: a model on a small machine thinks long before it answers
LONGEST_ANSWER = 1_000_000  # bytes; what is proposed of an article is a fraction of it


class Model(NamedTuple):
    """A model: the address under which `/chat/completions` is, its name there, and the key that is sent, if any."""

    url: str
    name: str
    key: str | None = None


def complete(model: Model, messages: list[dict[str, str]]) -> str:
    """What a model answers; raise ServiceUnreachable when it does not, or in another form. Redirects are not followed."""
    try:
        status, body = _post(model, orjson.dumps({"model": model.name, "temperature": 0, "messages": messages}))
    except (OSError, HTTPException) as error:
        raise ServiceUnreachable(f"The model can't be reached: {error or type(error).__name__}.") from None
    if status != 200:
        raise ServiceUnreachable(f"The model answers {status}.")
    if len(body) > LONGEST_ANSWER:
        raise ServiceUnreachable(f"The model answers more than {LONGEST_ANSWER:,} bytes.")
    try:
        document: Any = orjson.loads(body)
        return str(document["choices"][0]["message"]["content"])
    except (ValueError, KeyError, IndexError, TypeError):
        raise ServiceUnreachable("The model's answer has not the form of chat completions.") from None


def _post(model: Model, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(model.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    headers = {"Content-Type": "application/json", "User-Agent": "tasrih"}
    if model.key:
        headers["Authorization"] = f"Bearer {model.key}"
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        connection.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body, headers)
        response = connection.getresponse()
        return response.status, response.read(LONGEST_ANSWER + 1)
    finally:
        connection.close()
