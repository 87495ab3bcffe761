"""Vocabularies and their terms."""

from peewee import IntegerField, TextField

from api.models.base import BY_UPDATE, OwnerField, Record, Table


class Vocabulary(Record):
    """A closed list of terms."""

    version = IntegerField()

    class Meta:
        indexes = (BY_UPDATE,)


class Term(Table):
    """A term, by the key `vocabulary/term` that columns with terms hold."""

    key = TextField(primary_key=True)
    vocabulary = OwnerField(Vocabulary)
    position = IntegerField()
    label = TextField()

    class Meta:
        indexes = ((("vocabulary", "position"), True),)
