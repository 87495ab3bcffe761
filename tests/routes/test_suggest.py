"""Suggestions while a name is being typed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from applications import add, client_of, speaker, statement
from asking import ask, everything, mistakes
from changing import Writer, faults
from conftest import NewDatabase
from every import every
from flask.testing import FlaskClient

from api.application import create_app
from api.database.current import database
from api.names.suggestions import FEW
from api.records.mending import mend
from api.settings import Settings


def suggested(client: FlaskClient, typed: str, **more: str) -> list[dict[str, Any]]:
    answer = client.get("/v1/suggest", query_string={"q": typed, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["data"])


def ids(client: FlaskClient, typed: str, **more: str) -> list[str]:
    return [one["id"] for one in suggested(client, typed, **more)]


@every(
    ("typed", "first"),
    [
        ("غو", "antonio-guterres"),
        ("أنط", "antonio-guterres"),
        ("غُوتـ", "antonio-guterres"),
        ("Gut", "antonio-guterres"),
        ("ANTÓNIO G", "antonio-guterres"),
        ("Гут", "antonio-guterres"),
        ("باش", "nikol-pashinyan"),
        ("Pashini", "nikol-pashinyan"),
        ("Փաշ", "nikol-pashinyan"),
        ("قره", "nagorno-karabakh"),
        ("Karab", "nagorno-karabakh"),
        ("Nagorno-K", "nagorno-karabakh"),
        ("ممر لا", "lachin-corridor"),
        ("second kara", "second-karabakh-war"),
    ],
)
def test_the_beginning_of_any_name_at_any_of_its_words_suggests_its_bearer(
    client: FlaskClient, typed: str, first: str
) -> None:
    assert ids(client, typed)[0] == first


@pytest.mark.parametrize(("typed", "record"), [("مجلس الأ", "un-security-council"), ("Minsk", "osce-minsk-group")])
def test_everything_that_begins_so_is_among_the_suggestions(client: FlaskClient, typed: str, record: str) -> None:
    assert record in ids(client, typed, limit="50")


@pytest.mark.parametrize(("with_article", "without"), [("الأمم", "أمم"), ("الجزيرة", "جزيرة"), ("الكرمل", "كرمل")])
def test_the_article_may_be_left_out(client: FlaskClient, with_article: str, without: str) -> None:
    assert ids(client, with_article)
    assert set(ids(client, with_article, limit="50")) <= set(ids(client, without, limit="50"))


def test_a_suggestion_says_which_name_matched_and_what_the_record_is_called(client: FlaskClient) -> None:
    found = suggested(client, "غوتيريس")[0]
    assert found["matched"] == "أنطونيو غوتيريس"
    assert found["type"] == "speakers"
    assert found["name"] == ask(client, "/v1/speakers/antonio-guterres")["name"]


def test_the_most_referred_to_come_first(client: FlaskClient) -> None:
    found = suggested(client, "a", limit="50")
    order = [(-one["references"], one["id"], one["type"]) for one in found]
    assert order == sorted(order)
    assert len(found) > 5


def test_references_are_the_statements_that_refer_to_a_record_anywhere(client: FlaskClient) -> None:
    statements = everything(client, "statements")

    def refers(value: Any, record_type_id: str) -> bool:
        if isinstance(value, dict):
            return value.get("id") == record_type_id or any(refers(inner, record_type_id) for inner in value.values())
        return isinstance(value, list) and any(refers(inner, record_type_id) for inner in value)

    for typed, record in (("guterr", "antonio-guterres"), ("lavr", "sergey-lavrov"), ("sochi summit", None)):
        found = suggested(client, typed)[0]
        record = record or found["id"]
        own = [{key: value for key, value in one.items() if key != "id"} for one in statements]
        assert found["references"] == sum(refers(one, record) for one in own), record


def test_kind_narrows_to_record_types_and_limit_to_a_number(client: FlaskClient) -> None:
    everyone = suggested(client, "ar", limit="50")
    places = suggested(client, "ar", limit="50", type="places")
    assert [one for one in everyone if one["type"] == "places"] == places != []
    both = ask(client, "/v1/suggest?q=ar&type=places&type=speakers&limit=50")["data"]
    assert both == [one for one in everyone if one["type"] in ("places", "speakers")]
    assert suggested(client, "ar", limit="2") == everyone[:2]


def test_nothing_that_begins_so_is_no_mistake(client: FlaskClient) -> None:
    assert suggested(client, "zzz") == []
    assert suggested(client, "\U0010ffff a") == suggested(client, "a")


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=%20", "q=-", "q=%22", "q=%D9%80", "q=%00", f"q={'a' * 101}", "q=a&q=b"],
)
def test_what_can_begin_no_name_is_refused(client: FlaskClient, query: str) -> None:
    assert mistakes(client.get(f"/v1/suggest?{query}")) == ["q"]


def test_every_mistake_is_named(client: FlaskClient) -> None:
    assert mistakes(client.get("/v1/suggest?type=articles&limit=0&more=1")) == ["limit", "more", "q", "type"]
    assert mistakes(client.get("/v1/suggest?q=a&limit=51")) == ["limit"]


@pytest.mark.parametrize("typed", ["'", "\\", "%", "_", "*"])
def test_what_means_something_to_a_database_means_nothing_here(client: FlaskClient, typed: str) -> None:
    assert ids(client, f"guter{typed}") == ids(client, "guter")


@pytest.fixture
def crowd(new_database: NewDatabase) -> Iterator[FlaskClient]:
    """More people called Ali than are sorted, of whom the last two are spoken of."""
    people = [speaker(f"ali-{number:04}", name={"en": f"Ali Number{number}"}) for number in range(FEW + 20)]
    spoken = [statement(f"s-{n}", targets=[{"id": people[-1 - (n > 1)]["id"]}]) for n in range(3)]
    with client_of(new_database(), {"speakers": people, "statements": spoken}) as client:
        yield client


def test_however_many_match_the_most_referred_to_are_found_in_the_same_order(crowd: FlaskClient) -> None:
    last, before = f"ali-{FEW + 19:04}", f"ali-{FEW + 18:04}"
    assert ids(crowd, "ali", limit="4") == [last, before, "ali-0000", "ali-0001"]
    assert ids(crowd, "al", limit="3", type="speakers") == [last, before, "ali-0000"]
    assert ids(crowd, "ali", type="places") == []
    assert ids(crowd, f"ali number{FEW + 1}") == [f"ali-{FEW + 1:04}"]


# --- did you mean ----------------------------------------------------------------------------------------------------


def meant(client: FlaskClient, q: str, record_type: str = "statements", **more: str) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/{record_type}", query_string={"q": q, **more}).get_json()
    assert answer["data"] == []
    return list(answer["did_you_mean"])


@every(
    ("q", "text", "record"),
    [
        ("Lavrof", "Lavrov", "sergey-lavrov"),
        ("لافرووف", "لافروف", "sergey-lavrov"),
        ("Лавроф", "Лавров", "sergey-lavrov"),
        ("Sergei Lavrof", "Sergei Lavrov", "sergey-lavrov"),
        ("Pashinyen", "Pashinyan", "nikol-pashinyan"),
        ("باشينيانن", "باشينيان", "nikol-pashinyan"),
        ("Gutteres", "Guterres", "antonio-guterres"),
        ("غوتيريز", "غوتيريش", "antonio-guterres"),
        ("Karabag", "Karabakh", "nagorno-karabakh"),
        ("قرهباغ", "قره باغ", "nagorno-karabakh"),
        ("Zacharova", "Zakharova", "maria-zakharova"),
        ("Sacharowa", "Zakharova", "maria-zakharova"),
        ("Paschinjan", "Pashinyan", "nikol-pashinyan"),
        ("Pachinian", "Pashinyan", "nikol-pashinyan"),
        ("Ilham Alijew", "Ilham Aliyev", "ilham-aliyev"),
        ("Alieff", "Aliev", "ilham-aliyev"),
        ("Poutine", "Putin", "vladimir-putin"),
        ("Mirsojan", "Mirzoyan", "ararat-mirzoyan"),
        ("Lawrow", "Lavrov", "sergey-lavrov"),
        ("Dujarrique", "Dujarric", "stephane-dujarric"),
        ("Erewan", "Yerevan", "yerevan"),
    ],
)
def test_a_mistyped_name_is_recognised(client: FlaskClient, q: str, text: str, record: str) -> None:
    nearest = meant(client, q)[0]
    assert (nearest["text"], nearest["id"]) == (text, record)
    assert client.get("/v1/statements", query_string={"q": nearest["text"]}).get_json()["data"]
    assert nearest["name"] == ask(client, f"/v1/{nearest['type']}/{record}")["name"]


@pytest.mark.parametrize(
    ("known", "q"),
    [
        ("لافروف", "Lavrov"),
        ("لافروف", "Lavrof"),
        ("لافروف", "Лавров"),
        ("باشينيان", "Pashinian"),
        ("Pashinyan", "باشينين"),
        ("Karabakh", "كاراباخ"),
        ("غوتيريش", "Gutteres"),
        ("زاخاروفا", "Zakharova"),
    ],
)
def test_a_name_known_in_another_script_is_recognised(new_database: NewDatabase, known: str, q: str) -> None:
    with client_of(new_database(), {"speakers": [speaker("him", name={"ar": known})]}) as client:
        assert [(one["text"], one["id"]) for one in meant(client, q, "speakers")] == [(known, "him")]


UNRELATED = "Netanjahu, Selenskyj, Zelensky, Charles Michel, Borrell, Scholz, Lukaschenko, Tokajew, Erdogan, Xi Jinping"


def test_people_whom_nobody_knows_here_are_not_taken_for_others(client: FlaskClient) -> None:
    assert {name: meant(client, name) for name in UNRELATED.split(", ")} == {name: [] for name in UNRELATED.split(", ")}


@pytest.mark.parametrize(
    ("q", "corrected"),
    [
        ("Sergei Lavrof talks -Putin", "Sergei Lavrov talks -Putin"),
        ('"Nikol Paschinjan" speaker:Guterres', 'speaker:Guterres "Nikol Pashinyan"'),
        ("(Lavrof OR Macron)", "(Lavrov OR Macron)"),
        ("Lavrof*", "Lavrov*"),
        ("قرهباغ", "قره باغ"),
        ("Kara bakh", "Karabakh"),
    ],
)
def test_a_near_name_comes_with_the_address_of_the_search_that_was_meant(
    client: FlaskClient, q: str, corrected: str
) -> None:
    address = meant(client, q, since="2020", limit="3")[0]["href"]
    assert dict(parse_qsl(urlsplit(address).query)) == {"q": corrected, "since": "2020", "limit": "3"}
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("q", ["banana", "Trump", "xylophone", "cat", "برتقال", "12345", "zz", "لافروف ترامب", "banana -Lavrof"])  # fmt: skip
def test_nothing_is_suggested_for_what_no_name_is_near_to(client: FlaskClient, q: str) -> None:
    assert meant(client, q) == []


def test_what_is_written_rightly_is_not_corrected(client: FlaskClient) -> None:
    assert meant(client, "Lavrov", since="2025") == []


def test_no_more_than_five_names_are_suggested_each_of_another_record(client: FlaskClient) -> None:
    found = meant(client, "Sotchi")
    assert len(found) == 5
    assert len({(one["type"], one["id"]) for one in found}) == 5
    assert found[0]["id"] == "sochi"


def test_a_word_that_is_in_no_record_is_corrected_beside_what_the_others_find(client: FlaskClient) -> None:
    answer = ask(client, "/v1/statements?q=Sergey%20Lavrof&sort=relevance&limit=1")
    assert answer["data"]
    assert answer["search"]["missing"] == ["Lavrof"]
    assert [name["id"] for name in answer["did_you_mean"]] == ["sergey-lavrov"]
    answer = ask(client, "/v1/statements?q=Azerbaijan%20Armenia%20Rusia&sort=relevance&limit=1")
    assert answer["did_you_mean"][0]["id"] == "russia"  # and not a name that shares more of the words that were found
    for q in (
        "Arabian Nations",
        "Macron Lavrov",
        "who accused Azerbaijan of occupying land",
        "trilateral statement xyzzy",
    ):
        # of which a word is right, and none of the others near to a name
        answer = ask(client, f"/v1/statements?q={quote(q)}&sort=relevance&limit=1")
        assert answer["data"]
        assert "did_you_mean" not in answer


def test_only_a_first_page_asks_what_was_meant(client: FlaskClient) -> None:
    assert "did_you_mean" not in ask(client, f"/v1/statements?q={quote('لافروف')}")
    assert "did_you_mean" not in ask(client, "/v1/statements?since=2030")
    assert ask(client, "/v1/statements?q=Lavrof&since=2030")["did_you_mean"]
    assert ask(client, "/v1/speakers/sergey-lavrov/statements?q=Pashinyen")["did_you_mean"]


def test_where_nobody_has_a_name_none_is_near(new_tables: NewDatabase) -> None:
    client = create_app(Settings(database_url=new_tables())).test_client()
    assert meant(client, "Lavrof") == []
    mend()
    assert meant(client, "Lavrof") == []
    database.obj.close_all()


def test_a_name_is_recognised_as_soon_as_it_is_stored(new_database: NewDatabase) -> None:
    with client_of(new_database(), {"speakers": [speaker("one", name={"en": "Someone"})]}) as client:
        assert meant(client, "Lavrof", "speakers") == []
        add({"speakers": [speaker("lavrov", name={"en": "Lavrov"})]})
        assert [one["id"] for one in meant(client, "Lavrof", "speakers")] == ["lavrov"]
        add({"speakers": [speaker("lavrov", name={"en": "Petrov"})]})
        assert meant(client, "Lavrof", "speakers") == []


def test_a_name_that_another_language_spells_alike_is_suggested_in_both(writer: Writer) -> None:
    place = {"kind": "city", "name": {"en": "Sumgait"}}
    assert writer.send("PUT", "/v1/places/sumgait", place).status_code == 201
    both = {"en": "Sumgait", "az": "Sumgait"}
    answer = writer.send("PATCH", "/v1/places/sumgait", {"name": both}, if_match=writer.etag("/v1/places/sumgait"))
    assert answer.status_code == 200, answer.text
    assert [place["name"] for place in suggested(writer.client, "Sumg")] == [both]
    assert faults() == []
