"""Bodies over HTTP: their size, their media type, and every mistake in them at once."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from asking import problem
from changing import Writer
from werkzeug.test import TestResponse

LIMIT = 1_048_576  # as set unless the operator sets it otherwise
NOBODY = {"id": "nobody-yet", "kind": "person", "name": {"en": "Nobody Yet"}}


def post(
    writer: Writer, raw: bytes | str, content_type: str | None = "application/json", **headers: str
) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return writer.client.post("/v1/speakers", data=raw, content_type=content_type, headers={**writer.headers, **named})


def pointers(answer: TestResponse) -> list[str]:
    return [error["pointer"] for error in problem(answer, 422, "invalid-document")["errors"]]


@pytest.mark.parametrize("raw", [b"", b"{", b"\xef\xbb\xbf{}", b'{"id": "\xff"}', b"[" * 5000])
def test_a_body_that_is_not_json_is_a_bad_request(writer: Writer, raw: bytes) -> None:
    problem(post(writer, raw), 400, "not-json")


@pytest.mark.parametrize("raw", ["null", "[]", "7", '"text"', "NaN"])
def test_a_body_that_is_no_object_is_told_as_a_whole(writer: Writer, raw: str) -> None:
    assert pointers(post(writer, raw)) == [""]


def test_mistakes_of_json_of_the_schema_and_of_references_are_told_at_once(writer: Writer) -> None:
    raw = (
        '{"id": "Not An Id", "kind": "robot", "kind": "robot", "name": {"en": "A\\u0000", "ar": NaN}, "colour": 1e999,'
        ' "part_of": {"id": "nobody-at-all"}, "aliases": [{"value": "x"}]}'
    )
    assert set(pointers(post(writer, raw))) == {
        "/id",
        "/kind",
        "/name/en",
        "/name/ar",
        "/colour",
        "/part_of/id",
        "/aliases/0/lang",
        "/aliases/0/kind",
    }


def test_the_commonest_mistakes_are_told_with_what_would_be_right(writer: Writer) -> None:
    raw = '{"id": "new", "kind": "person", "name": "Ivan", "part_of": "north", "alaises": [], "offices": [{"id": "\\ud800"}]}'
    told = {
        error["pointer"]: error["detail"] for error in problem(post(writer, raw), 422, "invalid-document")["errors"]
    }
    assert told["/name"] == 'Write an object by language: {"en": "..."}.'
    assert told["/part_of"] == 'Write a reference as an object: {"id": "north"}.'
    assert told["/alaises"] == "Is no key here. Did you mean 'aliases'?"
    assert "half of a surrogate pair" in told["/offices/0/id"]


def test_names_are_stored_composed_whatever_was_sent(writer: Writer) -> None:
    decomposed = {**NOBODY, "name": {"en": "Ste\u0301phane", "ar": "ا\u0653ل"}}
    answer = post(writer, json.dumps(decomposed))
    assert answer.get_json()["name"] == {"en": "St\u00e9phane", "ar": "\u0622ل"}


def test_keys_that_only_the_service_writes_are_passed_over(writer: Writer) -> None:
    answer = post(writer, json.dumps({**NOBODY, "created_at": 7, "updated_at": None}))
    assert answer.status_code == 201
    assert isinstance(answer.get_json()["created_at"], str)


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
def test_a_body_of_another_type_is_refused_and_told_what_is_read(writer: Writer, content_type: str | None) -> None:
    answer = post(writer, json.dumps(NOBODY), content_type)
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["Accept"] == "application/json"


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", "Application/JSON"])
def test_a_type_may_be_written_in_any_case_and_say_its_charset(writer: Writer, content_type: str) -> None:
    assert post(writer, json.dumps(NOBODY), content_type).status_code == 201


def test_a_compressed_body_is_refused(writer: Writer) -> None:
    answer = post(writer, json.dumps(NOBODY), content_encoding="gzip")
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["Accept-Encoding"] == "identity"


def test_a_patch_of_another_type_is_told_which_patches_are_read(writer: Writer) -> None:
    answer = writer.client.patch(
        "/v1/speakers/minister",
        data="[]",
        content_type="application/json-patch+json",
        headers={**writer.headers, "If-Match": writer.etag("/v1/speakers/minister")},
    )
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["Accept-Patch"] == "application/merge-patch+json, application/json"


@pytest.mark.parametrize("content_type", ["application/merge-patch+json", "application/json"])
def test_a_merge_patch_is_taken_under_either_type(writer: Writer, content_type: str) -> None:
    address = "/v1/speakers/minister"
    headers = {**writer.headers, "If-Match": writer.etag(address)}
    answer = writer.client.patch(
        address, data='{"name": {"fr": "Le ministre"}}', content_type=content_type, headers=headers
    )
    assert answer.status_code == 200
    assert answer.get_json()["name"]["fr"] == "Le ministre"
    assert len(answer.get_json()["name"]) > 1


@pytest.mark.parametrize("patch", [None, [], 7, "text"])
def test_a_patch_that_is_no_object_is_refused(writer: Writer, patch: Any) -> None:
    address = "/v1/speakers/minister"
    headers = {**writer.headers, "If-Match": writer.etag(address)}
    answer = writer.client.patch(address, data=json.dumps(patch), content_type="application/json", headers=headers)
    assert pointers(answer) == [""]


def _padded(length: int) -> bytes:
    body = json.dumps(NOBODY).encode()
    return body + b" " * (length - len(body))


def test_a_body_as_long_as_the_limit_is_read_and_a_longer_one_is_not(writer: Writer) -> None:
    problem(post(writer, _padded(LIMIT + 1)), 413, "body-too-large")
    assert post(writer, _padded(LIMIT)).status_code == 201


def _chunked(writer: Writer, method: str, address: str, raw: bytes, **headers: str) -> TestResponse:
    """Send a body whose length is not said, as gunicorn hands a chunked one on."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return writer.client.open(
        address,
        method=method,
        input_stream=BytesIO(raw),
        content_type="application/json",
        headers={**writer.headers, **named, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_that_does_not_say_its_length_is_never_cut(writer: Writer, method: str) -> None:
    record_type, there = "/v1/speakers", "/v1/speakers/minister"
    address = {"POST": record_type, "PUT": f"{record_type}/nobody-yet", "PATCH": there}[method]
    stated = {"if_match": writer.etag(there)} if method == "PATCH" else {}
    body = b'{"name": {"en": "Cut"}}' if method == "PATCH" else json.dumps(NOBODY).encode()
    for longer in (1, 100_000, LIMIT * 2):
        cut = body.ljust(LIMIT + 1) + b"x" * (longer - 1)
        problem(_chunked(writer, method, address, cut, **stated), 413, "body-too-large")
    assert _chunked(writer, method, address, body.ljust(LIMIT), **stated).status_code in (200, 201)


def test_of_very_many_mistakes_the_first_are_listed_and_all_are_counted(writer: Writer) -> None:
    strange = {f"key{number}": number for number in range(750)}
    office = {"id": "office", "title": {"en": "Office"}, "organization": {"id": "nobody"}, **strange}
    raw = json.dumps({**NOBODY, **strange, "offices": [office] * 2})
    told = problem(post(writer, raw), 422, "invalid-document")
    assert len(told["errors"]) == 1000
    assert re.search("the first 1000 of [0-9]{4}", told["detail"])


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/aliases", [{"value": f"name {n}", "lang": "en", "kind": "variant"} for n in range(1001)]),
        ("/name", {f"en-{n:08d}": "text" for n in range(51)}),
    ],
)
def test_lists_and_languages_have_a_limit(writer: Writer, pointer: str, value: Any) -> None:
    assert pointers(post(writer, json.dumps({**NOBODY, pointer[1:]: value}))) == [pointer]


def test_language_tags_are_stored_in_canonical_form(writer: Writer) -> None:
    names = {"EN": "Nobody", "iw": "איש", "zh-hant": "無名", "sr-latn-rs": "Niko"}
    aliases = [{"value": "nihil", "lang": "LA", "kind": "variant"}]
    answer = post(writer, json.dumps({**NOBODY, "name": names, "aliases": aliases}))
    assert answer.status_code == 201
    assert list(answer.get_json()["name"]) == ["en", "he", "zh-Hant", "sr-Latn-RS"]
    assert answer.get_json()["aliases"][0]["lang"] == "la"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": {"xx": "?"}}, {"/name/xx": "'xx' is no language that is registered for language tags (BCP 47)."}),
        ({"name": {"he": "א", "iw": "ב"}}, {"/name/iw": "Is the language 'he', which is there already."}),
        ({"name": {"zh-Hant": "無", "zh-hant": "無"}}, {"/name/zh-hant": "Is the language 'zh-Hant', which is there already."}),
        ({"aliases": [{"value": "x", "lang": "zz", "kind": "variant"}]}, {"/aliases/0/lang": "'zz' is no language that is registered for language tags (BCP 47)."}),
    ],
)  # fmt: skip
def test_languages_that_do_not_exist_or_are_there_twice_are_mistakes(
    writer: Writer, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = post(writer, json.dumps({**NOBODY, **changes}))
    errors = problem(answer, 422, "invalid-document")["errors"]
    assert {error["pointer"]: error["detail"] for error in errors} == expected
