"""What only speakers take: to be merged into one another."""

from flask import Response

from api.http.authorization import current_author
from api.http.operations import Operation
from api.http.preconditions import condition
from api.http.request_bodies import loaded_body
from api.records.merging import merge_speakers
from api.routes.resources import TAGS
from api.routes.writes import TO_CHANGE, answered
from schemas.records.speakers import MergerSchema, SpeakerSchema


def merge_speaker(id: str) -> Response:
    """Merge the speaker into another one.

    Every reference to it moves to the other, which also takes over its names, identifiers and offices; its address
    answers 308 with the other's from then on. `If-Match` must name the present version of the one that goes.
    """
    into = loaded_body(MergerSchema())["into"]
    return answered("speakers", merge_speakers(id, into, current_author(), condition()))


OPERATIONS = (
    Operation(
        method="POST",
        rule="/v1/speakers/<id>/merge",
        view=merge_speaker,
        tag=TAGS["speakers"],
        answer=SpeakerSchema,
        statuses=TO_CHANGE,
        body="Merger",
        example="speakers",
    ),
)
