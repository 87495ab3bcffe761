"""The reads that every record type has, given the validated parameters: a record, and a page of a collection."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, replace
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from flask import Response, current_app
from marshmallow import Schema

from api.changelog.feed import require_reached
from api.changelog.tombstones import why_missing
from api.coverage import summarising
from api.documents.record_types import RECORD_TYPES, Document
from api.errors import InvalidParameters, Issue, NoSuchRecord
from api.history import point_in_time
from api.history.rebuilding import Rebuildings
from api.http.responses import address_with, finished, memento, of_item, of_page, url_for
from api.names import suggestions
from api.queries import named_ids, reading
from api.queries.layers import current_layers, depends_on_rendering
from api.queries.query import Query
from api.representations.shapes import add_strings, choose_language
from api.routes import formats
from api.routes.formats import Format
from api.search.query import corrected, wanted_words
from api.search.text import words
from schemas.fields import Reference
from schemas.parameters.shapes import DATES, TERMS
from schemas.walking import walk

Parameters = Mapping[str, Any]
Made = TypeVar("Made")


def get_record(record_type: str, parameters: Parameters, id: str) -> Response:
    """One record, as stored unless it is to be expanded or cut down."""
    wanted, query = formats.chosen(record_type, parameters)
    if query.as_of is not None:
        return _past_record(record_type, id, query, query.as_of, wanted)
    if wanted is not None:
        return formats.written(wanted, record_type, reading.expanded_item(record_type, id, query.expand), query)
    if set(query.expand) - {DATES}:
        return finished(of_item(record_type, reading.expanded_item(record_type, id, query.expand), query))
    item = reading.item(record_type, id)
    if query.is_shaped:
        return finished(of_item(record_type, reading.Page([item.document], [item.etag]), query))
    return finished(item.document, item.etag)


def _past_record(record_type: str, record_id: str, query: Query, moment: str, wanted: Format | None) -> Response:
    """One record as it was at a moment, expanded into records as they were then."""
    require_reached(moment)
    past = point_in_time.item(record_type, record_id, moment)
    if not query.is_shaped:
        return memento(past.document, past.etag, past.since, record_type, record_id)
    expanded = {"speakers" if name == TERMS else name for name in query.expand if name != DATES}
    found = {
        name: point_in_time.items(name, ids, moment)
        for name, ids in _references(record_type, past.document, expanded).items()
    }
    page = reading.Page(
        [past.document], [past.etag], expansions={name: found[name] for name in query.expand if name in found}
    )
    if wanted is not None:
        return formats.written(wanted, record_type, page, query)
    if TERMS in query.expand:
        page.kinds = {speaker: orjson.loads(body)["kind"] for speaker, body in found["speakers"].items()}
    return memento(of_item(record_type, page, query), None, past.since, record_type, record_id)


def _references(record_type: str, document: bytes, expand: Iterable[str]) -> dict[str, set[str]]:
    """The ids of the records of some types to which a document refers."""
    ids = {name: set[str]() for name in expand}
    for visit in walk(RECORD_TYPES[record_type].schema, orjson.loads(document), owned=True):
        if isinstance(visit.field, Reference) and visit.field.record_type in ids:
            ids[visit.field.record_type].add(visit.value["id"])
    return ids


def list_records(record_type: str, parameters: Parameters, owner: tuple[str, str] | None = None) -> Response:
    """One page of a record type's records; raise NoSuchRecord when the owner of a sub-collection does not exist."""
    wanted, query = formats.chosen(record_type, parameters, of_lists=True)
    try:
        page, warnings = with_known_ids(
            record_type,
            query,
            lambda known: reading.page(record_type, known, owner),
            lambda page: bool(page.documents),
            in_layers_of,
        )
        if wanted is not None:
            if warnings:  # for which these formats have no place
                raise InvalidParameters(warnings)
            return formats.written(wanted, record_type, page, query, of_lists=True)
        with in_layers_of(query):
            coverage = _about_coverage(record_type, page, query)
            with _with_names_of_then(query):
                return of_page(record_type, page, query, _about_search(page, query) | coverage, warnings)
    except NoSuchRecord:
        if owner is None or query.as_of is None:
            raise
        raise why_missing(*owner, query.as_of) from None


def _with_names_of_then(query: Query) -> AbstractContextManager[None]:
    """Look up the names of the moment that a query asks about, if it looks up any."""
    layers = current_layers()
    return _NOW if layers is None or query.q is None else layers.entered()


def _about_coverage(record_type: str, page: reading.Page, query: Query) -> dict[str, Any]:
    """For an empty list of statements: how much was read of what its filters are about, so that silence is not taken for absence."""
    if record_type != "statements" or page.documents or query.cursor is not None:
        return {}
    asked = summarising.question_of(query)
    return {"coverage": {**asdict(summarising.summary(asked)), "href": _details(asked)}}


def _details(asked: Query) -> str:
    """The address of what was read in detail."""
    named = [(name, str(value)) for name in sorted(asked.filters) for value in asked.values(name)]
    if "article" in asked.filters:
        return url_for("/v1/readings", [pair for pair in named if pair[0] == "article"])
    days = [(name, value) for name in ("since", "until") if (value := getattr(asked, name))]
    return url_for("/v1/coverage", [*named, *days])


def list_statements_of(record_type: str, parameter: str, parameters: Parameters, id: str) -> Response:
    """One page of the statements that a filter finds for a record; raise NoSuchRecord."""
    return list_records("statements", {**parameters, parameter: [id]}, owner=(record_type, id))


def _about_search(page: reading.Page, query: Query) -> dict[str, Any]:
    """How the words of a query were understood; and names near to them when nothing, or not every word, was found."""
    if page.search is None:
        return {}
    about: dict[str, Any] = {"search": page.search}  # orjson writes its fields in order
    if query.cursor is None and (page.search.missing or not page.documents):
        missing = {each for word in page.search.missing for each in words(word)} if page.documents else None
        near = suggestions.near_names(wanted_words(query.q or ""), missing=missing)
        if near or not page.documents:
            about["did_you_mean"] = [_with_link(name, query) for name in near]
    return about


def _with_link(name: suggestions.NearName, query: Query) -> dict[str, Any]:
    """A near name, and the address of the page that a query with it gives."""
    q = " ".join([*query.written.values(), corrected(query.q or "", name.meant, name.text)])
    shown = {"text": name.text, "type": name.type, "id": name.id, "name": name.name}
    return {**shown, "href": address_with(q=quote(q, safe=""))}


def with_known_ids(
    record_type: str,
    query: Query,
    read: Callable[[Query], Made],
    is_found: Callable[[Made], bool],
    at: Callable[[Query], AbstractContextManager[None]],
) -> tuple[Made, list[Issue]]:
    """What `read` gives for a query, `at` its moment, and warnings of ids in its filters that no record has.

    The id of a merged record stands for the record that it was merged into. Ids are looked up only when what was read
    leaves it open whether they are known.
    """
    named = named_ids.of_query(record_type, query)
    with at(query):
        made = read(query)
        is_open = named_ids.may_be_unknown(named, is_found(made))
        missing = named_ids.unknown(named) if is_open else []
    successors = named_ids.successors(missing, query.as_of) if missing else {}
    if successors:
        with at(query):
            made = read(replace(query, successors=successors))
    return made, named_ids.issues_of(missing, successors)


def list_entries(
    record_type: str,
    parameters: Parameters,
    read: Callable[[Query, Callable[[Document], Document]], reading.Page],
    schema: Schema,
) -> Response:
    """A page of entries that are worked out from records, such as figures. `read` gets the function that finishes each entry.

    `record_type` is that of the records whose filters the parameters are.
    """
    query = Query.of(parameters)

    def finish(document: Document) -> Document:
        if query.lang:
            choose_language(schema, document, query.lang)
        if query.text:
            add_strings(schema, document, query.lang)
        return document

    page, warnings = with_known_ids(
        record_type, query, lambda known: read(known, finish), lambda page: bool(page.documents), at_moment_of
    )
    return of_page(record_type, page, replace(query, lang=(), text=None), warnings=warnings)


def at_moment_of(query: Query) -> AbstractContextManager[None]:
    """Read what the service said at the moment that a query asks about; without one, what it says now."""
    return _NOW if query.as_of is None else _at(query.as_of)


_NOW = nullcontext()


@contextmanager
def _at(moment: str) -> Iterator[None]:
    require_reached(moment)
    rebuildings: Rebuildings = current_app.extensions["rebuildings"]
    with rebuildings.at(moment):
        yield


def in_layers_of(query: Query) -> AbstractContextManager[None]:
    """The same for reads that know of layers (`api.queries.layers`): only the records that have changed since are rebuilt."""
    return _NOW if query.as_of is None else _in_layers(query.as_of, depends_on_rendering(query))


@contextmanager
def _in_layers(moment: str, whole: bool) -> Iterator[None]:
    require_reached(moment)
    rebuildings: Rebuildings = current_app.extensions["rebuildings"]
    with rebuildings.in_layers(moment, whole):
        yield
