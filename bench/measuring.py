"""The measurement: rounds in which the service and the hello-world take turns, work by work and size by size."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from bench import wrk
from bench.building import build
from bench.corpus import Corpus
from bench.serving import Under, hello, service
from bench.works import Ask, Questions, Sample, asks, check, fetch, middling_words

SERVICE, HELLO = "service", "hello-world"
GLANCE = 50  # answers looked at when all were checked before
WARMING = 1  # seconds before the first round, not counted
TURN = 1  # seconds; what else goes on comes and goes faster than a round, and is to meet both alike

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to measure, and how. `server` is a PostgreSQL's URL; a `bare` hello-world sends no header of its own."""

    sizes: Sequence[int]
    works: Sequence[str]
    rounds: int
    seconds: float
    connections: int
    under: Under
    seed: int = 1
    port: int = 8110
    server: str | None = None
    bare: bool = False


Case = tuple[int, str, str]
"""A size, a work, and who does it: the service or the hello-world."""


@dataclass(frozen=True)
class Measurement:
    """One load, in one round."""

    round: int
    case: Case
    load: wrk.Load


@dataclass(frozen=True)
class Findings:
    """All that was measured; the mean answer to each (size, work), and what was asked, by size."""

    measurements: list[Measurement]
    samples: Mapping[tuple[int, str], Sample]
    asked: Mapping[int, Questions]


@dataclass(frozen=True)
class Target:
    """A server to put load on, and the file of paths to ask it for."""

    url: str
    paths: Path


def measure(plan: Plan, say: Say, checking: bool = True) -> Findings:
    """Build what is missing, start the servers, check every answer once, and measure; stop the servers in any case.

    Without `checking`, for who did it just before, only a few answers are looked at.
    """
    wrk.require()
    urls, asked = _databases(plan, say)
    targets: dict[Case, Target] = {}
    samples: dict[tuple[int, str], Sample] = {}
    with TemporaryDirectory() as temporary, ExitStack() as servers:
        folder = Path(temporary)
        for port, size in enumerate(plan.sizes, plan.port):
            say(f"{size:,} statements: checking every answer")
            base = servers.enter_context(service(urls[size], port, plan.under))
            for work, some in asks(asked[size], base, size, plan.works).items():
                samples[size, work] = check(base, work, some if checking else some[:GLANCE])
                targets[size, work, SERVICE] = Target(base, paths_in(folder, f"{size}-{work}", some, plan.seed))
        bodies = folder / "hello.json"
        bodies.write_bytes(orjson.dumps(hello_answers(samples, plan.bare)))
        base = servers.enter_context(hello(bodies, plan.port + len(plan.sizes), plan.under))
        for size, work in samples:
            ask = Ask(hello_path(size, work), samples[size, work].size)
            _check_hello(base, ask)
            targets[size, work, HELLO] = Target(base, paths_in(folder, f"hello-{size}-{work}", [ask], plan.seed))
        return Findings(list(_rounds(plan, targets, say)), samples, asked)


def _databases(plan: Plan, say: Say) -> tuple[dict[int, str], dict[int, Questions]]:
    """The URL of each size's database, and what to ask of it."""
    built = {size: build(Corpus(plan.seed, size), plan.server, say) for size in plan.sizes}
    asked = asked_of({size: questions for size, (_, questions) in built.items()})
    return {size: url for size, (url, _) in built.items()}, asked


def asked_of(questions: Mapping[int, Questions]) -> dict[int, Questions]:
    """What is asked at each size: all there is to ask, but only words that are of middling frequency at every size."""
    words = middling_words([(size, found["words"]) for size, found in questions.items()])
    return {
        size: {**found, "words": {word: found["words"][word] for word in words}} for size, found in questions.items()
    }


def paths_in(folder: Path, name: str, asked: list[Ask], seed: int) -> Path:
    """A file of the paths of some requests, shuffled."""
    shuffled = [ask.path for ask in asked]
    Random(seed).shuffle(shuffled)
    file = folder / name
    file.write_text("".join(f"{path}\n" for path in shuffled))
    return file


def hello_path(size: int, work: str) -> str:
    """The path at which the hello-world answers as much as the service does to a work."""
    return f"/{size}/{work}"


def hello_answers(samples: Mapping[tuple[int, str], Sample], bare: bool) -> dict[str, Any]:
    """What the hello-world answers, by path: as much as the service on average, with the same header fields."""
    return {
        hello_path(size, work): {"size": sample.size, "headers": {} if bare else sample.headers}
        for (size, work), sample in samples.items()
    }


def _check_hello(base: str, ask: Ask) -> None:
    status, body = fetch(base, ask.path)
    if (status, len(body)) != (200, ask.count):
        raise wrk.LoadFailed(f"The hello-world answers {ask.path} with {status} and {len(body)} bytes.")


def _rounds(plan: Plan, targets: Mapping[Case, Target], say: Say) -> Iterator[Measurement]:
    """All cases of a round after each other, service and hello-world of each size and work side by side."""
    for target in targets.values():
        wrk.run(target.url, target.paths, 0, WARMING, plan.connections)
    pairs = list(dict.fromkeys((size, work) for size, work, _ in targets))
    random = Random(plan.seed)
    for number in range(1, plan.rounds + 1):
        say(f"round {number} of {plan.rounds}")
        random.shuffle(pairs)
        for size, work in pairs:
            loads: dict[str, list[wrk.Load]] = {SERVICE: [], HELLO: []}
            for subject in _turns(number, plan.seconds):
                target = targets[size, work, subject]
                loads[subject].append(wrk.run(target.url, target.paths, random.random(), TURN, plan.connections))
            for subject, some in loads.items():
                yield Measurement(number, (size, work, subject), wrk.together(some))


def _turns(number: int, seconds: float) -> Sequence[str]:
    """As many turns for each, the outer ones for the same: what gets better or worse meanwhile does so for both."""
    four = (SERVICE, HELLO, HELLO, SERVICE) if number % 2 else (HELLO, SERVICE, SERVICE, HELLO)
    return four * max(1, round(seconds / (2 * TURN)))
