"""What the tables of names and identifiers have in common."""

from peewee import TextField

from api.models.base import PartTable, TermField


class Alias(PartTable):
    """Another name of its owner."""

    value = TextField()
    lang = TextField()
    script = TextField(null=True)
    kind = TermField("alias-kinds")

    class Meta:
        indexes = ((("owner", "value", "lang"), True),)


class Identifier(PartTable):
    """The owner in another catalogue; an identifier belongs to a single record."""

    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)
