"""`tasrih backup` copies a database that is in use, `tasrih restore` puts the copy back, and what is no copy is refused."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import filling
import pytest
from applications import add, bearer, speaker
from builders import world, write
from click.testing import CliRunner, Result
from conftest import NewDatabase, fill

from api.application import create_app
from api.backups import copying, sqlite
from api.commands.main import main
from api.database.connections import connect
from api.database.current import database, use_database
from api.database.file_queue import FileQueue
from api.database.urls import sqlite_path
from api.errors import UnusableBackup
from api.migrations import versions
from api.migrations.running import bring_up_to
from api.models import TABLES
from api.models.access import Idempotency, Token
from api.models.log_cuts import Restoration
from api.settings import Settings


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url})


def done(url: str, *arguments: str) -> str:
    ended = run(url, *arguments)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def refused(url: str, *arguments: str) -> str:
    """The sentence with which a command failed."""
    ended = run(url, *arguments)
    assert ended.exit_code == 1, ended.output
    assert ended.stderr.startswith("tasrih: ")
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.removeprefix("tasrih: ").strip()


def nothing(done: int, total: int) -> None:
    """What is done while a copy is made or put back, where nothing is to be."""


def contents(url: str) -> dict[str, list[Any]]:
    """Every row of every table, but for those that tell of restorations."""
    opened: Any = connect(url)
    database.initialize(opened)
    names = {table.__name__: table._meta.table_name for table in TABLES if table is not Restoration}
    held = {
        name: sorted(map(repr, opened.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        for name, table in names.items()
    }
    opened.close_all()
    return held


@pytest.fixture(scope="module")
def url(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a few records and a token."""
    url = new_database()
    fill(url, write(world(), tmp_path_factory.mktemp("world")))
    bearer("write", name="newsroom")
    database.obj.close_all()
    return url


@pytest.fixture(scope="module")
def copy(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "copy"
    printed = done(url, "backup", str(file))
    assert printed == f"The database is copied to {file} ({file.stat().st_size} bytes).\n"
    return file


def test_a_restored_copy_is_the_same_database(url: str, copy: Path, new_database: NewDatabase) -> None:
    other = new_database()
    assert "Run 'tasrih check'" in done(other, "restore", str(copy))
    assert contents(other) == contents(url)
    assert done(other, "check") == "The database is sound.\n"


def test_records_stored_after_a_restoration_get_new_numbers(copy: Path, new_database: NewDatabase) -> None:
    other = new_database()
    done(other, "restore", str(copy))
    opened: Any = connect(other)
    database.initialize(opened)
    add({"speakers": [speaker("somebody-new")]})
    opened.close_all()
    assert done(other, "check") == "The database is sound.\n"


def test_a_copy_replaces_records_only_with_the_option_replace(url: str, copy: Path, new_database: NewDatabase) -> None:
    other = new_database()
    fill(other)
    before = contents(other)
    assert "is not empty: give --replace" in refused(other, "restore", str(copy))
    assert contents(other) == before
    done(other, "restore", "--replace", str(copy))
    assert contents(other) == contents(url)
    assert done(other, "check") == "The database is sound.\n"


def test_a_copy_holds_one_moment_whatever_is_written_meanwhile(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = new_database(), new_database()
    fill(url)
    monkeypatch.setattr(sqlite, "PAGES", 16)
    writer: Any = connect(url)
    written: list[int] = []

    def write_twice(done: int, total: int) -> None:
        written.append(len(written))
        row: tuple[Any, ...] = (len(written), str(written[-1]), str(written[-1]), "0" * 64, "read", "2020")
        with writer.atomic():
            writer.execute_sql(f"INSERT INTO token (number, public_id, name, sha256, scopes, created_at) VALUES {row}")
            row = (len(written), len(written), "k", "0" * 64, "c", "2020")
            writer.execute_sql(
                f"INSERT INTO idempotency (number, token_id, key, fingerprint, claim, claimed_at) VALUES {row}"
            )

    database.initialize(connect(url))
    copying.back_up(url, tmp_path / "copy", write_twice)
    database.obj.close_all()
    writer.close_all()
    assert len(written) > 3
    done(other, "restore", str(tmp_path / "copy"))
    assert contents(other) == {**contents(url), Token.__name__: [], Idempotency.__name__: []}
    assert done(other, "check") == "The database is sound.\n"


def test_a_running_service_reads_the_restored_records(copy: Path, new_database: NewDatabase) -> None:
    url = new_database()
    fill(url)
    client = create_app(Settings(database_url=url)).test_client()
    assert client.get("/v1/speakers/antonio-guterres").status_code == 200
    copying.restore(url, copy, True, nothing)
    assert client.get("/v1/speakers/antonio-guterres").status_code == 404
    assert client.get("/v1/speakers/premier").status_code == 200
    database.obj.close_all()


def test_only_its_owner_may_read_a_copy(copy: Path) -> None:
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_copy_never_replaces_a_file(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    assert "There is something at" in refused(url, "backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_text() == "precious"
    assert list(tmp_path.iterdir()) == [tmp_path / "copy"]


def test_a_copy_never_replaces_the_digest_of_another(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.sha256").write_text("precious")
    assert "copy.sha256 already" in refused(url, "backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy.sha256").read_text() == "precious"
    assert list(tmp_path.iterdir()) == [tmp_path / "copy.sha256"]


def test_a_file_that_appears_meanwhile_is_not_replaced_by_a_copy(url: str, tmp_path: Path) -> None:
    def appear(done: int, total: int) -> None:
        (tmp_path / "copy").write_text("precious")

    database.initialize(connect(url))
    with pytest.raises(UnusableBackup, match="There is something at"):
        copying.back_up(url, tmp_path / "copy", appear)
    database.obj.close_all()
    assert (tmp_path / "copy").read_text() == "precious"


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_copy_for_which_there_is_no_room_leaves_nothing(url: str, tmp_path: Path) -> None:
    with small_files(40_000 if sqlite_path(url) else 3000):  # SQLite maps 32 kB beside the database
        sentence = refused(url, "backup", str(tmp_path / "copy"))
    assert sentence.startswith(f"{tmp_path / 'copy'} can't be written")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_is_terminated_leaves_nothing(url: str, tmp_path: Path) -> None:
    def terminate(done: int, total: int) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    database.initialize(connect(url))
    with pytest.raises(SystemExit):
        copying.back_up(url, tmp_path / "copy", terminate)
    database.obj.close_all()
    assert list(tmp_path.iterdir()) == []


def test_the_digest_beside_a_copy_is_one_that_sha256sum_reads(copy: Path) -> None:
    digest = copy.with_name("copy.sha256")
    assert digest.read_text() == f"{sha256(copy.read_bytes()).hexdigest()}  copy\n"
    assert digest.stat().st_mode & 0o777 == 0o600
    checked = subprocess.run(["sha256sum", "-c", digest.name], cwd=copy.parent, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_name_with_a_line_end_has_a_digest_that_is_read(url: str, new_database: NewDatabase, tmp_path: Path) -> None:
    done(url, "backup", str(tmp_path / "a\nb\\c"))
    checked = subprocess.run(["sha256sum", "-c", "a\nb\\c.sha256"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    done(new_database(), "restore", str(tmp_path / "a\nb\\c"))


def test_a_copy_with_any_flipped_bit_is_refused_and_changes_nothing(
    copy: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    url, chance, whole = new_database(), random.Random(2), copy.read_bytes()
    fill(url)
    before = contents(url)
    shutil.copy(copy.with_name("copy.sha256"), tmp_path / "copy.sha256")
    for _ in range(14):
        changed = bytearray(whole)
        changed[chance.randrange(16, len(changed))] ^= 1 << chance.randrange(8)
        (tmp_path / "copy").write_bytes(changed)
        for options in ([], ["--unverified"]):
            sentence = refused(url, "restore", "--replace", *options, str(tmp_path / "copy"))
            assert "is damaged, or another file: its SHA-256 is not the one in copy.sha256" in sentence
    assert contents(url) == before
    (tmp_path / "copy").write_bytes(whole)
    done(url, "restore", "--replace", str(tmp_path / "copy"))


def test_a_copy_without_a_digest_is_restored_only_unverified(
    url: str, copy: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    shutil.copy(copy, tmp_path / "copy")
    other = new_database()
    assert "copy.sha256 is missing" in refused(other, "restore", str(tmp_path / "copy"))
    (tmp_path / "copy.sha256").write_text("no digest")
    assert "holds no digest" in refused(other, "restore", str(tmp_path / "copy"))
    (tmp_path / "copy.sha256").unlink()
    done(other, "restore", "--unverified", str(tmp_path / "copy"))
    assert contents(other) == contents(url)


def test_a_file_that_is_no_copy_is_called_what_it_is(new_database: NewDatabase, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("no copy")
    url = new_database()
    assert refused(url, "restore", str(tmp_path / "empty")) == f"{tmp_path / 'empty'} is empty: it is no backup."
    assert refused(url, "restore", str(tmp_path / "text")) == f"{tmp_path / 'text'} is not a backup of Tasrih."
    os.mkfifo(tmp_path / "pipe")
    assert "is no file" in refused(url, "restore", str(tmp_path / "pipe"))


def test_a_copy_that_can_not_be_finished_leaves_no_file(url: str, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    database.initialize(connect(url))
    with pytest.raises(KeyboardInterrupt):
        copying.back_up(url, tmp_path / "copy", stop)
    database.obj.close_all()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_reported(url: str, tmp_path: Path) -> None:
    assert "No such file or directory" in refused(url, "backup", str(tmp_path / "missing" / "copy"))


def test_a_database_without_tables_is_not_copied(new_database: NewDatabase, tmp_path: Path) -> None:
    assert "there is nothing to back up" in refused(new_database(), "backup", str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []


def archive(file: Path, **manifest: Any) -> None:
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("manifest.json", json.dumps(manifest))


def test_files_that_are_no_copies_are_refused_and_change_nothing(
    copy: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    whole = copy.read_bytes()
    no_copies = {
        "empty": b"",
        "text": b"no copy",
        "half": whole[: len(whole) // 2],
        "beginning": whole[:200],
        "overwritten": whole[: len(whole) // 3] + b"\xa5" * 9000 + whole[len(whole) // 3 + 9000 :],
    }
    url = new_database()
    fill(url)
    before = contents(url)
    for name, content in no_copies.items():
        (tmp_path / name).write_bytes(content)
        for options in ([], ["--unverified"]):
            assert str(tmp_path / name) in refused(url, "restore", "--replace", *options, str(tmp_path / name)), name
            assert contents(url) == before


def test_a_copy_of_the_other_engine_is_refused(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    if sqlite_path(url):
        archive(tmp_path / "copy", format="tasrih backup 1")
    else:
        sqlite3.connect(tmp_path / "copy").execute("CREATE TABLE anything (a)").connection.close()
    assert "a copy goes back to the engine it is from" in refused(url, "restore", str(tmp_path / "copy"))


def test_an_archive_with_a_changed_byte_is_refused_or_restored_exactly(
    url: str, copy: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    if sqlite_path(url):
        pytest.skip("a SQLite database has no checksums: 'tasrih check' looks at what it says")
    other, expected, chance = new_database(), contents(url), random.Random(1)
    done(other, "restore", str(copy))
    for _ in range(10):
        changed = bytearray(copy.read_bytes())
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        (tmp_path / "changed").write_bytes(changed)
        ended = run(other, "restore", "--replace", "--unverified", str(tmp_path / "changed"))
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        assert contents(other) == expected


def test_an_archive_that_lacks_a_row_is_refused(
    url: str, copy: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    if sqlite_path(url):
        pytest.skip("a copy of SQLite is no archive")
    with zipfile.ZipFile(copy) as whole, zipfile.ZipFile(tmp_path / "copy", "w") as lacking:
        for name in whole.namelist():
            content = whole.read(name)
            lacking.writestr(name, content.partition(b"\n")[2] if name == "term.copy" else content)
    other = new_database()
    assert "has not the rows that were there" in refused(other, "restore", "--unverified", str(tmp_path / "copy"))
    assert "there is nothing to back up" in refused(other, "backup", str(tmp_path / "again"))


def test_tables_of_other_programs_are_left_alone(copy: Path, new_database: NewDatabase) -> None:
    url = new_database()
    opened: Any = connect(url)
    opened.execute_sql("CREATE TABLE precious (thing INTEGER)")
    opened.close_all()
    assert "not Tasrih's (precious): it is left alone" in refused(url, "restore", "--replace", str(copy))


def test_tables_of_other_programs_beside_those_of_tasrih_are_left_alone(copy: Path, new_database: NewDatabase) -> None:
    url = new_database()
    fill(url)
    opened: Any = connect(url)
    opened.execute_sql("CREATE TABLE invoices (amount INTEGER)")
    opened.execute_sql("INSERT INTO invoices VALUES (100)")
    notes = "VIRTUAL TABLE notes USING fts5(words)" if sqlite_path(url) else "TABLE notes (words TEXT)"
    opened.execute_sql(f"CREATE {notes}")
    before = contents(url)
    for options in ([], ["--replace"]):
        sentence = refused(url, "restore", *options, str(copy))
        assert sentence == "The database has tables that are not Tasrih's (invoices, notes): it is left alone."
    assert contents(url) == before
    assert opened.execute_sql("SELECT amount FROM invoices").fetchall() == [(100,)]
    opened.execute_sql("DROP TABLE notes")
    opened.execute_sql("DROP TABLE invoices")
    opened.close_all()
    done(url, "restore", "--replace", str(copy))


def test_a_database_of_an_older_version_is_replaced(url: str, copy: Path, new_database: NewDatabase) -> None:
    expected, growing, all_names = contents(url), new_database(), versions.missing_from(())
    tables: set[str] = set()
    for last in range(1, len(all_names) + 1):
        opened: Any = connect(growing)
        with use_database(opened), opened.atomic():
            bring_up_to(all_names[:last])
        before, tables = tables, set(opened.get_tables())
        opened.close_all()
        if tables == before:
            continue  # nothing else of what there was makes a difference to what takes its place
        filling.copy(growing, older := new_database())
        done(older, "restore", "--replace", str(copy))
        assert contents(older) == expected


def test_a_copy_of_a_newer_version_is_refused_and_an_older_copy_is_migrated(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, url = tmp_path / "migrations", new_database()
    shutil.copytree(versions.FOLDER, folder, ignore=shutil.ignore_patterns("__*"))
    fill(url)
    done(url, "backup", str(tmp_path / "old"))
    with monkeypatch.context() as later:
        later.setattr(versions, "FOLDER", folder)
        (folder / "0099_later.py").write_text(
            "def up(migrator, db):\n    db.execute_sql('CREATE TABLE later (number INTEGER)')\n"
        )
        older = new_database()
        assert "Run 'tasrih migrate' next" in done(older, "restore", str(tmp_path / "old"))
        assert "older version" in refused(older, "check")
        assert "0099_later" in done(older, "migrate")
        assert done(older, "check") == "The database is sound.\n"
        done(older, "backup", str(tmp_path / "new"))
    assert "newer version (it has 0099_later)" in refused(new_database(), "restore", str(tmp_path / "new"))


class TestASQLiteFile:
    """What concerns files only."""

    @pytest.fixture
    def path(self, url: str, tmp_path: Path) -> Path:
        if sqlite_path(url) is None:
            pytest.skip("PostgreSQL's files are its own")
        return tmp_path / "restored.db"

    def test_a_missing_database_is_created(self, path: Path, copy: Path) -> None:
        done(f"sqlite:///{path}", "restore", str(copy))
        assert done(f"sqlite:///{path}", "check") == "The database is sound.\n"
        with closing(sqlite3.connect(path)) as opened:
            assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert [file for file in path.parent.iterdir() if not file.name.startswith(path.name)] == []

    def test_a_link_to_a_missing_database_is_followed(self, path: Path, copy: Path, tmp_path: Path) -> None:
        path.symlink_to(tmp_path / "behind.db")
        half = tmp_path / "half"
        half.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        refused(f"sqlite:///{path}", "restore", "--unverified", str(half))
        assert path.is_symlink()
        assert not path.exists()
        done(f"sqlite:///{path}", "restore", str(copy))
        assert path.is_symlink()
        assert done(f"sqlite:///{path}", "check") == "The database is sound.\n"

    def test_a_missing_database_is_not_created_for_a_bad_copy(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("no copy")
        refused(f"sqlite:///{path}", "restore", str(tmp_path / "text"))
        assert not path.exists()

    def test_a_database_is_not_restored_from_itself(self, path: Path, copy: Path) -> None:
        shutil.copy(copy, path)
        assert "is the database itself" in refused(f"sqlite:///{path}", "restore", "--replace", str(path))

    def test_a_database_in_use_is_refused_as_a_copy(self, path: Path, copy: Path, tmp_path: Path) -> None:
        shutil.copy(copy, tmp_path / "live.db")
        with closing(sqlite3.connect(tmp_path / "live.db")) as live, live:
            live.execute("CREATE TABLE written (number INTEGER)")
            live.commit()
            assert "is in use" in refused(f"sqlite:///{path}", "restore", "--unverified", str(tmp_path / "live.db"))

    def test_a_database_is_left_alone_while_another_program_writes_to_it(
        self, path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite, "LOCK_TIMEOUT", 0.5)
        shutil.copy(copy, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "locked" in refused(f"sqlite:///{path}", "restore", "--replace", str(copy))

    def test_a_restore_takes_its_turn_among_the_writers(self, path: Path, copy: Path) -> None:
        shutil.copy(copy, path)
        others, seen = FileQueue(path), set[bool]()

        def look(done: int, total: int) -> None:
            place = others.join() or 0
            ahead = others.first_ahead(place)
            seen.add(ahead is not None and others.is_lock_held())
            others.leave(place)

        copying.restore(f"sqlite:///{path}", copy, True, look)
        assert seen == {False, True}  # while a second copy is made beside the database, and while that takes its place
        look(1, 1)
        assert others.first_ahead(others.join() or 0) is None

    def test_the_copy_is_a_database(self, path: Path, copy: Path) -> None:
        shutil.copy(copy, path)
        assert done(f"sqlite:///{path}", "check") == "The database is sound.\n"
