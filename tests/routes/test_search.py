"""Searching: what people type, in Arabic and English, and what they mean by it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from applications import client_of
from asking import RECORD_TYPES, ask, everything, ids, mistakes, pages
from every import every
from flask.testing import FlaskClient

from api.database.connections import create_sqlite_file
from api.database.current import database
from api.database.dialect import dialect


def found(client: FlaskClient, q: str, record_type: str = "statements", **more: str) -> set[str]:
    answer = client.get(f"/v1/{record_type}", query_string={"q": q, "limit": "200", **more})
    assert answer.status_code == 200, answer.text
    return {record["id"] for record in answer.get_json()["data"]}


@every(
    ("q", "speaker"),
    [
        ("غوتيريش", "antonio-guterres"),
        ("غوتيريس", "antonio-guterres"),
        ("جوتيريش", "antonio-guterres"),
        ("انطونيو غوتيريش", "antonio-guterres"),
        ("غُوتيرِيش", "antonio-guterres"),
        ("غوتـــيريش", "antonio-guterres"),
        ("وغوتيريش", "antonio-guterres"),
        ("لغوتيريش", "antonio-guterres"),
        ("بغوتيريش", "antonio-guterres"),
        ("Guterres", "antonio-guterres"),
        ("GUTERRES", "antonio-guterres"),
        ("António Guterres", "antonio-guterres"),
        ("Antonio Guterres", "antonio-guterres"),
        ("Гутерреш", "antonio-guterres"),
        ("باشينيان", "nikol-pashinyan"),
        ("باشينيين", "nikol-pashinyan"),
        ("Pashinyan", "nikol-pashinyan"),
        ("علييف", "ilham-aliyev"),
        ("إلهام علييف", "ilham-aliyev"),
        ("الهام علييف", "ilham-aliyev"),
        ("Aliyev", "ilham-aliyev"),
        ("لافروف", "sergey-lavrov"),
        ("ولافروف", "sergey-lavrov"),
        ("ميرزويان", "ararat-mirzoyan"),
        ("زاخاروفا", "maria-zakharova"),
        ("بوتين", "vladimir-putin"),
        ("تاس", "tass"),
        ("الخارجية الروسية", "russian-foreign-ministry"),
        ("وزارة الخارجية الروسية", "russian-foreign-ministry"),
        ("الأمم المتحدة", "united-nations"),
        ("الامم المتحده", "united-nations"),
        ("UN", "united-nations"),
    ],
)
def test_a_speaker_is_found_however_the_name_is_written(client: FlaskClient, q: str, speaker: str) -> None:
    assert speaker in found(client, q, "speakers")


@pytest.mark.parametrize("q", ["ناغورني قره باغ", "ناغورنو كاراباخ", "كاراباخ", "قره باغ", "قرة باغ", "Karabakh", "Nagorno-Karabakh", "ناغورني-قره باغ", "آرتساخ", "Artsakh"])  # fmt: skip
def test_a_contested_place_is_found_by_every_side_s_name(client: FlaskClient, q: str) -> None:
    assert "nagorno-karabakh" in found(client, q, "places")
    speaking_of_it = found_by_filter(client, "place=nagorno-karabakh")
    assert speaking_of_it <= found(client, q)


def found_by_filter(client: FlaskClient, query: str) -> set[str]:
    return {statement["id"] for statement in everything(client, "statements", query)}


@pytest.mark.parametrize(
    ("spellings", "speaker"),
    [
        (("غوتيريش", "غوتيريس", "Guterres", "وغوتيريش"), "antonio-guterres"),
        (("باشينيان", "باشينيين", "Pashinyan"), "nikol-pashinyan"),
        (("بوتين", "لبوتين", "Putin"), "vladimir-putin"),
    ],
)
def test_every_statement_that_names_somebody_is_found_by_any_spelling(
    client: FlaskClient, spellings: tuple[str, ...], speaker: str
) -> None:
    naming = {
        statement["id"]
        for parameter in ("speaker", "on_behalf_of", "addressee", "target", "agent", "claimant")
        for statement in everything(client, "statements", f"{parameter}={speaker}")
    }
    assert naming
    assert {spelling: naming - found(client, spelling) for spelling in spellings} == {
        spelling: set() for spelling in spellings
    }


@pytest.mark.parametrize("speaker", ["antonio-guterres", "sergey-lavrov", "vladimir-putin", "miroslav-jenca"])
def test_everything_somebody_said_is_found_by_the_name(client: FlaskClient, speaker: str) -> None:
    name = ask(client, f"/v1/speakers/{speaker}")["name"]
    said = found_by_filter(client, f"speaker={speaker}")
    assert said <= found(client, name["ar"])
    assert said <= found(client, name["en"])


def test_all_words_must_occur(client: FlaskClient) -> None:
    both = found(client, "غوتيريش لافروف")
    assert both == found(client, "غوتيريش") & found(client, "لافروف")
    assert "lavrov-guterres-discuss-libya-and-yemen-2020-12" in both
    assert "guterres-welcomes-sochi-trilateral-meeting-2021" not in both


def test_languages_mix_in_one_query(client: FlaskClient) -> None:
    together = found_by_filter(client, "event=lavrov-guterres-call-2020-12")
    for q in ("Guterres لافروف", "غوتيريش Lavrov", "Гутерреш Lavrov"):
        assert together <= found(client, q)


def test_a_minus_excludes(client: FlaskClient) -> None:
    assert found(client, "غوتيريش -لافروف") == found(client, "غوتيريش") - found(client, "لافروف")
    assert found(client, '-"قره باغ" غوتيريش') == found(client, "غوتيريش") - found(client, '"قره باغ"')


def test_words_in_quotation_marks_stand_together(client: FlaskClient) -> None:
    apart, together = found(client, "النار وقف"), found(client, '"وقف إطلاق النار"')
    assert together
    assert together <= apart
    assert found(client, '"النار إطلاق وقف"') == set()
    assert found(client, "«وقف إطلاق النار»") == together


def test_a_star_finds_beginnings(client: FlaskClient) -> None:
    assert found(client, "غوتير*") >= found(client, "غوتيريش")
    assert found(client, "Guter*") >= found(client, "Guterres")
    assert "sergey-lavrov" in found(client, "Lavr*", "speakers")
    assert found(client, "Guter") != found(client, "Guter*")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("البيان", "بيان"),
        ("بيانات", "بيان"),
        ("والبيان", "بيان"),
        ("الهدنة", "هدنه"),
        ("أذربيجان", "اذربيجان"),
        ("مفاوضات", "المفاوضات"),
        ("welcomed", "welcomes"),
        ("agreement", "agreements"),
        ("٢٠٢٠", "2020"),
    ],
)
def test_inflection_and_spelling_do_not_matter(client: FlaskClient, one: str, other: str) -> None:
    assert found(client, one) == found(client, other)


@pytest.mark.parametrize(("one", "other"), [("النار", "منارة"), ("بيان", "بيت"), ("لجنة", "جنة")])
def test_different_words_stay_different(client: FlaskClient, one: str, other: str) -> None:
    assert found(client, one)
    assert found(client, one) != found(client, other)


@pytest.mark.parametrize("operator", ["^", ":", "tokens:", "number:", "&", "!", "<->", "'", "\\"])  # fmt: skip
def test_what_means_something_to_a_database_means_nothing_here(client: FlaskClient, operator: str) -> None:
    answer = client.get("/v1/statements", query_string={"q": f"لافروف {operator} غوتيريش", "limit": "200"})
    assert answer.status_code == 200, answer.text
    either = found(client, "لافروف") | found(client, "غوتيريش")
    assert {statement["id"] for statement in answer.get_json()["data"]} < either


@pytest.mark.parametrize("operator", ["AND", "NOT", "NEAR(", "speaker:"])
def test_operators_that_there_are_not_are_refused_with_a_hint(client: FlaskClient, operator: str) -> None:
    answer = client.get("/v1/statements", query_string={"q": f"Lavrov {operator} Guterres"})
    assert mistakes(answer) == ["q"]


def test_field_words_find_what_filters_find(client: FlaskClient) -> None:
    for q, filters in {
        "Speaker:لافروف هدنة": "speaker=sergey-lavrov&q=هدنة",
        'speaker:"Sergey Lavrov" OR speaker:«غوتيريش»': "speaker=sergey-lavrov&speaker=antonio-guterres",
        'agreement:"trilateral agreements"': "agreement=trilateral-statement-2020-11-09&agreement=trilateral-statement-2021-01-11",
        "هدنة -speaker:Lavrov place:Karabakh": "not_speaker=sergey-lavrov&place=nagorno-karabakh&q=هدنة",
        "(speaker:Lavrov أو speaker:Guterres) الأمم": "speaker=sergey-lavrov&speaker=antonio-guterres&q=الأمم",
        "speaker:Lavrov أو speaker:Guterres": "speaker=sergey-lavrov&speaker=antonio-guterres",
        "-(speaker:Lavrov | speaker:Guterres) Sochi": "not_speaker=sergey-lavrov&not_speaker=antonio-guterres&q=Sochi",
    }.items():
        assert found(client, q) == {each["id"] for each in everything(client, "statements", filters)}, q
        assert found(client, q)
    shown = client.get("/v1/statements?highlight=true&q=speaker:Lavrov -place:Lachin talks").get_json()["search"]
    assert (shown["words"], shown["excluded"]) == (["speaker:Lavrov", "talks"], ["place:Lachin"])
    walked = [each for page in pages(client, "/v1/statements?q=speaker:Lavrov&limit=5") for each in page]
    assert walked == ids(client, "/v1/statements?speaker=sergey-lavrov&limit=200")
    assert ids(client, "/v1/events?q=place:Sochi") == ids(client, "/v1/events?place=sochi")


@every(
    ("path", "q", "hint"),
    [
        ("statements", "speaker:Lavrof", 'Did you mean "Lavrov" (sergey-lavrov)'),
        ("statements", "place:Lavrov", "No record of 'places' is called Lavrov. GET /v1/suggest finds"),
        ("statements", "speaker:Maria", "(maria-zakharova)"),
        ("statements", "speaker:!", "No record of 'speakers'"),
        ("statements", "speaker:Lavrov speaker:Guterres", "is given already; join alternatives with OR"),
        ("statements", "speaker:Lavrov OR place:Sochi", "OR joins a field word only"),
        ("statements", "talks OR speaker:Lavrov", "OR joins a field word only"),
        ("statements", "speaker:Lavr*", "take a whole name right behind them"),
        ("statements", "speaker:Lavrov أو talks", "OR joins a field word only"),
        ("statements", "(speaker:Lavrov OR place:Sochi)", "OR joins a field word only"),
        ("statements", "talks OR (speaker:Lavrov OR speaker:Guterres)", "OR joins a field word only"),
        ("statements", "(هدنة أو speaker:Lavrov)", "unless these hold nothing but alternatives"),
        ("statements", "(speaker:Lavrov talks)", "unless these hold nothing but alternatives"),
        ("statements", "speaker:(Lavrov OR Guterres)", "(speaker:A OR speaker:B)"),
        ("statements", "talks,speaker:Lavrov", "take a whole name right behind them"),
        ("statements", "talks|target:Russia", "target: can not stand in a query"),
        ("speakers", "place:Sochi", "there is no filter 'place' here"),
        ("speakers/sergey-lavrov/statements", "speaker:Lavrov", "there is no filter 'speaker' here"),
    ],
)
def test_field_words_that_can_not_be_resolved_are_refused(client: FlaskClient, path: str, q: str, hint: str) -> None:
    answer = client.get(f"/v1/{path}", query_string={"q": q})
    assert mistakes(answer) == ["q"]
    assert hint in answer.get_json()["errors"][0]["detail"]


def test_or_finds_what_either_finds(client: FlaskClient) -> None:
    either = found(client, "لافروف") | found(client, "غوتيريش")
    assert found(client, "لافروف OR غوتيريش") == found(client, "(لافروف أو غوتيريش)") == either
    assert found(client, "لافروف | غوتيريش -سوتشي") == either - found(client, "سوتشي")


@pytest.fixture
def few_occurrences(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that begin alike are too common from six occurrences on; PostgreSQL knows how often from its statistics."""
    monkeypatch.setattr("api.queries.relevance.MOST_OCCURRENCES", 5)
    if dialect().has_server:
        database.execute_sql("ANALYZE statements_text, speakers_text")


@pytest.mark.usefixtures("few_occurrences")
@pytest.mark.parametrize("q", ["a*", "peace ar*", "ar* OR xyzzy*", "peace -ar*"])
def test_words_that_begin_so_too_often_are_not_sorted_by_relevance(client: FlaskClient, q: str) -> None:
    assert mistakes(client.get("/v1/statements", query_string={"q": q, "sort": "relevance"})) == ["sort"]
    rare = client.get("/v1/statements?q=xyz*&sort=relevance").get_json()
    assert rare["search"]["missing"] == ["xyz*"]


def test_words_that_begin_so_are_sorted_by_relevance_while_they_are_few(client: FlaskClient) -> None:
    assert ids(client, "/v1/speakers?q=pash*")[0] == "nikol-pashinyan"
    assert client.get("/v1/statements?q=a*&sort=relevance").status_code == 200


@pytest.mark.usefixtures("few_occurrences")
def test_names_that_begin_so_too_often_come_in_the_usual_order_page_by_page(client: FlaskClient) -> None:
    expected = ids(client, "/v1/speakers?q=a*&sort=id&limit=200")
    assert [record_id for page in pages(client, "/v1/speakers?q=a*&limit=5") for record_id in page] == expected


def test_an_answer_says_how_the_query_was_understood(client: FlaskClient) -> None:
    q = 'who accused "Azerbaijan" of occupying xyzzy -Sochi'
    answer = client.get("/v1/statements", query_string={"q": q, "sort": "relevance"}).get_json()
    assert answer["data"][0]["id"] == "armenia-accuses-azerbaijan-of-occupying-territory-2022-09"
    assert answer["search"] == {
        "words": ["accused", '"Azerbaijan"', "occupying", "xyzzy"],
        "passed_over": ["who", "of"],
        "excluded": ["Sochi"],
        "missing": ["xyzzy"],
        "matched": "most",
    }


@pytest.mark.parametrize("q", ["\u200fلافروف\u200e", "\ufeffلافروف", "  لافروف\t", "لافروف\n", "لافروف\0", "لافروف 🕊", "لافروف، ؟", "(لافروف)"])  # fmt: skip
def test_marks_that_nobody_sees_change_nothing(client: FlaskClient, q: str) -> None:
    assert found(client, q) == found(client, "لافروف")


def test_search_and_filters_narrow_each_other(client: FlaskClient) -> None:
    expected = found(client, "غوتيريش") & found_by_filter(client, "act=welcome&since=2021")
    assert found(client, "غوتيريش", act="welcome", since="2021") == expected != set()


def test_the_statements_of_a_record_are_searched_alike(client: FlaskClient) -> None:
    here = ids(client, "/v1/agreements/trilateral-statement-2020-11-09/statements?q=غوتيريش&limit=200")
    assert set(here) == found(client, "غوتيريش", agreement="trilateral-statement-2020-11-09") != set()


# --- every collection ------------------------------------------------------------------------------------------------


@every(
    ("record_type", "q", "record"),
    [
        ("agreements", "9 November", "trilateral-statement-2020-11-09"),
        ("agreements", "هدنة", "ceasefire-2022-09-14"),
        ("agreements", "peace treaty", "armenia-azerbaijan-peace-treaty"),
        ("communiques", "زاخاروفا", "zakharova-briefing-2020-12-03"),
        ("communiques", "مجموعة مينسك", "minsk-group-co-chairs-statement-2021-09-24"),
        ("events", "سوتشي", "sochi-summit-2021-11-26"),
        ("events", "Security Council", "security-council-session-2022-09-15"),
        ("places", "لاتشين", "lachin-corridor"),
        ("places", "Stepanakert OR Lachin corridor", None),
        ("articles", "لافروف وغوتيريش يبحثان", "vision-group-lavrov-guterres-2020"),
        ("articles", "تاس", "vision-group-lavrov-mirzoyan-2021"),
        ("vocabularies", "ترحيب", "acts"),
        ("vocabularies", "ceasefire", "topics"),
    ],
)
def test_every_collection_is_searched(client: FlaskClient, record_type: str, q: str, record: str | None) -> None:
    assert (record in found(client, q, record_type)) is (record is not None)


def test_the_best_match_comes_first(client: FlaskClient) -> None:
    for q, record_type, best in (
        ("Sergey Lavrov", "speakers", "sergey-lavrov"),
        ("حرب قره باغ الثانية", "events", "second-karabakh-war"),
    ):
        answer = client.get(f"/v1/{record_type}", query_string={"q": q, "sort": "relevance", "limit": "200"})
        ranked = [record["id"] for record in answer.get_json()["data"]]
        assert ranked[0] == best
        assert set(ranked) == found(client, q, record_type)


def test_search_alone_changes_no_order(client: FlaskClient) -> None:
    everyone = ids(client, "/v1/statements?limit=200")
    matching = ids(client, "/v1/statements?q=غوتيريش&limit=200")
    assert matching == [record for record in everyone if record in set(matching)]


# --- both engines ----------------------------------------------------------------------------------------------------


class Both(NamedTuple):
    """The corpus on SQLite and on PostgreSQL."""

    engines: list[tuple[FlaskClient, Any]]

    def found(self, record_type: str, q: str) -> list[set[str]]:
        """The ids that a query finds on each."""
        return [found(client, q, record_type) for client in self._clients()]

    def everything(self, record_type: str) -> list[dict[str, Any]]:
        """All records of a record type, which both hold."""
        return everything(next(self._clients()), record_type)

    def _clients(self) -> Iterator[FlaskClient]:
        for client, engine in self.engines:
            database.initialize(engine)
            yield client


@pytest.fixture(scope="module")
def on_both(tmp_path_factory: pytest.TempPathFactory, postgresql_server: Any) -> Iterator[Both]:
    path = Path(tmp_path_factory.mktemp("both") / "both.db")
    create_sqlite_file(path)
    postgresql_server.psql('CREATE DATABASE "tasrih_both";')
    with client_of(f"sqlite:///{path}") as sqlite:
        on_sqlite = database.obj
        with client_of(str(postgresql_server.get_uri(database="tasrih_both"))) as postgresql:
            yield Both([(sqlite, on_sqlite), (postgresql, database.obj)])


def _queries(records: list[dict[str, Any]]) -> set[str]:
    """Every name and label as it is, its words, their beginnings, and it in quotation marks."""
    texts = {text for record in records for text in _texts(record)}
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    return texts | words | {f"{word[:3]}*" for word in words if len(word) > 3} | {f'"{text}"' for text in texts}


def _texts(record: dict[str, Any]) -> list[str]:
    labels = record.get("name") or record.get("summary") or record.get("supplied_title") or {}
    return [
        text.replace('"', " ")[:200] for text in [*labels.values(), *(a["value"] for a in record.get("aliases", ()))]
    ]


@pytest.mark.parametrize("record_type", [record_type for record_type in RECORD_TYPES if record_type != "vocabularies"])
def test_a_query_finds_the_same_on_both_engines(on_both: Both, record_type: str) -> None:
    records = on_both.everything(record_type)
    for q in sorted(_queries(records))[:: 1 + len(records) // 8]:
        if re.search(r"\w", q) and len(q.split()) <= 30:
            on_sqlite, on_postgresql = on_both.found(record_type, q)
            assert on_sqlite == on_postgresql, q
