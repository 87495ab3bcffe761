"""Compress the documents of the log of changes on SQLite; PostgreSQL compresses long values by itself.

The column gets another name, so that a program which would take what it holds for JSON finds none.
"""

from api.database.compression import compressed
from api.database.dialect import is_sqlite
from api.database.statements import execute, execute_many

AT_ONCE = 500


def up(migrator, db):
    execute('ALTER TABLE "change" RENAME COLUMN "document" TO "body"')
    last = 0
    while is_sqlite() and (batch := execute(_NEXT, (last, AT_ONCE)).fetchall()):
        execute_many('UPDATE "change" SET body = ? WHERE sequence = ?', [(compressed(body), at) for at, body in batch])
        last = batch[-1][0]


_NEXT = 'SELECT sequence, body FROM "change" WHERE sequence > ? AND body IS NOT NULL ORDER BY sequence LIMIT ?'
