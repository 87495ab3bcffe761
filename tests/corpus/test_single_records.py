"""What single records of the corpus say: figures, chains, dates, links, and the phrases that agreements go by."""

import pytest
from asking import ask
from flask.testing import FlaskClient

FIGURES = [
    ("armenia-reports-its-casualties-2022-09", "armenia", "armenia", "soldiers-killed", "exact", 105),
    ("armenia-reports-its-casualties-2022-09", "armenia", "armenia", "civilians-injured", "exact", 6),
    ("azerbaijan-reports-its-casualties-2022-09", "azerbaijan", "azerbaijan", "soldiers-killed", "exact", 71),
    ("azerbaijan-reports-its-casualties-2022-09", "azerbaijan", "azerbaijan", "civilians-injured", "exact", 2),
    ("jenca-reports-casualty-numbers-of-both-sides-2022-09-15", "armenia", "armenia", "soldiers-killed", "exact", 105),
    ("jenca-reports-casualty-numbers-of-both-sides-2022-09-15", "armenia", "armenia", "civilians-injured", "exact", 6),
    (
        "jenca-reports-casualty-numbers-of-both-sides-2022-09-15",
        "azerbaijan",
        "azerbaijan",
        "soldiers-killed",
        "exact",
        71,
    ),
    (
        "jenca-reports-casualty-numbers-of-both-sides-2022-09-15",
        "azerbaijan",
        "azerbaijan",
        "civilians-injured",
        "exact",
        2,
    ),
    ("pashinyan-reports-105-soldiers-killed-2022-09", "nikol-pashinyan", "armenia", "soldiers-killed", "exact", 105),
    ("azerbaijan-offers-remains-of-100-soldiers-2022-09-14", "azerbaijan", "armenia", "remains-offered", "exact", 100),
    (
        "azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14",
        "azerbaijan",
        "armenia",
        "soldiers-killed",
        "exact",
        100,
    ),
    (
        "outlet-reports-2020-war-death-toll-2022",
        "unidentified-outlet-sochi-2022",
        None,
        "people-killed",
        "approximate",
        6500,
    ),
    ("putin-reports-length-of-sochi-summit-2022-10-31", "vladimir-putin", None, "meeting-duration", "more-than", 2),
    ("putin-reports-length-of-sochi-summit-2022-10-31", "vladimir-putin", None, "negotiation-sessions", "exact", 3),
]


def test_every_number_in_the_articles_stands_with_who_claims_it_and_whose_loss_it_counts(client: FlaskClient) -> None:
    page = ask(client, "/v1/statements?limit=200&fields=figures")
    told = [
        (
            statement["id"],
            figure["claimant"]["id"],
            figure["party"] and figure["party"]["id"],
            figure["measure"],
            figure["bound"],
            figure["value"],
        )
        for statement in page["data"]
        for figure in statement["figures"]
    ]
    assert sorted(told, key=str) == sorted(FIGURES, key=str)


CHAINS = [
    (
        "guterres-welcomes-russia-role-karabakh-2020-12",
        "antonio-guterres spoke, russian-foreign-ministry issued, tass relayed, russia-islamic-world-vision-group published",
        [],
    ),
    (
        "guterres-optimistic-about-ministers-engagement-2021-09",
        "antonio-guterres spoke, stephane-dujarric issued, un-news published",
        ["antonio-guterres", "stephane-dujarric"],
    ),
    (
        "guterres-takes-note-of-sochi-joint-statement-2021",
        "antonio-guterres spoke, office-of-the-un-spokesperson issued, un-news published",
        ["antonio-guterres"],
    ),
    (
        "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11",
        "armenia spoke, azerbaijan spoke, antonio-guterres issued, office-of-the-un-spokesperson issued, un-news published",
        [],
    ),
    (
        "lavrov-mirzoyan-stress-humanitarian-issues-2021-10-01",
        "sergey-lavrov spoke, ararat-mirzoyan spoke, russian-foreign-ministry issued, tass relayed, russia-islamic-world-vision-group published",
        ["sergey-lavrov"],
    ),
    (
        "aliyev-acknowledges-russian-role-2022",
        "ilham-aliyev spoke, vladimir-putin issued, tass reported, unidentified-outlet-sochi-2022 published",
        [],
    ),
    (
        "azerbaijan-reports-its-casualties-2022-09",
        "azerbaijan spoke, miroslav-jenca issued, anadolu reported, al-jazeera published",
        [],
    ),
    (
        "russian-foreign-ministry-says-peace-treaty-work-continues-2022-09",
        "russian-foreign-ministry issued, ria-novosti relayed, al-jazeera published",
        ["russian-foreign-ministry"],
    ),
    (
        "outlet-reports-2020-war-death-toll-2022",
        "unidentified-outlet-sochi-2022 published",
        ["unidentified-outlet-sochi-2022"],
    ),
]


@pytest.mark.parametrize(("statement", "chain", "own_side"), CHAINS)
def test_the_way_from_the_speaker_to_the_page(
    client: FlaskClient, statement: str, chain: str, own_side: list[str]
) -> None:
    (report,) = ask(client, f"/v1/statements/{statement}")["reports"]
    assert ", ".join(f"{link['agent']['id']} {link['role']}" for link in report["chain"]) == chain
    assert [speaker["id"] for speaker in report["first_hand_for"]] == own_side


def test_what_is_known_only_through_somebody_else(client: FlaskClient) -> None:
    page = ask(client, "/v1/statements?limit=200&fields=first_hand_for")
    assert {statement["id"] for statement in page["data"] if not statement["first_hand_for"]} == {
        "guterres-welcomes-russia-role-karabakh-2020-12",
        "minsk-co-chairs-statement-on-ministers-meeting-2021-09-24",
        "leaders-issue-sochi-joint-statement-2021-11-26",
        "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11",
        "armenia-reports-its-casualties-2022-09",
        "azerbaijan-reports-its-casualties-2022-09",
        "aliyev-acknowledges-russian-role-2022",
    }


DATES = [
    (
        "Yesterday, Thursday, on a page of Friday 4 December 2020",
        "zakharova-un-assessment-mission-preparing-2020-12-03",
        "2020-12-03",
        "relative-resolved",
    ),
    (
        "13 November, its year taken from the page",
        "putin-decrees-humanitarian-response-centre-2020-11-13",
        "2020-11-13",
        "relative-resolved",
    ),
    (
        "9 November in Levantine and Gregorian names",
        "trilateral-leaders-sign-statement-2020-11-09",
        "2020-11-09",
        "stated",
    ),
    (
        "Today, Friday 1 October 2021",
        "lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01",
        "2021-10-01",
        "stated",
    ),
    ("24 September 2021", "minsk-co-chairs-statement-on-ministers-meeting-2021-09-24", "2021-09-24", "stated"),
    (
        "Yesterday, Monday, on a page of 1 November 2022",
        "trilateral-leaders-stress-steps-to-peace-treaty-2022-10-31",
        "2022-10-31",
        "relative-resolved",
    ),
    (
        "This Thursday, three days after 12 September",
        "un-calls-for-return-to-negotiations-2022-09-15",
        "2022-09-15",
        "relative-resolved",
    ),
    ("Yesterday, Wednesday", "azerbaijan-offers-remains-of-100-soldiers-2022-09-14", "2022-09-14", "relative-resolved"),
    (
        "Some time between the beginning of the war and the page",
        "dujarric-un-experts-ready-assess-karabakh-aid-2020",
        "2020-09-27/2020-12-04",
        "inferred",
    ),
    (
        "After the summit of 26 November 2021",
        "guterres-welcomes-sochi-trilateral-meeting-2021",
        "2021-11-26/2021-11-27",
        "inferred",
    ),
]


@pytest.mark.parametrize(("page_says", "statement", "date", "basis"), DATES)
def test_a_date_is_resolved_as_the_page_means_it(
    client: FlaskClient, page_says: str, statement: str, date: str, basis: str
) -> None:
    record = ask(client, f"/v1/statements/{statement}")
    assert (record["date"], record["date_basis"]) == (date, basis), page_says


LINKS = [
    (
        "guterres-welcomes-minsk-co-chairs-statement-2021-09",
        "responds-to",
        "minsk-co-chairs-statement-on-ministers-meeting-2021-09-24",
    ),
    (
        "guterres-takes-note-of-sochi-joint-statement-2021",
        "responds-to",
        "leaders-issue-sochi-joint-statement-2021-11-26",
    ),
    (
        "guterres-encouraged-by-recommitment-to-trilateral-statements-2021-11",
        "responds-to",
        "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11",
    ),
    (
        "un-ready-to-support-armenia-azerbaijan-efforts-2021-11",
        "repeats",
        "un-ready-to-support-through-ongoing-work-2021-09",
    ),
    ("armenia-reports-its-casualties-2022-09", "repeats", "pashinyan-reports-105-soldiers-killed-2022-09"),
    ("putin-recalls-aliyev-on-russian-role-2022-10-31", "responds-to", "aliyev-acknowledges-russian-role-2022"),
]


@pytest.mark.parametrize(("statement", "relation", "older"), LINKS)
def test_a_statement_about_an_older_statement_is_linked_to_it(
    client: FlaskClient, statement: str, relation: str, older: str
) -> None:
    links = ask(client, f"/v1/statements/{statement}")["links"]
    assert {"relation": relation, "id": older} in [
        {"relation": link["relation"], "id": link["statement"]["id"]} for link in links
    ]


def test_one_act_reported_by_two_articles_is_one_statement_with_two_reports(client: FlaskClient) -> None:
    reports = ask(client, "/v1/statements/trilateral-leaders-sign-statement-2020-11-09")["reports"]
    assert {report["article"]["id"] for report in reports} == {
        "vision-group-lavrov-guterres-2020",
        "vision-group-lavrov-mirzoyan-2021",
    }


def test_the_page_names_the_speaker_otherwise_and_the_record_says_how(client: FlaskClient) -> None:
    record = ask(client, "/v1/statements/jenca-reports-border-fighting-broke-out-2022-09-15")
    assert record["speakers"][0]["speaker"]["name"]["ar"] == "ميروسلاف ينتشا"
    assert record["reports"][0]["label"] == "ميروسلاف جينكا"


PHRASES_FOR_THE_NOVEMBER_STATEMENT = {
    "guterres-welcomes-russia-role-karabakh-2020-12": "اتفاقات لوقف الأعمال العسكرية",
    "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11": "البيانين الثلاثيين",
    "trilateral-leaders-sign-statement-2020-11-09": "بيانا مشتركا",
    "vision-group-describe-districts-under-baku-control-2021-10-01": "الاتفاقية",
    "outlet-reports-russian-brokered-truce-ended-2020-war-2022": "هدنة تفاوضت عليها روسيا",
}


def test_one_agreement_goes_by_many_names(client: FlaskClient) -> None:
    page = ask(client, "/v1/statements?agreement=trilateral-statement-2020-11-09&limit=200&fields=agreements")
    labels = {statement["id"]: {entry["label"] for entry in statement["agreements"]} for statement in page["data"]}
    for statement, label in PHRASES_FOR_THE_NOVEMBER_STATEMENT.items():
        assert label in labels[statement]
