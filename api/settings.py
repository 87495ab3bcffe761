"""Settings: read once from the environment, checked, and frozen."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from api.database.connections import connect
from api.database.urls import is_sqlite_url, postgresql_parameters
from api.errors import BadSetting

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
LOG_FORMATS = ("text", "json")
READS = ("open", "token")


@dataclass(frozen=True)
class Settings:
    """How the service runs. Every field is documented in docs/configuration.md under the name it has in the environment."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    database_url: str = "sqlite:///tasrih.db"
    replica_urls: tuple[str, ...] = ()
    base_url: str | None = None
    primary_url: str | None = None
    cache_seconds: int = 60
    response_cache_megabytes: int = 64
    document_cache_megabytes: int = 128
    query_seconds: float = 5
    trusted_proxies: int = 0
    log_level: str = "warning"
    log_format: str = "text"
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"
    quotation_length: int = 600
    longest_body: int = 1_048_576
    longest_import: int = 67_108_864
    reads: str = "open"
    model_url: str | None = None
    model_name: str = "default"
    model_key: str | None = field(default=None, repr=False)


VARIABLES = {
    "host": "HOST",
    "port": "PORT",
    "workers": "WEB_CONCURRENCY",
    "threads": "TASRIH_THREADS",
    "database_url": "DATABASE_URL",
    "replica_urls": "DATABASE_REPLICA_URLS",
    "base_url": "TASRIH_BASE_URL",
    "primary_url": "TASRIH_PRIMARY_URL",
    "cache_seconds": "TASRIH_CACHE_SECONDS",
    "response_cache_megabytes": "TASRIH_RESPONSE_CACHE_MEGABYTES",
    "document_cache_megabytes": "TASRIH_DOCUMENT_CACHE_MEGABYTES",
    "query_seconds": "TASRIH_QUERY_SECONDS",
    "trusted_proxies": "TASRIH_TRUSTED_PROXIES",
    "log_level": "TASRIH_LOG_LEVEL",
    "log_format": "TASRIH_LOG_FORMAT",
    "metrics_port": "TASRIH_METRICS_PORT",
    "metrics_host": "TASRIH_METRICS_HOST",
    "quotation_length": "TASRIH_QUOTATION_LENGTH",
    "longest_body": "TASRIH_LONGEST_BODY",
    "longest_import": "TASRIH_LONGEST_IMPORT",
    "reads": "TASRIH_READS",
    "model_url": "TASRIH_MODEL_URL",
    "model_name": "TASRIH_MODEL_NAME",
    "model_key": "TASRIH_MODEL_KEY",
}
"""The names of the settings in the environment: the usual names, where there are any."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; raise BadSetting for the first value that can't be used. Empty variables count as unset."""
    for name in sorted(environment):
        if name.startswith("TASRIH_") and name not in VARIABLES.values() and environment[name]:
            known = ", ".join(VARIABLES.values())
            raise BadSetting(_shown(name), f"is not a setting; those are {known}.")
    values: dict[str, Any] = {"workers": max(2, os.cpu_count() or 1), "response_cache_megabytes": _memory() // 16}
    for setting in fields(Settings):
        variable = VARIABLES[setting.name]
        if environment.get(variable, "") != "":
            values[setting.name] = _CHECKS.get(setting.name, _text)(variable, environment[variable])
    if values.get("log_format") == "json":
        values.setdefault("log_level", "info")  # at which each request has a line
    settings = Settings(**values)
    if settings.replica_urls and is_sqlite_url(settings.database_url):
        raise BadSetting("DATABASE_REPLICA_URLS", "is of use only if DATABASE_URL is that of a PostgreSQL database.")
    return settings


def _memory() -> int:
    """The megabytes of memory that this process may use: those of the machine, or of its container."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    allowed = Path("/sys/fs/cgroup/memory.max")
    container = allowed.read_text().strip() if allowed.exists() else "max"
    return min(machine, int(container) if container.isdecimal() else machine) // 1_000_000


def _shown(text: str) -> str:
    """The beginning of a text, in characters that can be printed on a line."""
    return (text if text.isprintable() else ascii(text)[1:-1])[:_LONGEST_SHOWN]


_LONGEST_SHOWN = 60  # characters; longer than any value that is meant well


def _text(variable: str, value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise BadSetting(variable, "holds blanks at an end or characters that can't be printed.")
    return value


def _secret(variable: str, value: str) -> str:
    """What goes into a header field as it is; never repeated in a message."""
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise BadSetting(variable, "must be of printable ASCII characters without blanks.")
    return value


def _whole_number(least: int, most: int) -> Callable[[str, str], int]:
    def check(variable: str, value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise BadSetting(variable, f"must be a whole number from {least} to {most}, not '{_shown(value)}'.")
        return int(value)

    return check


def _database_url(variable: str, value: str) -> str:
    connect(_text(variable, value))
    return value


def _replica_urls(variable: str, value: str) -> tuple[str, ...]:
    urls = tuple(_BETWEEN_URLS.split(value.strip(" ,\n\t")))
    for url in urls:
        try:
            postgresql_parameters(url if is_sqlite_url(url) is False else "")
        except BadSetting:  # its sentence names another variable
            raise BadSetting(
                variable,
                "must be URLs of standbys, postgresql://user:password@host/name, with blanks or commas between them;"
                " percent-encode what is no letter or digit in a password.",
            ) from None
    return urls


_BETWEEN_URLS = re.compile(r"[\s,]+(?=postgres(?:ql)?://)")
"""A comma within a URL is between the hosts of one."""


def _host(variable: str, value: str) -> str:
    if not _is_host(value):
        raise BadSetting(
            variable, f"must be an IP address or the name of a host, without a port, not '{_shown(value)}'."
        )
    return value


def _is_host(value: str) -> bool:
    if ":" not in value:
        return bool(_HOST.fullmatch(value))
    try:
        return value.isprintable() and bool(ip_address(value))
    except ValueError:
        return False


_HOST = re.compile(r"(?!.{254})(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?", re.ASCII)
"""An IPv4 address, or a name with labels of at most 63 characters (RFC 1035)."""


def _base_url(variable: str, value: str) -> str:
    match = _BASE_URL.fullmatch(value)
    if (
        not match or not 0 < int(match["port"] or 80) <= 65535
    ):  # the value is not repeated: there may be a password in it
        raise BadSetting(variable, "must be an http or https URL in ASCII without a user, a query or a fragment.")
    return value.rstrip("/")


_BASE_URL = re.compile(
    r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?(?:/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?",
    re.ASCII | re.IGNORECASE,
)
"""What may begin every link of the service (RFC 3986), in JSON and in header fields."""


def _one_of(*known: str) -> Callable[[str, str], str]:
    def check(variable: str, value: str) -> str:
        if value.lower() not in known:
            raise BadSetting(variable, f"must be one of {', '.join(known)}, not '{_shown(value)}'.")
        return value.lower()

    return check


_CHECKS: dict[str, Callable[[str, str], Any]] = {
    "host": _host,
    "port": _whole_number(1, 65535),
    "workers": _whole_number(1, 512),
    "threads": _whole_number(1, 512),
    "database_url": _database_url,
    "replica_urls": _replica_urls,
    "base_url": _base_url,
    "primary_url": _base_url,
    "cache_seconds": _whole_number(0, 31_536_000),
    "response_cache_megabytes": _whole_number(0, 1_000_000),
    "document_cache_megabytes": _whole_number(0, 1_000_000),
    "query_seconds": _whole_number(0, 3600),
    "trusted_proxies": _whole_number(0, 10),
    "log_level": _one_of(*LOG_LEVELS),
    "log_format": _one_of(*LOG_FORMATS),
    "metrics_port": _whole_number(0, 65535),
    "metrics_host": _host,
    "quotation_length": _whole_number(0, 10_000),
    "longest_body": _whole_number(1_000, 100_000_000),
    "longest_import": _whole_number(1_000, 999_999_999),
    "reads": _one_of(*READS),
    "model_url": _base_url,
    "model_key": _secret,
}
