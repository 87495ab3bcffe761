"""The URLs of databases: what they may look like, and what is read from them.

A URL may hold a password, so no message repeats any part of one. What libpq could read in another way than it was meant is
refused: of a password with a `/` or an `@` that is not percent-encoded, libpq takes a piece for the name of the host or of
the database, and its errors name those.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError as UnreadableURL
from psycopg.conninfo import conninfo_to_dict

from api.errors import BadSetting

DATABASE_URL = "DATABASE_URL"

_NO_URL = (
    "must be a URL: write sqlite:///path/to/file.db or postgresql://user:password@host/name, with libpq's parameters;"
    " percent-encode what is no letter or digit in a password."
)
_SCHEMES = "must begin with sqlite:/// or postgresql://."
_NO_FILE = "must be written sqlite:///path/to/file.db, with at most ?mode=ro after it."

_PORT = re.compile(r"[0-9]{1,5}")


def is_sqlite_url(url: str) -> bool:
    """Whether a URL is that of a SQLite file; raise BadSetting when it is of no engine that is served."""
    scheme = url.partition(":")[0].lower()
    if scheme not in ("sqlite", "postgresql", "postgres"):
        raise BadSetting(DATABASE_URL, _SCHEMES)
    return scheme == "sqlite"


def sqlite_path(url: str) -> Path | None:
    """The file behind a `sqlite:///` URL; None for any other."""
    return Path(unquote(urlsplit(url).path[1:])) if is_sqlite_url(url) else None


def sqlite_mode(url: str) -> str:
    """`ro` or `rw`, as a well-formed URL of a file has it; raise BadSetting for any other."""
    address, question, query = url.partition("?")
    mode = query.removeprefix("mode=") if question else "rw"
    path = sqlite_path(address)
    named = address[6:].startswith(":///") and path not in (None, Path(), Path(":memory:")) and str(path).isprintable()
    if not named or "#" in url or mode not in ("rw", "ro") or (question and not query.startswith("mode=")):
        raise BadSetting(DATABASE_URL, _NO_FILE)
    return mode


def postgresql_parameters(url: str) -> dict[str, Any]:
    """libpq's parameters, by name, in a `postgresql://` or `postgres://` URL; raise BadSetting when it can't be used."""
    address = url.partition(":")[2]
    _, _, path = address.removeprefix("//").partition("/")
    if not address.startswith("//") or re.search(r"\s", url) or address.count("@") > 1 or "@" in path:
        raise BadSetting(DATABASE_URL, _NO_URL)
    try:
        parameters = conninfo_to_dict(f"postgresql:{address}")
    except (UnreadableURL, UnicodeError):  # the message may hold a piece of the password
        raise BadSetting(DATABASE_URL, _NO_URL) from None
    if not all(_is_port(port) for port in str(parameters.get("port") or "").split(",") if port):
        raise BadSetting(DATABASE_URL, _NO_URL)
    if not parameters.get("dbname"):
        raise BadSetting(DATABASE_URL, "names no database: write postgresql://host/name.")
    return dict(parameters)


def _is_port(port: str) -> bool:
    return bool(_PORT.fullmatch(port)) and 0 < int(port) <= 65535
