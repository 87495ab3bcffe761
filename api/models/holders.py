"""Who bears which names: a row for every record that has names, for its names, and for the beginnings they are typed by.

All of it follows from the documents. It exists so that a name is found wherever a text mentions it, and while it is
still being typed.
"""

from peewee import AutoField, BooleanField, IntegerField, TextField

from api.models.base import OwnerField, PartTable, Table


class NamedRecord(Table):
    """A record that has names, by its record type and number, with its id and label.

    `statements` is how many statements refer to it anywhere: a statement that names somebody as its speaker and as an
    agent of a report counts once.
    """

    number = AutoField()
    record_type = TextField()
    record = IntegerField()
    id = TextField()
    label = TextField()
    statements = IntegerField()

    class Meta:
        indexes = ((("record_type", "record"), True),)


# The order in which suggestions come, so that the most frequent ones are found without sorting the others.
NamedRecord.add_index(
    NamedRecord.index(
        NamedRecord.statements.desc(), NamedRecord.id, NamedRecord.record_type, name="named_record_most_frequent"
    )
)


class Name(PartTable):
    """A name or alias, `proper` when it is a name; those of one record that only differ in folding are one.

    `phrase` holds its folded words, `skeleton` the consonants of each of them, `first` the stem of the first.
    """

    owner = OwnerField(NamedRecord)
    position = IntegerField()
    value = TextField()
    lang = TextField()
    proper = BooleanField()
    phrase = TextField()
    skeleton = TextField()
    first = TextField(index=True)

    class Meta:
        indexes = ((("owner", "position"), True), (("owner", "phrase"), True))


class NameStart(PartTable):
    """The folded rest of a name from one of its words on; `position` is the name's."""

    owner = OwnerField(NamedRecord)
    start = TextField()
    position = IntegerField()

    class Meta:
        indexes = ((("owner", "start", "position"), True), (("start", "owner", "position"), False))


class NameEdition(Table):
    """One row that is another one after every change of names, so that who has read them all knows when to read again."""

    number = AutoField()
    stamp = TextField(unique=True)
