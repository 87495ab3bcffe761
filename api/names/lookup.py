"""The known names that may stand in a text: those that begin with one of its words."""

from collections.abc import Iterator, Sequence

import orjson

from api.database.statements import chunked, rows
from api.drafting.names import KnownName
from api.names.holders import BATCH_SIZE
from api.search.text import stem

_BEGINNING = (
    "SELECT name.value, holder.record_type, holder.id, holder.label, name.proper"
    ' FROM "name" AS name JOIN "named_record" AS holder ON holder.number = name.owner_id'
    " WHERE name.first IN ({}) ORDER BY holder.record_type, holder.id, name.position"
)


def names_beginning(words: Sequence[str]) -> Iterator[KnownName]:
    """The names whose first word is one of these folded words, with or without the particles written onto it."""
    first_stems = sorted({stem(word) for word in words})
    for batch in chunked(first_stems, BATCH_SIZE):
        for value, record_type, record_id, label, proper in rows(_BEGINNING.format(", ".join("?" * len(batch))), batch):
            yield KnownName(value, record_type, record_id, orjson.loads(label), bool(proper))
