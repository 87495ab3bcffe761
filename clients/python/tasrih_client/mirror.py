"""A copy of all records in a SQLite file, kept in step by the feed of changes."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tasrih_client.client import Tasrih
from tasrih_client.errors import Gone
from tasrih_client.records import Feed

_TABLES = """
CREATE TABLE IF NOT EXISTS record (
    type TEXT NOT NULL, id TEXT NOT NULL, etag TEXT NOT NULL, round INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (type, id));
CREATE TABLE IF NOT EXISTS state (since INTEGER NOT NULL, seen INTEGER NOT NULL, round INTEGER NOT NULL);
INSERT INTO state SELECT 0, 0, 1 WHERE NOT EXISTS (SELECT 1 FROM state);
"""


class Mirror:
    """The records of a service in a file. After `update` they are exactly those that it had at that moment.

    Each page of the feed is stored together with the position after it, so a program that is killed goes on where it was.
    """

    def __init__(self, tasrih: Tasrih, file: str | Path) -> None:
        self._tasrih = tasrih
        self._database = sqlite3.connect(file)
        self._database.executescript(_TABLES)

    def update(self) -> int:
        """Bring the copy up to date; return how many changes were applied.

        When the service does not know the position any more (it was restored, say), everything is read again, and what is no
        longer there is removed in the end.
        """
        try:
            return self._read_on()
        except Gone:
            with self._database:
                self._database.execute("UPDATE state SET since = 0, seen = 0, round = round + 1")
            return self._read_on()

    def _read_on(self) -> int:
        [(since, seen)] = self._database.execute("SELECT since, seen FROM state").fetchall()
        count = 0
        for page in self._tasrih.changes(since, seen=seen or None):
            self._apply(page)
            count += len(page["data"])
        return count

    def _apply(self, page: Feed) -> None:
        with self._database:
            for change in page["data"]:
                record = (change["type"], change["id"])
                self._database.execute("DELETE FROM record WHERE type = ? AND id = ?", record)
                if change["document"] is not None:
                    document = json.dumps(change["document"], ensure_ascii=False)
                    sql = "INSERT INTO record SELECT ?, ?, ?, round, ? FROM state"
                    self._database.execute(sql, (*record, change["etag"], document))
            is_at_end, position = not page["page"]["more"], page["page"]["position"]
            seen = 0 if is_at_end else _seen(page["page"]["next"])
            self._database.execute("UPDATE state SET since = ?, seen = ?", (position, seen))
            if is_at_end:
                self._database.execute("DELETE FROM record WHERE round < (SELECT round FROM state)")
                self._database.execute("UPDATE record SET round = 1 WHERE round > 1")
                self._database.execute("UPDATE state SET round = 1")

    def get(self, record_type: str, record_id: str) -> Any:
        """A record as it was at the last update, None when there was none."""
        sql = "SELECT document FROM record WHERE type = ? AND id = ?"
        for (document,) in self._database.execute(sql, (record_type, record_id)):
            return json.loads(document)
        return None

    def records(self, record_type: str) -> Iterator[Any]:
        """All records of a type, in the order of their ids."""
        sql = "SELECT document FROM record WHERE type = ? ORDER BY id"
        for (document,) in self._database.execute(sql, (record_type,)):
            yield json.loads(document)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _seen(following: str) -> int:
    """Where the feed ended when a page was read, by its link to the next one."""
    return int(dict(parse_qsl(urlsplit(following).query)).get("seen", 0))
