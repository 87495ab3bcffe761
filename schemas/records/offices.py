"""The office a speaker held when something was said, referred to from another record."""

from typing import Any

from schemas.fields import ById, Multilingual, Slug, StrictSchema


class OfficeReferenceSchema(StrictSchema):
    """An office of the speaker named beside it, with its title."""

    id = Slug(required=True, metadata={"example": "secretary-general"})
    title = Multilingual(dump_only=True)


class OfficeReference(ById):
    """The office held at the time, or null when none is known or it does not matter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(OfficeReferenceSchema, load_default=None, allow_none=True, **options)
