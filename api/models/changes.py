"""The log of changes: one row for everything the service began to say differently, in the order of the transactions."""

from typing import Any

from peewee import SQL, BigAutoField, BlobField, Check, IntegerField, NodeList, TextField

from api.database.dialect import is_sqlite
from api.models.base import Table


class SequenceField(BigAutoField):
    """A place in the order of transactions, which no later row is ever given again."""

    def ddl(self, ctx: Any) -> Any:
        """Give the column's definition; SQLite gives the highest number again once its row is gone, unless told not to."""
        column = super().ddl(ctx)
        return NodeList((column, SQL("AUTOINCREMENT"))) if is_sqlite() else column


class Change(Table):
    """One change of what is said of one record. Rows are added, never changed, and outlive the record. Only expiring
    (`api.changelog.retention`) drops those of old that others have overtaken.

    `operation` is created, replaced, deleted, merged or rendered; the last means that the record is shown otherwise
    only because another one changed. `revision` counts the others from 1, over deletions and re-creations; `document`
    is what was served after it: None where nothing was, or where it follows from what the log has of others. In every
    transaction `recorded_at` is later than in the one before. `record_number` is the number the record had, None when it
    has gone; `merged_into` is the id of the record that stands for a merged one.
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
    document = BlobField(null=True)  # last: SQLite reads a row up to the last column it is asked for

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
