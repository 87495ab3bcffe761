"""The holders of names: rows for records with names, for their names, and for the beginnings by which names are typed.

All of it follows from the documents. It exists so that a name is recognised in texts, and suggested while it is typed.
"""

from peewee import AutoField, BooleanField, IntegerField, TextField

from api.models.base import OwnerField, PartTable, Table


class NamedRecord(Table):
    """A record that has names, by its type and number, with its id and label.

    `statements` is how many statements refer to it anywhere: a statement that names the record as its speaker and as an
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


# The order of suggestions, so that the most frequent are found without sorting the rest.
NamedRecord.add_index(
    NamedRecord.index(
        NamedRecord.statements.desc(), NamedRecord.id, NamedRecord.record_type, name="named_record_most_frequent"
    )
)


class Name(PartTable):
    """A name or an alias, `proper` when it is a name. Names of a record that are the same when folded have a single row.

    `phrase` holds the folded words, `skeleton` the consonants of each, `first` the stem of the first word.
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
    """The folded end of a name from one of its words on; `position` is that of the name."""

    owner = OwnerField(NamedRecord)
    start = TextField()
    position = IntegerField()

    class Meta:
        indexes = ((("owner", "start", "position"), True), (("start", "owner", "position"), False))


class NameEdition(Table):
    """The only row is replaced whenever names change, so that a process that has read all names knows when to read again."""

    number = AutoField()
    stamp = TextField(unique=True)
