"""The measurement: rounds in which the service, under some conditions, and the hello-world take turns, work by work and size by size."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from bench.corpora.corpus import Corpus
from bench.load import wrk
from bench.load.building import build
from bench.load.serving import Under, hello, service
from bench.load.works import Ask, Questions, Sample, asks, check, fetch, middling_words
from bench.load.writer import Writer, new_token

HELLO = "hello-world"
GLANCE = 50  # answers looked at when all were checked before
WARMING = 1  # seconds before the first round, not counted
TURN = 1  # seconds; what else goes on comes and goes faster than a round, and is to meet all alike

Say = Callable[[str], None]


@dataclass(frozen=True)
class Condition:
    """What the service is read under: with its response cache or without, and while somebody writes or not."""

    name: str
    cached: bool = False
    beside_a_writer: bool = False


WORKED_OUT = Condition("worked out")
WRITTEN = Condition("worked out beside a writer", beside_a_writer=True)
CACHED = Condition("cached", cached=True)
CACHED_WRITTEN = Condition("cached beside a writer", cached=True, beside_a_writer=True)
CONDITIONS = (WORKED_OUT, WRITTEN, CACHED, CACHED_WRITTEN)


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
    conditions: Sequence[Condition] = CONDITIONS
    writes_per_second: float = 10.0


Case = tuple[int, str, str]
"""A size, a work, and who does it: the name of a condition of the service, or the hello-world."""


@dataclass(frozen=True)
class Measurement:
    """One load, in one round."""

    round: int
    case: Case
    load: wrk.Load


@dataclass(frozen=True)
class Findings:
    """All that was measured; the mean answer to each (size, work), what was asked, and how many changes a second were made beside it."""

    measurements: list[Measurement]
    samples: Mapping[tuple[int, str], Sample]
    asked: Mapping[int, Questions]
    written: Mapping[int, float]


@dataclass(frozen=True)
class Target:
    """A server to put load on, and the file of paths to ask it for; the writer who writes there meanwhile, and whether it is warmed up first."""

    url: str
    paths: Path
    writer: Writer | None = None
    warm: bool = False

    def load(self, start: float, connections: int) -> wrk.Load:
        """Put load on it for a turn."""
        if self.warm:
            wrk.run(self.url, self.paths, 0, WARMING, connections)
        with self.writer.at(self.url) if self.writer else nullcontext():
            return wrk.run(self.url, self.paths, start, TURN, connections)


def measure(plan: Plan, say: Say, checking: bool = True) -> Findings:
    """Build what is missing, start the servers, check every answer once, and measure; stop the servers in any case.

    Without `checking`, for who did it just before, only a few answers are looked at.
    """
    wrk.require()
    urls, asked = _databases(plan, say)
    writers = {size: Writer(new_token(urls[size]), asked[size]["ids"][:100], plan.writes_per_second) for size in urls}
    with TemporaryDirectory() as temporary, ExitStack() as servers:
        folder, ports = Path(temporary), iter(range(plan.port, plan.port + 100))
        targets: dict[Case, Target] = {}
        samples: dict[tuple[int, str], Sample] = {}
        for size in plan.sizes:
            say(f"{size:,} statements: checking every answer")
            bases = servers.enter_context(_services(urls[size], ports, plan))
            for work, some in asks(asked[size], next(iter(bases.values())), size, plan.works).items():
                paths = paths_in(folder, f"{size}-{work}", some, plan.seed)
                for base in bases.values():
                    samples[size, work] = check(base, work, some if checking else some[:GLANCE])
                for condition in plan.conditions:
                    writer = writers[size] if condition.beside_a_writer else None
                    warm = condition.cached and writer is None
                    targets[size, work, condition.name] = Target(bases[condition.cached], paths, writer, warm)
        bodies = folder / "hello.json"
        bodies.write_bytes(orjson.dumps(hello_answers(samples, plan.bare)))
        base = servers.enter_context(hello(bodies, next(ports), plan.under))
        for size, work in samples:
            ask = Ask(hello_path(size, work), samples[size, work].size)
            _check_hello(base, ask)
            targets[size, work, HELLO] = Target(base, paths_in(folder, f"hello-{size}-{work}", [ask], plan.seed))
        measurements = list(_rounds(plan, targets, say))
        return Findings(measurements, samples, asked, {size: each.rate for size, each in writers.items()})


@contextmanager
def _services(url: str, ports: Iterator[int], plan: Plan) -> Iterator[dict[bool, str]]:
    """The service on a database, as often as the conditions ask for: its base URLs, by whether it has its response cache."""
    with ExitStack() as servers:
        yield {
            cached: servers.enter_context(service(url, next(ports), plan.under.with_response_cache(cached)))
            for cached in sorted({condition.cached for condition in plan.conditions})
        }


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
    """All cases of a round after each other, those of each size and work side by side."""
    for target in targets.values():
        wrk.run(target.url, target.paths, 0, WARMING, plan.connections)
    pairs = list(dict.fromkeys((size, work) for size, work, _ in targets))
    subjects = [*(condition.name for condition in plan.conditions), HELLO]
    random = Random(plan.seed)
    for number in range(1, plan.rounds + 1):
        say(f"round {number} of {plan.rounds}")
        random.shuffle(pairs)
        for size, work in pairs:
            loads: dict[str, list[wrk.Load]] = {subject: [] for subject in subjects}
            for subject in _turns(subjects, number, plan.seconds):
                loads[subject].append(targets[size, work, subject].load(random.random(), plan.connections))
            for subject, some in loads.items():
                yield Measurement(number, (size, work, subject), wrk.together(some))


def _turns(subjects: Sequence[str], number: int, seconds: float) -> Sequence[str]:
    """As many turns for each, there and back again: what gets better or worse meanwhile does so for all."""
    there, back = [*subjects], [*reversed(subjects)]
    both = there + back if number % 2 else back + there
    return both * max(1, round(seconds / (2 * TURN)))
