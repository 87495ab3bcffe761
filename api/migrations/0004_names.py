"""Names, the beginnings they are typed by, and how often their bearers are referred to."""

from pathlib import Path

from peewee import SqliteDatabase


def up(migrator, db):
    engine = "sqlite" if isinstance(db, SqliteDatabase) else "postgresql"
    script = Path(__file__).with_suffix(f".{engine}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
