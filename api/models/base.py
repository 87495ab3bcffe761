"""What all tables share: the database they are bound to, the record, and the kinds of column.

Every table of records holds, beside the columns that are searched, the finished JSON of each record (`document`), so
that reading one is handing out bytes. The tables of parts (`PartTable`) hold the same facts once more in relational form:
they carry the foreign keys, the uniqueness and the filters.
"""

from collections.abc import Iterator
from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    Check,
    ForeignKeyField,
    Model,
    TextField,
)

from api.database.current import database

DEFERRED = "DEFERRABLE INITIALLY DEFERRED"  # rows of one transaction may refer to each other in any order


class Table(Model):
    """A table of this service."""

    number: AutoField  # in every table but those of terms and of texts

    class Meta:
        database = database
        legacy_table_names = False


class Record(Table):
    """A record with an id its writer chose; `number` is its short name inside the database.

    `label` is what references to it show, as a JSON object by language; `document` the finished JSON in UTF-8; the
    times are RFC 3339 in UTC with microseconds, so that they sort as text.
    """

    number = AutoField()
    id = TextField(unique=True)
    label = TextField()
    document = BlobField()
    etag = TextField()
    created_at = TextField()
    updated_at = TextField()


BY_UPDATE = (("updated_at", "number"), False)
"""The index in whose order records are listed by change."""

DAY_FACTOR = 1 << 31
"""What one day is apart from the next in `sort_key`, and so one more than the highest number a record can have."""


class PartTable(Table):
    """A table of the parts of records."""

    number = AutoField()


class ReferenceField(ForeignKeyField):
    """A foreign key to a record or to the owner of a part, checked when the transaction ends."""

    def __init__(self, model: Any, **options: Any) -> None:
        super().__init__(model, deferrable="INITIALLY DEFERRED", backref="+", **options)


class OwnerField(ReferenceField):
    """A foreign key from a part to what it belongs to; most tables have an index that begins with it anyway."""

    def __init__(self, model: Any, index: bool = False, **options: Any) -> None:
        super().__init__(model, index=index, **options)


def references_of(table: type[Table], target: type[Record]) -> list[ReferenceField]:
    """The fields by which rows of a table refer to records of another, belonging left aside."""
    referring = (field for field in table._meta.sorted_fields if isinstance(field, ReferenceField))
    return [field for field in referring if field.rel_model is target and not isinstance(field, OwnerField)]


def tuples(select: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, each a tuple of its columns."""
    return iter(select.tuples())


def owner_of(table: type[Table]) -> OwnerField | None:
    """The field by which rows of a table belong to rows of another; None for a table of records."""
    return next((field for field in table._meta.sorted_fields if isinstance(field, OwnerField)), None)


class TermField(TextField):
    """A term of a closed vocabulary. The column holds `vocabulary/term`, so that one foreign key guards them all."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(constraints=[SQL(f'REFERENCES "term" ("key") {DEFERRED}')], **options)

    def db_value(self, value: str | None) -> str | None:
        """Give the key of a term."""
        return None if value is None else f"{self.vocabulary}/{value}"

    def python_value(self, value: str | None) -> str | None:
        """Give the term of a key."""
        return None if value is None else value.removeprefix(f"{self.vocabulary}/")


MOST_SPAN_DAYS = 62
"""How many days the first and the last day of a vague date may lie apart for it to be looked up by the first."""


class DatedMixin(Table):
    """A vague date as written, with the first and last day (YYYY-MM-DD) it can mean.

    `sort_day` is the one it is sorted by: the first, or the last where the beginning is open.
    """

    date = TextField()
    date_earliest = TextField()
    date_latest = TextField()
    sort_day = TextField()


def sort_key(day: str, number: int) -> int:
    """The place of a record in time: the day it is filed under (YYYYMMDD) times `DAY_FACTOR`, plus its number.

    One integer that sorts by date, is nobody else's, and tells the year, the month and the record by arithmetic: so
    the lists of what filters find, the text index and the cursors are all kept and walked by it.
    """
    return int(day.replace("-", "")) * DAY_FACTOR + number


class SortKeyMixin(Table):
    """A record that is filed under a day."""

    sort_key = BigIntegerField(unique=True, null=True)  # null only until the row has a number, within a transaction


def key_of(table: type[Record]) -> str:
    """The column by which the text index knows the records of a table, and in whose order it is walked."""
    return "sort_key" if issubclass(table, SortKeyMixin) else "number"


def keys_sql(table: type[Record]) -> str:
    """A SELECT of the keys of all records of a table."""
    return f'SELECT {key_of(table)} FROM "{table._meta.table_name}"'


class SortedPartTable(PartTable):
    """A table of parts that carry the `sort_key` of the record they are part of: what a filter finds is a list in order."""

    sort_key = BigIntegerField()


def dated_constraints() -> list[Any]:
    """The checks that a table with `DatedMixin` carries."""
    return [
        Check("length(date_earliest) = 10"),
        Check("length(date_latest) = 10"),
        Check("date_earliest <= date_latest"),
        Check('"sort_day" = date_earliest OR "sort_day" = date_latest'),
    ]


def office_held_by() -> Any:
    """A table constraint: the office named in a row is an office of the speaker named in the same row."""
    return SQL(f'FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") {DEFERRED}')
