"""Names in texts: every name of what a text mentions finds it, and keeps doing so when names change."""

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from applications import add, client_of, name, speaker, statement
from conftest import NewDatabase
from flask.testing import FlaskClient

from api.checks.consistency import inconsistencies
from api.database.current import database
from api.models.holders import NamedRecord
from api.records.mending import mend
from api.search.names import stands_for


def place(record_id: str, label: str, *aliases: str) -> dict[str, Any]:
    listed = [{"value": alias, "lang": "en", "kind": "variant"} for alias in aliases]
    return {"id": record_id, "kind": "region", "name": {"en": label}, "aliases": listed}


def saying(record_id: str, summary: str, **more: Any) -> dict[str, Any]:
    return statement(record_id, summary={"ar": summary}, **more)


PLACES = [
    place("karabakh", "Karabakh", "قره باغ", "كاراباخ", "Qarabağ", "ناغورنو كاراباخ"),
    place("moscow", "Moscow", "موسكو", "Moskva"),
    place("island-city", "Island City", "الجزيرة"),
]
RUSSIA = speaker("russia", name={"en": "Russia"}, aliases=[{"value": "Moscow", "lang": "en", "kind": "variant"}])
AGREEMENTS = [
    {
        "id": f"deal-{number.lower()}",
        "kind": "ceasefire",
        "status": "announced",
        "name": {"en": f"Accord of Town{number}"},
        "aliases": [{"value": "trilateral agreement", "lang": "en", "kind": "variant"}],
    }
    for number in ("One", "Two")
]
WAR = {
    "id": "war",
    "kind": "war",
    "name": {"en": "Second Karabakh War", "ar": "حرب الأيام الأربعة والأربعين"},
    "date": "2020",
    "date_basis": "stated",
}
STATEMENTS = [
    saying("one", "القتال في قره باغ"),
    saying("two", "القتال في كاراباخ"),
    saying("three", "people of Karabakh's towns"),
    saying("four", "بقره باغ وما حولها"),
    saying("nowhere", "باغ في قره"),
    saying("city", "they met in Moscow"),
    saying("isle", "جزيرة صغيرة"),
    saying("pact", "the trilateral agreement holds"),
    saying("fight", "حرب الأيام الأربعة والأربعين"),
]


@pytest.fixture
def client(new_database: NewDatabase) -> Iterator[FlaskClient]:
    records = {"places": PLACES, "speakers": [RUSSIA], "agreements": AGREEMENTS, "events": [WAR]}
    with client_of(new_database(), {**records, "statements": STATEMENTS}) as client:
        yield client


def found(client: FlaskClient, q: str, record_type: str = "statements") -> str:
    answer = client.get(f"/v1/{record_type}", query_string={"q": q, "fields": "id", "sort": "id", "limit": "200"})
    assert answer.status_code == 200, answer.text
    return " ".join(record["id"] for record in answer.get_json()["data"])


@pytest.mark.parametrize(
    "q", ["كاراباخ", '"قره باغ"', "Karabakh", "Qarabag", "ناغورنو كاراباخ", "Karab*", "كارا*", "Qara*"]
)
def test_every_name_of_a_place_finds_what_mentions_it(client: FlaskClient, q: str) -> None:
    assert found(client, q) == "fight four one three two"


def test_what_mentions_a_place_under_any_name_is_excluded_by_every_other(client: FlaskClient) -> None:
    assert found(client, "القتال -Karabakh") == ""
    assert found(client, "باغ -Qarabağ") == "nowhere"


def test_a_name_that_holds_another_stands_for_it_too(client: FlaskClient) -> None:
    assert found(client, '"Second Karabakh War" كاراباخ') == "fight"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("Moskva", "city"),  # the city is what is called Moscow; Russia only is called after it
        ("Russia", ""),
        ('"Island City"', ""),  # an island is not the one called the Island
        ('"Accord of TownOne"', ""),  # which of the two trilateral agreements is not said
        ('"trilateral agreement"', "pact"),
    ],
)
def test_names_are_not_taken_for_more_than_they_say(client: FlaskClient, q: str, expected: str) -> None:
    assert found(client, q) == expected


def test_a_new_name_finds_what_was_stored_before_it(client: FlaskClient) -> None:
    assert found(client, "Artsakh") == ""
    add({"places": [place("karabakh", "Karabakh", "قره باغ", "Artsakh")]})
    assert found(client, "Artsakh") == "fight four one three"
    assert found(client, "كاراباخ") == "two"
    assert list(inconsistencies()) == []


def test_a_new_record_finds_what_mentions_it_already(client: FlaskClient) -> None:
    add({"places": [place("towns", "towns", "القرى")]})
    assert found(client, "القرى") == "three"
    assert list(inconsistencies()) == []


def test_a_name_that_begins_to_mean_two_records_tells_no_more(client: FlaskClient) -> None:
    add({"places": [place("other-karabakh", "Karabakh", "elsewhere")]})
    assert found(client, "Qarabağ") == "four one two"
    assert found(client, "elsewhere") == ""
    assert list(inconsistencies()) == []


@pytest.mark.parametrize(
    ("said_before", "called", "other"),
    [
        ("Theresa May 2019 plan", "Theresa May", "تيريزا"),
        ("talks in May on a truce", "May", "Maj"),
        ("اتفاق تشرين الثاني فلان", "الثاني فلان", "Somebody"),
        ("نص اتفاق تشرين الثاني", "تشرين", "Tishrin"),
        ("meeting in March May agreed", "March May", "مارش"),
    ],
)
def test_a_new_name_finds_what_is_read_as_a_month_where_it_stands(
    client: FlaskClient, said_before: str, called: str, other: str
) -> None:
    add({"statements": [saying("month", said_before)]})
    add(
        {
            "speakers": [
                speaker("somebody", name={"en": called}, aliases=[{"value": other, "lang": "ar", "kind": "variant"}])
            ]
        }
    )
    assert found(client, other) == "month"
    assert list(inconsistencies()) == []


def test_a_new_name_finds_what_stands_far_behind_in_a_long_text(client: FlaskClient) -> None:
    filling = "كلمة " * 300
    add({"statements": [saying("long", f"{filling} كلمة سوق")]})
    add({"places": [place("market", "كلمة سوق", "Souk")]})
    assert found(client, "Souk") == "long"
    assert list(inconsistencies()) == []


def test_names_find_each_other_in_every_record_type(client: FlaskClient) -> None:
    assert found(client, "كاراباخ", "events") == "war"
    assert found(client, "Moskva", "speakers") == "russia"


# --- counting what refers to a record --------------------------------------------------------------------------------


def counted() -> dict[str, int]:
    rows: Any = NamedRecord.select(NamedRecord.id, NamedRecord.statements).tuples()
    return {record_id: count for record_id, count in rows if count}


def test_each_record_is_counted_in_the_statements_that_refer_to_it(client: FlaskClient) -> None:
    everywhere = {"a-speaker": len(STATEMENTS)}
    assert counted() == everywhere
    twice = {"places": [{"id": "karabakh"}], "on_behalf_of": [{"id": "russia"}], "targets": [{"id": "russia"}]}
    add({"statements": [saying("one", "x", **twice, event={"id": "war"}, about_events=[{"id": "war"}])]})
    assert counted() == {**everywhere, "karabakh": 1, "russia": 1, "war": 1}
    add({"statements": [saying("two", "x", event={"id": "war"}), saying("ten", "x", event={"id": "war"})]})
    assert counted() == {"a-speaker": len(STATEMENTS) + 1, "karabakh": 1, "russia": 1, "war": 3}
    add({"statements": [saying("one", "x")]})
    assert counted() == {"a-speaker": len(STATEMENTS) + 1, "war": 2}
    assert list(inconsistencies()) == []


# --- what is damaged -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "UPDATE named_record SET statements = 7 WHERE id = 'karabakh'",
            "places/karabakh is counted in 7 statements, but 0",
        ),
        ("UPDATE named_record SET label = '{}' WHERE id = 'karabakh'", "places/karabakh is shown under another name"),
        ("UPDATE name SET value = 'x' WHERE phrase = 'qarabag'", "places/karabakh has other names"),
        ("DELETE FROM name_start WHERE start = 'qarabag'", "places/karabakh can't be found by all beginnings"),
        ("DELETE FROM name WHERE phrase = 'karabakh'", "statements/one can't be searched for"),
        (
            "INSERT INTO named_record (record_type, record, id, label, statements) VALUES ('places', 99999, 'x', '{}', 0)",
            "Names are kept for number 99999 of places",
        ),
    ],
)
def test_damage_to_names_is_found_and_mended(client: FlaskClient, damage: str, told: str) -> None:
    with database.atomic():
        database.execute_sql(damage)
    assert any(fault.startswith(told) for fault in inconsistencies())
    mend()
    assert list(inconsistencies()) == []


# --- terms -----------------------------------------------------------------------------------------------------------


def test_a_record_is_found_by_the_labels_of_its_terms(client: FlaskClient) -> None:
    about = {"act": "welcome", "topics": ["peacekeeping"]}
    add({"statements": [saying("labelled", "x", **about)], "speakers": [speaker("body", kind="state", name=name("b"))]})
    for q in ("ترحيب", "Welcome", "حفظ السلام", "peacekeeping"):
        assert found(client, q) == "labelled", q
    assert "body" in found(client, "دولة", "speakers")
    assert found(client, "يقين") == ""


def test_a_record_with_many_aliases_of_the_same_words_costs_no_more_for_each_than_one_with_few(
    new_database: NewDatabase,
) -> None:
    with client_of(new_database(), {}):
        few, many = (_names_compared(f"called-{count}", count) for count in (40, 160))
    assert many < few * 6


def _names_compared(record_id: str, aliases: int) -> int:
    """How often a word of a text is held against one of a name while a speaker with so many aliases is stored."""
    listed = [{"value": f"{record_id} ministry number {n}", "lang": "en", "kind": "variant"} for n in range(aliases)]
    calls = 0

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is stands_for.__code__

    sys.setprofile(note)
    try:
        add({"speakers": [speaker(record_id, aliases=listed)]})
    finally:
        sys.setprofile(None)
    return calls
