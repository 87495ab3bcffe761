"""Whatever one calls them: every name and spelling of a record finds it, and its statements."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from every import every
from flask.testing import FlaskClient

import fixtures

FOLDER = Path(fixtures.__file__).parent
NAMED = [
    (record_type, file.stem)
    for record_type in ("speakers", "agreements", "events", "places")
    for file in sorted((FOLDER / record_type).glob("*.json"))
]


@cache
def names(record_type: str, record: str) -> list[str]:
    document: dict[str, Any] = json.loads((FOLDER / record_type / f"{record}.json").read_bytes())
    return [*document["name"].values(), *(alias["value"] for alias in document.get("aliases", []))]


def found(client: FlaskClient, record_type: str, **query: str) -> set[str]:
    response = client.get(f"/v1/{record_type}", query_string={**query, "limit": "200", "fields": "id"})
    assert response.status_code == 200, response.text
    return {record["id"] for record in response.get_json()["data"]}


def quoted(name: str) -> str:
    """The name as one phrase: a quotation mark inside it would end the phrase."""
    return '"' + name.replace('"', " ") + '"'


@every(("record_type", "record"), NAMED)
def test_every_name_of_a_record_finds_it(client: FlaskClient, record_type: str, record: str) -> None:
    assert [
        name for name in names(record_type, record) if record not in found(client, record_type, q=quoted(name))
    ] == []


@every(("record_type", "record"), NAMED)
def test_a_name_finds_its_record_without_quotation_marks_too(
    client: FlaskClient, record_type: str, record: str
) -> None:
    plain = [
        name for name in names(record_type, record) if '"' not in name and " - " not in name
    ]  # a lone - excludes nothing
    assert [name for name in plain if record not in found(client, record_type, q=name)] == []


SPEAKERS = [
    ("antonio-guterres", "غوتيريش غوتيريس جوتيريش جوتيريس غوتيرش Guterres Гутерреш Гутерриш Գուտերեշ Quterreş"),
    ("nikol-pashinyan", "باشينيان باشينيين باشنيان باشينان Pashinyan Pashinian Փաշինյան Пашинян"),
    ("ilham-aliyev", "علييف عالييف عليف ألييف الييف Aliyev Aliev Əliyev Алиев"),
    ("sergey-lavrov", "لافروف لاڤروف Lavrov Лавров"),
    ("ararat-mirzoyan", "ميرزويان ميرزوايان Mirzoyan Միրզոյան"),
    ("miroslav-jenca", "ينتشا جينكا جينتشا Jenča Jenca Енча"),
    ("stephane-dujarric", "دوجاريك Dujarric Дюжаррик"),
    ("maria-zakharova", "زاخاروفا زخاروفا Zakharova Захарова Զախարովա Zaxarova"),
]


@pytest.mark.parametrize(("speaker", "spellings"), SPEAKERS)
def test_every_spelling_of_a_name_finds_what_its_bearer_said(client: FlaskClient, speaker: str, spellings: str) -> None:
    said = found(client, "statements", speaker=speaker)
    assert said
    for spelling in spellings.split():
        assert said <= found(client, "statements", q=spelling), spelling


PLACES = [
    (
        "nagorno-karabakh",
        [
            "ناغورني قره باغ",
            "ناغورنو قره باغ",
            "ناغورنو كاراباخ",
            "ناغورني كاراباخ",
            "ناغورنو-كاراباخ",
            "قره باغ",
            "قرة باغ",
            "قراباغ",
            "كاراباخ",
            "كارباخ",
            "Nagorno-Karabakh",
            "Artsakh",
            "Карабах",
            "Qarabağ",
            "Արցախ",
        ],
    ),
    ("lachin-corridor", ["ممر لاتشين", "معبر لاتشين", "ممر لاشين", "Lachin corridor", "Berdzor corridor"]),
    ("south-caucasus", ["جنوب القوقاز", "القوقاز الجنوبي", "South Caucasus", "Transcaucasia"]),
    ("sochi", ["سوتشي", "سوتشى", "Sochi", "Сочи"]),
]


@pytest.mark.parametrize(("place", "spellings"), PLACES)
def test_every_name_of_a_place_finds_what_was_said_of_it(client: FlaskClient, place: str, spellings: list[str]) -> None:
    told = found(client, "statements", place=place)
    assert told
    for spelling in spellings:
        assert told <= found(client, "statements", q=spelling), spelling
        assert told <= found(client, "statements", q=quoted(spelling)), spelling


AGREEMENTS = [
    (
        "trilateral-statement-2020-11-09",
        [
            "بيان 9 نوفمبر",
            "بيان 9 تشرين الثاني",
            "بيان ٩ تشرين الثاني/نوفمبر ٢٠٢٠",
            "10 November statement",
            "Заявление от 9 ноября",
        ],
    ),
    ("trilateral-statement-2021-01-11", ["بيان 11 يناير", "بيان 11 كانون الثاني", "the 11 January statement"]),
    ("trilateral-statement-2021-11-26", ["بيان سوتشي 2021", "بيان 26 نوفمبر", "November 26 statement"]),
    ("ceasefire-2022-09-14", ["هدنة 14 سبتمبر", "وقف إطلاق النار في 14 أيلول", "September 14 ceasefire"]),
]


@pytest.mark.parametrize(("agreement", "spellings"), AGREEMENTS)
def test_every_name_of_an_agreement_finds_what_was_said_of_it(
    client: FlaskClient, agreement: str, spellings: list[str]
) -> None:
    told = found(client, "statements", agreement=agreement)
    assert told
    for spelling in spellings:
        assert told <= found(client, "statements", q=spelling), spelling
