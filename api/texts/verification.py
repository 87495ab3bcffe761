"""Whether every span of the attached texts is what its digest says, and begins and ends where words do."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.evidence.boundaries import splits
from api.evidence.quoting import matches
from api.evidence.texts import digest
from api.models.articles import Article, ArticleText
from api.models.base import tuples
from api.models.statements import Evidence, Report, Statement


@dataclass
class Verification:
    """How many spans there are of each status, and a sentence for everything wrong or doubtful."""

    verified: int = 0
    not_attached: int = 0
    mismatches: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # articles whose attached text is not theirs


def verify() -> Verification:
    """Verify every span of every article, one article at a time."""
    verification = Verification()
    of_some_article = Evidence.select().count()
    for number, article, sha256, length, text in _texts():
        if digest(text) != sha256:
            verification.strangers.append(
                f"{article}: the attached text is not this article's: attach the right one, or detach."
            )
            continue
        if length != len(text):
            verification.warnings.append(
                f"{article}: warning: its record says {length} characters, its text has {len(text)}."
            )
        _verify_spans(number, article, text, verification)
    verification.not_attached = of_some_article - verification.verified - len(verification.mismatches)
    return verification


def _texts() -> Iterator[tuple[int, str, str, int, str]]:
    attached = Article.select(Article.number, Article.id).join(ArticleText, on=(ArticleText.article == Article.number))
    for number, article in list(tuples(attached.order_by(Article.id))):
        with_text = Article.select(Article.sha256, Article.length, ArticleText.text).join(
            ArticleText, on=(ArticleText.article == Article.number)
        )
        for sha256, length, text in tuples(with_text.where(Article.number == number)):
            yield number, article, sha256, length, text


def _verify_spans(number: int, article: str, text: str, verification: Verification) -> None:
    spans = list(_spans(number))
    split = splits(text, {position for _, start, end, _ in spans for position in (start, end)})
    for statement, start, end, sha256 in spans:
        name = f"statements/{statement}: {start}-{end} of {article}"
        if end > len(text):
            verification.mismatches.append(
                f"{name}: mismatch: it lies beyond the text, which has {len(text)} characters."
            )
        elif not matches(text, start, end, sha256):
            verification.mismatches.append(f"{name}: mismatch: the words there have another digest.")
        else:
            verification.verified += 1
        verification.warnings += [
            f"{name}: warning: {verb} inside {split[place]}."
            for verb, place in (("begins", start), ("ends", end))
            if place in split
        ]


def _spans(article: int) -> Iterator[tuple[str, int, int, str]]:
    spans = (
        Evidence.select(Statement.id, Evidence.start, Evidence.end, Evidence.sha256)
        .join(Report, on=(Evidence.owner == Report.number))
        .join(Statement, on=(Report.owner == Statement.number))
        .where(Report.article == article)
    )
    yield from tuples(spans.order_by(Evidence.start, Evidence.end, Statement.id))
