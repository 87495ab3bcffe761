"""What is compared: the service by its public door, and the databases' own full-text search as it comes."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import psycopg
from flask import Flask

from api.documents.record_types import RECORD_TYPES, Document
from api.search.text import fold
from bench.search.judging import DEPTH, Engine
from schemas.fields import Reference
from schemas.walking import walk

_WORD = re.compile(r"\w+")

Collections = Mapping[str, Iterable[Document]]
"""Documents as their schemas load them, by record type."""


def service(app: Flask, record_type: str = "statements", **parameters: str) -> Engine:
    """The service, asked over HTTP within the process."""
    client = app.test_client()

    def ask(q: str) -> list[str]:
        query = {"q": q, "limit": str(DEPTH), "fields": "id", **parameters}
        response = client.get(f"/v1/{record_type}", query_string=query)
        if response.status_code != 200:
            return []
        return [record["id"] for record in response.get_json()["data"]]

    return ask


def sqlite_bm25(collections: Collections, record_type: str = "statements", folded: bool = False) -> Engine:
    """Plain FTS5: own texts and the names of what is referred to as two columns, all words joined by OR, bm25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, own, linked, tokenize = 'unicode61')")
    written = fold if folded else str
    rows = ((record_id, written(own), written(linked)) for record_id, own, linked in _texts(collections, record_type))
    database.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)

    def ask(q: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(written(q)))
        select = f"SELECT id FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT {DEPTH}"
        return [record_id for (record_id,) in database.execute(select, (words,))] if words else []

    return ask


def postgresql_arabic(url: str, collections: Collections, record_type: str = "statements") -> Engine:
    """PostgreSQL's configuration `arabic`: own texts weigh more than names referred to, all words joined by OR."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TEMPORARY TABLE texts (id text, tokens tsvector)")
    vector = "setweight(to_tsvector('arabic', %s), 'A') || setweight(to_tsvector('arabic', %s), 'B')"
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO texts VALUES (%s, {vector})", list(_texts(collections, record_type)))

    def ask(q: str) -> list[str]:
        any_word = "replace(plainto_tsquery('arabic', %s)::text, '&', '|')::tsquery"
        select = f"SELECT id FROM texts, (SELECT {any_word} AS q) AS query WHERE tokens @@ q"
        ranked = f"{select} ORDER BY ts_rank_cd(tokens, q) DESC LIMIT {DEPTH}"
        return [record_id for (record_id,) in connection.execute(ranked.encode(), (q,))]

    return ask


def _texts(collections: Collections, record_type: str) -> Iterator[tuple[str, str, str]]:
    """For each record its id, its own names and summaries, and the names of all it refers to."""
    names = {(name, each["id"]): " ".join(names_of(each)) for name, kept in collections.items() for each in kept}
    for document in collections[record_type]:
        own = [*names_of(document), *document.get("summary", {}).values()]
        linked = set(_references(record_type, document))
        yield document["id"], " ".join(own), " ".join(names.get(each, "") for each in sorted(linked))


def names_of(document: Document) -> list[str]:
    """The names and aliases of a record, or its titles."""
    titles = [document["title"]] if isinstance(document.get("title"), str) else []
    supplied = document.get("supplied_title") or {}
    aliases = [alias["value"] for alias in document.get("aliases", ())]
    return [*document.get("name", {}).values(), *aliases, *titles, *supplied.values()]


def _references(record_type: str, document: Document) -> list[tuple[str, Any]]:
    visits = walk(RECORD_TYPES[record_type].schema, document)
    return [(each.field.record_type, each.value["id"]) for each in visits if isinstance(each.field, Reference)]
