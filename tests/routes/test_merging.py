"""Merging a speaker into another: every reference moves, the old address leads to the new one."""

from typing import Any

import pytest
from asking import mistakes, problem
from builders import ref
from changing import Writer, faults, log, operations


def twin(**more: Any) -> dict[str, Any]:
    """Another record of the premier, as somebody else may have added it."""
    return {
        "kind": "person",
        "name": {"en": "M. Sanchez", "ar": "ماريا"},
        "aliases": [{"value": "Sánchez", "lang": "es", "kind": "variant"}],
        "identifiers": [{"scheme": "wikidata", "value": "Q77"}],
        "offices": [
            {"id": "prime-minister", "title": {"en": "Premier"}, "organization": ref("south"), "from": "2019"},
            {"id": "mayor", "title": {"en": "Mayor"}, "organization": ref("south"), "from": "2001", "to": "2005"},
        ],
        **more,
    }


def said_by_twin(record_id: str, office: str) -> dict[str, Any]:
    return {
        "id": record_id,
        "speakers": [{"speaker": ref("twin"), "office": ref(office), "capacity": "author"}],
        "addressees": [ref("premier"), ref("twin"), ref("minister")],
        "act": "welcome",
        "summary": {"en": "Something else"},
        "date": "2004-05-01",
        "date_basis": "stated",
        "reports": [
            {
                "article": ref("page"),
                "chain": [{"agent": ref("twin"), "role": "spoke"}, {"agent": ref("premier"), "role": "relayed"}],
                "mode": "indirect",
                "evidence": [{"start": 50, "end": 60, "sha256": "ef" * 32}],
            }
        ],
    }


@pytest.fixture
def with_twin(writer: Writer) -> Writer:
    """The small world with another record of the premier, who made a statement in each of two offices."""
    writer.put("/v1/speakers/twin", twin())
    writer.put("/v1/statements/as-mayor", said_by_twin("as-mayor", "mayor"))
    writer.put("/v1/statements/as-premier", said_by_twin("as-premier", "prime-minister"))
    return writer


def test_what_the_one_said_the_other_said(with_twin: Writer) -> None:
    answer = with_twin.merge("twin", "premier")
    assert answer.status_code == 200
    assert answer.headers["ETag"] == with_twin.etag("/v1/speakers/premier")
    assert answer.headers["Content-Location"] == "http://localhost/v1/speakers/premier"
    said = with_twin.get("/v1/speakers/premier/statements")["data"]
    assert {statement["id"] for statement in said} == {"as-mayor", "as-premier", "premier-answers"}
    assert b'"twin"' not in with_twin.client.get("/v1/statements").data
    assert faults() == []


def test_items_that_become_the_same_are_there_once(with_twin: Writer) -> None:
    with_twin.merge("twin", "premier")
    statement = with_twin.get("/v1/statements/as-mayor")
    assert [addressee["id"] for addressee in statement["addressees"]] == ["premier", "minister"]
    chain = [(link["agent"]["id"], link["role"]) for link in statement["reports"][0]["chain"]]
    assert chain == [("premier", "spoke")]


def test_offices_move_and_those_held_at_the_same_time_are_one(with_twin: Writer) -> None:
    with_twin.merge("twin", "premier")
    offices = with_twin.get("/v1/speakers/premier")["offices"]
    assert [(office["id"], office["title"]["en"]) for office in offices] == [
        ("prime-minister", "Prime-Minister"),
        ("mayor", "Mayor"),
    ]
    assert with_twin.get("/v1/statements/as-mayor")["speakers"][0]["office"]["title"] == {"en": "Mayor"}
    assert with_twin.get("/v1/statements/as-premier")["speakers"][0]["office"]["title"] == {"en": "Prime-Minister"}


def test_an_office_of_the_same_name_held_at_another_time_is_another(with_twin: Writer) -> None:
    with_twin.patch("/v1/speakers/twin", {"offices": [
        {"id": "prime-minister", "title": {"en": "First term"}, "organization": ref("south"), "from": "1999", "to": "2004"},
        {"id": "mayor", "title": {"en": "Mayor"}}]})  # fmt: skip
    with_twin.merge("twin", "premier")
    assert with_twin.get("/v1/statements/as-premier")["speakers"][0]["office"]["id"] == "prime-minister-2"
    assert [office["id"] for office in with_twin.get("/v1/speakers/premier")["offices"]] == [
        *("prime-minister", "prime-minister-2", "mayor")
    ]
    assert faults() == []


def test_the_one_is_found_by_the_names_of_the_other(with_twin: Writer) -> None:
    with_twin.merge("twin", "premier")
    premier = with_twin.get("/v1/speakers/premier")
    assert premier["name"] == {"en": "Maria Sanchez"}
    assert {alias["value"] for alias in premier["aliases"]} == {"M. Sanchez", "ماريا", "Sánchez"}
    assert {"scheme": "wikidata", "value": "Q77"} in premier["identifiers"]
    assert [one["id"] for one in with_twin.get("/v1/suggest?q=mar")["data"]] == ["premier"]
    found = {one["id"] for one in with_twin.get("/v1/statements?q=ماريا")["data"]}
    assert found == {"as-mayor", "as-premier", "minister-welcomes", "premier-answers"}


@pytest.mark.parametrize("below", ["", "/statements", "/statements?limit=1&sort=date", "?fields=id"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_old_address_and_all_below_lead_to_the_new_one(with_twin: Writer, method: str, below: str) -> None:
    with_twin.merge("twin", "premier")
    answer = with_twin.client.open(f"/v1/speakers/twin{below}", method=method)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"http://localhost/v1/speakers/premier{below}"
    followed = with_twin.client.get(f"/v1/speakers/twin{below}", follow_redirects=True)
    assert followed.data == with_twin.client.get(f"/v1/speakers/premier{below}").data


@pytest.mark.parametrize(("method", "body"), [("PUT", twin()), ("PATCH", {}), ("DELETE", None), ("POST", None)])
def test_the_old_address_takes_no_changes_and_names_the_new_one(with_twin: Writer, method: str, body: Any) -> None:
    with_twin.merge("twin", "premier")
    if method == "POST":
        answer = with_twin.send("POST", "/v1/speakers", {**twin(), "id": "twin"})
    else:
        answer = with_twin.send(method, "/v1/speakers/twin", body, **({} if method == "PUT" else {"if_match": "*"}))
    assert "'premier'" in problem(answer, 409, "merged")["detail"]
    assert answer.headers["Location"] == "http://localhost/v1/speakers/premier"


def test_what_referred_has_a_revision_and_the_merged_a_last_one(with_twin: Writer) -> None:
    before = len(log())
    with_twin.merge("twin", "premier")
    done = {record: operation for record, _, operation, _ in log()[before:]}
    assert done["speakers/twin"] == "merged"
    assert done["speakers/premier"] == "replaced"
    assert done["statements/as-mayor"] == done["statements/as-premier"] == "replaced"
    assert len(log()[before:]) == len(done), "a record is told of once"


def test_references_of_every_record_type_move(writer: Writer) -> None:
    """The outlet that is merged publishes, is credited, relays, is a party, mediates, issues and takes part."""
    writer.put("/v1/speakers/other-outlet", {"kind": "media", "name": {"en": "Other"}, "part_of": ref("outlet")})
    writer.patch("/v1/agreements/truce", {"mediators": [ref("outlet")], "parties": [ref("outlet"), ref("south")]})
    writer.patch("/v1/communiques/readout", {"issuers": [ref("outlet")]})
    writer.patch("/v1/events/talks", {"participants": [{"speaker": ref("outlet"), "role": "participant"}]})
    writer.patch("/v1/articles/page", {"credits": [{"agency": ref("outlet"), "role": "text"}]})
    writer.patch("/v1/places/town", {"aliases": [
        {"value": "Urbs", "lang": "la", "kind": "variant", "used_by": ref("outlet")}]})  # fmt: skip
    writer.put("/v1/speakers/clerk", {"kind": "person", "name": {"en": "Clerk"}, "offices": [
        {"id": "editor", "title": {"en": "Editor"}, "organization": ref("outlet")}]})  # fmt: skip
    writer.merge("outlet", "agency")
    for record_type in ("statements", "speakers", "agreements", "communiques", "events", "places", "articles"):
        assert b'"outlet"' not in writer.client.get(f"/v1/{record_type}").data
    assert writer.get("/v1/articles/page")["publisher"]["id"] == "agency"
    done = operations()
    moved = (
        "agreements/truce",
        "communiques/readout",
        "events/talks",
        "articles/page",
        "places/town",
        "speakers/clerk",
    )
    assert {done[record] for record in moved} == {"replaced"}
    assert faults() == []


def test_a_speaker_merged_into_the_one_below_it_leaves_its_place(writer: Writer) -> None:
    writer.put(
        "/v1/speakers/bureau", {"kind": "government-body", "name": {"en": "Bureau"}, "part_of": ref("north-ministry")}
    )
    writer.merge("north-ministry", "bureau")
    assert writer.get("/v1/speakers/bureau")["part_of"]["id"] == "north"
    assert faults() == []


def test_a_merger_that_would_make_a_circle_is_refused_and_leaves_everything(writer: Writer) -> None:
    writer.put(
        "/v1/speakers/bureau", {"kind": "government-body", "name": {"en": "B"}, "part_of": ref("north-ministry")}
    )
    before = log()
    answer = writer.send(
        "POST", "/v1/speakers/north/merge", {"into": "bureau"}, if_match=writer.etag("/v1/speakers/north")
    )
    told = problem(answer, 409, "breaks-references")
    assert {error["document"] for error in told["errors"]} & {"speakers/north-ministry", "speakers/bureau"}
    assert log() == before
    assert writer.client.get("/v1/speakers/north").status_code == 200
    assert faults() == []


@pytest.mark.parametrize("into", ["nobody", "premier", "Not An Id", 7, None])
def test_a_merger_into_nobody_or_itself_is_refused(writer: Writer, into: Any) -> None:
    answer = writer.send("POST", "/v1/speakers/premier/merge", {"into": into}, if_match="*")
    assert [error["pointer"] for error in problem(answer, 422, "invalid-document")["errors"]] == ["/into"]
    assert log() == []


def test_nobody_becomes_a_body_nor_a_body_a_person(writer: Writer) -> None:
    writer.put("/v1/speakers/ministry", {"kind": "government-body", "name": {"en": "Ministry"}})
    before = log()
    for source, target in (("ministry", "premier"), ("premier", "ministry")):
        answer = writer.send("POST", f"/v1/speakers/{source}/merge", {"into": target}, if_match="*")
        told = problem(answer, 409, "breaks-references")
        assert "Only one of them is a person" in told["errors"][0]["detail"]
    assert log() == before


def test_who_refers_to_the_merged_is_told_to_whom_to_refer(with_twin: Writer) -> None:
    with_twin.merge("twin", "premier")
    body = {"kind": "government-body", "name": {"en": "Office of hers"}, "part_of": ref("twin")}
    told = problem(with_twin.send("PUT", "/v1/speakers/her-office", body), 422, "invalid-document")
    assert "It was merged into 'premier': refer to that one." in told["errors"][0]["detail"]
    answer = with_twin.send("POST", "/v1/speakers/minister/merge", {"into": "twin"}, if_match="*")
    assert "It was merged into 'premier'" in problem(answer, 422, "invalid-document")["errors"][0]["detail"]


def test_a_merger_may_follow_on_another(with_twin: Writer) -> None:
    with_twin.merge("twin", "premier")
    with_twin.merge("premier", "minister")
    answer = with_twin.client.get("/v1/speakers/twin", follow_redirects=True)
    assert answer.get_json()["id"] == "minister"
    assert faults() == []


def test_a_filter_with_the_old_id_finds_what_the_new_one_finds(with_twin: Writer) -> None:
    ask, before = with_twin.get, with_twin.get("/v1/statements/as-premier")["updated_at"]
    of_twin = [one["id"] for one in ask("/v1/statements?speaker=twin")["data"]]
    with_twin.merge("twin", "premier")
    with_twin.merge("premier", "minister")
    merged = ask("/v1/speakers/minister")["updated_at"]
    expected = ask("/v1/statements?speaker=minister")
    assert {one["id"] for one in expected["data"]} > set(of_twin)
    for query in ("speaker=twin", "speaker=premier", "speaker=twin&speaker=premier", f"speaker=twin&as_of={merged}"):
        page = ask(f"/v1/statements?{query}")
        assert (page["data"], page["page"]) == (expected["data"], {"limit": 20, "next": None, "prev": None}), query
    assert [one["id"] for one in ask(f"/v1/statements?speaker=twin&as_of={before}")["data"]] == of_twin
    first = ask("/v1/statements?speaker=twin&limit=1")
    assert [first["data"][0], *ask(first["page"]["next"])["data"]] == expected["data"][:2]
    assert ask("/v1/statements?not_speaker=twin")["data"] == ask("/v1/statements?not_speaker=minister")["data"]
    for path in ("facets?facet=act", "timeline?interval=year"):
        assert ask(f"/v1/statements/{path}&speaker=twin") == ask(f"/v1/statements/{path}&speaker=minister")
    exported = [with_twin.client.get(f"/v1/statements/export?speaker={one}").data for one in ("twin", "minister")]
    assert exported[0] == exported[1] != b""


def test_only_what_somebody_wrote_has_changed_content(with_twin: Writer) -> None:
    before = with_twin.get("/v1/speakers/twin")["updated_at"]
    since = with_twin.put("/v1/speakers/premier", {**with_twin.get("/v1/speakers/premier"), "name": {"en": "Renamed"}})
    moment = since.get_json()["updated_at"]
    updated, changed = (
        {one["id"] for one in with_twin.get(f"/v1/statements?{name}={moment}")["data"]}
        for name in ("updated_since", "content_changed_since")
    )
    assert "as-premier" in updated
    assert changed == set()
    assert [one["id"] for one in with_twin.get(f"/v1/speakers?content_changed_since={moment}")["data"]] == ["premier"]
    of_then = {one["id"] for one in with_twin.get(f"/v1/statements?content_changed_since={before}&sort=id")["data"]}
    assert of_then >= {"as-premier", "as-mayor"}
    refused = with_twin.client.get(f"/v1/statements?content_changed_since={moment}&as_of={moment}")
    assert mistakes(refused) == ["content_changed_since"]


def test_loading_does_not_bring_a_merged_speaker_back(with_twin: Writer) -> None:
    document = with_twin.get("/v1/speakers/twin")
    with_twin.merge("twin", "premier")
    answer = with_twin.send("PUT", "/v1/speakers/twin", document, if_none_match="*")
    problem(answer, 409, "merged")


def test_addresses_are_those_by_which_the_service_is_known(with_twin: Writer) -> None:
    with_twin.client.application.config["BASE_URL"] = "https://tasrih.example/archive"
    made = with_twin.send("PUT", "/v1/speakers/newcomer", twin(identifiers=[]))
    assert made.headers["Location"] == "https://tasrih.example/archive/v1/speakers/newcomer"
    merged = with_twin.merge("twin", "premier")
    assert merged.headers["Content-Location"] == "https://tasrih.example/archive/v1/speakers/premier"
    moved = with_twin.client.get("/v1/speakers/twin/statements?limit=1")
    assert moved.headers["Location"] == "https://tasrih.example/archive/v1/speakers/premier/statements?limit=1"
    for taken, stands in (("twin", "premier"), ("north", "north")):
        refused = with_twin.send("POST", "/v1/speakers", {**twin(), "id": taken})
        assert refused.headers["Location"] == f"https://tasrih.example/archive/v1/speakers/{stands}"
        assert refused.headers["Location"] == f"https://tasrih.example/archive/v1/speakers/{stands}"


def test_the_target_may_be_deleted_and_the_old_address_then_leads_to_a_410(writer: Writer) -> None:
    for name in ("first", "second"):
        writer.put(f"/v1/speakers/{name}", {"kind": "person", "name": {"en": name.title()}})
    writer.merge("first", "second")
    writer.delete("/v1/speakers/second")
    moved = writer.client.get("/v1/speakers/first")
    assert (moved.status_code, moved.headers["Location"]) == (308, "http://localhost/v1/speakers/second")
    problem(writer.client.get("/v1/speakers/second"), 410, "gone")
    problem(writer.send("PUT", "/v1/speakers/first", {"kind": "person", "name": {"en": "First"}}), 409, "merged")
