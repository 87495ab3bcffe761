"""Asking the service the way a client does, and reading what it answers."""

import re
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

RECORD_TYPES = (
    "statements",
    "speakers",
    "agreements",
    "communiques",
    "events",
    "places",
    "articles",
    "readings",
    "vocabularies",
)
DOCUMENTS_READ = re.compile(r"SELECT '[a-z]+', number, etag, body FROM")
"""The statement by which PostgreSQL is asked for the documents of a page that this process has not read before."""

DATED = ("statements", "agreements", "communiques", "events", "articles", "readings")
OWNERS = {
    "speakers": "antonio-guterres",
    "agreements": "trilateral-statement-2020-11-09",
    "communiques": "lavrov-guterres-call-readout-2020-12-04",
    "events": "sochi-summit-2021-11-26",
    "places": "nagorno-karabakh",
    "articles": "vision-group-lavrov-guterres-2020",
}
"""A record of each record type that has a sub-collection of statements."""

RECORDS = {
    **OWNERS,
    "statements": "guterres-welcomes-russia-role-karabakh-2020-12",
    "readings": "vision-group-lavrov-guterres-2020",
    "vocabularies": "acts",
}


def ask(client: FlaskClient, address: str) -> Any:
    """The JSON of an address that answers well."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.text[:500]}"
    return answer.get_json()


def ids(client: FlaskClient, address: str) -> list[str]:
    """The ids on one page, in its order."""
    return [record["id"] for record in ask(client, address)["data"]]


def pages(client: FlaskClient, address: str, link: str = "next") -> Iterator[list[str]]:
    """The ids of this page and of every one that follows by a link."""
    following: str | None = address
    while following is not None:
        page = ask(client, following)
        yield [record["id"] for record in page["data"]]
        following = page["page"][link]


def everything(client: FlaskClient, record_type: str, query: str = "") -> list[dict[str, Any]]:
    """Every record of a collection that the query finds."""
    page = ask(client, f"/v1/{record_type}?limit=200&{query}")
    assert page["page"]["next"] is None, "this collection has outgrown one page"
    return list(page["data"])


def problem(answer: TestResponse, status: int, name: str) -> dict[str, Any]:
    """The problem an answer tells of, known to be one of this status and kind in the one format of problems."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = answer.get_json()
    assert told["type"] == f"urn:tasrih:problem:{name}"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"].endswith((".", "?"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return told


def mistakes(answer: TestResponse) -> list[str]:
    """The parameters that a refused query has mistakes in."""
    told = problem(answer, 422, "invalid-parameters")
    assert all(error["detail"] for error in told["errors"])
    return sorted({error["parameter"] for error in told["errors"]})
