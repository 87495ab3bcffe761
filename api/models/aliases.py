"""What the tables of names have in common."""

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
    """Its owner in somebody else's catalogue; an identifier names one record only."""

    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)
