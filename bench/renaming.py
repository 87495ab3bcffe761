"""`python -m bench.renaming`: how long it takes until a new name of a speaker who made that many statements is shown by all.

A database of its own is filled, the speaker renamed in it twice, and the database thrown away. The names change in every
statement; so do its entity tag, its search text and, with one small row each, the log of changes.
"""

import time
import unittest.mock
from collections.abc import Iterator
from itertools import pairwise
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import click
import orjson
import psycopg
from psycopg import sql

from api.database.connections import connect
from api.database.current import database
from api.documents.record_types import RECORD_TYPES, Document
from api.names import outdated
from api.records import renaming
from api.records.changing import ANY, Condition, put
from bench.__main__ import Sizes, say
from bench.corpora.corpus import Corpus
from bench.corpora.loading import fill

SPEAKERS = RECORD_TYPES["speakers"]


class OneVoice(Corpus):
    """A corpus all of whose statements one speaker made."""

    @property
    def voice(self) -> str:
        """The id of that speaker."""
        return str(self.cast.makers[0])

    def statements(self, first: int, last: int) -> Iterator[Document]:
        """Give the statements of these numbers."""
        for statement in super().statements(first, last):
            speaker = {"speaker": {"id": self.voice}, "office": None, "capacity": "author"}
            yield {**statement, "speakers": [speaker]}


@click.command()
@click.option("--sizes", type=Sizes(), default="10k", show_default=True, help="Numbers of statements.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(sizes: list[int], database_url: str | None, seed: int) -> None:
    """Print seconds and statements a second, and the seconds that others wait for at most: the longest transaction."""
    for size in sizes:
        with TemporaryDirectory() as folder:
            url = _new(database_url) if database_url else f"sqlite:///{folder}/renaming.db"
            corpus = OneVoice(seed, size)
            fill(corpus, url, say)
            for name in ("Renamed Once", "Renamed Twice"):
                took, longest = renamed(url, corpus.voice, name)
                rate = f"{size / took:,.0f} statements/s"
                click.echo(f"{size:,} statements: {took:.2f} s, {rate}; the longest transaction {longest:.2f} s")


def renamed(url: str, speaker: str, name: str) -> tuple[float, float]:
    """Rename a speaker; give the seconds it took, and those of the longest transaction."""
    opened = connect(url)
    database.initialize(opened)
    try:
        stored = SPEAKERS.table.get(SPEAKERS.table.id == speaker)
        document = SPEAKERS.schema.load(orjson.loads(bytes(stored.document)))
        moments = [time.perf_counter()]
        with unittest.mock.patch.object(renaming, "go_on"):  # as in a service, where another thread goes on
            put("speakers", {**document, "name": {"en": name}}, "bench", Condition(must_match=ANY))
        moments.append(time.perf_counter())
        while outdated.is_any():
            renaming.take_turn()
            moments.append(time.perf_counter())
        return moments[-1] - moments[0], max(end - start for start, end in pairwise(moments))
    finally:
        opened.close_all()  # type: ignore[no-untyped-call]


def _new(server: str) -> str:
    """The URL of a new database on a server."""
    name = f"tasrih_renaming_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


if __name__ == "__main__":
    main()
