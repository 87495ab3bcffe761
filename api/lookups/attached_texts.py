"""The texts attached to articles, as far as statements quote them."""

from collections.abc import Collection, Iterable, Iterator

from api.database.statements import chunked, execute
from api.documents.record_types import Document
from api.evidence.quoting import AttachedText
from api.evidence.texts import digest
from api.lookups.known import StoredText
from api.lookups.stored import BATCH_SIZE


def texts_quoted(statements: Iterable[Document]) -> Iterator[tuple[str, StoredText]]:
    """The attached texts of the articles that statements quote, by the articles' ids."""
    return texts_by_article(article for statement in statements for article in articles_quoted(statement))


def texts_by_article(articles: Iterable[str]) -> Iterator[tuple[str, StoredText]]:
    """The attached texts of those of these articles that have any, by the articles' ids."""
    for article, sha256, text in texts_of(sorted(set(articles))):
        yield article, StoredText(sha256, text)


def articles_quoted(document: Document) -> list[str]:
    """The articles whose words a document may show."""
    return [report["article"]["id"] for report in document.get("reports", ())]


def texts_of(ids: Collection[str]) -> Iterator[tuple[str, str, AttachedText]]:
    """The id, the digest and the text of those of these articles whose text is attached."""
    for batch in chunked(ids, BATCH_SIZE):
        attached = execute(_TEXTS.format(ids=", ".join("?" * len(batch))), batch)
        for article, text, quotation_length, context_length in attached.fetchall():
            yield article, digest(text), AttachedText(text, quotation_length, context_length)


_TEXTS = """
SELECT article.id, attached.text, attached.quotation_length, attached.context_length
  FROM article JOIN article_text AS attached ON attached.article_id = article.number WHERE article.id IN ({ids})
"""
