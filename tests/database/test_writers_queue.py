"""Writers of a process take turns: nobody overtakes, and nobody waits long for what another process holds."""

import fcntl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import monotonic, sleep
from types import SimpleNamespace

import pytest

from api.database import writers_queue
from api.database.file_queue import FileQueue
from api.database.writers_queue import WritersQueue
from api.errors import WaitedInVain

needs_locks_of_files = pytest.mark.skipif(
    not hasattr(fcntl, "F_OFD_SETLK"), reason="locks of a process never keep the same process waiting"
)


def side_by_side(folder: Path, places: int, patience: float) -> tuple[FileQueue, WritersQueue]:
    """The queue of another process, and the writers of this one beside it."""
    (database := folder / "some.db").touch()
    return FileQueue(database), WritersQueue(places, patience=patience, processes=FileQueue(database))


def test_writers_that_never_pause_get_equally_many_turns() -> None:
    queue, turns, start = WritersQueue(2, patience=30), Counter[int](), Barrier(4)

    def write(writer: int) -> None:
        start.wait()
        while turns.total() < 100:
            with queue.turn():
                sleep(0.001)
                turns[writer] += 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert min(turns.values()) >= 20, turns


def test_when_another_process_keeps_the_lock_all_but_the_first_few_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.2)
    queue = WritersQueue(2, patience=30)

    def write() -> None:
        with queue.turn():
            pass

    with ThreadPoolExecutor(2) as threads:
        with queue.turn():
            patient = _queued(threads.submit(write), queue, 2)
            hurried = _queued(threads.submit(write), queue, 3)
            assert isinstance(hurried.exception(timeout=20), WaitedInVain)
            assert not patient.done()
        patient.result(timeout=20)


def test_while_a_writer_of_this_process_has_the_lock_everybody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.1)
    queue = WritersQueue(1, patience=30)

    def write() -> None:
        with queue.turn():
            queue.note_lock()

    with ThreadPoolExecutor(2) as threads:
        with queue.turn():
            queue.note_lock()
            waiting = [_queued(threads.submit(write), queue, length) for length in (2, 3)]
            sleep(0.3)
        for writer in waiting:
            writer.result(timeout=20)


def test_the_first_few_wait_longer_for_a_writer_that_has_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.1)
    queue = WritersQueue(2, patience=0.2)

    def write() -> None:
        with queue.turn():
            queue.note_lock()

    with ThreadPoolExecutor(2) as threads:
        with queue.turn():
            queue.note_lock()
            patient = _queued(threads.submit(write), queue, 2)
            other = _queued(threads.submit(write), queue, 3)
            assert isinstance(other.exception(timeout=20), WaitedInVain)
            sleep(0.2)
        patient.result(timeout=20)


@needs_locks_of_files
@pytest.mark.parametrize("works", [True, False])
def test_a_writer_of_another_process_is_passed_by_unless_it_has_the_lock(
    works: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.1)
    (database := tmp_path / "some.db").touch()
    theirs, ours = (WritersQueue(1, patience=0.2, processes=FileQueue(database)) for _ in range(2))

    def write() -> None:
        with ours.turn():
            ours.note_lock()

    with ThreadPoolExecutor(1) as threads:
        with theirs.turn():
            if works:
                theirs.note_lock()
            waiting = threads.submit(write)
            sleep(0.4)
            assert waiting.done() is not works
        waiting.result(timeout=20)


def test_the_last_thread_is_left_to_readers_even_while_a_writer_of_this_process_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writers_queue, "LAST_THREAD", 0.1)
    queue = WritersQueue(1, patience=30, threads=3)

    def write() -> None:
        with queue.turn():
            queue.note_lock()

    with ThreadPoolExecutor(2) as threads:
        with queue.turn():
            queue.note_lock()
            waiting = _queued(threads.submit(write), queue, 2)
            last = _queued(threads.submit(write), queue, 3)
            assert isinstance(last.exception(timeout=20), WaitedInVain)
            assert not waiting.done()
        waiting.result(timeout=20)


def test_writers_that_wait_for_a_common_commit_hold_threads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_queue, "LAST_THREAD", 0.5)
    queue, group = WritersQueue(1, patience=30, threads=3), SimpleNamespace(error=None)

    def write() -> None:
        with queue.turn(joins=True):
            pass

    with ThreadPoolExecutor(2) as threads, queue.turn(joins=True) as first:
        queue.note_lock()
        joined = _queued(threads.submit(write), queue, 2)
        last = _queued(threads.submit(write), queue, 3)
        queue.let_others_join(first, group)  # type: ignore[arg-type]
        joined.result(timeout=20)
        assert isinstance(last.exception(timeout=20), WaitedInVain)


def test_whoever_waited_in_vain_is_told_to_wait_as_long_as_the_other_has_worked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = WritersQueue(1, patience=0.1)
    with ThreadPoolExecutor(1) as threads, queue.turn():
        queue.note_lock()
        queue._lock_since -= 7
        waiting = threads.submit(queue.turn().__enter__)
        monkeypatch.setattr(writers_queue, "WHILE_ANOTHER_WRITES", 0.1)
        error = waiting.exception(timeout=20)
    assert isinstance(error, WaitedInVain)
    assert error.seconds == 8


@needs_locks_of_files
def test_writers_that_leave_without_having_got_the_lock_have_moved_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.3)
    theirs, ours = side_by_side(tmp_path, 1, 30)
    places = [theirs.join() for _ in range(4)]

    def write() -> None:
        with ours.turn():
            sleep(1)

    with ThreadPoolExecutor(2) as threads:
        _queued(threads.submit(write), ours, 1)
        hurried = _queued(threads.submit(write), ours, 2)
        for place in places[:3]:
            sleep(0.15)
            theirs.leave(place)
        assert isinstance(hurried.exception(timeout=0.1), WaitedInVain)


def test_patience_lasts_while_writers_of_other_processes_take_their_turns(tmp_path: Path) -> None:
    theirs, ours = side_by_side(tmp_path, 1, 0.3)
    places = [theirs.join() for _ in range(4)]

    def write() -> None:
        with ours.turn():
            pass

    with ThreadPoolExecutor(1) as threads:
        waiting = _queued(threads.submit(write), ours, 1)
        for place in places:  # each works for less than a standstill, all of them for longer than anybody's patience
            theirs.note_lock(place)
            sleep(0.2)
            theirs.leave(place)
        assert waiting.exception(timeout=20) is None


class Course:
    """What writers of other processes do between the looks of ours, at moments that no real clock decides."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.events, self._steps = (
            monotonic(),
            list[str](),
            iter(list[tuple[float, str, Callable[[], object]]]()),
        )
        monkeypatch.setattr(writers_queue, "monotonic", lambda: self.now)
        monkeypatch.setattr(writers_queue, "sleep", lambda _: self._step())

    def take(self, *steps: tuple[float, str, Callable[[], object]]) -> None:
        """From now on: after so many seconds, this happens, in one go between two looks."""
        self._steps = iter(steps)

    def _step(self) -> None:
        seconds, event, happen = next(self._steps, (0.1, "", lambda: None))
        self.now += seconds
        happen()
        self.events += [event] if event else []

    def note(self, event: str) -> None:
        self.events.append(event)


@needs_locks_of_files
def test_the_next_in_turn_has_time_to_take_the_lock_after_a_writer_that_had_it_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = side_by_side(tmp_path, 2, 5)
    long, next_one = theirs.join(), theirs.join()
    course = Course(monkeypatch)
    theirs.note_lock(long)
    course.take(
        (0, "", lambda: None),
        (3, "the first has written", lambda: theirs.leave(long)),
        (0.5, "the next takes the lock", lambda: theirs.note_lock(next_one)),
        (3, "the next has written", lambda: theirs.leave(next_one)),
    )
    with ours.turn():
        course.note("ours")
    assert course.events[-3:] == ["the next takes the lock", "the next has written", "ours"]


@needs_locks_of_files
def test_a_writer_that_has_passed_others_by_is_waited_for_while_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = side_by_side(tmp_path, 2, 5)
    theirs.join()  # a writer that was stopped
    course = Course(monkeypatch)

    def pass_by() -> None:
        passing.append(theirs.join())
        theirs.note_lock(passing[0])

    passing = list[int | None]()
    steps = [(1.0, "", lambda: None)] * 7
    course.take(
        (0, "the last takes the lock", pass_by), *steps, (0, "the last has written", lambda: theirs.leave(passing[0]))
    )
    with ours.turn():
        course.note("ours")
    assert course.events == ["the last takes the lock", "the last has written", "ours"]


@needs_locks_of_files
def test_nobody_gives_up_while_the_first_of_their_process_waits_for_a_writer_that_has_passed_it_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = side_by_side(tmp_path, 2, 5)
    place = theirs.join()
    course = Course(monkeypatch)
    behind: list[Future[None]] = []

    def write() -> None:
        with ours.turn():
            pass

    def pass_by() -> None:
        theirs.note_lock(theirs.join())
        theirs.leave(place)

    with ThreadPoolExecutor(1) as threads:
        course.take(
            (0, "", lambda: behind.append(_queued(threads.submit(write), ours, 2))),
            (0, "", lambda: theirs.note_lock(place)),
            (6, "", pass_by),
        )
        with ours.turn():
            sleep(0.05)  # in which the one behind looks whether to give up
        behind[0].result(timeout=20)


def test_whoever_waits_longer_than_their_patience_gives_up_and_leaves_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writers_queue, "STANDSTILL", 0.1)
    queue = WritersQueue(2, patience=0.1)
    with ThreadPoolExecutor(1) as threads, queue.turn():
        waiting = threads.submit(queue.turn().__enter__)
        assert isinstance(waiting.exception(timeout=20), WaitedInVain)
    with queue.turn():
        pass


def _queued(writer: "Future[None]", queue: WritersQueue, length: int) -> "Future[None]":
    """A writer of another thread once it stands in the queue."""
    until = monotonic() + 20
    while len(queue._queue) < length and not writer.done() and monotonic() < until:
        sleep(0.001)
    return writer
