"""Records as short rows that an assistant can read by the dozen: one line each, with an address and a phrase to cite it by."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

Row = dict[str, Any]
Document = Mapping[str, Any]

MOST_BYTES_OF_ROW = 300
"""Of a row as JSON in UTF-8. Users of such tools complain of long answers most: 20 whole statements are 80 kB."""

MOST_BYTES_OF_CITATION = 110  # of these; the rest is for the address and the text

_ROLES = {
    "spoke": "according to",
    "issued": "issued by",
    "relayed": "relayed by",
    "reported": "reported by",
    "published": "published by",
}
"""How the agents of a chain are introduced, by their roles."""


def size_of(value: Any) -> int:
    """The bytes of a value as JSON."""
    return len(orjson.dumps(value))


def text_in(texts: Mapping[str, str], language: str) -> str:
    """A text in a language if there is one, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def shortened(text: str, most: int) -> str:
    """A text of at most so many bytes, cut at a character."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: max(0, most - 3)].decode(errors="ignore").rstrip() + "…"


def names_of(references: Iterable[Document], language: str) -> str:
    """The names of what references lead to."""
    return ", ".join(text_in(reference["name"], language) for reference in references)


def citation(report: Document, language: str) -> str:
    """According to whom: the agents of a chain with their roles, and the article that it ends in."""
    links = [
        f"{_ROLES.get(link['role'], link['role'])} {text_in(link['agent']['name'], language)}"
        for link in report["chain"]
    ]
    if links and not links[0].startswith("according to"):
        links[0] = f"according to {text_in(report['chain'][0]['agent']['name'], language)}"
    return ", ".join([*links, f"in {text_in(report['article']['name'], language)}"])


def fitted(row: Row, *texts: str) -> Row:
    """A row within its limit: these texts of it are cut, the last first, as far as needed."""
    for key in reversed(texts):
        over = size_of(row) - MOST_BYTES_OF_ROW
        if over > 0:
            row = {**row, key: shortened(row[key], max(3, len(row[key].encode()) - over - _ESCAPES))}
    return row


_ESCAPES = 8  # bytes that an ellipsis and escaped quotation marks may take besides


def statement_row(statement: Document, language: str) -> Row:
    """A statement: when who said what, and according to whom."""
    speakers = (entry["speaker"] for entry in statement["speakers"])
    row = {
        "iri": f"/v1/statements/{statement['id']}",
        "date": statement["date"],
        "act": statement["act"],
        "who": shortened(names_of(speakers, language), 60),
        "cite": shortened(citation(statement["reports"][0], language), MOST_BYTES_OF_CITATION),
        "text": text_in(statement["summary"], language),
    }
    return fitted(row, "who", "cite", "text")


def agreement_row(statement: Document, agreement: str, language: str) -> Row:
    """A statement on an agreement, with how it refers to it."""
    relations = {entry["relation"] for entry in statement["agreements"] if entry["agreement"]["id"] == agreement}
    return fitted(
        {**statement_row(statement, language), "relation": ", ".join(sorted(relations))}, "who", "cite", "text"
    )


def figure_row(figure: Document, language: str) -> Row:
    """A figure: who claims what of whom, and the statement in which it was said."""
    party, period = figure["party"], figure["period"]
    row = {
        "iri": f"/v1/statements/{figure['statement']['id']}",
        "date": figure["date"],
        "value": f"{figure['bound']} {figure['value']} {figure['unit']}",
        "measure": figure["measure"],
        "of": text_in(party["name"], language) if party else None,
        "period": period,
        "cite": f"claimed by {text_in(figure['claimant']['name'], language)}"
        + (f", in {text_in(figure['reports'][0]['article']['name'], language)}" if figure["reports"] else ""),
    }
    return fitted({key: value for key, value in row.items() if value is not None}, "cite")


def coverage_row(coverage: Document, language: str) -> Row:
    """What was read of a publisher; days where a range of them was asked about."""
    publisher, articles, days = coverage["publisher"], coverage["articles"], coverage["days"]
    row = {
        "iri": f"/v1/readings?publisher={publisher['id'] if publisher else 'none'}",
        "publisher": text_in(publisher["name"], language) if publisher else None,
        "articles": f"{articles['read']} of {articles['known']} known articles read",
        "extents": ", ".join(f"{each['count']} {each['extent']}" for each in articles["by_extent"]),
        "days": f"{days['covered']} of {days['asked']} days covered" if days else None,
    }
    return fitted({key: value for key, value in row.items() if value is not None}, "publisher")


def suggestion_row(suggestion: Document, language: str) -> Row:
    """A record that goes by a name."""
    row = {
        "iri": f"/v1/{suggestion['type']}/{suggestion['id']}",
        "id": suggestion["id"],
        "type": suggestion["type"],
        "statements": suggestion["references"],
        "matched": shortened(suggestion["matched"], 60),
        "name": text_in(suggestion["name"], language),
    }
    return fitted(row, "matched", "name")


def statement_details(statement: Document, language: str) -> Row:
    """A statement whole, but for what an assistant does not need; its texts in one language."""
    return {
        "iri": f"/v1/statements/{statement['id']}",
        "date": statement["date"],
        "date_basis": statement["date_basis"],
        "act": statement["act"],
        "text": text_in(statement["summary"], language),
        "speakers": [_speaker(entry, language) for entry in statement["speakers"]],
        "on_behalf_of": names_of(statement["on_behalf_of"], language),
        "agreements": [
            {"iri": f"/v1/agreements/{entry['agreement']['id']}", "relation": entry["relation"]}
            for entry in statement["agreements"]
        ],
        "figures": [
            f"{each['measure']}: {each['bound']} {each['value']} {each['unit']}, claimed by "
            f"{text_in(each['claimant']['name'], language)}"
            for each in statement["figures"]
        ],
        "links": [
            {"relation": link["relation"], "iri": f"/v1/statements/{link['statement']['id']}"}
            for link in statement["links"]
        ],
        "first_hand": statement["first_hand"],
        "reports": [
            {
                "cite": citation(report, language),
                "article": f"/v1/articles/{report['article']['id']}",
                "mode": report["mode"],
                "quotations": [span["quotation"] for span in report["evidence"] if span.get("quotation") is not None],
            }
            for report in statement["reports"]
        ],
    }


def _speaker(entry: Document, language: str) -> str:
    office = entry["office"]
    name = text_in(entry["speaker"]["name"], language)
    return f"{name}, {text_in(office['title'], language)}" if office else name
