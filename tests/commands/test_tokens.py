"""`tasrih token`: made once, listed without its secret, and ended."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from conftest import NewDatabase

from api.access.tokens import LONGEST_NAME
from api.commands.main import main

Run = Callable[..., Result]

FORM = re.compile(r"tasrih_([0-9a-f]{16})_([0-9a-f]{64})\n")


@pytest.fixture(scope="module")
def run(new_tables: NewDatabase) -> Run:
    """Runs the command on a database of this version."""
    url = new_tables()
    return lambda *arguments: CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


def listed(run: Run) -> dict[str, dict[str, object]]:
    rows = json.loads(run("token", "list", "--json").stdout)
    return {row["name"]: row for row in rows}


def test_a_token_is_printed_alone_and_once(run: Run) -> None:
    made = run("token", "create", "--name", "newsroom", "--scope", "write", "--scope", "read")
    assert made.exit_code == 0
    assert (form := FORM.fullmatch(made.stdout))
    table = run("token", "list").stdout
    assert re.search(rf"^newsroom +{form[1]} +active +read write ", table, re.MULTILINE)
    assert form[2] not in made.stderr + table + run("token", "list", "--json").stdout


def test_every_token_is_another(run: Run) -> None:
    made = {run("token", "create", "--name", f"n{i}", "--scope", "read").stdout for i in range(3)}
    assert len({FORM.fullmatch(token)[2] for token in made}) == 3  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("90d", timedelta(days=90)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("90s", timedelta(seconds=90)),
        (None, timedelta(days=365)),
    ],
)
def test_a_token_ends_after_a_time(run: Run, given: str | None, meant: timedelta) -> None:
    name = f"for {given}"
    options = ["--expires", given] if given else []
    assert run("token", "create", "--name", name, "--scope", "read", *options).exit_code == 0
    ends = datetime.fromisoformat(str(listed(run)[name]["expires"]))
    assert abs(ends - datetime.now(UTC) - meant) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2999-12-31", "2999-12-31T00:00:00Z"),
        ("2999-12-31T12:00:00Z", "2999-12-31T12:00:00Z"),
        ("2999-12-31T12:00:00+04:00", "2999-12-31T08:00:00Z"),
        ("never", None),
    ],
)
def test_a_token_ends_at_a_moment_or_never(run: Run, given: str, meant: str | None) -> None:
    run("token", "create", "--name", given, "--scope", "read", "--expires", given)
    assert listed(run)[given]["expires"] == meant


@pytest.mark.parametrize("expires", ["2020-01-01", "yesterday", "0d", "-1d", "1y", "", "999999999d", "2030-13-01"])
def test_a_token_that_does_not_expire_in_the_future_is_refused(run: Run, expires: str) -> None:
    ended = run("token", "create", "--name", "x", "--scope", "read", "--expires", expires)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert re.fullmatch(r"tasrih: [^\n]+\.\n", ended.stderr)


@pytest.mark.parametrize("name", ["", " a", "a\n", "a\tb", "command line", "Migration", "n" * (LONGEST_NAME + 1)])
def test_an_ambiguous_name_of_a_token_is_refused(run: Run, name: str) -> None:
    ended = run("token", "create", "--name", name, "--scope", "read")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert re.fullmatch(r"tasrih: [^\n]+\.\n", ended.stderr)


def test_a_revoked_token_stays_listed_and_keeps_its_name(run: Run) -> None:
    create = ("token", "create", "--name", "café", "--scope", "write")
    assert run(*create).exit_code == 0
    assert run("token", "revoke", "cafe\u0301").stdout.endswith("' is revoked.\n")
    assert run("token", "revoke", "café").stdout == "The token 'café' was revoked already.\n"
    assert listed(run)["café"]["state"] == "revoked"
    again = run(*create)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "There is a token 'café' already, or was one" in again.stderr
    assert "can't be shown again. Choose another name." in again.stderr


def test_a_missing_token_can_not_be_revoked(run: Run) -> None:
    ended = run("token", "revoke", "nobody")
    assert (ended.exit_code, ended.stderr) == (
        1,
        "tasrih: There is no token 'nobody': 'tasrih token list' shows those there are.\n",
    )
