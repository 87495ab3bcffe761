"""Speakers: whoever can make, issue or relay a statement."""

from typing import Any

from flask import Response

from api.http.authorization import current_author
from api.http.contract import Blueprint
from api.http.preconditions import condition
from api.records.merging import merge_speakers
from api.routes.reads import collection, record
from api.routes.statements import StatementsQuery
from api.routes.writes import TO_CHANGE, answered, loaded, takes_changes
from schemas.envelopes import page_of
from schemas.parameters import Paged, QuerySchema, SpeakerFilters, shaped, sorted_by
from schemas.speakers import MergerSchema, SpeakerSchema
from schemas.statements import StatementSchema

blueprint = Blueprint(
    "speakers", __name__, url_prefix="/v1", description="Whoever can make, issue or relay a statement."
)


class SpeakerQuery(QuerySchema.from_dict(shaped(SpeakerSchema))):  # type: ignore[misc]
    """The parameters of one speaker."""


class SpeakersQuery(SpeakerQuery, SpeakerFilters, Paged):
    """The parameters of the collection."""

    sort = sorted_by("id", "-id", "updated_at", "-updated_at", "relevance")


@blueprint.read("/speakers", page_of(SpeakerSchema), SpeakersQuery, example="speakers")
def list_speakers(query: dict[str, Any]) -> Response:
    """List speakers.

    People, states, bodies and outlets, by id; `office_on` tells who held an office on a day.
    """
    return collection("speakers", query)


@blueprint.read("/speakers/<id>", SpeakerSchema, SpeakerQuery, example="speakers", statuses=(404,))
def get_speaker(query: dict[str, Any], id: str) -> Response:
    """Get one speaker."""
    return record("speakers", id, query)


class SpeakerStatementsQuery(StatementsQuery):
    """The parameters of statements, without the one the address itself gives."""

    class Meta:
        exclude = ("speaker",)


@blueprint.read(
    "/speakers/<id>/statements", page_of(StatementSchema), SpeakerStatementsQuery, example="statements", statuses=(404,)
)
def list_speaker_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements somebody made.

    The same as `GET /v1/statements` with `speaker`, and 404 when there is no such speaker.
    """
    return collection("statements", {**query, "speaker": [id]}, owner=("speakers", id))


takes_changes(blueprint, "speakers")


@blueprint.write("/speakers/<id>/merge", "POST", SpeakerSchema, TO_CHANGE, 200, "Merger")
def merge_speaker(id: str) -> Response:
    """Merge the speaker into another one.

    Every reference to it moves to the other, which also takes over its names, identifiers and offices; its address
    answers 308 with the other's from then on. `If-Match` must name the present version of the one that goes.
    """
    into = loaded(MergerSchema())["into"]
    return answered("speakers", merge_speakers(id, into, current_author(), condition()))
