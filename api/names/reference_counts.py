"""How many statements refer to each record that has a name: kept by what each transaction changes, never counted by it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from api.database.statements import chunked, execute, execute_many
from api.documents.record_types import RECORD_TYPES
from api.models import TABLES
from api.models.base import Table, owner_of, references_of
from api.models.holders import NamedRecord
from api.models.statements import Statement
from api.names.holders import BATCH_SIZE, Key
from schemas.answers.suggestions import NAMED


def of_statements(statements: Iterable[int]) -> Counter[Key]:
    """In how many of these statements each named record is referred to, anywhere, as their rows say."""
    counts: Counter[Key] = Counter()
    for batch in chunked(statements, BATCH_SIZE):
        counts.update(_counted(f"statement IN ({', '.join(map(str, batch))})"))
    return counts


def of_all_statements() -> Counter[Key]:
    """In how many statements each named record is referred to."""
    return _counted("statement IS NOT NULL")


def of_records(record_type: str, numbers: Iterable[int]) -> Counter[Key]:
    """In how many statements each of these records is referred to."""
    counts: Counter[Key] = Counter()
    for batch in chunked(numbers, BATCH_SIZE):
        counts.update(_counted(f"record IN ({', '.join(map(str, batch))})", [record_type]))
    return counts


def _counted(which: str, record_types: Collection[str] = NAMED) -> Counter[Key]:
    referring = [
        f"SELECT '{record_type}' AS record_type, statement, record FROM ({rows}) AS rows_of_{table._meta.table_name}"
        f" WHERE record IS NOT NULL AND {which}"
        for record_type in record_types
        for table in TABLES
        for field in references_of(table, RECORD_TYPES[record_type].table)
        if (rows := _of_statements(table, f'"{field.column_name}"')) is not None
    ]
    sql = (
        f"SELECT record_type, record, COUNT(*) FROM ({' UNION '.join(referring)}) AS found GROUP BY record_type, record"
    )
    return Counter({(record_type, record): count for record_type, record, count in execute(sql).fetchall()})


def _of_statements(table: type[Table], column: str) -> str | None:
    """A SELECT of (statement, record) from a table whose rows are, or belong to, statements; None for another."""
    name, owner = f'"{table._meta.table_name}"', owner_of(table)
    if table is Statement:
        return f"SELECT number AS statement, {column} AS record FROM {name}"
    if owner is None:
        return None
    if owner.rel_model is Statement:
        return f"SELECT {owner.column_name} AS statement, {column} AS record FROM {name}"
    above = _of_statements(owner.rel_model, "number")
    if above is None:
        return None
    joined = f"JOIN ({above}) AS above ON above.record = {name}.{owner.column_name}"
    return f"SELECT above.statement, {name}.{column} AS record FROM {name} {joined}"


def add(more: Mapping[Key, int]) -> None:
    """Add to, or take from, the numbers of statements that refer to records."""
    values = [(by, *key) for key, by in sorted(more.items()) if by]
    execute_many(_ADD, values)


_ADD = "UPDATE named_record SET statements = statements + ? WHERE record_type = ? AND record = ?"


def recount() -> None:
    """Count anew what refers to each record."""
    NamedRecord.update(statements=0).execute()
    add(of_all_statements())
