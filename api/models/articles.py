"""Articles: the source documents, recognised by the digest of their text; and readings: what was read of them."""

from peewee import Check, IntegerField, TextField

from api.models.base import (
    BY_UPDATE,
    DatedMixin,
    OwnerField,
    PartTable,
    Record,
    ReferenceField,
    SortKeyMixin,
    Table,
    TermField,
    dated_constraints,
)
from api.models.speakers import Speaker


class Article(Record, DatedMixin, SortKeyMixin):
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


class ArticleText(Table):
    """The normalised text of an article, attached by an operator; no part of any document.

    All lengths are in code points. `longest_quotation` is the setting by which quotations were last rendered;
    `quotation_length` and `context_length` are how much may be shown of a span and on each side of it, so that the spans
    never make up the text.
    """

    article = OwnerField(Article, primary_key=True)
    text = TextField()
    longest_quotation = IntegerField()
    quotation_length = IntegerField()
    context_length = IntegerField()

    class Meta:
        constraints = [
            Check("context_length >= 0"),
            Check("context_length <= quotation_length"),
            Check("quotation_length <= longest_quotation"),
        ]


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
