"""The databases that are kept between measurements: used again as long as they are what would be built now."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.migrations.running import migrate
from bench.building import digest, follow_indexes, fresh_schema, schema_of
from bench.corpus import Corpus


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A database as the migrations of today make it."""
    path = tmp_path / "kept.db"
    create_sqlite_file(path)
    opened = connect(f"sqlite:///{path}")
    with use_database(opened):
        migrate()
    opened.close_all()  # type: ignore[no-untyped-call]
    return path


def test_a_corpus_is_known_by_its_size_its_seed_and_the_tables() -> None:
    schema = fresh_schema()
    other = replace(schema, tables={**schema.tables, "one_more": "CREATE TABLE one_more (a)"})
    known = [digest(Corpus(seed, size), made, False) for seed, size, made in
             [(1, 100, schema), (2, 100, schema), (1, 200, schema), (1, 100, other)]]  # fmt: skip
    assert len(set(known)) == 4
    assert known[0] == digest(Corpus(1, 100), fresh_schema(), False)


def test_indexes_of_a_kept_database_follow_those_of_today(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("DROP INDEX statement_id")
        connection.execute("CREATE INDEX of_yesterday ON statement (date)")
    said: list[str] = []
    follow_indexes(kept, fresh_schema(), said.append)
    assert schema_of(kept) == fresh_schema()
    assert said == ["dropping the index of_yesterday", "making the index statement_id"]


def test_a_kept_database_that_is_as_wanted_is_left_alone(kept: Path) -> None:
    before = kept.read_bytes()
    follow_indexes(kept, fresh_schema(), pytest.fail)
    assert kept.read_bytes() == before
