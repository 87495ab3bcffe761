"""The works as canned queries of Datasette: each work an address of its own with the parameters of its SQL."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATABASE = "tasrih"

_PAGE = "SELECT CAST(s.document AS TEXT) AS document FROM statement AS s {where} ORDER BY s.sort_key DESC LIMIT 20"
_SAID = """
EXISTS (SELECT 1 FROM statement_speaker AS said JOIN speaker ON speaker.number = said.speaker_id
         WHERE said.owner_id = s.number AND speaker.id = :speaker)
"""
_CITES = """
EXISTS (SELECT 1 FROM agreement_reference AS cited JOIN agreement ON agreement.number = cited.agreement_id
         WHERE cited.owner_id = s.number AND agreement.id = :agreement)
"""
_WORD = """
SELECT CAST(s.document AS TEXT) AS document FROM statements_text AS words JOIN statement AS s ON s.sort_key = words.rowid
 WHERE words.tokens MATCH '"' || :q || '"' ORDER BY s.sort_key DESC LIMIT 20
"""
_COUNTED = (
    "SELECT '{facet}' AS facet, {key} AS value, COUNT(*) AS count FROM statement AS s WHERE {said} GROUP BY {key}"
)

SQL: Mapping[str, str] = {
    "W1": "SELECT CAST(document AS TEXT) AS document FROM statement WHERE id = :id",
    "W2": _PAGE.format(where=""),
    "W3": _PAGE.format(where=f"WHERE {_SAID} AND {_CITES} AND s.date_latest >= :since AND s.date_earliest <= :until"),
    "W4": _PAGE.format(where="WHERE s.sort_key < CAST(:before AS INTEGER)"),
    "W5": _WORD,
    "W6": " UNION ALL ".join(
        _COUNTED.format(facet=facet, key=key, said=_SAID)
        for facet, key in {"act": "s.act", "year": "substr(s.sort_day, 1, 4)"}.items()
    ),
}


def metadata() -> dict[str, Any]:
    """The metadata file that declares the queries."""
    return {"databases": {DATABASE: {"queries": {work: {"sql": sql} for work, sql in SQL.items()}}}}


def path(work: str, raw: str) -> str:
    """The address at which Datasette answers what the other peer answers at `raw`."""
    parts = urlsplit(raw)
    query = parts.query if work != "W1" else f"id={parts.path.rpartition('/')[2]}"
    kept = "&".join(f"{name}={value}" for name, [value] in parse_qs(query).items() if not name.startswith("facet"))
    return f"/{DATABASE}/{work[:2]}.json?_shape=array&{kept}".rstrip("&")
