"""The five articles of the corpus as gold: their statements are the records in `fixtures/`; their texts are read from a folder.

For each article the names of the others are known, and no more: what only its own records name must be read from its text.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from api.evidence.texts import NotText, UnreadableText, digest, read

FIXTURES = Path("fixtures")
Document = dict[str, Any]


class Article(NamedTuple):
    """An annotated article: its name in the report, its text, its gold, and the records whose names are known."""

    name: str
    text: str
    gold: Document
    known: dict[str, list[Document]]


def corpus(folder: Path) -> Iterator[Article]:
    """The articles of the corpus whose texts are in a folder, recognised by their digests."""
    records = {kind: _documents(kind) for kind in ("speakers", "agreements", "places", "events")}
    statements = _documents("statements")
    texts = {digest(text): text for text in _texts(folder)}
    for article in _documents("articles"):
        if article.get("sha256") in texts:
            gold = _gold(article, statements, {speaker["id"]: speaker for speaker in records["speakers"]})
            mentioned = _mentioned(
                [s for s in statements if any(r["article"]["id"] != article["id"] for r in s["reports"])]
            )
            known = {kind: [d for d in documents if d["id"] in mentioned] for kind, documents in records.items()}
            yield Article(article["id"], texts[article["sha256"]], gold, known)


def _documents(kind: str) -> list[Document]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((FIXTURES / kind).glob("*.json"))]


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.txt")):
        try:
            yield read(path)
        except (NotText, UnreadableText):
            continue


def _mentioned(value: Any) -> set[str]:
    """Every id that documents refer to, wherever it stands."""
    if isinstance(value, Mapping):
        inner = {found for each in value.values() for found in _mentioned(each)}
        return inner | ({value["id"]} if isinstance(value.get("id"), str) else set())
    if isinstance(value, list):
        return {found for each in value for found in _mentioned(each)}
    return set()


def _gold(article: Document, statements: list[Document], speakers: Mapping[str, Document]) -> Document:
    rows = [
        _statement(statement, report, speakers)
        for statement in statements
        for report in statement["reports"]
        if report["article"]["id"] == article["id"]
    ]
    publisher = (article.get("publisher") or {}).get("id")
    return {
        "published": article.get("published"),
        "publisher": publisher,
        "language": article["language"],
        "statements": rows,
    }


def _statement(statement: Document, report: Document, speakers: Mapping[str, Document]) -> Document:
    return {
        "id": statement["id"],
        "speakers": [
            {
                "label": report.get("label") or speakers[entry["speaker"]["id"]]["name"]["ar"],
                "resolved": speakers[entry["speaker"]["id"]]["name"]["ar"],
                "capacity": entry["capacity"],
            }
            for entry in statement["speakers"]
        ],
        "act": statement["act"],
        "mode": report["mode"],
        "date": statement["date"],
        "figures": statement.get("figures") or [],
        "evidence": [span for span in report["evidence"] if "start" in span],
    }
