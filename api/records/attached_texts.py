"""The texts attached to articles as the database holds them, and how much of each its spans let be shown."""

from collections.abc import Iterable
from typing import Any

from peewee import fn

from api.database.statements import chunked
from api.evidence.quoting import allowed
from api.models.articles import ArticleText
from api.models.base import tuples
from api.models.statements import Evidence, Report


def put(article: int, text: str, longest_quotation: int) -> None:
    """Store the text of an article, in the place of any other; nothing of it may be shown until `bound`."""
    remove(article)
    lengths = {"longest_quotation": longest_quotation, "quotation_length": 0, "context_length": 0}
    ArticleText.insert(article=article, text=text, **lengths).execute()


def remove(article: int) -> None:
    """Remove the text of an article, and nothing else."""
    table: Any = ArticleText
    table.delete().where(table.article == article).execute()


def bound(article: int, longest_quotation: int | None = None) -> bool:
    """Set what may be shown of an attached text by its spans and the setting; whether it was set otherwise before."""
    before, should = lengths(article, longest_quotation)
    if before == should:
        return False
    names = ("longest_quotation", "quotation_length", "context_length")
    fresh = dict(zip(names, should, strict=True))
    ArticleText.update(**fresh).where(ArticleText.article == article).execute()
    return True


def lengths(article: int, longest_quotation: int | None = None) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The lengths stored with an attached text, and those that its spans and the setting (or the stored one) make."""
    columns = (ArticleText.longest_quotation, ArticleText.quotation_length, ArticleText.context_length)
    stored = ArticleText.select(fn.LENGTH(ArticleText.text).converter(int), *columns).where(
        ArticleText.article == article
    )
    length, *before = next(tuples(stored))
    longest = before[0] if longest_quotation is None else longest_quotation
    return (before[0], before[1], before[2]), (longest, *allowed(length, _spans(article), longest))


def _spans(article: int) -> list[tuple[int, int]]:
    spans = Evidence.select(Evidence.start, Evidence.end).join(Report, on=(Evidence.owner == Report.number))
    return [(start, end) for start, end in tuples(spans.where(Report.article == article).distinct())]


def with_texts() -> list[int]:
    """The numbers of the articles whose texts are attached."""
    return [number for (number,) in tuples(ArticleText.select(ArticleText.article).order_by(ArticleText.article))]


def bounds() -> set[int]:
    """The settings by which quotations are bound now: one, unless no text is attached."""
    return {longest for (longest,) in tuples(ArticleText.select(ArticleText.longest_quotation).distinct())}


def bound_otherwise(longest_quotation: int, lower: bool = False) -> list[int]:
    """The numbers of the articles whose quotations are bound by a higher setting, or also of those by a lower one."""
    differs: Any = ArticleText.longest_quotation > longest_quotation
    if lower:
        differs |= ArticleText.longest_quotation < longest_quotation
    return [number for (number,) in tuples(ArticleText.select(ArticleText.article).where(differs))]


def quoted_in(statements: Iterable[int]) -> set[int]:
    """The numbers of the articles with attached texts that report any of these statements."""
    numbers: set[int] = set()
    for batch in chunked(sorted(statements), 500):
        reports = Report.select(Report.article).join(ArticleText, on=(ArticleText.article == Report.article))
        numbers.update(number for (number,) in tuples(reports.where(Report.owner.in_(batch))))
    return numbers


def statements_of(articles: Iterable[int]) -> set[int]:
    """The numbers of the statements that any of these articles reports."""
    numbers: set[int] = set()
    for batch in chunked(sorted(articles), 500):
        numbers.update(number for (number,) in tuples(Report.select(Report.owner).where(Report.article.in_(batch))))
    return numbers
