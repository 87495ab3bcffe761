"""Figures side by side: what was counted, who puts which number forward, and which numbers can't both hold.

Never a verdict: numbers that differ may both be right, of other days or by another way of counting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from markupsafe import Markup

from api.figures import conflicts, reading
from api.pages.frame.drawings import Stretch, strip
from api.pages.frame.elements import Elements
from api.pages.frame.site import Content, PageQuery, Request, page, with_parameters
from api.queries.query import Query
from schemas.answers.figures import FigureFilters
from schemas.parameters.collections import LARGEST_LIMIT, Paged
from schemas.records.vocabularies import labels

Document = dict[str, Any]

MOST_CONFLICTS = 50  # subjects of which claims exclude each other


class FiguresQuery(FigureFilters, PageQuery):
    """Which figures: the filters of `/v1/figures`."""

    class Meta(FigureFilters.Meta):
        pass

    cursor = Paged().fields["cursor"]


class Subject(NamedTuple):
    """What is counted: the measure, in which unit, of whom, and when."""

    measure: str
    unit: str
    party: str | None
    event: str | None


@dataclass
class Claim:
    """A number that somebody puts forward, and the figures in statements in which they do, or others pass it on."""

    claimant: Document
    value: float
    bound: str
    period: str | None
    figures: list[Document] = field(default_factory=list)
    drawing: Markup = field(default_factory=Markup)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from other claims of the same measure and unit."""
        event, party = self.figures[0]["event"], self.figures[0]["party"]
        return self.claimant["id"], self.value, self.bound, self.period, event and event["id"], party and party["id"]


@dataclass
class Group:
    """The claims about one subject."""

    measure: str
    unit: str
    party: Document | None
    event: Document | None
    claims: list[Claim] = field(default_factory=list)


@page("/figures", FiguresQuery)
def figures(asked: Request) -> Content:
    """Figures by what they count, those that can't both hold first."""
    h = asked.elements
    query = Query.of({**asked.query, "limit": LARGEST_LIMIT})
    found = reading.page(query, _as_it_is)
    excluding = [] if query.cursor else conflicts.page(_conflicts_of(asked), _as_it_is).documents
    differing = [of_conflict(orjson.loads(each)) for each in excluding]
    shown = {(group.measure, group.unit, claim.key) for group in differing for claim in group.claims}
    groups = [
        group
        for group in grouped([orjson.loads(each) for each in found.documents])
        if not shown.issuperset((group.measure, group.unit, claim.key) for claim in group.claims)
    ]
    pairs = with_parameters(cursor=None)
    return Content(
        "figures.html",
        h.t("الأرقام ومن يقولها", "Figures, and who puts them forward"),
        {
            "conflicts": [_drawn(group, h) for group in differing],
            "groups": [_drawn(group, h) for group in groups],
            "following": with_parameters(cursor=found.next) if found.next else None,
            "measures": labels("measures"),
            "query": asked.query,
            "others": [pair for pair in pairs if pair[0] != "measure"],
            "is_filtered": bool(pairs),
        },
        description=h.t(
            "كل رقم هنا قول قاله أحد: من قاله، وعن أي طرف، وأين تختلف الأرقام.",
            "Each number here is somebody's claim: whose, about whom, and where numbers differ.",
        ),
        json="/v1/figures" + (f"?{urlencode(pairs)}" if pairs else ""),
    )


def _as_it_is(document: Document) -> Document:
    return document


def _conflicts_of(asked: Request) -> Query:
    return Query.of({**asked.query, "limit": MOST_CONFLICTS})


def of_conflict(conflict: Document) -> Group:
    """The claims of a conflict."""
    claims = [
        Claim(side["claimant"], side["value"], side["bound"], side["figures"][0]["period"], side["figures"])
        for side in conflict["sides"]
    ]
    event = conflict["sides"][0]["figures"][0]["event"] if conflict["compared_by"] == "event" else None
    return Group(conflict["measure"], conflict["unit"], conflict["party"], event, claims)


def grouped(documents: Sequence[Document]) -> list[Group]:
    """Figures by their subject, and within it by claimant and value; the subjects with most claims first."""
    groups: dict[Subject, Group] = {}
    claims: dict[tuple[Any, ...], Claim] = {}
    for figure in documents:
        party, event = figure["party"], figure["event"]
        subject = Subject(figure["measure"], figure["unit"], party and party["id"], event and event["id"])
        group = groups.setdefault(subject, Group(figure["measure"], figure["unit"], party, event))
        key = (subject, figure["claimant"]["id"], figure["value"], figure["bound"], figure["period"])
        if key not in claims:
            claims[key] = Claim(figure["claimant"], figure["value"], figure["bound"], figure["period"])
            group.claims.append(claims[key])
        claims[key].figures.append(figure)
    return sorted(groups.values(), key=lambda group: -len(group.claims))


def _drawn(group: Group, h: Elements) -> Group:
    """The same with the size of each claim drawn, the greatest first."""
    group.claims.sort(key=lambda claim: -claim.value)
    highest = group.claims[0].value or 1
    for claim in group.claims:
        claim.drawing = strip([Stretch(0, 100 * claim.value / highest)], h)
    return group
