"""POST /v1/import: many records, in any order, all or none."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from applications import bearer, client_of
from builders import world
from bulk import line, lines_of, many_statements, written
from changing import eventually, faults
from conftest import NewDatabase
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.bulk import importing, staging
from api.database.current import database, engine
from api.database.dialect import is_sqlite
from api.database.statements import execute
from api.database.transactions import writing
from api.models.base import tuples
from api.models.changes import Change
from api.records.changing import ANY, Condition, delete
from api.search.text_indexes import FTS5

NDJSON = "application/x-ndjson"


class Importer:
    """A client whose token may import and write."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers = bearer("import", "write", name="the desk")

    def send(self, body: bytes, content_type: str = NDJSON, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/import", data=body, content_type=content_type, headers={**self.headers, **named})

    def bring(self, *lines: str) -> dict[str, int]:
        answer = self.send(written(lines))
        assert answer.status_code == 200, answer.text[:2000]
        told: dict[str, int] = answer.get_json()
        return told

    def mistakes(self, *lines: str) -> list[tuple[int | None, str, str]]:
        answer = self.send(written(lines))
        assert answer.status_code == 422, answer.text[:2000]
        return [(told.get("line"), told["pointer"], told["detail"]) for told in answer.get_json()["errors"]]


@pytest.fixture
def importer(new_database: NewDatabase) -> Iterator[Importer]:
    """An importer into a database without records."""
    with client_of(new_database(), {}, needed=False) as client:
        yield Importer(client)


def log() -> list[tuple[Any, ...]]:
    return list(tuples(Change.select(Change.sequence, Change.operation).order_by(Change.sequence)))


def test_references_may_point_forward_and_every_record_is_as_if_it_had_been_written_alone(importer: Importer) -> None:
    records = world()
    lines = lines_of(records)
    assert importer.bring(*lines) == {"created": len(lines), "changed": 0, "unchanged": 0}
    assert faults() == []
    for record_type, documents in records.items():
        for record_id, document in documents.items():
            stored = importer.client.get(f"/v1/{record_type}/{record_id}").get_json()
            assert document.keys() <= stored.keys()
    welcoming = importer.client.get("/v1/statements/minister-welcomes").get_json()
    assert welcoming["speakers"][0]["speaker"]["name"] == {"en": "Ivan Petrov"}
    assert importer.client.get("/v1/speakers/minister/history").get_json()["data"][0]["recorded_by"] == "the desk"


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many records are looked at and written at once, so few that a short import has several batches."""
    for module in (importing, staging):
        monkeypatch.setattr(module, "BATCH_SIZE" if module is importing else "_BATCH_SIZE", 50)
    monkeypatch.setattr(importing, "RECORDS_AT_ONCE", 50)
    monkeypatch.setattr(importing, "MANY_ENTRIES", 50)
    monkeypatch.setattr(importing, "ENTRIES_AT_ONCE", 2000)
    return 50


def test_more_records_than_are_written_at_once_refer_to_each_other(importer: Importer, few_at_once: int) -> None:
    bodies: list[dict[str, Any]] = [
        {
            "id": f"body-{n:04}",
            "kind": "government-body",
            "name": {"en": f"Body {n}"},
            "part_of": {"id": f"body-{n + 1:04}"},
            "identifiers": [{"scheme": "own", "value": f'\\N "{n}" \\t\u0642'}],
        }
        for n in range(120)
    ]
    last = {"id": "body-0120", "kind": "government-body", "name": {"en": "Body 120"}}
    assert len(bodies) > 2 * few_at_once
    assert importer.bring(*(line("speakers", one) for one in [*bodies, last]))["created"] == 121
    first = importer.client.get("/v1/speakers/body-0000").get_json()
    assert first["part_of"]["name"] == {"en": "Body 1"}
    far = importer.client.get("/v1/speakers/body-0049").get_json()
    assert far["part_of"]["name"] == {"en": "Body 50"}
    found = importer.client.get("/v1/speakers?q=%22body+77%22").get_json()["data"]
    assert {record["id"] for record in found} == {"body-0076", "body-0077"}
    assert faults() == []
    if is_sqlite():  # and the text index holds no more in memory than before
        [(size,)] = execute("SELECT v FROM speakers_text_config WHERE k = 'hashsize'").fetchall()
        assert size == FTS5.HASH_SIZE


def test_the_same_again_writes_nothing(importer: Importer) -> None:
    lines = lines_of(world())
    importer.bring(*lines)
    before = log()
    assert importer.bring(*lines) == {"created": 0, "changed": 0, "unchanged": len(lines)}
    assert log() == before


def test_what_others_show_of_a_replaced_record_changes_with_it(importer: Importer) -> None:
    records = world()
    importer.bring(*lines_of(records))
    renamed = {**records["speakers"]["minister"], "name": {"en": "Peter Ivanov"}}
    assert importer.bring(line("speakers", renamed)) == {"created": 0, "changed": 1, "unchanged": 0}
    welcoming = importer.client.get("/v1/statements/minister-welcomes").get_json()
    assert welcoming["speakers"][0]["speaker"]["name"] == {"en": "Peter Ivanov"}
    assert importer.client.get("/v1/statements?q=Ivanov").get_json()["data"]
    assert faults() == []


def test_every_bad_line_is_told_with_its_number_pointer_and_reason_and_nothing_is_stored(importer: Importer) -> None:
    good = {"id": "good", "kind": "person", "name": {"en": "Good"}}
    lines = [
        line("speakers", good),
        "{not json",
        "",
        line("people", good),
        '{"type": "speakers"}',
        "[1]",
        line("speakers", {"id": "bad", "kind": "wizard", "name": {}}),
        line("speakers", {**good, "id": "twice", "part_of": {"id": "bad"}}),
        line("speakers", {**good, "id": "twice"}),
        line("speakers", {**good, "id": "lost", "part_of": {"id": "nobody"}}),
        '{"type": "speakers", "type": "places", "document": {}}',
        '{"type": "speakers", "document": {"id": "a", "id": "b"}, "extra": 1}',
        line("speakers", {"id": "worse", "kind": "wizard", "name": {"en": "X"}, "part_of": {"id": "nobody"}}),
    ]
    mistakes = importer.mistakes(*lines)
    assert sorted({number for number, _, _ in mistakes if number}) == [2, 4, 5, 6, 7, 9, 10, 11, 12, 13]
    where = {(number, pointer) for number, pointer, _ in mistakes}
    assert {(2, ""), (4, "/type"), (5, "/document"), (7, "/document/kind"), (7, "/document/name")} <= where
    assert {(9, "/document/id"), (10, "/document/part_of/id"), (11, "/type"), (12, "/extra")} <= where
    assert {(12, "/document/id"), (13, "/document/kind"), (13, "/document/part_of/id")} <= where
    assert next(told for number, _, told in mistakes if number == 9).endswith("in line 8.")
    assert importer.client.get("/v1/speakers").get_json()["data"] == []


def test_a_strange_key_of_a_line_hides_nothing_in_its_document(importer: Importer) -> None:
    lost = {"id": "lost", "kind": "wizard", "name": {"en": "Lost"}, "part_of": {"id": "nobody"}}
    mistakes = importer.mistakes(
        json.dumps({"type": "speakers", "document": lost, "comment": "?"}),
        json.dumps({"type": "speakers", "document": {**lost, "kind": "person"}, "comment": "?"}),
    )
    assert {(number, pointer) for number, pointer, _ in mistakes} == {
        *((1, "/comment"), (1, "/document/kind"), (1, "/document/part_of/id")),
        *((2, "/comment"), (2, "/document/part_of/id")),
    }


def test_records_that_do_not_fit_together_are_told_by_their_lines(importer: Importer) -> None:
    def body(record_id: str, **more: Any) -> str:
        return line("speakers", {"id": record_id, "kind": "government-body", "name": {"en": record_id}, **more})

    claims = {"identifiers": [{"scheme": "wikidata", "value": "Q1"}]}
    mistakes = importer.mistakes(
        body("above", part_of={"id": "below"}),
        body("below", part_of={"id": "above"}),
        body("one", **claims),
        body("another", **claims),
    )
    assert [(number, pointer) for number, pointer, _ in mistakes] == [
        (1, "/document/part_of"),
        (2, "/document/part_of"),
        (4, "/document/identifiers/0/value"),
    ]


def test_what_one_record_gives_up_another_may_take_whatever_their_order(importer: Importer, few_at_once: int) -> None:
    def body(record_id: str, *values: str) -> str:
        identifiers = [{"scheme": "wikidata", "value": value} for value in values]
        kept = {"id": record_id, "kind": "government-body", "name": {"en": record_id}, "identifiers": identifiers}
        return line("speakers", kept)

    between = [body(f"m-{number:04}") for number in range(few_at_once + 10)]
    importer.bring(body("a", "Q1"), *between, body("z", "Q2"))
    assert importer.bring(body("a", "Q2"), *between, body("z", "Q1"))["changed"] == 2
    assert importer.client.get("/v1/speakers/a").get_json()["identifiers"][0]["value"] == "Q2"
    assert faults() == []


def test_a_stored_record_that_would_no_longer_fit_is_named(importer: Importer) -> None:
    records = world()
    importer.bring(*lines_of(records))
    without = {key: value for key, value in records["speakers"]["minister"].items() if key != "offices"}
    answer = importer.send(written([line("speakers", without)]))
    assert answer.status_code == 422
    assert any(told.get("document", "").startswith("events/") for told in answer.get_json()["errors"])
    assert importer.client.get("/v1/speakers/minister").get_json()["offices"]


def test_deleted_records_come_again_and_merged_ones_are_refused(importer: Importer) -> None:
    one, other = ({"id": name, "kind": "person", "name": {"en": name}} for name in ("one", "other"))
    importer.bring(line("speakers", one), line("speakers", other))
    tag = importer.client.get("/v1/speakers/one").headers["ETag"]
    importer.client.delete("/v1/speakers/one", headers={**importer.headers, "If-Match": tag})
    assert importer.bring(line("speakers", one)) == {"created": 1, "changed": 0, "unchanged": 0}
    tag = importer.client.get("/v1/speakers/one").headers["ETag"]
    merged = importer.client.post(
        "/v1/speakers/one/merge", json={"into": "other"}, headers={**importer.headers, "If-Match": tag}
    )
    assert merged.status_code == 200
    [(number, pointer, detail)] = importer.mistakes("", line("speakers", one))
    assert (number, pointer) == (2, "/document/id")
    assert "'other'" in detail


def test_an_import_is_checked_before_its_turn_and_again_when_something_changed_meanwhile(importer: Importer) -> None:
    town = {"kind": "region", "name": {"en": "Town"}}
    importer.bring(line("places", {"id": "county", **town}))
    within, nowhere = (
        written([line("places", {"id": "town", "part_of": {"id": above}, **town})]) for above in ("county", "nowhere")
    )
    with ThreadPoolExecutor(2) as threads:
        with writing():
            assert threads.submit(importer.send, nowhere).result(timeout=60).status_code == 422
            waiting = threads.submit(importer.send, within)
            assert eventually(lambda: len(engine().writers) == 2)
            delete("places", "county", "somebody else", Condition(must_match=ANY))
        database.close()
        assert waiting.result(timeout=60).status_code == 422
    assert [operation for _, operation in log()[-2:]] == ["created", "deleted"]


def test_a_file_of_nothing_but_mistakes_is_not_read_to_its_end(importer: Importer) -> None:
    mistakes = importer.mistakes(*["x"] * 12_000)
    assert len(mistakes) == 10_001
    assert mistakes[-1][2] == "More than 10000 mistakes up to here: no further line was read."


def test_a_line_has_the_limits_of_a_body(importer: Importer) -> None:
    importer.client.application.config["LONGEST_BODY"] = 2_000
    long = line("speakers", {"id": "long", "kind": "person", "name": {"en": "x" * 3_000}})
    [(number, _, detail)] = importer.mistakes(
        "", long, line("speakers", {"id": "a", "kind": "person", "name": {"en": "A"}})
    )
    assert (number, detail) == (2, "Has more than 2000 bytes, the most that a line may have.")


@pytest.mark.parametrize("chunked", [False, True])
def test_an_import_has_a_limit_of_its_own(importer: Importer, chunked: bool) -> None:
    importer.client.application.config["LONGEST_IMPORT"] = 1_000
    environ: Any = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"} if chunked else {}
    body = written(many_statements(3))
    answer = importer.client.post(
        "/v1/import", data=body, content_type=NDJSON, headers=importer.headers, environ_overrides=environ
    )
    assert answer.status_code == 413
    assert "1000 bytes" in answer.get_json()["detail"]


def test_lines_may_be_sent_as_octets_by_clients_that_know_no_other_type_of_bytes(importer: Importer) -> None:
    answer = importer.send(written(many_statements(1)), content_type="application/octet-stream")
    assert answer.status_code == 200


def test_what_is_no_import_is_refused(importer: Importer) -> None:
    assert importer.send(b"").status_code == 400
    assert importer.send(b"\n \n").status_code == 400
    assert importer.send(b"{}", content_type="application/json").status_code == 415
    assert importer.client.post("/v1/import", data=b"{}", content_type=NDJSON).status_code == 401
    writing_only = bearer("write")
    refused = importer.client.post("/v1/import", data=b"{}", content_type=NDJSON, headers=writing_only)
    assert refused.status_code == 403
    assert "'import'" in refused.get_json()["detail"]


def test_an_import_sent_again_with_its_key_is_answered_as_before_and_not_done_again(importer: Importer) -> None:
    body = written(lines_of(world()))
    first = importer.send(body, Idempotency_Key='"monday"')
    assert first.get_json()["created"]
    again = importer.send(body, Idempotency_Key='"monday"')
    assert (again.status_code, again.data) == (200, first.data)
    assert importer.send(body + b"\n", Idempotency_Key='"monday"').status_code == 422


def test_an_import_that_only_creates_replaces_nothing_and_names_the_lines_of_what_exists(importer: Importer) -> None:
    records = lines_of(world())[::-1]
    importer.bring(records[0])
    before = log()
    refused = importer.send(written(records), If_None_Match="*")
    problem = refused.get_json()
    assert (refused.status_code, problem["type"]) == (412, "urn:tasrih:problem:precondition-failed")
    assert [(error["line"], error["pointer"]) for error in problem["errors"]] == [(1, "/document/id")]
    mixed = importer.send(written([*records, "{}"]), If_None_Match="*")
    assert mixed.status_code == 422
    assert {error["line"] for error in mixed.get_json()["errors"]} == {1, len(records) + 1}
    assert log() == before
    assert importer.send(written(records[1:]), If_None_Match="*").get_json()["created"] == len(records) - 1
    assert importer.send(written(records), If_Match='"5f1d"').status_code == 400
    assert importer.send(written(records), If_None_Match='"5f1d"').status_code == 400
