"""The forms other than JSON in which records are sent: which there are, and which of them a request asks for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from flask import Response, request
from marshmallow import fields, validate

from api.citations import bibtex, cited, csl, ris, text
from api.errors import InvalidParameters, Issue
from api.feeds import atom, entries, json_feed
from api.http.media_types import ATOM, BIBTEX, CSL_JSON, JSON, JSON_FEED, LINKED_DATA, PLAIN_CITATION, RIS
from api.http.negotiation import preferred
from api.http.responses import address_with, finished, links_of, url_for
from api.linked_data import writing as linked_data
from api.queries.orders import LATEST_CHANGE
from api.queries.query import Query
from api.queries.reading import Page
from api.representations.selected import Selected


class Format(NamedTuple):
    """A form of records of the types in `expansions`, with the types of the records that must be known besides.

    A feed is a form of lists alone, in which what changed last comes first unless an order is given.
    """

    name: str
    media_type: str
    write: Callable[[Selected], bytes]
    expansions: Mapping[str, tuple[str, ...]]
    is_feed: bool = False


FORMATS = (
    Format("csl", CSL_JSON, csl.written, cited.EXPANSIONS),
    Format("bibtex", BIBTEX, bibtex.written, cited.EXPANSIONS),
    Format("ris", RIS, ris.written, cited.EXPANSIONS),
    Format("text", PLAIN_CITATION, text.written, cited.EXPANSIONS),
    Format("jsonld", LINKED_DATA, linked_data.written, linked_data.EXPANSIONS),
    Format("atom", ATOM, atom.written, entries.EXPANSIONS, is_feed=True),
    Format("jsonfeed", JSON_FEED, json_feed.written, entries.EXPANSIONS, is_feed=True),
)

_OF_PAGES = ("cursor", "limit", "format")
"""The parameters that do not decide which records a list holds."""

_OF_JSON = {"fields": None, "expand": None, "view": "full", "highlight": False, "total": None, "text": None}
"""The parameters that shape JSON, with the values that leave it as it is."""


@cache
def formats_of(record_type: str, of_lists: bool) -> tuple[Format, ...]:
    """The formats in which single records of a type or lists of them are sent."""
    return tuple(each for each in FORMATS if record_type in each.expansions and (of_lists or not each.is_feed))


def media_types_of(record_type: str, of_lists: bool) -> tuple[str, ...]:
    """The media types in which single records of a type or lists of them are sent, JSON first."""
    return (JSON, *(each.media_type for each in formats_of(record_type, of_lists)))


def format_parameter(record_type: str, of_lists: bool) -> dict[str, fields.Field[Any]]:
    """The parameter that chooses a format; none where there is only JSON."""
    names = [each.name for each in formats_of(record_type, of_lists)]
    if not names:
        return {}
    metadata = {"description": _DESCRIPTION, "example": names[0]}
    return {"format": fields.String(validate=validate.OneOf(names), metadata=metadata)}


_DESCRIPTION = (
    "Another form than JSON, which `Accept` can ask for too: citations (`csl`, `bibtex`, `ris`, `text`), linked data (`jsonld`); of lists also feeds"
    " (`atom`, `jsonfeed`), in which what changed last comes first unless `sort` is given."
)


def chosen(record_type: str, parameters: Mapping[str, Any], of_lists: bool = False) -> tuple[Format | None, Query]:
    """The format that a request asks for, None for JSON, and its query; raise InvalidParameters."""
    name = parameters.get("format") or preferred(_accepted(record_type, of_lists))
    wanted = next((each for each in formats_of(record_type, of_lists) if each.name == name), None)
    rest = {name: value for name, value in parameters.items() if name != "format"}
    query = Query.of(rest)
    if wanted is None:
        return None, query
    if issues := list(_misplaced(rest, wanted)):
        raise InvalidParameters(issues)
    query = replace(query, expand=wanted.expansions[record_type])
    return wanted, _followed(query) if wanted.is_feed else query


def _followed(query: Query) -> Query:
    """The query of a feed: what changed last comes first unless another order was given, and then removals are told.

    Whether the records that are gone were on this list can't be told. Whoever follows it does not know the others.
    """
    sort = query.sort if "sort" in request.args else LATEST_CHANGE
    return replace(query, sort=sort, removals=sort == LATEST_CHANGE and query.as_of is None)


@cache
def _accepted(record_type: str, of_lists: bool) -> Mapping[str, tuple[str, ...]]:
    return {"json": (JSON,), **{each.name: (each.media_type,) for each in formats_of(record_type, of_lists)}}


def _misplaced(parameters: Mapping[str, Any], wanted: Format) -> Iterator[Issue]:
    for name, value in parameters.items():
        if name in _OF_JSON and value != _OF_JSON[name]:
            yield Issue(f"Shapes JSON: leave it out, or do not ask for the format '{wanted.name}'.", parameter=name)


def written(wanted: Format, record_type: str, page: Page, query: Query, of_lists: bool = False) -> Response:
    """Records in a format that was chosen, with links to the pages around them, in the same format whatever is accepted."""
    selected = Selected.of(record_type, page, query.lang, url_for(""))
    links = links_of(page, format=wanted.name)
    if of_lists:
        around = {"self": address_with(format=wanted.name), **{name: link for name, link in links.items() if link}}
        whole = address_with(**dict.fromkeys(_OF_PAGES)).removesuffix("?")
        selected = selected._replace(list=whole, links=around)
    return finished(wanted.write(selected), content_type=wanted.media_type, links=links)
