"""What the SQL of the two engines differs in."""

from peewee import SqliteDatabase

from api.database.current import engine


def is_sqlite() -> bool:
    """Whether the engine is SQLite (the other one is PostgreSQL)."""
    return isinstance(engine(), SqliteDatabase)


def with_placeholders(sql: str, sqlite: bool) -> str:
    """SQL written with `?` for its parameters, with the marks that the driver of the engine reads."""
    return sql if sqlite else sql.replace("?", "%s")
