"""A directory of invented people, for typing their names."""

from random import Random

from api.documents.record_types import RECORD_TYPES, Document
from bench.corpora.words import name


def directory(people: int, seed: int = 14) -> list[Document]:
    """So many speakers, each with a name in two languages and up to two aliases."""
    random, load = Random(seed), RECORD_TYPES["speakers"].schema.load
    return [load(_person(random, number)) for number in range(people)]


def _person(random: Random, number: int) -> Document:
    named = name(random, random.choice((2, 2, 3)))
    aliases = {name(random, 2)["en"]: "en" for _ in range(random.randrange(3))}
    return {
        "id": f"invented-{number}",
        "kind": "person",
        "name": named,
        "aliases": [{"value": value, "lang": lang, "kind": "variant"} for value, lang in aliases.items()],
    }
