"""Changing records one at a time: what is answered, what is stored, and what others show of it."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from applications import add, report, statement
from asking import problem
from builders import change, world
from changing import CHANGEABLE, SAMPLES, Writer, faults, log, operations

from api.documents.record_types import RECORD_TYPES
from api.http.problems.issues import MOST_LISTED
from schemas.walking import record_types_referred_to

EVERY_SAMPLE = [f"/v1/{record_type}/{SAMPLES[record_type]}" for record_type in CHANGEABLE]


def nobody(**more: Any) -> dict[str, Any]:
    return {"id": "nobody-yet", "kind": "person", "name": {"en": "Nobody Yet"}, **more}


@pytest.mark.parametrize("address", EVERY_SAMPLE)
def test_what_get_returns_can_be_put_back_and_changes_nothing(writer: Writer, address: str) -> None:
    before = writer.client.get(address)
    answer = writer.put(address, before.get_json())
    assert (answer.status_code, answer.headers["ETag"]) == (200, before.headers["ETag"])
    assert answer.data == before.data == writer.client.get(address).data
    assert log() == []


@pytest.mark.parametrize("address", EVERY_SAMPLE)
def test_what_get_returns_expanded_can_be_put_back_too(writer: Writer, address: str) -> None:
    etag = writer.etag(address)
    record_types = record_types_referred_to(RECORD_TYPES[address.split("/")[2]].schema)
    expanded = writer.get(f"{address}?expand={','.join(record_types)}")
    assert writer.put(address, expanded).headers["ETag"] == etag
    assert writer.send("PATCH", address, expanded, if_match=etag).headers["ETag"] == etag
    assert log() == []


def test_what_a_search_returns_highlighted_can_be_put_back_too(writer: Writer) -> None:
    found = writer.get("/v1/statements?q=summary&highlight=true&expand=speakers")["data"]
    assert found
    for one in found:
        assert one["highlights"]
        assert writer.put(f"/v1/statements/{one['id']}", one).status_code == 200
    assert log() == []


def test_a_new_record_is_created_at_the_address_its_writer_chose(writer: Writer) -> None:
    answer = writer.send("PUT", "/v1/speakers/nobody-yet", nobody())
    assert answer.status_code == 201
    assert answer.headers["Location"] == "http://localhost/v1/speakers/nobody-yet"
    assert answer.headers["Cache-Control"] == "no-store"
    read = writer.client.get("/v1/speakers/nobody-yet")
    assert (read.data, read.headers["ETag"]) == (answer.data, answer.headers["ETag"])
    assert log() == [("speakers/nobody-yet", 1, "created", "the desk")]
    assert faults() == []


def test_the_id_may_be_left_to_the_address(writer: Writer) -> None:
    body = {key: value for key, value in nobody().items() if key != "id"}
    assert writer.put("/v1/speakers/nobody-yet", body).get_json()["id"] == "nobody-yet"


def test_another_id_than_the_address_has_is_refused(writer: Writer) -> None:
    told = problem(writer.send("PUT", "/v1/speakers/somebody", nobody()), 422, "invalid-document")
    assert [error["pointer"] for error in told["errors"]] == ["/id"]


@pytest.mark.parametrize("strange", ["Bad_Id", "%D8%A3%D9%86%D8%B7%D9%88%D9%86", "a" * 101, "a--b", "%FF"])
@pytest.mark.parametrize("record_type", ["speakers", "statements"])
def test_an_address_that_can_t_be_an_id_is_refused_in_the_words_for_one_in_a_body(
    writer: Writer, record_type: str, strange: str
) -> None:
    document = {"id": unquote(strange, errors="replace")}
    told = problem(writer.send("POST", f"/v1/{record_type}", document), 422, "invalid-document")["errors"]
    for body in ({}, document, {"id": "another"}):
        answer = writer.send("PUT", f"/v1/{record_type}/{strange}", body)
        assert problem(answer, 422, "invalid-document")["errors"] == told
    for method in ("GET", "PATCH", "DELETE"):
        sent = {"name": {"en": "Name"}} if method == "PATCH" else None
        problem(writer.send(method, f"/v1/{record_type}/{strange}", sent), 404, "no-such-record")


def test_a_record_without_an_id_is_given_one(writer: Writer) -> None:
    body = {key: value for key, value in nobody().items() if key != "id"}
    answer = writer.send("POST", "/v1/speakers", body)
    assert answer.status_code == 201
    made = answer.get_json()["id"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made)
    assert answer.headers["Location"] == f"http://localhost/v1/speakers/{made}"
    assert writer.etag(f"/v1/speakers/{made}") == answer.headers["ETag"]


def test_ids_that_are_made_later_sort_behind(writer: Writer) -> None:
    body = {key: value for key, value in nobody().items() if key != "id"}
    made = [writer.send("POST", "/v1/speakers", body).get_json()["id"] for _ in range(3)]
    assert made == sorted(made)


def test_posting_an_id_that_is_taken_is_refused(writer: Writer) -> None:
    answer = writer.send("POST", "/v1/speakers", nobody(id="north"))
    assert "'north'" in problem(answer, 409, "already-exists")["detail"]
    assert answer.headers["Location"] == "http://localhost/v1/speakers/north"
    assert log() == []


def test_a_statement_is_added_with_all_that_finds_it(writer: Writer) -> None:
    statement = {**world()["statements"]["minister-welcomes"], "id": "another", "summary": {"en": "Quite unheard of"}}
    writer.put("/v1/statements/another", statement)
    assert [found["id"] for found in writer.get("/v1/statements?q=unheard")["data"]] == ["another"]
    found = writer.get("/v1/speakers/minister/statements?agreement=truce")["data"]
    assert {one["id"] for one in found} == {"another", "minister-welcomes"}
    assert faults() == []


def test_what_was_said_by_some_day_may_have_been_said_in_any_year_before(writer: Writer) -> None:
    statement = {**writer.get("/v1/statements/premier-answers"), "date": "../2020-12-04"}
    answer = writer.put("/v1/statements/premier-answers", statement).get_json()
    assert (answer["date_earliest"], answer["date_latest"]) == (None, "2020-12-04")
    queries = ["until=1999", "since=2020-12-04", "until=2020-12-04&date_match=certain"]
    queries += ["since=2020-12-05", "since=1999&date_match=certain", "until=2020-12-03&date_match=certain"]
    found = [{one["id"] for one in writer.get(f"/v1/statements?{query}")["data"]} for query in queries]
    assert ["premier-answers" in ids for ids in found] == [True, True, True, False, False, False]
    assert faults() == []


def test_a_replaced_record_is_no_longer_found_by_what_it_was(writer: Writer) -> None:
    statement = {**writer.get("/v1/statements/premier-answers"), "summary": {"en": "Anew"}, "date": "2021-01-01"}
    writer.put("/v1/statements/premier-answers", statement)
    assert writer.get("/v1/statements?q=summary")["data"][0]["id"] == "minister-welcomes"
    assert [one["id"] for one in writer.get("/v1/statements?since=2021")["data"]] == ["premier-answers"]
    assert log() == [("statements/premier-answers", 2, "replaced", "the desk")]
    assert faults() == []


def test_renaming_shows_at_once_wherever_the_name_stands(writer: Writer) -> None:
    before = writer.etag("/v1/statements/minister-welcomes")
    writer.patch("/v1/speakers/minister", {"name": {"en": "Pyotr Ivanov"}})
    statement = writer.get("/v1/statements/minister-welcomes")
    assert statement["speakers"][0]["speaker"]["name"] == {"en": "Pyotr Ivanov"}
    assert writer.etag("/v1/statements/minister-welcomes") != before
    done = operations()
    assert done.pop("speakers/minister") == "replaced"
    assert set(done.values()) == {"rendered"}
    assert {"statements/minister-welcomes", "events/talks"} <= set(done)
    assert faults() == []


def test_what_is_only_rendered_anew_has_no_revision(writer: Writer) -> None:
    writer.patch("/v1/speakers/minister", {"name": {"en": "Pyotr Ivanov"}})
    assert {revision for _, revision, operation, _ in log() if operation == "rendered"} == {None}


@pytest.mark.parametrize("address", EVERY_SAMPLE)
def test_a_patch_that_says_nothing_changes_nothing(writer: Writer, address: str) -> None:
    before = writer.etag(address)
    assert writer.patch(address, {}).headers["ETag"] == before
    assert log() == []


def test_a_patch_replaces_the_keys_it_names_and_takes_away_those_it_gives_as_null(writer: Writer) -> None:
    address = "/v1/statements/minister-welcomes"
    before = writer.get(address)
    after = writer.patch(address, {"summary": {"ar": "خبر"}, "event": None, "topics": []}).get_json()
    assert after["summary"] == {"en": before["summary"]["en"], "ar": "خبر"}
    assert (after["event"], after["topics"], after["figures"]) == (None, [], before["figures"])
    assert faults() == []


@pytest.mark.parametrize("wanted", ["another", None])
def test_an_id_can_not_be_patched(writer: Writer, wanted: str | None) -> None:
    address = "/v1/speakers/agency"
    answer = writer.send("PATCH", address, {"id": wanted}, if_match=writer.etag(address))
    assert [error["pointer"] for error in problem(answer, 422, "invalid-document")["errors"]] == ["/id"]


def test_a_patch_that_would_leave_no_valid_record_is_refused(writer: Writer) -> None:
    address = "/v1/speakers/agency"
    answer = writer.send("PATCH", address, {"name": None, "kind": "ghost"}, if_match=writer.etag(address))
    assert {error["pointer"] for error in problem(answer, 422, "invalid-document")["errors"]} == {"/name", "/kind"}
    assert log() == []


def test_references_that_lead_nowhere_are_all_told(writer: Writer) -> None:
    of = world()
    change(of, "statements/premier-answers", "/places", [{"id": "nowhere"}])
    change(of, "statements/premier-answers", "/addressees", [{"id": "noone"}])
    document = of["statements"]["premier-answers"]
    address = "/v1/statements/premier-answers"
    told = problem(writer.send("PUT", address, document, if_match="*"), 422, "invalid-document")
    assert {error["pointer"] for error in told["errors"]} == {"/places/0/id", "/addressees/0/id"}
    assert all("document" not in error for error in told["errors"])


def test_an_office_that_others_name_can_not_be_taken_away(writer: Writer) -> None:
    before = writer.get("/v1/speakers/minister")
    answer = writer.send("PATCH", "/v1/speakers/minister", {"offices": []}, if_match="*")
    told = problem(answer, 409, "breaks-references")
    assert {error["document"] for error in told["errors"]} == {"statements/minister-welcomes", "events/talks"}
    assert writer.get("/v1/speakers/minister") == before
    assert log() == []


def test_of_more_records_than_are_listed_the_first_are_told_and_all_counted(writer: Writer) -> None:
    speaking = writer.get("/v1/statements/minister-welcomes")["speakers"]
    held: dict[str, Any] = {"speakers": [{**one, "speaker": {"id": one["speaker"]["id"]}} for one in speaking]}
    made_up = [
        statement(f"more-{number}", reports=[report(SAMPLES["articles"], "minister")], **held)
        for number in range(MOST_LISTED)
    ]
    add({"statements": made_up})
    answer = writer.send("PATCH", "/v1/speakers/minister", {"offices": []}, if_match="*")
    told = problem(answer, 409, "breaks-references")
    assert len(told["errors"]) == MOST_LISTED
    assert f"the first {MOST_LISTED} of {MOST_LISTED + 2}" in told["detail"]


# Deleting


@pytest.mark.parametrize("body", [{"name": None}, {}, "why"])
def test_deleting_takes_no_body(writer: Writer, body: Any) -> None:
    address = "/v1/statements/premier-answers"
    tag = {"If-Match": writer.etag(address)}
    answer = writer.client.delete(address, json=body, headers={**writer.headers, **tag})
    assert "PATCH" in problem(answer, 400, "bad-request")["detail"]
    assert writer.etag(address) == tag["If-Match"]


def test_a_chunked_body_is_no_body_either(writer: Writer) -> None:
    address = "/v1/statements/premier-answers"
    chunked = {"input_stream": BytesIO(b"{}"), "environ_overrides": {"wsgi.input_terminated": True}}
    asked: Any = {**chunked, "headers": {**writer.headers, "If-Match": writer.etag(address)}}
    problem(writer.client.delete(address, **asked), 400, "bad-request")


def test_a_deleted_record_is_gone_and_its_address_says_so(writer: Writer) -> None:
    answer = writer.delete("/v1/statements/premier-answers")
    assert (answer.status_code, answer.data) == (204, b"")
    problem(writer.client.get("/v1/statements/premier-answers"), 410, "gone")
    assert writer.client.head("/v1/statements/premier-answers").status_code == 410
    assert [one["id"] for one in writer.get("/v1/statements")["data"]] == ["minister-welcomes"]
    assert writer.get("/v1/statements?q=premier-answers")["data"] == []
    assert writer.get("/v1/speakers/premier/statements")["data"] == []
    assert log() == [("statements/premier-answers", 2, "deleted", "the desk")]
    assert faults() == []


def test_names_of_the_deleted_are_no_longer_suggested_nor_found_in_texts(writer: Writer) -> None:
    writer.put("/v1/places/atlantis", {"id": "atlantis", "kind": "city", "name": {"en": "Atlantis"}, "aliases": [
        {"value": "Poseidonis", "lang": "en", "kind": "variant"}]})  # fmt: skip
    writer.patch("/v1/statements/premier-answers", {"summary": {"en": "About Atlantis"}})
    assert writer.get("/v1/statements?q=poseidonis")["data"] != []
    writer.delete("/v1/places/atlantis")
    assert writer.get("/v1/statements?q=poseidonis")["data"] == []
    assert writer.get("/v1/suggest?q=atl")["data"] == []
    assert faults() == []


@pytest.mark.parametrize(
    ("address", "referrers"),
    [
        ("speakers/agency", {"articles/page", "statements/minister-welcomes"}),
        ("events/talks", {"communiques/readout", "statements/minister-welcomes"}),
        ("agreements/truce", {"agreements/treaty", "statements/minister-welcomes"}),
        ("places/land", {"places/town"}),
        ("articles/page", {"readings/first-reading", "statements/minister-welcomes", "statements/premier-answers"}),
        ("communiques/readout", {"statements/minister-welcomes"}),
        ("statements/minister-welcomes", {"statements/premier-answers"}),
    ],
)
def test_what_others_refer_to_can_not_be_deleted(writer: Writer, address: str, referrers: set[str]) -> None:
    answer = writer.send("DELETE", f"/v1/{address}", if_match="*")
    told = problem(answer, 409, "still-referenced")
    assert {error["document"] for error in told["errors"]} == referrers
    assert writer.client.get(f"/v1/{address}").status_code == 200
    assert log() == []


def test_everything_can_be_deleted_from_the_outside_in(writer: Writer) -> None:
    for address in [
        *("statements/premier-answers", "statements/minister-welcomes", "communiques/readout", "agreements/treaty"),
        *(
            "agreements/truce",
            "events/talks",
            "readings/first-reading",
            "articles/page",
            "places/town",
            "places/land",
            "speakers/minister",
        ),
        *("speakers/premier", "speakers/north-ministry", "speakers/north", "speakers/south", "speakers/agency"),
        "speakers/outlet",
    ]:
        writer.delete(f"/v1/{address}")
    assert all(writer.get(f"/v1/{record_type}")["data"] == [] for record_type in CHANGEABLE)
    assert faults() == []


def test_a_deleted_record_can_be_made_again_and_its_revisions_go_on(writer: Writer) -> None:
    address = "/v1/statements/premier-answers"
    before = writer.get(address)
    writer.delete(address)
    assert writer.put(address, before).status_code == 201
    writer.patch(address, {"summary": {"en": "Again"}})
    assert [(revision, operation) for _, revision, operation, _ in log()] == [
        (2, "deleted"),
        (3, "created"),
        (4, "replaced"),
    ]
    assert faults() == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_what_is_not_there_can_not_be_changed(writer: Writer, method: str) -> None:
    body: Any = {} if method == "PATCH" else None
    problem(writer.send(method, "/v1/events/never", body, if_match="*"), 404, "no-such-record")
    writer.delete("/v1/statements/premier-answers")
    problem(writer.send(method, "/v1/statements/premier-answers", body, if_match="*"), 410, "gone")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_vocabularies_are_closed(writer: Writer, method: str) -> None:
    address = "/v1/vocabularies" if method == "POST" else "/v1/vocabularies/acts"
    answer = writer.send(method, address, {})
    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        ("/v1/statements", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/v1/statements/minister-welcomes", {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}),
        ("/v1/speakers/minister/merge", {"OPTIONS", "POST"}),
    ],
)
def test_an_address_tells_what_it_takes(writer: Writer, address: str, methods: set[str]) -> None:
    answer = writer.client.options(address)
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == methods
    problem(writer.send("TRACE", address), 405, "method-not-allowed")


def test_a_page_of_another_origin_may_change_records(writer: Writer) -> None:
    wanted = "authorization, content-type, if-match, idempotency-key"
    asked = {
        "Origin": "https://newsroom.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": wanted,
    }
    answer = writer.client.options("/v1/speakers/north", headers=asked)
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert set(wanted.split(", ")) <= set(answer.headers["Access-Control-Allow-Headers"].lower().split(", "))
    made = writer.send("PUT", "/v1/speakers/nobody-yet", nobody(), Origin="https://newsroom.example")
    exposed = set(made.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"Accept-Patch", "Content-Location", "ETag", "Location", "Memento-Datetime"} <= exposed
    documented = Path("docs/http.md").read_text(encoding="utf-8").partition("## From a web page")[2].partition("## ")[0]
    assert {name for name in exposed if f"`{name}`" not in documented} == set()


@pytest.mark.parametrize("taken", ["facets", "timeline", "export"])
def test_an_address_of_its_own_is_no_id_of_a_statement(writer: Writer, taken: str) -> None:
    statement = {**world()["statements"]["premier-answers"], "id": taken}
    assert writer.send("PUT", f"/v1/statements/{taken}", statement).status_code in (404, 405)
    told = problem(writer.send("POST", "/v1/statements", statement), 422, "invalid-document")
    assert [error["pointer"] for error in told["errors"]] == ["/id"]


def test_a_deletion_says_nothing_so_it_is_acceptable_in_any_type(writer: Writer) -> None:
    address = "/v1/statements/premier-answers"
    body, etag = writer.get(address), writer.etag(address)
    for method in ("PUT", "PATCH"):
        problem(writer.send(method, address, body, if_match=etag, accept="text/html"), 406, "not-acceptable")
    answer = writer.send("DELETE", address, if_match=etag, accept="text/html")
    assert (answer.status_code, answer.data) == (204, b"")
    problem(writer.client.get(address), 410, "gone")


def test_a_part_of_a_record_can_t_be_put(writer: Writer) -> None:
    address = "/v1/speakers/agency"
    part = {"content_range": "bytes 0-99/200", "if_match": writer.etag(address)}
    told = problem(writer.send("PUT", address, {**nobody(), "id": "agency"}, **part), 400, "bad-request")
    assert "Content-Range" in told["detail"]
    assert log() == []
