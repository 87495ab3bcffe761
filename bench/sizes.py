"""`python -m bench.sizes URL`: the bytes that each table and each index of a database takes, in all and per statement.

On SQLite they are its pages, with what of them is unused (https://www.sqlite.org/dbstat.html); on PostgreSQL what
`pg_table_size`, which counts TOAST and maps of free space, and `pg_relation_size` say. The server is not asked what is unused.
"""

import sqlite3
from contextlib import closing
from typing import NamedTuple

import click
import psycopg

from api.database.urls import sqlite_path


class Size(NamedTuple):
    """What a table or an index takes, in bytes; `unused` is None where it is unknown."""

    table: str
    name: str
    bytes: int
    unused: int | None


_SQLITE = """
SELECT COALESCE(made.tbl_name, stat.name), stat.name, SUM(stat.pgsize), SUM(stat.unused)
  FROM dbstat AS stat LEFT JOIN sqlite_schema AS made ON made.name = stat.name GROUP BY 1, 2
"""
_POSTGRESQL = """
SELECT relname, relname, pg_table_size(oid), NULL FROM pg_class
 WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)
UNION ALL
SELECT tablename, indexname, pg_relation_size(CAST(quote_ident(indexname) AS regclass)), NULL FROM pg_indexes
 WHERE schemaname = current_schema()
"""
_STATEMENTS = "SELECT COUNT(*) FROM statement"


def sizes(url: str) -> tuple[int, list[Size]]:
    """How many statements a database has, and what it takes, the largest first."""
    path = sqlite_path(url)
    opened = psycopg.connect(url) if path is None else sqlite3.connect(path)
    with closing(opened) as connection:
        [(statements,)] = connection.execute(_STATEMENTS).fetchall()
        found = connection.execute(_POSTGRESQL if path is None else _SQLITE).fetchall()
    return statements, sorted((Size(*row) for row in found), key=lambda size: -size.bytes)


@click.command()
@click.argument("url")
@click.option(
    "--least", type=int, default=20, show_default=True, help="Bytes per statement of what is listed by itself."
)
def main(url: str, least: int) -> None:
    """Print Markdown."""
    statements, found = sizes(url)
    listed = [size for size in found if size.bytes >= least * statements]
    click.echo("| table or index | bytes | of these unused |\n|---|--:|--:|")
    for size in listed:
        name = size.name if size.name == size.table else f"{size.table}: {size.name.removeprefix(f'{size.table}_')}"
        click.echo(_row(name, [size], statements))
    click.echo(_row(f"{len(found) - len(listed)} others", found[len(listed) :], statements))
    click.echo(_row(f"all, per statement of {statements:,}", found, statements))


def _row(name: str, some: list[Size], statements: int) -> str:
    taken, unused = sum(size.bytes for size in some), [size.unused for size in some]
    known = "" if None in unused else f"{sum(each or 0 for each in unused) / statements:,.0f}"
    return f"| {name} | {taken / statements:,.0f} | {known} |"


if __name__ == "__main__":
    main()
