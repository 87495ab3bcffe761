"""What readers ask of statements, through the front door."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from asking import ask, everything
from asking import ids as ids_at
from every import every
from flask.testing import FlaskClient

Document = dict[str, Any]


def ids(client: FlaskClient, query: str) -> list[str]:
    return ids_at(client, f"/v1/statements?limit=200&{query}")


def test_what_the_ministry_says_guterres_said_and_what_his_own_side_said_are_one_parameter_apart(
    client: FlaskClient,
) -> None:
    told = ids(client, "speaker=antonio-guterres&agent=russian-foreign-ministry")
    own = ids(client, "speaker=antonio-guterres&first_hand=true")
    assert "guterres-welcomes-russia-role-karabakh-2020-12" in told
    assert "guterres-welcomes-sochi-trilateral-meeting-2021" in own
    assert not set(told) & set(own)


def test_a_joint_readout_is_first_hand_only_for_the_side_that_issued_it(client: FlaskClient) -> None:
    joint = "lavrov-mirzoyan-discuss-trilateral-agreements-2021-10-01"
    assert joint in ids(client, "speaker=sergey-lavrov&first_hand=true")
    assert joint in ids(client, "speaker=ararat-mirzoyan&first_hand=false")
    assert ids(client, "speaker=ararat-mirzoyan&first_hand=true") == []


@every(
    ("query", "found"),
    [
        # Who undertook to carry out the November statement, by whose account?
        ("agreement=trilateral-statement-2020-11-09&relation=commits-to", "armenia-azerbaijan-recommit-to-trilateral-statements-2021-11"),
        # Whose words stood in Zakharova's briefing, and whom did she speak for?
        ("communique=zakharova-briefing-2020-12-03", "zakharova-un-assessment-mission-preparing-2020-12-03"),
        ("on_behalf_of=russian-foreign-ministry", "zakharova-un-assessment-mission-preparing-2020-12-03"),
        # Who decreed the humanitarian centre?
        ("act=decree", "putin-decrees-humanitarian-response-centre-2020-11-13"),
        ("relation=signs&since=2020-11-13&until=2020", "putin-decrees-humanitarian-response-centre-2020-11-13"),
        ("target=interdepartmental-humanitarian-response-centre", "putin-decrees-humanitarian-response-centre-2020-11-13"),
        # What did Azerbaijan offer Armenia, and how many?
        ("measure=remains-offered", "azerbaijan-offers-remains-of-100-soldiers-2022-09-14"),
        ("speaker=azerbaijan&act=offer&target=armenia", "azerbaijan-offers-remains-of-100-soldiers-2022-09-14"),
        # Who counted Armenia's dead without being Armenia or the UN?
        ("measure=soldiers-killed&claimant=azerbaijan&party=armenia", "azerbaijan-says-100-soldiers-died-in-clashes-2022-09-14"),
        # What did the leaders put under the sixth point about parliaments?
        ("topic=parliamentary-contacts", "trilateral-leaders-stress-parliamentary-contacts-2022-10-31"),
        ("provision=5", "trilateral-leaders-stress-steps-to-peace-treaty-2022-10-31"),
        # What was said on Libya in the call?
        ("place=libya", "lavrov-guterres-discuss-libya-and-yemen-2020-12"),
        # What came through RIA Novosti?
        ("agent=ria-novosti", "russian-foreign-ministry-says-peace-treaty-work-continues-2022-09"),
        # What did the Minsk Group's co-chairs themselves say?
        ("speaker=osce-minsk-group-co-chairs", "minsk-co-chairs-statement-on-ministers-meeting-2021-09-24"),
        ("event=un-75th-anniversary", "lavrov-guterres-stress-un-role-and-authority-2020-12"),
        ("article=sochi-trilateral-summit-2022&measure=people-killed", "outlet-reports-2020-war-death-toll-2022"),
        ("publisher=un-news&mode=joint", "leaders-issue-sochi-joint-statement-2021-11-26"),
        ("first_hand=false&date_match=certain&until=2021-11-26&since=2021-11-26&mode=joint", "leaders-issue-sochi-joint-statement-2021-11-26"),
        ("speaker=ilham-aliyev&first_hand=false&since=2022", "aliyev-acknowledges-russian-role-2022"),
    ],
)  # fmt: skip
def test_a_question_about_the_five_articles_has_one_answer(client: FlaskClient, query: str, found: str) -> None:
    assert ids(client, query) == [found]


def test_the_casualties_of_september_are_told_by_each_side_and_by_the_un_official(client: FlaskClient) -> None:
    def tolls(query: str) -> set[tuple[str, str, int]]:
        found = everything(client, "statements", f"measure=soldiers-killed&{query}")
        return {(f["claimant"]["id"], f["party"]["id"], f["value"]) for s in found for f in s["figures"]}

    assert {("armenia", "armenia", 105), ("azerbaijan", "azerbaijan", 71)} <= tolls("speaker=miroslav-jenca")
    assert ("nikol-pashinyan", "armenia", 105) in tolls("speaker=nikol-pashinyan")
    assert "azerbaijan-reports-its-casualties-2022-09" in ids(client, "measure=civilians-injured&party=azerbaijan")


def test_an_event_finds_what_was_said_on_it_and_what_was_said_of_it(client: FlaskClient) -> None:
    found = ids(client, "event=sochi-summit-2021-11-26")
    assert "leaders-issue-sochi-joint-statement-2021-11-26" in found  # on it
    assert "guterres-welcomes-sochi-trilateral-meeting-2021" in found  # of it


# --- every filter against the records themselves ---------------------------------------------------------------------

Values = Callable[[Document], Iterable[Any]]


def _ids(key: str) -> Values:
    return lambda statement: [item["id"] for item in statement[key]]


def _each(key: str, inner: str) -> Values:
    return lambda statement: [_plain(item[inner]) for item in statement[key]]


def _plain(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value


def _occasions(statement: Document) -> list[str]:
    return [event["id"] for event in [statement["event"], *statement["about_events"]] if event]


def _agents(statement: Document) -> list[str]:
    return [link["agent"]["id"] for report in statement["reports"] for link in report["chain"]]


HOLDS: dict[str, Values] = {
    "speaker": _each("speakers", "speaker"),
    "on_behalf_of": _ids("on_behalf_of"),
    "addressee": _ids("addressees"),
    "target": _ids("targets"),
    "act": lambda statement: [statement["act"]],
    "agreement": _each("agreements", "agreement"),
    "relation": _each("agreements", "relation"),
    "provision": _each("agreements", "provision"),
    "communique": lambda statement: [_plain(statement["communique"])],
    "event": _occasions,
    "place": _ids("places"),
    "topic": lambda statement: statement["topics"],
    "article": _each("reports", "article"),
    "agent": _agents,
    "mode": _each("reports", "mode"),
    "measure": _each("figures", "measure"),
    "claimant": _each("figures", "claimant"),
    "party": _each("figures", "party"),
    "first_hand": lambda statement: [str(report["first_hand"]).lower() for report in statement["reports"]],
}
"""Every filter of statements by value, and the values a statement is to be found by."""


@every("parameter", HOLDS)
def test_a_filter_finds_exactly_the_statements_that_hold_the_value(client: FlaskClient, parameter: str) -> None:
    statements = everything(client, "statements")
    holding = {statement["id"]: set(HOLDS[parameter](statement)) - {None} for statement in statements}
    values = sorted(set().union(*holding.values()))
    assert values
    for value in values:
        expected = {i for i, held in holding.items() if value in held}
        assert set(ids(client, f"{parameter}={value}")) == expected, value


def test_a_publisher_finds_what_its_articles_carry(client: FlaskClient) -> None:
    publishers = {article["id"]: article["publisher"]["id"] for article in everything(client, "articles")}
    statements = everything(client, "statements")
    for publisher in set(publishers.values()):
        carried = {
            statement["id"]
            for statement in statements
            if publisher in {publishers[report["article"]["id"]] for report in statement["reports"]}
        }
        assert set(ids(client, f"publisher={publisher}")) == carried


REFERENCE = ("agreement", "relation", "provision")
FIGURE = ("measure", "claimant", "party")


@pytest.mark.parametrize(("key", "parameters"), [("agreements", REFERENCE), ("figures", FIGURE)])
def test_what_is_asked_of_one_reference_must_hold_for_the_same_one(
    client: FlaskClient, key: str, parameters: tuple[str, ...]
) -> None:
    statements = everything(client, "statements")
    held = {
        statement["id"]: {tuple(_plain(item[parameter]) for parameter in parameters) for item in statement[key]}
        for statement in statements
    }
    for first in range(2):
        for second in range(first + 1, 3):
            pairs = {(a, b) for some in held.values() for a in _column(some, first) for b in _column(some, second)}
            for a, b in pairs:
                query = f"{parameters[first]}={a}&{parameters[second]}={b}"
                expected = {i for i, some in held.items() if any((x[first], x[second]) == (a, b) for x in some)}
                assert set(ids(client, query)) == expected, query


def _column(rows: set[tuple[Any, ...]], position: int) -> set[Any]:
    return {row[position] for row in rows} - {None}


def test_what_is_asked_of_a_report_must_hold_for_the_same_report(client: FlaskClient) -> None:
    publishers = {article["id"]: article["publisher"]["id"] for article in everything(client, "articles")}
    statements = everything(client, "statements")
    reports = {
        statement["id"]: [
            {
                "agent": {link["agent"]["id"] for link in report["chain"]},
                "publisher": {publishers[report["article"]["id"]]},
                "mode": {report["mode"]},
                "first_hand": {str(report["first_hand"]).lower()},
            }
            for report in statement["reports"]
        ]
        for statement in statements
    }
    for asked in (
        {"agent": "tass", "publisher": "russia-islamic-world-vision-group", "mode": "direct", "first_hand": "true"},
        {"agent": "tass", "publisher": "russia-islamic-world-vision-group", "mode": "joint", "first_hand": "false"},
        {"agent": "russian-foreign-ministry", "mode": "indirect", "first_hand": "false"},
        {"agent": "sputnik", "publisher": "un-news"},
        {"publisher": "al-jazeera", "mode": "direct", "first_hand": "true"},
    ):
        expected = {i for i, some in reports.items() if any(all(v in r[k] for k, v in asked.items()) for r in some)}
        assert set(ids(client, urlencode(asked))) == expected, asked


def test_values_of_one_name_are_alternatives_and_names_narrow_each_other(client: FlaskClient) -> None:
    welcomes, urges = ids(client, "act=welcome"), ids(client, "act=urge")
    assert set(ids(client, "act=welcome&act=urge")) == set(welcomes) | set(urges)
    by_guterres = set(ids(client, "speaker=antonio-guterres"))
    assert set(ids(client, "act=welcome&act=urge&speaker=antonio-guterres")) == {*welcomes, *urges} & by_guterres
    assert ids(client, "act=decree&speaker=antonio-guterres") == []


def test_the_same_value_twice_is_the_same_as_once(client: FlaskClient) -> None:
    assert ids(client, "act=welcome&act=welcome") == ids(client, "act=welcome")


def test_an_id_that_nobody_has_finds_nothing(client: FlaskClient) -> None:
    assert ids(client, "speaker=nobody-at-all") == []


# --- dates -----------------------------------------------------------------------------------------------------------

VAGUE = "guterres-welcomes-russia-role-karabakh-2020-12"  # 2020-12-02/2020-12-04
LONG = "dujarric-un-experts-ready-assess-karabakh-aid-2020"  # 2020-09-27/2020-12-04


@every(
    ("query", "vague", "long"),
    [
        ("since=2020-12-02&until=2020-12-04", True, True),
        ("since=2020-12-04&until=2020-12-04", True, True),
        ("since=2020-12-03", True, True),
        ("since=2020-12-05", False, False),
        ("until=2020-12-01", False, True),
        ("until=2020-12-02", True, True),
        ("since=2020-12&until=2020-12", True, True),
        ("since=2020-12-02&until=2020-12-04&date_match=certain", True, False),
        ("since=2020-12-03&date_match=certain", False, False),
        ("until=2020-12-03&date_match=certain", False, False),
        ("until=2020-12-04&date_match=certain", True, True),
        ("since=2020&until=2020&date_match=certain", True, True),
        ("since=2020-10&until=2020&date_match=certain", True, False),
    ],
)
def test_a_vague_date_matches_possibly_or_certainly(client: FlaskClient, query: str, vague: bool, long: bool) -> None:
    found = ids(client, query)
    assert (VAGUE in found) == vague
    assert (LONG in found) == long


def test_the_first_and_last_day_of_a_range_belong_to_it(client: FlaskClient) -> None:
    day = ids(client, "since=2020-11-13&until=2020-11-13&date_match=certain")
    assert day == ["putin-decrees-humanitarian-response-centre-2020-11-13"]
    assert ids(client, "since=2020-11-14&until=2020-11-30&date_match=certain") == []


def test_a_month_and_a_year_stand_for_all_their_days(client: FlaskClient) -> None:
    assert set(ids(client, "since=2021-10&until=2021-10")) == set(ids(client, "since=2021-10-01&until=2021-10-31"))
    assert set(ids(client, "since=2021&until=2021")) == set(ids(client, "since=2021-01-01&until=2021-12-31"))
    assert len(ids(client, "since=2021&until=2021")) > 10


# --- order and shape -------------------------------------------------------------------------------------------------


def _sort_key(statement: Document) -> str:
    return str(statement["date_earliest"] or statement["date_latest"])


@pytest.mark.parametrize(
    ("sort", "key", "descending"),
    [
        ("date", _sort_key, False),
        ("-date", _sort_key, True),
        ("id", lambda statement: statement["id"], False),
        ("-id", lambda statement: statement["id"], True),
        ("updated_at", lambda statement: statement["updated_at"], False),
        ("-updated_at", lambda statement: statement["updated_at"], True),
    ],
)
def test_statements_come_in_the_order_asked_for(
    client: FlaskClient, sort: str, key: Callable[[Document], str], descending: bool
) -> None:
    keys = [key(statement) for statement in everything(client, "statements", f"sort={sort}")]
    assert keys == sorted(keys, reverse=descending)
    assert len(keys) > 60


def test_the_latest_come_first_unless_asked_otherwise(client: FlaskClient) -> None:
    assert ids(client, "") == ids(client, "sort=-date")


def test_what_changed_since_a_moment(client: FlaskClient) -> None:
    newest = ask(client, "/v1/statements?sort=-updated_at&limit=1")["data"][0]["updated_at"]
    everyone = ids(client, "")
    assert set(ids(client, f"updated_since={newest}")) <= set(everyone)
    assert ids(client, f"updated_since={newest}") != []
    assert ids(client, "updated_since=2999-01-01T00:00:00Z") == []
    assert ids(client, "updated_since=2999-01-01T00:00:00%2B03:00") == []
    assert ids(client, "updated_since=2000-01-01T00:00:00.5-11:00") == everyone


def test_every_statement_changed_since_the_first_millennium(client: FlaskClient) -> None:
    assert len(ids(client, "updated_since=0999-01-01T00:00:00Z")) == len(ids(client, ""))
