"""Drives the client in Python that openapi-generator made."""

import json
from urllib.parse import parse_qs, urlsplit

from expecting import BASE, NO_SUCH_RECORD, PRECONDITION_FAILED, TOKEN, lines
from made_by_openapi_generator import (
    ApiClient,
    BulkApi,
    ChangesApi,
    Configuration,
    Place,
    PlaceBody,
    PlaceKey,
    PlaceKind,
    PlacePatch,
    PlacesApi,
    StatementExpansion,
    StatementKey,
    StatementsApi,
)
from made_by_openapi_generator.exceptions import ApiException, NotFoundException

client = ApiClient(Configuration(host=BASE, access_token=TOKEN))
places, statements = PlacesApi(client), StatementsApi(client)


def every_place() -> list[Place]:
    """All places, page by page."""
    found: list[Place] = []
    cursor = None
    while True:
        page = places.list_places(limit=7, cursor=cursor)
        found += page.data
        if page.page.next is None:
            return found
        [cursor] = parse_qs(urlsplit(page.page.next).query)["cursor"]


def read() -> None:
    """Lists, items, a problem, and answers in part or with whole records in the place of references."""
    assert len({place.id for place in every_place()}) > 7
    name = places.get_place("sochi").name
    assert name is not None
    assert name["en"] == "Sochi"
    try:
        places.get_place("nowhere")
    except NotFoundException as missing:
        assert missing.data
        assert missing.data.type == NO_SUCH_RECORD
    else:
        raise AssertionError
    partial = places.get_place("sochi", fields=[PlaceKey.KIND])
    assert partial.kind == PlaceKind.CITY
    assert partial.name is None
    [first] = statements.list_statements(fields=[StatementKey.SUMMARY], limit=1).data
    assert first.summary
    statement = statements.get_statement(first.id, expand=[StatementExpansion.SPEAKERS])
    assert statement.speakers
    assert statement.speakers[0].speaker.kind


def change() -> None:
    """Create, fail to create again, and change what is as it was read."""
    body = PlaceBody(name={"en": "Gyumri"}, kind=PlaceKind.CITY)
    created = places.replace_place_with_http_info("by-openapi-generator-python", body, if_none_match="*")
    assert created.status_code == 201
    assert created.headers
    try:
        places.replace_place("by-openapi-generator-python", body, if_none_match="*")
    except ApiException as again:
        assert again.data
        assert again.data.type == PRECONDITION_FAILED
    else:
        raise AssertionError
    patch = PlacePatch(iso_3166="AM-SH")
    changed = places.change_place("by-openapi-generator-python", patch, if_match=created.headers["ETag"])
    assert changed.iso_3166 == "AM-SH"


def bulk() -> None:
    """Import, export, and follow the changes that came of it."""
    bulk_api = BulkApi(client)
    body = lines("a-by-openapi-generator-python", "b-by-openapi-generator-python")
    assert bulk_api.import_records(body).created == 2
    exported = bulk_api.export_statements()
    assert json.loads(exported.splitlines()[0])["type"] == "statements"
    position, changed = 0, set()
    while True:
        feed = ChangesApi(client).list_changes(since=position, limit=200)
        changed |= {change.id for change in feed.data}
        position = feed.page.position
        if not feed.page.more:
            break
    assert {"by-openapi-generator-python", "b-by-openapi-generator-python"} <= changed


read()
change()
bulk()
