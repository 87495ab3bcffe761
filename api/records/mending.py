"""Writing everything that follows from the stored documents anew, however damaged it is."""

from api.changelog.recording import recording
from api.documents.record_types import RECORD_TYPES, RecordType
from api.models.base import keys_sql, tuples
from api.names import holders, outdated, reference_counts
from api.records import attached_texts
from api.records.changes import changes_of
from api.records.propagation import chunks_of, quote_within_bounds
from api.records.replacing import replace_records
from api.search import index
from schemas.answers.suggestions import NAMED


def mend() -> None:
    """Write columns, parts, representations, names and search texts anew from the stored documents."""
    with recording() as log:
        for name in RECORD_TYPES:
            index.make_whole(name)
        _keep_all_names()
        for record_type in RECORD_TYPES.values():
            index.remove_orphans(record_type.name, keys_sql(record_type.table))
            numbers = _numbers(record_type)
            for chunk in chunks_of(record_type.name, numbers):
                changes = list(changes_of(*chunk, log, outdated=numbers))
                replace_records(changes, chunk.known, log, is_unsettled=lambda change: True)
        reference_counts.recount()
        quote_within_bounds(attached_texts.with_texts(), log)
        outdated.forget()


def _keep_all_names() -> None:
    """Keep all names before anything is indexed: the texts of any record may mention any other."""
    holders.forget()
    for name in NAMED:
        for chunk in chunks_of(name, _numbers(RECORD_TYPES[name])):
            numbered = ((chunk.rows[document["id"]].number, document) for document in chunk.documents)
            holders.keep([holders.Named(name, number, document) for number, document in numbered])


def _numbers(record_type: RecordType) -> set[int]:
    return {number for (number,) in tuples(record_type.table.select(record_type.table.number))}
