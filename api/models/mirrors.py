"""Of a database that is a mirror: whose, how far it has come, and what has arrived of the source but is not applied yet."""

from peewee import AutoField, BigIntegerField, BlobField, BooleanField, IntegerField, TextField

from api.models.base import Table


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
