"""`python -m bench.corpora.dictionary KIND PATH`: train a dictionary by which Tasrih compresses what it keeps.

The samples are of the five-article corpus: the documents of all records as they are stored, or what the text index holds for
them. The files that this has made once, in `api/database/compression`, stay as they are, because what is stored can't be read
without them.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import click
from zstandard import train_dictionary

from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.database.compression import decompressed
from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.migrations.running import migrate
from api.search.index import table_of

Samples: TypeAlias = "list[bytes | bytearray | memoryview[int]]"


def documents() -> Samples:
    """The documents of all records as they are stored."""
    tables = [record_type.table._meta.table_name for record_type in RECORD_TYPES.values()]
    return [decompressed(body) for table in tables for (body,) in rows(f'SELECT body FROM "{table}" ORDER BY id')]


def tokens() -> Samples:
    """What the text index holds for all records."""
    tables = map(table_of, RECORD_TYPES)
    return [held.encode() for table in tables for (held,) in rows(f'SELECT tokens FROM "{table}" ORDER BY rowid')]


KINDS: dict[str, tuple[Callable[[], Samples], int]] = {"documents": (documents, 32 << 10), "tokens": (tokens, 64 << 10)}
"""How the samples of a kind are read, and the bytes of its dictionary. The documents repeat no more than 32 kB; of tokens,
those of half the corpus shrink to 0.12 of their size by 32 kB of the other half, and to 0.10 by 64."""


def samples(read: Callable[[], Samples]) -> Samples:
    """What can be read of the five-article corpus on SQLite."""
    with TemporaryDirectory() as folder:
        create_sqlite_file(path := Path(folder) / "corpus.db")
        opened = connect(f"sqlite:///{path}")
        with use_database(opened):
            migrate()
            load_vocabularies()
            load(seed_corpus())
            found = read()
        opened.close_all()  # type: ignore[no-untyped-call]
        return found


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def main(kind: str, path: Path) -> None:
    """Write a dictionary for a KIND of samples to PATH."""
    read, size = KINDS[kind]
    path.write_bytes(train_dictionary(size, samples(read)).as_bytes())


if __name__ == "__main__":
    main()
