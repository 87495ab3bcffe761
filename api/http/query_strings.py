"""From the query string of a request to the validated query of its operation, with every issue named."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from marshmallow import fields

from api.errors import InvalidParameters, Issue
from api.names.field_words import resolve
from api.queries.orders import RELEVANCE
from api.search.query import QuerySyntaxError, parse
from schemas import messages
from schemas.parameters.collections import Searched
from schemas.parameters.query_schema import QuerySchema
from schemas.values.misspelling import nearest
from schemas.values.normal_form import UNSAFE, is_stream_safe

MOST_UNKNOWN = 20  # parameters that are listed; whoever sends more made one mistake, not many
LONGEST_REMEMBERED = 400  # bytes of a query string; longer ones, such as those with many values, hardly come back


class _Loaded(NamedTuple):
    """A query string as far as it can be understood without the database."""

    query: Mapping[str, Any]
    sent: frozenset[str]
    """The parameters that were sent and could be read."""
    issues: tuple[Issue, ...]
    is_searched: bool
    """Whether there is a `q` to be searched for, which may have field words."""


def parse_query(schema: QuerySchema, query_string: bytes) -> dict[str, Any]:
    """The parameters as the schema loads them, defaults filled in; raise InvalidParameters with every issue."""
    load = _remembered if len(query_string) <= LONGEST_REMEMBERED else _load
    loaded = load(schema, query_string)
    query, issues = dict(loaded.query), loaded.issues
    if loaded.is_searched:
        issues += tuple(_resolve(query, schema.fields, loaded))
    if issues:
        raise InvalidParameters([*issues])
    return query


def _resolve(query: dict[str, Any], known: Mapping[str, Any], loaded: _Loaded) -> list[Issue]:
    """Understand `q`, in the light of the names that records have now."""
    issues = _resolve_field_words(query, known)
    issues += _unsearchable(query["q"]) if "q" in query else []
    if query.get("sort") == RELEVANCE and "sort" not in loaded.sent:
        query["fallback_sort"] = known["sort"].load_default
    if not (issues or loaded.issues) and query.get("sort") == RELEVANCE and "q" not in query:
        issues += [_NO_WORDS] if "sort" in loaded.sent else []
        query["sort"] = known["sort"].load_default
    return issues


def _load(schema: QuerySchema, query_string: bytes) -> _Loaded:
    known, sent = schema.fields, _values_by_name(query_string)
    issues = [*_unknown_parameters([name for name in sent if name not in known], known)]
    issues += [Issue(UNSAFE, parameter=name) for name in _not_stream_safe(sent)]
    issues += [Issue(messages.NOT_UTF8, parameter=name) for name in _undecodable(query_string)]
    values: dict[str, Any] = {}
    for name in known if sent else ():
        if name not in sent:
            continue
        if isinstance(known[name], fields.List):
            values[name] = sent[name]
        elif len(sent[name]) == 1:
            values[name] = sent[name][0]
        else:
            issues.append(Issue(messages.REPEATED.format(count=len(sent[name])), parameter=name))
    query, wrong = schema.parse(values)
    issues += [Issue(detail, parameter=name) for name, said in wrong.items() for detail in _sentences(said)]
    is_searched = "q" in values and "q" not in wrong and isinstance(schema, Searched)
    return _Loaded(query, frozenset(values), tuple(issues), is_searched)


_remembered = lru_cache(maxsize=4000)(_load)
"""What was loaded, at most some 2 kB each: the same questions come again, from pages with links and from pollers."""


def _resolve_field_words(query: dict[str, Any], known: Mapping[str, Any]) -> list[Issue]:
    """Put filters in the place of field words; a query of nothing else is left without words to search for."""
    resolved = resolve(query["q"], known, query)
    query.update(resolved.filters)
    if resolved.written:
        query["written"] = resolved.written
    if not resolved.q and (resolved.written or resolved.issues):
        del query["q"]
    else:
        query["q"] = resolved.q
    return [Issue(detail, parameter="q") for detail in resolved.issues]


_NO_WORDS = Issue(messages.ONLY_FIELD_WORDS, parameter="sort")


def _values_by_name(query_string: bytes) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    if query_string:
        for name, value in parse_qsl(query_string.decode(errors="replace"), keep_blank_values=True):
            values.setdefault(name, []).append(value)
    return values


def _unknown_parameters(names: list[str], known: Mapping[str, Any]) -> Iterator[Issue]:
    """What is wrong with unknown parameters, of which only some are listed: each message names all that are known."""
    for name in names[:MOST_UNKNOWN]:
        yield Issue(_unknown(name, known), parameter=name)
    if len(names) > MOST_UNKNOWN:
        yield Issue(messages.MANY_UNKNOWN.format(count=len(names)), parameter=names[MOST_UNKNOWN])


def _not_stream_safe(sent: Mapping[str, list[str]]) -> list[str]:
    """The parameters whose names or values have too many combining marks in a row to be folded."""
    return [name for name, values in sent.items() if not all(map(is_stream_safe, (name, *values)))]


def _undecodable(query_string: bytes) -> list[str]:
    """The parameters whose values are not UTF-8, as of a client that writes in windows-1256."""
    if _is_utf8(query_string):
        return []
    pairs = (pair.partition(b"=") for pair in query_string.split(b"&"))
    return [unquote_to_bytes(name).decode(errors="replace") for name, _, value in pairs if not _is_utf8(value)]


def _is_utf8(encoded: bytes) -> bool:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def _unsearchable(q: str) -> list[Issue]:
    try:
        parse(q)
    except QuerySyntaxError as error:
        return [Issue(str(error), parameter="q")]
    return []


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    if not known:
        return messages.TAKES_NONE
    close, listed = nearest(name, list(known)), ", ".join(known)
    return messages.MISSPELT.format(close=close, known=listed) if close else messages.UNKNOWN.format(known=listed)


def _sentences(messages: Any) -> list[str]:
    """Marshmallow's messages of one parameter, without the positions of repeated values, each once."""
    if isinstance(messages, Mapping):
        sentences = [sentence for inner in messages.values() for sentence in _sentences(inner)]
    else:
        sentences = [str(message) for message in messages]
    return list(dict.fromkeys(sentences))
