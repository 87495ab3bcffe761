"""A database of the first version, with records in it, becomes one of this version and loses nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import ask, problem
from builders import change, versions, write
from changing import Writer
from click.testing import CliRunner
from conftest import NewDatabase, fill
from flask.testing import FlaskClient
from older import FIRST, held_before, make_older
from texts import TEXT, article, saved

from api.application import create_app
from api.bulk.folders import load
from api.changelog.feed import feed
from api.commands.main import main
from api.database.connections import connect
from api.database.current import database
from api.errors import LostPosition
from api.models.base import tuples
from api.models.changes import Change
from api.settings import Settings
from api.texts.attaching import attach, text_of

WITH_TEXTS = ("0003_article_texts", "0004_names", "0007_expiry")
"""The last migrations of older versions that could hold texts of articles."""


@pytest.fixture
def records(new_database: NewDatabase, tmp_path: Path) -> Iterator[Any]:
    """A database of this version with a few records; a speaker has changed later than the statements that show him."""
    opened: Any = fill(new_database(), write(held_before(article()), tmp_path / "world"))
    database.initialize(opened)
    changed = held_before(article())
    change(changed, "speakers/minister", "/identifiers/0/value", "Q3")
    load(write(changed, tmp_path / "changed"))
    yield opened
    opened.close_all()


@pytest.fixture
def attached(records: Any, tmp_path: Path) -> str:
    """The text of the article that the records rest on, attached to it."""
    (tmp_path / "texts").mkdir()
    assert attach(saved(tmp_path / "texts"), 300).counts["attached"] == 1
    return TEXT


@pytest.fixture
def older(records: Any, new_database: NewDatabase) -> Callable[[str], str]:
    """Makes a database of the version whose last migration is given, with the same records; returns its URL."""

    def make(last: str) -> str:
        url = new_database()
        make_older(url, records, last)
        return url

    return make


@pytest.mark.parametrize("last", [FIRST, "0002_filed_by_day"])
def test_an_old_database_is_brought_up_and_keeps_its_records(
    last: str, records: Any, older: Callable[[str], str]
) -> None:
    _require_nothing_lost(older(last))


@pytest.mark.parametrize("last", WITH_TEXTS)
def test_an_old_database_with_texts_is_brought_up_and_keeps_its_quotations(
    last: str, attached: str, older: Callable[[str], str]
) -> None:
    old = older(last)
    _require_nothing_lost(old)
    opened: Any = connect(old)
    database.initialize(opened)
    assert text_of("page") == attached
    opened.close_all()


def _require_nothing_lost(old: str) -> None:
    before, environment = versions(), {"DATABASE_URL": old}
    migrated = CliRunner().invoke(main, ["migrate"], env=environment)
    assert (migrated.exit_code, "Migrated: 0" in migrated.stdout) == (0, True), migrated.output
    checked = CliRunner().invoke(main, ["check"], env=environment)
    assert (checked.exit_code, checked.output) == (0, "The database is sound.\n")
    opened: Any = connect(old)
    database.initialize(opened)
    assert versions() == before
    firsts = set(tuples(Change.select(Change.record_type, Change.record_id).where(Change.revision == 1)))
    assert {f"{record_type}/{record_id}" for record_type, record_id in firsts if record_type != "vocabularies"} == set(
        before
    )
    opened.close_all()


@pytest.fixture
def upgraded(older: Callable[[str], str]) -> Iterator[FlaskClient]:
    """The service on an old database that was brought up to this version."""
    old = older(FIRST)
    migrated = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": old})
    assert migrated.exit_code == 0, migrated.output
    yield create_app(Settings(database_url=old)).test_client()
    database.obj.close_all()


STATEMENT, MINISTER = "/v1/statements/minister-welcomes", "/v1/speakers/minister"


def test_moments_before_the_log_are_not_answered(upgraded: FlaskClient) -> None:
    """Between the last changes of two records something was said of both, but nobody knows what."""
    addresses = ("/v1/statements", STATEMENT, "/v1/statements/facets")
    there = {address: ask(upgraded, address) for address in addresses}
    between, after = (ask(upgraded, changed)["updated_at"] for changed in (STATEMENT, MINISTER))
    assert between < after
    for address in addresses:
        for moment in ("2020-01-01T00:00:00Z", between):
            assert after in problem(upgraded.get(f"{address}?as_of={moment}"), 410, "moment-gone")["detail"], address
    Writer(upgraded).patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    for address in addresses:
        page = ask(upgraded, f"{address}?as_of={after}")
        assert page.get("data", page) == there[address].get("data", there[address])


def test_a_copy_of_before_the_log_gets_a_log_of_its_own_each_time_it_is_brought_up(
    older: Callable[[str], str], new_database: NewDatabase, tmp_path: Path
) -> None:
    old, restored = older(FIRST), new_database()
    run(old, "backup", str(tmp_path / "copy"))
    run(restored, "restore", str(tmp_path / "copy"))
    end = brought_up(old)
    with pytest.raises(LostPosition):
        feed(1, [], 200)  # a version of old counted from 1
    database.obj.close_all()
    assert brought_up(restored) > end
    with pytest.raises(LostPosition):
        feed(end, [], 200)
    assert len(feed(0, ["places"], 200).entries) == len(article()["places"])
    database.obj.close_all()


def run(url: str, *arguments: str) -> None:
    done = CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})
    assert done.exit_code == 0, done.output


def brought_up(url: str) -> int:
    """Migrate a database, open it, and give where its log ends."""
    run(url, "migrate")
    run(url, "check")
    database.initialize(connect(url))
    end = feed(0, [], 200).last
    database.obj.close_all()
    return end


def test_an_old_database_is_refused_until_it_is_brought_up(older: Callable[[str], str]) -> None:
    refused = CliRunner().invoke(main, ["check"], env={"DATABASE_URL": older(FIRST)})
    assert refused.exit_code == 1
    assert "of an older version" in refused.output


def test_dangling_references_are_reported_and_nothing_is_changed(
    engine: str, attached: str, older: Callable[[str], str]
) -> None:
    if engine != "sqlite":
        pytest.skip("PostgreSQL looks at foreign keys all the time")
    old = older("0007_expiry")
    opened: Any = connect(old)
    opened.execute_sql("PRAGMA foreign_keys = 0")
    opened.execute_sql("UPDATE article_text SET article_id = 99")
    opened.close_all()
    refused = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": old})
    assert refused.exit_code == 1
    assert "Nothing was changed, for 1 references would lead nowhere: from article_text to article." in refused.stderr
    assert "lacks 0008_" in CliRunner().invoke(main, ["check"], env={"DATABASE_URL": old}).stderr
