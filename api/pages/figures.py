"""Figures side by side: what was counted, who puts which number forward, and where the numbers do not agree.

Never a verdict: numbers that differ may both be right, of other days or by another way of counting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup
from marshmallow import fields

from api.pages.frame.drawings import Stretch, strip
from api.pages.frame.elements import Elements
from api.pages.frame.site import Content, PageQuery, Request, page, with_parameters
from api.queries import reading
from api.queries.query import Query
from schemas.parameters import LARGEST_LIMIT, Paged, StatementFilters
from schemas.vocabularies import labels, term_ids

Document = dict[str, Any]

_FILTERS = StatementFilters().fields


class FiguresQuery(PageQuery):
    """Which figures: filters combine."""

    measure: fields.Field[Any] = _FILTERS["measure"]
    event: fields.Field[Any] = _FILTERS["event"]
    claimant: fields.Field[Any] = _FILTERS["claimant"]
    party: fields.Field[Any] = _FILTERS["party"]
    cursor = Paged().fields["cursor"]


class Subject(NamedTuple):
    """What is counted: the measure, in which unit, of whom, and when."""

    measure: str
    unit: str
    party: str | None
    event: str | None


@dataclass
class Claim:
    """A number that somebody puts forward, and the statements in which they do."""

    figure: Document
    statements: list[Document] = field(default_factory=list)
    drawing: Markup = field(default_factory=Markup)

    def is_own(self, statement: Document) -> bool:
        """Whether the claimant makes a statement; somebody else who does only passes the number on."""
        claimant = self.figure["claimant"]["id"]
        return any(item["speaker"]["id"] == claimant for item in statement["speakers"])


@dataclass
class Group:
    """The claims about one subject."""

    subject: Subject
    party: Document | None
    event: Document | None
    claims: list[Claim]

    @property
    def differs(self) -> bool:
        """Whether no value suits all claims."""
        return _lowest(self.claims) > _highest(self.claims)


def _lowest(claims: Sequence[Claim]) -> float:
    """The least value that suits all claims that set a lower bound."""
    return max(
        (claim.figure["value"] for claim in claims if claim.figure["bound"] not in ("less-than", "approximate")),
        default=0,
    )


def _highest(claims: Sequence[Claim]) -> float:
    """The greatest value that suits all claims that set an upper bound."""
    bounded = [claim.figure["value"] for claim in claims if claim.figure["bound"] in ("exact", "less-than")]
    return min(bounded, default=float("inf"))


@page("/figures", FiguresQuery)
def figures(asked: Request) -> Content:
    """Figures by what they count, those that differ first."""
    h = asked.elements
    query = Query.of({"measure": term_ids("measures"), **asked.query, "sort": "-date", "limit": LARGEST_LIMIT})
    found = reading.page("statements", query)
    groups = grouped([orjson.loads(each) for each in found.documents], asked.query, h)
    return Content(
        "figures.html",
        h.t("الأرقام ومن يقولها", "Figures, and who puts them forward"),
        {
            "groups": sorted(groups, key=lambda group: (not group.differs, -len(group.claims))),
            "following": with_parameters(cursor=found.next) if found.next else None,
            "measures": labels("measures"),
            "query": asked.query,
            "sent": [pair for pair in with_parameters(cursor=None) if pair[0] != "measure"],
            "is_filtered": bool(set(asked.query) - {"cursor"}),
        },
        description=h.t(
            "كل رقم هنا قول قاله أحد: من قاله، وعن أي طرف، وأين تختلف الأرقام.",
            "Each number here is somebody's claim: whose, about whom, and where numbers differ.",
        ),
        json="/v1/statements?measure=" + "&measure=".join(query.filters["measure"]),  # type: ignore[arg-type]
    )


def grouped(documents: Sequence[Document], wanted: Any, h: Elements) -> list[Group]:
    """The figures of statements by their subject, and within it by claimant and value."""
    groups: dict[Subject, Group] = {}
    claims: dict[tuple[Any, ...], Claim] = {}
    for document in documents:
        for figure in document["figures"]:
            if not _is_wanted(figure, wanted):
                continue
            party, event = figure["party"], figure["event"]
            subject = Subject(figure["measure"], figure["unit"], party and party["id"], event and event["id"])
            group = groups.setdefault(subject, Group(subject, party, event, []))
            key = (subject, figure["claimant"]["id"], figure["value"], figure["bound"], figure["period"])
            if key not in claims:
                claims[key] = Claim(figure)
                group.claims.append(claims[key])
            claims[key].statements.append(document)
    for group in groups.values():
        _draw(group, h)
    return list(groups.values())


def _is_wanted(figure: Document, wanted: Any) -> bool:
    """Whether a figure, and not only another one of its statement, is what the filters ask for."""
    values = {
        "measure": figure["measure"],
        "claimant": figure["claimant"]["id"],
        "party": figure["party"] and figure["party"]["id"],
    }
    return all(
        value in wanted.get(name, ()) or (value is None and wanted.get(name) == [])
        for name, value in values.items()
        if name in wanted
    )


def _draw(group: Group, h: Elements) -> None:
    group.claims.sort(key=lambda claim: -claim.figure["value"])
    highest = max(claim.figure["value"] for claim in group.claims) or 1
    for claim in group.claims:
        claim.drawing = strip([Stretch(0, 100 * claim.figure["value"] / highest)], h)
