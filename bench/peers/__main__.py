"""`python -m bench.peers`: the works by the service, by FastAPI with SQLAlchemy Core, and by Datasette, in the same rounds.

The service reads its SQLite file with its response cache off, the peers a copy with the documents as plain JSON. Each rate is a share of that of a hello-world in the same round.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import click
import orjson

from api.database.connections import connect
from api.database.current import use_database
from api.database.statements import execute, rows
from api.database.transactions import writing
from api.search.text import tokens
from bench.__main__ import Sizes, Works, say, stopping_plainly
from bench.corpora.corpus import Corpus
from bench.load import wrk
from bench.load.building import CACHE, build
from bench.load.measuring import GLANCE, HELLO, asked_of, hello_answers, hello_path, paths_in
from bench.load.serving import NotServing, Under, hello, program, service
from bench.load.works import TITLES, Ask, Counts, Questions, Sample, asks, check
from bench.peers import queries

SERVICE, FASTAPI, DATASETTE = "service", "FastAPI + SQLAlchemy Core", "Datasette"
WORKERS, THREADS = 2, 4
FOLDER = Path(__file__).parent
ENVIRONMENT = CACHE / "peers" / "bin"

Asked = dict[str, list[Ask]]
Rates = dict[tuple[str, str], list[float]]
"""By work and server: requests per second in each round."""


def _facets_counted(answer: list[dict[str, Any]]) -> int:
    """How many statements the rows of each facet count; -1 when they do not agree."""
    totals: Counter[str] = Counter()
    for row in answer:
        totals[row["facet"]] += row["count"]
    return set(totals.values()).pop() if len(set(totals.values())) == 1 else -1


ROWS: Counts = {**dict.fromkeys(("W1", "W2", "W3", "W4", "W5"), len), "W6": _facets_counted}
"""How many records an answer of Datasette brings, which is a list of rows."""


def of_peers(asked: Asked, url: str, size: int) -> Asked:
    """The requests as a peer takes them: places by the key that they follow, words by their stem."""
    with use_database(connect(url)):
        keys = [key for (key,) in rows("SELECT sort_key FROM statement ORDER BY sort_key DESC")]
    middle, reach = size // 2, min(size // 20, size // 2)
    places = range(middle - reach, middle + reach, max(1, 2 * reach // 1000))
    translated = {
        "W4": [Ask(f"/v1/statements?before={keys[place - 1]}", min(20, size - place)) for place in places if place],
        "W5": [Ask(f"/v1/statements?q={quote(stem)}", ask.count) for ask, stem in _stems(asked.get("W5", []))],
    }
    return {work: translated.get(work, some) for work, some in asked.items()}


def _stems(asked: list[Ask]) -> Iterator[tuple[Ask, str]]:
    """The words that have a single stem, with it."""
    for ask in asked:
        stems = list(tokens(ask.path.partition("q=")[2]))
        if len(stems) == 1:
            yield ask, stems[0]


def plain_copy(url: str, folder: Path) -> str:
    """The URL of a copy of a database whose statements have their documents uncompressed, in a column of that name."""
    path = folder / "plain.db"
    shutil.copyfile(url.removeprefix("sqlite:///"), path)
    opened = connect(copied := f"sqlite:///{path}")
    with use_database(opened), writing():
        execute("UPDATE statement SET body = decompressed(body)")
        execute("ALTER TABLE statement RENAME COLUMN body TO document")
    opened.close_all()  # type: ignore[no-untyped-call]
    return copied


@contextmanager
def fastapi(url: str, port: int) -> Iterator[str]:
    """FastAPI under uvicorn, with as many processes as the service has."""
    patience = ["--timeout-worker-healthcheck", 60]  # seconds: on a busy machine 5 are not enough
    command = [
        "uvicorn",
        "--app-dir",
        FOLDER,
        "--workers",
        WORKERS,
        *patience,
        "--port",
        port,
        "--no-access-log",
        "raw:app",
    ]
    with program(_in_environment(command), port, {"BENCH_DATABASE_URL": url}) as base:
        yield base


@contextmanager
def datasette(url: str, port: int, folder: Path) -> Iterator[str]:
    """Datasette, which is one process."""
    declared = folder / "metadata.json"
    declared.write_bytes(orjson.dumps(queries.metadata()))
    named = folder / f"{queries.DATABASE}.db"
    named.symlink_to(url.removeprefix("sqlite:///"))
    settings = ["--setting", "max_returned_rows", 2000, "--setting", "sql_time_limit_ms", 20000]
    command = ["datasette", "serve", named, "--metadata", declared, "--port", port, *settings]
    with program(_in_environment(command), port, {}) as base:
        yield base


def _in_environment(command: list[Any]) -> list[str]:
    program_file = ENVIRONMENT / command[0]
    if not program_file.exists():
        raise NotServing(f"{program_file} is missing: 'make bench-peers' installs the peers.")
    return [str(program_file), *map(str, command[1:])]


@contextmanager
def serving(url: str, questions: Questions, size: int, works: list[str], port: int) -> Iterator[dict[str, Any]]:
    """All servers, each checked; gives by name the base URL and the file of paths for each work."""
    with TemporaryDirectory() as temporary, ExitStack() as servers:
        folder = Path(temporary)
        ours = servers.enter_context(service(url, port, Under(WORKERS, THREADS, None, 0)))
        asked = asks(questions, ours, size, works)
        theirs = of_peers(asked, url, size)
        rewritten = {
            work: [Ask(queries.path(work, ask.path), ask.count) for ask in some] for work, some in theirs.items()
        }
        plain = plain_copy(url, folder)
        bases = {
            SERVICE: (ours, asked, None),
            FASTAPI: (servers.enter_context(fastapi(plain, port + 1)), theirs, None),
            DATASETTE: (servers.enter_context(datasette(plain, port + 2, folder)), rewritten, ROWS),
        }
        samples: dict[tuple[int, str], Sample] = {}
        subjects = {}
        for place, (name, (base, some, counts)) in enumerate(bases.items()):
            found = {work: check(base, work, some[work][:GLANCE], counts) for work in works}
            samples = samples or {(size, work): sample for work, sample in found.items()}
            subjects[name] = base, {work: paths_in(folder, f"{place}-{work}", some[work], 1) for work in works}
        bodies = folder / "hello.json"
        bodies.write_bytes(orjson.dumps(hello_answers(samples, bare=False)))
        base = servers.enter_context(hello(bodies, port + 3, Under(WORKERS, THREADS)))
        paths = {work: paths_in(folder, f"hello-{work}", [Ask(hello_path(size, work), 0)], 1) for work in works}
        yield {HELLO: (base, paths), **subjects}


def measure(subjects: dict[str, Any], works: list[str], rounds: int, seconds: int, connections: int) -> Rates:
    """The rates of all in turns; in every other round the other way round. The first round warms up."""
    rates: Rates = defaultdict(list)
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}")
        order = list(subjects.items())[:: 1 if number % 2 else -1]
        for work in works:
            for name, (base, paths) in order:
                load = wrk.run(base, paths[work], number / (rounds + 1), seconds, connections)
                if number:
                    rates[work, name].append(load.rate)
    return rates


def table(works: list[str], rates: Rates) -> str:
    """Medians of the rounds' shares of the hello-world, and how many times as fast the service is as each peer."""
    names = (SERVICE, FASTAPI, DATASETTE)
    lines = [
        f"| work | {' | '.join(names)} | times {FASTAPI} | times {DATASETTE} | aim |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for work in works:
        shares = [f"{_ratio(rates[work, name], rates[work, HELLO]):.2f}" for name in names]
        times = [_ratio(rates[work, SERVICE], rates[work, peer]) for peer in (FASTAPI, DATASETTE)]
        verdict = "≥ 2: met" if min(times) >= 2 else "≥ 2: **not met**"
        cells = [f"{work} {TITLES[work]}", *shares, *(f"{each:.1f}" for each in times), verdict]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(rates: list[float], others: list[float]) -> float:
    return median(rate / other for rate, other in zip(rates, others, strict=True))


@click.command()
@click.option("--sizes", type=Sizes(), default="100k", show_default=True, help="The number of statements.")
@click.option("--works", type=Works(), default=",".join(TITLES), show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--seconds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--connections", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--port", type=int, default=8110, show_default=True, help="The first of the ports listened on.")
def main(sizes: list[int], works: list[str], rounds: int, seconds: int, connections: int, port: int) -> None:
    """Measure the works by the service and its peers, and print shares of a hello-world."""
    wrk.require()
    [size] = sizes
    url, questions = build(Corpus(1, size), None, say)
    with stopping_plainly(), serving(url, asked_of({size: questions})[size], size, works, port) as subjects:
        rates = measure(subjects, works, rounds, seconds, connections)
    click.echo(f"{size:,} statements, response cache off, {rounds} rounds of {seconds} s\n\n{table(works, rates)}")


if __name__ == "__main__":
    main()
