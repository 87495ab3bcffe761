"""Records in JSON-LD."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from api.documents.record_types import Document
from api.linked_data.context import PATH, TERMS
from api.representations.selected import Selected, Values, without_gaps
from schemas.records.vocabularies import labels

EXPANSIONS: dict[str, tuple[str, ...]] = {
    "statements": ("articles", "speakers"),
    "speakers": (),
    "agreements": ("speakers",),
    "articles": ("speakers",),
}
"""By the record type that is written, the types of the records that must be known besides."""

_KINDS = {
    "person": "Person",
    "government-body": "GovernmentOrganization",
    "state": "GovernmentOrganization",
    "media": "NewsMediaOrganization",
}
_SIGNED = ("signed", "announced")
_WIKIDATA = "http://www.wikidata.org/entity/"
_LINKS = {
    "responds-to": "respondsTo",
    "repeats": "wasDerivedFrom",
    "denies": "denies",
    "corrects": "corrects",
    "contradicts": "contradicts",
}


def written(selected: Selected) -> bytes:
    """A record, or the graph of the records of a list."""
    write = _WRITERS[selected.record_type]
    context = {"@context": f"{selected.base}{PATH}"}
    nodes = [without_gaps(write(selected, document)) for document in selected.documents]
    if not selected.list:
        return orjson.dumps({**context, **nodes[0]})
    return orjson.dumps({**context, "@id": selected.list, "@graph": nodes})


def _statement(selected: Selected, statement: Document) -> Values:
    return {
        "@id": selected.iri(statement),
        "@type": ["Claim", "prov:Entity"],
        "text": statement["summary"],
        "author": [_agent(selected, each["speaker"]) for each in statement["speakers"]],
        "dateCreated": statement["date"],
        "about": [
            *(_linked(selected, "agreements", each["agreement"]) for each in statement["agreements"]),
            *(_linked(selected, "events", each) for each in statement["about_events"]),
        ],
        "target": [_linked(selected, "speakers", each) for each in statement["targets"]],
        "contentLocation": [_linked(selected, "places", each) for each in statement["places"]],
        "keywords": [
            _term(selected, "acts", statement["act"]),
            *(_term(selected, "topics", topic) for topic in statement["topics"]),
        ],
        "isPartOf": _linked(selected, "communiques", statement["communique"]),
        "recordedAt": _linked(selected, "events", statement["event"]),
        "appearance": [
            without_gaps(_report(selected, statement, number, report))
            for number, report in enumerate(statement["reports"], 1)
        ],
        "qualifiedAttribution": [
            _attribution(selected, speaker, f"{TERMS}on-behalf-of") for speaker in statement["on_behalf_of"]
        ],
        "firstHand": statement["first_hand"],
        "hadPrimarySource": [
            selected.iri(each["article"], "articles") for each in statement["reports"] if each["first_hand"]
        ],
        **_links(selected, statement["links"]),
        "mentions": [without_gaps(_figure(selected, figure)) for figure in statement["figures"]],
    }


def _report(selected: Selected, statement: Document, number: int, report: Document) -> Values:
    """An appearance of a statement in an article: a quotation if it is direct; its words only where they may be shown."""
    article = selected.other("articles", report["article"])
    quotations = [span["quotation"] for span in report["evidence"] if span["quotation"]]
    quoted = {article["language"]: " […] ".join(quotations)} if quotations else None
    return {
        "@id": f"{selected.iri(statement)}#report-{number}",
        "@type": "Quotation" if report["mode"] == "direct" else "CreativeWork",
        "text": quoted,
        "isPartOf": without_gaps(_article(selected, article)),
        "wasQuotedFrom": selected.iri(article, "articles"),
        "firstHand": report["first_hand"],
        "qualifiedAttribution": [
            _attribution(selected, each["agent"], _term_iri(selected, "chain-roles", each["role"]))
            for each in report["chain"]
        ],
    }


def _attribution(selected: Selected, speaker: Document, role: str) -> Values:
    return {"@type": "prov:Attribution", "agent": selected.iri(speaker, "speakers"), "hadRole": role}


def _links(selected: Selected, links: Sequence[Document]) -> Values:
    found: dict[str, list[Any]] = {}
    for link in links:
        found.setdefault(_LINKS[link["relation"]], []).append({"@id": selected.iri(link["statement"], "statements")})
    return found


def _figure(selected: Selected, figure: Document) -> Values:
    return {
        "@type": "Observation",
        "measuredProperty": {"@id": _term_iri(selected, "measures", figure["measure"])},
        "value": figure["value"],
        "unitText": figure["unit"],
        "bound": figure["bound"],
        "wasAttributedTo": selected.iri(figure["claimant"], "speakers"),
        "observationAbout": _linked(selected, "speakers", figure["party"]),
        "observationDate": figure["period"],
        "event": _linked(selected, "events", figure["event"]),
    }


def _speaker(selected: Selected, speaker: Document) -> Values:
    return {
        "@id": selected.iri(speaker),
        "@type": [_KINDS.get(speaker["kind"], "Organization"), "prov:Agent"],
        "name": speaker["name"],
        "alternateName": _by_language(speaker["aliases"]),
        "sameAs": _same(speaker),
        "memberOf": _linked(selected, "speakers", speaker["part_of"]),
        "hasOccupation": [
            without_gaps(
                {
                    "@type": "Role",
                    "name": office["title"],
                    "startDate": office["from"],
                    "endDate": office["to"],
                    "memberOf": _linked(selected, "speakers", office["organization"]),
                }
            )
            for office in speaker["offices"]
        ],
    }


def _agreement(selected: Selected, agreement: Document) -> Values:
    signed = next((each["date"] for each in agreement["milestones"] if each["kind"] in _SIGNED), None)
    return {
        "@id": selected.iri(agreement),
        "@type": ["CreativeWork", "prov:Entity"],
        "name": agreement["name"],
        "alternateName": _by_language(agreement["aliases"]),
        "sameAs": _same(agreement),
        "dateCreated": signed,
        "status": agreement["status"],
        "author": [_agent(selected, each["speaker"]) for each in agreement["signatories"]],
        "contributor": [_agent(selected, each) for each in agreement["parties"]],
        "hasPart": [
            {"@type": "CreativeWork", "position": each["number"], "text": each["summary"]}
            for each in agreement["provisions"]
        ],
    }


def _article(selected: Selected, article: Document) -> Values:
    title = {article["language"]: article["title"]} if article["title"] else article["supplied_title"]
    return {
        "@id": selected.iri(article, "articles"),
        "@type": ["NewsArticle", "prov:Entity"],
        "headline": title,
        "publisher": _agent(selected, article["publisher"]),
        "datePublished": article["published"],
        "inLanguage": article["language"],
        "copyrightNotice": article["rights"],
        "sha256": article["sha256"],
    }


_WRITERS: dict[str, Callable[[Selected, Document], Values]] = {
    "statements": _statement,
    "speakers": _speaker,
    "agreements": _agreement,
    "articles": _article,
}


def _agent(selected: Selected, reference: Document | None) -> Values | None:
    """A speaker with name and type, and what else is sure to be the same."""
    if reference is None:
        return None
    speaker = selected.other("speakers", reference)
    kind = _KINDS.get(speaker.get("kind", ""), "Organization")
    return without_gaps(
        {"@id": selected.iri(reference, "speakers"), "@type": kind, "name": reference["name"], "sameAs": _same(speaker)}
    )


def _linked(selected: Selected, record_type: str, reference: Document | None) -> Values | None:
    if reference is None:
        return None
    return {"@id": selected.iri(reference, record_type), "name": reference["name"]}


def _term_iri(selected: Selected, vocabulary: str, term: str) -> str:
    return f"{selected.base}/v1/vocabularies/{vocabulary}#{term}"


def _term(selected: Selected, vocabulary: str, term: str) -> Values:
    return {
        "@id": _term_iri(selected, vocabulary, term),
        "@type": "DefinedTerm",
        "termCode": term,
        "name": labels(vocabulary)[term],
        "inDefinedTermSet": f"{selected.base}/v1/vocabularies/{vocabulary}",
    }


def _by_language(aliases: Sequence[Document]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for alias in aliases:
        names.setdefault(alias["lang"], []).append(alias["value"])
    return names


def _same(record: Document) -> list[str]:
    return list(_wikidata(record))


def _wikidata(record: Document) -> Iterator[str]:
    for identifier in record.get("identifiers", ()):
        if identifier["scheme"] == "wikidata":
            yield f"{_WIKIDATA}{identifier['value']}"
