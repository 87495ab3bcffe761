"""The links between a statement and others, both ways, read by exactly one SQL statement."""

import orjson

from api.database.statements import rows
from api.documents.record_types import Document
from api.errors import NoSuchRecord
from api.models.statements import StatementLink


def links_of(statement: str) -> list[Document]:
    """The links of a statement: `to` the statements that it answers, then `from` those that answer it, each by date.

    Raise NoSuchRecord.
    """
    read = rows(_SQL, (statement, statement, statement))
    if not read:
        raise NoSuchRecord(statement)
    links = sorted((row for row in read if row[0] != "owner"), key=lambda row: (row[0] != "to", row[1], row[2]))
    return [
        {
            "direction": direction,
            "relation": StatementLink.relation.python_value(relation),
            "statement": {"id": other, "name": orjson.loads(label)},
            "date": date,
        }
        for direction, _, other, label, relation, date in links
    ]


_OTHER = "other.sort_day, other.id, other.label, link.relation, other.date FROM statement_link AS link"
_SQL = f"""
SELECT 'owner', sort_day, id, label, CAST(NULL AS TEXT), date FROM statement WHERE id = ?
 UNION ALL
SELECT 'to', {_OTHER} JOIN statement AS own ON own.number = link.owner_id
       JOIN statement AS other ON other.number = link.statement_id WHERE own.id = ?
 UNION ALL
SELECT 'from', {_OTHER} JOIN statement AS own ON own.number = link.statement_id
       JOIN statement AS other ON other.number = link.owner_id WHERE own.id = ?
"""
