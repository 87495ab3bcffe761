"""Pages of the reading room as a reader gets them: parsed, with their tags nested as HTML has them."""

import gzip
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from builders import world
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
SELF_CLOSED = frozenset("circle line path rect".split())
"""Elements of SVG that hold nothing, written with a slash."""

STATEMENT = "pashinyan-reports-105-soldiers-killed-2022-09"
PAGES = (
    "/",
    "/statements",
    "/statements?q=%D8%AC%D9%86%D9%88%D8%AF&since=2022",
    f"/statements/{STATEMENT}",
    "/speakers",
    "/speakers/sergey-lavrov",
    "/agreements",
    "/agreements/trilateral-statement-2020-11-09",
    "/events",
    "/events/september-2022-border-clashes",
    "/places",
    "/places/nagorno-karabakh",
    "/articles",
    "/articles/security-council-south-caucasus-2022",
    "/communiques",
    "/communiques/zakharova-briefing-2020-12-03",
    f"/statements/{STATEMENT}/history",
    "/figures",
    "/about",
    "/methods",
    "/coverage",
)
"""A page of each kind, without its language."""


@dataclass
class Element:
    """A tag and its attributes."""

    tag: str
    attributes: dict[str, str]


@dataclass
class Parsed:
    """A page: its elements in order, its text, and what is wrong with its nesting."""

    elements: list[Element] = field(default_factory=list)
    text: str = ""
    faults: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of the elements of a tag."""
        return [element.attributes for element in self.elements if element.tag == tag]

    @property
    def links(self) -> list[str]:
        """Where the links of the page lead."""
        return [attributes["href"] for attributes in self.all("a")]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Parsed()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in SELF_CLOSED:
            self.page.faults.append(f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.page.text += data


def parsed(html: str) -> Parsed:
    """A page as its elements."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.page.faults += parser.open
    return parser.page


def read(client: FlaskClient, address: str, status: int = 200) -> Parsed:
    """A page that answers so, and is well formed."""
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8"), (
        f"{address}: {answer.text[:500]}"
    )
    page = parsed(answer.text)
    assert page.faults == [], address
    return page


def weight(answer: TestResponse) -> int:
    """The bytes that a page takes on its way to a browser that accepts gzip."""
    return len(gzip.compress(answer.data, 5))


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e(\u2067[&lt;{{ 7*7 }} " + "w" * 100
TEXTS = ("name", "title", "summary", "label", "rights", "value", "definition")


def hostile_world() -> Any:
    """The small world with the same hostile text wherever a text may stand."""
    return {record_type: [_hostile(each) for each in documents.values()] for record_type, documents in world().items()}


def _hostile(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        keeps = "scheme" in value  # identifiers have forms of their own
        return {
            name: inner if keeps else _hostile(inner, name if key not in TEXTS else key)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_hostile(each) for each in value]
    return HOSTILE if isinstance(value, str) and key in TEXTS else value
