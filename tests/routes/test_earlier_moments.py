"""The five-article corpus at moments between its changes: every list and count answers what it answered then."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from applications import client_of
from asking import ask, ids, mistakes, pages, problem
from changing import Writer
from test_history import MINISTER, as_of, now, without_links

from api.history import overlays, rebuilding

LAVROV, GUTERRES = "/v1/speakers/sergey-lavrov", "/v1/speakers/antonio-guterres"
MINISTRY, KARABAKH = "/v1/speakers/russian-foreign-ministry", "/v1/places/nagorno-karabakh"
UN_NEWS, SOCHI = "/v1/articles/un-news-sochi-trilateral-meeting-2021", "/v1/events/sochi-summit-2021-11-26"
TAKES_NOTE = "/v1/statements/guterres-takes-note-of-sochi-joint-statement-2021"
READING = "/v1/readings/un-news-sochi-trilateral-meeting-2021"

FILTERS = (
    "speaker=sergey-lavrov&total=exact",
    "speaker=antonio-guterres&speaker=sergey-lavrov&agreement=trilateral-statement-2020-11-09&sort=date",
    "speaker=antonio-guterres&first_hand=true&total=exact",
    "first_hand=false&claimant=armenia",
    "agent=russian-foreign-ministry&expand=speakers,articles,agreements",
    "publisher=un-news&view=summary&total=exact",
    "publisher=reuters&view=summary",
    "not_publisher=un-news&total=exact&limit=100",
    "reported_since=2021-11-25&sort=reported",
    "reported_until=2021-12&sort=-reported&limit=7",
    "since=2021-09&until=2021-11-26&date_match=certain&total=exact",
    "since=2022&total=exact&limit=2",
    "topic=ceasefire&total=exact",
    "not_topic=ceasefire&sort=id&limit=30",
    "place=nagorno-karabakh&sort=-id",
    "event=sochi-summit-2021-11-26&expand=terms",
    "link=responds-to",
    "act=welcome&act=urge&sort=updated_at",
    "target=somebody-new",
    "speaker=tass",
    "updated_since={first}&sort=-updated_at",
    "q=Guterres&total=exact",
    "q=Karabakh+-Lavrov&total=exact&highlight=true",
    "q=Testingland",
    "q=Secretariate&sort=id",
    "q=ministr*&speaker=sergey-lavrov",
    "q=%22joint+statement%22&publisher=un-news",
)
ADDRESSES = (
    *(f"/v1/statements?{filters}" for filters in FILTERS),
    "/v1/statements/facets?facet_limit=1000",
    "/v1/statements/facets?speaker=antonio-guterres&facet=agent&facet=act&facet=month&facet_limit=2",
    "/v1/statements/facets?q=peace&facet=speaker&facet=publisher&facet=place",
    "/v1/statements/timeline?interval=week&publisher=un-news",
    "/v1/statements/timeline?interval=day&q=Sochi",
    "/v1/speakers?limit=200&total=exact",
    "/v1/speakers?organization=russia&total=exact",
    "/v1/speakers?organization=united-nations&sort=-id",
    "/v1/speakers?part_of=russia",
    "/v1/speakers?q=Guterres&sort=id",
    "/v1/places?part_of=south-caucasus",
    "/v1/agreements?party=armenia&sort=-date&expand=speakers",
    "/v1/articles?publisher=un-news",
    "/v1/readings?publisher=un-news&total=exact",
    "/v1/events?participant=sergey-lavrov&sort=date",
    "/v1/events/sochi-summit-2021-11-26/statements?limit=3",
    "/v1/communiques?sort=-updated_at&limit=4",
    "/v1/vocabularies?fields=id",
)
WALKS = (
    "/v1/statements?limit=9",
    "/v1/statements?limit=5&sort=reported&publisher=un-news",
    "/v1/statements?limit=4&sort=-updated_at&since=2022-10",
    "/v1/speakers?limit=11&sort=-id",
)


def changes(writer: Writer) -> Iterator[None]:
    """A series of changes, in a few stretches."""
    writer.patch(GUTERRES, {"name": {"en": "A. Guterres", "ar": "غوتيريش"}})
    aliases = writer.get(KARABAKH)["aliases"]
    alias = {"value": "Testingland", "lang": "en", "used_by": None}
    writer.patch(KARABAKH, {"aliases": [*aliases[1:], {**aliases[0], **alias}], "part_of": None})
    writer.patch(UN_NEWS, {"published": "2021-11-30"})
    writer.patch(MINISTRY, {"part_of": {"id": "united-nations"}})
    yield
    writer.patch(
        TAKES_NOTE, {"summary": {"en": "Secretariate took note, again."}, "date": "2022-01", "topics": ["detainees"]}
    )
    writer.put("/v1/speakers/somebody-new", {"id": "somebody-new", "kind": "person", "name": {"en": "Peace Talker"}})
    statement = {**writer.get(TAKES_NOTE), "id": "said-anew", "targets": [{"id": "somebody-new"}]}
    writer.put("/v1/statements/said-anew", {key: value for key, value in statement.items() if key not in ("links",)})
    yield
    writer.merge("tass", "ria-novosti")
    writer.delete("/v1/statements/said-anew")
    writer.patch(SOCHI, {"name": {"en": "The summit in Sochi"}, "date": "2021-11-25/2021-11-26"})
    writer.patch("/v1/agreements/trilateral-statement-2020-11-09", {"name": {"en": "The November truce"}})
    writer.patch(READING, {"extent": "unread"})
    writer.delete("/v1/statements/putin-assesses-sochi-talks-important-2022-10-31")
    writer.patch(GUTERRES, {"name": {"en": "António Guterres"}})
    yield


@pytest.fixture
def corpus_writer(new_database: Callable[[], str]) -> Iterator[Writer]:
    with client_of(new_database()) as client:
        yield Writer(client)


def test_lists_and_counts_are_those_of_each_moment(corpus_writer: Writer) -> None:
    client, first = corpus_writer.client, quote(now())
    addresses = [address.format(first=first) for address in ADDRESSES]

    def answers(moment: str | None = None) -> dict[str, Any]:
        at = {address: address if moment is None else as_of(address, moment) for address in (*addresses, *WALKS)}
        told = {address: without_links(ask(client, at[address])) for address in addresses}
        return {**told, **{address: list(pages(client, at[address])) for address in WALKS}}

    noted = [(now(), answers())]
    for _ in changes(corpus_writer):
        noted.append((now(), answers()))
    for moment, told in noted:
        for address, answer in answers(moment).items():
            assert answer == told[address], f"{address} of {moment}"


def test_as_many_records_may_have_changed_as_can_be_restored(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    speakers = ids(writer.client, "/v1/speakers")
    monkeypatch.setattr(overlays, "MOST_RECORDS", 1)
    for newcomer in ("a-newcomer", "another-newcomer"):  # which cost nothing
        writer.put(f"/v1/speakers/{newcomer}", {"id": newcomer, "kind": "person", "name": {"en": newcomer}})
    writer.patch(MINISTER, {"kind": "person", "name": {"en": "Pyotr Ivanov"}})
    for address in ("/v1/statements", "/v1/statements/facets", "/v1/statements/timeline"):
        assert writer.client.get(as_of(address, moment)).status_code == 200
    assert ids(writer.client, as_of("/v1/speakers", moment)) == speakers
    assert mistakes(writer.client.get(as_of("/v1/statements?q=Petrov", moment))) == ["as_of"]
    writer.patch("/v1/places/town", {"name": {"en": "Another town"}})
    told = writer.client.get(as_of("/v1/speakers", moment))
    assert mistakes(told) == ["as_of"]
    assert "More than 1 records of that moment have changed since" in told.text
    assert writer.client.get(as_of(MINISTER, moment)).get_json()["name"] == {"en": "Ivan Petrov"}


def test_what_was_restored_in_part_is_not_used_again(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    writer.patch(MINISTER, {"name": {"en": "Pyotr Ivanov"}})
    before = ask(writer.client, as_of("/v1/speakers", moment))
    writer.patch("/v1/places/town", {"name": {"en": "Another town"}})
    with monkeypatch.context() as hurried:
        hurried.setattr(rebuilding, "_LONGEST", 0.0)
        problem(writer.client.get(as_of("/v1/speakers", moment)), 503, "query-too-slow")
    assert ask(writer.client, as_of("/v1/speakers", moment)) == before
