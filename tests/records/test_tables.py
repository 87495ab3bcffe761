"""What the database itself refuses, whoever writes to it, and that the migrations make the tables of the models."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from builders import row_counts, versions, write
from conftest import NewDatabase, fill
from peewee import Field, IntegrityError
from texts import article, saved

from api.access import tokens
from api.bitmaps.stored import refresh
from api.database.connections import connect
from api.database.current import database
from api.database.dialect import is_sqlite
from api.models import TABLES
from api.models.access import Idempotency, Token
from api.models.articles import Reading
from api.models.base import Record, ReferenceField, TermField, tuples
from api.models.changes import Outdated
from api.models.log_cuts import Expiry, Restoration
from api.models.mirrors import Arrival, Mirror
from api.models.statements import Statement
from api.texts.attaching import attach

NOBODY = 999_999


@pytest.fixture(scope="module")
def filled(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A database that holds the world; no test here may leave anything behind in it."""
    opened: Any = fill(new_database(), write(article(), tmp_path_factory.mktemp("world")))
    attach(saved(tmp_path_factory.mktemp("texts")), longest_quotation=600)
    tokens.create("a-newsroom", ["write"], expires_at=None)
    for [number] in tuples(Token.select(Token.number)):
        Idempotency.insert(token=number, key="k", fingerprint="0" * 64, claim="c", claimed_at="2020").execute()
    Expiry.insert(until=1, moment="2020-01-01T00:00:00.000000Z").execute()
    Mirror.insert(source="http://x", position=1, since=1, seen=0, is_whole=False).execute()
    last = {"operation": "deleted", "recorded_at": "2020", "recorded_by": "x", "sequence": 1, "began": 1}
    Arrival.insert(record_type="places", record_id="x", **last).execute()
    Outdated.insert(record_type="places", record=NOBODY, recorded_by="x").execute()
    refresh(few=0)
    Restoration.insert(moment="2020-01-01T00:00:00.000000Z", position=1, resumed=1).execute()
    before = row_counts(), versions()
    yield opened
    database.initialize(opened)
    assert (row_counts(), versions()) == before
    opened.close_all()


@pytest.fixture(autouse=True)
def at_work_on(filled: Any) -> None:
    database.initialize(filled)


def refused(*statements: str) -> bool:
    """Whether a transaction of these statements is refused, at the latest when it is committed."""
    try:
        with database.atomic():
            for statement in statements:
                database.execute_sql(statement)
    except IntegrityError:
        return True
    return False


def first(table: str) -> str:
    key = {
        "term": "key",
        "article_text": "article_id",
        "change": "sequence",
        "arrival": "sequence",
        "stored_bitmaps": "name",
    }.get(table, "number")
    return f'"{key}" = (SELECT MIN("{key}") FROM "{table}")'


def test_the_world_fills_every_table() -> None:
    assert [table for table, count in row_counts().items() if count == 0] == []


def columns(kind: type[Any] = Field, *, required: bool = False) -> list[tuple[str, str]]:
    """The table and name of every column of a kind."""
    return [
        (table._meta.table_name, field.column_name)
        for table in TABLES
        for field in table._meta.sorted_fields
        if isinstance(field, kind) and not (required and field.null)
    ]


def accepted(written: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """Those of these columns whose first row may hold this value."""
    return [
        (table, column)
        for table, column in written
        if not refused(f'UPDATE "{table}" SET "{column}" = {value} WHERE {first(table)}')
    ]


def test_a_reference_to_no_row_is_refused() -> None:
    assert accepted(columns(ReferenceField), str(NOBODY)) == []


def test_a_term_of_no_vocabulary_is_refused() -> None:
    assert accepted(columns(TermField), "'acts/sing'") == []


def test_a_column_that_must_have_a_value_has_one() -> None:
    assert accepted(columns(required=True), "NULL") == []


@pytest.mark.parametrize("table", ["participant", "signatory", "statement_speaker"])
def test_an_office_of_nobody_or_of_another_speaker_is_refused(table: str) -> None:
    for office in ("king", "prime-minister" if table != "signatory" else "envoy"):
        assert refused(f"UPDATE \"{table}\" SET office = '{office}' WHERE {first(table)}")


def test_a_provision_of_another_agreement_is_refused() -> None:
    assert refused(f'UPDATE "agreement_reference" SET provision = 3 WHERE {first("agreement_reference")}')
    assert refused('DELETE FROM "provision" WHERE point = 2')


def test_a_record_that_others_refer_to_can_not_be_deleted() -> None:
    referred = [
        table for table in TABLES if issubclass(table, Record) and table is not Reading
    ]  # which nothing refers to
    assert [table for table in referred if not refused(str(table.delete()))] == []


MANY_ALIKE = {"milestone", "figure"}
"""Tables in which two rows may say the same."""


def twice(table: Any) -> str:
    """A statement that writes the first row of a table once more, under another number."""
    name = table._meta.table_name
    listed = ", ".join(
        f'"{column}"' for some, column in columns() if some == name and column not in ("number", "sequence")
    )
    return f'INSERT INTO "{name}" ({listed}) SELECT {listed} FROM "{name}" WHERE {first(name)}'


def test_the_same_row_twice_is_refused() -> None:
    single = [table for table in TABLES if table._meta.table_name not in MANY_ALIKE]
    assert [table for table in single if not refused(twice(table))] == []


def test_an_agreement_is_not_referred_to_twice_in_the_same_way_without_a_provision() -> None:
    twice_over = (
        "INSERT INTO agreement_reference (owner_id, agreement_id, relation)"
        " SELECT owner_id, agreement_id, relation FROM agreement_reference UNION ALL"
        " SELECT owner_id, agreement_id, relation FROM agreement_reference"
    )
    assert refused(twice_over, "DELETE FROM agreement_reference WHERE provision IS NULL")


DATED = ["event", "agreement", "milestone", "communique", "article", "reading", "statement"]
CHECKS: list[tuple[str, str]] = [
    *[
        (table, assignment)
        for table in DATED
        for assignment in (
            "date_earliest = '2020-1-1'",
            "date_latest = '2020'",
            "date_earliest = '2021-01-01', date_latest = '2020-01-01', sort_day = '2020-01-01'",
            "sort_day = '2000-01-01'",
        )
    ],
    ("speaker", "part_of_id = number"),
    ("place", "part_of_id = number"),
    ("place", "latitude = 91, longitude = 0"),
    ("place", "latitude = 0, longitude = -181"),
    ("place", "latitude = 0, longitude = NULL"),
    ("office", "earliest = '2020-01-01', latest = '2019-12-31'"),
    ("provision", "point = 0"),
    ("agreement_relation", "agreement_id = owner_id"),
    ("article", "length = 0"),
    ("article", "sha256 = 'short'"),
    ("article_text", "context_length = -1"),
    ("article_text", "context_length = 500, quotation_length = 400"),
    ("article_text", "quotation_length = 700, longest_quotation = 600"),
    ("change", "operation = 'forgotten'"),
    ("change", "operation = 'rendered'"),
    ("change", "operation = 'deleted'"),
    ("change", "operation = 'merged'"),
    ("change", "revision = NULL"),
    ("change", "body = NULL"),
    ("change", "etag = NULL"),
    ("change", "merged_into = 'another'"),
    ("figure", "value = -1"),
    ("statement_link", "statement_id = owner_id"),
    ("chain_link", "position = -1"),
    ("evidence", '"start" = -1'),
    ("evidence", '"start" = "end"'),
    ("evidence", "sha256 = 'short'"),
    ("token", "sha256 = 'short'"),
    ("idempotency", "fingerprint = 'short'"),
]


def test_a_value_that_can_not_be_is_refused() -> None:
    assert [
        check for check in CHECKS if not refused(f'UPDATE "{check[0]}" SET {check[1]} WHERE {first(check[0])}')
    ] == []


def test_rows_of_one_transaction_may_refer_to_each_other_in_any_order() -> None:
    party = f"INSERT INTO party (owner_id, speaker_id) SELECT MIN(number), {NOBODY} FROM agreement"
    speaker = (
        f"INSERT INTO speaker (number, id, label, body, etag, created_at, updated_at, kind)"
        f" SELECT {NOBODY}, 'later', label, body, etag, created_at, updated_at, kind FROM speaker WHERE id = 'north'"
    )
    assert refused(party)
    assert not refused(party, speaker)
    assert not refused(f"DELETE FROM speaker WHERE number = {NOBODY}", f"DELETE FROM party WHERE speaker_id = {NOBODY}")


def test_a_transaction_that_is_refused_leaves_nothing_behind() -> None:
    before = Statement.select(Statement.etag).order_by(Statement.number).tuples()[:]
    assert refused("UPDATE statement SET etag = 'x'", f"UPDATE statement SET event_id = {NOBODY}")
    assert Statement.select(Statement.etag).order_by(Statement.number).tuples()[:] == before


SQLITE_CATALOGUE = """
SELECT t.name, 'column', c.name || ' ' || c.type || ' null=' || (1 - c."notnull") || ' key=' || c.pk
       || ' default=' || coalesce(c.dflt_value, '')
  FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
UNION ALL
SELECT t.name, 'index', i.name || ' unique=' || i."unique" || ' partial=' || i.partial || ' (' ||
       (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
  FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'
UNION ALL
SELECT t.name, 'foreign key', f.id || '.' || f.seq || ' ' || f."from" || ' > ' || f."table" || '.' || f."to" || ' ' || f.on_delete
  FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
UNION ALL
SELECT t.name, 'text', t.sql FROM sqlite_master t WHERE t.type = 'table'
"""

POSTGRESQL_CATALOGUE = """
SELECT table_name, 'column', concat_ws(' ', column_name, data_type, is_nullable, is_identity, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT tablename, 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT conrelid::regclass::text, 'constraint', pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""


def _defined(created: str) -> list[str]:
    """The parts of a CREATE TABLE."""
    return re.split(r", (?![^()]*\))", created.partition("(")[2].removesuffix(")"))


def catalogue(opened: Any) -> dict[str, list[tuple[str, str]]]:
    """Columns, indexes and constraints of every table of the models, as the engine describes them."""
    found: dict[str, list[tuple[str, str]]] = {table._meta.table_name: [] for table in TABLES}
    sql = SQLITE_CATALOGUE if is_sqlite() else POSTGRESQL_CATALOGUE
    for table, kind, description in opened.execute_sql(sql).fetchall():
        if table.strip('"') in found:
            words = " ".join(description.split()).replace("( ", "(").replace(" )", ")")
            # A column that was added later stands at the end.
            found[table.strip('"')] += [(kind, part) for part in (_defined(words) if kind == "text" else [words])]
    return {table: sorted(descriptions) for table, descriptions in found.items()}


def test_the_migrations_make_the_tables_of_the_models(filled: Any, new_database: NewDatabase) -> None:
    migrated = catalogue(filled)
    opened: Any = connect(new_database())
    database.initialize(opened)
    for table in TABLES:
        table.create_table()
    modelled = catalogue(opened)
    opened.close_all()
    database.initialize(filled)
    assert all(modelled.values())
    for name, described in modelled.items():
        assert migrated[name] == described


def test_the_migrations_make_no_other_tables_than_those_of_the_text_index_and_their_own(filled: Any) -> None:
    others = set(filled.get_tables()) - set(row_counts())
    assert {table for table in others if "_text" not in table} - {"sqlite_sequence"} == {"schema_migration"}
