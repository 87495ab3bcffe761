"""The log of changes: a row for each change of a representation, in the order of the transactions; and what a mirror has of another's."""

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    Check,
    IntegerField,
    NodeList,
    TextField,
)

from api.database.dialect import dialect
from api.models.base import Table


class SequenceField(BigAutoField):
    """A position in the order of transactions. It is never used again, not even when its row is gone."""

    def ddl(self, ctx: Any) -> Any:
        """The definition of the column in the dialect of the engine."""
        column, never_reused = super().ddl(ctx), dialect().never_reused
        return NodeList((column, SQL(never_reused))) if never_reused else column


class Change(Table):
    """A change of a record's representation. Rows are added, never changed, and outlive the record; only expiring
    (`api.changelog.retention`) drops old rows that later ones have superseded.

    `operation` is created, replaced, deleted, merged or rendered; rendered means that only the representation changed,
    because of another record. `revision` counts the other operations from 1, across deletions and re-creations. `document`
    is the representation after the change: None when there was none, or when it follows from the rest of the log. In each
    transaction `recorded_at` is later than in the previous. `record_number` is the number that the record had, None when
    it was deleted or merged; `merged_into` is the id of the record that a merged record was merged into.
    """

    sequence = SequenceField()
    record_type = TextField()
    record_id = TextField()
    record_number = IntegerField(null=True)
    revision = IntegerField(null=True)
    operation = TextField()
    recorded_at = TextField(index=True)
    recorded_by = TextField()
    etag = TextField(null=True)
    merged_into = TextField(null=True)
    document = BlobField(null=True)  # last: SQLite reads a row up to the last column that is selected

    class Meta:
        constraints = [
            Check("operation IN ('created', 'replaced', 'deleted', 'merged', 'rendered')"),
            Check("(revision IS NULL) = (operation = 'rendered')"),
            Check("document IS NOT NULL OR operation NOT IN ('created', 'replaced')"),
            Check("document IS NULL OR operation NOT IN ('deleted', 'merged')"),
            Check("(etag IS NULL) = (operation IN ('deleted', 'merged'))"),
            Check("(merged_into IS NOT NULL) = (operation = 'merged')"),
        ]
        indexes = ((("record_type", "record_id", "revision"), True), (("record_type", "record_id", "sequence"), False))


class Mirror(Table):
    """That the records here are those of another service, as its feed of changes was at `position`.

    The feed is read on from `since`, with `seen`. When `is_whole`, what arrives is everything from the beginning, and
    takes the place of all records.
    """

    number = AutoField()
    source = TextField(unique=True)
    position = BigIntegerField()
    since = BigIntegerField()
    seen = BigIntegerField()
    is_whole = BooleanField()


class Arrival(Table):
    """What the feed said last of a record, with its document as it was then, None when it is gone.

    `began` is the position at which it was created, or first heard of. Where the last entry is `rendered`, `own_*` is the
    last revision before it, if that has arrived too; `own_document` is fetched when all has arrived.
    """

    sequence = BigIntegerField(primary_key=True)
    record_type = TextField()
    record_id = TextField()
    operation = TextField()
    revision = IntegerField(null=True)
    recorded_at = TextField()
    recorded_by = TextField()
    merged_into = TextField(null=True)
    etag = TextField(null=True)
    began = BigIntegerField()
    own_sequence = BigIntegerField(null=True)
    own_operation = TextField(null=True)
    own_revision = IntegerField(null=True)
    own_recorded_at = TextField(null=True)
    own_recorded_by = TextField(null=True)
    own_etag = TextField(null=True)
    own_document = BlobField(null=True)
    document = BlobField(null=True)

    class Meta:
        indexes = ((("record_type", "record_id"), True), (("record_type", "began"), False))
