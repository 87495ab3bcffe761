"""The command on the log of changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import texts
from applications import client_of
from asking import ask
from builders import change, world, write
from changing import Writer, faults
from conftest import Command, NewDatabase, fill
from flask.testing import FlaskClient

from api.bulk.folders import load
from api.changelog.retention import expire
from api.database.current import database
from api.models.base import tuples
from api.models.changes import Change
from api.texts.attaching import attach


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


def test_expiring_leaves_every_record_its_last_revision(new_database: NewDatabase, tmp_path: Path) -> None:
    """Also where whole documents were logged since, for reasons that are no revisions."""
    records: Any = {record_type: list(documents.values()) for record_type, documents in texts.article().items()}
    with client_of(new_database(), records, needed=False) as client:
        writer = Writer(client)
        writer.patch(STATEMENT, {"topics": ["detainees"]})
        attach(texts.saved(tmp_path), longest_quotation=600)
        before = histories(client)
        assert expire("2999-01-01T00:00:00.000000Z") > 0
        assert faults() == []
        assert histories(client, limit=21) == {address: entries[:1] for address, entries in before.items()}
        assert all(entry["content_changed_at"] for entry in ask(client, "/v1/changes?since=0")["data"])
        writer.patch(STATEMENT, {"topics": ["ceasefire"]})
        assert ask(client, f"{STATEMENT}/history")["data"][0]["revision"] == 3


STATEMENT = "/v1/statements/minister-welcomes"


def histories(client: FlaskClient, limit: int = 20) -> dict[str, Any]:
    """The revisions of every record by its address."""
    records = {
        f"/v1/{record_type}/{record_id}"
        for record_type, record_id in tuples(Change.select(Change.record_type, Change.record_id))
    }
    return {address: ask(client, f"{address}/history?limit={limit}")["data"] for address in records}


def test_lost_revisions_of_a_record_are_reported(twice: str) -> None:
    with database.atomic() as step:
        database.execute_sql("DELETE FROM \"change\" WHERE record_id = 'minister-welcomes' AND revision IS NOT NULL")
        assert "statements/minister-welcomes has no revision in the log." in faults()
        step.rollback()


@pytest.mark.parametrize("before", ["yesterday", "2020-01-01", ""])
def test_a_malformed_moment_is_reported(tasrih: Command, twice: str, before: str) -> None:
    run = tasrih("changes", "expire", "--before", before, DATABASE_URL=twice)
    assert run.returncode == 1
    assert "is not a moment" in run.stderr
    assert "Traceback" not in run.stderr
