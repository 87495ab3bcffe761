"""The operator's commands, run as processes: what they do, and what they say when they can't."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from builders import change, changed, world, write
from conftest import Command, NewDatabase, fill

from api.application import create_app
from api.bulk.folders import seed_corpus
from api.database.compression import decompressed
from api.database.connections import connect, create_sqlite_file
from api.database.current import database
from api.database.urls import sqlite_path
from api.models.base import tuples
from api.models.statements import Statement
from api.settings import Settings

ROOT = Path(__file__).parents[2]
DATABASE_COMMANDS = ("serve", "migrate", "load", "check")
RECORDS = sum(len(list(Path(str(seed_corpus())).glob(f"{record_type}/*.json"))) for record_type in world())

Ended = CompletedProcess[str]


def error_of(ended: Ended) -> str:
    """The sentence with which a command failed."""
    assert ended.returncode == 1, ended.stdout
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("tasrih: ")
    assert ended.stderr.endswith(".\n")
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.removeprefix("tasrih: ").rstrip()


def output_of(ended: Ended) -> str:
    """The standard output of a command that succeeded."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database()


@pytest.fixture(scope="module")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the corpus, closed; copy it before changing it."""
    path = tmp_path_factory.mktemp("corpus") / "tasrih.db"
    create_sqlite_file(path)
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def file(corpus_file: Path, tmp_path: Path) -> Path:
    """A SQLite file of the test's own with the corpus."""
    copy = tmp_path / "own.db"
    copy.write_bytes(corpus_file.read_bytes())
    return copy


def test_migrating_loading_and_checking_a_new_database(url: str, tasrih: Command, tmp_path: Path) -> None:
    assert "run 'tasrih migrate' first" in error_of(tasrih("load", DATABASE_URL=url))
    assert "run 'tasrih migrate' first" in error_of(tasrih("check", DATABASE_URL=url))
    assert "Migrated: 0001_first_tables" in output_of(tasrih("migrate", DATABASE_URL=url))
    assert output_of(tasrih("migrate", DATABASE_URL=url)) == "The database is up to date.\n"
    assert f": {RECORDS} new, 0 changed, 0 unchanged." in output_of(tasrih("load", DATABASE_URL=url))
    assert f": 0 new, 0 changed, {RECORDS} unchanged." in output_of(tasrih("load", DATABASE_URL=url))
    assert "nothing loaded" in output_of(tasrih("load", "--if-empty", DATABASE_URL=url))
    assert output_of(tasrih("check", DATABASE_URL=url)) == "The database is sound.\n"


def test_loading_a_folder_adds_to_what_is_there(file: Path, tasrih: Command, tmp_path: Path) -> None:
    folder = write({"places": {"land": world()["places"]["land"]}}, tmp_path / "folder")
    assert f"Loaded {folder}: 1 new, 0 changed, 0 unchanged." in output_of(
        tasrih("load", str(folder), DATABASE_URL=f"sqlite:///{file}")
    )
    assert "nothing loaded" in output_of(tasrih("load", "--if-empty", str(folder), DATABASE_URL=f"sqlite:///{file}"))


def test_loading_if_empty_fills_an_empty_database(tasrih: Command) -> None:
    output_of(tasrih("migrate"))
    assert f"{RECORDS} new" in output_of(tasrih("load", "--if-empty"))


def test_every_issue_of_a_folder_is_a_line_on_standard_error(
    new_tables: NewDatabase, tasrih: Command, tmp_path: Path
) -> None:
    documents = world()
    change(documents, "statements/premier-answers", "/date", "2020-02-30")
    change(documents, "speakers/agency", "/kind", "robot")
    folder = write(documents, tmp_path / "folder")
    (folder / "events" / "broken.json").write_text("{")
    ended = tasrih("load", str(folder), DATABASE_URL=new_tables())
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    lines = ended.stderr.removeprefix("tasrih: ").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("events/broken.json: /: Is not JSON")
    assert lines[1].startswith("speakers/agency.json: /kind: 'robot' is not a term of the vocabulary 'speaker-kinds'")
    assert lines[2] == "statements/premier-answers.json: /date: '2020-02-30' is not a day of the calendar."


@pytest.mark.parametrize("folder", ["missing", "file.txt"])
def test_loading_from_anything_but_a_folder_is_refused(folder: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("")
    ended = tasrih("load", folder)
    assert ended.returncode == 2
    assert folder in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_written_contract_is_that_of_the_repository(tasrih: Command, tmp_path: Path) -> None:
    committed = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    assert output_of(tasrih("openapi")) == committed
    assert output_of(tasrih("openapi", "--output", "here.yaml")) == ""
    assert (tmp_path / "here.yaml").read_text(encoding="utf-8") == committed
    assert sorted(os.listdir(tmp_path)) == ["here.yaml"]


def test_an_unwritable_contract_file_is_reported(tasrih: Command) -> None:
    ended = tasrih("openapi", "--output", "missing/openapi.yaml")
    assert ended.returncode != 0
    assert "missing/openapi.yaml" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("load", "--help")])
def test_help_needs_no_settings(arguments: tuple[str, ...], tasrih: Command) -> None:
    ended = tasrih(*arguments, PORT="eighty")
    assert "tasrih" in (ended.stdout + ended.stderr)
    assert "PORT" not in ended.stderr


@pytest.mark.parametrize("command", DATABASE_COMMANDS)
def test_a_database_of_a_newer_version_is_refused(command: str, new_tables: NewDatabase, tasrih: Command) -> None:
    url = new_tables()
    run(url, "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01 00:00:00')")
    assert error_of(tasrih(command, DATABASE_URL=url)) == (
        "The database is of a newer version (it has 9999_later): use a newer Tasrih."
    )


def run(url: str, *statements: str) -> None:
    """Write to a database behind the program's back, with no foreign keys enforced on SQLite."""
    path = sqlite_path(url)
    if path is not None:
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return
    opened: Any = connect(url)
    for statement in statements:
        opened.execute_sql(statement)
    opened.close_all()


def contents_of_places(url: str) -> str:
    """The table of what the text index holds of places."""
    return "places_text_content" if sqlite_path(url) else "places_text"


def test_everything_that_follows_from_the_documents_is_mended(url: str, tasrih: Command) -> None:
    fill(url)
    before = kept(url)
    run(
        url,
        "UPDATE statement SET label = '{}', span_days = 7, etag = 'x' WHERE substr(id, 1, 8) = 'guterres'",
        "DELETE FROM statement_topic WHERE topic = 'topics/mediation'",
        f"DELETE FROM {contents_of_places(url)}",
        "UPDATE chain_link SET role = 'chain-roles/spoke' WHERE role = 'chain-roles/relayed'",
    )
    assert tasrih("check", DATABASE_URL=url).returncode == 1
    mended = tasrih("check", "--mend", DATABASE_URL=url)
    assert (mended.returncode, mended.stdout, mended.stderr) == (0, "The database is sound.\n", "")
    assert kept(url) == before


def kept(url: str) -> list[tuple[Any, ...]]:
    """The ids, entity tags and times of the statements."""
    database.initialize(connect(url))
    try:
        return sorted(tuples(Statement.select(Statement.id, Statement.etag, Statement.updated_at)))
    finally:
        database.obj.close_all()


def stored(url: str, table: str, record_id: str) -> bytes:
    """The document of a record as it is served."""
    opened: Any = connect(url)
    [(body,)] = opened.execute_sql(f"SELECT body FROM {table} WHERE id = '{record_id}'").fetchall()
    opened.close_all()
    return decompressed(body)


def test_every_planted_fault_is_reported(url: str, tasrih: Command) -> None:
    fill(url)
    longer = (stored(url, "event", "sochi-summit-2021-11-26") + b" ").hex()
    written = f"X'{longer}'" if sqlite_path(url) else f"decode('{longer}', 'hex')"
    run(
        url,
        "UPDATE statement SET etag = 'x' WHERE id = 'guterres-hopes-efforts-continue-2021-09'",
        f"UPDATE event SET body = {written} WHERE id = 'sochi-summit-2021-11-26'",
        f"DELETE FROM {contents_of_places(url)} WHERE key = (SELECT number FROM place WHERE id = 'sochi')",
    )
    if sqlite_path(url):
        run(url, "UPDATE communique SET event_id = 999999 WHERE id = 'putin-decree-2020-11-13'")
    ended = tasrih("check", DATABASE_URL=url)
    assert (ended.returncode, ended.stdout) == (1, "")
    *faults, summary = ended.stderr.splitlines()
    assert summary == f"tasrih: The database has {len(faults)} faults."
    found = "\n".join(faults)
    assert "statements/guterres-hopes-efforts-continue-2021-09 has an entity tag that is not its document's." in found
    assert "events/sochi-summit-2021-11-26 has an entity tag that is not its document's." in found
    assert "events/sochi-summit-2021-11-26 is stored otherwise than it would be written now." in found
    assert "places/sochi can't be searched for" in found
    assert ("of communique refers to a row of event that does not exist" in found) == bool(sqlite_path(url))
    assert (
        "communiques/putin-decree-2020-11-13 has other values in event than its document says." in found
        or not sqlite_path(url)
    )
    assert ("The text index of places is damaged" in found) == bool(sqlite_path(url))
    assert len(faults) == (9 if sqlite_path(url) else 6)


BROKEN = {
    "agdam-district": "",
    "armenia": "{",
    "azerbaijan": "[]",
    "baku": "null",
    "kalbajar-district": "{}",
    "lachin-district": '{"id": "lachin-district"}',
    "sochi": '"text"',
}
"""Documents that are none, by the place they are stored for."""


def test_broken_documents_are_reported(file: Path, tasrih: Command) -> None:
    for place, document in BROKEN.items():
        run(f"sqlite:///{file}", f"UPDATE place SET body = CAST('{document}' AS BLOB) WHERE id = '{place}'")
    ended = tasrih("check", DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 1
    assert [place for place in BROKEN if f"places/{place} " not in ended.stderr] == []
    assert "Traceback" not in ended.stderr


def test_a_circle_of_parts_is_reported(file: Path, tasrih: Command) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        (stored,) = connection.execute("SELECT body FROM speaker WHERE id = 'russia'").fetchone()
        circle = changed(json.loads(decompressed(stored)), "/part_of", {"id": "russian-foreign-ministry", "name": None})
        connection.execute("UPDATE speaker SET body = ? WHERE id = 'russia'", (json.dumps(circle).encode(),))
    ended = tasrih("check", DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 1
    assert "speakers/russia" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_part_that_is_missing_from_the_tables_is_reported(file: Path, tasrih: Command) -> None:
    run(f"sqlite:///{file}", "DELETE FROM statement_topic WHERE number = (SELECT MIN(number) FROM statement_topic)")
    ended = tasrih("check", DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 1
    assert "statements/" in ended.stderr


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_missing_database_file_is_reported_and_not_created(command: str, tasrih: Command, tmp_path: Path) -> None:
    assert error_of(tasrih(command)) == "There is no database at tasrih.db: run 'tasrih migrate' first."
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_database_in_a_missing_folder_is_reported(command: str, tasrih: Command, tmp_path: Path) -> None:
    assert "missing/tasrih.db" in error_of(tasrih(command, DATABASE_URL="sqlite:///missing/tasrih.db"))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_folder_in_the_place_of_the_database_is_reported(command: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "The database at folder can't be opened" in error_of(tasrih(command, DATABASE_URL="sqlite:///folder"))


@pytest.mark.parametrize("command", DATABASE_COMMANDS)
def test_a_file_that_is_no_database_is_reported_and_left_alone(command: str, tasrih: Command, tmp_path: Path) -> None:
    garbage = os.urandom(100) * 100
    (tmp_path / "tasrih.db").write_bytes(garbage)
    assert "is not a SQLite database" in error_of(tasrih(command))
    assert (tmp_path / "tasrih.db").read_bytes() == garbage


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_database_cut_in_half_is_reported(command: str, file: Path, tasrih: Command) -> None:
    os.truncate(file, file.stat().st_size // 2)
    ended = tasrih(command, DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 1
    assert "damaged" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["load", "check"])
def test_a_database_overwritten_in_places_is_reported(command: str, file: Path, tasrih: Command) -> None:
    with file.open("r+b") as pages:
        for page in range(2, file.stat().st_size // 4096, 3):
            pages.seek(page * 4096)
            pages.write(b"\xa5" * 4096)
    ended = tasrih(command, DATABASE_URL=f"sqlite:///{file}")
    assert ended.returncode == 1
    assert "damaged" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_empty_file_is_a_database_without_tables(tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "tasrih.db").write_bytes(b"")
    assert "run 'tasrih migrate' first" in error_of(tasrih("check"))
    assert "Migrated" in output_of(tasrih("migrate"))


@pytest.fixture
def locked(file: Path) -> Iterator[str]:
    """The URL of a database to which another program is writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield f"sqlite:///{file}"


def test_a_locked_database_is_reported_when_it_is_written_to(locked: str, tasrih: Command) -> None:
    assert "is locked by another program" in error_of(tasrih("load", DATABASE_URL=locked))


def test_a_locked_database_can_be_read(locked: str, tasrih: Command) -> None:
    assert output_of(tasrih("check", DATABASE_URL=locked)) == "The database is sound.\n"
    client = create_app(Settings(database_url=locked)).test_client()
    assert client.get("/v1/statements?limit=1").status_code == 200
    database.obj.close_all()


def test_a_read_only_database_can_be_read_and_not_written_to(file: Path, tasrih: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{file}?mode=ro"
    assert output_of(tasrih("check", DATABASE_URL=url)) == "The database is sound.\n"
    client = create_app(Settings(database_url=url)).test_client()
    assert client.get("/v1/speakers/antonio-guterres").status_code == 200
    database.obj.close_all()
    folder = write({"places": {"land": world()["places"]["land"]}}, tmp_path / "folder")
    assert "can't be written to" in error_of(tasrih("load", str(folder), DATABASE_URL=url))


def test_an_unreachable_database_server_is_reported_without_the_password(tasrih: Command) -> None:
    sentence = error_of(tasrih("check", DATABASE_URL="postgresql://someone:geheim@127.0.0.1:1/name"))
    assert sentence.startswith("The database can't be used: ")
    assert "geheim" not in sentence


@pytest.mark.not_behind_a_pooler("it tries again and again to reach a database that there is not")
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_missing_postgresql_database_is_reported(command: str, postgresql_server: Any, tasrih: Command) -> None:
    sentence = error_of(tasrih(command, DATABASE_URL=str(postgresql_server.get_uri(database="nowhere"))))
    assert "the server has no such database" in sentence
