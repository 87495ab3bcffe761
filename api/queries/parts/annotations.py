"""The spans of evidence of an article, page by page, each read by exactly one SQL statement."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from peewee import SQL, Case, Select, Tuple, fn

from api.cursors import Position, decode, encode
from api.database.statements import rows
from api.errors import NoSuchRecord
from api.evidence.annotations import EvidenceSpan
from api.evidence.quoting import AttachedText
from api.evidence.texts import digest
from api.models.articles import Article, ArticleText
from api.models.statements import Evidence, Report, Statement


class SpanKey(NamedTuple):
    """What the spans of an article are ordered by: start, then end, then the number of the statement."""

    start: int
    end: int
    statement: int


_BEFORE_ALL = SpanKey(-1, 0, 0)
_START_FACTOR = 1 << 31  # more than any position in a text: start and end make a single sort key
_KEY: Any = Tuple(Evidence.start, Evidence.end, Statement.number)


@dataclass
class AnnotatedArticle:
    """A page of an article's spans; `before` is how many spans come before it, `next` the cursor behind it."""

    attached: AttachedText | None
    total: int
    before: int
    spans: list[EvidenceSpan] = field(default_factory=list)
    next: str | None = None


def spans_of(article: str, cursor: str | None, limit: int) -> AnnotatedArticle:
    """A page of the spans of an article, and its text if attached; raise NoSuchRecord or InvalidParameters."""
    scope = f"annotations/{article}".encode()
    after = _BEFORE_ALL if cursor is None else _key(decode(cursor, scope, int))
    parts = _read(article, after, limit + 1)
    if not parts["article"]:
        raise NoSuchRecord(article)
    [(total, before, *_)] = parts["count"]
    spans = sorted(parts["span"])
    page = AnnotatedArticle(_attached(*parts["article"][0]), total, before or 0, [_span(*row) for row in spans[:limit]])
    if len(spans) > limit:
        last = SpanKey(*spans[limit - 1][:3])
        page.next = encode(Position(False, last.start * _START_FACTOR + last.end, last.statement), scope)
    return page


def _key(position: Position) -> SpanKey:
    start, end = divmod(int(position.key), _START_FACTOR)
    return SpanKey(start, end, position.number)


def _read(article: str, after: SpanKey, limit: int) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the article, of the counts and of the spans."""
    page, page_parameters = _page(article, after, limit).sql()
    beside = [_article(article).sql(), _counts(article, after).sql()]
    statement = " UNION ALL ".join([f"WITH page AS ({page}) SELECT * FROM page", *(sql for sql, _ in beside)])
    parts: dict[str, list[tuple[Any, ...]]] = {"article": [], "count": [], "span": []}
    for part, *row in rows(statement, [*page_parameters, *(value for _, values in beside for value in values)]):
        parts[part].append(tuple(row))
    return parts


def _spans(article: str, *columns: Any) -> Select:
    of_article = Report.article == Article.select(Article.number).where(Article.id == article)
    spans = Evidence.select(*columns).join(Report, on=(Evidence.owner == Report.number))
    selected: Select = spans.join(Statement, on=(Report.owner == Statement.number)).where(of_article)
    return selected


def _page(article: str, after: SpanKey, limit: int) -> Select:
    positions = (Evidence.start.alias("start"), Evidence.end.alias("end"), Statement.number.alias("statement"))
    texts = (Evidence.sha256, Statement.id, Statement.label, Statement.created_at, Statement.updated_at)
    spans = _spans(article, SQL("'span'"), *positions, *texts)
    return spans.where(Tuple(*after) < _KEY).order_by(Evidence.start, Evidence.end, Statement.number).limit(limit)


def _article(article: str) -> Select:
    lengths = (ArticleText.quotation_length, ArticleText.context_length, SQL("NULL"))
    texts = (Article.sha256, ArticleText.text, SQL("NULL"), SQL("NULL"), SQL("NULL"))
    articles = Article.select(SQL("'article'"), *lengths, *texts)
    selected: Select = articles.left_outer_join(ArticleText, on=(ArticleText.article == Article.number)).where(
        Article.id == article
    )
    return selected


def _counts(article: str, after: SpanKey) -> Select:
    before = fn.SUM(Case(None, ((Tuple(*after) < _KEY, 0),), 1))
    return _spans(article, SQL("'count'"), fn.COUNT(SQL("*")), before, *[SQL("NULL")] * 6)


def _attached(quotation_length: int, context_length: int, _: None, sha256: str, text: str, *__: None) -> Any:
    if text is None or digest(text) != sha256:  # the text of an earlier version of the article's record
        return None
    return AttachedText(text, quotation_length, context_length)


def _span(start: int, end: int, _: int, sha256: str, statement: str, label: str, created: str, updated: str) -> Any:
    return EvidenceSpan(start, end, sha256, statement, orjson.loads(label), created, updated)
