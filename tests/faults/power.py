"""The power fails while clients write to SQLite: of what was not synced, the disk has any part, or none.

A library that is preloaded into the service writes down every write, truncation and sync of the database and its log. The
disk is put together as it may be at a moment: all that was synced, and of what was written since then each sector or not,
by chance. That it does detect losses is shown by the same disks without syncs.
"""

import random
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from faults.clients import Client
from faults.engines import SQLite
from faults.load import Lost, person
from faults.service import command, prepared, serving

SECTOR = 512  # bytes that a disk writes whole
_ENTRY = struct.Struct("=qqqcc6x")  # as in power.c


class Entry(NamedTuple):
    """A write, a truncation or a sync of the database or its log, and the nanosecond when it was done."""

    moment: int
    operation: str
    file: str
    offset: int
    length: int
    data: bytes


class Acknowledged(NamedTuple):
    """A write that a client was told of, when, and the entity tag it got."""

    moment: int
    record: str
    etag: str


@dataclass
class Disk:
    """What a file surely is after a power cut, and what was written to it since it was last synced."""

    content: bytearray = field(default_factory=bytearray)
    pending: list[Entry] = field(default_factory=list)

    def take(self, entry: Entry, syncs: bool) -> None:
        """Let an entry happen; without `syncs` the disk only pretends to sync."""
        if entry.operation != "s":
            self.pending.append(entry)
        elif syncs:
            for earlier in self.pending:
                _apply(self.content, earlier, lambda: True)
            self.pending.clear()

    def after_power_cut(self, chance: random.Random) -> bytes:
        """The file as it may be found."""
        found, share = bytearray(self.content), chance.random()
        for entry in self.pending:
            _apply(found, entry, lambda: chance.random() < share)
        return bytes(found)


def _apply(content: bytearray, entry: Entry, kept: Any) -> None:
    """Write those sectors of an entry to a file that are kept; what was never written reads as zeros."""
    if entry.operation == "t":
        if kept():
            content[entry.length :] = bytes(max(0, entry.length - len(content)))
        return
    start, end = entry.offset, entry.offset + entry.length
    while start < end:
        stop = min(end, start - start % SECTOR + SECTOR)
        if kept():
            content.extend(bytes(max(0, stop - len(content))))
            content[start:stop] = entry.data[start - entry.offset : stop - entry.offset]
        start = stop


def run(engine: SQLite, port: int, writes: int = 200, cuts: int = 60, seed: int = 1) -> dict[str, Any]:
    """Let clients write, and cut the power at moments drawn from a seed: every acknowledged write must be there."""
    if not shutil.which("cc"):
        return {"left out": "there is no C compiler"}
    url = engine.new_database()
    path = Path(url.removeprefix("sqlite:///"))
    token = prepared(url)
    before = path.read_bytes()
    with tempfile.TemporaryDirectory(prefix="faults-power-") as place:
        folder = Path(place)
        record, library = folder / "record", _library(folder)
        settings = {"LD_PRELOAD": str(library), "POWER_DATABASE": str(path), "POWER_RECORD": str(record)}
        with serving(url, port, **settings):
            acknowledged = _written(port, token, writes)
        entries = list(_entries(record.read_bytes()))
        chance = random.Random(seed)
        moments = sorted(chance.sample(range(len(entries)), min(cuts, len(entries))))
        lost = _cut(before, entries, moments, acknowledged, folder, True, chance)
        if lost:
            raise Lost(f"Of the acknowledged writes {lost} are not there after a power cut.")
        pretended = _cut(before, entries, moments, acknowledged, folder, False, chance)
    return {
        "writes": len(acknowledged),
        "power cuts": len(moments),
        "syncs": sum(entry.operation == "s" for entry in entries),
        "of the database itself": sum(entry.operation == "s" and entry.file == "d" for entry in entries),
        "acknowledged and lost, over all cuts": lost,
        "the same if the disk only pretends to sync": pretended,
    }


def _library(folder: Path) -> Path:
    library = folder / "power.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _written(port: int, token: str, writes: int, clients: int = 8) -> list[Acknowledged]:
    """What clients were told that made records and renamed them."""

    def write(number: int) -> list[Acknowledged]:
        told = []
        with Client(port, token) as client:
            for turn in range(writes // clients // 2):
                address = f"/v1/speakers/power-{number}-{turn}"
                made, _ = client.persist("PUT", address, person(turn), If_None_Match="*")
                told.append(Acknowledged(time.monotonic_ns(), address.rpartition("/")[2], made.headers["etag"]))
                name = {"name": {"en": f"Witness number {turn} again"}}
                renamed, _ = client.persist("PATCH", address, name, If_Match=made.headers["etag"])
                told.append(Acknowledged(time.monotonic_ns(), address.rpartition("/")[2], renamed.headers["etag"]))
        return told

    with ThreadPoolExecutor(clients) as pool:
        return [entry for told in pool.map(write, range(clients)) for entry in told]


def _entries(record: bytes) -> Iterator[Entry]:
    place = 0
    while place < len(record):
        moment, offset, length, operation, file = _ENTRY.unpack_from(record, place)
        place += _ENTRY.size
        data = record[place : place + length] if operation == b"w" else b""
        place += len(data)
        yield Entry(moment, operation.decode(), file.decode(), offset, length, data)


def _cut(
    before: bytes,
    entries: list[Entry],
    moments: list[int],
    acknowledged: list[Acknowledged],
    folder: Path,
    syncs: bool,
    chance: random.Random,
) -> int:
    """How many acknowledged writes are lost, over all moments; raise Lost when a database that was synced is damaged."""
    disks, lost = {"d": Disk(bytearray(before)), "l": Disk()}, 0
    for number, entry in enumerate(entries):
        disks[entry.file].take(entry, syncs)
        if number in moments:
            path = folder / "cut.db"
            path.with_name("cut.db-shm").unlink(missing_ok=True)
            path.write_bytes(disks["d"].after_power_cut(chance))
            path.with_name("cut.db-wal").write_bytes(disks["l"].after_power_cut(chance))
            expected = {(told.record, told.etag) for told in acknowledged if told.moment < entry.moment}
            lost += len(expected - _logged(path, syncs))
            if syncs and moments.index(number) % 20 == 0:
                command(f"sqlite:///{path}", "check")
    return lost


def _logged(path: Path, must_be_sound: bool) -> set[tuple[str, str]]:
    """The records and entity tags in the log of changes; none of a damaged database."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            [[verdict]] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            if verdict == "ok":
                return set(connection.execute("SELECT record_id, etag FROM change WHERE record_type = 'speakers'"))
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if must_be_sound:
        raise Lost(f"After a power cut the database is damaged: {verdict}")
    return set()
