"""`tasrih export --format parquet`: the tables of the data package as files of columns, read by Arrow's own reader."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import NewDatabase, fill

from api.commands.main import main
from api.database.current import database

parquet = pytest.importorskip(
    "pyarrow.parquet", reason="the extra 'parquet' is missing: 'make test-system' installs it"
)

READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda written: {"true": True, "false": False}[written],
    "date": date.fromisoformat,
}
ARROW = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool", "date": "date32[day]"}


def test_parquet_has_the_rows_of_the_data_package_with_their_types(new_database: NewDatabase, tmp_path: Path) -> None:
    fill(url := new_database())
    database.obj.close_all()
    for form in ("datapackage", "parquet"):
        written = CliRunner().invoke(
            main, ["export", "--format", form, str(tmp_path / form)], env={"DATABASE_URL": url}
        )
        assert written.exit_code == 0, written.output
    resources = json.loads((tmp_path / "datapackage" / "datapackage.json").read_bytes())["resources"]
    assert {each.stem for each in (tmp_path / "parquet").iterdir()} == {each["name"] for each in resources}
    for resource in resources:
        table = parquet.read_table(tmp_path / "parquet" / f"{resource['name']}.parquet")
        fields = resource["schema"]["fields"]
        assert {each.name: str(each.type) for each in table.schema} == {
            each["name"]: ARROW[each["type"]] for each in fields
        }
        required = {each["name"] for each in fields if each.get("constraints", {}).get("required")}
        assert {each.name for each in table.schema if not each.nullable} == required
        assert table.to_pylist() == rows(tmp_path / "datapackage" / resource["path"], fields), resource["name"]


def rows(path: Path, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table in CSV, each value read as its field says."""
    types = {field["name"]: field["type"] for field in fields}
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: _read(types[name], value) for name, value in row.items()} for row in csv.DictReader(file)]


def _read(type_: str, written: str) -> Any:
    return None if written == "" else READ[type_](written)
