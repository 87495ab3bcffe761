"""The log of changes: a row for each change of a representation, in the order of the transactions; and what follows it."""

from typing import Any

from peewee import SQL, AutoField, BigAutoField, BigIntegerField, BlobField, Check, IntegerField, NodeList, TextField

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
    because of another record. `revision` counts the other operations from 1, across deletions and re-creations. `body`
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
    body = BlobField(null=True)  # last: SQLite reads a row up to the last column that is selected

    class Meta:
        constraints = [
            Check("operation IN ('created', 'replaced', 'deleted', 'merged', 'rendered')"),
            Check("(revision IS NULL) = (operation = 'rendered')"),
            Check("\"body\" IS NOT NULL OR operation NOT IN ('created', 'replaced')"),
            Check("\"body\" IS NULL OR operation NOT IN ('deleted', 'merged')"),
            Check("(etag IS NULL) = (operation IN ('deleted', 'merged'))"),
            Check("(merged_into IS NOT NULL) = (operation = 'merged')"),
        ]
        indexes = ((("record_type", "record_id", "revision"), True), (("record_type", "record_id", "sequence"), False))


class StoredBitmaps(Table):
    """The bitmaps of a column of statements (`api.bitmaps`), by its `name`, as they were when the log ended at `sequence`."""

    name = TextField(primary_key=True)
    sequence = BigIntegerField()
    body = BlobField()


class Outdated(Table):
    """A record by its type and number, and who changed the name that it may not show yet: see `api.names.outdated`."""

    number = AutoField()
    record_type = TextField()
    record = IntegerField()
    recorded_by = TextField()

    class Meta:
        indexes = ((("record_type", "record"), True),)
