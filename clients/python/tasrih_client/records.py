"""The records as answers have them, made from openapi.yaml by generate_records.py; not to be edited.

Every key of a record is there unless a request asks for `fields`. Terms are `str`, for vocabularies grow.
"""

from typing import Any, NotRequired, TypedDict


class Alias(TypedDict):
    """Another name by which the same thing is found: a spelling, a transliteration, an abbreviation."""

    value: str
    lang: str
    script: str | None
    kind: str


class Identifier(TypedDict):
    """The same thing in somebody else's catalogue."""

    scheme: str
    value: str


class Reference(TypedDict):
    """Another record, small: its id, and its name so that a page can be drawn without a second request."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]


UnexpandedOffice = TypedDict(
    "UnexpandedOffice",
    {
        "id": str,
        "title": dict[str, str],
        "organization": Reference | None,
        "from": str | None,
        "to": str | None,
        "from_label": NotRequired[dict[str, str]],
        "to_label": NotRequired[dict[str, str]],
        "from_label_text": NotRequired[str],
        "title_text": NotRequired[str],
        "to_label_text": NotRequired[str],
    },
)
"""A dated role."""


class LinkedSpeaker(TypedDict):
    """The id and name of a speaker; with `expand=speakers` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    aliases: NotRequired[list[Alias]]
    identifiers: NotRequired[list[Identifier]]
    kind: NotRequired[str]
    part_of: NotRequired[Reference | None]
    offices: NotRequired[list[UnexpandedOffice]]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


class OfficeReference(TypedDict):
    """An office of the speaker named beside it, with its title."""

    id: str
    title: dict[str, str]
    title_text: NotRequired[str]


class StatementSpeaker(TypedDict):
    """Who made the statement, in which office and capacity."""

    speaker: LinkedSpeaker
    office: OfficeReference | None
    capacity: str


class LinkedCommunique(TypedDict):
    """The id and name of a communique; with `expand=communiques` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    kind: NotRequired[str]
    issuers: NotRequired[list[Reference]]
    date: NotRequired[str]
    date_basis: NotRequired[str]
    event: NotRequired[Reference | None]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


class UnexpandedParticipant(TypedDict):
    """Who took part, in which office and role."""

    speaker: Reference
    office: OfficeReference | None
    role: str


class LinkedEvent(TypedDict):
    """The id and name of an event; with `expand=events` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    aliases: NotRequired[list[Alias]]
    identifiers: NotRequired[list[Identifier]]
    kind: NotRequired[str]
    date: NotRequired[str]
    date_basis: NotRequired[str]
    place: NotRequired[Reference | None]
    participants: NotRequired[list[UnexpandedParticipant]]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


class UnexpandedMilestone(TypedDict):
    """A dated step in the life of an agreement."""

    kind: str
    date: str
    place: Reference | None
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]


class UnexpandedSignatory(TypedDict):
    """Who signed, in which office and for whom."""

    speaker: Reference
    office: OfficeReference | None
    on_behalf_of: Reference | None


class Provision(TypedDict):
    """A numbered point, summarised in our own words."""

    number: int
    summary: dict[str, str]
    summary_text: NotRequired[str]


class UnexpandedAgreementRelation(TypedDict):
    """How this agreement stands to another."""

    relation: str
    agreement: Reference


class LinkedAgreement(TypedDict):
    """The id and name of an agreement; with `expand=agreements` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    aliases: NotRequired[list[Alias]]
    identifiers: NotRequired[list[Identifier]]
    kind: NotRequired[str]
    status: NotRequired[str]
    status_as_of: NotRequired[str | None]
    milestones: NotRequired[list[UnexpandedMilestone]]
    parties: NotRequired[list[Reference]]
    signatories: NotRequired[list[UnexpandedSignatory]]
    mediators: NotRequired[list[Reference]]
    provisions: NotRequired[list[Provision]]
    relations: NotRequired[list[UnexpandedAgreementRelation]]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


class AgreementReference(TypedDict):
    """An agreement the statement refers to, and how."""

    agreement: LinkedAgreement
    relation: str
    provision: int | None
    label: str | None


class UnexpandedPlaceAlias(TypedDict):
    """Another name of a place, and who uses it."""

    value: str
    lang: str
    script: str | None
    kind: str
    used_by: Reference | None


class Coordinates(TypedDict):
    """A point in WGS 84 degrees."""

    latitude: float
    longitude: float


class LinkedPlace(TypedDict):
    """The id and name of a place; with `expand=places` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    aliases: NotRequired[list[UnexpandedPlaceAlias]]
    identifiers: NotRequired[list[Identifier]]
    kind: NotRequired[str]
    part_of: NotRequired[Reference | None]
    iso_3166: NotRequired[str | None]
    coordinates: NotRequired[Coordinates | None]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


class Figure(TypedDict):
    """A number somebody put forward."""

    measure: str
    value: float
    unit: str
    bound: str
    claimant: LinkedSpeaker
    party: LinkedSpeaker | None
    period: str | None
    event: LinkedEvent | None
    period_label: NotRequired[dict[str, str]]
    period_label_text: NotRequired[str]


class UnexpandedStatementSpeaker(TypedDict):
    """Who made the statement, in which office and capacity."""

    speaker: Reference
    office: OfficeReference | None
    capacity: str


class UnexpandedAgreementReference(TypedDict):
    """An agreement the statement refers to, and how."""

    agreement: Reference
    relation: str
    provision: int | None
    label: str | None


class UnexpandedFigure(TypedDict):
    """A number somebody put forward."""

    measure: str
    value: float
    unit: str
    bound: str
    claimant: Reference
    party: Reference | None
    period: str | None
    event: Reference | None
    period_label: NotRequired[dict[str, str]]
    period_label_text: NotRequired[str]


class UnexpandedStatementLink(TypedDict):
    """Another statement that this one answers or repeats."""

    relation: str
    statement: Reference


class UnexpandedChainLink(TypedDict):
    """One agent on the way from the speaker to the page."""

    agent: Reference
    role: str


class Evidence(TypedDict):
    """A span of the article: a W3C Web Annotation TextPositionSelector over the normalised (NFC, LF) text."""

    start: int
    end: int
    sha256: str
    status: str
    quotation: str | None
    truncated: bool


class UnexpandedReport(TypedDict):
    """One article that carries the statement, and through whom it got there."""

    article: Reference
    chain: list[UnexpandedChainLink]
    mode: str
    label: str | None
    evidence: list[Evidence]
    first_hand: bool
    first_hand_for: list[Reference]


class LinkedStatement(TypedDict):
    """The id and name of a statement; with `expand=statements` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    speakers: NotRequired[list[UnexpandedStatementSpeaker]]
    on_behalf_of: NotRequired[list[Reference]]
    addressees: NotRequired[list[Reference]]
    targets: NotRequired[list[Reference]]
    act: NotRequired[str]
    summary: NotRequired[dict[str, str]]
    date: NotRequired[str]
    date_basis: NotRequired[str]
    date_earliest: NotRequired[str | None]
    date_latest: NotRequired[str | None]
    communique: NotRequired[Reference | None]
    event: NotRequired[Reference | None]
    about_events: NotRequired[list[Reference]]
    agreements: NotRequired[list[UnexpandedAgreementReference]]
    topics: NotRequired[list[str]]
    places: NotRequired[list[Reference]]
    figures: NotRequired[list[UnexpandedFigure]]
    links: NotRequired[list[UnexpandedStatementLink]]
    reports: NotRequired[list[UnexpandedReport]]
    first_hand: NotRequired[bool]
    first_hand_for: NotRequired[list[Reference]]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    summary_text: NotRequired[str]


class StatementLink(TypedDict):
    """Another statement that this one answers or repeats."""

    relation: str
    statement: LinkedStatement


class UnexpandedCredit(TypedDict):
    """An agency that the page credits."""

    agency: Reference
    role: str


class LinkedArticle(TypedDict):
    """The id and name of an article; with `expand=articles` the rest of the record too."""

    id: str
    name: dict[str, str]
    name_text: NotRequired[str]
    title: NotRequired[str | None]
    supplied_title: NotRequired[dict[str, str] | None]
    publisher: NotRequired[Reference | None]
    publisher_basis: NotRequired[str | None]
    credits: NotRequired[list[UnexpandedCredit]]
    published: NotRequired[str]
    date_basis: NotRequired[str]
    language: NotRequired[str]
    rights: NotRequired[str]
    sha256: NotRequired[str]
    length: NotRequired[int]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    supplied_title_text: NotRequired[str]


class ChainLink(TypedDict):
    """One agent on the way from the speaker to the page."""

    agent: LinkedSpeaker
    role: str


class Report(TypedDict):
    """One article that carries the statement, and through whom it got there."""

    article: LinkedArticle
    chain: list[ChainLink]
    mode: str
    label: str | None
    evidence: list[Evidence]
    first_hand: bool
    first_hand_for: list[LinkedSpeaker]


class Highlight(TypedDict):
    """A piece of the record's own words that the query matched."""

    pointer: str
    text: str
    start: int
    matches: list[list[int]]


class PublishedArticle(TypedDict):
    """An article in a summary."""

    id: str
    publisher: LinkedSpeaker | None


class Statement(TypedDict):
    """Who said what, when, on whose behalf, about which agreement, according to whom."""

    id: str
    speakers: list[StatementSpeaker]
    on_behalf_of: list[LinkedSpeaker]
    addressees: list[LinkedSpeaker]
    targets: list[LinkedSpeaker]
    act: str
    summary: dict[str, str]
    date: str
    date_basis: str
    date_earliest: str | None
    date_latest: str | None
    communique: LinkedCommunique | None
    event: LinkedEvent | None
    about_events: list[LinkedEvent]
    agreements: list[AgreementReference]
    topics: list[str]
    places: list[LinkedPlace]
    figures: list[Figure]
    links: list[StatementLink]
    reports: list[Report]
    first_hand: bool
    first_hand_for: list[LinkedSpeaker]
    created_at: str
    updated_at: str
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]
    summary_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]
    said_by: NotRequired[list[LinkedSpeaker]]
    articles: NotRequired[list[PublishedArticle]]


Office = TypedDict(
    "Office",
    {
        "id": str,
        "title": dict[str, str],
        "organization": LinkedSpeaker | None,
        "from": str | None,
        "to": str | None,
        "from_label": NotRequired[dict[str, str]],
        "to_label": NotRequired[dict[str, str]],
        "from_label_text": NotRequired[str],
        "title_text": NotRequired[str],
        "to_label_text": NotRequired[str],
    },
)
"""A dated role."""


class Speaker(TypedDict):
    """A person, state, body, group or outlet that speaks or passes words on."""

    id: str
    name: dict[str, str]
    aliases: list[Alias]
    identifiers: list[Identifier]
    kind: str
    part_of: LinkedSpeaker | None
    offices: list[Office]
    created_at: str
    updated_at: str
    name_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Milestone(TypedDict):
    """A dated step in the life of an agreement."""

    kind: str
    date: str
    place: LinkedPlace | None
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]


class Signatory(TypedDict):
    """Who signed, in which office and for whom."""

    speaker: LinkedSpeaker
    office: OfficeReference | None
    on_behalf_of: LinkedSpeaker | None


class AgreementRelation(TypedDict):
    """How this agreement stands to another."""

    relation: str
    agreement: LinkedAgreement


class Agreement(TypedDict):
    """A text or understanding between parties, with its steps, signatories and points."""

    id: str
    name: dict[str, str]
    aliases: list[Alias]
    identifiers: list[Identifier]
    kind: str
    status: str
    status_as_of: str | None
    milestones: list[Milestone]
    parties: list[LinkedSpeaker]
    signatories: list[Signatory]
    mediators: list[LinkedSpeaker]
    provisions: list[Provision]
    relations: list[AgreementRelation]
    created_at: str
    updated_at: str
    status_as_of_label: NotRequired[dict[str, str]]
    name_text: NotRequired[str]
    status_as_of_label_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Communique(TypedDict):
    """A joint statement, ministry statement, readout, address, briefing or decree."""

    id: str
    kind: str
    name: dict[str, str]
    issuers: list[LinkedSpeaker]
    date: str
    date_basis: str
    event: LinkedEvent | None
    created_at: str
    updated_at: str
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]
    name_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Participant(TypedDict):
    """Who took part, in which office and role."""

    speaker: LinkedSpeaker
    office: OfficeReference | None
    role: str


class Event(TypedDict):
    """A meeting, call, session, briefing, or an outbreak of hostilities."""

    id: str
    name: dict[str, str]
    aliases: list[Alias]
    identifiers: list[Identifier]
    kind: str
    date: str
    date_basis: str
    place: LinkedPlace | None
    participants: list[Participant]
    created_at: str
    updated_at: str
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]
    name_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class PlaceAlias(TypedDict):
    """Another name of a place, and who uses it."""

    value: str
    lang: str
    script: str | None
    kind: str
    used_by: LinkedSpeaker | None


class Place(TypedDict):
    """A country, region, city, corridor, border or venue."""

    id: str
    name: dict[str, str]
    aliases: list[PlaceAlias]
    identifiers: list[Identifier]
    kind: str
    part_of: LinkedPlace | None
    iso_3166: str | None
    coordinates: Coordinates | None
    created_at: str
    updated_at: str
    name_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Credit(TypedDict):
    """An agency that the page credits."""

    agency: LinkedSpeaker
    role: str


class Article(TypedDict):
    """A page on which statements were found."""

    id: str
    title: str | None
    supplied_title: dict[str, str] | None
    publisher: LinkedSpeaker | None
    publisher_basis: str | None
    credits: list[Credit]
    published: str
    date_basis: str
    language: str
    rights: str
    sha256: str
    length: int
    created_at: str
    updated_at: str
    published_label: NotRequired[dict[str, str]]
    published_label_text: NotRequired[str]
    supplied_title_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Reading(TypedDict):
    """What somebody read: one article, or all that a publisher published in a period."""

    id: str
    article: LinkedArticle | None
    publisher: LinkedSpeaker | None
    period: str | None
    extent: str
    guide: str
    read_by: str
    date: str
    note: dict[str, str] | None
    created_at: str
    updated_at: str
    period_label: NotRequired[dict[str, str]]
    date_label: NotRequired[dict[str, str]]
    date_label_text: NotRequired[str]
    note_text: NotRequired[str]
    period_label_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]
    terms: NotRequired[dict[str, dict[str, dict[str, str]]]]
    terms_text: NotRequired[dict[str, dict[str, str]]]


class Term(TypedDict):
    """A term: the value a record holds, how to show it, and what it means."""

    id: str
    label: dict[str, str]
    definition: dict[str, str]
    identifiers: list[Identifier]
    verbs: dict[str, list[str]]
    synonyms: dict[str, list[str]]
    deprecated: bool
    replaced_by: list[str]
    definition_text: NotRequired[str]
    label_text: NotRequired[str]


class Vocabulary(TypedDict):
    """A closed list of terms, versioned."""

    id: str
    version: int
    name: dict[str, str]
    description: dict[str, str]
    terms: list[Term]
    created_at: str
    updated_at: str
    description_text: NotRequired[str]
    name_text: NotRequired[str]
    highlights: NotRequired[list[Highlight]]


class Change(TypedDict):
    """One change of the representation of one record, with the record as it is when the feed is read."""

    sequence: int
    type: str
    id: str
    operation: str
    revision: int | None
    recorded_at: str
    content_changed_at: str
    recorded_by: str
    merged_into: str | None
    href: str
    etag: str | None
    document: dict[str, Any] | None


class FeedPage(TypedDict):
    """Where a page of the feed ends, and how to go on."""

    limit: int
    position: int
    more: bool
    expired: int
    next: str


class Feed(TypedDict):
    """One page of the feed of changes, in the order of commits."""

    data: list[Change]
    page: FeedPage
