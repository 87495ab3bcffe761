"""Atom (RFC 4287), with pages (RFC 5005, 3) and deletions (RFC 6721)."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from api.feeds.entries import EXTENSION, Entry, entries, title_of, updated
from api.representations.selected import Selected

_ATOM, _DELETIONS, _XML = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atompub/tombstones/1.0",
    "http://www.w3.org/XML/1998/namespace",
)
_RELATIONS = {"prev": "previous"}  # RFC 5005 calls the page before otherwise than RFC 8288

register_namespace("", _ATOM)
register_namespace("at", _DELETIONS)
register_namespace("tasrih", EXTENSION)


def written(selected: Selected) -> bytes:
    """A page of a feed."""
    feed = Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", selected.list)
    _text(feed, "title", title_of(selected))
    _text(feed, "updated", updated(selected))
    _person(feed, "author", "Tasrih")
    for relation, address in selected.links.items():
        _empty(feed, "link", {"rel": _RELATIONS.get(relation, relation), "href": address})
    for record_id, when in selected.removed:
        SubElement(feed, f"{{{_DELETIONS}}}deleted-entry", {"ref": selected.iri({"id": record_id}), "when": when})
    for entry in entries(selected):
        _add(feed, entry)
    body: bytes = tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _add(feed: Element, entry: Entry) -> None:
    element = SubElement(feed, f"{{{_ATOM}}}entry")
    _text(element, "id", entry.iri)
    title = _text(element, "title", entry.title)
    title.set(f"{{{_XML}}}lang", entry.language)
    _text(element, "published", entry.published)
    _text(element, "updated", entry.updated)
    for name in entry.authors:
        _person(element, "author", name)
    for name in entry.contributors:
        _person(element, "contributor", name)
    for category in entry.categories:
        _empty(element, "category", category._asdict())
    _empty(element, "link", {"rel": "alternate", "href": entry.iri})
    for source in entry.sources:
        _empty(element, "link", {"rel": "via", "href": source})
    summary = _text(element, "summary", entry.title)
    summary.set(f"{{{_XML}}}lang", entry.language)
    if entry.said is not None:
        SubElement(element, f"{{{EXTENSION}}}said").text = entry.said
        SubElement(element, f"{{{EXTENSION}}}first-hand").text = str(entry.first_hand).lower()


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = text
    return element


def _person(parent: Element, role: str, name: str) -> None:
    _text(SubElement(parent, f"{{{_ATOM}}}{role}"), "name", name)


def _empty(parent: Element, name: str, attributes: Mapping[str, str]) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}", dict(attributes))
