"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). What it has no key for is under `_tasrih`."""

import orjson

from api.feeds.entries import Entry, entries, title_of
from api.representations.selected import Selected, Values, without_gaps


def written(selected: Selected) -> bytes:
    """A page of a feed."""
    gone = [{"id": selected.iri({"id": record_id}), "when": when} for record_id, when in selected.removed]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(selected),
        "feed_url": selected.links["self"],
        "next_url": selected.links.get("next"),
        "_tasrih": {"deleted": gone} if gone else None,
    }
    return orjson.dumps({**without_gaps(feed), "items": [_item(entry) for entry in entries(selected)]})


def _item(entry: Entry) -> Values:
    about = {
        "said": entry.said,
        "first_hand": entry.first_hand,
        "contributors": entry.contributors,
        "via": entry.sources,
    }
    return without_gaps(
        {
            "id": entry.iri,
            "url": entry.iri,
            "title": entry.title,
            "content_text": entry.title,
            "language": entry.language,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "authors": [{"name": name} for name in entry.authors],
            "tags": [category.label for category in entry.categories],
            "_tasrih": without_gaps(about),
        }
    )
