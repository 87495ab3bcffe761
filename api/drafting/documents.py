"""Documents for an import, made of a draft: new speakers first, then the article, then the statements.

Ids are made so that they can't be those of stored records. What a draft can't say in our own words stands in for a person
to mend: a summary names the speaker and the act, and nothing more.
"""

import re
from collections.abc import Iterator
from typing import Any

from api.drafting.drafts import Draft
from api.evidence.texts import digest
from schemas.records.vocabularies import labels

RIGHTS = "All rights with the publisher; the text is not redistributed here, only positions and digests."
_LATIN = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئ",
        "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a a a a i w y".split(),
        strict=True,
    )
)
_UNITS = {
    "remains-offered": "remains", "remains-transferred": "remains", "remains-recovered": "remains", "meeting-duration": "hours",
    "duration": "hours", "negotiation-sessions": "sessions", "families-displaced": "families", "share": "percent", "change": "percent",
    "area": "hectares", "distance": "kilometres", "goods-delivered": "tonnes", "vaccine-doses": "doses", "votes-for": "votes",
    "votes-against": "votes", "trade-volume": "us-dollars", "money-paid": "us-dollars", "money-pledged": "us-dollars",
    "money-needed": "us-dollars", "damage-cost": "us-dollars",
}  # fmt: skip
_ITEMS = frozenset(
    "attacks ceasefire-violations equipment-lost buildings-damaged mines-cleared settlements documents-signed".split()
)
_SLUG = re.compile(r"[^a-z0-9]+")


def lines(draft: Draft) -> Iterator[dict[str, Any]]:
    """The records of a draft as lines of an import; the draft's article must have a date."""
    article = draft["article"]
    known = article.get("known")
    article_id = known["id"] if known else f"article-{article['sha256'][:12]}"
    speakers = _new_speakers(draft)
    yield from ({"type": "speakers", "document": document} for document in speakers.values())
    if not known:
        yield {"type": "articles", "document": _article(article, article_id)}
    for number, statement in enumerate(draft["statements"], 1):
        if statement["speakers"]:
            yield {"type": "statements", "document": _statement(statement, article, article_id, number, speakers)}


def _new_speakers(draft: Draft) -> dict[str, dict[str, Any]]:
    """A document for each speaker that is no known record, by name."""
    language = draft["article"]["language"] or "ar"
    documents: dict[str, dict[str, Any]] = {}
    for statement in draft["statements"]:
        for entry in statement["speakers"]:
            if entry["speaker"]["id"] is None:
                name = entry["speaker"]["name"][:200]
                documents.setdefault(
                    name, {"id": _new_id(name), "kind": entry["kind"] or "group", "name": {language: name}}
                )
    return documents


def _new_id(name: str) -> str:
    """A readable id with a piece of the name's digest, so that it is nobody else's."""
    latin = "".join(_LATIN.get(letter, letter) for letter in name.lower())
    slug = _SLUG.sub("-", latin.encode("ascii", "ignore").decode()).strip("-")[:60].strip("-")
    return f"{slug or 'speaker'}-{digest(name)[:6]}"


def _article(article: dict[str, Any], article_id: str) -> dict[str, Any]:
    language = article["language"] or "und"
    publisher = article["publisher"] and article["publisher"]["id"]
    title = article["title"] and article["title"][:300]
    return {
        "id": article_id,
        "title": title,
        **({} if title else {"supplied_title": {"en": "An article without a title"}}),
        "publisher": {"id": publisher} if publisher else None,
        **({"publisher_basis": "stated"} if publisher else {}),
        "published": article["published"],
        "date_basis": "stated" if article["published_basis"] == "stated" else "inferred",
        "language": language,
        "rights": RIGHTS,
        "sha256": article["sha256"],
        "length": article["length"],
    }


def _statement(
    statement: dict[str, Any], article: dict[str, Any], article_id: str, number: int, new: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    ids = list(dict.fromkeys(_id_of(entry, new) for entry in statement["speakers"]))
    publisher = article["publisher"] and article["publisher"]["id"]
    chain = [{"agent": {"id": each}, "role": "spoke"} for each in ids]
    if publisher and publisher not in ids:
        chain.append({"agent": {"id": publisher}, "role": "published"})
    capacities = {_id_of(entry, new): entry["capacity"] for entry in statement["speakers"]}
    return {
        "id": f"draft-{article['sha256'][:12]}-{number}",
        "speakers": [{"speaker": {"id": each}, "capacity": capacities[each]} for each in ids],
        "targets": _references(statement["targets"], "speakers", ids),
        "act": statement["act"],
        "summary": _summary(statement),
        "date": statement["date"] or article["published"],
        "date_basis": statement["date_basis"] or "dateline",
        "about_events": _references(statement["events"], "events"),
        "places": _references(statement["places"], "places"),
        "figures": [_figure(figure, ids[0]) for figure in statement["figures"]],
        "reports": [
            {
                "article": {"id": article_id},
                "chain": chain,
                "mode": statement["mode"],
                "label": statement["speakers"][0]["label"][:200],
                "evidence": statement["evidence"],
            }
        ],
    }


def _id_of(entry: dict[str, Any], new: dict[str, dict[str, Any]]) -> str:
    return str(entry["speaker"]["id"] or new[entry["speaker"]["name"][:200]]["id"])


def _references(
    mentions: list[dict[str, Any]], record_type: str, besides: list[str] | None = None
) -> list[dict[str, str]]:
    """Each record that mentions name without doubt, once."""
    ids = [
        mention["records"][0]["id"] for mention in mentions if len({record["id"] for record in mention["records"]}) == 1
        and mention["records"][0]["type"] == record_type
    ]  # fmt: skip
    return [{"id": each} for each in dict.fromkeys(ids) if each not in (besides or [])]


def _summary(statement: dict[str, Any]) -> dict[str, str]:
    label = labels("acts")[statement["act"]]
    who = "، ".join(dict.fromkeys(entry["speaker"]["name"] for entry in statement["speakers"]))[:300]
    return {"ar": f"مسودة: {label['ar']} ({who}).", "en": f"Draft: {label['en'].lower()} ({who})."}


def unit_of(measure: str) -> str:
    """The unit in which a draft gives a measure."""
    return _UNITS.get(measure, "items" if measure in _ITEMS else "people")


def _figure(figure: dict[str, Any], claimant: str) -> dict[str, Any]:
    return {
        "measure": figure["measure"],
        "value": figure["value"],
        "unit": unit_of(figure["measure"]),
        "bound": figure["bound"],
        "claimant": {"id": claimant},
    }
