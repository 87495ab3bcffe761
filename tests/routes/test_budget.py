"""No request costs more time than its bytes are worth: whatever it holds, it is answered within a second.

A request that takes longer keeps all others waiting that its worker has accepted. The time is that of the processor, so
that a busy machine changes little about it.
"""

import gc
import unicodedata
from collections.abc import Callable, Iterator
from time import thread_time

import pytest
from applications import bearer, client_of
from asking import mistakes, problem
from builders import world
from changing import Writer
from conftest import NewDatabase
from every import every
from flask.testing import FlaskClient
from hostile import (
    ACUTE,
    CHANGES,
    DRAFTS,
    HEADERS,
    LINES,
    PATCHES,
    QUERIES,
    RECONCILED,
    REPEATING,
    SPEAKERS,
    STATEMENTS,
    as_json,
    repeating_names,
)
from werkzeug.test import TestResponse

from api.database.current import database
from schemas.values.normal_form import LONGEST_RUN, UNSAFE, is_stream_safe

BUDGET = 2.0
"""Seconds of processor time: the one that is promised, and another because the suite runs several tests at once, which
makes every second of a busy machine longer. What this is to find grows with the square of its input and takes many."""
LONGEST_IMPORT = 1 << 15  # bytes; an import may take as long as its lines, one after the other
JSON, MERGE_PATCH, NDJSON = "application/json", "application/merge-patch+json", "application/x-ndjson"
STATEMENT = f"/v1/statements/{next(iter(world()['statements']))}"


def within_budget(request: Callable[[], TestResponse]) -> TestResponse:
    gc.collect()
    begun = thread_time()
    response = request()
    spent = thread_time() - begun
    assert spent < BUDGET, f"took {spent:.2f} s"
    return response


@pytest.fixture(scope="module", autouse=True)
def _collecting_only_what_is_new() -> None:
    """Spare the garbage collector, which runs before every request, what the tests before have loaded.

    It stays spared: to unfreeze it would also return what was frozen when all tests had been collected.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def _writer_of_the_module(new_database: NewDatabase) -> Iterator[Writer]:
    records = {record_type: list(documents.values()) for record_type, documents in world().items()}
    records["speakers"].append(repeating_names())
    with client_of(new_database(), records, needed=False) as client:
        client.application.config["TESTING_DATABASE"] = database.obj
        client.application.config["LONGEST_IMPORT"] = LONGEST_IMPORT
        writer = Writer(client)
        writer.headers = bearer("write", "import")
        yield writer


@pytest.fixture
def writer(_writer_of_the_module: Writer) -> Writer:
    """A writer on one database for all tests of this module: what one of them creates it deletes again."""
    database.initialize(_writer_of_the_module.client.application.config["TESTING_DATABASE"])
    return _writer_of_the_module


def put(writer: Writer, address: str, body: bytes) -> TestResponse:
    headers = {**writer.headers, "If-None-Match": "*"}
    response = within_budget(lambda: writer.client.put(address, data=body, headers=headers, content_type=JSON))
    if response.status_code == 201:
        tag = {"If-Match": response.headers["ETag"]}
        deleted = within_budget(lambda: writer.client.delete(address, headers={**writer.headers, **tag}))
        assert deleted.status_code == 204
    return response


# --- bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_answered_in_time(writer: Writer, name: str) -> None:
    response = put(writer, "/v1/statements/new", STATEMENTS[name]())
    assert response.status_code in (201, 400, 422), response.text[:500]


@pytest.mark.parametrize("name", SPEAKERS)
def test_a_speaker_is_answered_in_time(writer: Writer, name: str) -> None:
    response = put(writer, "/v1/speakers/new", SPEAKERS[name]())
    assert response.status_code in (201, 422), response.text[:500]


@pytest.mark.parametrize("name", REPEATING)
def test_a_text_full_of_names_is_answered_in_time(writer: Writer, name: str) -> None:
    assert put(writer, "/v1/statements/new", REPEATING[name]()).status_code == 201


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_is_answered_in_time(writer: Writer, name: str) -> None:
    body, headers = PATCHES[name](), {**writer.headers, "If-Match": "*"}
    response = within_budget(
        lambda: writer.client.patch(STATEMENT, data=body, headers=headers, content_type=MERGE_PATCH)
    )
    assert response.status_code in (200, 400, 422), response.text[:500]


@pytest.mark.parametrize("name", LINES)
def test_an_import_is_answered_in_time(writer: Writer, name: str) -> None:
    body = LINES[name](LONGEST_IMPORT)
    response = within_budget(
        lambda: writer.client.post("/v1/import", data=body, headers=writer.headers, content_type=NDJSON)
    )
    assert response.status_code in (200, 400, 422), response.text[:500]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_is_answered_in_time(engine: str, writer: Writer, name: str) -> None:
    """Drafts are made of the text alone, once the names are read: the engine has no part in how long that takes."""
    if engine != "sqlite":
        pytest.skip("the same code takes the same time")
    text = DRAFTS[name]()
    language = "en" if text.isascii() else "ar"
    kind = "text/html" if text.startswith("<html>") else "text/plain"
    response = within_budget(
        lambda: writer.client.post(f"/v1/drafts?language={language}", data=text.encode(), content_type=kind)
    )
    assert response.status_code in (200, 422), response.text[:500]


@pytest.mark.parametrize("name", RECONCILED)
@pytest.mark.parametrize("record_type", ["speakers", "articles"])
def test_a_batch_for_reconciliation_is_answered_in_time(client: FlaskClient, name: str, record_type: str) -> None:
    body = RECONCILED[name]()
    response = within_budget(lambda: client.post(f"/reconcile/{record_type}", json=body))
    assert response.status_code in (200, 422), response.text[:500]


# --- addresses and headers -------------------------------------------------------------------------------------------


@every("name", QUERIES)
def test_a_query_is_answered_in_time(client: FlaskClient, name: str) -> None:
    address = QUERIES[name]()
    response = within_budget(lambda: client.get(address))
    assert response.status_code in (200, 400, 404, 410, 422), response.text[:500]


@every("name", HEADERS)
def test_headers_of_a_read_are_answered_in_time(client: FlaskClient, name: str) -> None:
    headers = HEADERS[name]()
    response = within_budget(lambda: client.get("/v1/statements", headers=headers))
    assert response.status_code in (200, 304, 400, 401, 406)


@pytest.mark.parametrize("name", CHANGES)
def test_headers_of_a_change_are_answered_in_time(writer: Writer, name: str) -> None:
    headers = {"Content-Type": JSON, **writer.headers, **CHANGES[name]()}
    response = within_budget(lambda: writer.client.post("/v1/speakers", data=b"{}", headers=headers))
    assert response.status_code in (400, 412, 415, 422), response.text[:500]
    address = "/v1/speakers/minister"
    response = within_budget(lambda: writer.client.put(address, data=b"{}", headers=headers))
    assert response.status_code in (400, 412, 415, 422, 428), response.text[:500]


# --- combining marks in a row ----------------------------------------------------------------------------------------

TOO_MANY = "a" + ACUTE * (LONGEST_RUN + 1)


def test_texts_with_more_marks_in_a_row_than_any_writing_has_are_issues_of_the_document(writer: Writer) -> None:
    document = {"id": "new", "kind": "person", "name": {"en": TOO_MANY}, "aliases": [{"value": TOO_MANY}]}
    told = problem(put(writer, "/v1/speakers/new", as_json(document)), 422, "invalid-document")
    wrong = {error["pointer"] for error in told["errors"] if error["detail"] == UNSAFE}
    assert wrong == {"/name/en", "/aliases/0/value"}


@pytest.mark.parametrize("query", ["q={}", "speaker={}", "cursor={}", "{}=1", "since={}"])
def test_parameters_with_more_marks_in_a_row_than_any_writing_has_are_refused(client: FlaskClient, query: str) -> None:
    assert len(mistakes(client.get("/v1/statements?" + query.format(TOO_MANY)))) == 1


def test_as_many_marks_as_a_writing_may_have_are_read(client: FlaskClient) -> None:
    assert client.get("/v1/statements?q=a" + ACUTE * LONGEST_RUN).status_code == 200


def test_every_non_starter_counts() -> None:
    for character in map(chr, range(0x110000)):
        decomposed = unicodedata.normalize("NFKD", character)
        if all(map(unicodedata.combining, decomposed)):
            assert not is_stream_safe(character * (LONGEST_RUN + 1)), f"U+{ord(character):04X}"
            assert is_stream_safe(character * LONGEST_RUN)


@every("before", range(2 * LONGEST_RUN))
def test_a_run_counts_wherever_it_stands(before: int) -> None:
    assert not is_stream_safe("ا" * before + ACUTE * (LONGEST_RUN + 1) + "ا" * 7)
    assert is_stream_safe("ا" * before + f"{ACUTE * LONGEST_RUN}ا" * 7)
