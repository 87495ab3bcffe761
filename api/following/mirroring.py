"""Keeping a mirror: reading the feed of a source to its end, applying what has arrived, and waiting for more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from peewee import DataError, IntegrityError

from api.changelog.positions import last_sequence
from api.database.statements import rows
from api.documents.record_types import RECORD_TYPES
from api.errors import ServiceRefused, TasrihError, UnusableMirror
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
        page = _page_of(answer)
        _require_progress(page, state)
        if (page.since, page.seen) != (state.since, state.seen):
            with _refusing_what_is_unfit():
                state = arrivals.add(page.entries, state, page.since, page.seen)
        if page.more:
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
    tables = {name: record_type.table_name for name, record_type in RECORD_TYPES.items()}
    return [table for name, table in tables.items() if name != "vocabularies"]


def _query(state: State, waits: bool) -> dict[str, int]:
    seen = {"seen": state.seen} if state.seen else {}
    return {"since": state.since, **seen, "limit": LIMIT, **({"wait": WAIT} if waits else {})}


class _Page(NamedTuple):
    """A page of the feed, whether there are more, and from where the next goes on."""

    entries: list[dict[str, Any]]
    more: bool
    since: int
    seen: int


def _page_of(answer: Answer) -> _Page:
    """A page of the feed; raise UnusableMirror when the answer is none. Of the address of the next only the query counts: a
    token is sent nowhere else."""
    try:
        entries, page = answer.json["data"], answer.json["page"]
        following = parse_qs(urlsplit(page["next"]).query)
        since, seen = int(following["since"][0]), int(following.get("seen", ["0"])[0])
        if (
            isinstance(entries, list)
            and all(map(_is_entry, entries))
            and 0 <= since <= MOST_POSITION
            and 0 <= seen <= MOST_POSITION
        ):
            return _Page(entries, bool(page["more"]), since, seen)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        pass
    raise UnusableMirror("The source answers with something else than a page of its feed of changes.")


MOST_POSITION = 2**63 - 1
"""Positions are 64-bit integers in every database."""


def _is_entry(entry: Any) -> bool:
    """Whether something is an entry of the feed, as far as it can be kept without being understood."""
    match entry:
        case {
            "sequence": int(sequence),
            "type": str(),
            "id": str(),
            "operation": str(),
            "revision": int() | None as revision,
            "recorded_at": str(),
            "recorded_by": str(),
            "merged_into": str() | None,
            "etag": None,
            "document": None,
        }:
            return _is_number(sequence) and (revision is None or _is_number(revision))
        case {"etag": str(), "document": {"id": str(record_id), "created_at": str(), "updated_at": str()}}:
            return record_id == entry["id"] and _is_entry({**entry, "etag": None, "document": None})
    return False


def _is_number(value: int) -> bool:
    return not isinstance(value, bool) and 0 < value <= MOST_POSITION


def _require_progress(page: _Page, state: State) -> None:
    """Raise UnusableMirror where a source would be read for ever."""
    if page.since < state.since or (page.more and (page.since, page.seen) == (state.since, state.seen)):
        raise UnusableMirror(f"The source's feed does not go on after position {state.since}.")


def _applied(service: Service, tell: Tell) -> State:
    for (record_type, record_id), revision in arrivals.lacking():
        answer = service.get(f"/v1/{record_type}/{record_id}/revisions/{revision}")
        tag = _tag_of(answer)
        arrivals.require_tag(f"Revision {revision} of {record_type}/{record_id}", answer.body, tag)
        arrivals.keep_revision((record_type, record_id), tag, answer.body)
    with _refusing_what_is_unfit():
        count = apply()
    state = arrivals.state()
    assert state is not None
    tell(f"{count} records have changed: the copy is exact as of position {state.position}.")
    return state


@contextmanager
def _refusing_what_is_unfit() -> Iterator[None]:
    """Raise UnusableMirror when what arrived is no record, or one that this version can't keep."""
    try:
        yield
    except TasrihError:
        raise
    except _UNFIT as error:
        raise UnusableMirror(
            "What the source has sent can't be kept: it is not what this version knows, so upgrade it if the source's is newer"
            f" ({type(error).__name__}: {error})."
        ) from error


_UNFIT = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, IntegrityError, DataError)
"""What reading a document raises that is not as its schema has it, and what a database refuses to store."""


def _tag_of(answer: Answer) -> str:
    """The entity tag of an answer as it is without compression."""
    return answer.headers.get("etag", "").replace('-gzip"', '"')
