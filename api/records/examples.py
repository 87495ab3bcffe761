"""Example records for the contract: real ones, rendered from the corpus that comes with the program."""

from functools import cache
from typing import Any

import orjson

from api.records.directory import Directory
from api.records.loading import LOADABLE, seed_corpus
from api.records.nouns import NOUNS, Document
from api.records.rendering import complete, own_content, render
from schemas import vocabularies

STORED = "2026-11-21T09:00:00.000000Z"

CHOSEN = {
    "statements": "guterres-welcomes-russia-role-karabakh-2020-12",
    "speakers": "stephane-dujarric",
    "agreements": "decree-2020-11-13-humanitarian-response-centre",
    "communiques": "lavrov-guterres-call-readout-2020-12-04",
    "events": "lavrov-guterres-call-2020-12",
    "places": "sochi",
    "articles": "vision-group-lavrov-guterres-2020",
    "vocabularies": "report-modes",
}
"""A telling record of each noun that is short enough to read."""


@cache
def examples() -> dict[str, Any]:
    """The chosen record of each noun, as a GET would give it."""
    corpus = {noun: _documents(noun) for noun in LOADABLE} | {"vocabularies": list(vocabularies.documents().values())}
    loaded = {noun: [NOUNS[noun].schema.load(document) for document in documents] for noun, documents in corpus.items()}
    directory = Directory(loaded, alone=True)
    return {
        noun: _rendered(noun, directory.require(noun, chosen).document, directory) for noun, chosen in CHOSEN.items()
    }


@cache
def written_examples() -> dict[str, Any]:
    """The chosen records as a client may write them, without what the service adds."""
    return {
        noun: orjson.loads(own_content(NOUNS[noun], orjson.dumps(document))) for noun, document in examples().items()
    }


def _documents(noun: str) -> list[Document]:
    return [orjson.loads(file.read_bytes()) for file in (seed_corpus() / noun).iterdir() if file.name.endswith(".json")]


def _rendered(noun: str, document: Document, directory: Directory) -> Any:
    return orjson.loads(render(NOUNS[noun], complete(NOUNS[noun], document, directory), STORED, STORED))
