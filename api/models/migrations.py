"""The scripts that made the tables."""

from peewee import AutoField, Check, TextField

from api.models.base import Table


class MigrationDigest(Table):
    """The SHA-256, in hexadecimal, of a migration as it was when it was applied: see `api.migrations.digests`."""

    number = AutoField()
    name = TextField(unique=True)
    sha256 = TextField()

    class Meta:
        constraints = [Check("length(sha256) = 64")]
