"""What the commands share: settings, an open database, and errors as plain sentences."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any, NoReturn

import click
from peewee import DatabaseError

from api.database.connections import connect, create_sqlite_file
from api.database.current import database
from api.database.outages import UNAVAILABLE
from api.database.urls import sqlite_path
from api.errors import DatabaseUnavailable, TasrihError, UnfitDatabase
from api.settings import Settings, from_environment


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Pass the settings to a command, and end it with a sentence instead of a traceback when it fails."""

    @wraps(command)
    def reporting(**options: Any) -> None:
        try:
            with plain_errors():
                command(from_environment(), **options)
        finally:
            if database.obj is not None and not database.is_closed():
                database.close()

    return reporting


@contextmanager
def plain_errors() -> Iterator[None]:
    """End the program with a sentence when what the world is to blame for happens within."""
    try:
        yield
    except TasrihError as error:
        end(str(error))
    except UNAVAILABLE as error:
        end(f"The database refused: {str(error).strip()}.")
    except BrokenPipeError:
        raise  # click ends quietly when nobody reads on, as with `| head`
    except OSError as error:  # no room where standard output goes, a name that is too long
        end(f"{error.filename or 'The system'} refused: {error.strerror or error}.")


def standard_input() -> IO[bytes]:
    """The bytes of standard input; end the program when it was closed."""
    return end("Standard input is closed.") if sys.stdin is None else sys.stdin.buffer


def standard_output() -> IO[bytes]:
    """Standard output for bytes; end the program when it was closed."""
    return end("Standard output is closed.") if sys.stdout is None else sys.stdout.buffer


def end(message: str) -> NoReturn:
    """End the program with a sentence on standard error."""
    click.echo(f"tasrih: {printable(message)}", err=True)
    sys.exit(1)


def printable(message: str) -> str:
    """A message without what a terminal would obey: names of files and the words of other services may have such characters."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in message)


@contextmanager
def opened(settings: Settings, create: bool = False) -> Iterator[None]:
    """Open the database for a command and close it again, pooled connections included, so that serving may fork."""
    path = sqlite_path(settings.database_url)
    if path is not None and not _exists(path):
        if not create:
            raise UnfitDatabase(f"There is no database at {path}: run 'tasrih migrate' first.")
        _create(path)
    database.initialize(connect(settings.database_url))
    try:
        database.connect()
        yield
    except DatabaseError as error:
        raise DatabaseUnavailable(_explanation(str(error).strip(), settings)) from error
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(_explanation(str(error), settings)) from error
    finally:
        if not database.is_closed():
            database.close()
        database.obj.close_all()


def _exists(path: Path) -> bool:
    """Whether there is such a file; raise DatabaseUnavailable when nobody can tell, as with a name that is too long."""
    try:
        return path.exists()
    except OSError as error:
        raise DatabaseUnavailable(f"The database at {path} can't be opened: {error.strerror}.") from None


def _create(path: Path) -> None:
    try:
        create_sqlite_file(path)
    except Exception as error:
        raise DatabaseUnavailable(f"No database can be created at {path}: {error}.") from error


_EXPLANATIONS = {
    "file is not a database": "is not a SQLite database, or is damaged beyond its first page",
    "malformed": "is damaged",
    "unable to open": "can't be opened",
    "readonly": "can't be written to",
    "read-only": "can't be written to",
    "locked": "is locked by another program",
    "busy": "is locked by another program",
}


def _explanation(error: str, settings: Settings) -> str:
    error = " ".join(error.split()).rstrip(".?")
    path = sqlite_path(settings.database_url)
    for words, explanation in _EXPLANATIONS.items():
        if path is not None and words in error:
            return f"The database at {path} {explanation} ({error})."
    return f"The database can't be used: {error}."
