"""Loading fixtures: folders of JSON documents, one folder per noun, one file per record named after its id."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from marshmallow import ValidationError

from api.failures import DocumentMistake, InvalidDocuments
from api.records.checking import dangling_of, mistakes_of
from api.records.directory import Directory
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


@dataclass
class _Folder:
    """What was read of a folder, and what could not be."""

    batch: dict[str, list[Document]] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    invalid: list[tuple[Noun, str, Document]] = field(default_factory=list)  # what is valid of a document that is not
    unreadable: set[tuple[str, str]] = field(default_factory=set)
    mistakes: list[DocumentMistake] = field(default_factory=list)


def load(folder: Traversable) -> Outcome:
    """Store every document of a folder, all or nothing; raise InvalidDocuments with every mistake of every file."""
    read = _read(folder)
    if read.mistakes:
        directory = Directory(read.batch, unreadable=read.unreadable)
        dangling = [m for noun, source, valid in read.invalid for m in dangling_of(noun, valid, directory, source)]
        raise InvalidDocuments([*read.mistakes, *dangling, *mistakes_of(read.batch, directory, read.sources)])
    if not read.batch:
        told = f"Holds no JSON documents in folders named {', '.join(LOADABLE)}."
        raise InvalidDocuments([DocumentMistake(str(folder), "", told)])
    return store(read.batch, read.sources)


def _read(folder: Traversable) -> _Folder:
    read = _Folder()
    for noun, file in _files(folder, read.mistakes):
        source, stem = f"{noun.name}/{file.name}", file.name.removesuffix(".json")
        try:
            document: Document = noun.schema.load(strict_json(file.read_bytes()))
        except (ValidationError, ValueError, OSError) as error:
            read.unreadable.add((noun.name, stem))
            if isinstance(error, ValidationError) and isinstance(error.valid_data, dict):
                read.invalid.append((noun, source, error.valid_data))
            read.mistakes += [DocumentMistake(source, pointer, detail) for pointer, detail in _told(error)]
            continue
        first = read.sources.setdefault((noun.name, document["id"]), source)
        if first != source:
            read.mistakes.append(DocumentMistake(source, "/id", f"'{document['id']}' is already the id of {first}."))
            continue
        if document["id"] != stem:
            read.mistakes.append(DocumentMistake(source, "/id", f"'{document['id']}' differs from the file's name."))
        read.batch.setdefault(noun.name, []).append(document)
    return read


def _files(folder: Traversable, mistakes: list[DocumentMistake]) -> Iterator[tuple[Noun, Traversable]]:
    """The noun and file of every document, in an order that does not depend on the machine."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "_")) or (entry.is_file() and not entry.name.endswith(".json")):
            continue
        if entry.name not in LOADABLE or not entry.is_dir():
            told = f"Is not a folder of a noun: those are {', '.join(LOADABLE)}."
            mistakes.append(DocumentMistake(entry.name, "", told))
            continue
        for file in sorted(entry.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".json"):
                yield NOUNS[entry.name], file


def strict_json(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: UTF-8, no key twice in an object, no NaN; raise ValueError with a sentence."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_each_key_once, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ValueError(f"Is not JSON: it is not UTF-8 at byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"Is not JSON: {error}.") from None
    except RecursionError:
        raise ValueError("Is not JSON of a document: it is nested too deeply.") from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"Has the key '{key}' twice in one object.")
        found[key] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"Is not JSON: {name} is no number.")


def _told(error: Exception) -> Iterator[tuple[str, str]]:
    if isinstance(error, ValidationError):
        yield from pointers(error.messages)
    elif isinstance(error, OSError):
        yield "", f"Can't be read: {error.strerror or error}."
    else:
        yield "", str(error)


def pointers(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Flatten marshmallow's nested messages into (JSON pointer, sentence)."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = "" if key == "_schema" else f"/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from pointers(inner, pointer + step)
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield pointer, str(message)
