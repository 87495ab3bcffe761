"""`tasrih links propose`: the pairs that it lists on the corpus, why, and what it leaves alone."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill
from corpus_records import FOLDER, records

from api.commands.main import main
from api.database.current import database
from schemas.records.opposed_acts import CONNECTED, oppositions
from schemas.records.vocabularies import term_ids

Run = Callable[..., Result]
Pairs = dict[frozenset[str], dict[str, Any]]

LINKED = {
    frozenset((statement["id"], link["statement"]["id"]))
    for statement in records("statements").values()
    for link in statement["links"]
}
NOT_PROPOSED = {
    # The words of the answer are the names of what it answers, and to take note is not opposed to anything.
    frozenset(("guterres-takes-note-of-sochi-joint-statement-2021", "leaders-issue-sochi-joint-statement-2021-11-26")),
    # The same point in other words.
    frozenset(("un-calls-for-return-to-negotiations-2022-09-15", "jenca-stresses-return-to-negotiating-table-2022-09-15")),
}  # fmt: skip
ACCUSATIONS = frozenset(
    (
        "armenia-accuses-azerbaijan-of-breaking-russian-brokered-truce-2022-09",
        "azerbaijan-accuses-armenia-of-breaking-russian-brokered-truce-2022-09",
    )
)
FIGURES = frozenset(("armenia-reports-its-casualties-2022-09", "pashinyan-reports-105-soldiers-killed-2022-09"))


def on(url: str) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


@pytest.fixture(scope="module")
def linked(new_database: NewDatabase) -> Iterator[Run]:
    """The command on the corpus as it is."""
    fill(url := new_database())
    yield on(url)
    database.obj.close_all()


@pytest.fixture(scope="module")
def unlinked(new_database: NewDatabase) -> Run:
    """The command on the corpus without its links."""
    fill(url := new_database())
    database.obj.close_all()
    documents = [json.loads(file.read_bytes()) for file in (FOLDER / "statements").glob("*.json")]
    without = [{"type": "statements", "document": {**each, "links": []}} for each in documents if each.get("links")]
    lines = "".join(f"{json.dumps(each)}\n" for each in without)
    imported = CliRunner().invoke(main, ["import", "-"], input=lines, env={"DATABASE_URL": url})
    assert imported.exit_code == 0, imported.output
    return on(url)


def pairs(run: Run, *options: str) -> Pairs:
    """The pairs as JSON, by the ids of their statements."""
    found = json.loads(run("links", "propose", "--format", "json", "--limit", "1000", *options).stdout)
    by_ids = {frozenset(statement["id"] for statement in pair["statements"]): pair for pair in found}
    assert len(by_ids) == len(found)
    return by_ids


def kinds(pair: dict[str, Any]) -> list[str]:
    return [reason["kind"] for reason in pair["reasons"]]


def test_links_that_people_made_are_proposed_when_they_are_taken_away(unlinked: Run) -> None:
    proposed = pairs(unlinked)
    assert LINKED - proposed.keys() == NOT_PROPOSED
    assert len(proposed) < 40  # of 4,000: a list that a person reads


def test_pairs_that_are_linked_are_not_proposed_again(linked: Run, unlinked: Run) -> None:
    before, after = pairs(unlinked), pairs(linked)
    assert after == {ids: pair for ids, pair in before.items() if ids not in LINKED}


def test_each_pair_says_why_with_what_the_two_share(unlinked: Run) -> None:
    proposed = pairs(unlinked)
    [opposed, words] = proposed[ACCUSATIONS]["reasons"]
    assert opposed["shared"]["acts"] == ["accuse", "accuse"]
    assert {*opposed["shared"]["parties"]} == {"armenia", "azerbaijan"}
    assert "ceasefire-2022-09-13" in opposed["shared"]["about"]
    assert words["kind"] == "same-words"
    assert "الهدنة" in words["shared"]["words"]
    [figure] = proposed[FIGURES]["reasons"]
    assert figure["shared"]["figures"] == [
        {"measure": "soldiers-killed", "value": 105, "unit": "people", "party": "armenia"}
    ]
    assert figure["text"] == (
        "The same figure in both: Soldiers killed 105 (People), party armenia, event september-2022-border-clashes."
    )


def test_the_forms_list_the_same_pairs(unlinked: Run) -> None:
    listed = list(pairs(unlinked).values())
    lines = unlinked("links", "propose", "--format", "ndjson", "--limit", "1000").stdout
    assert [json.loads(line) for line in lines.splitlines()] == listed
    text = unlinked("links", "propose", "--limit", "1000").stdout
    assert text.count("\n  same-") + text.count("\n  opposed-acts: ") == sum(len(kinds(pair)) for pair in listed)
    assert all(f"  {each['id']}  {each['date']}  " in text for pair in listed for each in pair["statements"])


def test_the_list_is_narrowed_by_day_reason_and_number(unlinked: Run) -> None:
    whole = pairs(unlinked)
    figures = pairs(unlinked, "--reason", "same-figure")
    assert figures.keys() == {ids for ids, pair in whole.items() if "same-figure" in kinds(pair)}
    assert all(kinds(pair) == ["same-figure"] for pair in figures.values())
    parts = [pairs(unlinked, *days) for days in (("--until", "2021-12"), ("--since", "2022"))]
    assert all(parts)
    assert parts[0] | parts[1] == whole
    first = unlinked("links", "propose", "--format", "ndjson", "--limit", "2")
    assert [json.loads(line) for line in first.stdout.splitlines()] == [*whole.values()][:2]
    assert "Stopped at the limit of 2:" in first.stderr
    assert unlinked("links", "propose", "--since", "2030").stdout == "No pair was found.\n"
    assert json.loads(unlinked("links", "propose", "--since", "2030", "--format", "json").stdout) == []


def test_nothing_is_stored(unlinked: Run) -> None:
    before = unlinked("export").stdout
    assert unlinked("links", "propose").exit_code == 0
    assert unlinked("export").stdout == before


@pytest.mark.parametrize(
    ("options", "code"), [(("--since", "soon"), 1), (("--limit", "0"), 2), (("--reason", "a-hunch"), 2)]
)
def test_what_makes_no_sense_is_refused(linked: Run, options: tuple[str, ...], code: int) -> None:
    refused = linked("links", "propose", *options)
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert options[1] in refused.stderr


def test_opposed_acts_are_acts_and_say_why() -> None:
    for acts, opposition in oppositions().items():
        assert acts <= {*term_ids("acts")}
        assert 1 <= len(acts) <= 2
        assert opposition.connected in CONNECTED
        assert opposition.reason.endswith(".")
