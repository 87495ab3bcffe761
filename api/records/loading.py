"""Loading fixtures: folders of JSON documents, one folder per noun, one file per record named after its id."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import orjson
from marshmallow import ValidationError

from api.failures import DocumentMistake, InvalidDocuments
from api.records.nouns import NOUNS, Document, Noun
from api.records.storing import Outcome, store
from schemas import vocabularies

LOADABLE = [noun for noun in NOUNS if noun != "vocabularies"]
"""Vocabularies are closed: they come with the program, not with anybody's fixtures."""


def seed_corpus() -> Traversable:
    """The five-article corpus that comes with the program."""
    return files("fixtures")


def load_vocabularies() -> Outcome:
    """Bring the vocabularies in the database up to those of this program."""
    schema = NOUNS["vocabularies"].schema
    return store({"vocabularies": [schema.load(document) for document in vocabularies.documents().values()]})


def load(folder: Traversable) -> Outcome:
    """Store every document of a folder, all or nothing; raise InvalidDocuments with every mistake of every file."""
    mistakes: list[DocumentMistake] = []
    batch: dict[str, list[Document]] = {}
    sources: dict[tuple[str, str], str] = {}
    for noun, source, stem, raw in _files(folder, mistakes):
        document = _parsed(NOUNS[noun], source, stem, raw, mistakes)
        if document is not None:
            first = sources.setdefault((noun, document["id"]), source)
            if first != source:
                mistakes.append(DocumentMistake(source, "/id", f"'{document['id']}' is already the id of {first}."))
            else:
                batch.setdefault(noun, []).append(document)
    if mistakes:
        raise InvalidDocuments(mistakes)
    if not batch:
        raise InvalidDocuments(
            [DocumentMistake(str(folder), "", f"Holds no JSON documents in folders named {', '.join(LOADABLE)}.")]
        )
    return store(batch, sources)


def _files(folder: Traversable, mistakes: list[DocumentMistake]) -> Iterator[tuple[str, str, str, bytes]]:
    """The noun, relative path, stem and bytes of every document, in an order that does not depend on the machine."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
        if not entry.is_dir() or entry.name.startswith((".", "_")):
            continue
        if entry.name not in LOADABLE:
            mistakes.append(DocumentMistake(entry.name, "", f"Is not a noun: folders are named {', '.join(LOADABLE)}."))
            continue
        for file in sorted(entry.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".json"):
                yield entry.name, f"{entry.name}/{file.name}", file.name.removesuffix(".json"), file.read_bytes()


def _parsed(noun: Noun, source: str, stem: str, raw: bytes, mistakes: list[DocumentMistake]) -> Document | None:
    try:
        document: Document = noun.schema.load(orjson.loads(raw))
    except orjson.JSONDecodeError as error:
        mistakes.append(DocumentMistake(source, "", f"Is not JSON: {error}."))
        return None
    except ValidationError as error:
        mistakes.extend(DocumentMistake(source, pointer, detail) for pointer, detail in pointers(error.messages))
        return None
    if document["id"] != stem:
        mistakes.append(DocumentMistake(source, "/id", f"'{document['id']}' differs from the file's name."))
    return document


def pointers(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Flatten marshmallow's nested messages into (JSON pointer, sentence)."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = "" if key == "_schema" else f"/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from pointers(inner, pointer + step)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield pointer, str(message)
