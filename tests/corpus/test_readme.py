"""The examples of the README and of docs/: each is asked over HTTP, and must be answered as the page says."""

import json
import re
import shlex
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from asking import ask
from every import every
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    str(page.relative_to(ROOT)): page.read_text(encoding="utf-8")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md")))
}
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
READING = re.compile(r"curl -sG? ")
REFUSED = [("since", "2021-13-45"), ("limit", "0")]
"""The query of an example that shows how a bad query is refused."""


class Example(NamedTuple):
    """A curl command that reads, as path and query, with its page and the comment above it."""

    page: str
    comment: str
    path: str
    query: list[tuple[str, str]]

    def ask(self, client: FlaskClient, **more: str) -> Any:
        """What the service answers; a moment is now, for the corpus of the tests has no past."""
        now = datetime.now(UTC).isoformat()
        query = [(name, now if name == "as_of" else value) for name, value in self.query if name not in more]
        answer = client.get(self.path, query_string=MultiDict([*query, *more.items()]), follow_redirects=True)
        assert answer.status_code == (422 if self.query == REFUSED else 200), answer.text
        return answer.get_json() if answer.is_json else {"data": answer.data.decode(errors="replace")}


def examples() -> list[Example]:
    found, comment = [], ""
    for page, text in PAGES.items():
        for line in (line for block in SHELL.findall(text) for line in block.replace("\\\n", " ").splitlines()):
            if line.startswith("#"):
                comment = line
            elif READING.match(line):
                found.append(Example(page, comment, *_asked(shlex.split(line)[2:])))
    return found


def _asked(words: list[str]) -> tuple[str, list[tuple[str, str]]]:
    address = urlsplit(next(word for word in words if word.startswith("http")))
    data = [given for option, given in pairwise(words) if option in ("-d", "--data-urlencode")]
    return address.path, [*parse_qsl(address.query), *(tuple(given.split("=", 1)) for given in data)]  # type: ignore[list-item]


@every("example", examples(), ids=str)
def test_every_example_finds_something(client: FlaskClient, example: Example) -> None:
    answer = example.ask(client)
    assert answer.get("data", answer) or answer["coverage"]["articles"]


def test_there_are_examples_on_the_pages_that_teach_queries() -> None:
    pages = [example.page for example in examples()]
    assert pages.count("README.md") >= 7
    assert pages.count("docs/querying.md") >= 10
    assert {"docs/http.md", "docs/history.md", "docs/clients.md"} <= set(pages)


COUNTED = [
    ("Who undertook to carry out the statement of 9 November 2020?  1: armenia-azerbaijan-recommit", 0, 1),
    ("Who accused Azerbaijan of what?  3 statements", 0, 3),
    ("and who claimed each of them  (5 statements)", 0, 5),
    ('Which statements contain "the trilateral statement", but not Sochi?  8 statements', 0, 8),
    ('"the trilateral statement", but not Sochi: 8 statements', 0, 8),
    ("What was said on 14 September 2022, for certain?  3 statements", 0, 3),
    ("On 14 September 2022: 13 statements may be of that day", 0, 13),
    ("of that day, 3 surely are", 1, 3),
    ("reports of events left out: 53 statements", 0, 53),
    ("page.total is 93", 0, 93),
    ("What had been printed by 5 December 2020 of what was said by then: 13 statements", 0, 13),
    ("What did Guterres respond to?  3 statements", 0, 3),
]
"""What a comment of a page says, which of the commands below it is meant, and the number."""


@every(("comment", "position", "number"), COUNTED)
def test_a_number_in_a_comment_is_that_of_the_answer(
    client: FlaskClient, comment: str, position: int, number: int
) -> None:
    pages = {example.page for example in examples() if comment in example.comment}
    assert pages
    for page in pages:
        meant = [example for example in examples() if example.page == page and comment in example.comment][position]
        assert meant.ask(client, total="exact")["page"]["total"] == number


def test_every_number_in_a_comment_is_looked_at() -> None:
    counting = {
        example.comment for example in examples() if re.search(r": 1?\d\b|\d+ statements|is \d", example.comment)
    }
    assert {text for text in counting if not any(known in text for known, _, _ in COUNTED)} == set()


def test_the_ids_in_the_readme_are_those_of_the_answers(client: FlaskClient) -> None:
    query = "/v1/statements?speaker=antonio-guterres&act=commend&fields=id"
    shown = re.findall(r'^(?:\{"data": \[| +)\{"id": "([a-z0-9-]+)"', README, re.MULTILINE)
    asked = (f"{query}&agent=russian-foreign-ministry", f"{query}&first_hand=true")
    assert [record["id"] for address in asked for record in ask(client, address)["data"]] == shown
    only = [example for example in examples() if " 1: armenia" in example.comment]
    assert {example.page for example in only} == {"README.md", "docs/querying.md"}
    for example in only:
        assert [record["id"] for record in example.ask(client)["data"]] == [example.comment.split()[-1]]


def test_the_summaries_and_dates_in_the_readme_are_those_of_the_answers(client: FlaskClient) -> None:
    shown = re.findall(r'\{"id": "([a-z0-9-]+)",\n +"summary": .*?"en": "(.*?) …"\},\n +"date": "(.*?)"', README)
    assert len(shown) == 2
    for record_id, summary, date in shown:
        record = ask(client, f"/v1/statements/{record_id}")
        assert (record["summary"]["en"][: len(summary)], record["date"]) == (summary, date)


def test_the_record_shown_in_the_readme_is_that_of_the_service(client: FlaskClient) -> None:
    shown = next(block for block in re.findall(r"^```\n(\{.*?)^```", README, re.M | re.S) if '"reports"' in block)
    record = ask(client, "/v1/statements/" + re.findall(r'"id": "(.*?)"', shown)[0])
    [report] = record["reports"]
    chain = re.findall(r'"agent": \{"id": "(.*?)", …\}, "role": "(.*?)"', shown)
    assert chain == [(link["agent"]["id"], link["role"]) for link in report["chain"]]
    [span] = report["evidence"]
    written = f'"start": {span["start"]}, "end": {span["end"]}, "sha256": "{span["sha256"][:4]}…"'
    assert written in shown
    for key in ("act", "date", "topics"):
        assert f'"{key}": {json.dumps(record[key])}' in shown
    for text in (record["addressees"][0]["id"], record["targets"][0]["id"], report["article"]["id"], report["mode"]):
        assert f'"{text}"' in shown
    assert f'"relation": "{record["agreements"][0]["relation"]}"' in shown


@pytest.mark.parametrize("page", ["README.md", "docs/querying.md"])
def test_the_facets_shown_are_those_of_the_answer(client: FlaskClient, page: str) -> None:
    example = next(each for each in examples() if each.page == page and each.path.endswith("/facets"))
    shown = next(block for block in re.findall(r"^```\n(\{.*?)^```", PAGES[page], re.M | re.S) if '"facet"' in block)
    answer = example.ask(client)["data"]
    shortened = [{**answer[0], "values": [answer[0]["values"][0], "…"]}, answer[1]]
    assert json.loads(shown.replace(", …]", ', "…"]'))["data"] == shortened


def test_who_asks_for_sochi_is_not_told_of_other_statements(client: FlaskClient) -> None:
    """'The joint statement' alone names no agreement: texts that say it are not about Sochi."""
    about = {record["id"] for record in ask(client, "/v1/statements?q=سوتشي&limit=200&fields=id")["data"]}
    only_2020 = ask(client, "/v1/statements?agreement=trilateral-statement-2020-11-09&fields=id&limit=200")["data"]
    assert "guterres-welcomes-russia-role-karabakh-2020-12" in {record["id"] for record in only_2020} - about
