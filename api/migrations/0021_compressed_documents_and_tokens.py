"""Compress the documents of records, those of the log on PostgreSQL too, and what the text indexes of SQLite hold.

The columns of documents get another name, so that a program which would take what they hold for JSON finds none. FTS5 finds the rows
of a view of compressed tokens instead of rows of its own, and indexes everything anew. PostgreSQL keeps one `tsvector` of each
record, which it compresses by itself: nothing changes there.
"""

from api.database.compression import compressed, compressed_tokens
from api.database.dialect import is_sqlite
from api.database.statements import execute, execute_many

AT_ONCE = 500


RECORDS = ("agreement", "article", "communique", "event", "place", "reading", "speaker", "statement", "vocabulary")


def up(migrator, db):
    for table in RECORDS:
        execute(f'ALTER TABLE "{table}" RENAME COLUMN "document" TO "body"')
        _compress_documents(table, "number")
    if not is_sqlite():  # where 0020_compressed_log has done it
        _compress_documents("change", "sequence")
    for (table,) in execute(_TEXT_TABLES).fetchall() if is_sqlite() else ():
        _compress_tokens(table)


def _compress_documents(table, key):
    last = 0
    while batch := execute(_NEXT.format(table=table, key=key), (last, AT_ONCE)).fetchall():
        execute_many(f'UPDATE "{table}" SET body = ? WHERE {key} = ?', [(compressed(bytes(body)), at) for at, body in batch])
        last = batch[-1][0]


_NEXT = 'SELECT {key}, body FROM "{table}" WHERE {key} > ? AND body IS NOT NULL ORDER BY {key} LIMIT ?'
_TEXT_TABLES = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual' AND name LIKE '%\\_text' ESCAPE '\\'"


def _compress_tokens(table):
    execute(f'CREATE TABLE "{table}_compressed" ("key" INTEGER NOT NULL PRIMARY KEY, "tokens" BLOB NOT NULL)')
    number = _copy(table)
    execute(f'DROP TABLE "{table}"')
    execute(f'ALTER TABLE "{table}_compressed" RENAME TO "{table}_content"')
    execute(f'CREATE VIEW "{table}_plain" AS SELECT "key", plain_tokens("tokens") AS "tokens" FROM "{table}_content"')
    execute(
        f'CREATE VIRTUAL TABLE "{table}" USING'
        f' fts5(tokens, tokenize = "ascii", content = "{table}_plain", content_rowid = "key", columnsize = 0)'
    )
    if number:  # a database in memory that is only asked for its tables lacks the function of the view
        execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'rebuild\')')


def _copy(table):
    number, last = 0, -1
    select = f'SELECT rowid, tokens FROM "{table}" WHERE rowid > ? ORDER BY rowid LIMIT {AT_ONCE}'
    while batch := execute(select, (last,)).fetchall():
        frames = [(key, compressed_tokens(tokens)) for key, tokens in batch]
        execute_many(f'INSERT INTO "{table}_compressed" ("key", "tokens") VALUES (?, ?)', frames)
        number, last = number + len(batch), batch[-1][0]
    return number
