"""The command on the log of changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import change, world, write
from conftest import Command, NewDatabase, fill

from api.models.changes import Change
from api.records.loading import load


@pytest.fixture
def twice(new_database: NewDatabase, tmp_path: Path) -> Iterator[str]:
    """A database whose minister was renamed once."""
    url, renamed = new_database(), world()
    opened = fill(url, write(world(), tmp_path / "first"))
    change(renamed, "speakers/minister", "/name/en", "Pyotr Ivanov")
    load(write(renamed, tmp_path / "second"))
    yield url
    opened.close_all()  # type: ignore[no-untyped-call]


def test_old_changes_are_dropped_and_the_last_ones_kept(tasrih: Command, twice: str) -> None:
    before = Change.select().count()
    run = tasrih("changes", "expire", "--before", "2999-01-01T00:00:00+02:00", DATABASE_URL=twice)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Dropped ")
    left = Change.select().count()
    assert f"{before - left} change" in run.stdout
    assert 0 < left < before
    again = tasrih("changes", "expire", "--before", "2999-01-01T00:00:00Z", DATABASE_URL=twice)
    assert again.stdout == "There was nothing to drop.\n"


@pytest.mark.parametrize("before", ["yesterday", "2020-01-01", ""])
def test_what_is_no_moment_is_told(tasrih: Command, twice: str, before: str) -> None:
    run = tasrih("changes", "expire", "--before", before, DATABASE_URL=twice)
    assert run.returncode == 1
    assert "is not a moment" in run.stderr
    assert "Traceback" not in run.stderr
