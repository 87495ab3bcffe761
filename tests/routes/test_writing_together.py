"""Writers that wait for each other are committed together: one sync of the disk, and nobody is answered before it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

import pytest
from asking import problem
from changing import Document, Writer, accepted, eventually, faults, log
from peewee import OperationalError
from werkzeug.test import TestResponse

from api.database import writers_queue
from api.database.current import database, engine
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.database.transactions import writing
from api.records import propagation
from api.records.changes import Change
from api.records.replacing import replace_records

Answers = list["Future[TestResponse]"]


@contextmanager
def at_once(writer: Writer, documents: list[Document], headers: Sequence[dict[str, str]] = ()) -> Iterator[Answers]:
    """POST statements at the same time: all wait for this thread, which writes meanwhile, and have their turns afterwards."""
    with ThreadPoolExecutor(len(documents)) as threads:
        with writing():
            answers: Answers = []
            for document, more in zip(documents, headers or [{}] * len(documents), strict=True):
                answers.append(threads.submit(writer.send, "POST", "/v1/statements", document, **more))
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
    """How many changes had been logged at each commit of another thread than the tests' own.

    `failing_from` lets them fail from the one of this number on, counted from 0.
    """

    failing_from: int | None = None


@pytest.fixture
def commits(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> Commits:
    """The commits from now on."""
    noted, commit = Commits(), engine().commit

    def note() -> None:
        if current_thread() is not main_thread() and _is_writing():
            noted.append(len(log()))
            if noted.failing_from is not None and len(noted) > noted.failing_from:
                raise OperationalError("disk I/O error")
        commit()

    monkeypatch.setattr(engine(), "commit", note)
    return noted


def _is_writing() -> bool:
    """Whether the transaction under way is a writer's: behind a pooler each read has one too."""
    if is_sqlite():
        return True
    locks = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    return engine().connection().execute(locks).fetchone() is not None


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
    commits.failing_from = 0
    with at_once(writer, [documents[0], documents[2]]) as answers:
        refused = [answer.result(timeout=60) for answer in answers]
    for answer in refused:
        problem(answer, 503, "database-unavailable")
    assert log() == []
    commits.failing_from = None
    accepted(writer.send("POST", "/v1/statements", documents[0]))
    assert faults() == []


def test_a_key_whose_commit_failed_may_be_sent_again_and_counts_once(
    writer: Writer, documents: list[Document], commits: Commits
) -> None:
    keys = {number: {"idempotency_key": f'"key {number}"'} for number in (0, 2)}
    commits.failing_from = 1  # after that of the claims
    with at_once(writer, [documents[number] for number in keys], list(keys.values())) as answers:
        refused = [answer.result(timeout=60) for answer in answers]
    for answer in refused:
        problem(answer, 503, "database-unavailable")
    assert log() == []
    commits.failing_from = None
    for number, key in keys.items():
        sent = [accepted(writer.send("POST", "/v1/statements", documents[number], **key)) for _ in range(2)]
        assert sent[0].headers["ETag"] == sent[1].headers["ETag"]
    assert len(log()) == 2
    assert faults() == []


def _break(error: str) -> None:
    """Let a statement of the transaction under way fail as the engine itself makes it fail."""
    if error == "a mistake of ours":
        execute('INSERT INTO "change" (record_type) VALUES (NULL)')
    if is_sqlite():
        engine().connection().rollback()  # as SQLite does by itself when the disk is full
        raise OperationalError("database or disk is full")
    execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize(
    ("error", "statuses"),
    [("a mistake of ours", [201, 500]), ("an outage", [503, 503])],
    ids=["a mistake of ours", "an outage"],
)
def test_an_outage_that_one_meets_is_everybodys_and_a_mistake_is_not(
    writer: Writer, documents: list[Document], monkeypatch: pytest.MonkeyPatch, error: str, statuses: list[int]
) -> None:
    def replacing(changes: list[Change], *rest: Any) -> set[str]:
        if changes[0].document["id"] == "together-2":
            _break(error)
        return replace_records(changes, *rest)

    monkeypatch.setitem(writer.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(propagation, "replace_records", replacing)
    with at_once(writer, [documents[0], documents[2]]) as answers:
        assert [answer.result(timeout=60).status_code for answer in answers] == statuses
    assert len(log()) == statuses.count(201)
    assert faults() == []
    monkeypatch.setattr(propagation, "replace_records", replace_records)
    accepted(writer.send("POST", "/v1/statements", documents[2]))
