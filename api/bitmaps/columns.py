"""The columns that have bitmaps: of statements and of their parts, and the days of statements in several lengths."""

from collections.abc import Collection
from typing import NamedTuple

from peewee import BooleanField, Field

from api.models.base import DAY_FACTOR, NUMBER, TermField
from api.models.statements import (
    Addressee,
    AgreementReference,
    ChainLink,
    EventReference,
    Figure,
    OnBehalfOf,
    Report,
    Statement,
    StatementPlace,
    StatementSpeaker,
    StatementTopic,
    Target,
)

ALL, DAY, MONTH, YEAR, EARLIEST, LATEST = "all", "day", "month", "year", "earliest", "latest"
"""Columns of statements besides their filters. All have the value 0 of ALL. DAY, MONTH and YEAR are those under which a
statement is filed (YYYYMMDD, YYYYMM, YYYY). EARLIEST and LATEST are of statements whose dates span several days."""

FIELDS: dict[Field, str] = {
    StatementSpeaker.speaker: "speaker",
    Target.speaker: "target",
    Addressee.speaker: "addressee",
    OnBehalfOf.speaker: "on_behalf_of",
    Statement.communique: "communique",
    AgreementReference.agreement: "agreement",
    AgreementReference.provision: "provision",
    AgreementReference.relation: "relation",
    EventReference.event: "event",
    Report.article: "article",
    ChainLink.agent: "agent",
    Report.publisher: "publisher",
    Report.mode: "mode",
    Report.first_hand: "first_hand",
    Figure.claimant: "claimant",
    Figure.party: "party",
    Figure.measure: "measure",
    StatementPlace.place: "place",
    StatementTopic.topic: "topic",
    Statement.act: "act",
}
"""The columns that statements are filtered by (`api.queries.filters`), each with the name of its filter and of its bitmaps."""


class Column(NamedTuple):
    """Where the values of a column stand: a SELECT of (value, number) of all statements, and one of some statements.

    Values are integers, or the keys of terms. An index answers the first; the numbers are formatted into the second.
    """

    of_all: str
    of_some: str

    def of(self, numbers: Collection[int]) -> str:
        """A SELECT of the values of these statements."""
        return self.of_some.format(", ".join(map(str, numbers)))


def _of_field(field: Field) -> Column:
    table, value = field.model._meta.table_name, f'"{field.column_name}"'
    if isinstance(field, BooleanField):
        value = f"CAST({value} AS INTEGER)"
    known = f' WHERE "{field.column_name}" IS NOT NULL' if field.null else ""
    of_all = f'SELECT {value}, sort_key & {NUMBER} FROM "{table}"{known}'
    if field.model is Statement:
        return Column(of_all, f"SELECT {value}, number FROM statement WHERE number IN ({{}})")
    if field.model is ChainLink:
        joined = "report JOIN chain_link ON chain_link.owner_id = report.number"
        return Column(of_all, f"SELECT agent_id, report.owner_id FROM {joined} WHERE report.owner_id IN ({{}})")
    return Column(of_all, f'SELECT {value}, owner_id FROM "{table}" WHERE owner_id IN ({{}})')


def _of_statement(value: str, among: str = "1 = 1") -> Column:
    select = f"SELECT {value}, sort_key & {NUMBER} FROM statement WHERE {among}"
    return Column(select, f"{select} AND number IN ({{}})")


def _vague(day: str) -> Column:
    return _of_statement(f"CAST(REPLACE({day}, '-', '') AS INTEGER)", "date_earliest <> date_latest")


COLUMNS: dict[str, Column] = {
    ALL: _of_statement("0"),
    DAY: _of_statement(f"CAST(sort_key / {DAY_FACTOR} AS INTEGER)"),
    MONTH: _of_statement(f"CAST(sort_key / {100 * DAY_FACTOR} AS INTEGER)"),
    YEAR: _of_statement(f"CAST(sort_key / {10000 * DAY_FACTOR} AS INTEGER)"),
    EARLIEST: _vague("date_earliest"),
    LATEST: _vague("date_latest"),
    **{name: _of_field(field) for field, name in FIELDS.items()},
}

TERMS = frozenset(name for field, name in FIELDS.items() if isinstance(field, TermField))
"""The columns whose values are the keys of terms."""

OF_ONE_VALUE = frozenset({DAY, MONTH, YEAR, FIELDS[Statement.act]})
"""The columns that statements are counted by and of which each has exactly one value."""
