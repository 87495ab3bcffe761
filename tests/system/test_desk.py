"""The desk in Debian's Chromium, by keyboard alone: an article is pasted, its draft mended, and what is accepted saved.

Its screenshots are beside those of `test_browser`.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import orjson
import pytest
from browsing import SCREENSHOTS, STANDARDS, WIDER, needs_browser, started
from served import Server, serving

pytestmark = needs_browser

TEXT = (
    "الوزارة ترحب بالاتفاق 😀\n"
    "مدينة النور 17 سبتمبر 2024\n"
    "قال وزير الخارجية سيرغي لافروف إن بلاده ترحب بالاتفاق مع الجانب الآخر.\n"
    "ونفى المتحدث باسم الوزارة كمال العاصي وقوع أي خرق للهدنة.\n"
    "وأكد رئيس اللجنة أنور صالح أن 12 جنديا قتلوا في الاشتباكات.\n"
    "وأضاف أن المحادثات ستستأنف قريبا وأن الحدود مفتوحة."
)
"""Invented; the sign in its title is two units of UTF-16 and one code point."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("desk")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from started()


@pytest.fixture
def desk(browser: Any, server: Server) -> Iterator[Any]:
    """A desk of which the console had nothing to say but that requests were refused."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    yield tab
    context.close()
    assert [text for text in said if "status of 4" not in text] == []


def drafted(desk: Any, text: str, language: str = "ar") -> list[Any]:
    """The cards of a text that was pasted."""
    desk.goto(f"/{language}/desk")
    desk.locator("#text").focus()
    desk.keyboard.insert_text(text)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".card:focus")
    return list(desk.locator(".card").all())


def choose(desk: Any, beginning: str, choice: str) -> None:
    """Choose by keyboard what is suggested for the beginning of a name."""
    desk.keyboard.type(beginning)
    option = desk.locator("[role=option]:visible").filter(has_text=choice).first
    option.wait_for()
    while option.get_attribute("aria-selected") != "true":
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")


def stored(server: Server, path: str) -> Any:
    return orjson.loads(server.get(path).body)


def count(server: Server) -> int:
    return int(stored(server, "/v1/statements?limit=1&total=exact")["page"]["total"])


def test_an_article_becomes_statements_by_keyboard_alone(desk: Any, server: Server) -> None:
    cards = drafted(desk, TEXT)
    assert len(cards) >= 4
    assert cards[0].locator("blockquote").inner_text() in TEXT
    assert [card.locator("[name=act]").input_value() for card in cards[:2]] == ["welcome", "deny"]

    desk.locator("#publisher").focus()
    choose(desk, "الأناضول", "الأناضول")
    first = desk.locator(".card").first
    first.locator("summary").focus()
    desk.keyboard.press("Enter")
    for kind, beginning, name in (
        ("places", "قره", "قره باغ"),
        ("addressees", "غوت", "غوتيريش"),
        ("targets", "لجنة", "سجل جديد"),
    ):
        first.locator("[name=kind]").select_option(kind)
        first.locator(".about [role=combobox]").focus()
        choose(desk, beginning, name)
    first.locator("[name=kind]").select_option("agreements")
    assert first.locator("[name=agreements-relation]").input_value() == "welcomes"
    first.locator("[name=provision]").focus()
    desk.keyboard.type("٤")
    first.locator(".about [role=combobox]").focus()
    choose(desk, "البيان الثلاثي", "البيان الثلاثي")
    first.locator("[name=kind]").select_option("links")
    first.locator("[name=links-relation]").select_option("repeats")
    first.locator(".about [role=combobox]").focus()
    choose(desk, "هدنة", "هدنة")
    first.locator("[name=measure]").select_option("people-injured")
    first.locator("[name=value]").focus()
    desk.keyboard.type("٢٬٤٠٠")
    desk.keyboard.press("Enter")
    assert "2400" in first.locator(".extras").inner_text()
    first.focus()
    desk.keyboard.press("a")  # the first is right
    assert desk.locator(".card").first.get_attribute("data-state") == "accepted"
    desk.keyboard.press("r")  # the second is not wanted
    assert desk.locator(".card").nth(1).get_attribute("data-state") == "rejected"

    last = desk.locator(".card").last
    last.focus()
    desk.keyboard.press("m")  # merged with the one before, then divided again at the cursor
    assert desk.locator(".card").count() == len(cards) - 1
    desk.keyboard.press("t")
    assert desk.evaluate("getSelection().toString()") in TEXT
    desk.keyboard.press("Control+End")
    for _ in range(len("وأن الحدود مفتوحة.")):
        desk.keyboard.press("ArrowRight")  # back, where lines run from right to left
    desk.locator("[data-do=split]").focus()
    desk.keyboard.press("Enter")
    assert desk.locator(".card").last.locator("blockquote").inner_text() == "وأن الحدود مفتوحة"
    desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")  # another act
    speaker = desk.locator(".card").last.locator("[role=combobox]").first
    speaker.focus()
    choose(desk, "غوت", "غوتيريش")
    desk.locator(".card").last.focus()
    desk.keyboard.press("a")

    desk.locator("#page").focus()  # one more, by selecting the first word of the title
    desk.keyboard.press("Control+Home")
    for _ in range(len("الوزارة")):
        desk.keyboard.press("Shift+ArrowLeft")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.name") == "act"
    added = desk.locator(".card").first
    assert added.locator("blockquote").inner_text() == "الوزارة"
    added.locator("[role=combobox]").first.focus()
    choose(desk, "وزارة الأمثلة", "سجل جديد")
    added.locator("textarea").focus()
    desk.keyboard.insert_text("الوزارة تقول شيئًا.")
    added.locator("summary").focus()
    desk.keyboard.press("Enter")
    added.locator("[name=kind]").select_option("links")
    added.locator(".about [role=combobox]").focus()  # the other statements of the page are offered at once
    choose(desk, "", "التصريح 2: ")
    added.focus()
    desk.keyboard.press("a")

    desk.locator("#token").focus()
    desk.keyboard.insert_text(server.token("import"))
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#outcome a")
    assert desk.locator(".card[data-state=saved]").count() == 3

    identity = desk.locator("#outcome a").get_attribute("href").split("/")[-1]
    article = stored(server, f"/v1/articles/{identity}")
    assert article["sha256"] == sha256(TEXT.encode()).hexdigest()
    assert article["publisher"]["id"] == "anadolu"
    statements = stored(server, f"/v1/statements?article={identity}&limit=50")["data"]
    evidence = [span for statement in statements for span in statement["reports"][0]["evidence"]]
    words = {TEXT[span["start"] : span["end"]] for span in evidence}
    assert {"الوزارة", "وأن الحدود مفتوحة"} <= words
    assert len(statements) == 3
    assert all(span["sha256"] == sha256(TEXT[span["start"] : span["end"]].encode()).hexdigest() for span in evidence)
    by_speaker = {speaker["speaker"]["id"]: statement for statement in statements for speaker in statement["speakers"]}
    assert {"sergey-lavrov", "antonio-guterres"} <= by_speaker.keys()
    assert by_speaker["sergey-lavrov"]["act"] == "welcome"
    added = by_speaker["sergey-lavrov"]
    assert [(f["measure"], f["value"], f["unit"]) for f in added["figures"]] == [("people-injured", 2400, "people")]
    assert [each["speaker"]["id"] if "speaker" in each else each["id"] for each in added["addressees"]] == [
        "antonio-guterres"
    ]
    assert [(each["relation"], each["provision"]) for each in added["agreements"]] == [("welcomes", 4)]
    assert [link["relation"] for link in added["links"]] == ["repeats"]
    ours = next(each for each in statements if each["summary"].get("ar") == "الوزارة تقول شيئًا.")
    assert [(link["relation"], link["statement"]["id"]) for link in ours["links"]] == [("responds-to", added["id"])]
    assert len(added["places"]) == len(added["targets"]) == 1
    assert [link["role"] for link in by_speaker["sergey-lavrov"]["reports"][0]["chain"]] == ["spoke", "published"]
    assert "الوزارة تقول شيئًا." in [statement["summary"].get("ar") for statement in statements]


def test_errors_stand_beside_the_statement_that_they_are_of_and_nothing_is_stored(desk: Any, server: Server) -> None:
    before = count(server)
    drafted(desk, TEXT.replace("17 سبتمبر", "18 سبتمبر"), "en")
    for _ in range(2):
        desk.keyboard.press("a")
    second = desk.locator(".card").nth(1)
    second.locator("summary").press("Enter")
    second.locator("[name=kind]").select_option("links")
    second.locator(".about [role=combobox]").focus()
    choose(desk, "Statement 3", "Statement 3: ")
    desk.locator("#save").press("Enter")
    assert "will not be saved" in second.locator(".errors").inner_text()  # to what is not accepted nothing is linked
    second.locator(".extras .remove").last.press("Enter")
    second.locator("[name=date]").fill("yesterday")
    desk.locator("#token").fill("no token")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#outcome span")
    assert "Nothing was saved" in desk.locator("#outcome").inner_text()
    desk.locator("#token").fill(server.token("import"))
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".card .errors li")
    assert "/date" in second.locator(".errors").inner_text()
    assert second.locator("[name=date]").get_attribute("aria-invalid") == "true"
    assert desk.locator(".card").first.locator(".errors li").count() == 0
    assert count(server) == before
    second.locator("[name=date]").fill("2024-09-18")
    desk.locator("#token").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#outcome a")
    assert count(server) == before + 2

    again = drafted(desk, TEXT.replace("17 سبتمبر", "18 سبتمبر"), "en")
    assert [card.get_attribute("data-state") for card in again[:3]] == ["recorded", "recorded", "open"]


def test_what_is_no_article_is_refused_beside_the_form(desk: Any) -> None:
    desk.goto("/ar/desk")
    desk.locator("#text").fill("قال الوزير إن بلاده ترحب.")
    desk.locator("#source button").click()
    desk.wait_for_selector("#source-errors li")
    assert "published" in desk.locator("#source-errors").inner_text()
    assert "في الحقول ما لا يصح صحّح" in desk.locator("#source-errors").inner_text()
    assert "تاريخ النشر" in desk.locator("#source-errors").inner_text()
    assert desk.evaluate("document.activeElement.id") == "published"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_desk_can_be_used_by_everybody_on_every_screen(desk: Any, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    drafted(desk, TEXT.replace("17 سبتمبر", "19 سبتمبر"), language)
    desk.keyboard.press("a")
    desk.keyboard.press("s")  # which says what is missing
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for screen, size in {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}.items():
        desk.set_viewport_size(size)
        assert desk.evaluate(WIDER) <= 0, f"The desk is wider than a {screen}."
        desk.screenshot(path=SCREENSHOTS / f"desk-at-work-{language}-{screen}.jpeg", type="jpeg", quality=70)
    desk.locator(".card").first.locator("[role=combobox]").first.fill("غوت" if language == "ar" else "gut")
    desk.wait_for_selector("[role=option]")
    results = Axe().run(desk, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
