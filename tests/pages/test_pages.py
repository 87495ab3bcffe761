"""The reading room over HTTP: its addresses, languages, safety and cost."""

import re
from importlib.resources import files
from struct import unpack
from typing import Any

import pytest
from applications import client_of
from asking import DOCUMENTS_READ, problem
from builders import ref, world
from changing import Writer
from every import every
from flask.testing import FlaskClient
from pages_read import HOSTILE, PAGES, STATEMENT, hostile_world, parsed, read, weight

from api.http.problems.table import PROBLEMS
from api.pages.frame import arabic
from api.pages.search import NAMES, NOT_FILTERS, SearchQuery

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
HEAVIEST = 60_000  # bytes of a page on its way, fonts and style sheet aside
MOST_STATEMENTS = 3  # of SQL for a page, documents that were not read before left aside


def cost(statements_run: list[str]) -> int:
    return sum(not DOCUMENTS_READ.match(sql) for sql in statements_run)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_well_formed_in_its_language_and_leads_to_itself_in_the_other(
    client: FlaskClient, language: str
) -> None:
    for path in PAGES:
        page = read(client, f"/{language}{path}")
        [html] = page.all("html")
        assert (html["lang"], html["dir"]) == (language, {"ar": "rtl", "en": "ltr"}[language])
        links = page.all("link")
        assert [link["href"] for link in links if link["rel"] == "canonical"] == [f"http://localhost/{language}{path}"]
        others = {link["hreflang"]: link["href"] for link in links if "hreflang" in link}
        assert others == {code: f"http://localhost/{code}{path}" for code in ("ar", "en")} | {
            "x-default": f"http://localhost/ar{path}"
        }
        assert len(page.all("h1")) == 1
        assert page.all("script") == []
        assert not [element for element in page.elements if {"style", "onclick"} & element.attributes.keys()]
        ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
        assert len(ids) == len(set(ids)), path


def test_pages_cost_three_statements_are_light_and_are_not_sent_twice(
    client: FlaskClient, statements_run: list[str]
) -> None:
    for path in PAGES:
        statements_run.clear()
        answer = client.get(f"/ar{path}")
        assert cost(statements_run) <= MOST_STATEMENTS, path
        assert weight(answer) <= HEAVIEST, path
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        assert "Set-Cookie" not in answer.headers
        again = client.get(f"/ar{path}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "query",
    ["q=Lavrof", "q=nothingsuch", "speaker=nobody-x", "act=report&act=deny&not_speaker=russia", "q=speaker:Lavrov"],
)
def test_searches_that_find_little_cost_no_more(client: FlaskClient, statements_run: list[str], query: str) -> None:
    assert client.get(f"/ar/statements?{query}").status_code == 200
    assert cost(statements_run) <= MOST_STATEMENTS


def test_links_lead_somewhere(client: FlaskClient) -> None:
    """Every address that the pages of each kind link to, but for searches, of which a few stand for all."""
    linked = {link.partition("#")[0] for path in PAGES for link in read(client, f"/ar{path}").links}
    addresses = sorted(link for link in linked if link.startswith("/") and "?" not in link)
    searches = sorted(link for link in linked if "?" in link and link.startswith("/"))[::20]
    assert len(addresses) > 100
    addresses = [link for link in addresses if "/statements/" not in link] + addresses[::9]
    for address in (*addresses, *searches):
        assert client.get(address).status_code == 200, address


def test_a_question_finds_what_comes_nearest_to_its_words_and_says_so(client: FlaskClient) -> None:
    address = "/en/statements?q=who disputed the number of dead soldiers"
    found = read(client, address)
    assert "These come nearest to these words" in found.text
    assert f"/en/statements/{STATEMENT}" in found.links
    assert "These come nearest" not in read(client, "/en/statements?q=soldiers").text
    assert "No statement matches this" in read(client, f"{address}&sort=-date").text


def test_a_newcomer_finds_who_disputed_the_number_of_dead_soldiers(client: FlaskClient) -> None:
    for words in ("soldiers killed", "عدد القتلى من الجنود"):
        found = read(client, f"/ar/statements?q={words}")
        assert f"/ar/statements/{STATEMENT}" in found.links or "soldiers" not in words
    told = read(client, f"/ar/statements/{STATEMENT}")
    assert "قالت أذربيجان إن الجنود الأرمن المئة" in told.text
    [event] = {link for link in told.links if link.startswith("/ar/figures?event=")}
    figures = read(client, event).text
    differing = figures[figures.index("أرقام لا تتفق") :]
    assert differing.index("عسكريون قتلى لدى أرمينيا") < differing.index("105") < differing.index("100")
    assert "نقله عنه ميروسلاف ينتشا" in " ".join(figures.split())


@pytest.mark.parametrize(
    ("accept_language", "expected"),
    [("ar-EG,en;q=0.5", "/ar/"), ("en-GB,en;q=0.9,ar;q=0.5", "/en/"), ("de", "/ar/"), ("", "/ar/")],
)
def test_the_root_leads_browsers_to_the_language_they_like_best(
    client: FlaskClient, accept_language: str, expected: str
) -> None:
    answer = client.get("/", headers={"Accept": BROWSER, "Accept-Language": accept_language})
    assert (answer.status_code, answer.headers["Location"]) == (302, expected)
    assert {"Accept", "Accept-Language"} <= set(answer.vary)
    assert client.get("/").get_json()["name"] == "Tasrih"


def test_nothing_of_pages_is_in_the_api_and_nothing_of_the_api_is_in_pages(client: FlaskClient) -> None:
    assert client.get("/ar/").content_type.startswith("text/html")
    assert "/ar/" not in client.get("/").text
    problem(client.get("/ar/", headers={"Accept": "application/json"}), 406, "not-acceptable")
    problem(client.get("/ar/nowhere", headers={"Accept": "application/json"}), 404, "not-found")
    assert client.get("/v1/nowhere", headers={"Accept": BROWSER}).content_type == "application/problem+json"


def test_every_problem_of_the_api_has_a_title_and_a_remedy_in_arabic() -> None:
    assert set(arabic.PROBLEMS) == {problem.name for problem in PROBLEMS}
    assert all(words.title and words.remedy.endswith(".") for words in arabic.PROBLEMS.values())


@every(
    ("address", "status", "told"),
    [
        ("/ar/nowhere", 404, "لا صفحة في هذا العنوان"),
        ("/en/speakers/nobody-at-all", 404, "There is no such page"),
        ("/en/speakers/No such id", 404, "There is no such page"),
        ("/en/statements?page=2", 422, "page"),
        ("/en/statements?act=sing&since=yesterday&cursor=x", 422, "since"),
        ("/en/statements?q=%00", 422, "q"),
        ("/en/speakers/sergey-lavrov?page=2", 422, "page"),
        ("/ar/?digits=roman", 422, "digits"),
        ("/ar/?digits=roman", 422, "في الحقول ما لا يصح. صحّح"),
        ("/ar/articles/security-council-south-caucasus-2022?cursor=x", 422, "cursor"),
        ("/ar/speakers/sergey-lavrov/difference?before=7&after=9", 404, "لا صفحة"),
        ("/embed/statement/nobody-at-all", 404, ""),
        ("/oembed?url=http://localhost/ar/speakers/sergey-lavrov", 404, ""),
        ("/oembed?url=http://[", 404, ""),
    ],
)
def test_bad_requests_are_answered_on_a_page_that_says_what_is_wrong(
    client: FlaskClient, address: str, status: int, told: str
) -> None:
    answer = client.get(address, headers={"Accept": BROWSER})
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    if address.startswith(("/ar", "/en")):
        page = parsed(answer.text)
        assert page.faults == []
        assert told in page.text
        assert "canonical" not in {link["rel"] for link in page.all("link")}


def test_pages_can_only_be_read(client: FlaskClient) -> None:
    answer = client.post("/en/statements", headers={"Accept": BROWSER})
    assert answer.status_code in (401, 405)
    assert "text/html" in answer.content_type


def test_fields_of_a_form_that_were_left_empty_vanish_from_the_address(client: FlaskClient) -> None:
    answer = client.get("/ar/statements?q=&act=report&since=&sort=")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ar/statements?act=report")


def test_the_choice_of_digits_goes_along_and_dates_have_both_names_of_the_month(client: FlaskClient) -> None:
    page = read(client, f"/ar/statements/{STATEMENT}?digits=arab")
    assert "من ١٤ إلى ١٥ سبتمبر/أيلول ٢٠٢٢" in page.text
    kept = [link for link in page.links if link.startswith("/ar/speakers/")]
    assert kept
    assert all(link.endswith("?digits=arab") for link in kept)
    assert "14–15 September 2022" in read(client, f"/en/statements/{STATEMENT}").text


def test_pages_of_results_lead_on_and_back(client: FlaskClient) -> None:
    first = read(client, "/en/statements?sort=date")
    [following] = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
    second = read(client, following)
    [before] = [link["href"] for link in second.all("a") if link.get("rel") == "prev"]
    statements = [link for link in first.links if re.fullmatch(r"/en/statements/[a-z0-9-]+", link)]
    assert len(statements) == 20
    assert statements == [
        link for link in read(client, before).links if re.fullmatch(r"/en/statements/[a-z0-9-]+", link)
    ]


def test_what_was_searched_for_is_marked_and_what_was_meant_is_offered(client: FlaskClient) -> None:
    assert "<mark>soldiers</mark>" in client.get("/en/statements?q=soldiers").text
    assert "/en/speakers/sergey-lavrov" in read(client, "/en/statements?q=Lavrof").links
    [feed] = [
        link["href"] for link in read(client, "/en/statements?q=soldiers").all("link") if "atom" in link.get("type", "")
    ]
    assert client.get(feed).content_type.startswith("application/atom+xml")
    chosen = read(client, "/en/statements?act=accuse&target=azerbaijan&not_place=baku")
    assert "Speaker" in chosen.text
    assert "/en/statements?target=azerbaijan&not_place=baku" in chosen.links


def test_every_filter_has_a_name_in_both_languages() -> None:
    filters = {name.removeprefix("not_") for name in SearchQuery().fields} - set(NOT_FILTERS)
    assert filters <= NAMES.keys()


def test_records_that_are_gone_say_so_and_merged_ones_lead_on(writer: Writer) -> None:
    writer.delete("/v1/statements/premier-answers")
    gone = read(writer.client, "/en/statements/premier-answers", 410)
    assert "/en/statements/premier-answers/history" in gone.links
    assert "deleted" in read(writer.client, "/en/statements/premier-answers/history").text
    assert writer.client.get("/embed/statement/premier-answers").status_code == 410
    writer.put("/v1/speakers/twin", {"id": "twin", "kind": "person", "name": {"en": "Twin"}})
    writer.merge("twin", "minister")
    for before, after in (
        ("/en/speakers/twin?digits=arab", "/en/speakers/minister?digits=arab"),
        ("/en/statements?speaker=twin&act=welcome", "/en/statements?speaker=minister&act=welcome"),
    ):
        answer = writer.client.get(before)
        assert answer.status_code in (302, 308)
        assert answer.headers["Location"] == after


def test_what_differs_between_revisions_is_marked(writer: Writer) -> None:
    writer.patch("/v1/statements/minister-welcomes", {"summary": {"en": "The amended summary of minister-welcomes"}})
    page = writer.client.get("/en/statements/minister-welcomes/difference").text
    assert parsed(page).faults == []
    assert "The <ins>amended</ins> summary of minister-welcomes" in page
    assert "summary/en" in page
    writer.patch("/v1/statements/minister-welcomes", {"figures": [], "topics": []})
    page = writer.client.get("/en/statements/minister-welcomes/difference?before=1&after=3").text
    assert "<del>105</del>" in page
    assert "<del>ceasefire</del>" in page


def test_a_long_chain_is_drawn_at_both_ends(new_database: Any) -> None:
    agents: list[Any] = [{"id": f"agent-{n}", "kind": "media", "name": {"en": f"Agent {n}"}} for n in range(99)]
    records: Any = {record_type: list(documents.values()) for record_type, documents in world().items()}
    records["speakers"] += agents
    roles = [{"agent": ref(agent["id"]), "role": "relayed"} for agent in agents]
    long = records["statements"][1]["reports"][0]
    long["chain"] = [{"agent": ref("premier"), "role": "spoke"}, *roles]
    with client_of(new_database(), records, needed=False) as client:
        page = read(client, "/en/statements/premier-answers")
        assert "88 agents" in page.text
        assert page.text.count("Agent ") < 40
        assert "Agent 98" in page.text
        assert weight(client.get("/en/statements/premier-answers")) <= HEAVIEST
        read(client, "/en/statements")


def test_an_empty_archive_has_pages_too(new_database: Any) -> None:
    with client_of(new_database(), {}, needed=False) as client:
        for path in ("/", "/statements", "/speakers", "/figures", "/coverage"):
            read(client, f"/ar{path}")


def test_a_frame_can_be_pasted_and_found_by_oembed(client: FlaskClient) -> None:
    offered = client.get(f"/oembed?url=http://localhost/en/statements/{STATEMENT}&maxwidth=400&dnt=1").get_json()
    assert (offered["type"], offered["version"], offered["width"]) == ("rich", "1.0", 400)
    [frame] = parsed(offered["html"]).all("iframe")
    assert frame["src"] == f"http://localhost/embed/statement/{STATEMENT}?lang=en"
    answer = client.get(frame["src"].removeprefix("http://localhost"))
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert parsed(answer.text).faults == []
    assert "frame-ancestors 'none'" in client.get("/en/").headers["Content-Security-Policy"]
    assert client.get("/oembed?format=xml").status_code == 501
    huge = f"/oembed?url=http://localhost/en/statements/{STATEMENT}&maxwidth={'9' * 5000}"
    assert client.get(huge).get_json()["width"] > offered["width"]
    page = read(client, f"/en/statements/{STATEMENT}")
    links = [link["href"] for link in page.all("link") if link.get("type") == "application/json+oembed"]
    assert client.get(links[0]).get_json()["title"].startswith("Pashinyan said")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_services_that_show_links_get_words_and_a_picture(client: FlaskClient, language: str) -> None:
    metas = {
        meta.get("property"): meta["content"]
        for meta in read(client, f"/{language}/statements/{STATEMENT}").all("meta")
        if "content" in meta
    }
    assert metas["og:url"] == f"http://localhost/{language}/statements/{STATEMENT}"
    assert "105" in metas["og:title"]
    card = client.get(metas["og:image"].removeprefix("http://localhost"))
    assert (card.content_type, card.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert unpack(">II", card.data[16:24]) == (int(metas["og:image:width"]), int(metas["og:image:height"]))
    with_other_digits = client.get(f"/{language}/statements/{STATEMENT}/card.png?digits=arab")
    assert with_other_digits.data[:8] == card.data[:8]
    assert with_other_digits.data != card.data


def test_files_are_kept_for_good_under_the_digest_of_their_bytes(client: FlaskClient) -> None:
    [sheet] = [link["href"] for link in read(client, "/ar/").all("link") if link["rel"] == "stylesheet"]
    answer = client.get(sheet)
    assert (answer.status_code, answer.content_type) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    fonts = re.findall(r"url\(\.\./([^)]+)\)", answer.text)
    assert len(fonts) == 3
    for font in fonts:
        assert client.get(f"/assets/{font}").content_type == "font/woff2"
    assert "immutable" not in client.get("/assets/000000000000/reading-room.css").headers["Cache-Control"]
    assert client.get("/assets/x/nothing.css").status_code == 404


def test_the_style_sheet_knows_no_left_and_no_right() -> None:
    sheet = (files("api.pages") / "static" / "reading-room.css").read_text(encoding="utf-8")
    physical = r"(?<![\w-])(left|right|top|bottom|width|height|(margin|padding|border|min|max)-(left|right|top|bottom|width|height))\s*:"
    media = re.sub(r"@media \([^{]*", "", sheet)
    assert re.findall(physical, media) == []


def test_hostile_texts_stay_texts(new_database: Any) -> None:
    with client_of(new_database(), hostile_world(), needed=False) as client:
        paths = [f"/{language}/{path}" for language in ("ar", "en") for path in _OF_THE_WORLD]
        for path in (*paths, "/embed/statement/minister-welcomes", "/en/statements?q=%3Cscript%3E&speaker=minister"):
            page = read(client, path)
            assert not {"script", "img", "base"} & {element.tag for element in page.elements}, path
            assert not [name for element in page.elements for name in element.attributes if name.startswith("on")]
            [title] = re.findall(r"<title>(.*?)</title>", client.get(path).text, re.DOTALL)
            assert not set(title) & set("\u202e\u2067")
        assert HOSTILE in read(client, "/en/statements/minister-welcomes").text
        assert client.get("/en/statements/minister-welcomes/card.png").content_type == "image/png"
        offered = client.get("/oembed?url=/en/statements/minister-welcomes").get_json()
        assert [element.tag for element in parsed(offered["html"]).elements] == ["iframe"]


_OF_THE_WORLD = (
    "",
    "statements",
    "statements/minister-welcomes",
    "speakers",
    "speakers/minister",
    "agreements/truce",
    "events/talks",
    "places/town",
    "communiques/readout",
    "articles/page",
    "figures",
    "coverage",
    "statements/minister-welcomes/history",
)


def test_names_that_sides_use_are_told_by_side(client: FlaskClient) -> None:
    page = read(client, "/en/places/nagorno-karabakh").text
    assert "Artsakh" in page
    assert "used by Armenia" in " ".join(page.split())


def test_only_the_desk_has_a_script_and_it_is_a_file_of_the_service(client: FlaskClient) -> None:
    for language in ("ar", "en"):
        answer = client.get(f"/{language}/desk")
        page = parsed(answer.text)
        assert page.faults == []
        [script] = page.all("script")
        assert script["type"] == "module"
        policy = answer.headers["Content-Security-Policy"]
        assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'", "style-src 'self'"} <= set(
            policy.split("; ")
        )
        assert "unsafe" not in policy
        assert not [element for element in page.elements if {"style", "onclick"} & element.attributes.keys()]
        assert weight(answer) <= HEAVIEST
    file = client.get(script["src"])
    assert (file.content_type, file.headers["Cache-Control"]) == (
        "text/javascript; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    assert client.get(script["src"], headers={"If-None-Match": file.headers["ETag"]}).status_code == 304
    assert weight(file) < 12_000
    assert "script-src" not in client.get("/ar/").headers["Content-Security-Policy"]
