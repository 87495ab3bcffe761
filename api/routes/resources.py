"""What every record type has, declared once: its collection, its records, their statements, changes and history.

What differs between record types is data, in `RESOURCES`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from api.documents.record_types import RECORD_TYPES
from api.http.operations import Operation, Tag
from api.openapi import RECORDS
from api.openapi.components import with_article
from api.routes import history, reads, writes
from api.routes.formats import format_parameter, media_types_of
from schemas.answers.changes import RevisionPageSchema
from schemas.answers.envelopes import page_of
from schemas.fields import RecordSchema
from schemas.parameters.collections import ComesWhole, Dated, Paged, Searched, Viewed, sorted_by
from schemas.parameters.filters import (
    AgreementFilters,
    ArticleFilters,
    CommuniqueFilters,
    EventFilters,
    PlaceFilters,
    ReadingFilters,
    SpeakerFilters,
    StatementFilters,
    VocabularyFilters,
)
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.shapes import shaped
from schemas.records.statements import StatementSchema

BY_DATE = ("-date", "date", "id", "-id", "updated_at", "-updated_at", "relevance")
OF_STATEMENTS = (*BY_DATE, "-reported", "reported")
BY_ID = ("id", "-id", "updated_at", "-updated_at", "relevance")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What is particular to the records of one type.

    `about` describes the collection, `description` its tag. `statements` is the summary of the sub-collection of a
    record's statements, None where there is none; the filter that it stands for has the name of the record.
    """

    record_type: str
    description: str
    about: str
    filters: type[Searched]
    statements: str | None = None
    changes: bool = True

    @property
    def name(self) -> str:
        """The name of one record in operation ids and sentences: `speaker`."""
        return RECORDS[self.record_type].lower()

    @property
    def schema(self) -> type[RecordSchema]:
        """The schema of its records."""
        return type(RECORD_TYPES[self.record_type].schema)

    @property
    def tag(self) -> Tag:
        """Its group of operations in the contract."""
        return Tag(self.record_type, self.description)


RESOURCES = (
    Resource(
        record_type="statements",
        description="Who said what, when, on whose behalf, about which agreement, according to whom.",
        about="Latest first unless sorted otherwise. All filters combine; a repeated one means any of its values.\n"
        "`speaker=antonio-guterres&agent=russian-foreign-ministry` is what Russia's ministry says Guterres said;\n"
        "`speaker=antonio-guterres&first_hand=true` is what his own side put out.",
        filters=StatementFilters,
    ),
    Resource(
        record_type="speakers",
        description="Whoever can make, issue or relay a statement.",
        about="People, states, bodies and outlets, by id; `office_on` tells who held an office on a day.",
        filters=SpeakerFilters,
        statements="List the statements somebody made.",
    ),
    Resource(
        record_type="agreements",
        description="What statements refer to.",
        about="Agreements with their milestones, parties, signatories, provisions and relations, latest first.",
        filters=AgreementFilters,
        statements="List the statements that refer to an agreement.",
    ),
    Resource(
        record_type="communiques",
        description="The official texts statements stood in.",
        about="Official texts, latest first.",
        filters=CommuniqueFilters,
        statements="List the statements that stood in a communique.",
    ),
    Resource(
        record_type="events",
        description="The occasions on which things were said, and those they were said about.",
        about="Meetings, calls, sessions, briefings and hostilities, latest first.",
        filters=EventFilters,
        statements="List the statements made on or about an event.",
    ),
    Resource(
        record_type="places",
        description="Places, with the names each side gives them.",
        about="Countries, regions, cities, corridors, borders and venues, by id.",
        filters=PlaceFilters,
        statements="List the statements that speak of a place.",
    ),
    Resource(
        record_type="articles",
        description="The source documents, without their words.",
        about="Source articles, latest first. Their texts are not served.",
        filters=ArticleFilters,
        statements="List the statements an article carries.",
    ),
    Resource(
        record_type="readings",
        description="What was read, so that silence is not taken for absence.",
        about="Readings of an article, or of all that a publisher published in a period, latest first.",
        filters=ReadingFilters,
    ),
    Resource(
        record_type="vocabularies",
        description="The closed lists that coded fields take their values from.",
        about="Every vocabulary with all its terms, by id: enough to build any menu.",
        filters=VocabularyFilters,
        changes=False,
    ),
)
TAGS = {resource.record_type: resource.tag for resource in RESOURCES}
HISTORY = Tag("history", "What was changed, and the documents before.")


def _record_query(record_type: str, schema: type[RecordSchema], of_lists: bool = False) -> type[QuerySchema]:
    """The parameters of one record, and of lists those that are the same."""
    parameters = {**shaped(schema), **format_parameter(record_type, of_lists)}
    query: type[QuerySchema] = QuerySchema.from_dict(parameters)  # type: ignore[assignment]
    return query


def _collection_query(record_type: str, schema: type[RecordSchema], filters: type[Searched]) -> type[QuerySchema]:
    """The parameters of a collection: the latest records come first where they have dates, else they come by id.

    With `q` the best matches come first where records have names.
    """
    orders = OF_STATEMENTS if filters is StatementFilters else BY_DATE if issubclass(filters, Dated) else BY_ID
    paged = ComesWhole if filters is VocabularyFilters else Paged
    viewed = (Viewed,) if filters is StatementFilters else ()
    has_names = filters is not StatementFilters
    parameters = {"sort": sorted_by(*orders, searched="relevance" if has_names else orders[0])}
    bases = (_record_query(record_type, schema, of_lists=True), filters, paged, *viewed)
    return type("CollectionQuery", bases, {**parameters, "sorts_by_relevance": has_names})


_StatementsQuery = _collection_query("statements", StatementSchema, StatementFilters)


def _reads(resource: Resource) -> Iterator[Operation]:
    record_type, schema = resource.record_type, resource.schema
    yield Operation(
        method="GET",
        rule=f"/v1/{record_type}",
        id=f"list_{record_type}",
        text=f"List {record_type}.\n\n{resource.about}",
        view=partial(reads.list_records, record_type),
        tag=resource.tag,
        query=_collection_query(record_type, schema, resource.filters)(),
        answer=page_of(schema),
        media_types=media_types_of(record_type, of_lists=True),
        example=record_type,
    )
    yield Operation(
        method="GET",
        rule=f"/v1/{record_type}/<id>",
        id=f"get_{resource.name}",
        text=f"Get one {resource.name}.",
        view=partial(reads.get_record, record_type),
        tag=resource.tag,
        query=_record_query(record_type, schema)(),
        answer=schema,
        media_types=media_types_of(record_type, of_lists=False),
        statuses=(404,),
        example=record_type,
    )
    if resource.statements:
        yield _statements(resource, resource.statements)


def _statements(resource: Resource, summary: str) -> Operation:
    name = resource.name
    return Operation(
        method="GET",
        rule=f"/v1/{resource.record_type}/<id>/statements",
        id=f"list_{name}_statements",
        text=f"{summary}\n\nThe same as `GET /v1/statements` with `{name}`, and 404 when there is no such {name}.",
        view=partial(reads.list_statements_of, resource.record_type, name),
        tag=resource.tag,
        query=_StatementsQuery(exclude=(name,)),  # which the address itself gives
        answer=page_of(StatementSchema),
        media_types=media_types_of("statements", of_lists=True),
        statuses=(404,),
        example="statements",
    )


_CREATE = "Add a new {name}.\n\nWithout `id` one is made (a UUID of version 7)."
_REPLACE = (
    "Put a whole {name} at its address, new or in the place of the one there.\n\n"
    "The body is what GET returns; what the service itself keeps is passed over. `If-Match` must name the version that is "
    "replaced; `If-None-Match: *` only makes a new one. The same content again changes nothing."
)
_CHANGE = (
    "Change some keys of the {name}.\n\n"
    "A JSON Merge Patch (RFC 7396): a key is replaced as a whole, an object key by key; null takes it away. `If-Match` must "
    "name the present version."
)
_DELETE = (
    "Delete the {name}.\n\n"
    "Only when no other record refers to it. `If-Match` must name the present version. Its address then answers 410, and "
    "its history stays."
)


def _changes(resource: Resource) -> Iterator[Operation]:
    record_type, component = resource.record_type, RECORDS[resource.record_type]
    collection, record = f"/v1/{record_type}", f"/v1/{record_type}/<id>"
    for method, rule, verb, text, view, statuses, success, body in (
        ("POST", collection, "create", _CREATE, writes.create, writes.TO_CREATE, 201, f"{component}Body"),
        ("PUT", record, "replace", _REPLACE, writes.replace, writes.TO_REPLACE, 200, f"{component}Body"),
        ("PATCH", record, "change", _CHANGE, writes.change, writes.TO_CHANGE, 200, f"{component}Patch"),
        ("DELETE", record, "delete", _DELETE, writes.delete, writes.TO_DELETE, 204, None),
    ):
        yield Operation(
            method=method,
            rule=rule,
            id=f"{verb}_{resource.name}",
            text=text.format(name=resource.name),
            view=partial(view, record_type),
            tag=resource.tag,
            answer=None if success == 204 else resource.schema,
            success=success,
            statuses=statuses,
            body=body,
            example=record_type,
        )


_LIST_REVISIONS = """List the revisions of {name}.

What happened to the record's own content, the latest first, deletions and mergers included. A change of its
representation because another record changed is not a revision; the feed of changes has those too."""

_GET_REVISION = """Get one revision of {name}.

The whole document as it was when this revision was recorded, with the names that other records had then. How it looked
later, before the next revision, `as_of` shows."""


def _history(resource: Resource) -> Iterator[Operation]:
    name = with_article(RECORDS[resource.record_type])
    yield Operation(
        method="GET",
        rule=f"/v1/{resource.record_type}/<id>/history",
        id=f"list_{resource.name}_history",
        text=_LIST_REVISIONS.format(name=name),
        view=partial(history.list_revisions, resource.record_type),
        tag=HISTORY,
        query=history.HistoryQuery(),
        answer=RevisionPageSchema,
        statuses=(404,),
        example=history.EXAMPLE,
    )
    yield Operation(
        method="GET",
        rule=f"/v1/{resource.record_type}/<id>/revisions/<n>",
        id=f"get_{resource.name}_revision",
        text=_GET_REVISION.format(name=name),
        view=partial(history.get_revision, resource.record_type),
        tag=HISTORY,
        answer=resource.schema,
        statuses=(404, 410),
        example=resource.record_type,
    )


def _operations() -> Iterator[Operation]:
    for resource in RESOURCES:
        yield from _reads(resource)
        if resource.changes:
            yield from _changes(resource)
        yield from _history(resource)


OPERATIONS = tuple(_operations())
