"""How far the log of changes has expired: what of it is no longer kept."""

from peewee import AutoField, BigIntegerField, TextField

from api.models.base import Table


class Expiry(Table):
    """One time that old changes were dropped, or that a migration began the log with the records that it found.

    Up to the place `until` of the log, and the `moment` of that place, only the last state of each record is kept.
    """

    number = AutoField()
    until = BigIntegerField(unique=True)
    moment = TextField()
