"""Settings: where they come from, what they are when nobody says, and how a bad one is told."""

import os
import re

import pytest
from conftest import Command

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
        ("TASRIH_CACHE_SECONDS", "0", "cache_seconds", 0),
        ("TASRIH_RESPONSE_CACHE_MEGABYTES", "0", "response_cache_megabytes", 0),
        ("TASRIH_QUERY_SECONDS", "0", "query_seconds", 0),
        ("TASRIH_TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("TASRIH_LOG_LEVEL", "INFO", "log_level", "info"),
        ("TASRIH_QUOTATION_LENGTH", "0", "quotation_length", 0),
        ("TASRIH_LONGEST_BODY", "100000000", "longest_body", 100_000_000),
        ("TASRIH_READS", "Token", "reads", "token"),
    ],
)
def test_a_good_value_is_taken(variable: str, value: str, setting: str, meant: object) -> None:
    assert getattr(from_environment({variable: value}), setting) == meant


NO_NUMBERS = ["abc", "-1", "1.5", "1e3", "0x10", " 8000", "8000\n", "٨٠٠٠", "8_000", "9" * 30]
BAD = {
    "HOST": [" 127.0.0.1", "127.0.0.1\n", "a\x07b"],
    "PORT": [*NO_NUMBERS, "0", "65536"],
    "WEB_CONCURRENCY": [*NO_NUMBERS, "0", "513"],
    "TASRIH_THREADS": [*NO_NUMBERS, "0", "513"],
    "TASRIH_CACHE_SECONDS": [*NO_NUMBERS, "31536001"],
    "TASRIH_RESPONSE_CACHE_MEGABYTES": [*NO_NUMBERS, "1000001"],
    "TASRIH_QUERY_SECONDS": [*NO_NUMBERS, "3601"],
    "TASRIH_TRUSTED_PROXIES": [*NO_NUMBERS, "11"],
    "TASRIH_LONGEST_BODY": [*NO_NUMBERS, "999"],
    "TASRIH_LONGEST_IMPORT": [*NO_NUMBERS, "999"],
    "TASRIH_QUOTATION_LENGTH": [*NO_NUMBERS, "10001"],
    "TASRIH_READS": ["closed", "open ", "1", "no"],
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
    ],
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
        "postgresql://host",
        "postgresql://host/",
        "postgresql://[::1/name",
        "postgresql://host:port/name",
        "postgresql://user:100%sure@host/name",
        "postgresql://host/name?hots=other",
    ],
}


@pytest.mark.parametrize(("variable", "value"), [(variable, value) for variable, bad in BAD.items() for value in bad])
def test_a_bad_value_is_one_sentence_that_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        from_environment({variable: value})
    assert re.fullmatch(rf"{variable} (must|holds|names) [^\n]+\.", str(refusal.value))


def test_what_is_said_of_a_url_holds_nothing_of_its_password() -> None:
    with pytest.raises(BadSetting) as refusal:
        from_environment({"DATABASE_URL": "postgresql://user:100%sure@host/name"})
    assert "sure" not in str(refusal.value)


def test_every_variable_has_bad_values_tried() -> None:
    assert set(BAD) == set(VARIABLES.values())


@pytest.mark.parametrize("name", ["TASRIH_PORT", "TASRIH_BASEURL", "TASRIH_", "TASRIH_threads"])
def test_a_variable_that_looks_like_ours_and_is_not_is_refused(name: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} is not a setting; those are HOST, PORT, .*TASRIH_.*[.]$"):
        from_environment({name: "1"})


def test_other_programs_may_have_any_variables() -> None:
    assert from_environment({"PORTS": "x", "tasrih_port": "y", "XTASRIH_A": "z"}) == from_environment({})


def test_a_bad_setting_ends_a_command_with_that_sentence(tasrih: Command) -> None:
    ended = tasrih("check", PORT="eighty")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "tasrih: PORT must be a whole number from 1 to 65535, not 'eighty'.\n"
