"""The times that the database was put back from a copy: what of the log of changes was lost with it."""

from peewee import AutoField, BigIntegerField, TextField

from api.models.base import Table


class Restoration(Table):
    """One time that a copy took the place of the database.

    The log of the copy ended at `position` and goes on at `resumed`. What stood between the two in the log that was lost
    is given to nothing else.
    """

    number = AutoField()
    moment = TextField()
    position = BigIntegerField()
    resumed = BigIntegerField(unique=True)
