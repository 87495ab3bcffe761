"""How far the log of changes has expired."""

from peewee import AutoField, BigIntegerField, TextField

from api.models.base import Table


class Expiry(Table):
    """That old changes were dropped, or that a migration began the log with the records that already existed.

    Up to the position `until` of the log, recorded at `moment`, only the last state of each record is kept.
    """

    number = AutoField()
    until = BigIntegerField(unique=True)
    moment = TextField()
