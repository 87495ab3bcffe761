"""`tasrih import` and `tasrih export`."""

import csv
from pathlib import Path

import pytest
from builders import world
from bulk import lines_of, written
from conftest import Command, NewDatabase, fill

from api.bitmaps import stored
from api.bitmaps.columns import COLUMNS
from api.commands import bulk
from api.database.connections import connect
from api.database.current import use_database
from api.database.statements import rows


@pytest.fixture
def url(new_tables: NewDatabase) -> str:
    """A database without records."""
    return new_tables()


@pytest.fixture
def corpus_url(new_database: NewDatabase) -> str:
    """A database with the corpus."""
    fill(url := new_database())
    return url


def test_an_export_imported_into_an_empty_database_is_exported_byte_for_byte_the_same(
    url: str, corpus_url: str, tasrih: Command, tmp_path: Path
) -> None:
    assert tasrih("export", "--output", "all.ndjson", DATABASE_URL=corpus_url).stderr == ""
    ended = tasrih("import", "all.ndjson", DATABASE_URL=url)
    assert (ended.stdout, ended.stderr) == ("Imported all.ndjson: 210 new, 0 changed, 0 unchanged.\n", "")
    assert tasrih("check", DATABASE_URL=url).stdout == "The database is sound.\n"
    tasrih("export", "--output", "again.ndjson", DATABASE_URL=url)
    assert (tmp_path / "again.ndjson").read_bytes() == (tmp_path / "all.ndjson").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_every_issue_is_reported_with_its_line_and_nothing_is_stored(url: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(written([*lines_of(world()), "{", '{"type": "places", "document": {"id": "x"}}']))
    ended = tasrih("import", "bad", DATABASE_URL=url)
    count = len(lines_of(world()))
    assert ended.returncode == 1
    lines = ended.stderr.removeprefix("tasrih: ").splitlines()
    assert lines[0].startswith(f"line {count + 1}: /: Is not JSON")
    assert f"line {count + 2}: /document/kind: Is missing." in lines or len(lines) > 1
    assert tasrih("export", DATABASE_URL=url).stdout == ""


def test_the_statements_are_exported_as_a_table(corpus_url: str, tasrih: Command, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": corpus_url, "TASRIH_BASE_URL": "https://x.example"}
    tasrih("export", "--format", "csv", "--output", "table.csv", **settings)
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) > 50
    assert {row["url"] for row in rows} == {f"https://x.example/v1/statements/{row['id']}" for row in rows}


def test_after_a_large_import_all_that_is_counted_is_stored(
    url: str, tasrih: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "FEW_STATEMENTS", 0)
    records = world()
    for few, columns in ((10_000, set()), (0, COLUMNS.keys())):
        monkeypatch.setattr(bulk, "MOST_AT_ONCE", few)
        for statement in records["statements"].values():
            statement["summary"] = {"en": f"Said before {few} others."}
        (tmp_path / "world").write_bytes(written(lines_of(records)))
        assert tasrih("import", "world", DATABASE_URL=url).stderr == ""
        assert _stored_bitmaps(url) == columns


def _stored_bitmaps(url: str) -> set[str]:
    opened = connect(url)
    try:
        with use_database(opened):
            return {name for (name,) in rows("SELECT name FROM stored_bitmaps")}
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]


def test_files_that_can_not_be_used_are_named(url: str, tasrih: Command) -> None:
    unwritable = tasrih("export", "--output", "no/such/folder", DATABASE_URL=url)
    assert (unwritable.returncode, unwritable.stderr.count("\n")) == (1, 1)
    assert "no/such/folder can't be written" in unwritable.stderr
    empty = tasrih("import", "/dev/null", DATABASE_URL=url)
    assert (empty.returncode, empty.stderr) == (1, "tasrih: /dev/null: There are no records: send one in each line.\n")
