"""The forms other than JSON in which records are sent: which there are, and which of them a request asks for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Response
from marshmallow import fields, validate

from api.citations import bibtex, cited, csl, ris, text
from api.errors import InvalidParameters, Issue
from api.http.media_types import BIBTEX, CSL_JSON, JSON, PLAIN_CITATION, RIS
from api.http.negotiation import preferred
from api.http.responses import finished, links_of, url_for
from api.queries.query import Query
from api.queries.reading import Page
from api.representations.selected import Selected


class Format(NamedTuple):
    """A form of records of the types in `expansions`, with the types of the records that must be known besides."""

    name: str
    media_type: str
    write: Callable[[Selected], bytes]
    expansions: Mapping[str, tuple[str, ...]]


CITATIONS = (
    Format("csl", CSL_JSON, csl.written, cited.EXPANSIONS),
    Format("bibtex", BIBTEX, bibtex.written, cited.EXPANSIONS),
    Format("ris", RIS, ris.written, cited.EXPANSIONS),
    Format("text", PLAIN_CITATION, text.written, cited.EXPANSIONS),
)

_OF_JSON = {"fields": None, "expand": None, "view": "full", "highlight": False, "total": None}
"""The parameters that shape JSON, with the values that leave it as it is."""


def formats_of(record_type: str) -> tuple[Format, ...]:
    """The formats in which records of a type are sent."""
    return tuple(each for each in CITATIONS if record_type in each.expansions)


def media_types_of(record_type: str) -> tuple[str, ...]:
    """The media types in which records of a type are sent, JSON first."""
    return (JSON, *(each.media_type for each in formats_of(record_type)))


def format_parameter(record_type: str) -> dict[str, fields.Field[Any]]:
    """The parameter that chooses a format; none where there is only JSON."""
    names = [each.name for each in formats_of(record_type)]
    if not names:
        return {}
    description = "Another form than JSON, which `Accept` can ask for too. `csl` (CSL-JSON), `bibtex`, `ris` and `text` cite the records."
    field = fields.String(validate=validate.OneOf(names), metadata={"description": description, "example": names[0]})
    return {"format": field}


def chosen(record_type: str, parameters: Mapping[str, Any]) -> tuple[Format | None, Query]:
    """The format that a request asks for, None for JSON, and its query; raise InvalidParameters."""
    known = {each.name: each for each in formats_of(record_type)}
    rest = {name: value for name, value in parameters.items() if name != "format"}
    accepted = {"json": (JSON,), **{each.name: (each.media_type,) for each in known.values()}}
    wanted = known.get(parameters.get("format") or preferred(accepted))
    query = Query.of(rest)
    if wanted is None:
        return None, query
    if issues := list(_misplaced(rest, wanted)):
        raise InvalidParameters(issues)
    return wanted, replace(query, expand=wanted.expansions[record_type])


def _misplaced(parameters: Mapping[str, Any], wanted: Format) -> Iterator[Issue]:
    for name, value in parameters.items():
        if name in _OF_JSON and value != _OF_JSON[name]:
            yield Issue(f"Shapes JSON: leave it out, or do not ask for the format '{wanted.name}'.", parameter=name)


def written(wanted: Format, record_type: str, page: Page, query: Query) -> Response:
    """Records in a format that was chosen, with links to the pages around them."""
    selected = Selected.of(record_type, page, query.lang, url_for(""))
    return finished(wanted.write(selected), content_type=wanted.media_type, links=links_of(page))
