"""Places, with the names that each side uses where they are contested."""

from marshmallow import fields, validate

from schemas.fields import Matches, Quantity, Reference, Slug, StrictSchema, parts
from schemas.records.names import AliasSchema, NamedSchema
from schemas.records.vocabularies import Term


class PlaceAliasSchema(AliasSchema):
    """Another name of a place, and who uses it."""

    used_by = Reference(
        "speakers",
        load_default=None,
        allow_none=True,
        metadata={"description": "The side that uses this name, where names are contested."},
    )


class CoordinatesSchema(StrictSchema):
    """A point in WGS 84 degrees."""

    latitude = Quantity(required=True, validate=validate.Range(min=-90, max=90), metadata={"example": 43.585})
    longitude = Quantity(required=True, validate=validate.Range(min=-180, max=180), metadata={"example": 39.723})


class PlaceSchema(NamedSchema):
    """A country, region, city, corridor, border or venue."""

    id = Slug(required=True, metadata={"example": "nagorno-karabakh"})
    kind = Term("place-kinds", required=True, metadata={"example": "region"})
    aliases = parts(PlaceAliasSchema, "value", "lang")
    part_of = Reference("places", load_default=None, allow_none=True)
    iso_3166 = fields.String(
        load_default=None,
        allow_none=True,
        validate=Matches(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
        metadata={"description": "ISO 3166-1 or -2 code.", "example": "AM"},
    )
    coordinates = fields.Nested(CoordinatesSchema, load_default=None, allow_none=True)
