"""`python -m bench.slow_questions`: questions that take long where they are not thought of, each with many values, in process and worked out.

What is asked is made from the database: of every facet the most frequent value, one in the middle and the rarest; of every order each such filter. The
95th percentile of a kind of question is to be at most 100 ms, and none may be refused.
"""

import time
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any
from urllib.parse import urlencode

import click

from api.application import create_app
from api.garbage import look_rarely
from api.settings import Settings
from bench.__main__ import Sizes, say
from bench.corpora.corpus import Corpus
from bench.load.building import build
from bench.load.measuring import asked_of

AIM = 100  # milliseconds for the 95th percentile
ORDERS = ("date", "-date", "id", "-id", "updated_at", "-updated_at")
YEARS = range(1992, 2024)

Values = dict[str, list[str]]
"""By filter: its values in the database, the most frequent first."""


@dataclass
class Answers:
    """How long questions of one kind took, in milliseconds, with their addresses; those that were refused."""

    times: list[tuple[float, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """How long at most this share of them took."""
        ordered = sorted(took for took, _ in self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Query = dict[str, Any]


def kinds(values: Values, words: list[str], last_change: str) -> dict[str, list[str]]:
    """The questions by kind, as addresses. `last_change` is the time of the last change, since which little has changed."""
    some = {name: [known[0], known[len(known) // 2], known[-1]] for name, known in values.items() if known}
    filters: list[Query] = [{name: value} for name, three in some.items() for value in three]
    frequent: list[Query] = [{name: value} for name in ("speaker", "topic") for value in values[name][:20]]
    since: list[Query] = [{"since": year} for year in YEARS]
    changed: Query = {"updated_since": last_change}
    mixed, told = _mixed(values), [{"q": word} for word in words]
    ordered: list[Query] = [{"sort": order} for order in ORDERS]
    ranked: Query = {"sort": "relevance"}
    return {
        "all facets of a filter": [_address("facets", each) for each in filters],
        "all facets since a year": [_address("facets", each) for each in since],
        "all facets of a span of days, a topic, not an act": [_address("facets", each) for each in mixed],
        "all facets of a word": [_address("facets", each) for each in told],
        "all facets of what changed last": [_address("facets", changed)] * 5,
        "timeline of a filter, by day": [_address("timeline", each, {"interval": "day"}) for each in filters],
        "the total of a filter": [_address("", each, {"total": "exact"}) for each in [*filters, *since]],
        "a filter in every order": [_address("", *both) for both in product(filters, ordered)],
        "a span of days, a topic, not an act, of a frequent speaker, in every order": [
            _address("", *all_three) for all_three in zip(mixed, frequent * 2, ordered * 10, strict=False)
        ],
        "without an agreement, not a speaker, in every order": [
            _address("", {"agreement": "none", "not_speaker": speaker}, order)
            for speaker, order in product(values["speaker"][:20], ordered)
        ],
        "what changed last, of a filter, in every order": [
            _address("", *both, changed) for both in product(filters, ordered)
        ],
        "a word of a frequent speaker or topic, by relevance": [
            _address("", *both, ranked) for both in zip(told, frequent * 5, strict=False)
        ],
        "a word by relevance": [_address("", each, ranked) for each in told],
        "the beginning of a word, by relevance": [_address("", {"q": f"{word[:3]}*"}, ranked) for word in words],
    }


def _mixed(values: Values) -> list[Query]:
    random = Random(1)
    return [
        {
            "since": f"{(year := random.choice(YEARS[:-9]))}-03-05",
            "until": f"{year + 9}-07-12",
            "topic": random.choice(values["topic"]),
            "not_act": random.choice(values["act"]),
        }
        for _ in range(60)
    ]


def _address(of: str, *queries: Query) -> str:
    together = {name: value for query in queries for name, value in query.items()}
    return f"/v1/statements{of and f'/{of}'}?{urlencode(together)}"


def _values(client: Any) -> Values:
    answer = client.get("/v1/statements/facets?facet_limit=1000")
    assert answer.status_code == 200, answer.text
    return {
        facet["facet"]: [str(value["value"]) for value in facet["values"] if value["value"] is not None]
        for facet in answer.json["data"]
        if facet["facet"] not in ("year", "month")
    }


def ask(client: Any, addresses: list[str]) -> Answers:
    """Ask each once, after all have been asked once."""
    answers = Answers()
    for counts in (False, True):
        for address in addresses:
            started = time.perf_counter()
            answer = client.get(address)
            took = 1000 * (time.perf_counter() - started)
            if counts and answer.status_code == 200:
                answers.times.append((took, address))
            elif counts:
                answers.refused.append((answer.status_code, address))
    return answers


@click.command()
@click.option("--sizes", type=Sizes(), default="1M", show_default=True, help="Numbers of statements.")
@click.option("--database-url", help="A PostgreSQL in which databases may be created, instead of SQLite.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(sizes: list[int], database_url: str | None, seed: int) -> None:
    """Print milliseconds, as Markdown, and what took longest."""
    for size in sizes:
        url, questions = build(Corpus(seed, size), database_url, say)
        words = [*asked_of({size: questions})[size]["words"]][:200]
        client: Any = create_app(Settings(database_url=url, response_cache_megabytes=0)).test_client()
        look_rarely()  # as the service does when a worker has started
        last = client.get("/v1/statements?sort=-updated_at&limit=1").json["data"][0]["updated_at"]
        click.echo(f"\n{size:,} statements\n\n| question | asked | p50 ms | p95 ms | longest ms | refused | aim |")
        click.echo("|---|--:|--:|--:|--:|--:|---|")
        slowest = {}
        for kind, addresses in kinds(_values(client), words, last).items():
            answers = ask(client, addresses)
            click.echo(_row(kind, answers))
            slowest[kind] = [*answers.refused, *sorted(answers.times, reverse=True)[:1]]
        click.echo()
        for kind, worst in slowest.items():
            for figure, address in worst[:4]:
                click.echo(f"- {kind}: {figure:.0f} {address}")


def _row(kind: str, answers: Answers) -> str:
    count = len(answers.times) + len(answers.refused)
    if not answers.times:
        return f"| {kind} | {count} | | | | {len(answers.refused)} | **not met** |"
    middle, most, longest = (answers.percentile(share) for share in (0.5, 0.95, 1))
    verdict = "met" if most <= AIM and not answers.refused else "**not met**"
    return f"| {kind} | {count} | {middle:.1f} | {most:.1f} | {longest:.1f} | {len(answers.refused)} | ≤ {AIM}: {verdict} |"


if __name__ == "__main__":
    main()
