"""What all tables share: the database they are bound to, the record, and the kinds of columns.

Every table of records holds, beside the columns that are searched, the rendered JSON of each record (`document`), which
is sent as it is stored. The tables of parts (`PartTable`) hold the same facts again in relational form: for foreign keys,
uniqueness and filters.
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

from api.database.compression import compressed, decompressed
from api.database.current import database

DEFERRED = "DEFERRABLE INITIALLY DEFERRED"  # rows of one transaction may refer to each other in any order


class Table(Model):
    """A table of this service."""

    number: AutoField  # in every table but those of terms and of texts

    class Meta:
        database = database
        legacy_table_names = False


class DocumentField(BlobField):
    """The rendered JSON of a record in UTF-8, compressed in its column. SQL that is written out reads it by `decompressed`.

    The column is called otherwise than before documents were compressed, so that an older program finds none instead of sending frames.
    """

    def __init__(self) -> None:
        super().__init__(column_name="body")

    def db_value(self, value: bytes) -> bytes:
        """The frame of a document."""
        return compressed(value)

    def python_value(self, value: bytes) -> bytes:
        """The document of a frame."""
        return decompressed(value)


class Record(Table):
    """A record with an id that its writer chose; `number` is its key inside the database.

    `label` is shown by references to it, a JSON object by language; the times are RFC 3339 in UTC with microseconds, so that
    they sort as text.
    """

    number = AutoField()
    id = TextField(unique=True)
    label = TextField()
    document = DocumentField()
    etag = TextField()
    created_at = TextField()
    updated_at = TextField()


BY_UPDATE = (("updated_at", "number"), False)
"""The index along which records are listed by their last change."""

DAY_FACTOR = 1 << 31
"""The difference between two days in `sort_key`. The number of every record is less."""

NUMBER = DAY_FACTOR - 1
"""`sort_key & NUMBER` is the number of a record."""


class PartTable(Table):
    """A table of the parts of records."""

    number = AutoField()


class ReferenceField(ForeignKeyField):
    """A foreign key to a record or to the owner of a part, checked when the transaction ends."""

    def __init__(self, model: Any, **options: Any) -> None:
        super().__init__(model, deferrable="INITIALLY DEFERRED", backref="+", **options)


class OwnerField(ReferenceField):
    """A foreign key from a part to its owner. It has no index of its own, for most tables have an index that begins with it."""

    def __init__(self, model: Any, index: bool = False, **options: Any) -> None:
        super().__init__(model, index=index, **options)


def references_of(table: type[Table], target: type[Record]) -> list[ReferenceField]:
    """The fields by which rows of a table refer to records of another, without that of their owner."""
    referring = (field for field in table._meta.sorted_fields if isinstance(field, ReferenceField))
    return [field for field in referring if field.rel_model is target and not isinstance(field, OwnerField)]


def tuples(select: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, each a tuple of its columns."""
    return iter(select.tuples())


def owner_of(table: type[Table]) -> OwnerField | None:
    """The field by which rows of a table belong to rows of another; None for a table of records."""
    return next((field for field in table._meta.sorted_fields if isinstance(field, OwnerField)), None)


class TermField(TextField):
    """A term of a closed vocabulary. The column holds `vocabulary/term`, so that a single table of terms serves them all."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(constraints=[SQL(f'REFERENCES "term" ("key") {DEFERRED}')], **options)

    def db_value(self, value: str | None) -> str | None:
        """The key of a term."""
        return None if value is None else f"{self.vocabulary}/{value}"

    def python_value(self, value: str | None) -> str | None:
        """The term of a key."""
        return None if value is None else value.removeprefix(f"{self.vocabulary}/")


MOST_SPAN_DAYS = 62
"""Days that a vague date may span to be found by its first day; longer dates are looked up separately (`queries.days`)."""


class DatedMixin(Table):
    """A vague date as written, with the first and the last day (YYYY-MM-DD) that it can mean.

    `sort_day` is the day it is filed under: the first, or the last where the beginning is open.
    """

    date = TextField()
    date_earliest = TextField()
    date_latest = TextField()
    sort_day = TextField()


def sort_key(day: str, number: int) -> int:
    """The place of a record in time: the day it is filed under (YYYYMMDD) times `DAY_FACTOR`, plus its number.

    A unique integer that sorts by date, and from which arithmetic gives the year, the month and the number of the record.
    The lists of filters, the text index and the cursors are all ordered by it.
    """
    return int(day.replace("-", "")) * DAY_FACTOR + number


class SortKeyMixin(Table):
    """A record that is filed under a day."""

    sort_key = BigIntegerField(unique=True, null=True)  # null only until the row has a number, within a transaction


def key_of(table: type[Record]) -> str:
    """The column whose values are the keys of the text index, and by which its matches are ordered."""
    return "sort_key" if issubclass(table, SortKeyMixin) else "number"


def keys_sql(table: type[Record]) -> str:
    """A SELECT of the keys of all records of a table."""
    return f'SELECT {key_of(table)} FROM "{table._meta.table_name}"'


class SortedPartTable(PartTable):
    """A table of parts with the `sort_key` of their record, so that the matches of a filter are a list in order of time."""

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
    """A constraint of a table: the office in a row is an office of the speaker in the same row."""
    return SQL(f'FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") {DEFERRED}')
