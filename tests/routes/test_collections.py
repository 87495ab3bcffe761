"""The other collections: their filters, their orders, their statements, and the vocabularies."""

from typing import Any

import pytest
from asking import DATED, OWNERS, RECORD_TYPES, ask, everything, ids
from every import every
from flask.testing import FlaskClient

Document = dict[str, Any]


def found(client: FlaskClient, address: str) -> set[str]:
    return set(ids(client, f"/v1/{address}&limit=200"))


@every(
    ("address", "expected"),
    [
        ("speakers?kind=state", "armenia azerbaijan russia"),
        ("speakers?part_of=un-secretariat", "office-of-the-un-spokesperson"),
        ("speakers?organization=russian-foreign-ministry", "maria-zakharova sergey-lavrov"),
        ("speakers?organization=armenia&kind=person", "ararat-mirzoyan nikol-pashinyan"),
        ("agreements?kind=decree", "decree-2020-11-13-humanitarian-response-centre"),
        ("agreements?status=under-negotiation", "armenia-azerbaijan-peace-treaty"),
        ("agreements?status=broken&status=under-negotiation", "armenia-azerbaijan-peace-treaty ceasefire-2022-09-13"),
        ("agreements?kind=ceasefire&mediator=russia", "ceasefire-2022-09-13"),
        ("agreements?mediator=european-union", "armenia-azerbaijan-peace-treaty"),
        ("agreements?signatory=ilham-aliyev&until=2021", "trilateral-statement-2020-11-09 trilateral-statement-2021-01-11 trilateral-statement-2021-11-26"),
        ("agreements?party=russia&kind=decree", "decree-2020-11-13-humanitarian-response-centre"),
        ("agreements?since=2021&until=2021&kind=trilateral-statement", "trilateral-statement-2021-01-11 trilateral-statement-2021-11-26"),
        ("communiques?kind=readout", "lavrov-guterres-call-readout-2020-12-04 lavrov-mirzoyan-call-readout-2021-10-01"),
        ("communiques?issuer=miroslav-jenca", "miroslav-jenca-address-2022-09-15"),
        ("communiques?event=zakharova-briefing-2020-12-03", "zakharova-briefing-2020-12-03"),
        ("communiques?kind=spokesperson-statement&since=2021-11-26&date_match=certain", "un-spokesperson-statement-sochi-meeting-2021-11"),
        ("communiques?kind=spokesperson-statement&until=2021-11-26&since=2021-11&date_match=certain", ""),
        ("communiques?kind=spokesperson-statement&until=2021-11-26&since=2021-11", "un-spokesperson-statement-sochi-meeting-2021-11"),
        ("events?kind=war", "second-karabakh-war"),
        ("events?place=moscow&kind=signing", "trilateral-statement-signing-2021-01-11"),
        ("events?participant=ararat-mirzoyan", "lavrov-mirzoyan-call-2021-10-01 minsk-group-ministers-meeting-2021-09"),
        ("events?kind=summit&since=2022", "sochi-summit-2022-10-31"),
        ("events?kind=war&since=2020-10&until=2020-10", "second-karabakh-war"),
        ("events?kind=war&since=2020-10&date_match=certain", ""),
        ("places?kind=border", "armenia-azerbaijan-border line-of-contact"),
        ("places?part_of=russia", "moscow sochi"),
        ("articles?publisher=un-news", "un-news-sochi-trilateral-meeting-2021"),
        ("articles?agency=anadolu", "security-council-south-caucasus-2022"),
        ("articles?agency=tass&agency=anadolu&since=2022", "security-council-south-caucasus-2022 sochi-trilateral-summit-2022"),
        ("articles?language=en", ""),
        ("articles?until=2020", "vision-group-lavrov-guterres-2020"),
        ("articles?since=2021-11-27&until=2021-11-29&date_match=possible", "un-news-sochi-trilateral-meeting-2021"),
        ("articles?since=2021-11-27&until=2021-11-29&date_match=certain", ""),
    ],
)  # fmt: skip
def test_a_filter_finds_what_a_reader_expects(client: FlaskClient, address: str, expected: str) -> None:
    assert found(client, address) == set(expected.split())


def test_every_article_is_in_arabic(client: FlaskClient) -> None:
    assert found(client, "articles?language=ar") == {article["id"] for article in everything(client, "articles")}


# --- offices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "holding", "not_holding"),
    [
        ("office_on=2021-11-26", "ararat-mirzoyan antonio-guterres vladimir-putin", "armenia tass"),
        ("office_on=2021-08-01", "antonio-guterres", ""),
        ("office_on=2016-06-01", "vladimir-putin maria-zakharova", "antonio-guterres nikol-pashinyan"),
        ("office_on=2015-12-31", "antonio-guterres", "nikol-pashinyan"),
        ("office_on=2018-05-07", "", "nikol-pashinyan"),
        ("office_on=2018-05-08", "nikol-pashinyan", ""),
        ("office_on=2018-05", "nikol-pashinyan", ""),
        ("office_on=2018", "nikol-pashinyan", ""),
        ("office_on=1989", "", "sergey-lavrov vladimir-putin"),
        ("office_on=2021-11-26&organization=armenian-foreign-ministry", "ararat-mirzoyan", "nikol-pashinyan"),
        ("office_on=2021-08-18&organization=armenian-foreign-ministry", "", "ararat-mirzoyan"),
    ],
)
def test_who_held_an_office_that_day(client: FlaskClient, query: str, holding: str, not_holding: str) -> None:
    holders = found(client, f"speakers?{query}")
    assert set(holding.split()) <= holders
    assert not set(not_holding.split()) & holders


def test_office_and_day_must_hold_for_the_same_office(client: FlaskClient) -> None:
    # Mirzoyan spoke for parliament until August 2021 and has led the ministry since.
    assert "ararat-mirzoyan" not in found(
        client, "speakers?organization=armenian-foreign-ministry&office_on=2020-06-01"
    )
    assert "ararat-mirzoyan" in found(client, "speakers?organization=armenian-foreign-ministry&office_on=2022-06-01")


def test_an_organization_includes_the_bodies_that_are_part_of_it(client: FlaskClient) -> None:
    held = found(client, "speakers?organization=armenia&office_on=2021-11-26")
    assert held == {"ararat-mirzoyan", "nikol-pashinyan"}
    assert found(client, "speakers?organization=armenian-foreign-ministry&office_on=2021-11-26") == {"ararat-mirzoyan"}


# --- order -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_collection_sorts_by_id_both_ways(client: FlaskClient, record_type: str) -> None:
    upwards = ids(client, f"/v1/{record_type}?limit=200&sort=id")
    assert upwards == sorted(upwards)
    assert ids(client, f"/v1/{record_type}?limit=200&sort=-id") == upwards[::-1]


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_every_collection_sorts_by_when_it_changed(client: FlaskClient, record_type: str) -> None:
    changed = [record["updated_at"] for record in everything(client, record_type, "sort=updated_at")]
    assert changed == sorted(changed)
    changed = [record["updated_at"] for record in everything(client, record_type, "sort=-updated_at")]
    assert changed == sorted(changed, reverse=True)


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_the_latest_come_first_and_what_has_no_date_comes_by_id(client: FlaskClient, record_type: str) -> None:
    expected = "-date" if record_type in DATED else "id"
    assert ids(client, f"/v1/{record_type}") == ids(client, f"/v1/{record_type}?sort={expected}")


def test_dated_records_come_by_their_first_day(client: FlaskClient) -> None:
    assert ids(client, "/v1/articles?sort=date") == [
        "vision-group-lavrov-guterres-2020",
        "vision-group-lavrov-mirzoyan-2021",
        "un-news-sochi-trilateral-meeting-2021",
        "security-council-south-caucasus-2022",
        "sochi-trilateral-summit-2022",
    ]
    assert ids(client, "/v1/agreements?sort=date")[0] == "trilateral-statement-2020-11-09"
    assert ids(client, "/v1/events?sort=date")[0] == "nagorno-karabakh-conflict"


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_what_changed_since_a_moment(client: FlaskClient, record_type: str) -> None:
    newest = ask(client, f"/v1/{record_type}?sort=-updated_at&limit=1")["data"][0]["updated_at"]
    everyone = {record["id"]: record["updated_at"] for record in everything(client, record_type)}
    assert found(client, f"{record_type}?updated_since={newest}") == {i for i, at in everyone.items() if at >= newest}
    assert found(client, f"{record_type}?updated_since=2999-01-01T00:00:00Z") == set()


# --- statements of something -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record_type", "owner"), OWNERS.items())
def test_the_statements_of_a_record_are_those_the_filter_finds(
    client: FlaskClient, record_type: str, owner: str
) -> None:
    here = ids(client, f"/v1/{record_type}/{owner}/statements?limit=200")
    assert here == ids(client, f"/v1/statements?{record_type.removesuffix('s')}={owner}&limit=200")
    assert here


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("speakers/antonio-guterres/statements?agent=russian-foreign-ministry&act=commend", "guterres-welcomes-russia-role-karabakh-2020-12"),
        ("agreements/trilateral-statement-2020-11-09/statements?relation=commits-to", "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11"),
        ("agreements/trilateral-statement-2022-10-31/statements?provision=5", "trilateral-leaders-stress-steps-to-peace-treaty-2022-10-31"),
        ("articles/un-news-sochi-trilateral-meeting-2021/statements?mode=joint", "leaders-issue-sochi-joint-statement-2021-11-26"),
        ("events/second-karabakh-war/statements?measure=people-killed", "outlet-reports-2020-war-death-toll-2022"),
        ("speakers/ararat-mirzoyan/statements?first_hand=true", ""),
    ],
)  # fmt: skip
def test_the_statements_of_a_record_take_the_other_filters(client: FlaskClient, address: str, expected: str) -> None:
    assert found(client, address) == set(expected.split())


def test_a_record_without_statements_has_an_empty_list(client: FlaskClient) -> None:
    assert ids(client, "/v1/speakers/csto/statements") == []


# --- vocabularies ----------------------------------------------------------------------------------------------------


def test_every_coded_value_of_the_corpus_is_a_term_with_both_labels(client: FlaskClient) -> None:
    terms = {
        vocabulary["id"]: {term["id"]: term["label"] for term in vocabulary["terms"]}
        for vocabulary in everything(client, "vocabularies")
    }
    assert all({"ar", "en"} <= set(label) for some in terms.values() for label in some.values())
    for statement in everything(client, "statements"):
        assert statement["act"] in terms["acts"]
        assert set(statement["topics"]) <= set(terms["topics"])
        assert {reference["relation"] for reference in statement["agreements"]} <= set(terms["agreement-references"])
    for record_type, vocabulary in (
        ("speakers", "speaker-kinds"),
        ("events", "event-kinds"),
        ("places", "place-kinds"),
    ):
        assert {record["kind"] for record in everything(client, record_type)} <= set(terms[vocabulary])


def test_a_menu_of_acts_can_be_drawn_from_one_vocabulary(client: FlaskClient) -> None:
    acts = ask(client, "/v1/vocabularies/acts")
    welcome = next(term for term in acts["terms"] if term["id"] == "welcome")
    assert welcome["label"]["en"] == "Welcome"
    assert all(client.get(f"/v1/statements?act={term['id']}").status_code == 200 for term in acts["terms"])
