"""What is cited of a record, before any format: who, what, when it was said and when published, according to whom."""

from collections.abc import Sequence
from typing import NamedTuple

from api.documents.record_types import Document
from api.representations.selected import Selected, Values
from schemas.records.vocabularies import labels
from schemas.values.date_labels import label as date_label
from schemas.values.languages import best

EXPANSIONS = {
    "statements": ("articles", "communiques", "events", "speakers"),
    "agreements": ("speakers",),
    "articles": ("speakers",),
}
"""By the record type that is cited, the types of the records that must be known besides."""

_SPOKEN = ("remarks", "address", "press-briefing")
WORDS: dict[str, dict[str, str]] = {
    "ar": {"according": "بحسب: {}", "in": "في «{}»", "said": "قيل: {}", "parties": "الأطراف: {}", "and": "، "},
    "en": {"according": "According to: {}", "in": "in “{}”", "said": "Said: {}", "parties": "Parties: {}", "and": ", "},
}


class Name(NamedTuple):
    """A name as it is written; the name of a person in two words also by its parts."""

    literal: str
    family: str = ""
    given: str = ""


class Citation(NamedTuple):
    """What is cited. Dates are EDTF; `type` is that of CSL 1.0.2; empty where there is nothing to say.

    `language` is that of the title, `words` that of the words around it: a key of WORDS.
    """

    id: str
    type: str
    title: str
    language: str
    words: str
    url: str
    version: str
    authors: Sequence[Name]
    published: str = ""
    said: str = ""
    event: str = ""
    place: str = ""
    container: str = ""
    publisher: str = ""
    genre: str = ""
    note: str = ""
    evidence: Sequence[Values] = ()

    def day(self, expression: str) -> str:
        """A date as people write it in the language of this citation."""
        return date_label(expression, self.words)


def citations(selected: Selected) -> list[Citation]:
    """The citation of each record."""
    cite = {"statements": _statement, "agreements": _agreement, "articles": _article}[selected.record_type]
    return [cite(selected, document) for document in selected.documents]


def _statement(selected: Selected, statement: Document) -> Citation:
    report = next((each for each in statement["reports"] if each["first_hand"]), statement["reports"][0])
    article = selected.other("articles", report["article"])
    event = selected.other("events", statement["event"])
    words = best(WORDS, selected.wanted)
    return Citation(
        id=statement["id"],
        type=_type(selected.other("communiques", statement["communique"]).get("kind")),
        title=f"[{selected.text(statement['summary'])}]",
        language=best(statement["summary"], selected.wanted),
        words=words,
        url=selected.iri(statement),
        version=statement["updated_at"],
        authors=[_name(selected, each["speaker"]) for each in statement["speakers"]],
        published=article["published"],
        said=statement["date"],
        event=selected.name(statement["event"]),
        place=selected.name(event.get("place")),
        container=selected.name(report["article"]),
        publisher=selected.name(article["publisher"]),
        note="; ".join(_according(selected, each, words) for each in statement["reports"]),
        evidence=[
            {"article": each["article"]["id"], **{key: span[key] for key in ("start", "end", "sha256")}}
            for each in statement["reports"]
            for span in each["evidence"]
        ],
    )


def _type(communique: str | None) -> str:
    return "speech" if communique in _SPOKEN else "regulation" if communique == "decree" else "document"


def _according(selected: Selected, report: Document, language: str) -> str:
    """According to whom an article carries a statement: everybody between the speaker and the page, with what they did."""
    words, roles = WORDS[language], labels("chain-roles")
    relayed = [each for each in report["chain"] if each["role"] != "spoke"]
    agents = [f"{selected.name(each['agent'])} ({roles[each['role']][language].lower()})" for each in relayed]
    where = words["in"].format(selected.name(report["article"]))
    published = selected.other("articles", report["article"])["published"]
    return words["according"].format(words["and"].join([*agents, f"{where} ({date_label(published, language)})"]))


def _agreement(selected: Selected, agreement: Document) -> Citation:
    dated = {each["kind"]: each for each in reversed(agreement["milestones"])}
    milestone = dated.get("signed") or dated.get("announced") or next(iter(agreement["milestones"]), None)
    words = best(WORDS, selected.wanted)
    parties = [selected.name(party) for party in agreement["parties"]]
    return Citation(
        id=agreement["id"],
        type="treaty",
        title=selected.text(agreement["name"]),
        language=best(agreement["name"], selected.wanted),
        words=words,
        url=selected.iri(agreement),
        version=agreement["updated_at"],
        authors=[_name(selected, each["speaker"]) for each in agreement["signatories"]]
        or [Name(party) for party in parties],
        published=milestone["date"] if milestone else "",
        place=selected.name(milestone and milestone["place"]),
        genre=labels("agreement-kinds")[agreement["kind"]][words],
        note=WORDS[words]["parties"].format(WORDS[words]["and"].join(parties)) if parties else "",
    )


def _article(selected: Selected, article: Document) -> Citation:
    publisher = selected.other("speakers", article["publisher"])
    supplied = article["supplied_title"]
    return Citation(
        id=article["id"],
        type="article-newspaper" if publisher.get("kind") == "media" else "webpage",
        title=article["title"] or f"[{selected.text(supplied)}]",
        language=article["language"],
        words=best(WORDS, selected.wanted),
        url=selected.iri(article),
        version=article["updated_at"],
        authors=[_name(selected, each["agency"]) for each in article["credits"] if each["role"] == "text"],
        published=article["published"],
        container=selected.name(article["publisher"]) if publisher.get("kind") == "media" else "",
        publisher=selected.name(article["publisher"]),
        note=article["rights"],
    )


def _name(selected: Selected, reference: Document) -> Name:
    """A name, divided only where that is no guess: a person's of two words."""
    name = selected.name(reference)
    given, _, family = name.partition(" ")
    is_person = selected.other("speakers", reference).get("kind") == "person"
    return Name(name, family, given) if is_person and name.count(" ") == 1 else Name(name)
