"""`python -m bench.dictionary PATH`: train the dictionary by which documents of the log are compressed.

The samples are the documents of the five-article corpus, as they are stored. The file that this has made once,
`api/database/compression/documents.zdict`, stays as it is, because stored documents can't be read without it.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from zstandard import train_dictionary

from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.migrations.running import migrate

LONGEST = 32 << 10  # bytes; the articles of the corpus repeat no more than that


def samples() -> list[bytes | bytearray | memoryview[int]]:
    """The documents of all records of the corpus as they are stored."""
    with TemporaryDirectory() as folder:
        create_sqlite_file(path := Path(folder) / "corpus.db")
        opened = connect(f"sqlite:///{path}")
        with use_database(opened):
            migrate()
            load_vocabularies()
            load(seed_corpus())
            tables = [record_type.table._meta.table_name for record_type in RECORD_TYPES.values()]
            found: list[bytes | bytearray | memoryview[int]] = [
                bytes(body) for table in tables for (body,) in rows(f'SELECT document FROM "{table}" ORDER BY id')
            ]
        opened.close_all()  # type: ignore[no-untyped-call]
        return found


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def main(path: Path) -> None:
    """Write a dictionary to PATH."""
    path.write_bytes(train_dictionary(LONGEST, samples()).as_bytes())


if __name__ == "__main__":
    main()
