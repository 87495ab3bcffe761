"""`tasrih import` and `tasrih export`."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from builders import world
from bulk import lines_of, many_statements, written
from conftest import Command, NewDatabase

MEGABYTE = 1024  # kilobytes


@pytest.fixture
def url(new_database: NewDatabase, tasrih: Command) -> str:
    made = new_database()
    tasrih("migrate", DATABASE_URL=made)
    return made


def test_an_export_imported_into_an_empty_database_is_exported_byte_for_byte_the_same(
    url: str, new_database: NewDatabase, tasrih: Command, tmp_path: Path
) -> None:
    other = new_database()
    tasrih("load", DATABASE_URL=url)
    assert tasrih("export", "--output", "all.ndjson", DATABASE_URL=url).stderr == ""
    tasrih("migrate", DATABASE_URL=other)
    ended = tasrih("import", "all.ndjson", DATABASE_URL=other)
    assert (ended.stdout, ended.stderr) == ("Imported all.ndjson: 206 new, 0 changed, 0 unchanged.\n", "")
    assert tasrih("check", DATABASE_URL=other).stdout == "The database is sound.\n"
    tasrih("export", "--output", "again.ndjson", DATABASE_URL=other)
    assert (tmp_path / "again.ndjson").read_bytes() == (tmp_path / "all.ndjson").read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_lines_come_through_a_pipe_and_go_through_one(url: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "world").write_bytes(written(lines_of(world())))
    piped = f"'{_command()}' import - < world && '{_command()}' import - < world && '{_command()}' export | wc -l"
    ended = subprocess.run(
        piped,
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    count = len(lines_of(world()))
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == [
        f"Imported standard input: {count} new, 0 changed, 0 unchanged.",
        f"Imported standard input: 0 new, 0 changed, {count} unchanged.",
        str(count),
    ]


def test_every_mistake_is_told_by_its_line_and_nothing_is_stored(url: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(written([*lines_of(world()), "{", '{"type": "places", "document": {"id": "x"}}']))
    ended = tasrih("import", "bad", DATABASE_URL=url)
    count = len(lines_of(world()))
    assert ended.returncode == 1
    told = ended.stderr.removeprefix("tasrih: ").splitlines()
    assert told[0].startswith(f"line {count + 1}: /: Is not JSON")
    assert f"line {count + 2}: /document/kind: Is missing." in told or len(told) > 1
    assert tasrih("export", DATABASE_URL=url).stdout == ""


def test_the_statements_are_exported_as_a_table(url: str, tasrih: Command, tmp_path: Path) -> None:
    tasrih("load", DATABASE_URL=url)
    tasrih("export", "--format", "csv", "--output", "table.csv", DATABASE_URL=url, TASRIH_BASE_URL="https://x.example")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) > 50
    assert {row["url"] for row in rows} == {f"https://x.example/v1/statements/{row['id']}" for row in rows}


def test_files_that_can_not_be_used_are_named(url: str, tasrih: Command) -> None:
    unwritable = tasrih("export", "--output", "no/such/folder", DATABASE_URL=url)
    assert (unwritable.returncode, unwritable.stderr.count("\n")) == (1, 1)
    assert "no/such/folder can't be written" in unwritable.stderr
    empty = tasrih("import", "/dev/null", DATABASE_URL=url)
    assert (empty.returncode, empty.stderr) == (1, "tasrih: /dev/null: There are no records: send one in each line.\n")


def _command() -> str:
    return str(Path(sys.executable).with_name("tasrih"))


def _importing(file: Path, url: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [_command(), "import", str(file)],
        cwd=file.parent,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _peak(process: Any) -> int:
    """The most memory of its own that a process has had, in kilobytes; the pages of mapped files left aside."""
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status")
        try:
            anonymous = [line for line in status.read_text().splitlines() if line.startswith("RssAnon")]
        except OSError:
            break
        peak = max([peak, *(int(line.split()[1]) for line in anonymous)])
        time.sleep(0.02)
    assert process.wait() == 0
    return peak


def test_memory_does_not_grow_with_what_is_imported(url: str, tmp_path: Path) -> None:
    (tmp_path / "few").write_bytes(written(many_statements(1_000)))
    (tmp_path / "many").write_bytes(written(many_statements(4_000)))
    few = _peak(_importing(tmp_path / "few", url))
    many = _peak(_importing(tmp_path / "many", url))
    assert many < few + 25 * MEGABYTE
    assert many < 160 * MEGABYTE


def test_an_import_that_is_killed_leaves_nothing(url: str, tasrih: Command, tmp_path: Path) -> None:
    lines = written(many_statements(1_500))
    (tmp_path / "many").write_bytes(lines)
    for seconds in (0.7, 1.5, 3.0):
        process = _importing(tmp_path / "many", url)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            there = tasrih("export", DATABASE_URL=url).stdout.count("\n")
            assert there in (0, lines.count(b"\n")), "all or nothing; the last may have been done already"
            assert tasrih("check", DATABASE_URL=url).stdout == "The database is sound.\n"
    assert " 0 changed" in tasrih("import", "many", DATABASE_URL=url).stdout
