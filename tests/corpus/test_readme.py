"""The examples of the README: each is asked over HTTP, and must be answered as the README says."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from asking import ask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

README = (Path(__file__).parents[2] / "README.md").read_text()
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
READING = re.compile(r"curl -sG? ")


class Example(NamedTuple):
    """A curl command that reads, as path and query, and the comment above it."""

    comment: str
    path: str
    query: list[tuple[str, str]]


def examples() -> list[Example]:
    found, comment = [], ""
    for line in (line for block in SHELL.findall(README) for line in block.splitlines()):
        if line.startswith("#"):
            comment = line
        elif READING.match(line):
            found.append(Example(comment, *_asked(shlex.split(line)[2:])))
    return found


def _asked(words: list[str]) -> tuple[str, list[tuple[str, str]]]:
    address = urlsplit(next(word for word in words if word.startswith("http")))
    data = [given for option, given in pairwise(words) if option in ("-d", "--data-urlencode")]
    return address.path, [*parse_qsl(address.query), *(tuple(given.split("=", 1)) for given in data)]  # type: ignore[list-item]


@pytest.mark.parametrize("example", examples(), ids=str)
def test_every_example_finds_something(client: FlaskClient, example: Example) -> None:
    answer = client.get(example.path, query_string=MultiDict(example.query))
    assert answer.status_code == 200, answer.text
    assert answer.get_json().get("data", answer.get_json())


COUNTED = [
    ("Who welcomed the statement of 9 November 2020?  1: guterres-welcomes-russia-role-karabakh-2020-12", 0, 1),
    ("Who accused Azerbaijan of what?  3 statements", 0, 3),
    ("with who put each forward  (5 statements)", 0, 5),
    ("but not Sochi: 7 statements", 0, 7),
    ("On 14 September 2022: 13 statements may be of that day", 0, 13),
    ("of that day, 3 surely are", 1, 3),
    ("page.total is 95", 0, 95),
]
"""What a comment of the README says, which of the commands below it is meant, and the number."""


@pytest.mark.parametrize(("said", "position", "number"), COUNTED)
def test_a_number_in_the_readme_is_that_of_the_answer(
    client: FlaskClient, said: str, position: int, number: int
) -> None:
    example = [example for example in examples() if said in example.comment][position]
    answer = client.get(example.path, query_string=MultiDict({*example.query, ("total", "exact")}))
    assert answer.get_json()["page"]["total"] == number


def test_every_number_in_the_readme_is_looked_at() -> None:
    counting = {
        example.comment for example in examples() if re.search(r": 1?\d\b|\d+ statements|is \d", example.comment)
    }
    assert {said for said in counting if not any(some in said for some, _, _ in COUNTED)} == set()


def test_the_ids_in_the_readme_are_those_of_the_answers(client: FlaskClient) -> None:
    query = "/v1/statements?speaker=antonio-guterres&act=welcome&fields=id"
    shown = re.findall(r'^(?:\{"data": \[| +)\{"id": "([a-z0-9-]+)"', README, re.MULTILINE)
    asked = (f"{query}&agent=russian-foreign-ministry", f"{query}&first_hand=true")
    assert [record["id"] for address in asked for record in ask(client, address)["data"]] == shown
    only = next(example for example in examples() if " 1: guterres" in example.comment)
    found = client.get(only.path, query_string=MultiDict(only.query)).get_json()["data"]
    assert [record["id"] for record in found] == [only.comment.split()[-1]]


def test_who_asks_for_sochi_is_not_told_of_other_statements(client: FlaskClient) -> None:
    """'The joint statement' alone names no agreement: texts that say it are not about Sochi."""
    about = {record["id"] for record in ask(client, "/v1/statements?q=سوتشي&limit=200&fields=id")["data"]}
    only_2020 = ask(client, "/v1/statements?agreement=trilateral-statement-2020-11-09&fields=id&limit=200")["data"]
    assert "guterres-welcomes-russia-role-karabakh-2020-12" in {record["id"] for record in only_2020} - about
