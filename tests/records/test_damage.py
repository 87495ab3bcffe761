"""Whatever is damaged in a database, a check finds it: a row that is lost, or a value that is changed, in every table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import texts
from applications import client_of
from builders import person
from changing import Writer, accepted
from conftest import NewDatabase
from peewee import (
    BlobField,
    BooleanField,
    DoubleField,
    IntegerField,
    IntegrityError,
    OperationalError,
    ProgrammingError,
)

from api.bitmaps.stored import refresh
from api.changelog.retention import expire
from api.checks import consistency
from api.checks.consistency import inconsistencies, index_faults
from api.database.current import database
from api.database.dialect import is_sqlite
from api.documents.record_types import RECORD_TYPES
from api.models import TABLES
from api.models.access import Idempotency, Token
from api.models.base import Record, ReferenceField, Table, TermField, tuples
from api.models.changes import Change, Outdated, StoredBitmaps
from api.models.holders import NameEdition
from api.models.log_cuts import Expiry, Restoration
from api.models.mirrors import Arrival, Mirror
from api.models.vocabularies import Term
from api.records.mending import mend
from api.texts import attaching


@pytest.fixture(scope="module")
def lived_in(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A database in which every table has rows: the small world with a text attached, after changes of every kind.

    It is sound, before any test damages it and when they all have undone their damage.
    """
    records: Any = {record_type: list(documents.values()) for record_type, documents in texts.article().items()}
    with client_of(new_database(), records, needed=False) as client:
        attaching.attach(texts.saved(tmp_path_factory.mktemp("texts")), 600)
        refresh(few=0)
        _live(Writer(client))
        refresh(few=0)
        lived_in = database.obj
        assert list(inconsistencies()) == []
        yield lived_in
        database.initialize(lived_in)
        assert list(inconsistencies()) == [], "a damage was not undone"


def _live(writer: Writer) -> None:
    accepted(writer.send("POST", "/v1/speakers", person("visitor", "A Visitor"), idempotency_key='"once"'))
    accepted(writer.send("POST", "/v1/speakers", person("double", "Another Petrov")))
    writer.patch("/v1/speakers/minister", {"name": {"en": "Ivan P. Petrov"}})
    writer.patch("/v1/places/town", {"iso_3166": "AM-ER"})
    writer.delete("/v1/speakers/visitor")
    writer.merge("double", "minister")


@pytest.fixture
def damaged(lived_in: Any) -> Iterator[Any]:
    """The database, for damage that is undone when the test is over."""
    database.initialize(lived_in)
    with _undone():
        yield lived_in


@contextmanager
def _undone() -> Iterator[None]:
    with database.atomic() as step:
        yield
        step.rollback()


NOT_KEPT_TWICE: dict[type[Table], set[str]] = {
    Token: {
        "number",
        "public_id",
        "name",
        "sha256",
        "scopes",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    },
    Idempotency: {"number", "key", "fingerprint", "claim", "claimed_at", "body"},
    Expiry: {"number", "until", "moment"},
    NameEdition: {"number", "stamp"},
    Change: {"recorded_by"},
}
"""What says something that nothing else does: whoever changes it, no other row is at odds with it."""

OF_MIRRORS = {Mirror, Arrival}
"""Tables that are empty but in a mirror, where every document is held against its entity tag."""

EMPTY = {Outdated, *OF_MIRRORS}
"""Those, and the list of what is yet to be done."""

UNTOLD = {Idempotency, Token, Expiry, NameEdition, Restoration, StoredBitmaps, *EMPTY}
"""Tables that lose a row without leaving a gap."""

NUMBERED_FREELY = ("number",)
"""The short name of a row of a part is nobody's business, unless parts of its own refer to it."""


def _check_first(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the check begin with the record type that a table belongs to, where it finds the damage soonest."""
    while "owner" in table._meta.fields:
        table = table.owner.rel_model
    order = sorted(RECORD_TYPES.items(), key=lambda named: named[1].table is not table)
    monkeypatch.setattr(consistency, "RECORD_TYPES", dict(order))


@pytest.mark.parametrize("table", [table for table in TABLES if table not in UNTOLD], ids=lambda table: table.__name__)
def test_a_row_that_is_lost_is_found(damaged: Any, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _check_first(table, monkeypatch)
    lost = table.select().order_by(table._meta.primary_key.desc()).limit(1).get()
    with database.atomic() as step:
        table.delete().where(table._meta.primary_key == lost._pk).execute()
        assert next(inconsistencies(), None) is not None
        step.rollback()


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table not in {Restoration, *EMPTY}], ids=lambda table: table.__name__
)
def test_a_value_that_is_changed_is_found(damaged: Any, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _check_first(table, monkeypatch)
    unnoticed = []
    for field in table._meta.sorted_fields:
        if field.name in NOT_KEPT_TWICE.get(table, ()) or (field.primary_key and not issubclass(table, Record | Term)):
            continue
        with _undone():
            if _change(table, field) and next(inconsistencies(), None) is None:
                unnoticed.append(field.name)
    assert unnoticed == []


def _change(table: Any, field: Any) -> bool:
    """Change one value of a column, in the last row that has any; whether the database let it be changed."""
    key, has_value = table._meta.primary_key, field.is_null(False)
    row = next(tuples(table.select(key, field).where(has_value).order_by(key.desc()).limit(1)), None)
    assert row is not None or field.null, f"no row of {table.__name__} has a value in {field.name}"
    if row is None:
        row = next(tuples(table.select(key, field).order_by(key.desc()).limit(1)), None)
    assert row is not None, f"{table.__name__} has no row"
    mark = "?" if is_sqlite() else "%s"
    sql = f'UPDATE "{table._meta.table_name}" SET "{field.column_name}" = {mark} WHERE "{key.column_name}" = {mark}'
    try:
        with database.atomic():
            database.execute_sql(sql, (_other(field, row[1]), key.db_value(row[0])))
    except (IntegrityError, OperationalError, ProgrammingError) as prevented:  # by the engine itself
        if isinstance(prevented, IntegrityError) or "generated" in str(prevented) or "DEFAULT" in str(prevented):
            return False
        raise
    return True


def _other(field: Any, value: Any) -> Any:
    """Another value of the kind that a column has."""
    if isinstance(field, TermField):
        same = Term.key.startswith(f"{field.vocabulary}/") & (Term.key != field.db_value(value))
        return next(tuples(Term.select(Term.key).where(same).order_by(Term.key).limit(1)))[0]
    if isinstance(field, ReferenceField):
        return (getattr(value, "_pk", value) or 0) + 1000
    if isinstance(field, BlobField):
        return bytes(value or b"") + b" "
    if isinstance(field, BooleanField):
        return not value
    if isinstance(field, IntegerField | DoubleField):
        return (value or 0) + 1
    return f"{value or ''}9" if len(str(value or "")) not in (10, 64) else _last_digit_changed(value)


def _last_digit_changed(value: str) -> str:
    """A date or a digest that is another one, and no longer."""
    return value[:-1] + ("1" if value[-1] != "1" else "2")


HARM = {
    "a wrong entity tag": "UPDATE statement SET etag = '\"0\"' WHERE id = 'premier-answers'",
    "a stale rendering, with its entity tag": (
        "UPDATE statement SET body = first.body, etag = first.etag FROM change AS first"
        " WHERE id = 'minister-welcomes' AND record_id = id AND revision = 1"
    ),
    "the document of another record": (
        "UPDATE place SET body = (SELECT body FROM place WHERE id = 'land'),"
        " etag = (SELECT etag FROM place WHERE id = 'land') WHERE id = 'town'"
    ),
    "a part without an owner": "UPDATE figure SET owner_id = 99999",
    "a part twice": "INSERT INTO figure (owner_id, sort_key, measure, value, unit, bound, claimant_id)"
    " SELECT owner_id, sort_key, measure, value, unit, bound, claimant_id FROM figure",
    "a part sorted under another day": "UPDATE target SET sort_key = sort_key + 2147483648",
    "no words in the text index": "DELETE FROM statements_text{content}",
    "words of nobody in the text index": "INSERT INTO places_text{content} (key, tokens) VALUES (99999, 'x')",
    "a wrong number of statements": "UPDATE named_record SET statements = statements + 1 WHERE id = 'premier'",
    "a name that can't be typed": "DELETE FROM name_start WHERE start = 'north'",
    "names of nobody": "INSERT INTO named_record (record_type, record, id, label, statements) VALUES ('places', 9999, 'x', '{{}}', 0)",
    "a quotation that no longer fits": "UPDATE article_text SET text = replace(text, 'الهدنة', 'الهدية')",
    "a quotation that is longer than it may be": "UPDATE article_text SET quotation_length = quotation_length - 1",
    "a record that the log doesn't know": "DELETE FROM change WHERE record_id = 'truce'",
    "a gap in the revisions": "DELETE FROM change WHERE record_id = 'minister' AND revision = 2",
    "a log that begins too late": "DELETE FROM change WHERE record_id = 'minister' AND revision = 1",
    "a log that ends too early": "DELETE FROM change WHERE record_id = 'premier-answers' AND operation = 'rendered'",
    "a deletion that is not logged": "DELETE FROM change WHERE record_id = 'visitor' AND operation = 'deleted'",
    "a deletion that did not happen": (
        "INSERT INTO change (record_type, record_id, revision, operation, recorded_at, recorded_by)"
        " SELECT record_type, record_id, revision + 1, 'deleted', '2999-01-01T00:00:00.000000Z', 'x' FROM change"
        " WHERE record_id = 'land'"
    ),
    "two beginnings": (
        "INSERT INTO change (record_type, record_id, record_number, revision, operation, recorded_at, recorded_by, etag, body)"
        " SELECT record_type, record_id, record_number, revision + 1, operation, '2999-01-01T00:00:00.000000Z', recorded_by, etag,"
        " body FROM change WHERE record_id = 'land'"
    ),
    "a merger into nobody": "UPDATE change SET merged_into = 'nobody' WHERE operation = 'merged'",
    "a merger into itself": "UPDATE change SET merged_into = record_id WHERE operation = 'merged'",
    "a row recorded before those before it": (
        "UPDATE change SET recorded_at = '2001-01-01T00:00:00.000000Z' WHERE operation = 'merged'"
    ),
    "another content in the log": (
        "UPDATE change SET body = (SELECT body FROM speaker WHERE id = 'premier')"
        " WHERE record_id = 'minister' AND revision = 2"
    ),
    "a document in the log that can't be read": "UPDATE change SET body = substr(body, 1, 20) WHERE record_id = 'land'",
    "a kept answer that tells of nothing": "UPDATE idempotency SET headers = replace(headers, 'visitor', 'nobody')",
    "a kept answer that can't be read": "UPDATE idempotency SET headers = 'x' WHERE status IS NOT NULL",
    "a kept answer that has no body": "UPDATE idempotency SET body = NULL",
    "an answer kept for no token": "UPDATE idempotency SET token_id = 99999",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_what_can_go_wrong_is_found(damaged: Any, harm: str) -> None:
    changed = database.execute_sql(harm.format(content="_content" if is_sqlite() else ""))
    assert changed.rowcount != 0, "nothing was damaged"
    assert next(inconsistencies(), None) is not None


def test_a_row_missing_from_the_midst_of_the_log_is_found(damaged: Any) -> None:
    if is_sqlite():  # PostgreSQL gives numbers to rows that are never written
        database.execute_sql(
            "INSERT INTO change SELECT sequence + 2, record_type, 'x', 1, 1, 'deleted', '2999-01-01T00:00:00.000000Z',"
            " 'x', NULL, NULL, NULL FROM change ORDER BY sequence DESC LIMIT 1"
        )
        assert [fault for fault in inconsistencies() if "missing between" in fault] != []


HARM_TO_FTS5 = (
    "DELETE FROM speakers_text_data WHERE id > 10",
    "DELETE FROM speakers_text",
    "INSERT INTO speakers_text (rowid, tokens) VALUES (99999, 'x')",
    "UPDATE speakers_text_content SET tokens = substr(tokens, 1, 20)",
)


def test_a_text_index_that_does_not_find_what_it_holds_is_found_and_mended(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    records: Any = {record_type: list(documents.values()) for record_type, documents in texts.article().items()}
    with client_of(new_database(), records, needed=False) as client:
        assert list(index_faults()) == []
        for harm in HARM_TO_FTS5 if is_sqlite() else ():  # PostgreSQL lets nobody reach into an index
            database.execute_sql(harm)
            database.obj.close_all()
            assert [fault.split(" is damaged")[0] for fault in index_faults()] == ["The text index of speakers"], harm
            mend()
            assert list(index_faults()) == [], harm
        assert list(index_faults()) == list(inconsistencies()) == []
        assert client.get("/v1/speakers?q=petrov").get_json()["data"] != []


def test_what_is_left_of_a_log_that_has_expired_is_sound_and_goes_on(new_database: NewDatabase, tmp_path: Path) -> None:
    records: Any = {record_type: list(documents.values()) for record_type, documents in texts.article().items()}
    with client_of(new_database(), records, needed=False) as client:
        attaching.attach(texts.saved(tmp_path), 600)  # shows a statement otherwise, in a way that the log has to hold
        writer = Writer(client)
        _live(writer)
        assert expire("2999-01-01T00:00:00.000000Z") > 0
        assert list(inconsistencies()) == []
        writer.patch("/v1/statements/premier-answers", {"summary": {"en": "She answers"}})
        history = writer.get("/v1/statements/premier-answers/history")["data"]
        assert [revision["revision"] for revision in history] == [2, 1]
        assert list(inconsistencies()) == []
