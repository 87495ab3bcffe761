"""Articles: the source documents, recognised by the digest of their text."""

from peewee import Check, IntegerField, TextField

from api.models.base import (
    BY_UPDATE,
    DatedMixin,
    FiledMixin,
    OwnerField,
    PartTable,
    Record,
    ReferenceField,
    TermField,
    dated_constraints,
)
from api.models.speakers import Speaker


class Article(Record, DatedMixin, FiledMixin):
    """A page on which statements were found; `date` is when it was published."""

    publisher = ReferenceField(Speaker, null=True)
    language = TextField(index=True)
    sha256 = TextField(unique=True)
    length = IntegerField()

    class Meta:
        constraints = [*dated_constraints(), Check("length > 0"), Check("length(sha256) = 64")]
        indexes = (BY_UPDATE,)


class Credit(PartTable):
    """An agency credited on a page."""

    owner = OwnerField(Article)
    agency = ReferenceField(Speaker)
    role = TermField("credit-roles")

    class Meta:
        indexes = ((("owner", "agency", "role"), True),)
