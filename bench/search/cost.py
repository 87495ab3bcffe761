"""`python -m bench.search.cost`: what searching costs in processor time, in process and without the response cache."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from time import process_time
from urllib.parse import quote

import click
from flask.testing import FlaskClient

from api.application import create_app
from api.database.dialect import dialect
from api.database.statements import rows
from api.settings import Settings
from bench.__main__ import Sizes, say
from bench.corpora.corpus import Corpus
from bench.corpora.words import Zipf
from bench.load.building import build

DRAWN = 30  # words of a summary in one language, on average
FRACTIONS = (0.5, 0.95, 0.99)


@click.command()
@click.option("--sizes", type=Sizes(), default="100k", show_default=True, help="Numbers of statements.")
@click.option("--times", default=30, show_default=True, help="How many words and statements are tried.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
def main(sizes: list[int], times: int, database_url: str | None) -> None:
    """Print a row for each kind of question: milliseconds of processor time, those of PostgreSQL among them, and refusals."""
    for size in sizes:
        corpus = Corpus(1, size)
        url, _ = build(corpus, database_url, say)
        client = create_app(Settings(database_url=url, response_cache_megabytes=0, query_seconds=60)).test_client()
        click.echo(f"\n{size:,} statements\n\n| | asked | median | p95 | p99 | refused |\n|---|---|---|---|---|---|")
        for title, addresses in _questions(corpus, times):
            click.echo(f"| {title} | {_measured(client, addresses)} |")


def _questions(corpus: Corpus, times: int) -> Iterator[tuple[str, list[str]]]:
    words = corpus.words["en"]
    rare, frequent = _had_by(words, 0.01, times), _had_by(words, 0.5, 3)
    sorts = "sort=relevance&"
    yield "by date, a word that 1 % have", [f"/v1/statements?q={word}" for word in rare]
    yield "relevance, a word that 1 % have", [f"/v1/statements?{sorts}q={word}" for word in rare]
    yield "relevance, a word that half have", [f"/v1/statements?{sorts}q={word}" for word in frequent * 5]
    yield (
        "relevance, one of each",
        [f"/v1/statements?{sorts}q={one}+{other}" for one in frequent for other in rare[:5]],
    )
    yield "relevance, beginnings of one letter", [f"/v1/statements?{sorts}q={letter}*" for letter in "abkمان"]
    yield "relevance, beginnings of two letters", [f"/v1/statements?{sorts}q={letters}*" for letters in _LETTERS]
    yield "suggestions", [f"/v1/suggest?q={quote(beginning)}" for beginning in _beginnings(corpus, times)]
    yield "similar statements", [f"/v1/statements/{each}/similar" for each in _ids(corpus, times)]


_LETTERS = ("ba", "sh", "ko", "ti", "مح", "با", "شا", "نو")


def _had_by(words: Zipf, share: float, count: int) -> list[str]:
    """Words that about this share of all statements have."""
    drawn = 1 - (1 - share) ** (1 / DRAWN)
    rank = round(1 / (drawn * words.cumulative[-1]))
    first = max(0, rank - 1 - count // 2)
    return list(words.items[first : first + count])


def _beginnings(corpus: Corpus, times: int) -> list[str]:
    speakers = Random(corpus.seed).sample(corpus.cast.documents["speakers"], times)
    return [speaker["name"]["en"][:length] for speaker in speakers for length in (1, 2, 3, 5)]


def _ids(corpus: Corpus, times: int) -> list[str]:
    numbers = [Random(corpus.seed + place).randrange(1, corpus.size) for place in range(times)]
    select = f"SELECT id FROM statement WHERE number IN ({', '.join('?' * len(numbers))})"
    return [record_id for (record_id,) in rows(select, numbers)]


def _measured(client: FlaskClient, addresses: Iterable[str]) -> str:
    """The first question is asked once before, so that nothing of the start counts."""
    seconds, refused, asked = [], 0, list(addresses)
    client.get(asked[0])
    for address in asked:
        began = _processor_time()
        status = client.get(address).status_code
        seconds.append(_processor_time() - began)
        refused += status != 200
    ordered = sorted(seconds)
    shown = (f"{1000 * ordered[min(len(ordered) - 1, int(fraction * len(ordered)))]:.1f}" for fraction in FRACTIONS)
    return f"{len(asked)} | {' | '.join(shown)} | {refused}"


def _processor_time() -> float:
    """Seconds of this process, and of the one that serves it where PostgreSQL runs on this machine (Linux)."""
    if not dialect().has_server:
        return process_time()
    [(server,)] = rows("SELECT pg_backend_pid()")
    [nanoseconds, *_] = Path(f"/proc/{server}/schedstat").read_text(encoding="ascii").split()
    return process_time() + int(nanoseconds) / 1e9


if __name__ == "__main__":
    main()
