"""`tasrih backup` copies a database that is in use, `tasrih restore` puts the copy back, and what is no copy is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from applications import add, bearer, speaker
from builders import world, write
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill

from api.commands import main
from api.database import connect
from api.models import TABLES, database
from api.models.base import tuples

Run = Callable[..., Result]


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


def done(url: str, *arguments: str) -> str:
    ended = run(url, *arguments)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def refused(url: str, *arguments: str) -> str:
    """The one sentence with which a command gave up."""
    ended = run(url, *arguments)
    assert ended.exit_code == 1, ended.output
    assert ended.stderr.startswith("tasrih: ")
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.removeprefix("tasrih: ").strip()


def contents(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    opened: Any = connect(url)
    database.initialize(opened)
    held = {table.__name__: sorted(map(repr, tuples(table.select()))) for table in TABLES}
    opened.close_all()
    return held


@pytest.fixture(scope="module")
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a few records and a token."""
    url = new_database()
    fill(url, write(world(), tmp_path_factory.mktemp("world")))
    bearer("write", name="newsroom")
    database.obj.close_all()
    return url


@pytest.fixture(scope="module")
def copy(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "copy"
    said = done(url, "backup", str(file))
    assert said == f"The database is copied to {file} ({file.stat().st_size} bytes).\n"
    return file


def test_a_copy_put_back_is_the_same_database(url: str, copy: Path, new_database: NewDatabase) -> None:
    other = new_database()
    assert "Run 'tasrih check'" in done(other, "restore", str(copy))
    assert contents(other) == contents(url)
    assert done(other, "check") == "The database is sound.\n"


def test_what_is_stored_afterwards_takes_no_number_that_was_taken(copy: Path, new_database: NewDatabase) -> None:
    other = new_database()
    done(other, "restore", str(copy))
    opened: Any = connect(other)
    database.initialize(opened)
    add({"speakers": [speaker("somebody-new")]})
    opened.close_all()
    assert done(other, "check") == "The database is sound.\n"


def test_a_copy_goes_into_a_database_with_records_only_when_it_is_told_to(
    url: str, copy: Path, new_database: NewDatabase
) -> None:
    other = new_database()
    fill(other)
    before = contents(other)
    assert "is not empty: give --replace" in refused(other, "restore", str(copy))
    assert contents(other) == before
    done(other, "restore", "--replace", str(copy))
    assert contents(other) == contents(url)
    assert done(other, "check") == "The database is sound.\n"
