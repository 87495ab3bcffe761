"""What follows from changes for other records: those that show something of a changed one are rendered again.

What a change of a name, of an office, of a side or of an attached text lets other records show is written in the same
transaction. Only the names of what very many show or mention are left to later ones (`api.records.renaming`). A change to
which others no longer fit is refused.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from api.changelog.recording import RENDERED, RENDERED_WHOLE, Log, recording
from api.database.statements import chunked, execute
from api.documents.record_types import RECORD_TYPES, Document, RecordType
from api.errors import InvalidDocuments, Issue
from api.lookups.attached_texts import articles_quoted
from api.lookups.known import Entry, Key, Known
from api.lookups.references import look_up
from api.lookups.stored import BATCH_SIZE, Stored, stored_by_number
from api.names import outdated
from api.names.mentions import mentioning
from api.names.outdated import Numbers
from api.records import attached_texts
from api.records.changes import Change, Reach, changed_spans, changes_of
from api.records.checking import issues_of
from api.records.indexing import Indexed, Indexer, put_in_index
from api.records.referrers import affected_by, merged, referring_to_any, using_terms_of, without
from api.records.renaming import show_names
from api.records.rendering import complete
from api.records.replacing import make_rows, replace_records
from api.records.rows import key_in
from schemas.loading import load


class Chunk(NamedTuple):
    """Stored records, some at a time: their documents as they were written, their rows, and what these refer to."""

    record_type: RecordType
    documents: list[Document]
    rows: dict[str, Stored]
    known: Known

    def completed(self) -> "Chunk":
        """The chunk with its documents completed in place."""
        for document in self.documents:
            complete(self.record_type, document, self.known)
        return self

    def indexed(self, documents: Iterable[Document]) -> list[Indexed]:
        """Completed documents of the chunk with their keys in the text index."""
        numbers = ((document, self.rows[document["id"]].number) for document in documents)
        return [Indexed(key_in(self.record_type, document, number), document) for document, number in numbers]


def chunks_of(record_type: str, numbers: Iterable[int]) -> Iterator[Chunk]:
    """Stored records by number, some at a time."""
    schema = RECORD_TYPES[record_type].schema
    for batch in chunked(sorted(numbers), BATCH_SIZE):
        rows = stored_by_number(RECORD_TYPES[record_type], batch)
        documents = [load(schema, row.document) for row in rows.values()]
        known = look_up({record_type: documents}, {record_type: rows})
        yield Chunk(RECORD_TYPES[record_type], documents, rows, known)


class Writing:
    """Changes as they are written, some at a time, and at the end what follows from them for other records.

    Nothing follows from a new record but what its names do: whoever refers to it was written along with it.
    """

    def __init__(self, log: Log, indexer: Indexer | None = None, whole: bool = True) -> None:
        """`indexer` is that of a caller that keeps the names of all records before it writes any.

        Unless `whole`, other records may show changed names later, when there are many.
        """
        self.renamed: set[str] = set()
        self.requoted = False
        """Whether quotations changed length, so that statements were rendered again, also those written before."""
        self._log = log
        self._indexer = indexer
        self._whole = whole
        self._is_first = True
        self._first_new: dict[str, int] = {}
        self._quoted: set[int] = set()
        self._republished: set[str] = set()
        self._changed: dict[str, set[int]] = {}
        self._labelled: dict[Key, Entry] = {}
        self._reached: dict[Reach, dict[str, set[int]]] = {reach: {} for reach in Reach}

    def make_rows(
        self, record_type: RecordType, documents: Iterable[Document], rows: dict[str, Stored], known: Known
    ) -> int:
        """Make a row for each record that has none; return how many were made. No other rows of this type may be made meanwhile."""
        numbers = make_rows(record_type, documents, rows, known, self._log)
        if numbers:
            self._first_new.setdefault(record_type.name, min(numbers))
        return len(numbers)

    def write(self, changes: Sequence[Change], known: Known) -> None:
        """Write changes, and note what follows from them."""
        for change in changes:
            self._note(change)
            self._quoted |= {known.number("articles", i) for i in changed_spans(change) if i in known.texts}
        alone = self._is_first and len(changes) == 1
        self._is_first = False
        self.renamed |= replace_records(changes, known, self._log, self._is_unsettled, alone, self._indexer)

    def note_quoted(self, articles: Collection[int]) -> None:
        """Note that records which were written otherwise quote the attached texts of these articles."""
        self._quoted.update(articles)

    def _note(self, change: Change) -> None:
        if change.before.is_new:
            return
        name, record_id = change.record_type.name, change.document["id"]
        self._changed.setdefault(name, set()).add(change.number)
        self._reached[change.reach].setdefault(name, set()).add(change.number)
        if change.reach == Reach.LABEL:
            self._labelled[name, record_id] = Entry(change.document, change.number)
        if name == "articles" and _publisher(change.before.document) != _publisher(change.document):
            self._republished.add(record_id)

    def _is_unsettled(self, change: Change) -> bool:
        """Whether an article that reports a statement has another publisher now, which rows hold and nobody is shown."""
        if not self._republished or change.record_type.name != "statements" or change.before.is_new:
            return False
        reporting = [*articles_quoted(change.before.document), *articles_quoted(change.document)]
        return not self._republished.isdisjoint(reporting)

    def finish(self, checked: bool) -> None:
        """Bring the records that the changes affect up to date; refuse when one of them no longer fits.

        Those that refer to a changed record are rendered again. Those that only mention one in their texts are indexed
        again when its names changed, and so are those that use a term of a changed vocabulary. New records were indexed
        when all names were known.
        """
        done = merged(self._changed, self._rerender_affected(checked))
        naming = without(referring_to_any(self._reached[Reach.LABEL]), done)
        found_by_them = self._outdated_in_index(merged(done, naming))
        if not self._whole and outdated.are_many(affected := merged(naming, found_by_them)):
            outdated.add(affected, self._log)
        else:
            for name, numbers in naming.items():
                show_names(RECORD_TYPES[name], numbers, self._log, self._labelled)
            for name, numbers in found_by_them.items():
                index_again(name, numbers)
        self.requoted = quote_within_bounds(self._quoted, self._log)

    def _rerender_affected(self, checked: bool) -> dict[str, set[int]]:
        referring = affected_by(self._reached[Reach.CONTENT])
        affected = {name: numbers - self._changed.get(name, set()) for name, numbers in referring.items()}
        # A text may no longer be that of its article.
        operation = RENDERED_WHOLE if "articles" in self._changed else RENDERED
        for name, numbers in affected.items():
            for chunk in chunks_of(name, numbers):
                if checked and issues_of({name: chunk.documents}, chunk.known, {}):
                    require_fit(affected)  # lists the issues of all the others too
                outdated = {
                    chunk.rows[document["id"]].number for document in chunk.documents if self._is_outdated(document)
                }
                changes = list(changes_of(*chunk, self._log, operation, outdated))
                replace_records(changes, chunk.known, self._log, self._is_unsettled)
                # Variants of a name are searched for without being shown: what looks the same may be found otherwise.
                written = {change.number for change in changes}
                rest = [document for document in chunk.documents if chunk.rows[document["id"]].number not in written]
                put_in_index(chunk.record_type, chunk.indexed(rest), chunk.known)
        return affected

    def _is_outdated(self, document: Document) -> bool:
        return not self._republished.isdisjoint(articles_quoted(document))

    def _outdated_in_index(self, done: Numbers) -> Numbers:
        """The other records that mention changed names or use terms of changed vocabularies, and are older than the changes."""
        vocabularies = self._changed.get("vocabularies", set())
        using = using_terms_of(vocabularies) if vocabularies else {}
        older = _older_records(self._first_new) if self.renamed else {}
        few = {
            name: numbers
            for name, numbers in older.items()
            if len(self.renamed) >= MANY_NAMES and len(numbers) < FEW_RECORDS
        }
        mentioned = mentioning(self.renamed, done, [name for name in older if name not in few])
        first_new = self._first_new
        return {
            name: {number for number in numbers if name not in first_new or number < first_new[name]}
            for name, numbers in without(merged(mentioned, few, using), done).items()
        }


def _publisher(article: Document) -> str | None:
    return article["publisher"]["id"] if article["publisher"] else None


MANY_NAMES, FEW_RECORDS = 500, 100
"""From how many changed names on all records of a type that has few are indexed again, rather than looking for those that
mention any of the names. An import into an empty database finds nothing older than itself but the vocabularies."""


def _older_records(first_new: Mapping[str, int]) -> dict[str, set[int]]:
    """The numbers of records older than these first new ones, by record type, no more than a few of each.

    Record types that have none are left out: on loading into an empty database all but the vocabularies.
    """
    selects = []
    for record_type in RECORD_TYPES.values():
        table, new = record_type.table._meta.table_name, first_new.get(record_type.name)
        older = "" if new is None else f" WHERE number < {new}"
        numbers = f'SELECT number FROM "{table}"{older} LIMIT {FEW_RECORDS}'
        selects.append(f"SELECT '{record_type.name}', number FROM ({numbers}) AS of_{table}")
    few: dict[str, set[int]] = {}
    for name, number in execute(" UNION ALL ".join(selects)).fetchall():
        few.setdefault(name, set()).add(number)
    return few


def index_again(record_type: str, numbers: Iterable[int]) -> None:
    """Index stored records anew, in which nothing but what they mention has changed."""
    for chunk in chunks_of(record_type, numbers):
        put_in_index(chunk.record_type, chunk.completed().indexed(chunk.documents), chunk.known)


def index_again_what_mentions(names: Collection[str], log: Log) -> None:
    """Index the records anew whose texts mention any of these names, which have changed hands or gone; later if they are many."""
    mentioned = mentioning(names, besides={})
    if outdated.are_many(mentioned):
        outdated.add(mentioned, log)
        return
    for record_type, numbers in mentioned.items():
        index_again(record_type, numbers)


def require_fit(records: Mapping[str, set[int]]) -> None:
    """Raise InvalidDocuments, with every issue, unless these records fit to those they refer to."""
    issues: list[Issue] = []
    for name, numbers in records.items():
        for chunk in chunks_of(name, numbers):
            issues += issues_of({name: chunk.documents}, chunk.known, {})
    refuse(issues)


def refuse(issues: list[Issue]) -> None:
    """Raise InvalidDocuments when there are any issues."""
    if issues:
        raise InvalidDocuments(issues)


# --- texts that are attached or detached -------------------------------------------------------------------------------


def rerender(record_type: str, numbers: Iterable[int]) -> None:
    """Render stored records anew, writing those whose representation changes; for use within `writing`."""
    with recording() as log:
        _rerender(record_type, numbers, log)


def _rerender(record_type: str, numbers: Iterable[int], log: Log) -> None:
    for chunk in chunks_of(record_type, numbers):
        replace_records(list(changes_of(*chunk, log)), chunk.known, log)


def bound_quotations(articles: Iterable[int], longest_quotation: int | None = None) -> None:
    """Bring what is quoted of attached texts in line with their spans now, and with a new setting; within `writing`."""
    with recording() as log:
        quote_within_bounds(articles, log, longest_quotation)


def quote_within_bounds(articles: Iterable[int], log: Log, longest_quotation: int | None = None) -> bool:
    """Do so within the transaction of a log; return whether anything was quoted at another length before."""
    changed = [number for number in articles if attached_texts.bound(number, longest_quotation)]
    if changed:
        _rerender("statements", attached_texts.statements_of(changed), log)
    return bool(changed)
