"""Copies that released versions made are restored and upgraded by this version, and lose nothing."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import pytest
from conftest import NewDatabase
from releasing import FOLDER, RECORDS, REVISIONS, revisions, run, unpacked

from api.database.connections import connect
from api.database.current import use_database
from api.texts.attaching import text_of

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
RELEASED = re.findall(r"^## \[(\d[^]]*)\]", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
"""The versions that were released, the newest first."""

KEPT = sorted(release.name for release in FOLDER.iterdir() if release.is_dir())


def test_copies_of_every_released_version_and_of_this_one_are_kept() -> None:
    assert {*RELEASED, version("tasrih")} <= set(KEPT), "make release-copies (docs/releasing.md)"


@pytest.mark.parametrize("release", KEPT)
def test_a_database_of_a_release_is_upgraded_and_loses_nothing(
    release: str, engine: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    """As long as a version is not released, its copies are made again (`make release-copies`) after a change to what is stored."""
    url, kept = new_database(), FOLDER / release
    run(url, "restore", str(unpacked(kept, engine, tmp_path)))
    run(url, "migrate")
    assert run(url, "check") == "The database is sound.\n"
    now = _documents(run(url, "export"))
    for record, document in _documents((kept / RECORDS).read_text(encoding="utf-8")).items():
        assert now[record] == {**now[record], **document}, "a later version may add keys, but lose none"
    released = orjson.loads((kept / REVISIONS).read_bytes())
    assert revisions(url)[: len(released)] == released
    opened: Any = connect(url)
    with use_database(opened):
        assert text_of("page") is not None
    opened.close_all()


def _documents(lines: str) -> dict[tuple[str, str], dict[str, Any]]:
    parsed = [orjson.loads(line) for line in lines.splitlines()]
    return {(line["type"], line["document"]["id"]): line["document"] for line in parsed}
