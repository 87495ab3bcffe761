"""Drives the client that openapi-python-client made."""

import io
import json
from urllib.parse import parse_qs, urlsplit

from expecting import BASE, NO_SUCH_RECORD, PRECONDITION_FAILED, TOKEN, lines
from made_by_openapi_python_client import AuthenticatedClient, Client
from made_by_openapi_python_client.api.bulk import export_statements, import_records
from made_by_openapi_python_client.api.changes import list_changes
from made_by_openapi_python_client.api.places import change_place, get_place, list_places, replace_place
from made_by_openapi_python_client.api.statements import get_statement, list_statements
from made_by_openapi_python_client.models import (
    Feed,
    ImportOutcome,
    Multilingual,
    Name,
    NoSuchRecordProblem,
    Place,
    PlaceBody,
    PlaceKey,
    PlaceKind,
    PlacePage,
    PlacePatch,
    PreconditionFailedProblem,
    Statement,
    StatementExpansion,
    StatementKey,
    StatementPage,
)
from made_by_openapi_python_client.types import UNSET, File, Unset

reader = Client(base_url=BASE)
writer = AuthenticatedClient(base_url=BASE, token=TOKEN)


def every_place() -> list[Place]:
    """All places, page by page."""
    places: list[Place] = []
    cursor: str | Unset = UNSET
    while True:
        page = list_places.sync(client=reader, limit=7, cursor=cursor)
        assert isinstance(page, PlacePage)
        places += page.data
        if page.page.next_ is None:
            return places
        [cursor] = parse_qs(urlsplit(page.page.next_).query)["cursor"]


def read() -> None:
    """Lists, items, a problem, and answers in part or with whole records in the place of references."""
    assert len({place.id for place in every_place()}) > 7
    place = get_place.sync("sochi", client=reader)
    assert isinstance(place, Place)
    assert isinstance(place.name, Name)
    assert place.name["en"] == "Sochi"
    missing = get_place.sync("nowhere", client=reader)
    assert isinstance(missing, NoSuchRecordProblem)
    assert missing.type_ == NO_SUCH_RECORD
    partial = get_place.sync("sochi", client=reader, fields=[PlaceKey.KIND])
    assert isinstance(partial, Place)
    assert partial.kind == PlaceKind.CITY
    assert isinstance(partial.name, Unset)
    page = list_statements.sync(client=reader, fields=[StatementKey.SUMMARY], limit=1)
    assert isinstance(page, StatementPage)
    assert isinstance(page.data[0].summary, Multilingual)
    statement = get_statement.sync(page.data[0].id, client=reader, expand=[StatementExpansion.SPEAKERS])
    assert isinstance(statement, Statement)
    assert not isinstance(statement.speakers, Unset)
    assert not isinstance(statement.speakers[0].speaker.kind, Unset)


def change() -> None:
    """Create, fail to create again, and change what is as it was read."""
    body = PlaceBody(name=Name.from_dict({"en": "Gyumri"}), kind=PlaceKind.CITY)
    created = replace_place.sync_detailed("by-openapi-python-client", client=writer, body=body, if_none_match="*")
    assert created.status_code == 201
    again = replace_place.sync("by-openapi-python-client", client=writer, body=body, if_none_match="*")
    assert isinstance(again, PreconditionFailedProblem)
    assert again.type_ == PRECONDITION_FAILED
    patch = PlacePatch(iso_3166="AM-SH")
    tag = created.headers["ETag"]
    changed = change_place.sync("by-openapi-python-client", client=writer, body=patch, if_match=tag)
    assert isinstance(changed, Place)
    assert changed.iso_3166 == "AM-SH"


def bulk() -> None:
    """Import, export, and follow the changes that came of it."""
    body = File(payload=io.BytesIO(lines("a-by-openapi-python-client", "b-by-openapi-python-client")))
    outcome = import_records.sync(client=writer, body=body)
    assert isinstance(outcome, ImportOutcome)
    assert outcome.created == 2
    exported = export_statements.sync(client=reader)
    assert isinstance(exported, str)
    assert json.loads(exported.splitlines()[0])["type"] == "statements"
    position, changed = 0, set()
    while True:
        feed = list_changes.sync(client=reader, since=position, limit=200)
        assert isinstance(feed, Feed)
        changed |= {change.id for change in feed.data}
        position = feed.page.position
        if not feed.page.more:
            break
    assert {"by-openapi-python-client", "b-by-openapi-python-client"} <= changed


read()
change()
bulk()
