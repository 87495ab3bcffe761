"""The history of a record: its revisions, one of them, and what differs between two."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import partial
from typing import Any, NamedTuple

import orjson
from markupsafe import Markup, escape

from api.changelog import revisions
from api.documents.record_types import RECORD_TYPES
from api.errors import NoSuchRevision
from api.pages.frame.elements import named
from api.pages.frame.site import Content, PageQuery, Request, page, with_parameters
from schemas.parameters.collections import Paged
from schemas.parameters.values import WholeNumber, within

Document = dict[str, Any]

ON_A_PAGE = 50  # revisions
OF_THE_SERVICE = ("updated_at",)
"""What changes with every revision and says nothing of what was changed."""
MOST_WORDS = 2000  # of a text whose words are compared; longer ones are shown whole

OPERATIONS = {
    "created": ("أُنشئ", "created"),
    "replaced": ("عُدّل", "changed"),
    "deleted": ("حُذف", "deleted"),
    "merged": ("دُمج", "merged"),
}


class HistoryQuery(PageQuery):
    """The parameters of a history."""

    cursor = Paged().fields["cursor"]


class DifferenceQuery(PageQuery):
    """The revisions to compare; by themselves the last two."""

    before = WholeNumber(validate=within(1, 10**9))
    after = WholeNumber(validate=within(1, 10**9))


class Change(NamedTuple):
    """A value that two revisions have at the same pointer, each as it is shown; None where there is none."""

    pointer: str
    before: Markup | None
    after: Markup | None


def history(record_type: str, asked: Request, id: str) -> Content:
    """The revisions of a record."""
    h = asked.elements
    found = revisions.history(record_type, id, asked.query.get("cursor"), ON_A_PAGE)
    return Content(
        "history.html",
        h.t(f"تاريخ {id}", f"History of {id}"),
        {
            "record": f"/{record_type}/{id}",
            "revisions": found.revisions,
            "OPERATIONS": OPERATIONS,
            "following": with_parameters(cursor=found.next) if found.next else None,
            "id": id,
            "record_type": record_type,
        },
        json=f"/v1/{record_type}/{id}/history",
    )


def difference(record_type: str, asked: Request, id: str) -> Content:
    """What differs between two revisions of a record."""
    h = asked.elements
    before, after = _numbers(record_type, id, asked)
    old, new = revisions.revision(record_type, id, before), revisions.revision(record_type, id, after)
    documents = orjson.loads(old.document), orjson.loads(new.document)
    name = h.wording.plain(named(record_type, documents[1]))
    return Content(
        "difference.html",
        h.t(f"ما الذي تغيّر: {name}", f"What changed: {name}"),
        {
            "record": f"/{record_type}/{id}",
            "name": named(record_type, documents[1]),
            "numbers": (before, after),
            "moments": (old.recorded_at, new.recorded_at),
            "changes": list(changes(*documents)),
        },
        json=f"/v1/{record_type}/{id}/revisions/{after}",
    )


def _numbers(record_type: str, id: str, asked: Request) -> tuple[int, int]:
    """The revisions to compare; raise NoSuchRevision where there is nothing before."""
    after = asked.query.get("after")
    if after is None:
        after = revisions.history(record_type, id, None, 1).revisions[0].revision
    before = asked.query.get("before", after - 1)
    if before < 1:
        raise NoSuchRevision(id, str(before))
    return before, after


def changes(before: Document, after: Document) -> Iterator[Change]:
    """The values that differ between two documents, in the order of the later one."""
    old, new = dict(_flat(before)), dict(_flat(after))
    for pointer in dict.fromkeys([*new, *old]):
        was, now = old.get(pointer), new.get(pointer)
        if was != now and pointer not in OF_THE_SERVICE:
            yield Change(pointer, *_compared(was, now))


def _flat(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """The values that hold no others, by their JSON pointers without the first slash."""
    if isinstance(value, dict | list) and value:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _flat(part, f"{pointer}/{key}" if pointer else str(key))
    else:
        yield pointer, value


def _compared(was: Any, now: Any) -> tuple[Markup | None, Markup | None]:
    if not isinstance(was, str) or not isinstance(now, str) or len(was) + len(now) > 10 * MOST_WORDS:
        return _whole(was, "del"), _whole(now, "ins")
    old, new = was.split(" "), now.split(" ")
    left, right = [], []
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = operation == "equal"
        left += [_words(old[a:b], "" if same else "del")]
        right += [_words(new[c:d], "" if same else "ins")]
    return Markup(" ").join(filter(None, left)), Markup(" ").join(filter(None, right))


def _words(words: list[str], element: str) -> Markup:
    text = escape(" ".join(words))
    return Markup("<{0}>{1}</{0}>").format(Markup(element), text) if element and words else text


def _whole(value: Any, element: str) -> Markup | None:
    if value is None or value in ([], {}):
        return None
    shown = value if isinstance(value, str) else orjson.dumps(value).decode()
    return Markup("<{0}>{1}</{0}>").format(Markup(element), shown)


for _record_type in RECORD_TYPES:
    page(f"/{_record_type}/<id>/history", HistoryQuery)(partial(history, _record_type))
    page(f"/{_record_type}/<id>/difference", DifferenceQuery)(partial(difference, _record_type))
