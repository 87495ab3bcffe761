"""Loading folders of documents: everything that is wrong is told at once, and then nothing is stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import NOTHING, World, change, link, ref, report, row_counts, statement, versions, world, write
from conftest import NewDatabase

from api.bulk.folders import load
from api.database.connections import connect
from api.database.current import database
from api.errors import InvalidDocuments


@pytest.fixture(scope="module")
def migrated(new_tables: NewDatabase) -> Iterator[Any]:
    """A database with tables and vocabularies but no records, shared by all tests here: nothing may get into it."""
    opened: Any = connect(new_tables())
    database.initialize(opened)
    yield opened
    opened.close_all()


@pytest.fixture
def nothing_stored(migrated: Any) -> Iterator[None]:
    """Whatever the test loads, the database holds no record afterwards."""
    database.initialize(migrated)
    before = row_counts(), versions()
    yield
    assert (row_counts(), versions()) == before


def refused(folder: Path) -> dict[tuple[str, str], str]:
    """What is wrong with a folder: the sentences for each (file, JSON pointer)."""
    with pytest.raises(InvalidDocuments) as refusal:
        load(folder)
    found: dict[tuple[str, str], str] = {}
    for issue in refusal.value.issues:
        assert issue.detail.endswith(".")
        assert issue.document is not None
        place = issue.document, issue.pointer
        found[place] = " ".join([*filter(None, [found.get(place)]), issue.detail])
    return found


MISFITS: dict[str, tuple[str, str, Any, str, str]] = {
    "event": ("/event", "statements/minister-welcomes", ref("nothing"), "/event/id", "'nothing' among the events"),
    "speaker": ("/speakers/0/speaker", "statements/premier-answers", ref("x"), "/speakers/0/speaker/id", "'x' among"),
    "addressee": ("/addressees/0", "statements/minister-welcomes", ref("x"), "/addressees/0/id", "among the speakers"),
    "agreement": (
        "/agreements/0/agreement",
        "statements/minister-welcomes",
        ref("x"),
        "/agreements/0/agreement/id",
        "among the agreements",
    ),
    "article": ("/reports/0/article", "statements/premier-answers", ref("x"), "/reports/0/article/id", "the articles"),
    "agent": ("/reports/0/chain/1/agent", "statements/minister-welcomes", ref("x"), "/reports/0/chain/1/agent/id", "x"),
    "claimant": ("/figures/0/claimant", "statements/minister-welcomes", ref("x"), "/figures/0/claimant/id", "speakers"),
    "linked": ("/links/0/statement", "statements/premier-answers", ref("x"), "/links/0/statement/id", "the statements"),
    "body": ("/part_of", "speakers/agency", ref("x"), "/part_of/id", "'x' among the speakers"),
    "whole": ("/part_of", "places/town", ref("x"), "/part_of/id", "'x' among the places"),
    "organization": ("/offices/0/organization", "speakers/premier", ref("x"), "/offices/0/organization/id", "'x'"),
    "user of a name": ("/aliases/0/used_by", "places/town", ref("x"), "/aliases/0/used_by/id", "among the speakers"),
    "issuer": ("/issuers/0", "communiques/readout", ref("x"), "/issuers/0/id", "among the speakers"),
    "agency": ("/credits/0/agency", "articles/page", ref("x"), "/credits/0/agency/id", "among the speakers"),
    "office of another speaker": (
        "/speakers/0/office",
        "statements/minister-welcomes",
        ref("prime-minister"),
        "/speakers/0/office/id",
        "'minister' has no office 'prime-minister'",
    ),
    "office of another participant": (
        "/participants/0/office",
        "events/talks",
        ref("prime-minister"),
        "/participants/0/office/id",
        "'minister' has no office 'prime-minister'",
    ),
    "office of another signatory": (
        "/signatories/0/office",
        "agreements/truce",
        ref("envoy"),
        "/signatories/0/office/id",
        "'premier' has no office 'envoy'",
    ),
    "provision": (
        "/agreements/0/provision",
        "statements/minister-welcomes",
        3,
        "/agreements/0/provision",
        "'truce' has no provision 3",
    ),
    "publisher": (
        "/reports/0/chain/2/agent",
        "statements/minister-welcomes",
        ref("south"),
        "/reports/0/chain/2/agent/id",
        "The publisher of 'page' is outlet",
    ),
    "offset": (
        "/reports/0/evidence/0/end",
        "statements/minister-welcomes",
        1001,
        "/reports/0/evidence/0/end",
        "has 1000 characters",
    ),
    "self-link": (
        "/links",
        "statements/minister-welcomes",
        [{"relation": "repeats", "statement": ref("minister-welcomes")}],
        "/links/0/statement/id",
        "can't be linked to itself",
    ),
    "relation to itself": (
        "/relations/0/agreement",
        "agreements/treaty",
        ref("treaty"),
        "/relations/0/agreement/id",
        "itself",
    ),
    "part of itself": ("/part_of", "places/town", ref("town"), "/part_of", "town > town"),
    "impossible date": ("/date", "statements/premier-answers", "2020-02-30", "/date", "not a day of the calendar"),
    "other id": ("/id", "agreements/treaty", "the-treaty", "/id", "differs from the file's name"),
}


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(("pointer", "record", "value", "where", "told"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_told_with_its_file_and_place(
    pointer: str, record: str, value: Any, where: str, told: str, tmp_path: Path
) -> None:
    documents = world()
    change(documents, record, pointer, value)
    found = refused(write(documents, tmp_path))
    assert list(found) == [(f"{record}.json", where)]
    assert told in found[f"{record}.json", where]


TWICE: dict[str, tuple[str, str, Any]] = {
    "a name of a speaker": ("speakers/minister", "/aliases", {"value": "بتروف", "lang": "ar", "kind": "variant"}),
    "an identifier": ("speakers/minister", "/identifiers", {"scheme": "wikidata", "value": "Q1"}),
    "an identifier of another speaker": ("speakers/south", "/identifiers", {"scheme": "wikidata", "value": "Q1"}),
    "a participant": ("events/talks", "/participants", {"speaker": ref("minister"), "role": "participant"}),
    "a signatory": ("agreements/truce", "/signatories", {"speaker": ref("premier")}),
    "a relation": ("agreements/treaty", "/relations", {"relation": "builds-on", "agreement": ref("truce")}),
    "a credit": ("articles/page", "/credits", {"agency": ref("agency"), "role": "text"}),
    "a link": (
        "statements/premier-answers",
        "/links",
        {"relation": "responds-to", "statement": ref("minister-welcomes")},
    ),
    "a span": (
        "statements/minister-welcomes",
        "/reports/0/evidence",
        {"start": 10, "end": 40, "sha256": "ab" * 32},
    ),
    "a provision referred to": (
        "statements/minister-welcomes",
        "/agreements",
        {"agreement": ref("truce"), "relation": "welcomes", "provision": 2},
    ),
}


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(("record", "pointer", "repeated"), TWICE.values(), ids=TWICE)
def test_what_may_stand_once_is_told_with_its_file_and_place_when_it_stands_twice(
    record: str, pointer: str, repeated: Any, tmp_path: Path
) -> None:
    documents = world()
    change(documents, record, pointer, [*_at(documents, record, pointer), repeated])
    found = refused(write(documents, tmp_path))
    assert any(source == f"{record}.json" and where.startswith(pointer) for source, where in found)


def _at(documents: World, record: str, pointer: str) -> list[Any]:
    record_type, record_id = record.split("/")
    value: Any = documents[record_type][record_id]
    for step in pointer.removeprefix("/").split("/"):
        value = value[int(step)] if isinstance(value, list) else value.get(step, [])
    return list(value)


@pytest.mark.usefixtures("nothing_stored")
def test_an_agreement_referred_to_twice_in_the_same_way_is_told(tmp_path: Path) -> None:
    documents = world()
    reference = {"agreement": ref("truce"), "relation": "welcomes"}
    change(documents, "statements/minister-welcomes", "/agreements", [reference, reference])
    assert {source for source, _ in refused(write(documents, tmp_path))} == {"statements/minister-welcomes.json"}


@pytest.mark.usefixtures("nothing_stored")
def test_two_articles_with_the_same_text_are_told(tmp_path: Path) -> None:
    documents = world()
    documents["articles"]["copy"] = {**documents["articles"]["page"], "id": "copy"}
    assert ("articles/page.json", "/sha256") in refused(write(documents, tmp_path)) or (
        "articles/copy.json",
        "/sha256",
    ) in refused(tmp_path)


@pytest.mark.usefixtures("nothing_stored")
def test_the_same_id_in_two_files_is_told(tmp_path: Path) -> None:
    documents = world()
    documents["agreements"]["zz"] = documents["agreements"]["treaty"]
    found = refused(write(documents, tmp_path))
    assert "already the id of agreements/treaty.json" in found["agreements/zz.json", "/id"]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("record_type", "one", "other"), [("speakers", "north", "north-ministry"), ("places", "land", "town")]
)
def test_a_circle_of_parts_is_told_at_every_record_of_it(
    record_type: str, one: str, other: str, tmp_path: Path
) -> None:
    documents = world()
    change(documents, f"{record_type}/{one}", "/part_of", ref(other))
    found = refused(write(documents, tmp_path))
    assert {(f"{record_type}/{one}.json", "/part_of"), (f"{record_type}/{other}.json", "/part_of")} <= set(found)
    assert f"{one} > {other} > {one}" in found[f"{record_type}/{one}.json", "/part_of"]


@pytest.mark.usefixtures("nothing_stored")
def test_a_page_without_a_publisher_was_published_by_nobody(tmp_path: Path) -> None:
    documents = world()
    change(documents, "articles/page", "/publisher", NOTHING)
    found = refused(write(documents, tmp_path))
    assert set(found) == {
        ("statements/minister-welcomes.json", "/reports/0/chain/2/agent/id"),
        ("statements/premier-answers.json", "/reports/0/chain/1/agent/id"),
    }
    assert "not known" in found["statements/premier-answers.json", "/reports/0/chain/1/agent/id"]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"id": "broken",}',
        b"{'id': 'broken'}",
        b'{"id": "\xff"}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_file_that_is_not_json_is_told(raw: bytes, tmp_path: Path) -> None:
    write(world(), tmp_path)
    (tmp_path / "speakers" / "broken.json").write_bytes(raw)
    found = refused(tmp_path)
    assert list(found) == [("speakers/broken.json", "")]
    assert found["speakers/broken.json", ""].startswith("Is not JSON")


@pytest.mark.usefixtures("nothing_stored")
def test_what_json_leaves_open_is_told_with_its_place(tmp_path: Path) -> None:
    write(world(), tmp_path)
    raw = b'{"id": "broken", "kind": "person", "name": {"en": "A", "en": "B", "ar": NaN}}'
    (tmp_path / "speakers" / "broken.json").write_bytes(raw)
    assert list(refused(tmp_path)) == [("speakers/broken.json", "/name/en"), ("speakers/broken.json", "/name/ar")]


@pytest.mark.usefixtures("nothing_stored")
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    write(world(), tmp_path)
    (tmp_path / "speakers" / "folder.json").mkdir()
    assert list(refused(tmp_path)) == [("speakers/folder.json", "")]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("name", ["speeches", "vocabularies", "Speakers"])
def test_a_folder_that_is_no_record_type_is_told(name: str, tmp_path: Path) -> None:
    write(world(), tmp_path)
    (tmp_path / name).mkdir()
    assert list(refused(tmp_path)) == [(name, "")]


@pytest.mark.usefixtures("nothing_stored")
def test_a_document_outside_the_folders_of_record_types_is_told(tmp_path: Path) -> None:
    write(world(), tmp_path)
    (tmp_path / "north.json").write_text("{}")
    assert list(refused(tmp_path)) == [("north.json", "")]


@pytest.mark.usefixtures("nothing_stored")
def test_a_folder_without_documents_is_told(tmp_path: Path) -> None:
    (tmp_path / "speakers").mkdir()
    (tmp_path / "README.md").write_text("Nothing here yet.")
    assert "no JSON documents" in refused(tmp_path)[str(tmp_path), ""]


def _spoil_files(documents: World, folder: Path) -> set[tuple[str, str]]:
    """Spoil documents in ways that each file shows by itself."""
    change(documents, "statements/premier-answers", "/date", "2020-02-30")
    change(documents, "statements/premier-answers", "/act", "sing")
    change(documents, "agreements/treaty", "/id", "the-treaty")
    documents["places"]["sea"] = {"id": "sea", "kind": "ocean"}
    write(documents, folder)
    (folder / "events" / "broken.json").write_text("{")
    (folder / "speeches").mkdir()
    return {
        ("statements/premier-answers.json", "/date"),
        ("statements/premier-answers.json", "/act"),
        ("agreements/treaty.json", "/id"),
        ("places/sea.json", "/kind"),
        ("places/sea.json", "/name"),
        ("events/broken.json", ""),
        ("speeches", ""),
    }


def _spoil_references(documents: World, folder: Path) -> set[tuple[str, str]]:
    """Spoil documents in ways that only show between them."""
    change(documents, "statements/minister-welcomes", "/event", ref("nothing"))
    change(documents, "statements/minister-welcomes", "/speakers/0/office", ref("prime-minister"))
    change(documents, "speakers/agency", "/part_of", ref("nobody"))
    documents["statements"]["other"] = statement(
        "other", "premier", report(("premier", "spoke")), links=[{"relation": "repeats", "statement": ref("other")}]
    )
    change(documents, "statements/other", "/reports/0/chain/-", link("south", "published"))
    write(documents, folder)
    return {
        ("statements/minister-welcomes.json", "/event/id"),
        ("statements/minister-welcomes.json", "/speakers/0/office/id"),
        ("speakers/agency.json", "/part_of/id"),
        ("statements/other.json", "/links/0/statement/id"),
        ("statements/other.json", "/reports/0/chain/1/agent/id"),
    }


@pytest.mark.usefixtures("nothing_stored")
def test_all_that_single_files_show_is_told_at_once(tmp_path: Path) -> None:
    expected = _spoil_files(world(), tmp_path)
    assert set(refused(tmp_path)) == expected


@pytest.mark.usefixtures("nothing_stored")
def test_all_that_does_not_fit_together_is_told_at_once(tmp_path: Path) -> None:
    expected = _spoil_references(world(), tmp_path)
    assert set(refused(tmp_path)) == expected


@pytest.mark.usefixtures("nothing_stored")
def test_mistakes_in_files_do_not_hide_mistakes_between_them(tmp_path: Path) -> None:
    documents = world()
    expected = _spoil_files(documents, tmp_path) | _spoil_references(documents, tmp_path)
    assert set(refused(tmp_path)) == expected


@pytest.mark.usefixtures("nothing_stored")
def test_a_dangling_reference_does_not_hide_other_mistakes_of_the_document(tmp_path: Path) -> None:
    documents = world()
    change(documents, "statements/minister-welcomes", "/event", ref("nothing"))
    change(documents, "statements/minister-welcomes", "/agreements/0/provision", 9)
    assert {where for _, where in refused(write(documents, tmp_path))} == {"/event/id", "/agreements/0/provision"}
