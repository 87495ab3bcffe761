"""The writers of several processes stand in one queue; here two open files stand for two processes."""

import fcntl
import os
from pathlib import Path

import pytest

from api.database.file_queue import SUFFIX, FileQueue

needs_locks_of_files = pytest.mark.skipif(
    not hasattr(fcntl, "F_OFD_SETLK"), reason="locks of a process never keep the same process waiting"
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "some.db"
    path.touch(0o640)
    return path


@needs_locks_of_files
def test_writers_of_two_processes_come_forward_in_the_order_in_which_they_came(database: Path) -> None:
    ours, theirs = FileQueue(database), FileQueue(database)
    first, second, third = (queue.join() or 0 for queue in (ours, theirs, ours))
    assert 0 < first < second < third
    assert ours.first_ahead(first) is None
    assert theirs.first_ahead(second) == first
    ours.leave(first)
    assert theirs.first_ahead(second) is None
    assert ours.first_ahead(third) == second


@needs_locks_of_files
def test_the_first_of_all_that_are_ahead_is_named_so_that_each_step_shows(database: Path) -> None:
    queues = [FileQueue(database) for _ in range(4)]
    places = [queue.join() or 0 for queue in queues]
    for queue, place in zip(queues[:3], places, strict=False):
        assert queues[3].first_ahead(places[3]) == place
        queue.leave(place)
    assert queues[3].first_ahead(places[3]) is None


@needs_locks_of_files
def test_nobody_waits_for_a_process_that_ended_without_leaving(database: Path) -> None:
    ended, waits = FileQueue(database), FileQueue(database)
    ended.join()
    place = waits.join() or 0
    assert waits.first_ahead(place) is not None
    assert ended._file is not None
    os.close(ended._file)  # as the kernel does, however a process ends
    assert waits.first_ahead(place) is None


@needs_locks_of_files
def test_whoever_was_passed_by_is_never_waited_for_again(database: Path) -> None:
    stopped, waits = FileQueue(database), FileQueue(database)
    stopped.join()
    place = waits.join() or 0
    waits.pass_by(place)
    assert waits.first_ahead(place) is None
    waits.leave(place)
    assert waits.first_ahead(waits.join() or 0) is None


def test_the_file_is_for_the_same_users_as_the_database_and_open_only_while_somebody_waits(database: Path) -> None:
    queue = FileQueue(database)
    place = queue.join()
    file = database.with_name(database.name + SUFFIX)
    assert file.stat().st_mode & 0o777 == 0o640
    assert queue._file is not None
    queue.leave(place)
    assert queue._file is None
    assert queue.join() == (place or 0) + 1


def test_a_database_behind_a_link_has_one_queue(database: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(database)
    FileQueue(link).join()
    assert [file.name for file in link.parent.iterdir()] == ["link.db"]
    assert database.with_name(database.name + SUFFIX).exists()


@pytest.mark.parametrize("obstacle", ["a folder", "a link", "no database", "numbers used up"])
def test_where_the_file_can_not_be_used_writers_do_without(database: Path, obstacle: str) -> None:
    file = database.with_name(database.name + SUFFIX)
    if obstacle == "a folder":
        file.mkdir()
    elif obstacle == "a link":
        file.symlink_to(database)
    elif obstacle == "no database":
        database.unlink()
    else:
        file.write_bytes(b"\xff" * 8)
    queue = FileQueue(database)
    assert queue.join() is None
    queue.leave(None)
    assert file.exists() == (obstacle != "no database")
