"""The statements nearest in content to one of them, and what they share with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.database.dialect import dialect
from api.database.statements import rows
from api.documents.record_types import Document
from api.errors import NoSuchRecord
from api.queries.fragments import Arguments
from api.queries.query import Query
from api.queries.reading import Page, result_of
from api.search.text import spans
from api.similarity.sql import WORD, statement


@dataclass(frozen=True)
class Similarity:
    """How similar the statement of an id is, from 0 to 1, and what it shares, by kind."""

    id: str
    score: float
    shared: dict[str, list[str]]


def similar(record_id: str, query: Query) -> tuple[Page, list[Similarity]]:
    """The statements nearest to one, the nearest first, as a page, and why each is there; raise NoSuchRecord."""
    selected = statement(dialect(), query.expand, query.view)
    fetched = rows(selected.sql, selected.values(Arguments(query, owner=record_id)))
    this = [document for part, _, _, document, _ in fetched if part == "this"]
    if not this:
        raise NoSuchRecord(record_id)
    result = result_of([row for row in fetched if row[0] not in ("this", "shared")], query.expand)
    nearest = sorted(result.page, key=lambda row: (-int(row[2]), -row[1]))
    page = Page(
        [document for *_, document, _ in nearest],
        [etag for *_, etag in nearest],
        expansions=result.expansions,
        kinds=result.kinds,
        publishers=result.publishers,
    )
    shared = _shared_by_number(fetched, _written_words(orjson.loads(this[0])))
    return page, [
        Similarity(orjson.loads(document)["id"], int(score) / 100, shared.get(number, {}))
        for _, number, score, document, _ in nearest
    ]


def _shared_by_number(fetched: Sequence[Any], written: Mapping[str, str]) -> dict[int, dict[str, list[str]]]:
    """What the statements of these numbers share, by kind; terms without their vocabulary, words as they are written."""
    shared: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part, number, kind, _, value in fetched:
        if part == "shared" and (kind != WORD or value in written):
            shared[number][kind].append(written[value] if kind == WORD else value.rpartition("/")[2])
    return {number: {kind: sorted(kinds[kind]) for kind in sorted(kinds)} for number, kinds in shared.items()}


def _written_words(statement: Document) -> dict[str, str]:
    """The words of a statement's summary and quotations by their tokens, each as it stands there first."""
    spanned = (span for report in statement["reports"] for span in report["evidence"])
    texts = [*statement["summary"].values(), *(each["quotation"] for each in spanned if each.get("quotation"))]
    written: dict[str, str] = {}
    for text in texts:
        for span in spans(text):
            written.setdefault(span.token, text[span.start : span.end])
    return written
