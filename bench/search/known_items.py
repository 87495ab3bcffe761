"""Every name, and every alias that one record alone bears, typed into the collection of its record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from api.documents.record_types import Document
from api.search.text import tokens
from bench.search.engines import Collections, names_of
from bench.search.judging import Engine

RECORD_TYPES = ("speakers", "agreements", "places", "events", "communiques", "articles")


@dataclass
class KnownItems:
    """How many names were typed, and how many brought their record first, or at all on the first page."""

    typed: int = 0
    first: int = 0
    found: int = 0

    def __str__(self) -> str:
        return f"{self.typed:,} | {self.first / max(1, self.typed):.4f} | {self.found / max(1, self.typed):.4f}"


def names_of_one(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """The names that a single record of the collection bears, with its id. Spellings of the same stems are the same name."""
    holders, spellings = defaultdict[str, set[str]](set), dict[str, str]()
    for document in documents:
        for name in names_of(document):
            holders[" ".join(tokens(name))].add(document["id"])
            spellings[name] = document["id"]
    for name, holder in spellings.items():
        if holders[" ".join(tokens(name))] == {holder}:
            yield name, holder


def type_all(
    collections: Collections,
    engine_of: Callable[[str], Engine],
    missed: Callable[[str, str, str], None] | None = None,
    most: int | None = None,
) -> KnownItems:
    """Type every name into its collection, or at `most` so many, spread evenly over all."""
    result = KnownItems()
    for record_type in RECORD_TYPES:
        engine = engine_of(record_type)
        names = list(names_of_one(collections.get(record_type, ())))
        for name, holder in names[:: 1 if most is None else -(-len(names) // most) or 1]:
            results = list(engine(name))
            result.typed += 1
            result.first += results[:1] == [holder]
            result.found += holder in results
            if missed is not None and results[:1] != [holder]:
                missed(record_type, name, holder)
    return result
