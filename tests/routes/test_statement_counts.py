"""How many SQL statements an answer costs: one, whatever is asked; none when there is nothing to ask the database.

On PostgreSQL another reads all documents that were not read before. Only what was meant by a search that found nothing, what
was read for it, what has become of a record that is not there, whether there are the ids in a filter that found nothing or
that has several, and the names that are highlighted in texts, are asked for afterwards.
"""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from addresses import ADDRESSES, PAGED, READS, STREAMS, Address, choices, parameters
from asking import DOCUMENTS_READ, ask
from flask.testing import FlaskClient

from api.database.dialect import dialect

IDS_LOOKED_UP = re.compile(r"SELECT '[a-z]+', id FROM")
WITHOUT_DATABASE = ("/", "/livez", "/docs", "/docs/assets/<name>", "/llms.txt", "/openapi.json", "/openapi.yaml")

VIEW_OF_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp."
"""What names the terms of an index for a connection, and reads nothing."""

of_every_address = pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.rule)
of_every_read = pytest.mark.parametrize("address", READS, ids=lambda address: address.rule)
of_every_page = pytest.mark.parametrize("address", PAGED, ids=lambda address: address.rule)


def cost(client: FlaskClient, statements_run: list[str], address: str, status: int = 200) -> int:
    statements_run.clear()
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.text[:500]}"
    looked_up = [sql for sql in statements_run if IDS_LOOKED_UP.match(sql)]
    read = [sql for sql in statements_run if DOCUMENTS_READ.match(sql)]
    assert len(looked_up) <= 1
    views = [sql for sql in statements_run if sql.startswith(VIEW_OF_TERMS)]
    assert len(read) <= dialect().has_server
    assert len(views) <= 1
    besides = sum(key in answer.data for key in (b'"did_you_mean":[', b'"coverage":{"articles":'))
    return len(statements_run) - besides - len(looked_up) - len(read) - len(views)


def _asked(address: Address, **more: Any) -> str:
    query = {name: value for name, value in more.items() if value is not None}
    lists = {name: ",".join(value) for name, value in query.items() if name in ("fields", "expand", "facet")}
    return (
        address.asking(f"{urlencode({**query, **lists}, doseq=True)}").replace("True", "true").replace("False", "false")
    )


@of_every_address
def test_an_address_costs_one_statement_or_none(
    client: FlaskClient, statements_run: list[str], address: Address
) -> None:
    expected = 0 if address.rule in (*WITHOUT_DATABASE, *STREAMS) else 1  # a stream has a connection of its own
    assert cost(client, statements_run, address.path) == expected


@of_every_read
def test_every_parameter_costs_nothing_more(client: FlaskClient, statements_run: list[str], address: Address) -> None:
    for name, value in parameters(address).items():
        if value is not None:
            expected = 2 if name == "q" and _is_by_relevance(address) else 1
            assert cost(client, statements_run, _asked(address, **{name: value})) == expected, name


def _is_by_relevance(address: Address) -> bool:
    """Whether `q` sorts by relevance without being asked to, which takes a statement to count the words."""
    return address in PAGED and "statements" not in address.rule


@of_every_read
def test_all_parameters_together_cost_nothing_more(
    client: FlaskClient, statements_run: list[str], address: Address
) -> None:
    known = {
        name: value for name, value in parameters(address).items() if name not in ("view", "format")
    }  # in place of `fields`
    everything = {name: value for name, value in known.items() if not name.startswith("not_")}
    assert cost(client, statements_run, _asked(address, **everything)) == 1
    exclusions = {name: value for name, value in known.items() if name.startswith("not_")}
    assert cost(client, statements_run, _asked(address, **exclusions)) == 1
    many = {name: value * 2 for name, value in everything.items() if isinstance(value, list)}
    assert cost(client, statements_run, _asked(address, **{**everything, **many})) == 1


@of_every_page
def test_totals_and_further_pages_cost_nothing_more_and_relevance_one_statement(
    client: FlaskClient, statements_run: list[str], address: Address
) -> None:
    assert cost(client, statements_run, address.asking("total=exact&limit=1")) == 1
    by_relevance = address.asking("q=re*&sort=relevance&total=exact&limit=1")
    assert cost(client, statements_run, by_relevance) == 2  # the first counts how frequent the words are
    if following := ask(client, by_relevance)["page"]["next"]:
        assert cost(client, statements_run, following) == 1
    if expandable := choices(address, "expand"):
        assert cost(client, statements_run, address.asking(f"expand={','.join(expandable)}&total=exact&limit=200")) == 1
    following = ask(client, address.asking("limit=1"))["page"]["next"]
    if following is not None:
        assert cost(client, statements_run, following) == 1
        assert cost(client, statements_run, ask(client, following)["page"]["prev"]) == 1


@of_every_read
def test_a_record_that_does_not_exist_costs_one_statement_more_what_has_become_of_it(
    client: FlaskClient, statements_run: list[str], address: Address
) -> None:
    if "<id>" in address.rule:
        path = address.rule.replace("<id>", "nobody-at-all").replace("<n>", "1")
        for asked in (path, *(f"{path}?expand={record_type}" for record_type in choices(address, "expand"))):
            assert cost(client, statements_run, asked, status=404) == 2, asked
            assert '"change"' in statements_run[-1]
        assert cost(client, statements_run, address.rule.replace("<id>", "No such id"), status=404) == 0


@of_every_read
def test_an_invalid_query_costs_nothing(client: FlaskClient, statements_run: list[str], address: Address) -> None:
    assert cost(client, statements_run, address.asking("nonsense=1"), status=422) == 0
    for name in parameters(address):
        assert cost(client, statements_run, address.asking(f"{name}=%00&{name}=%00"), status=422) == 0, name


@pytest.mark.parametrize(
    ("query", "expected"),
    [("speaker=antonio-guterres", 1), ("speaker=antonio-guterres&speaker=russia", 2), ("not_speaker=russia", 2)],
)
def test_ids_that_may_be_unknown_are_looked_up_by_one_statement_more(
    client: FlaskClient, statements_run: list[str], query: str, expected: int
) -> None:
    ask(client, f"/v1/statements?{query}")
    assert len(statements_run) == expected


def test_what_is_not_changed_still_costs_one_statement(client: FlaskClient, statements_run: list[str]) -> None:
    tag = client.get("/v1/statements").headers["ETag"]
    statements_run.clear()
    assert client.get("/v1/statements", headers={"If-None-Match": tag}).status_code == 304
    assert len(statements_run) == 1


def test_names_near_to_what_found_nothing_and_what_was_read_cost_a_statement_each(
    client: FlaskClient, statements_run: list[str]
) -> None:
    assert client.get("/v1/statements?q=Lavrof").get_json()["did_you_mean"]
    assert len(statements_run) == 3


@of_every_page
def test_highlights_cost_a_few_statements_however_many_records_are_shown(
    client: FlaskClient, statements_run: list[str], address: Address
) -> None:
    few = cost(client, statements_run, address.asking("q=a*&highlight=true&limit=2"))
    many = cost(client, statements_run, address.asking("q=a*&highlight=true&limit=200"))
    assert max(few, many) <= 15
