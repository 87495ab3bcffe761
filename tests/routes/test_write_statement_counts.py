"""How many SQL statements a write costs, for every record type, and however many records there are.

Counted is whatever Python gives the database: each `execute` and, however many rows it is for, each `executemany`. Not
counted are the beginning and the end of a transaction with the locks, the time limits and the look at the version of the
database that belong to it, the look-up of the token, and what is put into or taken from the text index, whose own tables
are the engines' affair.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from changing import CHANGEABLE, SAMPLES, Writer, faults
from playhouse.migrations import Migration

from api.database.current import database

UNCOUNTED = re.compile(
    rf"pg_advisory_xact_lock|^BEGIN|^SET LOCAL|^PRAGMA|pg_is_in_recovery|\bschema_migration\b|\btoken\b|\b(?:{'|'.join(CHANGEABLE)}|vocabularies)_text(?:_content)?\b"
)

UNCHANGED = 4
"""The row, all that the document refers to, either who else has its identifiers or the texts that it quotes, and where the log
of changes ends."""

REWORDED = {
    "statements": 15,
    "readings": 15,
    "communiques": 15,
    "articles": 19,
    "places": 25,
    "agreements": 33,
    "events": 36,
    "speakers": 39,
}
"""Beside the record itself, a few statements for each record type of which some record shows the word or mentions the name."""

CREATED = {
    "statements": 26,
    "readings": 10,
    "communiques": 11,
    "articles": 11,
    "places": 22,
    "agreements": 33,
    "events": 36,
    "speakers": 30,
}
"""One statement for each table that takes rows; and what mentions the names of the new record is indexed anew."""

DELETED = {
    "statements": 23,
    "readings": 6,
    "communiques": 6,
    "articles": 7,
    "places": 21,
    "agreements": 31,
    "events": 33,
    "speakers": 31,
}
"""One statement for each table of its parts, whatever they hold; and what mentions its names is indexed anew."""

of_every_record_type = pytest.mark.parametrize("record_type", CHANGEABLE)


class _Cursor:
    """A cursor that notes what it runs for many rows."""

    def __init__(self, cursor: Any, run: list[str]) -> None:
        self._cursor, self._run = cursor, run

    def executemany(self, sql: str, values: Any) -> Any:
        self._run.append(sql)
        return self._cursor.executemany(sql, values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@pytest.fixture
def run(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the service runs from now on."""
    statements: list[str] = []
    execute, cursor = database.obj.execute_sql, database.obj.cursor

    def noted(sql: str, *rest: Any, **options: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest, **options)

    monkeypatch.setattr(database.obj, "execute_sql", noted)
    monkeypatch.setattr(database.obj, "cursor", lambda *rest, **options: _Cursor(cursor(*rest, **options), statements))
    return statements


def cost(writer: Writer, run: list[str], method: str, address: str, body: Any = None, **headers: str) -> int:
    """How many statements an accepted request costs."""
    run.clear()
    answer = writer.send(method, address, body, **headers)
    assert 200 <= answer.status_code < 300, answer.text
    return len(counted(run))


def counted(run: list[str]) -> list[str]:
    return [sql for sql in run if not UNCOUNTED.search(sql)]


def address_of(record_type: str) -> str:
    return f"/v1/{record_type}/{SAMPLES[record_type]}"


def reworded(document: dict[str, Any]) -> dict[str, Any]:
    """A document with one other word in what it says, or is called."""
    key = next(key for key in ("summary", "name", "title", "note") if document.get(key))
    if isinstance(document[key], str):
        return {**document, key: f"{document[key]} anew"}
    language, words = next(iter(document[key].items()))
    return {**document, key: {**document[key], language: f"{words} anew"}}


def unlike(document: dict[str, Any]) -> dict[str, Any]:
    """A document for a new record, with nothing that only one record may have."""
    new = {**document, "id": "new-one", **({"identifiers": []} if "identifiers" in document else {})}
    return {**new, "sha256": "0" * 64} if "sha256" in document else new


@of_every_record_type
def test_the_same_content_again_costs_a_few_statements_and_writes_nothing(
    writer: Writer, run: list[str], record_type: str
) -> None:
    address = address_of(record_type)
    stored, tag = writer.get(address), writer.etag(address)
    assert cost(writer, run, "PUT", address, stored, if_match=tag) <= UNCHANGED, counted(run)
    assert not [sql for sql in counted(run) if re.match("INSERT|UPDATE|DELETE", sql)]
    assert cost(writer, run, "PATCH", address, {}, if_match=tag) <= UNCHANGED, counted(run)


@of_every_record_type
def test_another_word_costs_so_many_statements(writer: Writer, run: list[str], record_type: str) -> None:
    address = address_of(record_type)
    stored, tag = writer.get(address), writer.etag(address)
    assert cost(writer, run, "PUT", address, reworded(stored), if_match=tag) <= REWORDED[record_type], counted(run)
    assert faults() == []


@of_every_record_type
def test_a_new_record_and_its_deletion_cost_so_many_statements(
    writer: Writer, run: list[str], record_type: str
) -> None:
    new = unlike(writer.get(address_of(record_type)))
    assert cost(writer, run, "POST", f"/v1/{record_type}", new) <= CREATED[record_type], counted(run)
    assert faults() == []
    tag = writer.etag(f"/v1/{record_type}/new-one")
    assert cost(writer, run, "DELETE", f"/v1/{record_type}/new-one", if_match=tag) <= DELETED[record_type], counted(run)
    assert faults() == []


def test_a_write_does_not_look_into_the_folder_of_migrations(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of("statements")
    stored, tag = writer.get(address), writer.etag(address)
    assert writer.send("PUT", address, reworded(stored), if_match=tag).status_code == 200

    def fail(folder: str) -> None:
        raise AssertionError(folder)

    monkeypatch.setattr(Migration, "load_directory", fail)
    assert writer.send("PUT", address, stored, if_match=writer.etag(address)).status_code == 200
