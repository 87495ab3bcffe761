"""Conditions on changes (RFC 9110, 13): nobody overwrites what he has not seen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asking import problem
from changing import Writer, faults, log
from every import every

ADDRESS = "/v1/speakers/agency"
CHANGES: list[tuple[str, str, Any]] = [
    ("PUT", ADDRESS, {"kind": "media", "name": {"en": "Another name"}}),
    ("PATCH", ADDRESS, {"name": {"en": "Another name"}}),
    ("DELETE", ADDRESS, None),
    ("POST", f"{ADDRESS}/merge", {"into": "outlet"}),
]
every_change = every(("method", "address", "body"), CHANGES)
"""For refusals, which leave everything as it was."""


@every_change
def test_a_change_without_a_condition_is_refused(writer: Writer, method: str, address: str, body: Any) -> None:
    answer = writer.send(method, address, body)
    problem(answer, 428, "precondition-required")
    assert answer.headers["ETag"] == writer.etag(ADDRESS)
    assert log() == []


@every_change
@every("tags", ['"another"', "W/{etag}", '"another", W/{etag}', '""'])
def test_a_change_of_another_version_is_refused(
    writer: Writer, method: str, address: str, body: Any, tags: str
) -> None:
    etag = writer.etag(ADDRESS)
    answer = writer.send(method, address, body, if_match=tags.format(etag=etag))
    problem(answer, 412, "precondition-failed")
    assert answer.headers["ETag"] == etag
    assert log() == []


def test_the_tag_of_a_compressed_answer_names_the_same_version(writer: Writer) -> None:
    writer.patch(ADDRESS, {"aliases": [{"value": f"Alias {n}", "lang": "en", "kind": "variant"} for n in range(20)]})
    packed = writer.client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["ETag"].endswith('-gzip"')
    answer = writer.send("PATCH", ADDRESS, {"aliases": []}, if_match=packed.headers["ETag"])
    assert answer.status_code == 200
    problem(writer.send("PATCH", ADDRESS, {}, if_match=packed.headers["ETag"]), 412, "precondition-failed")


WEAK = "If-Match holds a weak entity tag (W/), which never matches"
CODED = "If-Match holds the entity tag of a compressed answer ("
CHANGED = "The record has changed, or the tag is that of a part (fields, expand)."


@every(
    ("tags", "said"),
    [
        ("W/{etag}", WEAK),
        ('W/"another"', WEAK),
        ('"another", W/{etag}', WEAK),
        ('"another", W/"old"', CHANGED),
        ('"another"', CHANGED),
        ('"another-gzip"', CHANGED),
        ('"{bare}-br"', CODED),
        ('"another", W/"{bare}-zstd"', CODED),
    ],
)
def test_the_refusal_says_what_is_wrong_with_the_tag(writer: Writer, tags: str, said: str) -> None:
    method, address, body = CHANGES[1]
    etag = writer.etag(address)
    answer = writer.send(method, address, body, if_match=tags.format(etag=etag, bare=etag.strip('"')))
    assert problem(answer, 412, "precondition-failed")["detail"].startswith(said)


def test_the_tag_of_a_part_is_not_that_of_the_record(writer: Writer) -> None:
    method, address, body = CHANGES[1]
    answer = writer.send(method, address, body, if_match=writer.etag(f"{address}?fields=name"))
    assert problem(answer, 412, "precondition-failed")["detail"].startswith(CHANGED)


@pytest.mark.parametrize(
    "tags",
    [
        "{etag}",
        '"another", {etag}',
        ' "another" ,{etag}',
        "*",
        '"another", , {etag}',
        ", {etag}",
        "{etag},,",
        ",\t, {etag} ,",
    ],
)
def test_a_change_of_the_present_version_is_made(writer: Writer, tags: str) -> None:
    method, address, body = CHANGES[1]
    answer = writer.send(method, address, body, if_match=tags.format(etag=writer.etag(ADDRESS)))
    assert answer.status_code == 200
    assert answer.headers["ETag"] == writer.etag(ADDRESS)


@every_change
@every("tags", ["another", '"half', "W/*", "*, *", "", ",", " , ,", '"one" "two"', '"one", two'])
def test_a_condition_that_says_nothing_is_a_bad_request(
    writer: Writer, method: str, address: str, body: Any, tags: str
) -> None:
    problem(writer.send(method, address, body, if_match=tags), 400, "bad-request")
    assert log() == []


def test_creating_only_never_replaces(writer: Writer) -> None:
    body = {"kind": "media", "name": {"en": "New"}}
    assert writer.send("PUT", "/v1/speakers/new", body, if_none_match="*").status_code == 201
    answer = writer.send("PUT", "/v1/speakers/new", {**body, "name": {"en": "Newer"}}, if_none_match="*")
    problem(answer, 412, "precondition-failed")
    assert answer.headers["ETag"] == writer.etag("/v1/speakers/new")
    assert writer.get("/v1/speakers/new")["name"] == {"en": "New"}


def test_creating_only_takes_no_tags_and_no_second_condition(writer: Writer) -> None:
    body = {"kind": "media", "name": {"en": "New"}}
    problem(writer.send("PUT", "/v1/speakers/new", body, if_none_match='"tag"'), 400, "bad-request")
    problem(writer.send("PUT", "/v1/speakers/new", body, if_none_match="*", if_match="*"), 400, "bad-request")


@every("tags", ["*", '"tag"'])
def test_what_must_be_there_is_not_created(writer: Writer, tags: str) -> None:
    answer = writer.send("PUT", "/v1/speakers/new", {"kind": "media", "name": {"en": "New"}}, if_match=tags)
    problem(answer, 412, "precondition-failed")
    assert "ETag" not in answer.headers
    assert writer.client.get("/v1/speakers/new").status_code == 404


def test_the_entity_tag_of_a_change_is_good_for_the_next_one(writer: Writer) -> None:
    etag = writer.etag(ADDRESS)
    for number in range(3):
        answer = writer.send("PATCH", ADDRESS, {"name": {"en": f"Name {number}"}}, if_match=etag)
        assert answer.status_code == 200
        etag = answer.headers["ETag"]


def test_a_version_changed_by_another_record_is_another_version(writer: Writer) -> None:
    address = "/v1/statements/premier-answers"
    etag = writer.etag(address)
    writer.patch("/v1/speakers/premier", {"name": {"en": "Renamed"}})
    problem(writer.send("DELETE", address, if_match=etag), 412, "precondition-failed")


def test_of_many_who_count_at_once_none_is_lost(writer: Writer) -> None:
    application = writer.client.application

    def count(_: int) -> int:
        lost, client = 0, application.test_client()
        while True:
            read = client.get(ADDRESS)
            number = int(read.get_json()["name"].get("fr", "0"))
            headers = {**writer.headers, "If-Match": read.headers["ETag"]}
            answer = client.patch(ADDRESS, json={"name": {"fr": str(number + 1)}}, headers=headers)
            if answer.status_code == 200:
                return lost
            assert answer.status_code == 412, answer.text
            lost += 1

    with ThreadPoolExecutor(3) as threads:  # the service leaves the last of its four to readers
        list(threads.map(count, range(16)))
    assert writer.get(ADDRESS)["name"]["fr"] == "16"
    assert [revision for record, revision, *_ in log() if record == "speakers/agency"] == list(range(2, 18))
    assert faults() == []


NEW = {"id": "new", "kind": "media", "name": {"en": "New"}}


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"if_match": "*"}, 412),
        ({"if_match": '"5f1d7c1a"'}, 412),
        ({"if_match": "nonsense"}, 400),
        ({"if_none_match": '"5f1d7c1a"'}, 400),
        ({"if_match": "*", "if_none_match": "*"}, 400),
    ],
)
def test_no_version_of_what_is_yet_to_be_made_can_be_asked_for(
    writer: Writer, condition: dict[str, str], status: int
) -> None:
    kind = {400: "bad-request", 412: "precondition-failed"}[status]
    problem(writer.send("POST", "/v1/speakers", NEW, **condition), status, kind)
    assert log() == []


def test_what_is_posted_may_be_asked_to_be_new(writer: Writer) -> None:
    made = writer.send("POST", "/v1/speakers", NEW, if_none_match="*")
    assert made.status_code == 201
    again = writer.send("POST", "/v1/speakers", NEW, if_none_match="*")
    problem(again, 412, "precondition-failed")
    assert again.headers["ETag"] == made.headers["ETag"]
