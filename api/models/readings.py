"""Readings: what was read, so that silence is not taken for absence."""

from peewee import Check, TextField

from api.models.articles import Article
from api.models.base import (
    BY_UPDATE,
    DatedMixin,
    Record,
    ReferenceField,
    SortKeyMixin,
    TermField,
    dated_constraints,
)
from api.models.speakers import Speaker


class Reading(Record, DatedMixin, SortKeyMixin):
    """An article, or a publisher and a period, that was read; `date` is when.

    `period_earliest` and `period_latest` are the first and the last day that the period can mean.
    """

    article = ReferenceField(Article, null=True)
    publisher = ReferenceField(Speaker, null=True)
    extent = TermField("reading-extents", index=True)
    guide = TextField(index=True)
    period_earliest = TextField(null=True)
    period_latest = TextField(null=True)

    class Meta:
        constraints = [
            *dated_constraints(),
            Check("(article_id IS NULL) <> (publisher_id IS NULL)"),
            Check("(period_earliest IS NULL) = (publisher_id IS NULL)"),
            Check("(period_latest IS NULL) = (publisher_id IS NULL)"),
        ]
        indexes = (BY_UPDATE,)
