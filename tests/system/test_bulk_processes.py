"""`tasrih import` and `tasrih export` as processes: their pipes, their memory, and what is left when one is killed."""

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
from served import COMMAND

from api.bulk.helpers import PIECES_ALONE
from api.bulk.importing import LINES_AT_ONCE

MEGABYTE = 1024  # kilobytes
FOR_HELPERS = LINES_AT_ONCE * (PIECES_ALONE + 4)
"""Statements that are enough for helpers to be started."""


@pytest.fixture
def url(new_database: NewDatabase, tasrih: Command) -> str:
    made = new_database()
    tasrih("migrate", DATABASE_URL=made)
    return made


def test_lines_come_through_a_pipe_and_go_through_one(url: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "world").write_bytes(written(lines_of(world())))
    piped = f"'{COMMAND}' import - < world && '{COMMAND}' import - < world && '{COMMAND}' export | wc -l"
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


def _importing(file: Path, url: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [COMMAND, "import", str(file)],
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


def test_memory_does_not_grow_with_what_is_imported(url: str, tasrih: Command, tmp_path: Path) -> None:
    (tmp_path / "few").write_bytes(written(many_statements(1_000)))
    (tmp_path / "many").write_bytes(written(many_statements(4_000)))
    few = _peak(_importing(tmp_path / "few", url))
    many = _peak(_importing(tmp_path / "many", url))
    assert many < few + 40 * MEGABYTE, "what is put together before it is written: no more, however many there are"
    assert many < 160 * MEGABYTE
    # The second import was so large that other processes worked along, without the database.
    assert tasrih("check", DATABASE_URL=url).stdout == "The database is sound.\n"


def test_helpers_tell_what_is_wrong_by_its_line_and_write_what_is_new_beside_what_is_replaced(
    url: str, tasrih: Command, tmp_path: Path
) -> None:
    lines = list(many_statements(FOR_HELPERS))
    astray = [*lines[:-30], lines[-30].replace('"south"', '"nowhere"'), lines[-29].replace('"end": 40', '"end": 10000')]
    assert astray[-2:] != lines[-30:-28]
    (tmp_path / "astray").write_bytes(written([*astray, *lines[-28:]]))
    refused = tasrih("import", "astray", DATABASE_URL=url)
    told = refused.stderr.removeprefix("tasrih: ").splitlines()
    first = len(astray) - 1
    assert f"line {first}: /document/targets/0/id: There is no record 'nowhere' among the speakers." in told
    assert any(each.startswith(f"line {first + 1}: /document/reports/0/evidence/0/end: Lies beyond") for each in told)
    assert tasrih("export", DATABASE_URL=url).stdout == ""

    few = [*lines[1::2][: FOR_HELPERS // 4], *lines[FOR_HELPERS:]]
    (tmp_path / "few").write_bytes(written(few))
    others = [line.replace("The summary", "The words") for line in lines[:FOR_HELPERS]]
    (tmp_path / "many").write_bytes(written([*others, *lines[FOR_HELPERS:]]))
    assert f"{len(few)} new" in tasrih("import", "few", DATABASE_URL=url).stdout
    counts = f"{len(lines) - len(few)} new, {FOR_HELPERS // 4} changed, {len(lines) - FOR_HELPERS} unchanged."
    assert tasrih("import", "many", DATABASE_URL=url).stdout == f"Imported many: {counts}\n"
    assert tasrih("check", DATABASE_URL=url).stdout == "The database is sound.\n"


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


_HELPED = """
import operator, os, time
from api.bulk.helpers import PIECES_ALONE, Helpers

if __name__ == "__main__":
    pids = set(Helpers(1).map(operator.call, [os.getpid] * (PIECES_ALONE + 2)))
    print(*(pids - {os.getpid()}), flush=True)
    time.sleep(600)
"""


def test_helpers_end_with_the_process_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "helped.py").write_text(_HELPED)
    with subprocess.Popen([sys.executable, tmp_path / "helped.py"], stdout=subprocess.PIPE, text=True) as helped:
        assert helped.stdout is not None
        helper = int(helped.stdout.readline())
        helped.kill()
    ends = time.monotonic() + 30
    while Path(f"/proc/{helper}").exists():
        assert time.monotonic() < ends
        time.sleep(0.02)


_LOSING_ITS_HELPER = """
import operator, os, signal
from multiprocessing import parent_process
from api.bulk.helpers import PIECES_ALONE, Helpers

def fall():
    if parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()

if __name__ == "__main__":
    helpers = Helpers(1)
    pids = list(helpers.map(operator.call, [fall] * (PIECES_ALONE + 20)))
    helpers.close()
    print(len(pids), set(pids) == {os.getpid()})
"""


def test_work_of_a_helper_that_is_killed_is_done_without_it(tmp_path: Path) -> None:
    (tmp_path / "helped.py").write_text(_LOSING_ITS_HELPER)
    ended = subprocess.run([sys.executable, tmp_path / "helped.py"], capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.stderr) == (f"{PIECES_ALONE + 20} True\n", "")
