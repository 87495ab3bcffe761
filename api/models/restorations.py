"""Restorations of the database from a copy, and the gaps that they left in the log of changes."""

from peewee import AutoField, BigIntegerField, TextField

from api.models.base import Table


class Restoration(Table):
    """A restoration: at `moment`, a copy took the place of the database.

    The log of the copy ended at `position` and goes on at `resumed`. Positions between the two may have been used by the
    log that was lost, and are never used again.
    """

    number = AutoField()
    moment = TextField()
    position = BigIntegerField()
    resumed = BigIntegerField(unique=True)
