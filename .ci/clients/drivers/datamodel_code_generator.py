"""Uses the models that datamodel-code-generator made, with httpx."""

import json
from typing import TypeVar

import httpx
from expecting import BASE, NO_SUCH_RECORD, PRECONDITION_FAILED, TOKEN, lines
from made_by_datamodel_code_generator import (
    Feed,
    ImportOutcome,
    Name,
    NoSuchRecordProblem,
    Place,
    PlaceBody,
    PlaceKind,
    PlacePage,
    PlacePatch,
    PreconditionFailedProblem,
    Statement,
    StatementPage,
)
from pydantic import BaseModel

client = httpx.Client(base_url=BASE, headers={"Authorization": f"Bearer {TOKEN}"})
Model = TypeVar("Model", bound=BaseModel)


def read_as(model: type[Model], address: str) -> Model:
    """What is at an address, as a model."""
    return model.model_validate_json(client.get(address).content)


def every_place() -> list[Place]:
    """All places, page by page."""
    places: list[Place] = []
    following: str | None = "/v1/places?limit=7"
    while following:
        page = read_as(PlacePage, following)
        places += page.data
        following = str(page.page.next) if page.page.next else None
    return places


def read() -> None:
    """Lists, items, a problem, and answers in part or with whole records in the place of references."""
    assert len({place.id.root for place in every_place()}) > 7
    name = read_as(Place, "/v1/places/sochi").name
    assert name
    assert name.root["en"] == "Sochi"
    assert read_as(NoSuchRecordProblem, "/v1/places/nowhere").type == NO_SUCH_RECORD
    partial = read_as(Place, "/v1/places/sochi?fields=kind")
    assert partial.kind == PlaceKind.CITY
    assert partial.name is None
    [first] = read_as(StatementPage, "/v1/statements?fields=summary&limit=1").data
    assert first.summary
    statement = read_as(Statement, f"/v1/statements/{first.id.root}?expand=speakers")
    assert statement.speakers
    assert statement.speakers[0].speaker.kind


def change() -> None:
    """Create, fail to create again, and change what is as it was read."""
    address = "/v1/places/by-datamodel-code-generator"
    body = PlaceBody(name=Name({"en": "Gyumri"}), kind=PlaceKind.CITY).model_dump(mode="json", exclude_unset=True)
    created = client.put(address, json=body, headers={"If-None-Match": "*"})
    assert created.status_code == 201
    again = client.put(address, json=body, headers={"If-None-Match": "*"})
    assert PreconditionFailedProblem.model_validate_json(again.content).type == PRECONDITION_FAILED
    patch = PlacePatch(iso_3166="AM-SH").model_dump(mode="json", exclude_unset=True)
    changed = client.patch(address, json=patch, headers={"If-Match": created.headers["ETag"]})
    assert Place.model_validate_json(changed.content).iso_3166 == "AM-SH"


def bulk() -> None:
    """Import, export, and follow the changes that came of it."""
    body = lines("a-by-datamodel-code-generator", "b-by-datamodel-code-generator")
    imported = client.post("/v1/import", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert ImportOutcome.model_validate_json(imported.content).created == 2
    assert json.loads(client.get("/v1/statements/export").text.splitlines()[0])["type"] == "statements"
    position, changed = 0, set()
    while True:
        feed = read_as(Feed, f"/v1/changes?since={position}&limit=200")
        changed |= {change.id for change in feed.data}
        position = feed.page.position
        if not feed.page.more:
            break
    assert {"by-datamodel-code-generator", "b-by-datamodel-code-generator"} <= changed


read()
change()
bulk()
