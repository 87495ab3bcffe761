"""Field words of a query, as in `speaker:Lavrov -place:"Nagorno-Karabakh" talks`: filters that give names instead of ids."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from api.database.statements import rows
from api.names.suggestions import MOST_NEAR_NAMES, near_names, suggestions
from api.search.names import name_words
from schemas import messages
from schemas.parameters.filters import NOT
from schemas.parameters.values import MOST_VALUES

FIELDS = {"speaker": "speakers", "place": "places", "agreement": "agreements", "event": "events"}
"""The filters that can be field words, and the type of the records whose names they take."""

_EDGE = r"\s\u061c\u200e\u200f\u2066-\u2069"  # spaces and direction marks
_QUOTED = '["＂][^"＂]*["＂]|[“”„‟][^“”„‟]*[“”„‟]|[«»][^«»]*[«»]'
_WORD = rf'-?(?i:{"|".join(FIELDS)}):(?:{_QUOTED}|[^\s"＂“”„‟«»*()|]+)'
_OR = r"(?:OR|\||أو)"
_ALTERNATIVES = rf"{_WORD}(?:\s+{_OR}\s+{_WORD})*"
_IN_PARENTHESES = rf"-?\(\s*{_ALTERNATIVES}\s*\)"
_FIELD_WORDS = re.compile(
    rf"{_QUOTED}|(?<![^{_EDGE}])(?P<before>{_OR}\s+)?"
    rf"(?P<words>{_ALTERNATIVES}|{_IN_PARENTHESES})(?![^{_EDGE}])(?P<after>\s+{_OR}(?![^{_EDGE}]))?"
)
_EACH = re.compile(_WORD)


@dataclass
class Resolved:
    """A query without its field words, and the filters these stand for: ids by parameter, and what was written for them."""

    q: str
    filters: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    issues: list[str] = field(default_factory=list)


class _FieldWord(NamedTuple):
    """A parameter, the alternative names given for it, and all as it was written."""

    parameter: str
    names: tuple[str, ...]
    written: str

    @property
    def record_type(self) -> str:
        """The type of the records that the names are looked for among."""
        return FIELDS[self.parameter.removeprefix(NOT)]


def resolve(q: str, parameters: Collection[str], given: Collection[str]) -> Resolved:
    """The query with its field words resolved through the names, by one SQL statement if there are any.

    `parameters` are those of the collection, `given` those that have values already. Several records of a name are
    alternatives.
    """
    resolved = Resolved(q)
    usable: list[_FieldWord] = []
    for word in _take_out(resolved):
        if issue := _misplaced(word, parameters, {*given, *(other.parameter for other in usable)}):
            resolved.issues.append(issue)
        else:
            usable.append(word)
    holders = _holders([_folded(name) for word in usable for name in word.names])
    for word in usable:
        _look_up(word, holders, resolved)
    return resolved


def _take_out(resolved: Resolved) -> list[_FieldWord]:
    """The field words, which the query then lacks. Those in quotation marks are text."""
    words: list[_FieldWord] = []

    def replacement(match: re.Match[str]) -> str:
        if match["words"] is None:
            return match[0]
        try:
            words.append(_parsed(match))
        except ValueError as error:
            resolved.issues.append(str(error))
        return " "

    rest = _FIELD_WORDS.sub(replacement, resolved.q)
    if words or resolved.issues:
        resolved.q = rest.strip()
    return words


def _parsed(match: re.Match[str]) -> _FieldWord:
    parts = (each.partition(":") for each in _EACH.findall(match["words"]))
    (parameter, first), *others = ((word.lower(), name) for word, _, name in parts)
    if match["words"].startswith("-("):
        parameter = f"-{parameter}"
    if match["before"] or match["after"] or any(other != parameter.removeprefix("-") for other, _ in others):
        raise ValueError(messages.MIXED_ALTERNATIVES.format(written=match[0].strip()))
    return _FieldWord(parameter.replace("-", NOT), (first, *(name for _, name in others)), match["words"])


def _misplaced(word: _FieldWord, parameters: Collection[str], given: Collection[str]) -> str | None:
    if word.parameter not in parameters:
        return messages.NO_SUCH_FILTER.format(written=word.written, filter=word.parameter)
    if word.parameter in given:
        return messages.FILTERED_ALREADY.format(written=word.written, filter=word.parameter)
    return None


class _Holder(NamedTuple):
    record_type: str
    id: str
    start: str
    phrase: str


def _holders(folded: Sequence[str]) -> list[_Holder]:
    """The records with a name that ends like this, of which the whole name may be one."""
    if not any(folded):
        return []
    return [_Holder(*row) for row in rows(_HOLDERS.format(", ".join("?" * len(folded))), folded)]


_HOLDERS = """
SELECT DISTINCT named.record_type, named.id, name_start.start, name.phrase FROM name_start
  JOIN name ON name.owner_id = name_start.owner_id AND name.position = name_start.position
  JOIN named_record AS named ON named.number = name_start.owner_id
 WHERE name_start.start IN ({})
"""


def _folded(name: str) -> str:
    return " ".join(name_words(name))


def _look_up(word: _FieldWord, holders: Sequence[_Holder], resolved: Resolved) -> None:
    ids: set[str] = set()
    for name in word.names:
        called_so = set(_called(_folded(name), word.record_type, holders))
        if not called_so:
            resolved.issues.append(_unknown(name, word.record_type))
        ids |= called_so
    if len(ids) > MOST_VALUES:
        resolved.issues.append(
            messages.TOO_MANY_CALLED_SO.format(written=word.written, count=len(ids), most=MOST_VALUES)
        )
    resolved.filters[word.parameter] = sorted(ids)
    resolved.written[word.parameter] = word.written


def _called(folded: str, record_type: str, holders: Sequence[_Holder]) -> Iterator[str]:
    """The ids of the records that are called so: as written, or else with the article before the name."""
    of_type = [holder for holder in holders if holder.record_type == record_type and holder.start == folded]
    exact = [holder for holder in of_type if holder.phrase == folded]
    with_article = (holder for holder in of_type if holder.phrase.count(" ") == folded.count(" "))
    return (holder.id for holder in exact or with_article)


def _unknown(name: str, record_type: str) -> str:
    folded = _folded(name)
    begin_so = suggestions(folded, [record_type], MOST_NEAR_NAMES) if folded else []
    near = [(each.matched, each.id) for each in begin_so]
    near = near or [(each.text, each.id) for each in near_names(folded.split(), [record_type])]
    listed = ", ".join(f'"{text}" ({record_id})' for text, record_id in near)
    template = messages.OTHERS_CALLED_ALIKE if near else messages.NOBODY_CALLED_SO
    return template.format(record_type=record_type, name=name, near=listed)
