"""Applications on a database of their own, with made-up records as short as the schemas allow."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from filling import CORPUS, as_bytes, filled
from flask.testing import FlaskClient

from api.access import tokens
from api.application import create_app
from api.bulk.folders import load, seed_corpus
from api.database.current import database
from api.documents.record_types import RECORD_TYPES
from api.records.storing import store
from api.settings import Settings

Document = dict[str, Any]


def name(text: str) -> dict[str, str]:
    return {"ar": f"اسم {text}", "en": text}


def speaker(record_id: str, **more: Any) -> Document:
    return {"id": record_id, "kind": "person", "name": name(record_id), **more}


def article(record_id: str, **more: Any) -> Document:
    return {
        "id": record_id,
        "title": record_id,
        "published": "2020-01-01",
        "date_basis": "stated",
        "language": "en",
        "rights": "Nobody's: it is made up.",
        "sha256": "0" * 64,
        "length": 100,
        **more,
    }


def agreement(record_id: str, **more: Any) -> Document:
    return {"id": record_id, "kind": "ceasefire", "status": "announced", "name": name(record_id), **more}


def report(article_id: str, *chain: str, mode: str = "direct") -> Document:
    """A report of an article through these agents: the first spoke, those after him relayed."""
    roles = ["spoke"] + ["relayed"] * (len(chain) - 1)
    return {
        "article": {"id": article_id},
        "chain": [{"agent": {"id": agent}, "role": role} for agent, role in zip(chain, roles, strict=True)],
        "mode": mode,
        "evidence": [{"start": 0, "end": 1, "sha256": "0" * 64}],
    }


def statement(record_id: str, date: str = "2020-01-01", speaker_id: str = "a-speaker", **more: Any) -> Document:
    return {
        "id": record_id,
        "speakers": [{"speaker": {"id": speaker_id}, "capacity": "author"}],
        "act": "assert",
        "summary": {"en": f"Summary of {record_id}"},
        "date": date,
        "date_basis": "stated",
        "reports": [report("an-article", speaker_id)],
        **more,
    }


def bearer(*scopes: str, name: str | None = None) -> dict[str, str]:
    """The header with a new token of the database in use."""
    return {"Authorization": f"Bearer {tokens.create(name or uuid4().hex, scopes or tokens.SCOPES, expires_at=None)}"}


def add(records: Mapping[str, list[Document]]) -> None:
    """Store made-up records in the database in use."""
    store(
        {
            record_type: [RECORD_TYPES[record_type].schema.load(document) for document in some]
            for record_type, some in records.items()
        }
    )


@contextmanager
def client_of(
    url: str,
    records: Mapping[str, list[Document]] | None = None,
    reads: str = "open",
    threads: int = 4,
    fill: bool = True,
    needed: bool = True,
) -> Iterator[FlaskClient]:
    """A client of the service on a new database that holds these records and what they need, or else the corpus.

    Without `needed` the records need nothing but themselves.
    """
    app = create_app(Settings(database_url=url, reads=reads, threads=threads))
    opened: Any = database.obj
    try:
        if fill:
            documents = CORPUS if records is None else as_bytes([records, needed])
            filled(url, documents, lambda: _load(records, needed))
        yield app.test_client()
    finally:
        opened.close_all()


def _load(records: Mapping[str, list[Document]] | None, needed: bool) -> None:
    if records is None:
        load(seed_corpus())
    else:
        if needed:
            add({"speakers": [speaker("a-speaker")], "articles": [article("an-article")]})
        add(records)
