"""Lists as feeds, followed by a feed reader."""

from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from asking import DOCUMENTS_READ, RECORD_TYPES, everything, ids, mistakes
from builders import statement
from changing import Writer
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ATOM, JSON_FEED = "application/atom+xml; charset=utf-8", "application/feed+json"
FOLLOWED = "/v1/speakers/premier/statements?format=atom"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def feed_of(answer: TestResponse) -> Any:
    """The feed of an answer as a feed reader reads it."""
    assert answer.status_code == 200, answer.text
    assert answer.content_type == ATOM
    feed = feedparser.parse(answer.data, response_headers={"content-type": ATOM})
    assert not feed.bozo
    assert feed.feed.id
    assert feed.feed.updated
    return feed


def entries_of(answer: TestResponse) -> list[str]:
    return [entry.id.rpartition("/")[2] for entry in feed_of(answer).entries]


def deleted_in(answer: TestResponse) -> list[str]:
    return [each.attrib["ref"].rpartition("/")[2] for each in ElementTree.fromstring(answer.data).iter(DELETED)]


def test_a_feed_reader_follows_a_speaker(writer: Writer) -> None:
    first = writer.client.get(FOLLOWED)
    known = entries_of(first)
    assert known
    again = writer.client.get(FOLLOWED, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    writer.put("/v1/statements/newly-found", statement("newly-found", "premier", date="1999-01-01"))
    after = writer.client.get(FOLLOWED, headers={"If-None-Match": first.headers["ETag"]})
    assert entries_of(after) == ["newly-found", *known]  # said long before, but new here
    [new, *_] = feed_of(after).entries
    assert (new.title, new.author, new.tasrih_said) == ("The summary of newly-found", "Maria Sanchez", "1999-01-01")
    assert (new.tags[0].term, new.tags[0].label) == ("welcome", "ترحيب")
    assert [link.href for link in new.links if link.rel == "via"] == ["http://localhost/v1/articles/page"]
    assert [contributor.name for contributor in new.contributors] == ["The Outlet"]
    writer.delete("/v1/statements/newly-found")
    at_last = writer.client.get(FOLLOWED)
    assert entries_of(at_last) == known
    assert deleted_in(at_last) == ["newly-found"]
    assert feed_of(at_last).feed.updated > feed_of(after).feed.updated
    [gone] = writer.client.get(FOLLOWED.replace("atom", "jsonfeed")).get_json()["_tasrih"]["deleted"]
    assert gone["id"] == "http://localhost/v1/statements/newly-found"


@pytest.mark.parametrize("record_type", [each for each in RECORD_TYPES if each != "vocabularies"])
def test_every_list_is_a_feed_page_by_page(client: FlaskClient, record_type: str) -> None:
    expected = {record["id"] for record in everything(client, record_type)}
    following: str | None = f"/v1/{record_type}?format=atom&limit=50"
    found: list[str] = []
    while following:
        feed = feed_of(client.get(following))
        assert feed.feed.id == f"http://localhost/v1/{record_type}"
        links = {link.rel: link.href for link in feed.feed.links}
        assert sorted(links["self"].partition("?")[2].split("&")) == sorted(following.partition("?")[2].split("&"))
        found += [entry.id.rpartition("/")[2] for entry in feed.entries]
        assert all(entry.title and entry.published and entry.updated for entry in feed.entries)
        following = links.get("next")
    assert len(found) == len(expected)
    assert {*found} == expected


def test_a_json_feed_has_the_same_entries(client: FlaskClient) -> None:
    answer = client.get("/v1/statements?limit=7&lang=en", headers={"Accept": JSON_FEED})
    assert answer.content_type == JSON_FEED
    feed = answer.get_json()
    atom = feed_of(client.get("/v1/statements?limit=7&lang=en&format=atom"))
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries]
    assert [item["title"] for item in feed["items"]] == [entry.title for entry in atom.entries]
    assert {"version", "title", "feed_url", "items", "next_url"} == feed.keys()
    assert [*client.get(feed["next_url"]).get_json()["items"]]


@pytest.mark.parametrize("name", ["atom", "jsonfeed"])
def test_a_page_of_a_feed_is_one_statement(client: FlaskClient, statements_run: list[str], name: str) -> None:
    for query in (f"format={name}", f"format={name}&limit=1", f"format={name}&sort=-date"):
        statements_run.clear()
        answer = client.get(f"/v1/statements?{query}")
        assert answer.status_code == 200
        assert len([sql for sql in statements_run if not DOCUMENTS_READ.match(sql)]) == 1


def test_removals_are_told_on_the_page_of_their_time_in_both_directions(writer: Writer) -> None:
    for number in range(6):
        writer.put(f"/v1/statements/s{number}", statement(f"s{number}", "premier"))
    writer.delete("/v1/statements/s1")
    writer.put("/v1/statements/s6", statement("s6", "premier"))
    writer.delete("/v1/statements/s3")
    address, pages = "/v1/statements?format=atom&limit=1", list[TestResponse]()
    while address and len(pages) < 5:
        pages.append(writer.client.get(address))
        links = {link.rel: link.href for link in feed_of(pages[-1]).feed.links}
        address = links.get("next", "")
    assert [(*entries_of(page), deleted_in(page)) for page in pages[:3]] == [
        ("s6", ["s3"]),
        ("s5", ["s1"]),
        ("s4", []),
    ]
    [back] = [link.href for link in feed_of(pages[2]).feed.links if link.rel == "previous"]
    assert (entries_of(writer.client.get(back)), deleted_in(writer.client.get(back))) == (["s5"], ["s1"])


def test_the_query_decides_what_is_followed_and_in_which_order(client: FlaskClient) -> None:
    query = "speaker=antonio-guterres&agent=russian-foreign-ministry"
    by_date = ids(client, f"/v1/statements?{query}")
    assert entries_of(client.get(f"/v1/statements?{query}&format=atom&sort=-date")) == by_date
    feed = feed_of(client.get(f"/v1/statements?{query}&format=atom&limit=1"))
    assert feed.feed.id == f"http://localhost/v1/statements?{query}"


def test_a_single_record_is_no_feed(client: FlaskClient) -> None:
    assert mistakes(client.get("/v1/statements/guterres-welcomes-russia-role-karabakh-2020-12?format=atom")) == [
        "format"
    ]
    assert mistakes(client.get("/v1/vocabularies?format=atom")) == ["format"]


def test_an_empty_list_is_a_feed_too(client: FlaskClient) -> None:
    assert entries_of(client.get("/v1/statements?since=1900&until=1901&format=atom")) == []
