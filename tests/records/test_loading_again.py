"""Loading again: what is the same stays untouched, and what changed shows wherever it is shown."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filling
import orjson
import pytest
from builders import (
    NOTHING,
    Document,
    World,
    body,
    change,
    changed,
    ref,
    report,
    row_counts,
    statement,
    versions,
    world,
    write,
)
from conftest import NewDatabase, fill
from flask.testing import FlaskClient
from marshmallow import fields

from api.application import create_app
from api.bulk.folders import LOADABLE, load, load_vocabularies, seed_corpus
from api.checks.consistency import inconsistencies
from api.database.current import database
from api.documents.record_types import RECORD_TYPES
from api.errors import InvalidDocuments
from api.settings import Settings


def before_changes() -> World:
    """The world, with a statement that South's press office put out for the premier."""
    documents = world()
    documents["speakers"]["south-press"] = body("south-press", "Press office", part_of=ref("south"))
    documents["statements"]["premier-told"] = statement(
        "premier-told", "premier", report(("south-press", "issued"), ("outlet", "published"))
    )
    return documents


@pytest.fixture(scope="module")
def stored(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that holds `before_changes`, to be copied and not to be changed."""
    url = new_database()
    fill(url, write(before_changes(), tmp_path_factory.mktemp("before")))
    return url


@pytest.fixture
def reader(stored: str, new_database: NewDatabase) -> Iterator[Any]:
    """A client of a service of its own that holds `before_changes`."""
    filling.copy(stored, url := new_database())
    yield create_app(Settings(database_url=url)).test_client()
    database.obj.close_all()


def only(of: World, *records: str) -> World:
    """These documents of a world, named `record type/id`, and no others."""
    return {
        record_type: {i: document for i, document in documents.items() if f"{record_type}/{i}" in records}
        for record_type, documents in of.items()
    }


def got(reader: FlaskClient, record: str) -> Any:
    answer = reader.get(f"/v1/{record}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def showing(reader: FlaskClient, reference: Document) -> set[str]:
    """The records in whose JSON a reference to another one stands."""

    def holds(value: Any) -> bool:
        if isinstance(value, dict):
            return reference.items() <= value.items() or any(map(holds, value.values()))
        return isinstance(value, list) and any(map(holds, value))

    return {record for record in versions() if holds(list(got(reader, record).values()))}


def test_loading_the_corpus_again_changes_nothing(new_database: NewDatabase) -> None:
    opened: Any = fill(new_database())
    before, rows = versions(), row_counts()
    vocabularies, outcome = load_vocabularies(), load(seed_corpus())
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 0, len(before))
    assert (vocabularies.created, vocabularies.changed) == (0, 0)
    assert versions() == before
    assert row_counts() == rows
    assert list(inconsistencies()) == []
    opened.close_all()


def _pruned(schema: Any, document: Document) -> Document:
    """A document without the keys that the service owns and without empty ones, as a fixture is written."""
    kept = {}
    for name, field in schema.fields.items():
        value = None if field.dump_only else document.get(field.data_key or name)
        if value not in (None, []):
            kept[field.data_key or name] = _pruned_value(field, value)
    return kept


def _pruned_value(field: Any, value: Any) -> Any:
    if isinstance(field, fields.List):
        return [_pruned_value(field.inner, item) for item in value]
    return _pruned(field.schema, value) if isinstance(field, fields.Nested) else value


@pytest.mark.parametrize("record_type", LOADABLE)
def test_what_get_returns_is_what_the_fixture_holds(record_type: str, client: FlaskClient) -> None:
    files = [file for file in (seed_corpus() / record_type).iterdir() if file.name.endswith(".json")]
    assert files
    for file in files:
        answer = client.get(f"/v1/{record_type}/{file.name.removesuffix('.json')}")
        schema, fixture = RECORD_TYPES[record_type].schema, orjson.loads(file.read_bytes())
        assert _pruned(schema, answer.get_json()) == _pruned(schema, fixture), file.name


def test_what_get_returns_can_be_loaded_and_changes_nothing(reader: FlaskClient, tmp_path: Path) -> None:
    before = versions()
    documents: World = {}
    for record in before:
        record_type, record_id = record.split("/")
        documents.setdefault(record_type, {})[record_id] = got(reader, record)
    outcome = load(write(documents, tmp_path))
    assert (outcome.created, outcome.changed) == (0, 0)
    assert versions() == before


whole_or_alone = pytest.mark.parametrize("alone", [False, True], ids=["whole folder", "the changed file alone"])


@pytest.mark.parametrize(
    ("record", "pointer", "value", "alone"),
    [
        ("speakers/north", "/name/en", "The New North", True),
        ("speakers/outlet", "/name/ar", "المنفذ", True),
        ("speakers/outlet", "/name/ar", "المنفذ", False),
        ("places/town", "/name/en", "City", True),
        ("events/talks", "/name/en", "Call", True),
        ("agreements/truce", "/name/en", "Ceasefire", True),
        ("communiques/readout", "/name/en", "Summary", True),
        ("articles/page", "/title", "Another headline", True),
        ("statements/minister-welcomes", "/summary/en", "In other words", True),
    ],
)
def test_a_changed_name_shows_wherever_it_is_shown_and_nothing_else_changes(
    record: str, pointer: str, value: Any, alone: bool, reader: FlaskClient, tmp_path: Path
) -> None:
    before = versions()
    old_name = _name(got(reader, record))
    expected = {record} | showing(reader, {"id": record.split("/")[1], "name": old_name})
    assert len(expected) > 1
    documents = before_changes()
    change(documents, record, pointer, value)
    time.sleep(0.001)  # times have microseconds
    load(write(only(documents, record) if alone else documents, tmp_path))
    after = versions()
    assert {some for some in before if before[some] != after[some]} == expected
    assert all(
        before[some].etag != after[some].etag and before[some].updated_at < after[some].updated_at for some in expected
    )
    new_name = _name(got(reader, record))
    assert new_name != old_name
    assert {record} | showing(reader, {"id": record.split("/")[1], "name": new_name}) == expected
    assert list(inconsistencies()) == []


def _name(document: Document) -> Document:
    if "title" in document:
        return {document["language"]: document["title"]}
    name: Document = document["summary"] if "summary" in document else document["name"]
    return name


def test_a_changed_title_of_an_office_shows_wherever_the_office_is_named(reader: FlaskClient, tmp_path: Path) -> None:
    before, documents = versions(), before_changes()
    change(documents, "speakers/minister", "/offices/0/title", {"en": "Chief diplomat"})
    load(write(only(documents, "speakers/minister"), tmp_path))
    after = versions()
    assert {some for some in before if before[some] != after[some]} == {
        "speakers/minister",
        "events/talks",
        "statements/minister-welcomes",
    }
    shown = got(reader, "statements/minister-welcomes")["speakers"][0]["office"]
    assert shown == {"id": "foreign-minister", "title": {"en": "Chief diplomat"}}


@whole_or_alone
def test_a_speaker_who_changes_sides_changes_whose_words_are_first_hand(
    alone: bool, reader: FlaskClient, tmp_path: Path
) -> None:
    assert _first_hand(reader) == {"minister-welcomes", "premier-told", "premier-answers"}
    before, documents = versions(), before_changes()
    change(documents, "speakers/south-press", "/part_of", ref("north"))
    load(write(only(documents, "speakers/south-press") if alone else documents, tmp_path))
    after = versions()
    assert {some for some in before if before[some] != after[some]} == {
        "speakers/south-press",
        "statements/premier-told",
    }
    assert got(reader, "statements/premier-told")["first_hand_for"] == []
    assert _first_hand(reader) == {"minister-welcomes", "premier-answers"}
    assert list(inconsistencies()) == []


def test_a_side_is_followed_upwards_through_offices_and_bodies(reader: FlaskClient, tmp_path: Path) -> None:
    documents = before_changes()
    documents["speakers"]["department"] = body("department", "Department", part_of=ref("north-ministry"))
    documents["statements"]["from-the-state"] = statement(
        "from-the-state", "minister", report(("department", "issued"), ("outlet", "published"))
    )
    change(documents, "speakers/minister", "/offices/0/organization", ref("north"))
    load(write(documents, tmp_path / "first"))
    assert "from-the-state" in _first_hand(reader)
    change(documents, "speakers/north-ministry", "/part_of", NOTHING)
    load(write(only(documents, "speakers/north-ministry"), tmp_path / "second"))
    assert "from-the-state" not in _first_hand(reader)
    assert list(inconsistencies()) == []


def _first_hand(reader: FlaskClient) -> set[str]:
    return {found["id"] for found in reader.get("/v1/statements?first_hand=true").get_json()["data"]}


@whole_or_alone
def test_a_new_name_variant_finds_the_records_that_refer_to_it(
    alone: bool, reader: FlaskClient, tmp_path: Path
) -> None:
    assert _found(reader, "بيتروفيتش") == set()
    documents = before_changes()
    change(
        documents, "speakers/minister", "/aliases/-", {"value": "بيتروفيتش", "lang": "ar", "kind": "transliteration"}
    )
    load(write(only(documents, "speakers/minister") if alone else documents, tmp_path))
    assert _found(reader, "بيتروفيتش") == {"speakers/minister", "events/talks", "statements/minister-welcomes"}


def test_a_name_variant_that_is_gone_finds_nothing_any_more(reader: FlaskClient, tmp_path: Path) -> None:
    assert _found(reader, "بتروف") == {"speakers/minister", "events/talks", "statements/minister-welcomes"}
    documents = before_changes()
    change(documents, "speakers/minister", "/aliases", [])
    load(write(documents, tmp_path))
    assert _found(reader, "بتروف") == set()


def _found(reader: FlaskClient, word: str) -> set[str]:
    return {
        f"{record_type}/{found['id']}"
        for record_type in LOADABLE
        for found in reader.get(f"/v1/{record_type}", query_string={"q": word}).get_json()["data"]
    }


REMOVED_BUT_USED: dict[str, tuple[str, str, Any]] = {
    "prime-minister": ("speakers/premier", "/offices", []),
    "foreign-minister": ("speakers/minister", "/offices", [before_changes()["speakers"]["minister"]["offices"][1]]),
    "provision": ("agreements/truce", "/provisions", [before_changes()["agreements"]["truce"]["provisions"][0]]),
    "beyond the text": ("articles/page", "/length", 39),
    "publisher": ("articles/page", "/publisher", ref("agency")),
}


@pytest.mark.parametrize("alone", [False, True], ids=["whole folder", "the changed file alone"])
@pytest.mark.parametrize(("told", "removed"), REMOVED_BUT_USED.items(), ids=REMOVED_BUT_USED)
def test_what_other_records_stand_on_can_not_be_taken_away(
    told: str, removed: tuple[str, str, Any], alone: bool, reader: FlaskClient, tmp_path: Path
) -> None:
    before, rows = versions(), row_counts()
    record, pointer, value = removed
    documents = before_changes()
    change(documents, record, pointer, value)
    with pytest.raises(InvalidDocuments, match=f"(?i){told}"):
        load(write(only(documents, record) if alone else documents, tmp_path))
    assert versions() == before
    assert row_counts() == rows
    assert got(reader, "statements/minister-welcomes")["speakers"][0]["office"]["id"] == "foreign-minister"


def test_a_circle_closed_by_one_file_alone_is_refused(reader: FlaskClient, tmp_path: Path) -> None:
    before, documents = versions(), before_changes()
    change(documents, "speakers/north", "/part_of", ref("north-ministry"))
    with pytest.raises(InvalidDocuments, match="north > north-ministry > north"):
        load(write(only(documents, "speakers/north"), tmp_path))
    assert versions() == before


def test_a_name_is_free_for_another_record_once_its_holder_gave_it_up(reader: FlaskClient, tmp_path: Path) -> None:
    documents = before_changes()
    change(documents, "speakers/minister", "/identifiers", [])
    change(documents, "speakers/agency", "/identifiers", [{"scheme": "wikidata", "value": "Q1"}])
    load(write(documents, tmp_path))
    assert got(reader, "speakers/agency")["identifiers"] == [{"scheme": "wikidata", "value": "Q1"}]
    assert got(reader, "speakers/minister")["identifiers"] == []


def test_records_that_are_not_in_the_folder_stay(reader: FlaskClient, tmp_path: Path) -> None:
    before = versions()
    south = changed(before_changes()["speakers"]["south"], "/name/fr", "Sud")
    load(write({"speakers": {"south": south}}, tmp_path))
    assert set(versions()) == set(before)


def test_a_record_can_refer_to_one_that_was_stored_before(reader: FlaskClient, tmp_path: Path) -> None:
    later = statement("later", "premier", links=[{"relation": "repeats", "statement": ref("premier-told")}])
    outcome = load(write({"statements": {"later": later}}, tmp_path))
    assert (outcome.created, outcome.changed, outcome.unchanged) == (1, 0, 0)
    assert got(reader, "statements/later")["links"][0]["statement"]["name"] == {"en": "The summary of premier-told"}
