"""The statements nearest in content to one of them, and what they share with it: one SQL statement of bounded work.

What a statement has are its features: the records that it refers to, its act and topics, and the words of its summary
and quotations. A feature weighs the more, the fewer statements have it. Nobody looks at all statements: candidates are
the neighbours in time among those with the same reference, and those with the same rare word. docs/search.md says it in
plain words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson

from api.database.dialect import Dialect, dialect
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES, Document
from api.errors import NoSuchRecord
from api.models.base import NUMBER, Table, key_of
from api.models.statements import (
    AgreementReference,
    EventReference,
    StatementPlace,
    StatementSpeaker,
    StatementTopic,
    Target,
)
from api.queries.fragments import Arguments, Fragment, fragment, joined, placeholder
from api.queries.page.documents import with_documents
from api.queries.page.rows import result_of
from api.queries.page.statements import PUBLISHERS, statement_of
from api.queries.query import Query
from api.queries.reading import Page
from api.search import index
from api.search.fields import IN_NAME, IN_OWN
from api.search.text import spans
from api.similarity.words import passed_over
from schemas.parameters.shapes import SUMMARY

LEAST_SHARE = 10  # percent of a statement's own weight: what has less of it in common is not given
NEIGHBOURS = 100  # on either side in time, of those with the same reference
MOST_WITH_WORD = 300  # statements with a rare word; a more frequent word makes nothing a candidate
MOST_CANDIDATES = 100  # that all features are compared of: those with the most weight in what made them candidates
MOST_WORDS = 64  # of a statement; a summary in two languages has 30 or so that count
SAMPLE = 64  # statements, spread evenly over all: acts, topics and frequent words are counted among them
_HALVINGS = 24  # of how many statements there are: more than it takes from 16 million to one


class _Kind(NamedTuple):
    """Features in a table of parts, called like the filter that finds them: its column, the type of its records, the factor."""

    name: str
    table: type[Table]
    column: str
    record_type: str | None
    factor: int

    @property
    def parts(self) -> str:
        """The name of the table."""
        return f'"{self.table._meta.table_name}"'


_IN_PARTS = (
    _Kind("agreement", AgreementReference, "agreement_id", "agreements", 3),
    _Kind("event", EventReference, "event_id", "events", 3),
    _Kind("place", StatementPlace, "place_id", "places", 2),
    _Kind("speaker", StatementSpeaker, "speaker_id", "speakers", 1),
    _Kind("target", Target, "speaker_id", "speakers", 2),
    _Kind("topic", StatementTopic, "topic", None, 2),
)
_ACT, _WORD = "act", "word"


@dataclass(frozen=True)
class Similarity:
    """How similar the statement of an id is, from 0 to 1, and what it shares, by kind."""

    id: str
    score: float
    shared: dict[str, list[str]]


def similar(record_id: str, query: Query) -> tuple[Page, list[Similarity]]:
    """The statements nearest to one, the nearest first, as a page, and why each is there; raise NoSuchRecord."""
    statement = _statement(dialect(), query.expand, query.view)
    fetched = with_documents(rows(statement.sql, statement.values(Arguments(query, owner=record_id))), "statements")
    this = [document for part, _, _, document, _ in fetched if part == "this"]
    if not this:
        raise NoSuchRecord(record_id)
    result = result_of([row for row in fetched if row[0] not in ("this", "shared")], query.expand)
    nearest = sorted(result.page, key=lambda row: (-int(row[2]), -row[1]))
    page = Page(
        [document for *_, document, _ in nearest],
        [etag for *_, etag in nearest],
        expansions=result.expansions,
        kinds=result.kinds,
        publishers=result.publishers,
    )
    shared = _shared_by_number(fetched, _written_words(orjson.loads(this[0])))
    return page, [
        Similarity(orjson.loads(document)["id"], int(score) / 100, shared.get(number, {}))
        for _, number, score, document, _ in nearest
    ]


def _shared_by_number(fetched: Sequence[Any], written: Mapping[str, str]) -> dict[int, dict[str, list[str]]]:
    """What the statements of these numbers share, by kind; terms without their vocabulary, words as they are written."""
    shared: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part, number, kind, _, value in fetched:
        if part == "shared" and (kind != _WORD or value in written):
            shared[number][kind].append(written[value] if kind == _WORD else value.rpartition("/")[2])
    return {number: {kind: sorted(kinds[kind]) for kind in sorted(kinds)} for number, kinds in shared.items()}


def _written_words(statement: Document) -> dict[str, str]:
    """The words of a statement's summary and quotations by their tokens, each as it stands there first."""
    spanned = (span for report in statement["reports"] for span in report["evidence"])
    texts = [*statement["summary"].values(), *(each["quotation"] for each in spanned if each.get("quotation"))]
    written: dict[str, str] = {}
    for text in texts:
        for span in spans(text):
            written.setdefault(span.token, text[span.start : span.end])
    return written


@cache
def _passed_over() -> str:
    """Tokens that are no features, between spaces: among them the labels of terms, which are features themselves."""
    return f" {' '.join(sorted(passed_over('acts', 'topics', 'measures', 'agreement-references')))} "


@lru_cache
def _statement(dialect: Dialect, expand: tuple[str, ...], view: str) -> Fragment:
    """The SQL of a read: the page, the statement itself, and a row for each feature that one of the page shares with it."""
    page = Fragment("SELECT DISTINCT number, score AS key FROM nearest")
    beside = [_THIS, _SHARED_ROWS, *([PUBLISHERS] if view == SUMMARY else [])]
    return statement_of("statements", page, expand, beside, _common_tables(dialect))


def _table(record_type: str) -> str:
    return f'"{RECORD_TYPES[record_type].table_name}"'


_THIS = Fragment(
    "SELECT 'this', this.number, '', statement.body, statement.etag FROM this JOIN statement ON statement.number = this.number"
)
_IDS = " ".join(
    f"WHEN '{kind.name}' THEN (SELECT id FROM {_table(kind.record_type)} WHERE number = CAST(nearest.value AS INTEGER))"
    for kind in _IN_PARTS
    if kind.record_type
)
_SHARED_ROWS = Fragment(f"SELECT 'shared', number, kind, NULL, CASE kind {_IDS} ELSE value END FROM nearest")
"""A feature that is a record by its id, not its number."""


def _common_tables(dialect: Dialect) -> Fragment:
    """The way from the statement of an id to those `nearest` to it.

    SQLite makes a copy of a common table wherever another refers to it, and of all that it refers to, before it finds
    that one will do. So each is referred to as seldom as can be.
    """
    tables = {
        "this": Fragment("SELECT number, sort_key, act FROM statement WHERE id = ?", (lambda given: (given.owner,),)),
        "sample": Fragment(_SAMPLE),
        "size": Fragment("SELECT (SELECT MAX(number) FROM statement) AS statements, COUNT(*) AS sampled FROM sample"),
        "word": fragment(_words(dialect), Fragment("CAST(? AS TEXT)", (lambda _: (_passed_over(),),))),
        "with_word": Fragment(_with_word(dialect)),
        "feature": Fragment(_features(dialect)),
        "candidate": Fragment(_candidates(dialect)),
        "shared": Fragment(_shared(dialect)),
        "nearest": fragment(_NEAREST, placeholder(lambda query: query.limit)),
    }
    return joined(", ", (fragment(f"{name} AS MATERIALIZED ({{}})", select) for name, select in tables.items()))


_STEPS = ", ".join(f"({step})" for step in range(SAMPLE))
_SAMPLE = f"""
SELECT number, sort_key, act FROM statement WHERE number IN (
    SELECT (SELECT MIN(later.number) FROM statement AS later
             WHERE later.number > step.place * (SELECT CAST(MAX(number) AS BIGINT) FROM statement) / {SAMPLE})
      FROM (SELECT column1 AS place FROM (VALUES {_STEPS}) AS steps) AS step)
    OR number = (SELECT number FROM this)
"""

# --- words -----------------------------------------------------------------------------------------------------------

_WORD_OF_TOKEN = "substr(token.value, 2)"
"""A token that says where a word stands, without the sign of the place."""


def _words(dialect: Dialect) -> str:
    """The words that count, and how many of the sample have each; of too many words the longest.

    The placeholder is for those that are passed over. The names of what the statement refers to are left out: these
    records are features themselves.
    """
    own = _of_own_texts(dialect, "this", f"DISTINCT {_WORD_OF_TOKEN} AS word")
    of_sample = _of_own_texts(dialect, "sample", f"{_WORD_OF_TOKEN} AS word, COUNT(*) AS times")
    return (
        f"SELECT own.word, COALESCE(sampled.times, 0) AS times FROM ({own}) AS own"
        f" LEFT JOIN ({of_sample} GROUP BY 1) AS sampled ON sampled.word = own.word"
        f" WHERE {dialect.position_in}({{}}, ' ' || own.word || ' ') = 0 AND own.word NOT IN ({_named(dialect)})"
        f" ORDER BY length(own.word) DESC, own.word LIMIT {MOST_WORDS}"
    )


def _of_own_texts(dialect: Dialect, rows: str, select: str) -> str:
    """A SELECT of something about each `token` of the own texts of statements, `rows` with a sort key."""
    engine = index.text_index(dialect)
    return (
        f"SELECT {select} FROM {rows} CROSS JOIN {_text('statements')}, {engine.each_mark('text', IN_OWN)}"
        f" WHERE text.{engine.key} = {rows}.sort_key AND substr(token.value, 1, 1) = '{IN_OWN}'"
    )


def _text(record_type: str) -> str:
    return f'"{index.table_of(record_type)}" AS text'


def _named(dialect: Dialect) -> str:
    """The words of the names of what the statement refers to."""
    engine = index.text_index(dialect)
    return " UNION ALL ".join(
        f"SELECT {_WORD_OF_TOKEN} FROM {_text(record_type)}, {engine.each_mark('text', IN_NAME)}"
        f" WHERE text.{engine.key} IN (SELECT record.{key_of(RECORD_TYPES[record_type].table)}"
        f" FROM {_table(record_type)} AS record WHERE record.number IN ({_numbers_referred_to(record_type)}))"
        f" AND substr(token.value, 1, 1) IN ('{IN_NAME}', '{IN_OWN}')"
        for record_type in sorted({kind.record_type for kind in _IN_PARTS if kind.record_type})
    )


def _numbers_referred_to(record_type: str) -> str:
    own = [_own(kind) for kind in _IN_PARTS if kind.record_type == record_type]
    return " UNION ALL ".join([*own, *_ALSO_NAMED.get(record_type, ())])


def _own(kind: _Kind) -> str:
    return f"SELECT DISTINCT {kind.column} AS value FROM {kind.parts} WHERE owner_id = (SELECT number FROM this)"


_ALSO_NAMED = {
    "speakers": (
        "SELECT speaker_id FROM addressee WHERE owner_id = (SELECT number FROM this)",
        "SELECT speaker_id FROM on_behalf_of WHERE owner_id = (SELECT number FROM this)",
        "SELECT chain_link.agent_id FROM report JOIN chain_link ON chain_link.owner_id = report.number"
        " WHERE report.owner_id = (SELECT number FROM this)",
    )
}
"""What a statement refers to besides its features."""


def _with_word(dialect: Dialect) -> str:
    """The statements that have a word, for each word that few seem to have; one more than make candidates, if there are."""
    engine, table = index.text_index(dialect), index.table_of("statements")
    rare = (
        "SELECT word.word FROM word CROSS JOIN size"
        f" WHERE word.times < 2 OR word.times * size.statements <= {MOST_WITH_WORD} * size.sampled"
    )
    matches = engine.matches(table).replace("?", engine.quoted(f"'{IN_OWN}' || rare.word"))
    listed = f'SELECT "{table}".{engine.key} AS value FROM "{table}" WHERE {matches} LIMIT {MOST_WITH_WORD + 1}'
    return f"SELECT rare.word, listed.value AS sort_key FROM ({rare}) AS rare, {dialect.each_value.format(listed)}"


# --- features --------------------------------------------------------------------------------------------------------


def _features(dialect: Dialect) -> str:
    """(kind, value, held, weight, whole): each feature, how many statements have it, and the weights of all together.

    Not those that nobody else has, or that half of all have.
    """
    counted = " UNION ALL ".join([*map(_counted, _IN_PARTS), _COUNTED_ACT, _counted_words(dialect)])
    rarity = (f"WHEN held * {1 << halvings} > statements THEN {halvings - 1}" for halvings in range(1, _HALVINGS))
    weight = f"factor * CASE {' '.join(rarity)} ELSE {_HALVINGS - 1} END"
    weighed = f"SELECT kind, value, held, {weight} AS weight FROM ({counted}) AS counted CROSS JOIN size"
    return f"SELECT *, SUM(weight) OVER () AS whole FROM ({weighed}) AS weighed WHERE held > 1 AND weight > 0"


def _counted(kind: _Kind) -> str:
    select = f"SELECT '{kind.name}' AS kind, CAST(own.value AS TEXT) AS value, {kind.factor} AS factor"
    if kind.record_type is None:
        of_sample = f"sample JOIN {kind.parts} AS part ON part.owner_id = sample.number"
        times = f"(SELECT COUNT(*) FROM {of_sample} WHERE part.{kind.column} = own.value)"
        return f"{select}, {_estimated(times)} AS held FROM ({_own(kind)}) AS own CROSS JOIN size"
    return (
        f"{select}, named_record.statements AS held FROM ({_own(kind)}) AS own JOIN named_record"
        f" ON named_record.record_type = '{kind.record_type}' AND named_record.record = own.value"
    )


def _estimated(times: str) -> str:
    """How many statements have what so many of the sample have."""
    return f"{times} * CAST(size.statements AS BIGINT) / size.sampled"


_COUNTED_ACT = (
    f"SELECT '{_ACT}', this.act, 1, {_estimated('(SELECT COUNT(*) FROM sample WHERE sample.act = this.act)')}"
    " FROM this CROSS JOIN size"
)


def _counted_words(dialect: Dialect) -> str:
    """Few are counted, more are estimated."""
    more = f"{dialect.greatest}({MOST_WITH_WORD + 1}, {_estimated('word.times')})"
    return (
        f"SELECT '{_WORD}', word.word, 1,"
        f" CASE WHEN few.held BETWEEN 1 AND {MOST_WITH_WORD} THEN few.held ELSE {more} END"
        " FROM word CROSS JOIN size"
        " LEFT JOIN (SELECT word, COUNT(*) AS held FROM with_word GROUP BY word) AS few ON few.word = word.word"
    )


# --- candidates ------------------------------------------------------------------------------------------------------


def _candidates(dialect: Dialect) -> str:
    """(sort_key, number) of the statements with most weight in what makes candidates: rare words, and being neighbours."""
    with_word = (
        f"SELECT with_word.sort_key AS value FROM with_word WHERE feature.kind = '{_WORD}'"
        f" AND feature.held <= {MOST_WITH_WORD} AND with_word.word = feature.value"
    )
    neighbours = (_neighbours(kind, *way) for kind in _IN_PARTS for way in (("<", "DESC"), (">", "ASC")))
    listed = dialect.each_value.format(" UNION ".join([with_word, *neighbours]))
    return f"""
SELECT listed.value AS sort_key, listed.value & {NUMBER} AS number FROM feature, {listed}
 WHERE listed.value <> (SELECT sort_key FROM this)
 GROUP BY listed.value ORDER BY SUM(feature.weight) DESC, listed.value DESC LIMIT {MOST_CANDIDATES}
"""


def _neighbours(kind: _Kind, beyond: str, order: str) -> str:
    value = "feature.value" if kind.record_type is None else "CAST(feature.value AS INTEGER)"
    own = f"CASE WHEN feature.kind = '{kind.name}' THEN {value} END"
    return (
        f"SELECT value FROM (SELECT part.sort_key AS value FROM {kind.parts} AS part WHERE part.{kind.column} = {own}"
        f" AND part.sort_key {beyond} (SELECT sort_key FROM this) ORDER BY part.sort_key {order} LIMIT {NEIGHBOURS}) AS {kind.name}"
    )


def _shared(dialect: Dialect) -> str:
    """(number, kind, value, weight, whole) of each feature that a candidate shares."""
    words = _of_own_texts(dialect, "candidate", f"candidate.number, {_WORD_OF_TOKEN} AS word")
    select = "feature.kind, feature.value, feature.weight, feature.whole"
    return (
        f"SELECT candidate.number, {select} FROM candidate CROSS JOIN feature"
        f" WHERE CASE feature.kind {' '.join(map(_is_shared, _IN_PARTS))} {_IS_SAME_ACT} END IS NOT NULL"
        f" UNION ALL SELECT spoken.number, {select} FROM ({words}) AS spoken"
        f" CROSS JOIN feature WHERE feature.kind = '{_WORD}' AND feature.value = spoken.word"
    )


def _is_shared(kind: _Kind) -> str:
    value = "feature.value" if kind.record_type is None else "CAST(feature.value AS INTEGER)"
    of_candidate = f"part.owner_id = candidate.number AND part.{kind.column} = {value}"
    return f"WHEN '{kind.name}' THEN (SELECT 1 FROM {kind.parts} AS part WHERE {of_candidate} LIMIT 1)"


_IS_SAME_ACT = f"WHEN '{_ACT}' THEN (SELECT 1 FROM statement AS other WHERE other.number = candidate.number AND other.act = feature.value)"

_NEAREST = f"""
SELECT number, kind, value, score FROM (
    SELECT number, kind, value, score, DENSE_RANK() OVER (ORDER BY score DESC, number DESC) AS place FROM (
        SELECT number, kind, value, CAST(100 * SUM(weight) OVER (PARTITION BY number) / whole AS INTEGER) AS score
          FROM shared) AS scored
     WHERE score >= {LEAST_SHARE}) AS placed
 WHERE place <= {{}}
"""
