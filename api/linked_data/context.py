"""The JSON-LD context of all records. It is served by this service; what it says of a key never changes."""

from typing import Any

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
TERMS = "urn:tasrih:terms:"
"""Where the properties live that neither schema.org nor PROV-O has."""
PATH = "/contexts/1.jsonld"

_BY_LANGUAGE = ("text", "name", "alternateName", "headline")
_DATES = ("dateCreated", "datePublished", "startDate", "endDate", "observationDate")
_LINKS = ("sameAs", "inDefinedTermSet")
_OF_PROV = (
    "qualifiedAttribution",
    "agent",
    "hadRole",
    "wasQuotedFrom",
    "hadPrimarySource",
    "wasDerivedFrom",
    "wasAttributedTo",
)
_OF_TERMS = (
    "firstHand",
    "respondsTo",
    "denies",
    "corrects",
    "contradicts",
    "bound",
    "event",
    "target",
    "sha256",
    "status",
)


def context() -> dict[str, Any]:
    """The context: every key that is used, by what it stands for."""
    return {
        "@context": {
            "@version": 1.1,
            "@vocab": "https://schema.org/",
            "prov": "http://www.w3.org/ns/prov#",
            "tasrih": TERMS,
            **{key: {"@id": f"https://schema.org/{key}", "@container": "@language"} for key in _BY_LANGUAGE},
            **{key: {"@id": f"https://schema.org/{key}", "@type": EDTF} for key in _DATES},
            **{key: {"@id": f"https://schema.org/{key}", "@type": "@id"} for key in _LINKS},
            **{key: {"@id": f"prov:{key}", "@type": "@id"} for key in _OF_PROV},
            **{key: {"@id": f"tasrih:{key}"} for key in _OF_TERMS},
        }
    }
