"""Places and the names each side gives them."""

from peewee import Check, DoubleField, TextField

from api.models.aliases import Alias, Identifier
from api.models.base import BY_UPDATE, OwnerField, Record, ReferenceField, TermField
from api.models.speakers import Speaker


class Place(Record):
    """A country, region, city, corridor, border or venue."""

    kind = TermField("place-kinds", index=True)
    part_of = ReferenceField("self", null=True)
    iso_3166 = TextField(null=True, index=True)
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)

    class Meta:
        indexes = (BY_UPDATE,)
        constraints = [
            Check("part_of_id <> number"),
            Check("latitude BETWEEN -90 AND 90"),
            Check("longitude BETWEEN -180 AND 180"),
            Check("(latitude IS NULL) = (longitude IS NULL)"),
        ]


class PlaceAlias(Alias):
    """Another name of a place, and which side uses it."""

    owner = OwnerField(Place)
    used_by = ReferenceField(Speaker, null=True)


class PlaceIdentifier(Identifier):
    """A place in another catalogue."""

    owner = OwnerField(Place, index=True)
