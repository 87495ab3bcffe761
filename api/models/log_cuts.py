"""How the log of changes was cut: from below, when old changes expired, and in between, when the database was restored."""

from peewee import AutoField, BigIntegerField, TextField

from api.models.base import Table


class Expiry(Table):
    """That old changes were dropped, or that a migration began the log with the records that already existed.

    Up to the position `until` of the log, recorded at `moment`, only the last state of each record is kept.
    """

    number = AutoField()
    until = BigIntegerField(unique=True)
    moment = TextField()


class Restoration(Table):
    """A restoration: at `moment`, a copy took the place of the database.

    The log of the copy ended at `position` and goes on at `resumed`. Positions between the two may have been used by the
    log that was lost, and are never used again.
    """

    number = AutoField()
    moment = TextField()
    position = BigIntegerField()
    resumed = BigIntegerField(unique=True)
