"""GET /v1/datapackage and `tasrih export --format datapackage`: everything as tables with keys, valid by Frictionless."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import cast

import frictionless
import pytest
from asking import everything
from changing import Writer
from conftest import Command
from flask.testing import FlaskClient

from api.database.replicas import Replicas
from api.replication.positions import Environ, Positions, Start

VALIDATED: set[bytes] = set()
"""Packages that were found to be valid: those of both engines have the same bytes."""


def package(client: FlaskClient) -> dict[str, bytes]:
    answer = client.get("/v1/datapackage")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tasrih.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode(), newline=""), strict=True))


def test_frictionless_finds_the_package_of_the_corpus_valid_with_all_its_keys(
    client: FlaskClient, tmp_path: Path
) -> None:
    files = package(client)
    described = json.loads(files["datapackage.json"])
    assert {resource["path"] for resource in described["resources"]} == files.keys() - {"datapackage.json"}
    assert all(resource["schema"]["primaryKey"] for resource in described["resources"])
    assert sum(len(resource["schema"]["foreignKeys"]) for resource in described["resources"]) > 30
    whole = b"".join(files.values())
    if VALIDATED and whole in VALIDATED:
        return
    assert not VALIDATED, "the engines give different packages"
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    VALIDATED.add(whole)


def test_every_record_has_a_row_and_every_part_of_a_statement_too(client: FlaskClient) -> None:
    files = package(client)
    for record_type in ("statements", "speakers", "agreements", "communiques", "events", "places", "articles"):
        ids = [record["id"] for record in everything(client, record_type, "sort=id")]
        assert [row["id"] for row in rows(files, record_type)] == ids
    assert [row["id"] for row in rows(files, "readings")] == [
        reading["id"] for reading in everything(client, "readings", "sort=id")
    ]
    statements = everything(client, "statements", "sort=id")
    for table, key in (("reports", "reports"), ("figures", "figures"), ("statement_agreements", "agreements")):
        assert len(rows(files, table)) == sum(len(statement[key]) for statement in statements)
    [figure] = [row for row in rows(files, "figures") if row["value"] == "105" and row["number"] == "1"][:1]
    assert (figure["claimant"], figure["measure"]) == ("armenia", "soldiers-killed")


def test_texts_do_not_become_formulas_and_numbers_stay_numbers(writer: Writer) -> None:
    writer.patch("/v1/places/town", {"name": {"en": '=HYPERLINK("http://x")'}})
    [town] = [row for row in rows(package(writer.client), "places") if row["id"] == "town"]
    assert town["name_en"] == '\'=HYPERLINK("http://x")'
    assert (town["longitude"], town["name_ar"]) == ("-46.75", "")


def test_the_command_writes_the_same_files_into_a_new_folder(tasrih: Command, tmp_path: Path) -> None:
    for command in (["migrate"], ["load"]):
        assert tasrih(*command).returncode == 0
    assert tasrih("export", "--format", "datapackage", "tables").returncode == 0
    written = {file.name: file.read_bytes() for file in (tmp_path / "tables").iterdir()}
    described = json.loads(written["datapackage.json"])
    assert {resource["path"] for resource in described["resources"]} == written.keys() - {"datapackage.json"}
    again = tasrih("export", "--format", "datapackage", "tables")
    assert (again.returncode, again.stderr) == (
        1,
        "tasrih: tables exists and is no empty folder: name another.\n",
    )
    assert list(tmp_path.glob(".tables*")) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--format", "datapackage"], "needs a DIRECTORY"),
        (["--format", "csv", "tables"], "takes no DIRECTORY"),
        (["--format", "datapackage", "--output", "x", "tables"], "takes no --output"),
    ],
)
def test_a_folder_is_named_where_one_is_written_and_nowhere_else(
    tasrih: Command, arguments: list[str], sentence: str
) -> None:
    refused = tasrih("export", *arguments)
    assert refused.returncode == 2
    assert sentence in refused.stderr


def test_a_head_of_the_package_has_no_body_and_other_types_are_refused(client: FlaskClient) -> None:
    answer = client.head("/v1/datapackage")
    assert (answer.status_code, answer.data) == (200, b"")
    assert client.get("/v1/datapackage", headers={"Accept": "image/png"}).status_code == 406


def test_only_what_takes_no_long_export_is_read_from_a_replica(client: FlaskClient) -> None:
    """A standby would cancel a long read, or stop showing changes while it lasts."""
    chosen: list[str] = []

    class Standbys:
        def choose(self) -> None:
            chosen.append(environ["PATH_INFO"])

    def answer(environ: Environ, start: Start) -> list[bytes]:
        start("200 OK", [])
        return []

    for path in ("/v1/datapackage", "/v1/statements/export", "/v1/statements"):
        environ: Environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": ""}
        Positions(answer, cast(Replicas, Standbys()))(environ, lambda *started: None)
    assert chosen == ["/v1/statements"]
