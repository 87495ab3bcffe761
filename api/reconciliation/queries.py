"""Answering batches of reconciliation queries, and filling columns from records that were found."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson

from api.database.compression import decompressed
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES, Document
from api.errors import InvalidParameters, Issue
from api.queries import named_ids, reading
from api.queries.named_ids import NamedId
from api.queries.query import Query
from api.reconciliation import matching
from api.reconciliation.matching import Candidate
from api.reconciliation.properties import ABOVE, PROPERTIES, fits
from api.reconciliation.shapes import misshapen_batch, misshapen_extension
from api.search.names import name_words
from api.search.query import MOST_CLAUSES, QuerySyntaxError
from schemas.records.vocabularies import labels, term_ids
from schemas.values.languages import best

BATCH_SIZE = 50
_LIMIT, _MOST = 5, 50
EXACT = matching.EXACT
_MISFIT = 0.6  # factor for a record that a property contradicts: it comes last, but is seen
_OTHER_KIND = 0.9  # factor for a record of another kind than the query would rather have
_STRICTNESS = ("any", "should", "all")


class _Asked(NamedTuple):
    """A query: the name or "", the kinds wanted, whether only these, and the values of properties by their ids."""

    name: str
    kinds: frozenset[str]
    only_kinds: bool
    limit: int
    properties: Mapping[str, Sequence[Any]]


@cache
def types_of(record_type: str) -> list[Document]:
    """The types of a record type: itself, and its kinds."""
    own = {"id": record_type, "name": record_type.capitalize()}
    if record_type == "articles":
        return [own]
    kinds = f"{record_type.removesuffix('s')}-kinds"
    return [own, *({"id": kind, "name": labels(kinds)[kind]["en"]} for kind in term_ids(kinds))]


def reconcile(record_type: str, batch: Any) -> Document:
    """The candidates for each query of a batch; raise InvalidParameters, naming every mistake."""
    issues: list[Issue] = []
    queries = _object(batch, "queries", issues)
    _refuse([*issues, *_issues("queries", misshapen_batch(queries, record_type))])
    asked = {key: _asked(record_type, key, query, issues) for key, query in queries.items()}
    _refuse(issues)
    found = _found(record_type, list(asked.values()))
    documents = _documents(record_type, {candidate.id for candidates in found for candidate in candidates})
    return {
        key: {"result": _results(record_type, query, candidates, documents)}
        for (key, query), candidates in zip(asked.items(), found, strict=True)
    }


def _issues(parameter: str, sentences: Iterable[str]) -> list[Issue]:
    return [Issue(sentence, parameter=parameter) for sentence in sentences]


def _refuse(issues: list[Issue]) -> None:
    if issues:
        raise InvalidParameters(issues)


def _object(value: Any, parameter: str, issues: list[Issue]) -> Document:
    if isinstance(value, dict):
        return value
    issues.append(
        Issue("Is not an object: write JSON as the Reconciliation Service API 0.2 has it.", parameter=parameter)
    )
    return {}


def _asked(record_type: str, key: str, query: Document, issues: list[Issue]) -> _Asked:
    def wrong(sentence: str) -> None:
        issues.append(Issue(f"{key}: {sentence}", parameter="queries"))

    name = query.get("query", "")
    properties: dict[str, list[Any]] = {}
    for each in query.get("properties") or []:
        pid, values = each["pid"], each.get("v")
        if pid not in PROPERTIES[record_type]:
            wrong(f"'{pid}' is no property here; these are {', '.join(PROPERTIES[record_type])}.")
        else:
            values = values if isinstance(values, list) else [values]
            properties[pid] = [value for value in values if _is_value(value)]
    if not (name.strip() or properties):
        wrong("Has neither a 'query' to look for nor 'properties' to compare.")
    kinds = query.get("type") or []
    kinds = (
        [kinds] if isinstance(kinds, str) else [each.get("id") if isinstance(each, dict) else each for each in kinds]
    )
    known = {each["id"] for each in types_of(record_type)}
    for kind in kinds:
        if kind not in known:
            wrong(f"'{kind}' is no type here; these are {', '.join(sorted(known))}.")
    limit, strictness = query.get("limit", _LIMIT), query.get("type_strict", "any")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        wrong("'limit' is not a whole number from 1 on.")
        limit = _LIMIT
    if strictness not in _STRICTNESS:
        wrong(f"'type_strict' is none of {', '.join(_STRICTNESS)}.")
    wanted = frozenset(str(kind) for kind in kinds if kind != record_type)
    return _Asked(name, wanted, strictness != "should", min(limit, _MOST), properties)


def _is_value(value: Any) -> bool:
    """Whether a cell is not empty."""
    return isinstance(value, dict) or (value is not None and str(value).strip() != "")


def _found(record_type: str, asked: Sequence[_Asked]) -> list[list[Candidate]]:
    """The candidates for each query, by name and by Wikidata id; more than wanted, for properties may reorder them."""
    if record_type == "articles":
        by_name = [_articles(query.name) for query in asked]
    else:
        by_name = matching.candidates(record_type, [query.name for query in asked], _MOST)
    ids = {str(value) for query in asked for value in query.properties.get("wikidata", ())}
    by_identifier = _by_wikidata(record_type, ids) if ids else {}
    found = []
    for query, named in zip(asked, by_name, strict=True):
        is_by_name_alone = not query.properties and not query.kinds
        candidates = (
            named[: query.limit + 1] if is_by_name_alone else named
        )  # the one beyond may be as exact as the first
        known = {each.id for each in candidates}
        more = {by_identifier[str(v)] for v in query.properties.get("wikidata", ()) if str(v) in by_identifier} - known
        found.append([*candidates, *(Candidate(each, "", 0.0) for each in sorted(more))])
    return found


def _articles(title: str) -> list[Candidate]:
    words = name_words(title)
    if not words:
        return []
    try:
        page = reading.page("articles", Query(q=" ".join(words[:MOST_CLAUSES])[:200], sort="relevance", limit=20))
    except QuerySyntaxError:  # nothing but words such as OR, which no title consists of
        return []
    return [_by_title(words, orjson.loads(document)) for document in page.documents]


def _by_title(words: Sequence[str], article: Document) -> Candidate:
    titles = [article["title"]] if article["title"] else list(article["supplied_title"].values())
    scored = [(matching.likeness(words, name_words(title)), title) for title in titles]
    score, title = max(scored)
    return Candidate(article["id"], title, score)


def _by_wikidata(record_type: str, ids: Iterable[str]) -> dict[str, str]:
    table = RECORD_TYPES[record_type].table_name
    values = sorted(ids)
    sql = (
        f'SELECT identifier.value, record.id FROM "{table}_identifier" AS identifier'
        f' JOIN "{table}" AS record ON record.number = identifier.owner_id'
        f" WHERE identifier.scheme = ? AND identifier.value IN ({', '.join('?' * len(values))})"
    )
    return dict(rows(sql, ("wikidata", *values)))


def _documents(record_type: str, ids: Iterable[str]) -> dict[str, Document]:
    values = sorted(ids)
    if not values:
        return {}
    table = RECORD_TYPES[record_type].table_name
    sql = f'SELECT id, body FROM "{table}" WHERE id IN ({", ".join("?" * len(values))})'
    documents = {record_id: orjson.loads(decompressed(body)) for record_id, body in rows(sql, values)}
    if record_type == "speakers":
        for document in documents.values():
            document[ABOVE] = []
        for record_id, above, label in rows(_ABOVE.format(ids=", ".join("?" * len(values))), (*values, *values)):
            documents[record_id][ABOVE].append({"id": above, "name": orjson.loads(label)})
    return documents


_ABOVE = """
WITH RECURSIVE above(member, number) AS (
    SELECT speaker.id, speaker.part_of_id FROM speaker WHERE speaker.id IN ({ids}) AND speaker.part_of_id IS NOT NULL
     UNION
    SELECT speaker.id, office.organization_id FROM office JOIN speaker ON speaker.number = office.speaker_id
     WHERE speaker.id IN ({ids}) AND office.organization_id IS NOT NULL
     UNION
    SELECT above.member, speaker.part_of_id FROM above JOIN speaker ON speaker.number = above.number
     WHERE speaker.part_of_id IS NOT NULL
)
SELECT above.member, speaker.id, speaker.label FROM above JOIN speaker ON speaker.number = above.number ORDER BY speaker.id
"""


def _results(
    record_type: str, query: _Asked, candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> list[Document]:
    results = [_result(record_type, query, each, documents[each.id]) for each in candidates if each.id in documents]
    results = [each for each in results if each["score"] > 0 and not (query.only_kinds and not each.pop("_of_kind"))]
    results.sort(key=lambda each: (-each["score"], each["id"]))
    sure = [each for each in results if each.pop("_sure")]
    for each in results:
        each.pop("_of_kind", None)
        each["match"] = len(sure) == 1 and each is sure[0]
    return results[: query.limit]


def _result(record_type: str, query: _Asked, candidate: Candidate, document: Document) -> Document:
    fitting = {
        pid: fits(PROPERTIES[record_type][pid], document, values) for pid, values in query.properties.items() if values
    }
    score = EXACT if fitting.get("wikidata") else candidate.score if query.name else _by_properties(fitting.values())
    of_kind = not query.kinds or document.get("kind") in query.kinds
    for fit in fitting.values():
        score *= _MISFIT if fit is False else 1
    score *= 1 if of_kind else _OTHER_KIND
    name = _name(document)
    return {
        "id": document["id"],
        "name": name,
        "score": round(score, 1),
        "description": f"{candidate.matched} ({document['id']})" if candidate.matched else document["id"],
        "type": [each for each in types_of(record_type) if each["id"] in (record_type, document.get("kind"))],
        "features": [{"id": "name", "value": candidate.score}],
        "_of_kind": of_kind,
        "_sure": score == EXACT and all(fit is not False for fit in fitting.values()),
    }


def _by_properties(fitting: Iterable[bool | None]) -> float:
    known = list(fitting)
    return 100.0 * sum(fit is True for fit in known) / len(known) if known else 0.0


def _name(document: Document, languages: Sequence[str] = ("en",)) -> str:
    names = document.get("name") or ({"": document["title"]} if document["title"] else document["supplied_title"])
    return str(names[best(names, languages)])


def extend(record_type: str, asked: Any) -> Document:
    """The values of properties of records; raise InvalidParameters. The id of a merged record stands for its successor's."""
    issues: list[Issue] = []
    asked = _object(asked, "extend", issues)
    _refuse([*issues, *_issues("extend", misshapen_extension(asked))])
    ids, wanted = asked.get("ids", []), asked.get("properties", [])
    properties = PROPERTIES[record_type]
    for each in wanted:
        if each["id"] not in properties:
            sentence = f"'{each['id']}' is no property here; these are {', '.join(properties)}."
            issues.append(Issue(sentence, parameter="extend"))
    _refuse(issues)
    documents = followed(record_type, ids)
    return {
        "meta": [_meta(record_type, each["id"]) for each in wanted],
        "rows": {
            record_id: {each["id"]: _cells(record_type, each, documents.get(record_id)) for each in wanted}
            for record_id in ids
        },
    }


def followed(record_type: str, ids: Sequence[str]) -> dict[str, Document]:
    """The records of these ids; for that of a merged one, the record that it was merged into."""
    documents = _documents(record_type, ids)
    missing = [NamedId("id", record_type, each) for each in ids if each not in documents]
    into = {old: new for (_, old), new in named_ids.successors(missing, None).items()} if missing else {}
    successors = _documents(record_type, set(into.values()))
    return documents | {old: successors[new] for old, new in into.items() if new in successors}


def _meta(record_type: str, pid: str) -> Document:
    prop = PROPERTIES[record_type][pid]
    meta: Document = {"id": pid, "name": prop.name}
    if prop.record_type:
        meta["type"] = {"id": prop.record_type, "name": prop.record_type.capitalize()}
    return meta


def _cells(record_type: str, wanted: Document, document: Document | None) -> list[Document]:
    settings = wanted.get("settings") or {}
    values = list(PROPERTIES[record_type][wanted["id"]].values(document)) if document else []
    cells = [value.cell([settings.get("lang") or "en"]) for value in values]
    limit = int(settings.get("limit") or 0)
    return cells[:limit] if limit else cells
