"""A statement: who said it in which office, what it was, by which way it came to its pages, and what else bears on it."""

from collections.abc import Iterator
from typing import Any

import orjson

from api.changelog import revisions
from api.citations import cited, text
from api.http.responses import url_for
from api.pages.frame.elements import Elements
from api.pages.frame.entries import MOST_AGENTS, Listing, chain, statements
from api.pages.frame.site import Content, Request, formats, page
from api.queries import reading
from api.queries.query import Values
from api.representations.selected import Selected
from schemas.parameters.shapes import TERMS

Document = dict[str, Any]

REVISIONS = 5
RELATED = 6


@page("/statements/<id>")
def statement(asked: Request, id: str) -> Content:
    """One statement."""
    h = asked.elements
    stored = reading.expanded_item("statements", id, (TERMS, *cited.EXPANSIONS["statements"]))
    document = orjson.loads(stored.documents[0])
    articles = {name: orjson.loads(body) for name, body in stored.expansions["articles"].items()}
    return Content(
        "statement.html",
        asked.elements.wording.plain(document["summary"]),
        {
            "statement": document,
            "articles": articles,
            "kinds": stored.kinds,
            "reports": [(report, chain(report)) for report in document["reports"]],
            "citation": citation("statements", stored, h),
            "history": revisions.history("statements", id, None, REVISIONS),
            "related": related(document),
            "embed": asked.elements.api(f"/embed/statement/{id}?lang={asked.elements.code}"),
            "oembed": url_for("/oembed", {"url": url_for(f"/{asked.elements.code}/statements/{id}"), "format": "json"}),
        },
        description=account(document, asked.elements),
        json=f"/v1/statements/{id}",
        links=formats(f"/v1/statements/{id}"),
        picture=f"/{asked.elements.code}/statements/{id}/card.png",
    )


def citation(record_type: str, stored: reading.Page, h: Elements) -> str:
    """How to cite a record in the reader's language, without the address at the end, which is that of the API.

    Of chains too long to be drawn it names a few agents.
    """
    selected = Selected.of(record_type, stored, [h.code], "")
    [document] = selected.documents
    if any(len(report["chain"]) > MOST_AGENTS for report in document.get("reports", ())):
        return account(document, h)
    [cited_record] = cited.citations(selected)
    return text.line(cited_record).removesuffix(cited_record.url).strip()


def related(document: Document) -> tuple[str, Listing]:
    """What else bears on a statement, and how: the same figure, the same text, the same occasion, or the same article."""
    how, filters = next(_relations(document))
    found = statements(filters, RELATED + 1)
    others = [each for each in found.documents if each["id"] != document["id"]][:RELATED]
    return how, Listing(others, total=found.total and found.total - 1, query=found.query)


def _relations(document: Document) -> Iterator[tuple[str, dict[str, Values]]]:
    for figure in document["figures"]:
        if figure["event"]:
            yield "figure", {"measure": (figure["measure"],), "event": (figure["event"]["id"],)}
    if document["communique"]:
        yield "communique", {"communique": (document["communique"]["id"],)}
    if document["event"]:
        yield "event", {"event": (document["event"]["id"],)}
    for event in document["about_events"]:
        yield "event", {"event": (event["id"],)}
    yield "article", {"article": (document["reports"][0]["article"]["id"],)}


def account(document: Document, h: Elements) -> str:
    """Who says that it was said, in one sentence: the speakers, and each agent of the first report by what they did."""
    plain = h.wording.plain
    speakers = h.t(" و", " and ").join(plain(item["speaker"]["name"]) for item in document["speakers"])
    others = [link for link in document["reports"][0]["chain"] if link["role"] != "spoke"][:MOST_TOLD]
    steps = [h.t(*DONE_BY[link["role"]]).format(plain(link["agent"]["name"])) for link in others]
    said = f"{speakers}{h.t('، ', ', ')}{h.wording.date(document['date'])}"
    return h.t("؛ ", "; ").join([said, *steps])


MOST_TOLD = 4  # agents of a chain that one sentence can carry

DONE_BY = {
    "spoke": ("على لسان {}", "spoken by {}"),
    "issued": ("صدر عن {}", "issued by {}"),
    "relayed": ("نقلًا عن {}", "relayed by {}"),
    "reported": ("بحسب تغطية {}", "reported by {}"),
    "published": ("نُشر في {}", "published by {}"),
}
"""What each role means in a sentence; in Arabic so that it agrees with agents of any gender."""
