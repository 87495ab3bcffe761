"""Keeping a mirror: reading the feed of a source to its end, applying what has arrived, and waiting for more."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.changelog.positions import last_sequence
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import ServiceRefused, UnusableMirror
from api.following import arrivals
from api.following.applying import apply
from api.following.arrivals import State
from api.remote.service import Answer, Service, Tell, retry_after

LIMIT = 200  # entries of a page, the most that the feed gives
WAIT = 30  # seconds that the feed holds back an answer at its end, the most that it takes
POSITION_GONE = "urn:tasrih:problem:position-gone"


def follow(service: Service, tell: Tell, once: bool = False) -> None:
    """Make the records those of a service, and keep them so; `once` ends as soon as they are.

    Raise UnusableMirror when this database can't be a mirror of it, ServiceRefused when it may not be read.
    """
    state = _begun(service, tell)
    waits, announced = False, -1
    while True:
        try:
            answer = service.get("/v1/changes", _query(state, waits))
        except ServiceRefused as refusal:
            if refusal.type != POSITION_GONE:
                raise
            tell(f"The source does not know position {state.since} any more: everything is copied again. {refusal}")
            state, waits = arrivals.begin(service.url, state.position), False
            continue
        page = answer.json
        state = _kept(page, state)
        if page["page"]["more"]:
            continue
        if state.is_whole or arrivals.is_there_any():
            state = _applied(service, tell)
            announced = state.position
        elif announced != state.position:
            tell(f"Nothing has changed: the copy is exact as of position {state.position}.")
            announced = state.position
        if once:
            return
        waits = True
        time.sleep(retry_after(answer.headers))


def _begun(service: Service, tell: Tell) -> State:
    """Where to go on; raise UnusableMirror when the database holds records of its own or of another service."""
    state = arrivals.state()
    if state is None:
        if any(rows(f'SELECT 1 FROM "{name}" LIMIT 1') for name in _own_tables()):
            raise UnusableMirror("The database holds records of its own: keep a mirror in a database that is new.")
        tell(f"Copying everything from {service.url}.")
        return arrivals.begin(service.url, 0)
    if state.source != service.url:
        raise UnusableMirror(
            f"The database is a mirror of {state.source}: keep one of another service in a new database."
        )
    if not state.is_whole and state.position != last_sequence():
        tell("Somebody else has written to the mirror: everything is copied again.")
        return arrivals.begin(service.url, state.position)
    return state


def _own_tables() -> list[str]:
    tables = {name: record_type.table._meta.table_name for name, record_type in RECORD_TYPES.items()}
    return [table for name, table in tables.items() if name != "vocabularies"]


def _query(state: State, waits: bool) -> dict[str, int]:
    seen = {"seen": state.seen} if state.seen else {}
    return {"since": state.since, **seen, "limit": LIMIT, **({"wait": WAIT} if waits else {})}


def _kept(page: dict[str, Any], state: State) -> State:
    """Keep a page, and from where `next` goes on. Only the query of that address counts: a token is sent nowhere else."""
    following = parse_qs(urlsplit(page["page"]["next"]).query)
    since, seen = int(following["since"][0]), int(following.get("seen", ["0"])[0])
    if (since, seen) == (state.since, state.seen):
        return state
    return arrivals.add(page["data"], state, since, seen)


def _applied(service: Service, tell: Tell) -> State:
    for (record_type, record_id), revision in arrivals.lacking():
        answer = service.get(f"/v1/{record_type}/{record_id}/revisions/{revision}")
        tag = _tag_of(answer)
        arrivals.require_tag(f"Revision {revision} of {record_type}/{record_id}", answer.body, tag)
        arrivals.keep_revision((record_type, record_id), tag, answer.body)
    count = apply()
    state = arrivals.state()
    assert state is not None
    tell(f"{count} records have changed: the copy is exact as of position {state.position}.")
    return state


def _tag_of(answer: Answer) -> str:
    """The entity tag of an answer as it is without compression."""
    return answer.headers.get("etag", "").replace('-gzip"', '"')
