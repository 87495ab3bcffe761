"""Debian's Chromium, in which pages are tried: how it is started, what is asked of every page, and where screenshots go.

Tests in it are skipped where Chromium or the extra `browser` is missing (`make system-packages`, `make .venv/browser`).
"""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
HAS_EXTRA = find_spec("playwright") is not None and find_spec("axe_playwright_python") is not None
needs_browser = pytest.mark.skipif(not CHROMIUM or not HAS_EXTRA, reason="needs Chromium and the extra 'browser'")

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def started() -> Iterator[Any]:
    """A browser for as long as a fixture needs it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()
