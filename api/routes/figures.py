"""Figures as data: listed, counted, and held against each other."""

from typing import Any

from flask import Response

from api.figures import conflicts, counting, reading
from api.http.operations import Operation, Tag
from api.routes.reads import at_moment_of, list_entries
from api.routes.statements import facet_limit, faceted
from schemas.answers.figures import (
    ClaimedFigureSchema,
    FigureConflictPageSchema,
    FigureConflictSchema,
    FigureFacetsSchema,
    FigureFilters,
    FigurePageSchema,
)
from schemas.parameters.collections import Listed
from schemas.parameters.shapes import as_of, lang, text
from schemas.parameters.values import some_of

TAG = Tag("figures", "The numbers that statements put forward, each with its claimant.")


class FiguresQuery(Listed, FigureFilters):
    """The parameters of lists of figures."""


class FigureFacetsQuery(FigureFilters):
    """The parameters of counts of figures."""

    as_of = as_of()
    lang = lang()
    text = text()
    facet = some_of(list(counting.FACETS), "What to count by; everything unless given.", ["measure", "claimant"])
    facet_limit = facet_limit()


def list_figures(query: dict[str, Any]) -> Response:
    """List figures: the numbers that statements put forward.

    Those of the latest statements first. `measure`, `unit`, `claimant`, `party`, `event` and `period` hold for the figure itself, the
    other filters of `GET /v1/statements` for its statement. Nobody's number is a fact: each has its claimant.
    """
    return list_entries("statements", query, reading.page, ClaimedFigureSchema())


def list_figure_conflicts(query: dict[str, Any]) -> Response:
    """List figures that can't both hold.

    The same measure, unit and party; the same event or, unless both name one, periods that overlap; and values that exclude each other,
    given their bounds: an approximate value may be a tenth off. Passing on another's figure is no claim of one's own. The filters
    find conflicts of which some figure matches. Claims that differ may both be right, counting otherwise; no verdict is given.
    """
    return list_entries("statements", query, conflicts.page, FigureConflictSchema())


def count_figures(query: dict[str, Any]) -> Response:
    """Count figures by measure, unit, bound, claimant, party, event and year.

    Takes the filters of `GET /v1/figures`.
    """
    return faceted(query, counting.FACETS, counting.facets, at_moment_of)


_ARMENIA = {"id": "armenia", "name": {"ar": "أرمينيا", "en": "Armenia"}}
_FIGURE = {
    "measure": "soldiers-killed",
    "value": 105,
    "unit": "people",
    "bound": "exact",
    "claimant": _ARMENIA,
    "party": _ARMENIA,
    "period": None,
    "event": {
        "id": "september-2022-border-clashes",
        "name": {"en": "Armenia-Azerbaijan border clashes, September 2022"},
    },
    "passed_on": False,
    "first_hand": False,
    "statement": {"id": "armenia-reports-its-casualties-2022-09", "name": {"en": "Armenia gave its casualties."}},
    "date": "2022-09-13/2022-09-15",
    "speakers": [_ARMENIA],
    "reports": [
        {
            "article": {
                "id": "security-council-south-caucasus-2022",
                "name": {
                    "ar": "جلسة مجلس الأمن الطارئة حول جنوب القوقاز، 15 سبتمبر 2022",
                    "en": "The Security Council's emergency session on the South Caucasus, 15 September 2022",
                },
            },
            "mode": "indirect",
        }
    ],
}
_PAGE = {"limit": 20, "next": None, "prev": None}
_SIDE = {"claimant": _ARMENIA, "value": 105, "bound": "exact", "first_hand": False, "figures": []}
_CONFLICT = {
    "measure": "soldiers-killed",
    "unit": "people",
    "party": _ARMENIA,
    "compared_by": "event",
    "same_claimant": False,
    "sides": [_SIDE, {**_SIDE, "claimant": {"id": "azerbaijan", "name": {"en": "Azerbaijan"}}, "value": 100}],
}
_COUNT = {"value": "soldiers-killed", "name": {"ar": "عسكريون قتلى", "en": "Soldiers killed"}, "count": 6}
_COUNTS = [{"facet": "measure", "values": [_COUNT], "more": 5, "missing": 0}]


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/figures",
        view=list_figures,
        tag=TAG,
        query=FiguresQuery(),
        answer=FigurePageSchema,
        example={"data": [_FIGURE], "page": _PAGE},
    ),
    Operation(
        method="GET",
        rule="/v1/figures/facets",
        view=count_figures,
        tag=TAG,
        query=FigureFacetsQuery(),
        answer=FigureFacetsSchema,
        example={"data": _COUNTS},
    ),
    Operation(
        method="GET",
        rule="/v1/figures/conflicts",
        view=list_figure_conflicts,
        tag=TAG,
        query=FiguresQuery(),
        answer=FigureConflictPageSchema,
        example={"data": [_CONFLICT], "page": _PAGE},
    ),
)
