"""Drafting with the names of the stored records; of an article that is recorded already, how its draft differs from the record."""

from typing import Any

from api.database.statements import rows
from api.drafting import drafts
from api.drafting.drafts import About, Draft
from api.names.lookup import names_beginning

_ARTICLE = 'SELECT number, id FROM "article" WHERE sha256 = ?'
_SPANS = (
    'SELECT statement.id, statement.act, evidence.start, evidence."end"'
    ' FROM "evidence" AS evidence JOIN "report" AS report ON report.number = evidence.owner_id'
    ' JOIN "statement" AS statement ON statement.number = report.owner_id'
    " WHERE report.article_id = ? ORDER BY statement.id, evidence.start"
)
SAME = 0.5
"""The overlap (intersection over union of code points) from which a drafted and a recorded statement count as the same."""


def drafted(text: str, about: About) -> Draft:
    """The draft of a normalised text. `article.known` says which record is of the same text, and what differs from it."""
    draft = drafts.draft(text, about, names_beginning)
    draft["article"]["known"] = compared(draft)
    return draft


def compared(draft: Draft) -> dict[str, Any] | None:
    """How a draft differs from what is recorded of its article; None when no article has its digest.

    `only_recorded` are the statements that the draft lacks, `only_drafted` the positions of those that it has beside them,
    `other_acts` the pairs whose acts differ.
    """
    for number, article in rows(_ARTICLE, (draft["article"]["sha256"],)):
        return {"id": article, **_differences(draft, number)}
    return None


def _differences(draft: Draft, number: int) -> dict[str, Any]:
    recorded: dict[str, set[int]] = {}
    acts: dict[str, str] = {}
    for statement, act, start, end in rows(_SPANS, (number,)):
        recorded.setdefault(statement, set()).update(range(start, end))
        acts[statement] = act.removeprefix("acts/")
    drafted = [_characters(statement) for statement in draft["statements"]]
    pairs = _pairs(recorded, drafted)
    return {
        "recorded": len(recorded),
        "drafted_again": len(pairs),
        "only_recorded": [statement for statement in recorded if statement not in pairs],
        "only_drafted": [place for place in range(len(drafted)) if place not in pairs.values()],
        "other_acts": [
            {"statement": statement, "recorded": acts[statement], "drafted": draft["statements"][place]["act"]}
            for statement, place in pairs.items()
            if acts[statement] != draft["statements"][place]["act"]
        ],
    }


def _characters(statement: dict[str, Any]) -> set[int]:
    return {place for span in statement["evidence"] for place in range(span["start"], span["end"])}


def _pairs(recorded: dict[str, set[int]], drafted: list[set[int]]) -> dict[str, int]:
    """Which drafted statement is which recorded one, the best overlaps first; each at most once."""
    overlaps = sorted(
        (-len(spans & other) / len(spans | other), statement, place)
        for statement, spans in recorded.items()
        for place, other in enumerate(drafted)
        if spans & other and len(spans & other) >= SAME * len(spans | other)
    )
    pairs: dict[str, int] = {}
    for _, statement, place in overlaps:
        if statement not in pairs and place not in pairs.values():
            pairs[statement] = place
    return dict(sorted(pairs.items()))
