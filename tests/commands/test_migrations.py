"""Versions of the database: an older version is refused with the way out, and a failed migration leaves nothing behind."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import row_counts, world, write
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill

from api.commands.main import main
from api.database.connections import connect
from api.database.current import database
from api.migrations import versions

Run = Callable[..., Result]


@pytest.fixture
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this version with a few records."""
    url = new_database()
    fill(url, write(world(), tmp_path_factory.mktemp("world")))
    yield url
    database.obj.close_all()


@pytest.fixture
def run(url: str) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a later version can be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(versions.FOLDER, folder, ignore=shutil.ignore_patterns("__*"))
    monkeypatch.setattr(versions, "FOLDER", folder)
    return folder


def look(url: str, at: Callable[[], Any]) -> Any:
    """What there is to see in the database after a command is over."""
    opened: Any = connect(url)
    database.initialize(opened)
    seen = at()
    opened.close_all()
    return seen


@pytest.mark.parametrize("command", ["serve", "load", "check"])
def test_a_database_of_an_older_version_is_refused_with_the_way_out(command: str, run: Run, scripts: Path) -> None:
    (scripts / "0099_later.py").write_text("def up(migrator, db):\n    pass\n")
    ended = run(command)
    assert ended.exit_code == 1
    assert "of an older version (it lacks 0099_later): run 'tasrih migrate' first." in ended.stderr


def test_migrating_brings_an_older_database_up_and_keeps_its_records(run: Run, scripts: Path, url: str) -> None:
    before = look(url, row_counts)
    (scripts / "0099_later.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
    )
    migrated = run("migrate").stdout
    assert migrated == "Writing all records anew, for this version keeps more of them ...\nMigrated: 0099_later.\n"
    assert run("migrate").stdout == "The database is up to date.\n"
    assert look(url, row_counts) == before


def test_a_migration_that_fails_leaves_nothing_behind(run: Run, scripts: Path, url: str) -> None:
    (scripts / "0099_later.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
        "    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
    )
    ended = run("migrate")
    assert ended.exit_code == 1
    assert "later" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "later" not in look(url, lambda: database.get_tables())
    (scripts / "0099_later.py").unlink()
    assert run("check").stdout == "The database is sound.\n"
