"""Settings: where they come from, what they are when nobody says, and how a bad one is told."""

import os
import re
import traceback
from urllib.parse import quote

import pytest
from conftest import Command
from every import every
from hypothesis import given, settings
from hypothesis import strategies as st
from peewee import OperationalError

from api.database.connections import connect
from api.errors import BadSetting
from api.settings import VARIABLES, Settings, from_environment


def test_with_an_empty_environment_every_setting_has_its_default() -> None:
    found = from_environment({})
    assert found.response_cache_megabytes > 0, "a part of the memory there is"
    assert found == Settings(
        workers=max(2, os.cpu_count() or 1), response_cache_megabytes=found.response_cache_megabytes
    )


def test_an_empty_value_is_none() -> None:
    assert from_environment(dict.fromkeys(VARIABLES.values(), "")) == from_environment({})


def test_every_setting_has_a_variable() -> None:
    assert set(VARIABLES) == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize(
    ("variable", "value", "setting", "meant"),
    [
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("HOST", "::1", "host", "::1"),
        ("PORT", "1", "port", 1),
        ("PORT", "65535", "port", 65535),
        ("WEB_CONCURRENCY", "1", "workers", 1),
        ("TASRIH_THREADS", "16", "threads", 16),
        ("DATABASE_URL", "sqlite:////var/lib/t.db?mode=ro", "database_url", "sqlite:////var/lib/t.db?mode=ro"),
        ("DATABASE_URL", "postgres://u:p@h:5432/n", "database_url", "postgres://u:p@h:5432/n"),
        ("DATABASE_URL", "postgresql:///n?host=/run", "database_url", "postgresql:///n?host=/run"),
        ("TASRIH_BASE_URL", "https://api.example.org/tasrih/", "base_url", "https://api.example.org/tasrih"),
        ("TASRIH_PRIMARY_URL", "https://writes.example.org/", "primary_url", "https://writes.example.org"),
        ("TASRIH_CACHE_SECONDS", "0", "cache_seconds", 0),
        ("TASRIH_RESPONSE_CACHE_MEGABYTES", "0", "response_cache_megabytes", 0),
        ("TASRIH_DOCUMENT_CACHE_MEGABYTES", "0", "document_cache_megabytes", 0),
        ("TASRIH_QUERY_SECONDS", "0", "query_seconds", 0),
        ("TASRIH_TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("TASRIH_LOG_LEVEL", "INFO", "log_level", "info"),
        ("TASRIH_LOG_FORMAT", "JSON", "log_format", "json"),
        ("TASRIH_LOG_FORMAT", "json", "log_level", "info"),
        ("TASRIH_METRICS_PORT", "9464", "metrics_port", 9464),
        ("TASRIH_METRICS_HOST", "0.0.0.0", "metrics_host", "0.0.0.0"),
        ("TASRIH_QUOTATION_LENGTH", "0", "quotation_length", 0),
        ("TASRIH_LONGEST_BODY", "100000000", "longest_body", 100_000_000),
        ("TASRIH_READS", "Token", "reads", "token"),
        ("TASRIH_MODEL_URL", "http://127.0.0.1:8080/v1/", "model_url", "http://127.0.0.1:8080/v1"),
    ],
)
def test_a_good_value_is_taken(variable: str, value: str, setting: str, meant: object) -> None:
    assert getattr(from_environment({variable: value}), setting) == meant


NO_NUMBERS = ["abc", "-1", "1.5", "1e3", "0x10", " 8000", "8000\n", "٨٠٠٠", "8_000", "9" * 30]
BAD = {
    "HOST": [
        " 127.0.0.1",
        "127.0.0.1\n",
        "a\x07b",
        "[::1]",
        "localhost:80",
        "http://localhost",
        "a..b",
        "a" * 64,
        "a." * 127 + "ab",
        "موقع",
    ],
    "PORT": [*NO_NUMBERS, "0", "65536"],
    "WEB_CONCURRENCY": [*NO_NUMBERS, "0", "513"],
    "TASRIH_THREADS": [*NO_NUMBERS, "0", "513"],
    "TASRIH_CACHE_SECONDS": [*NO_NUMBERS, "31536001"],
    "TASRIH_RESPONSE_CACHE_MEGABYTES": [*NO_NUMBERS, "1000001"],
    "TASRIH_DOCUMENT_CACHE_MEGABYTES": [*NO_NUMBERS, "1000001"],
    "TASRIH_QUERY_SECONDS": [*NO_NUMBERS, "3601"],
    "TASRIH_TRUSTED_PROXIES": [*NO_NUMBERS, "11"],
    "TASRIH_LONGEST_BODY": [*NO_NUMBERS, "999"],
    "TASRIH_LONGEST_IMPORT": [*NO_NUMBERS, "999"],
    "TASRIH_MODEL_URL": ["localhost:8080", "ftp://localhost", "http://user:hush@localhost", "http://localhost/?a=b"],
    "TASRIH_MODEL_NAME": [" small", "small\n"],
    "TASRIH_MODEL_KEY": ["two words", "سر", "a\n"],
    "TASRIH_QUOTATION_LENGTH": [*NO_NUMBERS, "10001"],
    "TASRIH_READS": ["closed", "open ", "1", "no"],
    "TASRIH_LOG_FORMAT": ["JSON lines", "xml", "json "],
    "TASRIH_METRICS_PORT": [*NO_NUMBERS, "65536"],
    "TASRIH_METRICS_HOST": [" ::1", "127.0.0.1:9464", "http://x"],
    "TASRIH_LOG_LEVEL": ["loud", "10", "info "],
    "TASRIH_BASE_URL": [
        "api.example.org",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://example.org/?a=b",
        "https://example.org/#top",
        "https://[::1",
        "https://example.org:port",
        "https://exa mple.org",
        "https://user:hush@example.org",
        'https://example.org/"',
        "https://example.org/<a>",
        "https://example.org/تصريح",
        "https://example.org/100%",
        "https://example.org:0",
        "https://example.org:65536",
    ],
    "DATABASE_REPLICA_URLS": ["sqlite:///t.db", "standby", "postgresql://host", "postgresql://u:p@h/n, redis://h/0"],
    "TASRIH_PRIMARY_URL": ["primary.example.org", "postgresql://host/name", "https://user:hush@example.org"],
    "DATABASE_URL": [
        "tasrih.db",
        "/var/lib/tasrih.db",
        "mysql://host/name",
        "sqlite",
        "sqlite:",
        "sqlite:tasrih.db",
        "sqlite:/tasrih.db",
        "sqlite://tasrih.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///t.db?mode=rwc",
        "sqlite:///t.db?mode=",
        "sqlite:///t.db?cache=shared",
        "sqlite:///t.db#now",
        "sqlite:///t%00.db",
        "postgresql://host",
        "postgresql://host/",
        "postgresql://[::1/name",
        "postgresql://host:port/name",
        "postgresql://user:100%sure@host/name",
        "postgresql://host/name?hots=other",
        "postgresql://host/name?prepare_threshold=0",
        "postgresql:host/name",
        "postgresql://host:0/name",
        "postgresql://host:65536/name",
    ],
}


@every(("variable", "value"), [(variable, value) for variable, bad in BAD.items() for value in bad])
def test_a_bad_value_is_one_sentence_that_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        from_environment({variable: value})
    assert re.fullmatch(rf"{variable} (must|holds|names) [^\n]+\.", str(refusal.value))


def test_replicas_are_those_of_a_postgresql_database() -> None:
    first, second = "postgresql://u:p@a,b:5432,5433/n", "postgres:///n?host=/run"
    for between in (" ", ",", ", ", "\n"):
        given = {"DATABASE_URL": "postgresql://h/n", "DATABASE_REPLICA_URLS": f"{first}{between}{second}"}
        assert from_environment(given).replica_urls == (first, second)
    with pytest.raises(BadSetting, match=r"^DATABASE_REPLICA_URLS is of use only if DATABASE_URL [^\n]+\.$"):
        from_environment({"DATABASE_REPLICA_URLS": first})


# Each stands where a password may hold it, unless it is percent-encoded.
SEPARATORS = ["%", "/", "@", " ", "?", "#", ":", "&", "=", "\\", "'", '"', "[", "]", "%zz", "%00", ",", "ü", "\t"]
PLACES = [
    "{scheme}://u:{secret}@127.0.0.1:1/name",
    "{scheme}://{secret}@127.0.0.1:1/name",
    "{scheme}://u:1{secret}@127.0.0.1:1/name",
    "{scheme}:u:{secret}@127.0.0.1:1/name",
    *(f"{{scheme}}://u@127.0.0.1:1/name?{name}={{secret}}" for name in ("password", "sslmode", "options", "port", "user", "hush")),
    *(f"{{scheme}}://127.0.0.1:1/name?{name}={{secret}}" for name in ("connect_timeout", "client_encoding", "sslpassword", "passfile")),
    "{scheme}:///name?hostaddr={secret}",
    "{scheme}://127.0.0.1:1/{secret}",
]  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS)
def test_nothing_is_said_of_a_url_that_may_be_a_piece_of_its_password(separator: str) -> None:
    for scheme in ("postgres", "POSTGRES", "postgresql", "mysql", "postgresq l", ""):
        for place in PLACES:
            for secret in (f"hush{separator}hush", quote(f"hush{separator}hush", safe="")):
                url = place.format(scheme=scheme, secret=secret)
                assert "hush" not in failure_to_connect(url), url


def failure_to_connect(url: str) -> str:
    """All that is logged when nothing can be had from a URL."""
    try:
        opened = connect(from_environment({"DATABASE_URL": url}).database_url)
        opened.connect()  # type: ignore[no-untyped-call]
    except (BadSetting, OperationalError):
        return traceback.format_exc()
    pytest.fail("Something listens on port 1.")


def test_postgres_is_postgresql() -> None:
    url = "://someone:se%2Fcret@127.0.0.1:1/name?sslmode=disable"
    databases = [connect(scheme + url) for scheme in ("postgres", "postgresql", "POSTGRES")]
    assert {database.database for database in databases} == {"name"}
    for database in databases:
        parameters = database.connect_params
        assert (parameters["user"], parameters["password"]) == ("someone", "se/cret")
        assert (parameters["host"], parameters["port"], parameters["sslmode"]) == ("127.0.0.1", "1", "disable")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(VARIABLES.values())), st.text(st.characters(exclude_characters="\0"), max_size=400))
def test_whatever_the_value_a_setting_is_taken_or_refused_in_one_sentence(variable: str, value: str) -> None:
    refusal = refusal_of({variable: value, "TASRIH_X\n" + value: ""})
    assert refusal is None or re.fullmatch(rf"{variable} (must|holds|names) [^\n]{{1,300}}\.", refusal)
    assert refusal is None or refusal.isprintable()


def refusal_of(environment: dict[str, str]) -> str | None:
    try:
        from_environment(environment)
    except BadSetting as refusal:
        return str(refusal)
    return None


def test_every_variable_has_bad_values_tried() -> None:
    assert set(BAD) == set(VARIABLES.values())


@pytest.mark.parametrize("name", ["TASRIH_FOO\nBAR", "TASRIH_\udcff", "TASRIH_" + "X" * 5000])
def test_the_name_of_an_unknown_variable_is_shown_on_one_line(name: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        from_environment({name: "1"})
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 1000


@pytest.mark.parametrize("name", ["TASRIH_PORT", "TASRIH_BASEURL", "TASRIH_", "TASRIH_threads"])
def test_a_variable_that_looks_like_ours_and_is_not_is_refused(name: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} is not a setting; those are HOST, PORT, .*TASRIH_.*[.]$"):
        from_environment({name: "1"})


def test_an_unknown_variable_that_is_empty_counts_as_unset() -> None:
    assert from_environment({"TASRIH_PORT": ""}) == from_environment({})


@pytest.mark.parametrize("path", ["a" * 5000, "missing/" * 100 + "t.db", "%FF.db", "a%0Ab.db"])
def test_a_path_that_can_t_be_opened_is_one_sentence(path: str, tasrih: Command) -> None:
    ended = tasrih("check", DATABASE_URL=f"sqlite:///{path}")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(r"tasrih: [^\n]+\.\n", ended.stderr)


def test_other_programs_may_have_any_variables() -> None:
    assert from_environment({"PORTS": "x", "tasrih_port": "y", "XTASRIH_A": "z"}) == from_environment({})


def test_a_bad_setting_ends_a_command_with_that_sentence(tasrih: Command) -> None:
    ended = tasrih("check", PORT="eighty")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "tasrih: PORT must be a whole number from 1 to 65535, not 'eighty'.\n"
