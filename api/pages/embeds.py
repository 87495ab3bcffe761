"""Statements on other people's pages: a frame to paste, oEmbed (oembed.com, 1.0) that offers it, and a picture of it."""

from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Response, request
from markupsafe import Markup
from marshmallow import fields
from werkzeug import exceptions

from api.changelog.tombstones import why_missing
from api.errors import MergedAway, NoSuchRecord
from api.http.addresses import require_id
from api.http.query_strings import parse_query
from api.http.responses import finished, url_for
from api.pages.frame import cards
from api.pages.frame.elements import bare
from api.pages.frame.entries import chain
from api.pages.frame.languages import ARABIC, LANGUAGES
from api.pages.frame.site import Content, PageQuery, asked_for, blueprint, rendered, root, see
from api.pages.statements import account
from api.queries import reading
from schemas.parameters.shapes import TERMS
from schemas.parameters.values import one_of

Document = dict[str, Any]

WIDTH, HEIGHT = 640, 360  # pixels of a frame, unless the page that asks for it has less room


class EmbedQuery(PageQuery):
    """The parameters of a frame."""

    lang = fields.String(load_default=ARABIC.code, validate=one_of(list(LANGUAGES)))


_EMBED_QUERY, _CARD_QUERY = EmbedQuery(), PageQuery()


@blueprint.get("/embed/statement/<id>")
def embed(id: str) -> Response:
    """A statement by itself, to be shown in a frame of another page."""
    require_id(id)
    query = parse_query(_EMBED_QUERY, request.query_string)
    asked = asked_for(query["lang"], query.get("digits"), {})
    try:
        stored = reading.expanded_item("statements", id, (TERMS,))
    except NoSuchRecord as missing:
        return _elsewhere(missing, id)
    document = orjson.loads(stored.documents[0])
    values = {
        "statement": document,
        "kinds": stored.kinds,
        "links": chain(document["reports"][0]),
        "here": url_for(f"/{query['lang']}/statements/{id}"),
    }
    return rendered(
        Content("embed.html", asked.elements.wording.plain(document["summary"]), values, framable=True), asked
    )


def _elsewhere(missing: NoSuchRecord, id: str) -> Response:
    """Lead to what a merged record became; raise why another is missing."""
    error = why_missing("statements", str(missing))
    if not isinstance(error, MergedAway):
        raise error from None
    query = request.query_string.decode("latin-1")
    return see(f"{root()}{request.path.replace(id, error.into)}" + (f"?{query}" if query else ""), 308)


@blueprint.get("/oembed")
def oembed() -> Response:
    """What a page needs to show a link to a statement as the statement; parameters that consumers add are left alone."""
    if request.args.get("format", "json") != "json":
        raise exceptions.NotImplemented("Only JSON is offered: format=json.")
    language, id = _linked(request.args.get("url", ""))
    document = orjson.loads(reading.item("statements", id).document)
    asked = asked_for(language, None, {})
    width, height = _room("maxwidth", WIDTH), _room("maxheight", HEIGHT)
    title = bare(asked.elements.wording.plain(document["summary"]))
    frame = Markup('<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>').format(
        url_for(f"/embed/statement/{id}", {"lang": language}), width, height, title
    )
    about = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": ", ".join(
            asked.elements.wording.plain(item["speaker"]["name"]) for item in document["speakers"]
        ),
        "provider_name": "Tasrih",
        "provider_url": url_for(f"/{language}/"),
        "html": str(frame),
        "width": width,
        "height": height,
    }
    return finished(orjson.dumps(about))


def _linked(url: str) -> tuple[str, str]:
    """The language and id of the statement that a URL of a page, a frame or the API leads to; raise NotFound."""
    parts = _path(url).removeprefix(root()).strip("/").split("/")
    languages = {**{code: code for code in LANGUAGES}, "v1": ARABIC.code, "embed": ARABIC.code}
    if len(parts) != 3 or parts[0] not in languages or parts[1] not in ("statements", "statement"):
        raise exceptions.NotFound("There is no statement at this URL.")
    require_id(parts[2])
    return languages[parts[0]], parts[2]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # such as a host in brackets that is no address
        return ""


def _room(parameter: str, usual: int) -> int:
    """How many pixels a frame may take."""
    given = request.args.get(parameter, "")
    return min(usual, int(given[:6])) if given.isascii() and given.isdigit() and int(given[:6]) > 0 else usual


@blueprint.get("/<any(ar, en):language>/statements/<id>/card.png")
def card(language: str, id: str) -> Response:
    """A picture of a statement, for services that show a link by one."""
    require_id(id)
    query = parse_query(_CARD_QUERY, request.query_string)
    try:
        document = orjson.loads(reading.item("statements", id).document)
    except NoSuchRecord as missing:
        return _elsewhere(missing, id)
    h = asked_for(language, query.get("digits"), {}).elements
    written_in = h.wording.best(document["summary"])
    picture = cards.painted(
        cards.Text(bare(document["summary"][written_in]), written_in),
        cards.Text(bare(account(document, h)), language),
        cards.Text(h.t("تصريح", "Tasrih"), language),
    )
    return finished(picture, content_type="image/png")
