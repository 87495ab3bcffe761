"""Finished bytes on their way out: conditional requests, links, compression.

HTTP is that of RFC 9110 (semantics), RFC 9111 (caching) and RFC 8288 (links).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

import orjson
from flask import Request, Response, current_app, request
from flask.globals import request_ctx
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from api.documents.record_types import RECORD_TYPES
from api.errors import Issue, MergedAway
from api.http.addresses import host_of
from api.http.cors import OPEN
from api.http.media_types import HTML, JSON, JSON_LD
from api.http.preconditions import client_has
from api.http.request_notes import AT_LEAST, FOR_BROWSER
from api.queries.query import Query
from api.queries.reading import Page
from api.records.rendering import etag
from api.representations import browser_pages, compression
from api.representations.shapes import represented

VARY = f"{compression.VARY}, {AT_LEAST}"
"""The headers of a request on which its answer depends; the last keeps caches from giving an older state than it requires."""


class Finished(Response):
    """A response whose headers are complete, so that there is nothing left to be worked out about them."""

    automatically_set_content_length = False
    is_open = True
    """Whether it has the headers that open every answer to browsers."""

    @classmethod
    def of(cls, body: bytes, status: int, headers: Iterable[tuple[str, str]]) -> "Finished":
        """A response with these headers and those of every answer, taken over at once instead of one by one."""
        complete = Headers()
        complete[:] = (*headers, *OPEN)
        return cls(body, status, complete)

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Give the headers as they are."""
        return self.headers


def finished(
    body: bytes, tag: str | None = None, content_type: str = JSON, links: Mapping[str, str | None] | None = None
) -> Response:
    """A response with its validators; 304 without a body when the client already has it.

    A browser that a view was called for (`FOR_BROWSER`) gets a page that shows the body, with a tag of its own.
    """
    more: list[tuple[str, str]] = []
    environ = request.environ
    if environ.get(FOR_BROWSER) and content_type in (JSON, JSON_LD):
        body, tag, content_type = _page_of(body), None, HTML
        more.append(("Content-Security-Policy", browser_pages.POLICY))
    tag = tag or etag(body)
    is_compressed = compression.is_worthwhile(len(body), content_type) and compression.is_accepted(
        environ.get("HTTP_ACCEPT_ENCODING")
    )
    if is_compressed:
        tag = compression.compressed_tag(tag)
    headers = [("ETag", tag), ("Cache-Control", current_app.config["CACHE_CONTROL"]), ("Vary", VARY), *more]
    if present := [f'<{url}>; rel="{relation}"' for relation, url in (links or {}).items() if url]:
        headers.append(("Link", ", ".join(present)))
    if client_has(environ.get("HTTP_IF_NONE_MATCH"), tag):
        response = Finished.of(b"", 304, headers)
        del response.headers["Content-Type"]
        return response
    if is_compressed:
        body = compression.compressed(body)
        headers.append(("Content-Encoding", "gzip"))
    headers = [("Content-Type", content_type), *headers, ("Content-Length", str(len(body)))]
    return Finished.of(body, 200, headers)


def _page_of(body: bytes) -> bytes:
    """The page that shows a body of JSON at the address of this request."""
    return browser_pages.page_of(request.full_path.removesuffix("?"), body, url_for("/"), url_for("/docs"))


def memento(body: bytes, tag: str | None, since: str, record_type: str, record_id: str, **more: str | None) -> Response:
    """A record as it was, with the headers of RFC 7089 and links to its history (RFC 5829); `since` is when that became so.

    `more` are further links by relation.
    """
    here = url_for(f"/v1/{record_type}/{record_id}")
    links = {"original latest-version": here, "timemap version-history": f"{here}/history", **more}
    response = finished(body, tag, links=links)
    response.headers["Memento-Datetime"] = http_date(datetime.fromisoformat(since))
    return response


def moved_permanently(merged: MergedAway) -> Response:
    """308 to the same address below the record that stands for this one now."""
    here, there = (f"/v1/{merged.record_type}/{record}" for record in (merged.record_id, merged.into))
    location, query = url_for(there + request.path.removeprefix(here)), request.query_string.decode("latin-1")
    response = Response(b"", 308, {"Location": f"{location}?{query}" if query else location})
    response.headers["Cache-Control"] = current_app.config["CACHE_CONTROL"]
    return response


def url_for(path: str, query: Mapping[str, Any] | Sequence[tuple[str, str]] = ()) -> str:
    """An absolute URL of this service, under the address it is known by."""
    base = current_app.config["BASE_URL"] or _base(request_ctx.request)
    return f"{base}{path}" + (f"?{urlencode(query)}" if query else "")


def _base(request: Request) -> str:
    return f"{request.scheme}://{host_of(request)}{request.script_root}"


def of_item(record_type: str, page: Page, query: Query) -> bytes:
    """One record, expanded and cut down as the query says."""
    return represented(RECORD_TYPES[record_type], page, query)[0]


def of_page(
    record_type: str,
    page: Page,
    query: Query,
    besides: Mapping[str, Any] | None = None,
    warnings: Sequence[Issue] = (),
) -> Response:
    """A page of a collection, with its links in the body and in the header, and further keys of the body if any."""
    links = links_of(page)
    about: dict[str, Any] = {"limit": query.limit, **links}
    if page.total is not None:
        about["total"] = page.total
    about |= shown_warnings(warnings)
    tail = orjson.dumps({"page": about, **(besides or {})})
    body = b"".join((b'{"data":[', b",".join(represented(RECORD_TYPES[record_type], page, query)), b"],", tail[1:]))
    return finished(body, None if query.is_shaped else _tag_of(page, tail), links=links)


def shown_warnings(warnings: Sequence[Issue]) -> dict[str, Any]:
    """The key with warnings about parameters, which is only there when there are any."""
    shown = [{"parameter": warning.parameter, "detail": warning.detail} for warning in warnings]
    return {"warnings": shown} if shown else {}


def _tag_of(page: Page, tail: bytes) -> str:
    """The entity tag of stored records one after the other: a digest of their tags, which stand for every byte, and of what follows."""
    return etag(b"".join([*map(str.encode, page.etags), tail]))


def links_of(page: Page, **more: str) -> dict[str, str | None]:
    """The addresses of the pages around this one: its own with another cursor, and with `more` parameters."""
    if page.next is page.previous:
        return {"next": None, "prev": None}
    cursors = {"next": page.next, "prev": page.previous}
    return {relation: cursor and address_with(**more, cursor=cursor) for relation, cursor in cursors.items()}


def address_with(**values: str | None) -> str:
    """The address of this request with other values of some parameters, which need no encoding; without those of None."""
    current = request_ctx.request
    raw = current.query_string.split(b"&") if current.query_string else []
    kept = [part for part in raw if unquote_to_bytes(part.partition(b"=")[0]).decode(errors="replace") not in values]
    added = [f"{parameter}={value}" for parameter, value in values.items() if value is not None]
    return f"{url_for(current.path)}?{'&'.join([*(quote(part, safe=_SAFE) for part in kept), *added])}"


_SAFE = "%=+!$'()*,-./:;?@_~"
"""What a query keeps as the client wrote it (RFC 3986, 3.4)."""
