"""`python -m bench.earlier_moments`: lists, counts and searches of an earlier moment beside those of now, in processor time.

A copy of a SQLite database of the bench is changed in process: some statements and records that they refer to, or a speaker
of many. Then each question is put as of the moment before, first and again, and without a moment. Nothing is answered from the
response cache.
"""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import click
import orjson
from flask.testing import FlaskClient

from api.application import create_app
from api.database.current import database
from api.database.statements import execute, rows
from api.documents.record_types import RECORD_TYPES
from api.records.changing import ANY, Condition, put
from api.settings import Settings
from bench.__main__ import Sizes, say
from bench.corpora.corpus import Corpus
from bench.load.building import build

QUESTIONS = {
    "latest 20": "/v1/statements?",
    "speaker of many": "/v1/statements?speaker={speaker}",
    "speaker, topic, days": "/v1/statements?speaker={speaker}&topic={topic}&since=2010",
    "sorted by id, with its total": "/v1/statements?topic={topic}&sort=id&total=exact",
    "all facets": "/v1/statements/facets?",
    "facets of a speaker": "/v1/statements/facets?speaker={speaker}",
    "timeline": "/v1/statements/timeline?",
    "one word": "/v1/statements?q={word}",
    "facets of a word": "/v1/statements/facets?q={word}&facet=act&facet=year",
}
ROUNDS = 15


@click.command()
@click.option("--sizes", type=Sizes(), default="10k", show_default=True, help="Numbers of statements.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--changed", type=click.IntRange(min=1), default=10, show_default=True, help="Statements that are reworded."
)
@click.option("--rename", is_flag=True, help="Rename the speaker of most statements instead.")
def main(sizes: list[int], seed: int, changed: int, rename: bool) -> None:
    """Print, for each question, milliseconds now, at first as of the moment, and again, and the ratio of the last to the first."""
    for size in sizes:
        url, _ = build(Corpus(seed, size), None, say)
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.db"
            shutil.copyfile(url.removeprefix("sqlite:///"), copy)
            _measure(f"sqlite:///{copy}", size, changed, rename)


def _measure(url: str, size: int, changed: int, rename: bool) -> None:
    client = create_app(Settings(database_url=url, response_cache_megabytes=0, query_seconds=0)).test_client()
    _log_what_was_loaded()
    about = _most_frequent()
    before = _moment()
    _reword(1)
    client.get(f"/v1/speakers?limit=1&as_of={quote(before)}")  # which makes the tables that others are copies of
    moment = _moment()
    if rename:
        _change("speakers", [about["speaker"]], lambda document: {**document, "name": {"en": "Renamed"}})
    else:
        _reword(changed)
    what = "a rename" if rename else f"{changed} reworded"
    click.echo(f"{size:,} statements, {what}: ms now, first, again, ratio")
    for title, address in QUESTIONS.items():
        now = address.format(**about)
        then = f"{now}&as_of={quote(moment)}"
        first = _took(client, then)
        _took(client, now)
        pairs = [(_took(client, now), _took(client, then)) for _ in range(ROUNDS)]
        live, again = (median(column) for column in zip(*pairs, strict=True))
        click.echo(f"{title:30} {live:8.2f} {first:9.1f} {again:8.2f} {again / live:6.2f}")


def _moment() -> str:
    """Now; what is changed next is changed later."""
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    time.sleep(0.001)
    return moment


def _took(client: FlaskClient, address: str) -> float:
    started = time.process_time()
    answer = client.get(address)
    took = time.process_time() - started
    assert answer.status_code == 200, answer.text
    return 1000 * took


def _log_what_was_loaded() -> None:
    """Log the statements, whose rows the bench writes without the service."""
    with database.atomic():
        execute(
            'INSERT INTO "change" (record_type, record_id, record_number, revision, operation, recorded_at, recorded_by, etag, body)'
            " SELECT 'statements', id, number, 1, 'created', (SELECT MAX(recorded_at) FROM \"change\"), 'bench', etag, body"
            " FROM statement WHERE id NOT IN (SELECT record_id FROM \"change\" WHERE record_type = 'statements')"
        )


def _most_frequent() -> dict[str, str]:
    [(speaker,)] = rows(
        "SELECT id FROM speaker WHERE number = (SELECT speaker_id FROM statement_speaker GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1)"
    )
    [(topic,)] = rows("SELECT topic FROM statement_topic GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1")
    [(summary,)] = rows("SELECT label FROM statement WHERE number = 77")
    word = max(orjson.loads(summary)["en"].split(), key=len)
    return {"speaker": speaker, "topic": topic.rpartition("/")[2], "word": quote(word)}


def _reword(count: int) -> None:
    ids = [record_id for (record_id,) in rows("SELECT id FROM statement WHERE number % 101 = 5 LIMIT ?", (count,))]
    _change("statements", ids, lambda document: {**document, "summary": {"en": "Reworded for the bench"}})


def _change(record_type: str, ids: list[str], change: Any) -> None:
    described = RECORD_TYPES[record_type]
    for record_id in ids:
        stored = described.table.get(described.table.id == record_id)
        document = described.schema.load(orjson.loads(bytes(stored.document)))
        put(record_type, change(document), "bench", Condition(must_match=ANY))


if __name__ == "__main__":
    main()
