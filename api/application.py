"""The application, composed in reading order."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api import __version__
from api.contract import Api, refuse_unusable_requests
from api.cors import allow_everyone
from api.database import connect
from api.models import database
from api.routes import (
    agreements,
    articles,
    communiques,
    documentation,
    events,
    places,
    services,
    speakers,
    statements,
    suggestions,
    vocabularies,
)
from api.service import Service
from api.settings import Settings

NOUNS = (statements, speakers, agreements, communiques, events, places, articles, vocabularies)


def create_app(settings: Settings) -> Flask:
    """The WSGI application of these settings. Connects to nothing: that is left to the first request, after any fork."""
    app = Service("tasrih", static_folder=None)
    app.config.update(
        API_TITLE="Tasrih",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        BASE_URL=settings.base_url,
        CACHE_CONTROL=f"public, max-age={settings.cache_seconds}" if settings.cache_seconds else "public, no-cache",
        LONGEST_BODY=settings.longest_body,
    )
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    database.initialize(connect(settings.database_url, settings.threads + 1, settings.query_seconds or None))
    _give_connections_back(app)
    refuse_unusable_requests(app)
    allow_everyone(app)
    api = Api(app)
    for noun in NOUNS:
        api.register_blueprint(noun.blueprint)
    api.register_blueprint(suggestions.blueprint)
    api.register_blueprint(services.blueprint)
    app.register_blueprint(documentation.blueprint)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)  # type: ignore[method-assign]
    return app


def _give_connections_back(app: Flask) -> None:
    @app.teardown_request
    def _close(_: Any) -> None:
        if not database.is_closed():
            database.close()
