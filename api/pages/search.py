"""Searching statements: by words and filters, with counts to narrow down by, page by page.

At most three SQL statements: the page, the counts, and either a look at ids that found nothing or names near to the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.documents.record_types import RECORD_TYPES
from api.errors import Issue
from api.http.media_types import ATOM
from api.http.responses import url_for
from api.names import suggestions
from api.pages.frame.elements import Elements, Texts
from api.pages.frame.entries import Listing, listing
from api.pages.frame.errors import in_words
from api.pages.frame.site import Content, PageQuery, Redirect, Request, page, sent, with_parameters
from api.queries import counting, named_ids, reading
from api.queries.query import Query
from api.search.highlighting import matches
from api.search.query import parse, wanted_words
from schemas.parameters.collections import Paged, sorted_by
from schemas.parameters.filters import NOT, StatementFilters
from schemas.parameters.values import MOST_VALUES
from schemas.records.vocabularies import Term, labels
from schemas.walking import walk

ON_A_PAGE = 20
FACETS = ("speaker", "act", "agreement", "relation", "topic", "place", "target", "event", "publisher", "mode", "year")
SHOWN, MOST_SHOWN = 6, 30  # values of a facet: at once, and when it is opened

NAMES = {
    "speaker": ("القائل", "Speaker"),
    "on_behalf_of": ("على لسان", "On behalf of"),
    "addressee": ("المخاطَب", "Addressee"),
    "target": ("المعنيّ بالقول", "About whom"),
    "act": ("فعل القول", "Act"),
    "agreement": ("الاتفاق", "Agreement"),
    "relation": ("الموقف من الاتفاق", "Stance on the agreement"),
    "provision": ("البند", "Provision"),
    "communique": ("النص الرسمي", "Official text"),
    "event": ("الحدث", "Event"),
    "place": ("المكان", "Place"),
    "topic": ("الموضوع", "Topic"),
    "article": ("المقال", "Article"),
    "publisher": ("الناشر", "Publisher"),
    "agent": ("الناقل", "Anyone in the chain"),
    "mode": ("طريقة النقل", "How it is rendered"),
    "first_hand": ("من المصدر مباشرة", "First hand"),
    "measure": ("ما يُحصى", "What is counted"),
    "claimant": ("صاحب الرقم", "Whose figure"),
    "party": ("الطرف المعدود", "Whose loss"),
    "link": ("صلته بتصريح آخر", "Link to another statement"),
    "since": ("منذ", "Since"),
    "until": ("حتى", "Until"),
    "reported_since": ("نُشر منذ", "Published since"),
    "reported_until": ("نُشر حتى", "Published until"),
    "date_match": ("التاريخ", "Date"),
    "updated_since": ("تغيّر منذ", "Updated since"),
    "content_changed_since": ("كُتب منذ", "Written since"),
    "year": ("السنة", "Year"),
}
"""What filters and facets are called, in Arabic and in English."""

NOT_FILTERS = ("q", "sort", "cursor", "digits")


class SearchQuery(StatementFilters, PageQuery):
    """The parameters of the search page."""

    cursor = Paged().fields["cursor"]
    sort = sorted_by("-date", "date", "relevance", searched="relevance")
    sorts_by_relevance = True


_FILTERS = SearchQuery().fields


@dataclass(frozen=True)
class Chosen:
    """A filter that holds: its name, the label of its value, and the parameters without it."""

    name: str
    value: str
    excluded: bool
    without: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """A value to narrow down by, and the address of the page that is narrowed down by it."""

    label: Texts
    count: int
    address: str


@page("/statements", SearchQuery)
def search(asked: Request) -> Content:
    """The statements that words and filters find."""
    query = Query.of({**asked.query, "limit": ON_A_PAGE, "total": "exact"})
    found, warnings = _read(query)
    documents = listing(found)
    counts = counting.facets(query, list(FACETS), MOST_SHOWN + MOST_VALUES) if _have_all_words(found) else {}
    near = []
    if not documents.documents and not warnings and query.q:
        near = suggestions.near_names(wanted_words(query.q), missing=None)
    names = _names(counts, documents)
    h = asked.elements
    feed = _feed(h)
    return Content(
        "search.html",
        _title(query, h),
        {
            "listing": documents,
            "warnings": warnings,
            "in_words": in_words,
            "near": near,
            "facets": list(_facets(counts, h)),
            "chosen": list(_chosen(names, h)),
            "query": asked.query,
            "sent": [(name, value) for name, value in sent() if name not in (*NOT_FILTERS, "since", "until", "act")],
            "acts": labels("acts"),
            "NAMES": NAMES,
            "marked": _marker(query, h),
            "around": {
                "next": with_parameters(cursor=found.next) if found.next else None,
                "previous": with_parameters(cursor=found.previous) if found.previous else None,
            },
            "search": found.search,
            "SHOWN": SHOWN,
            "feed": feed,
        },
        links=(atom(feed, h),),
        description=_title(query, h),
        json="/v1/statements" + _query_string(),
    )


def _read(query: Query) -> tuple[reading.Page, list[Issue]]:
    """The page, and warnings of ids that no record has; raise Redirect when a record was merged into another."""
    named = named_ids.of_query("statements", query)
    found = reading.page("statements", query)
    missing = named_ids.unknown(named) if named_ids.may_be_unknown(named, bool(found.documents)) else []
    successors = named_ids.successors(missing, None) if missing else {}
    if successors:
        by_id = {record_id: into for (_, record_id), into in successors.items()}
        raise Redirect([(name, by_id.get(value, value)) for name, value in sent()])
    return found, named_ids.issues_of(missing, successors)


def _have_all_words(found: reading.Page) -> bool:
    """Whether statements were found that have all the words: what has most of them is listed, but facets don't count it."""
    return bool(found.documents) and (found.search is None or found.search.matched != "most")


def _feed(h: Elements) -> str:
    """The address of a feed of what this search finds, as it will change."""
    return url_for("/v1/statements", [*with_parameters(cursor=None, sort=None), ("lang", h.code), ("format", "atom")])


def atom(address: str, h: Elements) -> dict[str, str]:
    """The link by which readers of feeds find one."""
    return {"rel": "alternate", "type": ATOM, "href": address, "title": h.t("تصريحات", "Statements")}


def _title(query: Query, h: Elements) -> str:
    if query.q:
        return h.t(f"بحث: {query.q}", f"Search: {query.q}")
    return h.t("التصريحات", "Statements")


def _query_string() -> str:
    """The query for programs: the same without what only pages take."""
    pairs = with_parameters(cursor=None)
    return f"?{urlencode(pairs)}" if pairs else ""


def _facets(counts: dict[str, counting.Counts], h: Elements) -> Iterator[tuple[str, list[Choice], counting.Counts]]:
    """For each facet the values that are not chosen already, as links that choose them."""
    chosen = set(sent())
    for facet, of_facet in counts.items():
        dropped: dict[str, None] = {"cursor": None} | ({"since": None, "until": None} if facet == "year" else {})
        others = h.url("/statements", with_parameters(**dropped))
        values = [each for each in of_facet.values if (facet, each.value) not in chosen][:MOST_SHOWN]
        yield facet, [_choice(facet, each, f"{others}{'&' if '?' in others else '?'}") for each in values], of_facet


def _choice(facet: str, counted: counting.Count, beginning: str) -> Choice:
    """The choice of a value; those of facets are ids, terms and years, which need no encoding."""
    value = counted.value
    query = f"since={value}&until={value}" if facet == "year" else f"{facet}={value}"
    return Choice(counted.name or {"und": value}, counted.count, beginning + query)


def _names(counts: dict[str, counting.Counts], documents: Listing) -> dict[str, Texts]:
    """The names of records by their ids, as far as what was read has them."""
    names: dict[str, Texts] = {
        each.value: each.name for of_facet in counts.values() for each in of_facet.values if each.name
    }
    for document in documents.documents[:1]:
        for visit in walk(RECORD_TYPES["statements"].schema, document, owned=True):
            if isinstance(visit.value, dict) and "id" in visit.value and "name" in visit.value:
                names.setdefault(visit.value["id"], visit.value["name"])
    return names


def _chosen(names: dict[str, Texts], h: Elements) -> Iterator[Chosen]:
    """The filters that hold, each with its value as people call it."""
    pairs = [(name, value) for name, value in sent() if name not in ("cursor", "digits")]
    for position, (name, value) in enumerate(pairs):
        if name in NOT_FILTERS:
            continue
        field: Any = _FILTERS[name]
        inner = getattr(field, "inner", field)
        label = value
        if isinstance(inner, Term) and value in labels(inner.vocabulary):
            label = h.term(inner.vocabulary, value)
        elif value in names:
            label = h.wording.plain(names[value])
        elif value in _WORDS:
            label = h.t(*_WORDS[value])
        elif name in ("since", "until", "reported_since", "reported_until"):
            label = h.wording.date(value)
        without = pairs[:position] + pairs[position + 1 :]
        yield Chosen(h.t(*NAMES[name.removeprefix(NOT)]), label, name.startswith(NOT), without)


_WORDS = {"true": ("نعم", "yes"), "false": ("لا", "no"), "none": ("بلا", "none"), "certain": ("مؤكد", "certain")}


def _marker(query: Query, h: Elements) -> Any:
    """A function that marks in a text what was searched for; None where there are no words to search for."""
    if query.q is None:
        return None
    searched = parse(query.q)

    def marked(text: str) -> Any:
        return h.marked(text, matches(searched, text))

    return marked
