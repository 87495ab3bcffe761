"""Puts the pages into the application."""

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from api.http.media_types import JSON
from api.http.negotiation import is_page_wanted
from api.pages import (
    about,
    agreements,
    articles,
    communiques,
    desk,
    embeds,
    events,
    figures,
    history,
    home,
    indexes,
    places,
    search,
    speakers,
    statements,
)
from api.pages.frame import assets
from api.pages.frame.errors import answer
from api.pages.frame.languages import LANGUAGES
from api.pages.frame.site import blueprint, root, see

PAGES = (
    home,
    statements,
    search,
    speakers,
    agreements,
    events,
    places,
    communiques,
    articles,
    indexes,
    history,
    figures,
    about,
    desk,
    embeds,
)
"""The modules that declare pages; importing one registers its pages."""

DEFAULT = next(iter(LANGUAGES))


def add_pages(app: Flask) -> None:
    """Serve the reading room beside the API: its pages, its files, and `/` for browsers."""
    app.register_blueprint(blueprint)
    app.register_error_handler(Exception, answer)
    app.before_request(_choose_language)


def _choose_language() -> Response | None:
    """Send whoever opens the root in a browser to the pages in the language that they like best."""
    if request.path != "/" or request.method not in ("GET", "HEAD") or not is_page_wanted(JSON):
        return None
    liked = (tag.lower().split("-")[0] for tag in request.accept_languages.values())
    language = next((tag for tag in liked if tag in LANGUAGES), DEFAULT)
    response = see(f"{root()}/{language}/")
    response.headers["Vary"] = "Accept, Accept-Language, Tasrih-At-Least"
    return response


@blueprint.get("/<any(ar, en):language>/<path:rest>")
def nowhere(language: str, rest: str) -> Response:
    """What is no address of a page."""
    raise NotFound


blueprint.add_url_rule("/assets/<digest>/<name>", "assets", assets.serve, methods=["GET"])
