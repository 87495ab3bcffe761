"""A query that takes too long is given up and answered, and nothing else suffers from it."""

from collections.abc import Iterator

import pytest
from asking import ask, problem
from conftest import NewDatabase, fill
from flask import Flask

from api.application import create_app
from api.models import database
from api.settings import Settings


@pytest.fixture(scope="module")
def hurried(new_database: NewDatabase) -> Iterator[Flask]:
    """The service with the corpus, where a query has next to no time."""
    url = new_database()
    fill(url)
    app = create_app(Settings(database_url=url, query_seconds=0.000001))
    app.config["TESTING_URL"] = url
    yield app
    database.obj.close_all()


def test_a_query_that_takes_too_long_is_answered_with_what_to_do(hurried: Flask) -> None:
    told = problem(hurried.test_client().get("/v1/statements/facets"), 503, "query-too-slow")
    assert "Narrow it" in told["detail"]


def test_the_next_query_is_not_hurt_by_it(hurried: Flask) -> None:
    client = hurried.test_client()
    problem(client.get("/v1/statements/facets"), 503, "query-too-slow")
    assert ask(client, "/v1/places/sochi")["id"] == "sochi"
    database.obj.close_all()
    hurried_no_more = create_app(Settings(database_url=hurried.config["TESTING_URL"]))
    assert ask(hurried_no_more.test_client(), "/v1/statements/facets?facet=year")["data"]
