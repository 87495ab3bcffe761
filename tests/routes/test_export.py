"""GET /v1/statements/export: what the filters find, as lines or as a table."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from applications import add, client_of, speaker, statement
from asking import mistakes, problem
from conftest import NewDatabase
from every import every
from flask import Flask
from flask.testing import FlaskClient

from api.application import create_app
from api.bulk import exporting
from api.bulk.csv import cell
from api.database.current import database
from api.database.dialect import is_sqlite
from api.errors import TooSlow
from api.models.statements import Statement
from api.settings import Settings

ADDRESS = "/v1/statements/export"


def table(body: bytes) -> list[dict[str, str]]:
    text = body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_each_line_holds_a_statement_as_get_returns_it_but_for_its_times(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert answer.content_type == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.data.splitlines()]
    assert {line["type"] for line in lines} == {"statements"}
    ids = [line["document"]["id"] for line in lines]
    assert ids == sorted(ids)
    assert len(ids) == client.get("/v1/statements?total=exact&limit=1").get_json()["page"]["total"]
    record = client.get(f"/v1/statements/{ids[0]}").get_json()
    assert lines[0]["document"] == {key: record[key] for key in record if key not in ("created_at", "updated_at")}


@every(
    "query",
    [
        "q=%D9%83%D8%A7%D8%B1%D8%A7%D8%A8%D8%A7%D8%AE",
        "speaker=antonio-guterres&first_hand=true",
        "since=2021&until=2021-11&agreement=trilateral-statement-2020-11-09",
        "act=welcome&act=stress&topic=mediation",
        "updated_since=2000-01-01T00:00:00Z&q=e*",
        "q=nothingthatthereis",
    ],
)
@every("form", ["ndjson", "csv"])
def test_the_filters_are_those_of_the_list(client: FlaskClient, query: str, form: str) -> None:
    body = client.get(f"{ADDRESS}?{query}&format={form}").data
    listed = client.get(f"/v1/statements?{query}&limit=200&sort=id").get_json()["data"]
    found = [json.loads(line)["document"] for line in body.splitlines()] if form == "ndjson" else table(body)
    assert [one["id"] for one in found] == [one["id"] for one in listed]


def test_it_is_streamed_to_be_saved_and_not_remembered(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.get(ADDRESS)
        assert answer.data
        assert "Content-Length" not in answer.headers
        assert "ETag" not in answer.headers
        assert answer.headers["Content-Disposition"] == 'attachment; filename="statements.ndjson"'
    head = client.head(f"{ADDRESS}?format=csv")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Disposition"] == 'attachment; filename="statements.csv"'
    assert client.get(f"{ADDRESS}?format=csv", headers={"Accept": "text/csv"}).data


LINES, TABLE = "application/x-ndjson", "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, LINES),
        ("*/*", LINES),
        ("text/csv", TABLE),
        ("TEXT/*", TABLE),
        ("application/json", LINES),
        ("text/csv, application/x-ndjson", LINES),
        ("application/x-ndjson;q=0.5, text/csv", TABLE),
        ("text/csv;q=0.5, application/json;q=0.6", LINES),
        ("text/csv, */*;q=0.1", TABLE),
        ("text/csv;q=0, */*;q=0.1", LINES),
        ("application/*;q=0, */*", TABLE),
    ],
)
def test_without_a_format_accept_chooses_one(client: FlaskClient, accept: str | None, content_type: str) -> None:
    answer = client.get(ADDRESS, headers={} if accept is None else {"Accept": accept})
    assert answer.content_type == content_type
    assert "Accept" in answer.vary
    assert answer.headers["Content-Disposition"].endswith('.csv"' if content_type == TABLE else '.ndjson"')
    assert answer.data.startswith(b"\xef\xbb\xbf") == (content_type == TABLE)


@pytest.mark.parametrize("form", ["ndjson", "csv"])
@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/csv"])
def test_a_format_in_the_address_is_what_is_answered(client: FlaskClient, form: str, accept: str) -> None:
    answer = client.get(f"{ADDRESS}?format={form}", headers={"Accept": accept})
    assert answer.content_type == {"ndjson": LINES, "csv": TABLE}[form]
    assert answer.data.startswith(b"\xef\xbb\xbf") == (form == "csv")
    assert "Accept" not in answer.vary


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_stream_is_compressed_on_the_way(client: FlaskClient, form: str) -> None:
    packed = client.get(f"{ADDRESS}?format={form}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(f"{ADDRESS}?format={form}").data
    assert "Accept-Encoding" in packed.vary


@pytest.mark.parametrize("query", ["", "?format=ndjson", "?format=csv"])
@pytest.mark.parametrize("accept", ["text/html", "application/x-ndjson;q=0, text/plain"])
def test_neither_format_may_be_acceptable(client: FlaskClient, query: str, accept: str) -> None:
    told = problem(client.get(ADDRESS + query, headers={"Accept": accept}), 406, "not-acceptable")
    assert "application/x-ndjson or text/csv" in told["detail"]


def test_a_table_opens_right(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith("\ufeffid,date,".encode())
    assert answer.data.count(b"\r\n") == answer.data.count(b"\n")
    rows = {row["id"]: row for row in table(answer.data)}
    row = rows["armenia-azerbaijan-recommit-to-trilateral-statements-2021-11"]
    record = client.get(f"/v1/statements/{row['id']}").get_json()
    speakers = [item["speaker"] for item in record["speakers"]]
    assert row["speakers"] == "; ".join(one["id"] for one in speakers)
    assert row["speakers_ar"] == "; ".join(one["name"]["ar"] for one in speakers)
    assert row["summary_ar"] == record["summary"]["ar"]
    assert row["url"] == f"http://localhost/v1/statements/{row['id']}"
    assert row["first_hand"] in ("true", "false")


@pytest.mark.parametrize(("query", "delimiter"), [("format=csv&delimiter=semicolon", ";"), ("delimiter=tab", "\t")])
def test_a_table_has_the_delimiter_that_is_asked_for(client: FlaskClient, query: str, delimiter: str) -> None:
    usual = client.get(f"{ADDRESS}?format=csv").data.decode("utf-8-sig")
    other = client.get(f"{ADDRESS}?{query}").data.decode("utf-8-sig")
    cells = [list(csv.reader(text.splitlines(), delimiter=sign)) for text, sign in ((usual, ","), (other, delimiter))]
    assert cells[0] == cells[1] != []
    assert mistakes(client.get(f"{ADDRESS}?format=ndjson&delimiter=semicolon")) == ["delimiter"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "\u200f=1", "\ufeff+1"),
        *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\n=1"),
    ],
)
def test_no_cell_can_become_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell(["a", text]) == f"a; '{text}"
    assert cell([text, "a"]) == f"'{text}; a"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'tis", "'", "a'b", " '=1", "  =1", "a"])
def test_without_one_leading_apostrophe_a_cell_is_the_text(text: str) -> None:
    assert cell(text).removeprefix("'") == text
    assert [item.removeprefix("'") for item in cell([text, text]).split("; ")] == [text, text]


def test_other_cells_stay_as_they_are() -> None:
    assert [cell(value) for value in ("a=b", "  a", "", None, [], ["a", "b"], "٣")] == [
        "a=b",
        "  a",
        "",
        "",
        "",
        "a; b",
        "٣",
    ]


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many records are fetched at once, so few that a hundred and one are three batches."""
    monkeypatch.setattr(exporting, "BATCH", 50)
    return 50


@pytest.fixture
def dangerous(new_database: NewDatabase, few_at_once: int) -> Iterator[FlaskClient]:
    spoken = [statement(f"s-{n}", summary={"en": '=HYPERLINK("x","y"), and "so" on\nhere'}) for n in range(101)]
    with client_of(new_database(), {"statements": spoken}) as client:
        yield client


def test_what_was_written_by_others_is_text_in_every_row(dangerous: FlaskClient) -> None:
    rows = table(dangerous.get(f"{ADDRESS}?format=csv").data)
    assert len({row["id"] for row in rows}) == 101
    assert {row["summary_en"] for row in rows} == {'\'=HYPERLINK("x","y"), and "so" on\nhere'}


def test_an_export_is_of_one_moment(dangerous: FlaskClient) -> None:
    answer = dangerous.get(ADDRESS, buffered=False)
    pieces: Any = answer.iter_encoded()
    first = next(pieces)
    add({"statements": [statement("zz-later")], "speakers": [speaker("later")]})
    rest = b"".join(pieces)
    answer.close()
    assert b"zz-later" not in first + rest
    assert b"zz-later" in dangerous.get(ADDRESS).data


SLOW = {
    True: "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT MAX(i) FROM n) > 0",
    False: "slow(id)",
}
"""What takes a minute. PostgreSQL must take it for harmless, or it works it out for every row."""
SLOW_FUNCTION = """
CREATE FUNCTION slow(id text) RETURNS boolean STABLE LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_sleep(60); RETURN true; END'
"""

Slow = Callable[[str], FlaskClient]


@pytest.fixture
def slow(new_database: NewDatabase, few_at_once: int) -> Iterator[Slow]:
    """Makes a service, with a time limit of half a second, one statement of which takes a minute to be read."""
    url = new_database()

    def make(slow_one: str) -> FlaskClient:
        columns = ", ".join(f'"{field.column_name}"' for field in Statement._meta.sorted_fields)
        waiting = f"CASE WHEN id <> '{slow_one}' OR {SLOW[is_sqlite()]} THEN body END AS body"
        if not is_sqlite():
            database.execute_sql(SLOW_FUNCTION)
        database.execute_sql('ALTER TABLE "statement" RENAME TO stored')
        shown = columns.replace('"body"', waiting)
        database.execute_sql(f'CREATE VIEW "statement" AS SELECT {shown} FROM stored')
        database.obj.close_all()
        return create_app(Settings(database_url=url, query_seconds=0.5)).test_client()

    with client_of(url, {"statements": [statement(f"s-{n:03}") for n in range(101)]}):
        yield make
        database.obj.close_all()


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_an_export_that_takes_too_long_to_begin_is_answered_so(slow: Slow, form: str) -> None:
    client, begun = slow("s-010"), monotonic()
    for _ in range(3):  # each gives its place back
        told = problem(client.get(f"{ADDRESS}?format={form}"), 503, "query-too-slow")
        assert "the 0.5 seconds this service allows" in told["detail"]
    assert monotonic() - begun < 20
    assert client.get(f"{ADDRESS}?q=nothingthatthereis").status_code == 200


def test_an_export_breaks_off_where_finding_the_next_takes_too_long(slow: Slow, few_at_once: int) -> None:
    answer, begun = slow("s-070").get(ADDRESS, buffered=False), monotonic()
    assert answer.status_code == 200
    pieces = iter(answer.iter_encoded())
    assert len(next(pieces).splitlines()) == few_at_once
    with pytest.raises(TooSlow):
        next(pieces)
    assert monotonic() - begun < 20
    answer.close()


def test_the_time_limit_is_not_for_the_whole_export(dangerous: FlaskClient) -> None:
    """Nor for who reads it, who may be slow."""
    app = create_app(Settings(database_url=dangerous.application.config["DATABASE_URL"], query_seconds=0.5))
    answer = app.test_client().get(ADDRESS, buffered=False)
    lines = 0
    for piece in answer.iter_encoded():
        lines += len(piece.splitlines())
        sleep(0.6)
    answer.close()
    database.obj.close_all()
    assert lines == 101


def test_exports_leave_threads_for_others(app: Flask, client: FlaskClient) -> None:
    open_ones = [client.get(ADDRESS, buffered=False) for _ in range(2)]
    refused = client.get(ADDRESS)
    assert refused.status_code == 503
    assert refused.get_json()["type"] == "urn:tasrih:problem:too-many-exports"
    assert refused.headers["Retry-After"]
    for one in open_ones:
        one.close()
    assert client.get(ADDRESS).data
