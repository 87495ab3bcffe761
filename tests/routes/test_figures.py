"""Figures as data: listed, counted, and held against each other, never with a verdict."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from applications import client_of, speaker, statement
from asking import ask, everything, mistakes
from conftest import NewDatabase
from flask.testing import FlaskClient

from api.figures import conflicts, counting
from schemas.answers import figures as schemas

Document = dict[str, Any]


def figures(client: FlaskClient, query: str = "") -> list[Document]:
    return list(ask(client, f"/v1/figures?limit=200&{query}")["data"])


def values(client: FlaskClient, query: str) -> list[tuple[str, float]]:
    return sorted((figure["claimant"]["id"], figure["value"]) for figure in figures(client, query))


@pytest.mark.parametrize(
    "filtered",
    ["measure=soldiers-killed", "claimant=armenia", "event=second-karabakh-war", "unit=people", "act=report"],
)
def test_what_a_filter_finds_and_what_it_excludes_are_all_figures(client: FlaskClient, filtered: str) -> None:
    found, rest, every = (Counter(map(repr, figures(client, query))) for query in (filtered, f"not_{filtered}", ""))
    assert found
    assert found + rest == every


def test_every_figure_of_every_statement_is_listed_with_its_statement(client: FlaskClient) -> None:
    listed = [(figure["statement"]["id"], figure) for figure in figures(client)]
    stored = [(each["id"], figure) for each in everything(client, "statements") for figure in each["figures"]]
    assert len(listed) == len(stored) == 14
    for record_id, figure in stored:
        assert [one for one in listed if one[0] == record_id and figure.items() <= one[1].items()]
    days = [figure["date"][:10] for _, figure in listed]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("measure=soldiers-killed&party=armenia&claimant=azerbaijan", [("azerbaijan", 100)]),
        ("event=second-karabakh-war", [("unidentified-outlet-sochi-2022", 6500)]),
        ("party=none&unit=hours", [("vladimir-putin", 2)]),
        ("period=2022-09-13", [("nikol-pashinyan", 105)]),
        ("period=2022-10", []),
        ("speaker=miroslav-jenca&measure=civilians-injured", [("armenia", 6), ("azerbaijan", 2)]),
        ("speaker=miroslav-jenca&q=ينتشا&since=2022-09-16", []),
        ("since=2022-10-31&until=2022-10-31", [("vladimir-putin", 2), ("vladimir-putin", 3)]),
        ("q=باشينيان&until=2022-09", [("nikol-pashinyan", 105)]),
        ("first_hand=true&publisher=al-jazeera&claimant=nikol-pashinyan", [("nikol-pashinyan", 105)]),
    ],
)  # fmt: skip
def test_filters_hold_for_the_figure_itself_or_else_for_its_statement(
    client: FlaskClient, query: str, found: list[tuple[str, float]]
) -> None:
    assert values(client, query) == found


def test_a_figure_is_passed_on_by_whoever_is_not_its_claimant(client: FlaskClient) -> None:
    passed_on = {figure["statement"]["id"] for figure in figures(client) if figure["passed_on"]}
    assert passed_on == {"jenca-reports-casualty-numbers-of-both-sides-2022-09-15"}


def test_pages_lead_through_all_figures_and_back(client: FlaskClient) -> None:
    whole = figures(client)
    forwards: list[list[Document]] = []
    backwards: list[list[Document]] = []
    following: str | None = "/v1/figures?limit=4"
    while following:
        page = ask(client, following)
        forwards.append(page["data"])
        last, following = page, page["page"]["next"]
    assert [figure for data in forwards for figure in data] == whole
    while last["page"]["prev"]:
        last = ask(client, last["page"]["prev"])
        backwards.insert(0, last["data"])
    assert backwards == forwards[:-1]


def test_counts_are_those_of_the_lists(client: FlaskClient) -> None:
    assert tuple(counting.FACETS) == schemas.FACETS
    for facet in ask(client, "/v1/figures/facets?facet_limit=1000&measure=soldiers-killed&measure=people-killed")[
        "data"
    ]:
        listed = figures(client, "measure=soldiers-killed&measure=people-killed")
        name = facet["facet"]
        found = [figure["date"][:4] if name == "year" else figure[name] for figure in listed]
        expected = Counter(each["id"] if isinstance(each, dict) else each for each in found if each)
        assert {value["value"]: value["count"] for value in facet["values"]} == expected
        assert facet["missing"] == found.count(None)


def test_an_unknown_id_is_warned_of_and_a_wrong_value_refused(client: FlaskClient) -> None:
    [warning] = ask(client, "/v1/figures?claimant=nobody")["page"]["warnings"]
    assert warning["parameter"] == "claimant"
    assert mistakes(client.get("/v1/figures?unit=miles-and-more&period=x&facet=year")) == ["facet", "period", "unit"]
    assert mistakes(client.get("/v1/figures?cursor=x")) == ["cursor"]


# --- conflicts -------------------------------------------------------------------------------------------------------


def sides(conflict: Document) -> list[tuple[str, float]]:
    return [(side["claimant"]["id"], side["value"]) for side in conflict["sides"]]


def test_the_corpus_holds_105_against_100(client: FlaskClient) -> None:
    [conflict] = ask(client, "/v1/figures/conflicts")["data"]
    assert sides(conflict) == [("armenia", 105), ("nikol-pashinyan", 105), ("azerbaijan", 100)]
    assert (conflict["measure"], conflict["party"]["id"]) == ("soldiers-killed", "armenia")
    assert (conflict["compared_by"], conflict["same_claimant"]) == ("event", False)
    of_armenia = conflict["sides"][0]
    assert [figure["passed_on"] for figure in of_armenia["figures"]] == [False, True]  # one claim, said and passed on
    assert all(figure["reports"] for side in conflict["sides"] for figure in side["figures"])


@pytest.mark.parametrize(
    ("query", "count"),
    [("claimant=azerbaijan", 1), ("speaker=miroslav-jenca", 1), ("party=azerbaijan", 0), ("since=2022-10", 0)],
)
def test_the_filters_find_conflicts_of_which_some_figure_matches(client: FlaskClient, query: str, count: int) -> None:
    assert len(ask(client, f"/v1/figures/conflicts?{query}")["data"]) == count


def figure(value: float, bound: str = "exact", claimant: str = "a", party: str = "x", **more: Any) -> Document:
    references = {"claimant": {"id": claimant}, "party": {"id": party}}
    return {"measure": "people-killed", "unit": "people", "value": value, "bound": bound, **references, **more}


DAY = {"period": "2020-01-01"}
PAIRS = [
    (True, figure(105, **DAY), figure(100, claimant="b", **DAY)),
    (False, figure(100, **DAY), figure(100, claimant="b", **DAY)),
    (True, figure(1, period="2020-01"), figure(2, period="2020-01-31/2020-02")),
    (False, figure(1, period="2020-01"), figure(2, period="2020-02")),
    (False, figure(1), figure(2)),
    (False, figure(1, **DAY), figure(2, **DAY, measure="people-injured")),
    (False, figure(1, **DAY), figure(2, **DAY, unit="percent")),
    (True, figure(100, "approximate", **DAY), figure(120, **DAY)),
    (False, figure(100, "approximate", **DAY), figure(105, **DAY)),
    (True, figure(100, "more-than", **DAY), figure(100, **DAY)),
    (False, figure(100, "at-least", **DAY), figure(100, **DAY)),
    (False, figure(100, "at-least", **DAY), figure(1000, "more-than", **DAY)),
    (True, figure(100, "less-than", **DAY), figure(100, "at-least", **DAY)),
    (False, figure(100, "less-than", **DAY), figure(99, **DAY)),
]
"""Whether each pair of figures can't both hold."""


@pytest.fixture(scope="module")
def disputing(new_database: NewDatabase) -> Iterator[FlaskClient]:
    """A service with each of PAIRS about a party of its own, and many figures by chance about `everybody`."""
    speakers = [speaker(each) for each in ("a", "b", "c", "everybody", *(f"party-{n}" for n in range(len(PAIRS))))]
    pairs = [{**each, "party": {"id": f"party-{place}"}} for place, (_, *pair) in enumerate(PAIRS) for each in pair]
    records = [
        statement(f"statement-{place}", speaker_id="a", figures=[each]) for place, each in enumerate([*pairs, *CHANCE])
    ]
    with client_of(new_database(), {"speakers": speakers, "statements": records}) as client:
        yield client


def by_chance() -> Iterator[Document]:
    chance = random.Random(16)
    for _ in range(40):
        days = sorted(chance.choices(range(1, 29), k=2))
        yield figure(
            chance.choice([0, 1, 10, 11, 12]),
            chance.choice(list(conflicts.BOUNDS)),
            chance.choice("abc"),
            "everybody",
            period=f"2021-03-{days[0]:02}/2021-03-{days[1]:02}",
        )


CHANCE = list(by_chance())


@pytest.mark.parametrize("place", range(len(PAIRS)))
def test_figures_of_the_same_conflict_when_their_bounds_exclude_each_other(disputing: FlaskClient, place: int) -> None:
    excluding, *pair = PAIRS[place]
    found = ask(disputing, f"/v1/figures/conflicts?party=party-{place}")["data"]
    assert len(found) == excluding
    if excluding:
        assert sorted(value for _, value in sides(found[0])) == sorted(each["value"] for each in pair)
        assert found[0]["compared_by"] == "period"
        assert found[0]["same_claimant"] == (place != 0)


def test_exactly_the_claims_that_another_excludes_are_in_conflict(disputing: FlaskClient) -> None:
    found = ask(disputing, "/v1/figures/conflicts?party=everybody")["data"]
    claims = {(each["claimant"]["id"], each["value"], each["bound"], each["period"]): each for each in CHANCE}
    loaded = {key: {**each, "event": None} for key, each in claims.items()}
    excluded = {
        key
        for (one, figure_of_one), (other, figure_of_other) in combinations(loaded.items(), 2)
        if conflicts.count_the_same(figure_of_one, figure_of_other)
        and conflicts.exclude_each_other(figure_of_one, figure_of_other)
        for key in (one, other)
    }
    shown = [
        (side["claimant"]["id"], side["value"], side["bound"], side["figures"][0]["period"])
        for conflict in found
        for side in conflict["sides"]
    ]
    assert sorted(shown) == sorted(excluded)
    assert sum(len(side["figures"]) for conflict in found for side in conflict["sides"]) == sum(
        (each["claimant"]["id"], each["value"], each["bound"], each["period"]) in excluded for each in CHANCE
    )


def test_pages_of_conflicts_count_subjects(disputing: FlaskClient) -> None:
    whole = ask(disputing, "/v1/figures/conflicts?limit=200")["data"]
    paged: list[Document] = []
    following: str | None = "/v1/figures/conflicts?limit=2"
    while following:
        page = ask(disputing, following)
        assert 1 <= len({conflict["party"]["id"] for conflict in page["data"]}) <= 2
        paged += page["data"]
        following = page["page"]["next"]
    assert paged == whole
