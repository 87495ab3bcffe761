"""Writers of several processes take turns on SQLite: nobody overtakes, and nobody waits for the dead or the stopped."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

from api.database.connections import create_sqlite_file
from api.database.file_queue import SUFFIX
from api.database.writers_queue import STANDSTILL

WRITERS, TURNS = 8, 25

_BEGIN = """
import sys, threading, time
from api.database.connections import connect
from api.database.current import database
from api.database.statements import execute
from api.database.transactions import writing
database.initialize(connect(sys.argv[1]))
"""

_WRITE = """
def write(name):
    for _ in range(int(sys.argv[2])):
        with database.connection_context():
            [(latest,)] = execute("SELECT COALESCE(MAX(number), 0) FROM turn").fetchall()
            with writing():
                execute("INSERT INTO turn (writer, came_after) VALUES (?, ?)", (name, latest))
                time.sleep(0.005)
threads = [threading.Thread(target=write, args=(f"{sys.argv[3]} {number}",)) for number in range(2)]
print("ready", flush=True)
sys.stdin.readline()
[thread.start() for thread in threads]
"""

_HOLD = """
with database.connection_context():
    print("ready", flush=True)
    with writing():
        print("writing", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def url(quick_folder: Path) -> str:
    """A database in memory: a disk that others keep busy may take seconds for a commit, and turns are what is tried here."""
    create_sqlite_file(path := quick_folder / f"{uuid4().hex}.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE turn (number INTEGER PRIMARY KEY, writer TEXT, came_after INTEGER)")
    return f"sqlite:///{path}"


@contextmanager
def program(code: str, url: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that runs this code and has said that it is ready; it is killed in the end."""
    command = [sys.executable, "-c", _BEGIN + code, url, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert _says(process) == "ready"
            yield process
        finally:
            process.kill()


def _says(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go_on(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _await_writers(url: str, count: int) -> None:
    """Return when so many writers have drawn their numbers."""
    queue = Path(f"{url.removeprefix('sqlite:///')}{SUFFIX}")
    end = monotonic() + 20
    while int.from_bytes(queue.read_bytes(), "big") <= count:
        assert monotonic() < end
        sleep(0.01)


def test_writers_of_four_processes_get_turns_in_order(url: str) -> None:
    """Waiting is counted in the turns of others, which are as many on a busy machine as on an idle one.

    A writer may be suspended by the machine before it draws its number, and then misses turns that it did not wait for:
    that must be rare.
    """
    with ExitStack() as running:
        processes = [running.enter_context(program(_WRITE, url, str(TURNS), str(name))) for name in range(WRITERS // 2)]
        for process in processes:
            _go_on(process)
        assert [process.wait(120) for process in processes] == [0] * len(processes)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        turns = connection.execute("SELECT number, writer, came_after FROM turn ORDER BY number").fetchall()
    waited = sorted(number - came_after - 1 for number, _, came_after in turns)
    between = sorted(_between_turns([writer for _, writer, _ in turns]))
    assert len(turns) == WRITERS * TURNS
    assert _most_of_99_percent(waited) <= 2 * WRITERS, waited[-5:]
    assert _most_of_99_percent(between) <= 3 * WRITERS, between[-5:]
    assert waited[-1] <= WRITERS * TURNS / 3, "somebody went without a turn while others had many"


def _most_of_99_percent(numbers: list[int]) -> int:
    return numbers[int(0.99 * len(numbers))]


def _between_turns(writers: list[str]) -> Iterator[int]:
    """For each turn but the first ones: how many others had theirs since the same writer's last."""
    last: dict[str, int] = {}
    for number, writer in enumerate(writers):
        yield number - last.get(writer, number)
        last[writer] = number


def test_whoever_waits_gets_the_turn_of_a_writer_that_is_killed(url: str) -> None:
    with program(_HOLD, url) as holder, program(_HOLD, url) as waiting:
        assert _says(holder) == "writing"
        holder.kill()
        killed = monotonic()
        assert _says(waiting) == "writing"
        assert monotonic() - killed < STANDSTILL / 2


def test_nobody_waits_for_a_writer_that_was_killed_while_it_waited(url: str) -> None:
    with program(_HOLD, url) as holder:
        assert _says(holder) == "writing"
        with program(_HOLD, url) as killed:
            _await_writers(url, 2)
            with program(_HOLD, url) as waiting:
                _await_writers(url, 3)
                killed.kill()
                _go_on(holder)
                assert _says(waiting) == "writing"


def test_a_writer_that_is_stopped_while_it_waits_delays_others_but_once(url: str) -> None:
    with program(_HOLD, url) as holder:
        assert _says(holder) == "writing"
        with program(_HOLD, url) as stopped:
            _await_writers(url, 2)
            stopped.send_signal(signal.SIGSTOP)
            with program(_HOLD, url) as waiting:
                _go_on(holder)
                assert _says(waiting) == "writing"
                _go_on(waiting)
                assert waiting.wait(10) == 0
