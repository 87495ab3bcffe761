"""The log of changes: what loading, attaching and migrating write into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import change, world, write
from conftest import NewDatabase, fill
from texts import article, saved

from api.bulk.folders import load
from api.database.compression import decompressed
from api.database.current import database
from api.documents.record_types import RECORD_TYPES
from api.models.base import tuples
from api.models.changes import Change
from api.texts.attaching import attach


@pytest.fixture
def opened(new_database: NewDatabase, tmp_path: Path) -> Iterator[Any]:
    """A database that holds the small world, resting on the invented article."""
    opened: Any = fill(new_database(), write(article(), tmp_path / "world"))
    database.initialize(opened)
    yield opened
    opened.close_all()


def logged(after: int = 0) -> list[tuple[str, int | None, str]]:
    """Record, revision and operation of every row behind one."""
    columns = (Change.record_type, Change.record_id, Change.revision, Change.operation)
    rows = tuples(Change.select(*columns).where(Change.sequence > after).order_by(Change.sequence))
    return [(f"{record_type}/{record_id}", revision, operation) for record_type, record_id, revision, operation in rows]


def last() -> int:
    return int(Change.select().count())


def test_every_record_begins_with_its_first_revision_as_it_is_served(opened: Any) -> None:
    assert {(revision, operation) for _, revision, operation in logged()} == {(1, "created")}
    kept = {(record_type, i): (tag, decompressed(body)) for record_type, i, tag, body in tuples(
        Change.select(Change.record_type, Change.record_id, Change.etag, Change.body))}  # fmt: skip
    for name, record_type in RECORD_TYPES.items():
        for record_id, etag, body in tuples(
            record_type.table.select(record_type.table.id, record_type.table.etag, record_type.table.document)
        ):
            assert kept.pop((name, record_id)) == (etag, bytes(body))
    assert kept == {}


def test_loading_the_same_again_writes_nothing(opened: Any, tmp_path: Path) -> None:
    before = last()
    load(write(article(), tmp_path / "again"))
    assert last() == before


def test_what_arrives_unchanged_beside_a_renamed_record_is_only_rendered(opened: Any, tmp_path: Path) -> None:
    before, renamed = last(), article()
    change(renamed, "speakers/minister", "/name/en", "Somebody Else")
    load(write(renamed, tmp_path / "renamed"))
    done = {record: (revision, operation) for record, revision, operation in logged(before)}
    assert done.pop("speakers/minister") == (2, "replaced")
    assert set(done.values()) == {(None, "rendered")}
    assert "statements/minister-welcomes" in done


def test_the_keys_of_a_name_in_another_order_are_another_content(opened: Any, tmp_path: Path) -> None:
    before, turned = last(), article()
    turned["speakers"]["north"]["name"] = dict(reversed(turned["speakers"]["north"]["name"].items()))
    load(write(turned, tmp_path / "turned"))
    assert ("speakers/north", 2, "replaced") in logged(before)


def test_attaching_a_text_shows_statements_otherwise_and_changes_none(opened: Any, tmp_path: Path) -> None:
    before = last()
    (tmp_path / "texts").mkdir()
    attach(saved(tmp_path / "texts"), longest_quotation=600)
    assert {(revision, operation) for _, revision, operation in logged(before)} == {(None, "rendered")}


def test_each_transaction_is_later_than_the_one_before(opened: Any, tmp_path: Path) -> None:
    for number in range(3):
        before = {moment for (moment,) in tuples(Change.select(Change.recorded_at))}
        renamed = world()
        change(renamed, "speakers/agency", "/name/en", f"Name {number}")
        load(write({"speakers": renamed["speakers"]}, tmp_path / str(number)))
        [new] = {moment for (moment,) in tuples(Change.select(Change.recorded_at))} - before
        assert new > max(before)
