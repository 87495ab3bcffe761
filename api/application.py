"""The application, composed in reading order."""

from threading import BoundedSemaphore
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api.changelog.long_polling import WaitingRoom
from api.changelog.positions import LAST_SEQUENCE
from api.database.connections import connect
from api.database.current import database, engine
from api.database.document_cache import document_cache
from api.database.replicas import Replicas
from api.history.rebuilding import Rebuildings
from api.http import authorization
from api.http.addresses import refuse_unusable_requests
from api.http.cors import allow_everyone
from api.http.operations import add_operations
from api.http.problems.answering import answer_with_problems
from api.http.request_bodies import forget_spooled
from api.http.response_cache import ResponseCache
from api.http.service import Service
from api.monitoring.observing import Observed
from api.pages.registration import add_pages
from api.protocols import documentation, linked_data, reconciliation
from api.records import renaming
from api.replication.positions import Positions, require_positions
from api.routes import (
    articles,
    bulk,
    changes,
    coverage,
    drafts,
    figures,
    resources,
    services,
    similar,
    speakers,
    statements,
    suggestions,
)
from api.settings import Settings

MEGABYTE = 1_000_000

OPERATIONS = tuple(
    operation
    for module in (
        resources,
        statements,
        similar,
        coverage,
        figures,
        articles,
        speakers,
        bulk,
        drafts,
        changes,
        suggestions,
        services,
    )
    for operation in module.OPERATIONS
)
"""Every operation of the service; its documentation is not among them."""


def create_app(settings: Settings) -> Flask:
    """The WSGI application of these settings. Connects to nothing: that is left to the first request, after any fork."""
    app = Service("tasrih", static_folder=None)
    _configure(app, settings)
    _share(app, settings)
    _clean_up_after_requests(app)
    require_positions(app)
    authorization.guard(app)
    refuse_unusable_requests(app)
    allow_everyone(app)
    answer_with_problems(app)
    add_operations(app, OPERATIONS)
    app.register_blueprint(documentation.blueprint)
    add_pages(app)
    app.register_blueprint(linked_data.blueprint)
    app.register_blueprint(reconciliation.blueprint)
    _wrap(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        BASE_URL=settings.base_url,
        CACHE_CONTROL=_cache_control(settings),
        LONGEST_BODY=settings.longest_body,
        LONGEST_IMPORT=settings.longest_import,
        DATABASE_URL=settings.database_url,
        PRIMARY_URL=settings.primary_url,
        READS_CLOSED=settings.reads == "token",
    )
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False


def _share(app: Flask, settings: Settings) -> None:
    """Make what the requests of a process share: the database, the cache of documents, and places for what takes long."""
    database.initialize(
        connect(settings.database_url, settings.threads + 2, settings.query_seconds or None, settings.threads)
    )
    document_cache.resize(settings.document_cache_megabytes * MEGABYTE // settings.workers)
    app.extensions["exports"] = BoundedSemaphore(max(1, settings.threads // 2))
    app.extensions["waiting-room"] = WaitingRoom(settings.threads // 2)
    app.extensions["keep-up"] = renaming.keep_up
    app.extensions["rebuildings"] = Rebuildings(max(1, settings.threads // 4), settings.query_seconds or None)


def _wrap(app: Flask, settings: Settings) -> None:
    """Put WSGI middleware around the application, the innermost first; a request passes them the other way round."""
    if settings.response_cache_megabytes and settings.reads == "open":
        size = settings.response_cache_megabytes * MEGABYTE // settings.workers
        moves = bool(settings.replica_urls)
        app.wsgi_app = ResponseCache(app.wsgi_app, size, moves)  # type: ignore[assignment, method-assign]
    replicas = app.extensions["replicas"] = _replicas(settings)
    app.wsgi_app = Positions(app.wsgi_app, replicas)  # type: ignore[assignment, method-assign]
    observed = Observed(app.wsgi_app, app)
    app.extensions["observers"] = observed.observers
    app.wsgi_app = observed  # type: ignore[assignment, method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)  # type: ignore[method-assign]


def _replicas(settings: Settings) -> Replicas | None:
    if not settings.replica_urls:
        return None
    connections, time_limit = settings.threads + 1, settings.query_seconds or None
    return Replicas(settings.database_url, settings.replica_urls, connections, time_limit, LAST_SEQUENCE)


def _cache_control(settings: Settings) -> str:
    """How long caches may keep an answer, and which: only the asker's own where reading takes a token."""
    age = f"max-age={settings.cache_seconds}" if settings.cache_seconds else "no-cache"
    return f"{'private' if settings.reads == 'token' else 'public'}, {age}"


def _clean_up_after_requests(app: Flask) -> None:
    """Give connections back, and forget bodies: in one hook of Flask, which handles each at a cost of its own."""

    @app.teardown_request
    def _clean_up(_: Any) -> None:
        forget_spooled()
        current = engine()
        if not current.is_closed():
            current.close()
