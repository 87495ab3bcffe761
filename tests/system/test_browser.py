"""The reading room in Debian's Chromium: every page, in both languages, on a phone and on a desktop.

Skipped where Chromium or the extra `browser` is missing (`make system-packages`, `make .venv/browser`). The screenshots
stay in build/screenshots, to be looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from browsing import SCREENSHOTS, STANDARDS, WIDER, needs_browser, started
from pages_read import PAGES, STATEMENT
from served import Server, serving

pytestmark = needs_browser

SCREENS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
LONGEST_LOAD = 5_000
"""Milliseconds from the request to the end of loading: many times what it takes, for machines that are busy."""
MOST_LOADED = 250_000
"""Bytes of the fonts and the style sheet of a page."""

FONTS = "document.fonts.ready.then(() => [...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family))"
ORDER = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  return [element.tagName, getComputedStyle(element).outlineStyle, box.width * box.height];
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("browser")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from started()


@pytest.fixture
def opened(browser: Any, server: Server) -> Iterator[Any]:
    """A tab whose addresses begin at the service."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
    yield context.new_page()
    context.close()


def _name(language: str, path: str, screen: str) -> str:
    return f"{quote(path.strip('/'), safe='').replace('%', '-') or 'home'}-{language}-{screen}.jpeg"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_can_be_read_by_everybody_on_every_screen(opened: Any, language: str) -> None:
    """No violation of WCAG 2.2 AA that axe-core finds, nothing wider than the screen, and no word from the console."""
    from axe_playwright_python.sync_playwright import Axe

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    for path in (*PAGES, "/nowhere", "/statements?page=2"):
        opened.set_viewport_size(SCREENS["desktop"])
        opened.goto(f"/{language}{path}")
        for screen, size in SCREENS.items():
            opened.set_viewport_size(size)
            assert opened.evaluate(WIDER) <= 0, f"{path} is wider than a {screen}"
            opened.screenshot(path=SCREENSHOTS / _name(language, path, screen), full_page=True, type="jpeg", quality=70)
        results = Axe().run(opened, options={"runOnly": STANDARDS, "resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"
    assert [text for text in said if "status of 4" not in text] == []


def test_arabic_is_set_in_the_fonts_of_the_service_and_nothing_else_is_loaded(opened: Any, server: Server) -> None:
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(f"/ar/statements/{STATEMENT}")
    assert {"Noto Naskh Arabic", "Source Serif 4"} <= {family.strip('"') for family in opened.evaluate(FONTS)}
    assert all(url.startswith(f"http://127.0.0.1:{server.port}/") for url in asked)
    assert opened.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") < LONGEST_LOAD
    sizes = opened.evaluate("performance.getEntriesByType('resource').map((entry) => entry.encodedBodySize)")
    assert sum(sizes) < MOST_LOADED


def test_the_chain_runs_in_the_direction_of_reading(opened: Any) -> None:
    """On a desktop from right to left in Arabic and from left to right in English, on a phone from above to below."""
    for language, direction in (("ar", -1), ("en", 1)):
        opened.set_viewport_size(SCREENS["desktop"])
        opened.goto(f"/{language}/statements/{STATEMENT}")
        boxes = [item.bounding_box() for item in opened.locator(".chain > li").all()]
        steps = [b["x"] - a["x"] for a, b in pairwise(boxes)]
        assert len(steps) == 2
        assert all(step * direction > 0 for step in steps)
        opened.set_viewport_size(SCREENS["phone"])
        boxes = [item.bounding_box() for item in opened.locator(".chain > li").all()]
        assert all(b["y"] > a["y"] for a, b in pairwise(boxes))


def test_a_search_takes_a_keyboard_and_nothing_else(opened: Any) -> None:
    opened.set_viewport_size(SCREENS["desktop"])
    opened.goto("/ar/")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "q"
    opened.keyboard.type("جنود")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/ar/statements?q=*")
    assert opened.locator("mark").count() > 0
    for _ in range(25):
        opened.keyboard.press("Tab")
        tag, outline, area = opened.evaluate(ORDER)
        assert (outline, area > 0) != ("none", True), f"{tag} does not show that it has the focus"


def test_pages_make_sense_without_their_style_sheet_and_on_paper(browser: Any, server: Server, tmp_path: Path) -> None:
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=False)
    plain = context.new_page()
    plain.route("**/*.css", lambda route: route.abort())
    plain.goto(f"/ar/statements/{STATEMENT}")
    told = plain.locator("main").inner_text()
    order = [
        "قال باشينيان",
        "الطريق من الفم إلى الصفحة",
        "وكالة الأناضول",
        "الجزيرة",
        "الأرقام ومن يقولها",
        "الاستشهاد",
    ]
    assert sorted(order, key=told.index) == order
    plain.unroute("**/*.css")
    plain.goto(f"/ar/statements/{STATEMENT}")
    plain.emulate_media(media="print")
    assert not plain.locator("header.site nav").is_visible()
    assert plain.locator(".chain").is_visible()
    paper = plain.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(paper) < 1_000_000
    context.close()


@contextmanager
def another_site(folder: Path) -> Iterator[str]:
    """The address of a site with the files of a folder, on a port of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder)) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_a_frame_shows_a_statement_on_another_page_and_pages_refuse_frames(
    opened: Any, server: Server, tmp_path: Path
) -> None:
    base = f"http://127.0.0.1:{server.port}"
    frames = (
        f'<iframe src="{base}/embed/statement/{STATEMENT}?lang=en"></iframe><iframe src="{base}/en/about"></iframe>'
    )
    (tmp_path / "index.html").write_text(f"<!doctype html>{frames}")
    with another_site(tmp_path) as newsroom:
        opened.goto(newsroom)
        frame = opened.frame_locator("iframe").first
        assert "105 Armenian soldiers" in frame.locator("h1").inner_text()
        assert opened.frames[2].url.startswith("chrome-error:")
