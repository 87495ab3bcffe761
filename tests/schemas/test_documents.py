"""What a document must be on its own, for every record type: what is accepted, what is refused, and where."""

import re
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any

import orjson
import pytest
from builders import NOTHING, Document, changed, world
from every import every
from marshmallow import Schema, ValidationError, fields, validate

from api.bulk.folders import LOADABLE
from api.documents.record_types import RECORD_TYPES
from api.documents.validation import issues_of
from schemas.dumping import dumper
from schemas.fields import LANGUAGES, LIST_LENGTH, Matches
from schemas.loading import load
from schemas.walking import walk

WORLD = world()
SAMPLES = [(record_type, document) for record_type, documents in WORLD.items() for document in documents.values()]
FULL = {record_type: next(iter(documents.values())) for record_type, documents in WORLD.items()} | {
    "speakers": WORLD["speakers"]["minister"],
    "places": WORLD["places"]["town"],
}
"""The document of each record type that uses most keys."""

named = pytest.mark.parametrize(("record_type", "document"), SAMPLES, ids=[f"{n}/{d['id']}" for n, d in SAMPLES])
of_every_record_type = pytest.mark.parametrize("record_type", LOADABLE)


def mistakes(record_type: str, document: Any) -> dict[str, str]:
    """What the schema finds wrong, by JSON pointer; and loading at once finds the same, or loads the same."""
    schema = RECORD_TYPES[record_type].schema
    try:
        loaded = schema.load(document)
    except ValidationError:
        with pytest.raises(ValidationError) as refusal:
            load(schema, document)
        return {issue.pointer: issue.detail for issue in issues_of(refusal.value)}
    assert orjson.dumps(load(schema, document)) == orjson.dumps(loaded)
    return {}


@named
def test_a_valid_document_is_accepted(record_type: str, document: Document) -> None:
    assert mistakes(record_type, document) == {}


@named
def test_what_was_accepted_and_written_out_is_accepted_again_and_stays_the_same(
    record_type: str, document: Document
) -> None:
    schema = RECORD_TYPES[record_type].schema
    written = schema.dump(schema.load(document))
    assert schema.dump(schema.load(orjson.loads(orjson.dumps(written)))) == written
    assert orjson.dumps(dumper(schema)(schema.load(document))) == orjson.dumps(written)


@of_every_record_type
def test_keys_the_service_owns_are_dropped_wherever_they_stand(record_type: str) -> None:
    schema = RECORD_TYPES[record_type].schema
    document = FULL[record_type]
    with_owned = _with_owned(schema, document)
    assert with_owned != document
    assert schema.load(with_owned) == schema.load(document)


def _with_owned(schema: Any, document: Document) -> Document:
    """The document with a useless value under every key of every object that only the service writes."""
    filled = dict(document)
    for name, field in schema.fields.items():
        key = field.data_key or name
        inner = field.inner if isinstance(field, fields.List) else field
        if field.dump_only:
            filled[key] = ["whatever", None, 1]
        elif isinstance(inner, fields.Nested) and filled.get(key):
            value = filled[key]
            filled[key] = (
                [_with_owned(inner.schema, item) for item in value]
                if isinstance(value, list)
                else _with_owned(inner.schema, value)
            )
    return filled


@of_every_record_type
def test_a_key_nobody_knows_is_refused(record_type: str) -> None:
    assert "/colour" in mistakes(record_type, {**FULL[record_type], "colour": "red"})


@pytest.mark.parametrize(
    ("record_type", "holder"),
    [
        ("speakers", "/aliases/0"),
        ("speakers", "/identifiers/0"),
        ("speakers", "/offices/0"),
        ("speakers", "/offices/1/organization"),
        ("places", "/coordinates"),
        ("places", "/aliases/0/used_by"),
        ("events", "/participants/0"),
        ("events", "/participants/0/office"),
        ("agreements", "/milestones/0"),
        ("agreements", "/parties/1"),
        ("agreements", "/provisions/1"),
        ("communiques", "/event"),
        ("articles", "/credits/0"),
        ("statements", "/speakers/0"),
        ("statements", "/agreements/0"),
        ("statements", "/figures/0"),
        ("statements", "/reports/0"),
        ("statements", "/reports/0/chain/1"),
        ("statements", "/reports/0/evidence/0"),
    ],
)
def test_a_key_nobody_knows_is_refused_deep_inside_too(record_type: str, holder: str) -> None:
    assert list(mistakes(record_type, changed(FULL[record_type], f"{holder}/colour", "red"))) == [f"{holder}/colour"]


@of_every_record_type
def test_every_required_key_that_is_missing_is_named(record_type: str) -> None:
    required = {
        f"/{field.data_key or name}"
        for name, field in RECORD_TYPES[record_type].schema.fields.items()
        if field.required
    }
    assert "/id" in required
    assert set(mistakes(record_type, {})) >= required


@of_every_record_type
@pytest.mark.parametrize("document", [None, [], "text", 7, True])
def test_what_is_no_object_is_refused_as_a_whole(record_type: str, document: Any) -> None:
    assert list(mistakes(record_type, document)) == [""]


NOT_IDS: list[Any] = ["", "Putin", "a b", "a--b", "-a", "a_b", "بوتين", "a\n", "a\0", "a" * 101, None, 7, [], {}]
NOT_KINDS: list[Any] = ["robot", "Person", "", None, 1]
INVALID: list[tuple[str, str, Any]] = [
    *[("speakers", "/id", bad) for bad in NOT_IDS],
    *[("speakers", "/kind", bad) for bad in NOT_KINDS],
    ("speakers", "/name", {}),
    ("speakers", "/name", None),
    ("speakers", "/name", "Ivan"),
    ("speakers", "/name/en", ""),
    ("speakers", "/name/en", None),
    ("speakers", "/name/en", 7),
    ("speakers", "/name/en", "x" * 2001),
    ("speakers", "/name/en", "a\x00b"),
    ("speakers", "/name/en", "one line\nand another"),
    ("speakers", "/name/en", "one\ttab"),
    ("articles", "/title", "one line\nand another"),
    ("statements", "/summary/en", "one line\r\nand another"),
    ("statements", "/summary/en", "a\x9fb"),
    ("speakers", "/name/en", "a\x1bb"),
    ("speakers", "/name/en", "a\x7fb"),
    ("speakers", "/name/en", "a\x85b"),
    ("speakers", "/name/en", "a\ud800b"),
    ("speakers", "/name/english", "Ivan"),
    ("speakers", "/name/EN", "Ivan"),
    ("speakers", "/name/en_GB", "Ivan"),
    ("speakers", "/name/en\n", "Ivan"),
    ("speakers", "/aliases", {}),
    ("speakers", "/aliases", None),
    ("speakers", "/aliases/0", "Petrov"),
    ("speakers", "/aliases/0/value", ""),
    ("speakers", "/aliases/0/value", "x" * 201),
    ("speakers", "/aliases/0/value", "\udfff"),
    ("speakers", "/aliases/0/lang", "arabic language"),
    ("speakers", "/aliases/0/lang", NOTHING),
    ("speakers", "/aliases/0/script", "arabic"),
    ("speakers", "/aliases/0/script", "Arab\n"),
    ("speakers", "/aliases/0/kind", "nickname"),
    ("speakers", "/identifiers/0/scheme", "Wiki Data"),
    ("speakers", "/identifiers/0/scheme", "wikidata\n"),
    ("speakers", "/identifiers/0/value", ""),
    ("speakers", "/offices/0/id", "Foreign Minister"),
    ("speakers", "/offices/0/title", {}),
    ("speakers", "/offices/0/from", "2015-13"),
    ("speakers", "/offices/0/to", "now"),
    ("speakers", "/offices/1/to", "2009"),
    ("speakers", "/offices/0/organization", "north"),
    ("speakers", "/offices/0/organization/id", "North Ministry"),
    ("speakers", "/part_of", []),
    ("speakers", "/part_of/id", NOTHING),
    ("places", "/iso_3166", "am"),
    ("places", "/iso_3166", "ARM"),
    ("places", "/iso_3166", "AM\n"),
    ("places", "/coordinates", [39.5, 46.75]),
    ("places", "/coordinates/latitude", 90.01),
    ("places", "/coordinates/latitude", float("nan")),
    ("places", "/coordinates/latitude", "39.5"),
    ("places", "/coordinates/latitude", True),
    ("places", "/coordinates/longitude", -180.5),
    ("places", "/coordinates/longitude", NOTHING),
    ("events", "/date", "2020-02-30"),
    ("events", "/date", "../.."),
    ("events", "/date", ""),
    ("events", "/date", None),
    ("events", "/date", 2020),
    ("events", "/date_basis", "guessed"),
    ("events", "/participants/0/role", "guest"),
    ("events", "/participants/0/office", "foreign-minister"),
    ("agreements", "/status", "dead"),
    ("agreements", "/milestones/0/kind", "begun"),
    ("agreements", "/milestones/0/date", "2020-11-31"),
    ("agreements", "/provisions/0/number", 0),
    ("agreements", "/provisions/0/number", 1000),
    ("agreements", "/provisions/0/number", 1.5),
    ("agreements", "/provisions/0/number", "1"),
    ("agreements", "/provisions/0/number", True),
    ("agreements", "/relations", "none"),
    ("communiques", "/kind", "leak"),
    ("communiques", "/issuers", NOTHING),
    ("articles", "/title", ""),
    ("articles", "/title", "x" * 301),
    ("articles", "/publisher_basis", "guessed"),
    ("articles", "/published", "5 December 2020"),
    ("articles", "/language", "Arabic"),
    ("articles", "/rights", NOTHING),
    ("articles", "/sha256", "CD" * 32),
    ("articles", "/sha256", "cd" * 31),
    ("articles", "/sha256", "cd" * 32 + "\n"),
    ("articles", "/length", 0),
    ("articles", "/length", "1000"),
    ("articles", "/length", 1000.5),
    ("articles", "/length", 2**31),
    ("articles", "/length", 2**63),
    ("statements", "/speakers", []),
    ("statements", "/speakers/0/capacity", "bystander"),
    ("statements", "/act", "welcomes"),
    ("statements", "/summary", NOTHING),
    ("statements", "/date", "2020-XX-09"),
    ("statements", "/topics/0", "weather"),
    ("statements", "/topics", "ceasefire"),
    ("statements", "/agreements/0/relation", "signs-off"),
    ("statements", "/agreements/0/provision", 0),
    ("statements", "/agreements/0/label", "x" * 201),
    ("statements", "/figures/0/value", -1),
    ("statements", "/figures/0/value", 10**16),
    ("statements", "/figures/0/value", float("inf")),
    ("statements", "/figures/0/value", "105"),
    ("statements", "/figures/0/value", True),
    ("statements", "/figures/0/value", None),
    ("statements", "/figures/0/period", "last week"),
    ("statements", "/figures/0/claimant", None),
    ("statements", "/reports", []),
    ("statements", "/reports/0/chain", []),
    ("statements", "/reports/0/chain/0/role", "whispered"),
    ("statements", "/reports/0/mode", "sung"),
    ("statements", "/reports/0/evidence", []),
    ("statements", "/reports/0/evidence/0/start", -1),
    ("statements", "/reports/0/evidence/0/start", "10"),
    ("statements", "/reports/0/evidence/0/start", 10.0),
    ("statements", "/reports/0/evidence/0/end", 10),
    ("statements", "/reports/0/evidence/0/end", 9),
    ("statements", "/reports/0/evidence/0/sha256", "none"),
]


@every(("record_type", "pointer", "value"), INVALID, ids=ascii)
def test_an_invalid_value_is_refused_at_its_place(record_type: str, pointer: str, value: Any) -> None:
    found = mistakes(record_type, changed(_full(record_type, pointer), pointer, value))
    assert list(found) == [pointer]
    assert found[pointer].endswith(".")


@every("unseen", [" ", "\u00a0", "\u200b", "\u200f\u00a0", "\ufeff", "\u3164", " \u0301", "\ufe0f"], ids=ascii)
@every(
    ("record_type", "pointer"),
    [
        ("speakers", "/name/en"),
        ("speakers", "/aliases/0/value"),
        ("speakers", "/identifiers/0/value"),
        ("speakers", "/offices/0/title/en"),
        ("articles", "/title"),
        ("articles", "/rights"),
        ("statements", "/summary/en"),
        ("statements", "/reports/0/label"),
    ],
)
def test_a_text_in_which_nothing_can_be_seen_is_refused_like_none(record_type: str, pointer: str, unseen: str) -> None:
    assert list(mistakes(record_type, changed(FULL[record_type], pointer, unseen))) == [pointer]
    assert mistakes(record_type, changed(FULL[record_type], pointer, f"{unseen}a{unseen}")) == {}


def _full(record_type: str, pointer: str) -> Document:
    return {**FULL[record_type], "part_of": {"id": "north"}} if pointer.startswith("/part_of/") else FULL[record_type]


@pytest.mark.parametrize(
    ("record_type", "pointer", "repeated"),
    [
        ("speakers", "/offices", FULL["speakers"]["offices"][0]),
        ("agreements", "/provisions", FULL["agreements"]["provisions"][0]),
        ("agreements", "/parties", {"id": "north"}),
        ("communiques", "/issuers", {"id": "north-ministry"}),
        ("statements", "/speakers", FULL["statements"]["speakers"][0]),
        ("statements", "/on_behalf_of", {"id": "north"}),
        ("statements", "/targets", {"id": "south"}),
        ("statements", "/places", {"id": "town"}),
        ("statements", "/topics", "ceasefire"),
        ("statements", "/reports", FULL["statements"]["reports"][0]),
        ("statements", "/reports/0/chain", {"agent": {"id": "agency"}, "role": "issued"}),
    ],
)
def test_what_may_stand_once_is_refused_the_second_time(record_type: str, pointer: str, repeated: Any) -> None:
    assert list(mistakes(record_type, changed(FULL[record_type], f"{pointer}/-", repeated))) == [pointer]


@pytest.mark.parametrize(
    ("record_type", "pointer", "value"),
    [
        ("speakers", "/offices/0/from", None),
        ("speakers", "/offices/1/to", "2010"),
        ("speakers", "/name/zh-Hant", "伊萬"),
        ("statements", "/summary/en", "Line one\nline two\tand on"),
        ("speakers", "/name/ar", "\u202bسيرغي\u200c لافروف\u202c"),
        ("speakers", "/name/en", "?"),
        ("speakers", "/name/en", "🕊"),
        ("speakers", "/aliases/0/script", "Arab"),
        ("places", "/coordinates/latitude", 90),
        ("places", "/coordinates", None),
        ("places", "/iso_3166", "AZ-GAR"),
        ("events", "/date", "2022-09-12/.."),
        ("events", "/place", None),
        ("articles", "/publisher", None),
        ("statements", "/figures/0/value", 0),
        ("statements", "/figures/0/value", 2.5),
        ("statements", "/agreements/0/provision", None),
        ("statements", "/reports/0/evidence/0/start", 0),
        ("statements", "/date", "/2020"),
    ],
)
def test_what_is_unusual_but_right_is_accepted(record_type: str, pointer: str, value: Any) -> None:
    assert mistakes(record_type, changed(FULL[record_type], pointer, value)) == {}


def test_a_page_needs_a_title_of_its_own_or_a_supplied_one() -> None:
    untitled = changed(FULL["articles"], "/title", None)
    assert list(mistakes("articles", untitled)) == ["/supplied_title"]
    assert mistakes("articles", {**untitled, "supplied_title": {"en": "A call"}}) == {}


def test_all_mistakes_of_a_document_are_told_at_once() -> None:
    document = FULL["statements"]
    spoilt = {
        "/id": "Not An Id",
        "/act": "sing",
        "/date": "2020-13",
        "/speakers/0/speaker/id": "Q 1",
        "/summary": {},
        "/figures/0/value": -1,
        "/reports/0/chain/1/role": "sung",
        "/reports/0/chain/2/agent": NOTHING,
        "/reports/0/evidence/0/start": "ten",
        "/colour": "red",
    }
    for pointer, value in spoilt.items():
        document = changed(document, pointer, value)
    assert set(mistakes("statements", document)) == set(spoilt)


@pytest.mark.parametrize(
    ("record_type", "spoilt", "pointers_told"),
    [
        (
            "statements",
            {"end": 5, "start": 5, "sha256": "ABC"},
            ["/reports/0/evidence/0/end", "/reports/0/evidence/0/sha256"],
        ),
        ("speakers", {"from": "2015", "to": "2014", "id": "No Id"}, ["/offices/0/id", "/offices/0/to"]),
        ("articles", {"title": None, "length": 0}, ["/length", "/supplied_title"]),
    ],
)
def test_what_is_wrong_between_keys_is_told_with_what_is_wrong_in_others(
    record_type: str, spoilt: Document, pointers_told: list[str]
) -> None:
    document = FULL[record_type]
    for key, value in spoilt.items():
        document = changed(document, f"{pointers_told[0].rpartition('/')[0]}/{key}", value)
    assert sorted(mistakes(record_type, document)) == pointers_told


def test_everything_that_is_named_twice_is_told_at_once() -> None:
    document = FULL["statements"]
    document = changed(document, "/speakers/-", document["speakers"][0])
    document = changed(document, "/topics/-", "ceasefire")
    document = changed(document, "/reports/-", document["reports"][0])
    assert set(mistakes("statements", document)) == {"/speakers", "/topics", "/reports"}


def test_a_whole_figure_stays_whole() -> None:
    schema = RECORD_TYPES["statements"].schema
    for value, written in ((105, b"105"), (105.0, b"105"), (2.5, b"2.5")):
        loaded = schema.load(changed(FULL["statements"], "/figures/0/value", value))
        assert orjson.dumps(schema.dump(loaded)["figures"][0]["value"]) == written


def test_walking_a_document_visits_every_reference_with_its_pointer() -> None:
    schema = RECORD_TYPES["statements"].schema
    visited = {
        visit.pointer: visit.value
        for visit in walk(schema, schema.load(FULL["statements"]))
        if isinstance(visit.value, dict) and "id" in visit.value
    }
    assert visited["/speakers/0/office"] == {"id": "foreign-minister"}
    assert visited["/reports/0/chain/1/agent"] == {"id": "agency"}
    assert visited["/figures/0/party"] == {"id": "south"}
    assert len(visited) == 17


def _bounds(schema: Schema, path: str) -> Iterator[tuple[str, bool]]:
    """Each list, object of languages and string that a writer fills, and whether it has a greatest length."""
    for name, field in schema.fields.items():
        if field.dump_only:
            continue
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(field, fields.List):
            yield f"{path}.{name}", _is_bounded(field)
        if isinstance(inner, fields.Nested):
            yield from _bounds(inner.schema, f"{path}.{name}")
        elif isinstance(inner, fields.String):
            yield f"{path}.{name}", _is_bounded(inner)


def _is_bounded(field: fields.Field[Any]) -> bool:
    return any(
        isinstance(check, validate.OneOf)
        or getattr(check, "max", None)
        or (isinstance(check, Matches) and not re.search(r"[*+]|,\}", str(check.regex.pattern)))
        for check in field.validators
    )


@of_every_record_type
def test_everything_has_a_greatest_length(record_type: str) -> None:
    bounds = dict(_bounds(RECORD_TYPES[record_type].schema, record_type))
    assert [path for path, is_bounded in bounds.items() if not is_bounded] == []
    assert bounds


def _alias(number: int, **more: Any) -> Document:
    return {"value": f"Alias {number}", "lang": "en", "kind": "variant", **more}


def test_a_list_that_is_too_long_is_one_mistake_whatever_is_in_it() -> None:
    most = {**FULL["speakers"], "aliases": [_alias(number) for number in range(LIST_LENGTH)]}
    assert mistakes("speakers", most) == {}
    more = {**most, "aliases": [*most["aliases"], _alias(-1), 5, None]}
    assert mistakes("speakers", more) == {"/aliases": "Has 1003 items, more than the 1000 that are taken."}


def test_a_text_in_too_many_languages_is_one_mistake() -> None:
    languages = [f"a{first}{second}" for first in ascii_lowercase for second in ascii_lowercase]
    most = {**FULL["speakers"], "name": dict.fromkeys(languages[:LANGUAGES], "Name")}
    assert mistakes("speakers", most) == {}
    more = {**most, "name": dict.fromkeys([*languages[:LANGUAGES], "no language"], "Name")}
    assert mistakes("speakers", more) == {"/name": "Has 51 languages, more than the 50 that are taken."}


@pytest.mark.parametrize(("key", "value"), [("language", "en" + "-abc" * 9), ("published", "2020-" + "1" * 30)])
def test_a_tag_or_date_that_is_too_long_is_one_mistake(key: str, value: str) -> None:
    assert set(mistakes("articles", {**FULL["articles"], key: value})) == {f"/{key}"}
