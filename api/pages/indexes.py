"""Lists of speakers, agreements, events, places, articles and official texts: by name or kind, page by page."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from marshmallow import fields

from api.names import suggestions
from api.pages.frame.entries import listing
from api.pages.frame.site import Content, PageQuery, Request, page, with_parameters
from api.queries import reading
from api.queries.query import Query
from api.search.query import wanted_words
from schemas.answers.suggestions import NAMED
from schemas.parameters.collections import Paged, Searched
from schemas.parameters.filters import (
    AgreementFilters,
    ArticleFilters,
    CommuniqueFilters,
    EventFilters,
    PlaceFilters,
    SpeakerFilters,
)
from schemas.records.vocabularies import labels

ON_A_PAGE = 50

TITLES = {
    "speakers": ("القائلون", "Speakers"),
    "agreements": ("الاتفاقات", "Agreements"),
    "events": ("الأحداث", "Events"),
    "places": ("الأماكن", "Places"),
    "articles": ("المقالات", "Articles"),
    "communiques": ("النصوص الرسمية", "Official texts"),
}
FILTERS: dict[str, tuple[type[Searched], str, str | None]] = {
    "speakers": (SpeakerFilters, "id", "speaker-kinds"),
    "agreements": (AgreementFilters, "-date", "agreement-kinds"),
    "events": (EventFilters, "-date", "event-kinds"),
    "places": (PlaceFilters, "id", "place-kinds"),
    "articles": (ArticleFilters, "-date", None),
    "communiques": (CommuniqueFilters, "-date", "communique-kinds"),
}
"""For each list its filters, its order, and the vocabulary of the kinds to choose from."""


def index(record_type: str, asked: Request) -> Content:
    """The records of a type."""
    _, order, kinds = FILTERS[record_type]
    query = Query.of({**asked.query, "sort": order, "limit": ON_A_PAGE, "total": "exact"})
    found = reading.page(record_type, query)
    near: list[Any] = []
    if not found.documents and query.q and record_type in NAMED:
        near = suggestions.near_names(wanted_words(query.q), [record_type])
    pairs = with_parameters(cursor=None)
    return Content(
        "index.html",
        asked.elements.t(*TITLES[record_type]),
        {
            "record_type": record_type,
            "listing": listing(found),
            "kinds": labels(kinds) if kinds else {},
            "vocabulary": kinds,
            "query": asked.query,
            "near": near,
            "around": {
                "next": with_parameters(cursor=found.next) if found.next else None,
                "previous": with_parameters(cursor=found.previous) if found.previous else None,
            },
        },
        json=f"/v1/{record_type}" + (f"?{urlencode(pairs)}" if pairs else ""),
    )


def _query(filters: type[Searched]) -> type[PageQuery]:
    cursor: fields.Field[Any] = Paged().fields["cursor"]
    return type("IndexQuery", (filters, PageQuery), {"cursor": cursor})


for _record_type, (_filters, *_) in FILTERS.items():
    page(f"/{_record_type}", _query(_filters))(partial(index, _record_type))
