"""What is asked: the six works, each a list of paths to rotate over with the count that each must bring.

W1 item by id; W2 the latest 20; W3 speaker, range of dates and agreement, 20; W4 the 20 after half of all statements,
by cursor; W5 one word of middling frequency, 20 by date; W6 facets of one speaker by act and year, W6b those of the ten
busiest.
"""

import http.client
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
from peewee import SQL, fn

from api.database.dialect import is_sqlite
from api.database.statements import rows
from api.models.agreements import Agreement
from api.models.base import tuples
from api.models.speakers import Speaker
from api.models.statements import AgreementReference, Statement, StatementSpeaker
from api.search.text import tokens
from bench.corpora.corpus import LANGUAGES, LONGEST, SHORTEST, Corpus

PAGE = 20
IDS, TRIPLES, PLACES, SPEAKERS = 5_000, 2_000, 1_000, 2_000
BUSIEST = 10
RAREST_WORD, MOST_FREQUENT_WORD = 0.002, 0.01
"""Of middling frequency is a word in 0.2 to 1 % of the statements: at least a page of them among 10,000."""

TITLES = {
    "W1": "item by id",
    "W2": "latest 20",
    "W3": "speaker + dates + agreement, 20",
    "W4": "20 after half of all, by cursor",
    "W5": "one word, 20 by date",
    "W6": "facets of a speaker by act and year",
    "W6b": "the same of the ten busiest speakers",
}


class WrongAnswer(Exception):
    """An answer that must not be measured; says which."""


@dataclass(frozen=True)
class Ask:
    """A path and the count its answer must bring: of records, or of statements counted."""

    path: str
    count: int


Questions = dict[str, Any]
"""What is worth asking of one corpus: ids, and filters, words and speakers with the number of statements they find."""


def questions(corpus: Corpus) -> Questions:
    """What to ask of the corpus in the database now open."""
    random = Random(f"{corpus.seed}/questions")
    spoken = _spoken()
    return {
        "ids": _some_ids(random, corpus.size),
        "triples": list(_triples(random)),
        "words": {word: _frequency(stem) for stem, word in sorted(likely_words(corpus).items())},
        "speakers": dict(random.sample(sorted(spoken.items()), min(SPEAKERS, len(spoken)))),
        "busiest": dict(sorted(spoken.items(), key=lambda item: (-item[1], item[0]))[:BUSIEST]),
    }


def _some_ids(random: Random, size: int) -> list[str]:
    numbers = random.sample(range(1, size + 1), min(IDS, size))
    chosen = [numbers[start : start + 500] for start in range(0, len(numbers), 500)]
    found = [
        record_id
        for some in chosen
        for (record_id,) in tuples(Statement.select(Statement.id).where(Statement.number.in_(some)))
    ]
    random.shuffle(found)
    return found


def _spoken() -> dict[str, int]:
    """How many statements each speaker made who made any."""
    counted = (
        StatementSpeaker.select(Speaker.id, fn.COUNT(SQL("*")))
        .join(Speaker, on=(StatementSpeaker.speaker == Speaker.number))
        .group_by(Speaker.id)
    )
    return dict(tuples(counted))


def _triples(random: Random) -> Iterator[tuple[str, str, str, str, int]]:
    """Speaker, agreement, first day, last day, hits: drawn from the pairs with a page of statements or more."""
    pairs = _pairs()
    full = {pair: found for pair, found in pairs.items() if len(found) >= PAGE}
    chosen = full or pairs
    speakers, agreements = (dict(tuples(table.select(table.number, table.id))) for table in (Speaker, Agreement))
    order = sorted(chosen)
    for _ in range(TRIPLES):
        speaker, agreement = random.choice(order)
        spans = sorted(chosen[speaker, agreement])
        length = random.randint(min(PAGE, len(spans)), len(spans))
        first = random.randrange(len(spans) - length + 1)
        since, until = spans[first][0], spans[first + length - 1][0]
        hits = sum(earliest <= until and latest >= since for earliest, latest in spans)
        yield speakers[speaker], agreements[agreement], since, until, hits


def _pairs() -> dict[tuple[int, int], list[tuple[str, str]]]:
    """The spans of days of the statements of each pair of a speaker and an agreement."""
    together = (
        StatementSpeaker.select(
            StatementSpeaker.speaker,
            AgreementReference.agreement,
            Statement.number,
            Statement.date_earliest,
            Statement.date_latest,
        )
        .join(AgreementReference, on=(AgreementReference.owner == StatementSpeaker.owner))
        .join(Statement, on=(Statement.number == StatementSpeaker.owner))
        .where(Statement.date_earliest > "1000")  # an open beginning is no day to ask from
    )
    found: dict[tuple[int, int], dict[int, tuple[str, str]]] = defaultdict(dict)
    for speaker, agreement, number, earliest, latest in tuples(together):
        found[speaker, agreement][number] = (earliest, latest)
    return {pair: list(spans.values()) for pair, spans in found.items()}


def likely_words(corpus: Corpus) -> dict[str, str]:
    """Stems that 0.2 to 1 % of the summaries hold by the law they are drawn by, each with its most frequent word."""
    found: dict[str, str] = {}
    length = (SHORTEST + LONGEST) / 2
    for language in LANGUAGES:
        shares: dict[str, float] = defaultdict(float)
        words: dict[str, str] = {}
        for word, share in corpus.words[language].shares.items():
            for stem in tokens(word):
                shares[stem] += share
                words.setdefault(stem, word)
        for stem, share in shares.items():
            if RAREST_WORD <= 1 - (1 - share) ** length <= MOST_FREQUENT_WORD:
                found[stem] = words[stem]
    return found


def _frequency(stem: str) -> int:
    if is_sqlite():
        sql, sought = 'SELECT COUNT(*) FROM "statements_text" WHERE "statements_text" MATCH ?', f'"{stem}"'
    else:
        sql, sought = 'SELECT COUNT(*) FROM "statements_text" WHERE tokens @@ CAST(%s AS tsquery)', f"'{stem}'"
    return int(rows(sql, (sought,))[0][0])


def middling_words(found: Iterable[tuple[int, dict[str, int]]]) -> list[str]:
    """The words that are of middling frequency at all sizes, give or take chance; names may hold some of them too."""
    kept = [{word for word, hits in words.items() if 0 < hits < 2 * MOST_FREQUENT_WORD * size} for size, words in found]
    return sorted(set.intersection(*kept))


def asks(found: Questions, base: str, size: int, works: Sequence[str]) -> dict[str, list[Ask]]:
    """The requests of some works, from what `questions` found; cursors are fetched from the service itself."""
    made: dict[str, Callable[[], list[Ask]]] = {
        "W1": lambda: [Ask(f"/v1/statements/{record_id}", 1) for record_id in found["ids"]],
        "W2": lambda: [Ask("/v1/statements", min(PAGE, size))],
        "W3": lambda: [_filtered(*triple) for triple in found["triples"]],
        "W4": lambda: list(cursors(base, size)),
        "W5": lambda: [Ask(f"/v1/statements?q={quote(word)}", min(PAGE, n)) for word, n in found["words"].items()],
        "W6": lambda: [_facets(*item) for item in found["speakers"].items()],
        "W6b": lambda: [_facets(*item) for item in found["busiest"].items()],
    }
    return {work: made[work]() for work in works}


def _filtered(speaker: str, agreement: str, since: str, until: str, hits: int) -> Ask:
    query = urlencode({"speaker": speaker, "since": since, "until": until, "agreement": agreement})
    return Ask(f"/v1/statements?{query}", min(PAGE, hits))


def _facets(speaker: str, statements: int) -> Ask:
    return Ask(f"/v1/statements/facets?speaker={speaker}&facet=act,year&facet_limit=1000", statements)


_NEXT = re.compile(r'<([^>]+)>; rel="next"')


def cursors(base: str, size: int) -> Iterator[Ask]:
    """The pages behind a thousand places around the middle of the collection, reached by walking there."""
    middle, reach = size // 2, min(size // 20, size // 2 - PAGE)
    step = max(1, 2 * reach // PLACES)
    for position, path in _walk(base, middle - reach, step, middle + reach):
        yield Ask(path, min(PAGE, size - position))


def _walk(base: str, first: int, step: int, last: int) -> Iterator[tuple[int, str]]:
    """Paths of pages by how many statements lie before them, from `first` to `last`, `step` apart."""
    position, cursor = 0, ""
    with _Client(base) as client:
        while position < last:
            limit = min(200, first - position) if position < first else step
            _, headers, _ = client.get(f"/v1/statements?limit={limit}&fields=id" + cursor)
            position += limit
            match = _NEXT.search(headers.get("Link", ""))
            if match is None:
                return
            cursor = "&cursor=" + match[1].partition("cursor=")[2].partition("&")[0]
            if position >= first:
                yield position, "/v1/statements?" + cursor[1:]


class _Client:
    """One connection, kept alive."""

    def __init__(self, base: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)

    def __enter__(self) -> "_Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, header and body of an answer."""
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


@dataclass(frozen=True)
class Sample:
    """What the answers to one work are like: the mean size of their bodies, and the application's header fields."""

    size: int
    headers: dict[str, str]


def check(base: str, work: str, asked: list[Ask], counts: "Counts | None" = None) -> Sample:
    """Ask everything once; raise WrongAnswer unless each answer is a 200 that brings what it must.

    `counts` says how many records an answer brings, by work, where that differs from the service's own answers.
    """
    counted = (counts or _COUNTS)[work[:2]]
    total = 0
    with _Client(base) as client:
        for ask in asked:
            status, headers, body = client.get(ask.path)
            if status != 200:
                raise WrongAnswer(f"{work}: {ask.path} was answered with {status}: {body[:300].decode()}")
            if counted(orjson.loads(body)) != ask.count:
                raise WrongAnswer(
                    f"{work}: {ask.path} brought {counted(orjson.loads(body))} where {ask.count} were to come."
                )
            total += len(body)
    own = {name: value for name, value in headers.items() if name.lower() not in _SENT_ANYWAY}
    return Sample(total // len(asked), own)


_SENT_ANYWAY = {"server", "date", "connection", "content-type", "content-length"}


def fetch(base: str, path: str) -> tuple[int, bytes]:
    """Status and body of one answer."""
    with _Client(base) as client:
        status, _, body = client.get(path)
    return status, body


def _statements_counted(answer: dict[str, Any]) -> int:
    """How many statements the facets count; -1 when they do not agree."""
    totals = {sum(value["count"] for value in facet["values"]) for facet in answer["data"]}
    return totals.pop() if len(totals) == 1 else -1


def _listed(answer: dict[str, Any]) -> int:
    return len(answer["data"])


Counts = dict[str, Callable[[Any], int]]

_COUNTS: Counts = {
    "W1": lambda answer: 1 if "speakers" in answer else 0,
    **dict.fromkeys(("W2", "W3", "W4", "W5"), _listed),
    "W6": _statements_counted,
}
