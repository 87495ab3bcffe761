"""The statements that are similar to one of them."""

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import validate

from api.http.operations import Operation
from api.http.responses import of_page
from api.queries.query import Query
from api.routes.resources import TAGS
from api.similarity import nearest
from schemas.answers.similarity import SimilarStatementPageSchema
from schemas.parameters.collections import Viewed
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.shapes import shaped
from schemas.parameters.values import WholeNumber
from schemas.records.statements import StatementSchema

MOST_SIMILAR = 50

_SHAPED = {name: field for name, field in shaped(StatementSchema).items() if name != "as_of"}


class SimilarQuery(Viewed, QuerySchema.from_dict(_SHAPED)):  # type: ignore[misc]
    """The parameters of similar statements: how many, and in which form."""

    limit = WholeNumber(
        load_default=10,
        validate=validate.Range(min=1, max=MOST_SIMILAR),
        metadata={"description": "The most statements wanted.", "example": 10},
    )


EXAMPLE = {
    "data": [
        {"id": "outlet-reports-russian-brokered-truce-ended-2020-war-2022", "act": "report", "date": "2022-11-01"},
    ],
    "page": {"limit": 1, "next": None, "prev": None},
    "similar": [
        {
            "id": "outlet-reports-russian-brokered-truce-ended-2020-war-2022",
            "score": 0.56,
            "shared": {
                "agreement": ["trilateral-statement-2020-11-09"],
                "event": ["second-karabakh-war"],
                "place": ["nagorno-karabakh"],
                "target": ["russia"],
                "topic": ["ceasefire", "mediation"],
            },
        }
    ],
}


def list_similar_statements(query: dict[str, Any], id: str) -> Response:
    """List the statements most similar to one.

    With what they share; what few statements have counts for more. There are no further pages, and no `as_of`.
    """
    wanted = Query.of(query)
    page, reasons = nearest.similar(id, wanted)
    return of_page("statements", page, wanted, {"similar": [asdict(reason) for reason in reasons]})


OPERATIONS = (
    Operation(
        method="GET",
        rule="/v1/statements/<id>/similar",
        view=list_similar_statements,
        tag=TAGS["statements"],
        query=SimilarQuery(),
        answer=SimilarStatementPageSchema,
        statuses=(404,),
        example=EXAMPLE,
    ),
)
