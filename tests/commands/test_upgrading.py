"""A database of the first version, with records in it, becomes one of this version and loses nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import ask, problem
from builders import change, versions, world, write
from changing import Writer
from click.testing import CliRunner
from conftest import NewDatabase, fill
from flask.testing import FlaskClient

from api import migrations
from api.application import create_app
from api.commands import main
from api.database import connect, is_sqlite
from api.migrations import migrate
from api.models import TABLES, database
from api.models.base import Table, owner_of, tuples
from api.models.changes import Change
from api.models.statements import Statement
from api.records.loading import load
from api.settings import Settings


@pytest.fixture
def records(new_database: NewDatabase, tmp_path: Path) -> Iterator[Any]:
    """A database of this version with a few records; a speaker has changed later than the statements that show him."""
    opened: Any = fill(new_database(), write(world(), tmp_path / "world"))
    changed = world()
    change(changed, "speakers/minister", "/identifiers/0/value", "Q3")
    load(write(changed, tmp_path / "changed"))
    opened.close_all()
    yield opened
    opened.close_all()


@pytest.fixture
def old(records: Any, new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the first version that holds the same records."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for script in migrations.FOLDER.glob("0001_*"):
        shutil.copy(script, folder)
    url = new_database()
    opened: Any = connect(url)
    with monkeypatch.context() as first:
        first.setattr(migrations, "FOLDER", folder)
        migrate(opened)
    with opened.atomic():
        for table in TABLES:
            if table is not Change and not _belongs_to_statements(
                table
            ):  # whose parts are made anew from their documents
                _copy(table._meta.table_name, records, opened)
    opened.close_all()
    return url


def _belongs_to_statements(table: type[Table]) -> bool:
    while (owner := owner_of(table)) is not None:
        table = owner.rel_model
        if table is Statement:
            return True
    return False


def _copy(table: str, source: Any, target: Any) -> None:
    """Copy the rows of a table, as far as the older one has the columns; one it doesn't have is passed over."""
    if table not in target.get_tables():
        return
    columns = sorted({column.name for column in target.get_columns(table)})
    listed = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["?" if is_sqlite(target) else "%s"] * len(columns))
    for row in source.execute_sql(f'SELECT {listed} FROM "{table}"').fetchall():
        target.execute_sql(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', row)


def test_an_old_database_is_brought_up_and_keeps_its_records(records: Any, old: str) -> None:
    database.initialize(records)
    before = versions()
    environment = {"DATABASE_URL": old}
    migrated = CliRunner().invoke(main, ["migrate"], env=environment)
    assert (migrated.exit_code, "Migrated: 0002_" in migrated.stdout) == (0, True), migrated.output
    checked = CliRunner().invoke(main, ["check"], env=environment)
    assert (checked.exit_code, checked.output) == (0, "The database is sound.\n")
    opened: Any = connect(old)
    database.initialize(opened)
    assert versions() == before
    firsts = set(tuples(Change.select(Change.noun, Change.record_id).where(Change.revision == 1)))
    assert {f"{noun}/{record_id}" for noun, record_id in firsts if noun != "vocabularies"} == set(before)
    opened.close_all()


@pytest.fixture
def upgraded(old: str) -> Iterator[FlaskClient]:
    """The service on an old database that was brought up to this version."""
    migrated = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": old})
    assert migrated.exit_code == 0, migrated.output
    yield create_app(Settings(database_url=old)).test_client()
    database.obj.close_all()


STATEMENT, MINISTER = "/v1/statements/minister-welcomes", "/v1/speakers/minister"


@pytest.mark.parametrize("address", ["/v1/statements", STATEMENT, "/v1/statements/facets"])
def test_no_moment_before_the_log_is_told_of(upgraded: FlaskClient, address: str) -> None:
    """Between the last changes of two records something was said of both, but nobody knows what."""
    there = ask(upgraded, address)
    between, after = (ask(upgraded, changed)["updated_at"] for changed in (STATEMENT, MINISTER))
    assert between < after
    for moment in ("2020-01-01T00:00:00Z", between):
        assert after in problem(upgraded.get(f"{address}?as_of={moment}"), 410, "moment-gone")["detail"], moment
    Writer(upgraded).patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    told = ask(upgraded, f"{address}?as_of={after}")
    assert told.get("data", told) == there.get("data", there)


def test_an_old_database_is_refused_until_it_is_brought_up(old: str) -> None:
    refused = CliRunner().invoke(main, ["check"], env={"DATABASE_URL": old})
    assert refused.exit_code == 1
    assert "of an older version" in refused.output
