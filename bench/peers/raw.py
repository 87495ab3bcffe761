"""What an experienced programmer would write instead: FastAPI and SQLAlchemy Core, joining stored bytes of the service's own tables.

It knows the seven works and nothing else: no validation, no entity tags, no problems, no other filter. It runs in an environment of
its own (requirements.txt beside it), so it imports nothing of the service: `uvicorn --app-dir bench/peers raw:app`.
"""

import os
from collections.abc import Iterable
from typing import Annotated

import orjson
from fastapi import FastAPI, Query, Response
from sqlalchemy import ColumnElement, Select, column, create_engine, exists, func, literal_column, select, table, text

PAGE = 20

engine = create_engine(os.environ["BENCH_DATABASE_URL"], pool_size=40)
statement = table("statement", *map(column, ("number", "id", "sort_key", "sort_day", "act", "date_earliest", "date_latest", "document")))  # fmt: skip
speaker = table("speaker", column("number"), column("id"))
agreement = table("agreement", column("number"), column("id"))
said = table("statement_speaker", column("owner_id"), column("speaker_id"))
cited = table("agreement_reference", column("owner_id"), column("agreement_id"))
words = table("statements_text", column("rowid"))

app = FastAPI()


def _joined(documents: Iterable[bytes]) -> Response:
    return Response(b'{"data":[' + b",".join(documents) + b"]}", media_type="application/json")


def _said_by(speaker_id: str) -> ColumnElement[bool]:
    return exists().where(
        said.c.owner_id == statement.c.number,
        said.c.speaker_id == select(speaker.c.number).where(speaker.c.id == speaker_id).scalar_subquery(),
    )


def _cites(agreement_id: str) -> ColumnElement[bool]:
    return exists().where(
        cited.c.owner_id == statement.c.number,
        cited.c.agreement_id == select(agreement.c.number).where(agreement.c.id == agreement_id).scalar_subquery(),
    )


def _with_word(word: str) -> Select[tuple[bytes]]:
    matching = text("statements_text MATCH :word").bindparams(word=f'"{word}"')
    return (
        select(statement.c.document)
        .join_from(words, statement, statement.c.sort_key == words.c.rowid)
        .where(matching)
        .order_by(statement.c.sort_key.desc())
        .limit(PAGE)
    )


@app.get("/v1/statements")
def listed(
    speaker: str | None = None,
    agreement: str | None = None,
    since: str | None = None,
    until: str | None = None,
    before: int | None = None,
    q: str | None = None,
) -> Response:
    """W2 to W5: the latest 20, those behind a sort key, those that filters find, those with a word."""
    if q is not None:
        wanted = _with_word(q)
    else:
        wanted = select(statement.c.document).order_by(statement.c.sort_key.desc()).limit(PAGE)
        if speaker is not None:
            wanted = wanted.where(_said_by(speaker))
        if agreement is not None:
            wanted = wanted.where(_cites(agreement))
        if since is not None:
            wanted = wanted.where(statement.c.date_latest >= since)
        if until is not None:
            wanted = wanted.where(statement.c.date_earliest <= until)
        if before is not None:
            wanted = wanted.where(statement.c.sort_key < before)
    with engine.connect() as connection:
        return _joined(connection.execute(wanted).scalars())


YEAR = func.substr(statement.c.sort_day, 1, 4)


@app.get("/v1/statements/facets")
def facets(speaker: str, facet: Annotated[str, Query()] = "act,year") -> Response:
    """W6: how many statements of a speaker there are of each act, and of each year."""
    keys = {"act": statement.c.act, "year": YEAR}
    counted = []
    with engine.connect() as connection:
        for name in facet.split(","):
            found = select(keys[name], func.count(literal_column("*"))).where(_said_by(speaker)).group_by(keys[name])
            values = [{"value": value, "count": count} for value, count in connection.execute(found)]
            counted.append({"facet": name, "values": values})
    return Response(orjson.dumps({"data": counted}), media_type="application/json")


@app.get("/v1/statements/{record_id}")
def item(record_id: str) -> Response:
    """W1: one statement."""
    with engine.connect() as connection:
        document = connection.execute(select(statement.c.document).where(statement.c.id == record_id)).scalar_one()
    return Response(document, media_type="application/json")
