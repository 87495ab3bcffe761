"""Writers that wait for each other are committed together: one sync of the disk, and nobody is answered before it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

import pytest
from asking import problem
from changing import Document, Writer, accepted, eventually, faults, log
from peewee import IntegrityError, OperationalError
from werkzeug.test import TestResponse

from api.database import writers_queue
from api.database.current import database, engine
from api.database.transactions import writing
from api.records import propagation
from api.records.changes import Change
from api.records.replacing import replace_records

Answers = list["Future[TestResponse]"]


@contextmanager
def at_once(writer: Writer, documents: list[Document]) -> Iterator[Answers]:
    """POST statements at the same time: all wait for this thread, which writes meanwhile, and have their turns afterwards."""
    with ThreadPoolExecutor(len(documents)) as threads:
        with writing():
            answers: Answers = []
            for document in documents:
                answers.append(threads.submit(writer.send, "POST", "/v1/statements", document))
                assert eventually(lambda: len(engine().writers) == len(answers) + 1)
        yield answers
    database.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let others join however slow the machine is."""
    monkeypatch.setattr(writers_queue, "LONGEST_WAIT", 60)


@pytest.fixture
def documents(writer: Writer) -> list[Document]:
    """Three new statements, the second of which can't be stored: it is there already."""
    [original] = writer.get("/v1/statements?limit=1")["data"]
    del original["links"]
    return [{**original, **({} if number == 1 else {"id": f"together-{number}"})} for number in range(3)]


class Commits(list[int]):
    """How many changes had been logged at each commit of another thread than the tests' own; `failing` lets them fail."""

    failing = False


@pytest.fixture
def commits(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> Commits:
    """The commits from now on."""
    noted, commit = Commits(), engine().commit

    def note() -> None:
        if current_thread() is not main_thread():
            noted.append(len(log()))
            if noted.failing:
                raise OperationalError("disk I/O error")
        commit()

    monkeypatch.setattr(engine(), "commit", note)
    return noted


def test_waiting_writers_share_a_commit_and_a_refusal_takes_back_nothing_of_the_others(
    writer: Writer, documents: list[Document], commits: Commits
) -> None:
    with at_once(writer, documents) as answers:
        assert [answer.result(timeout=60).status_code for answer in answers] == [201, 409, 201]
    assert commits == [2]
    assert [record for record, *_ in log()] == [f"statements/together-{number}" for number in (0, 2)]
    assert len({writer.get(f"/v1/statements/together-{number}")["updated_at"] for number in (0, 2)}) == 2
    assert faults() == []


def test_when_the_commit_fails_nobody_is_told_that_anything_was_stored(
    writer: Writer, documents: list[Document], commits: Commits
) -> None:
    commits.failing = True
    with at_once(writer, [documents[0], documents[2]]) as answers:
        refused = [answer.result(timeout=60) for answer in answers]
    for answer in refused:
        problem(answer, 503, "database-unavailable")
    assert log() == []
    commits.failing = False
    accepted(writer.send("POST", "/v1/statements", documents[0]))
    assert faults() == []


@pytest.mark.parametrize(
    ("error", "statuses"),
    [(IntegrityError("CHECK constraint failed"), [201, 500]), (OperationalError("disk I/O error"), [503, 503])],
    ids=["a mistake of ours", "an outage"],
)
def test_an_outage_that_one_meets_is_everybodys_and_a_mistake_is_not(
    writer: Writer, documents: list[Document], monkeypatch: pytest.MonkeyPatch, error: Exception, statuses: list[int]
) -> None:
    def replacing(changes: list[Change], *rest: Any) -> set[str]:
        if changes[0].document["id"] == "together-2":
            raise error
        return replace_records(changes, *rest)

    monkeypatch.setitem(writer.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(propagation, "replace_records", replacing)
    with at_once(writer, [documents[0], documents[2]]) as answers:
        assert [answer.result(timeout=60).status_code for answer in answers] == statuses
    assert len(log()) == statuses.count(201)
    assert faults() == []
