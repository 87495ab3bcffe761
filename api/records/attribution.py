"""Whether a report is first hand: did the speaker's own side put the words out, or somebody else say so?

A side is the state or organization at the top: a minister and their ministry are both Russia's, a spokesperson and the
Secretary-General both the United Nations'. The words were put out by the agents that `issued` them; where nobody did,
by the first agent of the chain, who spoke (or wrote) in public.
"""

from api.documents.record_types import Document
from api.lookups.known import Known
from schemas.values import dates


def first_hand_for(statement: Document, report: Document, known: Known) -> list[str]:
    """The ids of the speakers whose own side put the words of this report out, in the order of the speakers."""
    days = dates.parse(statement["date"])
    issuers = [link["agent"]["id"] for link in report["chain"] if link["role"] == "issued"] or [
        report["chain"][0]["agent"]["id"]
    ]
    sides = {side for issuer in issuers for side in _sides(issuer, None, days, known)}
    return [
        item["speaker"]["id"]
        for item in statement["speakers"]
        if item["speaker"]["id"] in issuers or sides & _sides(item["speaker"]["id"], item["office"], days, known)
    ]


def _sides(speaker: str, office: Document | None, days: dates.Days, known: Known) -> set[str]:
    if office is not None:
        organization = known.offices(speaker)[office["id"]]["organization"]
        bodies = {organization["id"]} if organization else {speaker}
    else:
        bodies = set(known.organizations(speaker, days)) or {speaker}
    return {known.root("speakers", body) for body in bodies}
