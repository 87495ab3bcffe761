"""Loading fixtures: folders of JSON documents, one folder per record type, one file per record named after its id."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.documents.strict_json import parse
from api.documents.validation import Read
from api.documents.validation import read as read_document
from api.errors import InvalidDocuments, Issue, NotJSON
from api.lookups.conflicts import ArrivingBatch, look_up_conflicts, look_up_references
from api.lookups.references import look_up
from api.lookups.stored import rows_of
from api.records.checking import dangling_of, issues_of
from api.records.storing import Outcome, store
from schemas.records import vocabularies

LOADABLE = [record_type for record_type in RECORD_TYPES if record_type != "vocabularies"]
"""Vocabularies are closed: they come with the program, not with anybody's fixtures."""


def seed_corpus() -> Traversable:
    """The five-article corpus that comes with the program."""
    return files("fixtures")


def load_vocabularies() -> Outcome:
    """Bring the vocabularies in the database up to those of this program."""
    schema = RECORD_TYPES["vocabularies"].schema
    return store({"vocabularies": [schema.load(document) for document in vocabularies.documents().values()]})


@dataclass
class _Folder:
    """What was read of a folder, and what could not be."""

    batch: dict[str, list[Document]] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    invalid: list[tuple[RecordType, str, Document]] = field(
        default_factory=list
    )  # what is valid of a document that is not
    unreadable: set[tuple[str, str]] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)


def load(folder: Traversable) -> Outcome:
    """Store every document of a folder, all or nothing; raise InvalidDocuments with every issue of every file."""
    read = _read(folder)
    if read.issues:
        raise InvalidDocuments([*read.issues, *_conflicts(read)])
    if not read.batch:
        detail = f"Holds no JSON documents in folders named {', '.join(LOADABLE)}."
        raise InvalidDocuments([Issue(detail, document=str(folder))])
    return store(read.batch, read.sources)


def _conflicts(read: _Folder) -> Iterator[Issue]:
    """The references that lead nowhere of documents that are wrong in other ways, and what is wrong between the others."""
    arrivals = ArrivingBatch(read.batch, read.unreadable)
    known = look_up(read.batch, rows_of(read.batch))
    look_up_conflicts(read.batch, known, arrivals)
    for record_type, source, valid in read.invalid:
        look_up_references({record_type.name: [valid]}, known, arrivals)
        yield from (replace(issue, document=source) for issue in dangling_of(record_type, valid, known))
    yield from issues_of(read.batch, known, read.sources)


def _read(folder: Traversable) -> _Folder:
    read = _Folder()
    for record_type, file in _files(folder, read.issues):
        source, stem = f"{record_type.name}/{file.name}", file.name.removesuffix(".json")
        result = _read_file(record_type, file)
        if result.issues:
            read.unreadable.add((record_type.name, stem))
            read.invalid.append((record_type, source, result.document))
            read.issues += [replace(issue, document=source) for issue in result.issues]
            continue
        document = result.document
        first = read.sources.setdefault((record_type.name, document["id"]), source)
        if first != source:
            read.issues.append(Issue(f"'{document['id']}' is already the id of {first}.", "/id", document=source))
            continue
        if document["id"] != stem:
            read.issues.append(Issue(f"'{document['id']}' differs from the file's name.", "/id", document=source))
        read.batch.setdefault(record_type.name, []).append(document)
    return read


def _read_file(record_type: RecordType, file: Traversable) -> Read:
    try:
        return read_document(record_type, parse(file.read_bytes()))
    except NotJSON as failure:
        return Read({}, [Issue(str(failure))])
    except OSError as error:
        return Read({}, [Issue(f"Can't be read: {error.strerror or error}.")])


def _files(folder: Traversable, issues: list[Issue]) -> Iterator[tuple[RecordType, Traversable]]:
    """The record type and file of every document, in an order that does not depend on the machine."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "_")) or (entry.is_file() and not entry.name.endswith(".json")):
            continue
        if entry.name not in LOADABLE or not entry.is_dir():
            detail = f"Is not a folder of a record type: those are {', '.join(LOADABLE)}."
            issues.append(Issue(detail, document=entry.name))
            continue
        for file in sorted(entry.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".json"):
                yield RECORD_TYPES[entry.name], file
