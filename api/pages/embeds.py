"""Statements on other people's pages: a frame to paste, oEmbed (oembed.com, 1.0) that offers it, and a picture of it."""

from base64 import b64encode
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Response, request
from markupsafe import Markup, escape
from marshmallow import fields, validate
from werkzeug import exceptions

from api.changelog.tombstones import fate
from api.errors import MergedAway, NoSuchRecord
from api.http.addresses import require_id
from api.http.query_strings import parse_query
from api.http.responses import finished, url_for
from api.pages.frame import assets
from api.pages.frame.elements import bare
from api.pages.frame.entries import chain
from api.pages.frame.languages import ARABIC, LANGUAGES, direction_of
from api.pages.frame.site import Content, PageQuery, asked_for, blueprint, rendered, root, see
from api.pages.statements import account
from api.queries import reading
from schemas.parameters import TERMS

Document = dict[str, Any]

WIDTH, HEIGHT = 640, 360  # pixels of a frame, unless the page that asks for it has less room
CARD_WIDTH, CARD_HEIGHT = 1200, 630  # pixels that services show links at
SVG = "image/svg+xml"
CARD_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
FONTS = (("A", "noto-naskh-arabic.woff2"), ("B", "source-serif-latin.woff2"))
LETTER = 0.47  # of the size of the letters is the width of one, on average, in both fonts


class EmbedQuery(PageQuery):
    """The parameters of a frame."""

    lang = fields.String(load_default=ARABIC.code, validate=validate.OneOf(list(LANGUAGES)))


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
    error = fate("statements", str(missing))
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
    parts = urlsplit(url).path.removeprefix(root()).strip("/").split("/")
    languages = {**{code: code for code in LANGUAGES}, "v1": ARABIC.code, "embed": ARABIC.code}
    if len(parts) != 3 or parts[0] not in languages or parts[1] not in ("statements", "statement"):
        raise exceptions.NotFound("There is no statement at this URL.")
    require_id(parts[2])
    return languages[parts[0]], parts[2]


def _room(parameter: str, usual: int) -> int:
    """How many pixels a frame may take."""
    given = request.args.get(parameter, "")
    return min(usual, int(given)) if given.isascii() and given.isdigit() and int(given[:6]) > 0 else usual


@blueprint.get("/<any(ar, en):language>/statements/<id>/card.svg")
def card(language: str, id: str) -> Response:
    """A picture of a statement, for services that show a link by one."""
    require_id(id)
    query = parse_query(_CARD_QUERY, request.query_string)
    try:
        document = orjson.loads(reading.item("statements", id).document)
    except NoSuchRecord as missing:
        return _elsewhere(missing, id)
    asked = asked_for(language, query.get("digits"), {})
    h = asked.elements
    response = finished(
        drawn(document, h.wording.best(document["summary"]), account(document, h), h.t("تصريح", "Tasrih"), language),
        content_type=SVG,
    )
    response.headers["Content-Security-Policy"] = CARD_POLICY
    return response


def drawn(document: Document, written_in: str, told: str, brand: str, language: str) -> bytes:
    """The picture as SVG: the summary, and below it who says so."""
    summary = bare(document["summary"][written_in])
    size = next((size for size in (64, 54, 46, 38) if len(wrapped(summary, size)) * size * 1.6 <= 350), 38)
    lines = cut(wrapped(summary, size), int(350 // (size * 1.6)))
    texts = [_line(line, 160 + row * size * 1.6, size, written_in, 700) for row, line in enumerate(lines)]
    texts += [_line(line, 500 + row * 42, 27, language) for row, line in enumerate(cut(wrapped(bare(told), 27), 3))]
    faces = "".join(_face(*font) for font in FONTS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CARD_WIDTH} {CARD_HEIGHT}" width="{CARD_WIDTH}" height="{CARD_HEIGHT}">'
        f"<title>{escape(summary)}</title>"
        f"<style>{faces}text{{font-family:A,B,serif;fill:#221d17}}</style>"
        '<rect width="100%" height="100%" fill="#fbf7ef"/><rect width="100%" height="14" fill="#8c3317"/>'
        f"{_line(brand, 84, 36, language, 700)}{''.join(texts)}</svg>"
    ).encode()


def wrapped(text: str, size: int) -> list[str]:
    """A text in lines that fit into the picture at a size, words longer than a line cut."""
    room = int((CARD_WIDTH - 140) / (size * LETTER))
    lines = [""]
    for word in text.split():
        while len(word) > room:
            lines.append(word[:room])
            word = word[room:]
        lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < room else [*lines, word]
    return [line for line in lines if line]


def cut(lines: list[str], most: int) -> list[str]:
    """At most so many lines; dots say that there were more."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _line(text: str, y: float, size: int, language: str, weight: int = 400) -> str:
    direction = direction_of(language)
    x = CARD_WIDTH - 70 if direction == "rtl" else 70
    return (
        f'<text x="{x}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" direction="{direction}"'
        f' unicode-bidi="isolate" xml:lang="{escape(language)}">{escape(text)}</text>'
    )


@cache
def _face(family: str, file: str) -> str:
    """A font inside of the picture, which may load nothing from elsewhere."""
    content = b64encode(assets.content(file)).decode()
    return f"@font-face{{font-family:{family};font-weight:400 700;src:url(data:font/woff2;base64,{content})}}"
