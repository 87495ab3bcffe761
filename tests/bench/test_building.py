"""The databases that are kept between measurements: used again as long as they are what would be built now."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.migrations.running import migrate
from bench.corpora import corpus
from bench.corpora.corpus import Corpus
from bench.load.building import Schema, digest, follow_indexes, fresh_schema, schema_of


@pytest.fixture(scope="module")
def schema() -> Schema:
    """What the migrations of today make."""
    return fresh_schema()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database as the migrations of today make it."""
    path = tmp_path_factory.mktemp("migrated") / "kept.db"
    create_sqlite_file(path)
    opened = connect(f"sqlite:///{path}")
    with use_database(opened):
        migrate()
    opened.close_all()  # type: ignore[no-untyped-call]
    return path.read_bytes()


@pytest.fixture
def kept(migrated: bytes, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    path = tmp_path / "kept.db"
    path.write_bytes(migrated)
    return path


def test_a_corpus_is_known_by_its_size_its_seed_and_the_tables(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "WORDS", 300)  # making up all of them takes a second for each corpus
    other = replace(schema, tables={**schema.tables, "one_more": "CREATE TABLE one_more (a)"})
    known = [digest(Corpus(seed, size), made, False) for seed, size, made in
             [(1, 100, schema), (2, 100, schema), (1, 200, schema), (1, 100, other)]]  # fmt: skip
    assert len(set(known)) == 4
    assert fresh_schema() == schema
    assert known[0] == digest(Corpus(1, 100), schema, False)


def test_indexes_of_a_kept_database_follow_those_of_today(kept: Path, schema: Schema) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("DROP INDEX statement_id")
        connection.execute("CREATE INDEX of_yesterday ON statement (date)")
    said: list[str] = []
    follow_indexes(kept, schema, said.append)
    assert schema_of(kept) == schema
    assert said == ["dropping the index of_yesterday", "making the index statement_id"]


def test_a_kept_database_that_is_as_wanted_is_left_alone(kept: Path, schema: Schema) -> None:
    before = kept.read_bytes()
    follow_indexes(kept, schema, pytest.fail)
    assert kept.read_bytes() == before
