"""Places and the names each side gives them."""

from peewee import AutoField, Check, FloatField, TextField

from api.models.base import OwnerField, Record, ReferenceField, Table, TermField
from api.models.speakers import Speaker


class Place(Record):
    """A country, region, city, corridor, border or venue."""

    kind = TermField("place-kinds", index=True)
    part_of = ReferenceField("self", null=True)
    iso_3166 = TextField(null=True, index=True)
    latitude = FloatField(null=True)
    longitude = FloatField(null=True)

    class Meta:
        constraints = [
            Check("part_of_id <> number"),
            Check("latitude BETWEEN -90 AND 90"),
            Check("longitude BETWEEN -180 AND 180"),
            Check("(latitude IS NULL) = (longitude IS NULL)"),
        ]


class PlaceAlias(Table):
    """Another name of a place, and which side uses it."""

    number = AutoField()
    owner = OwnerField(Place)
    value = TextField()
    lang = TextField()
    script = TextField(null=True)
    kind = TermField("alias-kinds")
    used_by = ReferenceField(Speaker, null=True)

    class Meta:
        indexes = ((("owner", "value", "lang"), True),)


class PlaceIdentifier(Table):
    """A place in somebody else's catalogue."""

    number = AutoField()
    owner = OwnerField(Place)
    scheme = TextField()
    value = TextField()

    class Meta:
        indexes = ((("scheme", "value"), True),)
