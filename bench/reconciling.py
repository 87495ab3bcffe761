"""`python -m bench.reconciling`: 1,000 names as newspapers spell them, reconciled with 100,000 invented speakers over HTTP.

Precision is how many of those that match by themselves are the right ones, recall how many have the right one among the
first three. The names and the spellings are invented by chance, always the same.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import click

from api.application import create_app
from api.bulk.folders import load_vocabularies
from api.migrations.running import migrate
from api.reconciliation.queries import BATCH_SIZE
from api.records.storing import store
from api.settings import Settings
from bench.search.directory import directory

Document = dict[str, Any]
NAMES = 1_000
PER_TRANSACTION = 10_000
TITLES = ("President", "Foreign Minister", "Prime Minister", "Ambassador", "الرئيس", "وزير الخارجية")
VOWELS = str.maketrans({"e": "i", "o": "u", "i": "y", "u": "ou"})
ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"})


def _slip(random: Random, text: str) -> str:
    """A text with a letter left out, doubled, or exchanged with the next."""
    place = random.randrange(1, len(text) - 1)
    kind = random.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


SPELLINGS: dict[str, Callable[[Random, Document], str]] = {
    "as it is": lambda random, each: str(each["en"]),
    "in capitals, last name first": lambda random, each: ", ".join(reversed(each["en"].upper().split(" ", 1))),
    "with a title": lambda random, each: f"{random.choice(TITLES[:4])} {each['en']}",
    "with a slip": lambda random, each: _slip(random, each["en"]),
    "with other vowels": lambda random, each: str(each["en"].translate(VOWELS)),
    "in Arabic": lambda random, each: str(each["ar"].translate(ARABIC)),
    "in Arabic with a slip": lambda random, each: _slip(random, each["ar"]),
    "in Arabic with a title": lambda random, each: f"{random.choice(TITLES[4:])} {each['ar']}",
}


@click.command()
@click.option("--speakers", "count", default=100_000, show_default=True)
def main(count: int) -> None:
    """Load invented speakers into a new database, reconcile names with them, and print how that went."""
    random = Random(16)
    people = directory(count)
    with TemporaryDirectory() as folder:
        client = _service(Path(folder) / "speakers.db", people)
        asked = [
            (person["id"], way, SPELLINGS[way](random, person["name"]))
            for place, person in enumerate(random.sample(people, NAMES))
            for way in [list(SPELLINGS)[place % len(SPELLINGS)]]
        ]
        _reconcile(client, asked[:1])  # reads all names, as the first request after a change does
        begun, busy = perf_counter(), process_time()
        answers = _reconcile(client, asked)
        seconds, busy = perf_counter() - begun, process_time() - busy
    print(f"{len(asked)} names in {seconds:.1f} s, of these {busy:.1f} s of processor time")
    _report(asked, answers)


def _service(path: Path, people: list[Document]) -> Any:
    path.touch()
    app = create_app(Settings(database_url=f"sqlite:///{path}", query_seconds=0))
    migrate()
    load_vocabularies()
    for first in range(0, len(people), PER_TRANSACTION):
        store({"speakers": people[first : first + PER_TRANSACTION]})
    return app.test_client()


def _reconcile(client: Any, asked: list[tuple[str, str, str]]) -> list[list[Document]]:
    """The candidates for each name, asked in batches as OpenRefine does."""
    found: list[list[Document]] = []
    for first in range(0, len(asked), BATCH_SIZE):
        batch = asked[first : first + BATCH_SIZE]
        queries = {f"q{place}": {"query": name, "limit": 3} for place, (_, _, name) in enumerate(batch)}
        answer = client.post("/reconcile/speakers", data={"queries": json.dumps(queries)}).get_json()
        found += [answer[key]["result"] for key in queries]
    return found


def _report(asked: list[tuple[str, str, str]], answers: list[list[Document]]) -> None:
    matched = [
        (person, each["id"])
        for (person, _, _), found in zip(asked, answers, strict=True)
        for each in found
        if each["match"]
    ]
    right = sum(person == match for person, match in matched)
    print(f"matched by themselves {len(matched)}, of these right {right / len(matched):.3f}")
    for way in (None, *SPELLINGS):
        of_way = [
            any(each["id"] == person for each in found)
            for (person, spelling, _), found in zip(asked, answers, strict=True)
            if way in (None, spelling)
        ]
        print(f"among the first three: {sum(of_way) / len(of_way):.3f} {way or 'of all'}")


if __name__ == "__main__":
    main()
