"""The peers of the bench are asked the same questions, and their answers are counted."""

from bench.load.measuring import HELLO
from bench.peers import queries
from bench.peers.__main__ import DATASETTE, FASTAPI, ROWS, SERVICE, table


def test_datasette_is_asked_what_the_others_are_asked() -> None:
    filtered = "/v1/statements?speaker=a&since=2001&until=2002&agreement=x"
    assert queries.path("W1", "/v1/statements/some-id") == "/tasrih/W1.json?_shape=array&id=some-id"
    assert queries.path("W2", "/v1/statements") == "/tasrih/W2.json?_shape=array"
    assert queries.path("W3", filtered) == "/tasrih/W3.json?_shape=array&speaker=a&since=2001&until=2002&agreement=x"
    assert (
        queries.path("W6b", "/v1/statements/facets?speaker=a&facet=act,year")
        == "/tasrih/W6.json?_shape=array&speaker=a"
    )


def test_rows_that_count_each_facet_differently_are_no_answer() -> None:
    acts, years = {"facet": "act", "value": "deny", "count": 3}, {"facet": "year", "value": "2020", "count": 2}
    assert ROWS["W6"]([acts, years, {**years, "value": "2021", "count": 1}]) == 3
    assert ROWS["W6"]([acts, years]) == -1


def test_the_table_says_how_many_times_as_fast_the_service_is() -> None:
    rates = {("W1", HELLO): [100.0], ("W1", SERVICE): [80.0], ("W1", FASTAPI): [20.0], ("W1", DATASETTE): [50.0]}
    assert table(["W1"], rates).endswith("| W1 item by id | 0.80 | 0.20 | 0.50 | 4.0 | 1.6 | ≥ 2: **not met** |")
