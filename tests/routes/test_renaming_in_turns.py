"""Names that many records show: they change some at a time, others write in between, and nothing that is served is ever wrong."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from applications import bearer, client_of, speaker, statement
from asking import ask, problem
from changing import Writer, accepted, eventually, faults, log
from conftest import NewDatabase
from test_changes import Mirror, source
from test_history import as_of, now

from api.changelog.retention import expire
from api.database.compression import compressed
from api.database.current import engine
from api.database.statements import execute
from api.names import mentions, outdated
from api.records import renaming
from api.records.mending import mend

VOICE, HAMLET = "/v1/speakers/voice", "/v1/places/hamlet"
STATEMENTS = [f"/v1/statements/said-{number}" for number in range(7)]
MENTIONING = ["mentions-0", "mentions-1"]
IN_A_TURN = 2
CALLED = "Quintus Quarkov"
"""What the speaker is also called, whatever their name."""


@pytest.fixture
def desk(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    """A writer where a speaker made seven statements, which are many here; two others mention them. Nobody takes a turn yet."""
    monkeypatch.setattr(outdated, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(outdated, "IN_A_TURN", IN_A_TURN)
    monkeypatch.setattr(renaming, "go_on", lambda: None)
    said = [statement(f"said-{number}", f"2020-01-0{number + 1}", "voice") for number in range(7)]
    mentions = [statement(name, summary={"en": f"They met {CALLED}."}) for name in MENTIONING]
    aliases = [{"value": CALLED, "lang": "en", "kind": "variant"}]
    people = [speaker("voice", name={"en": "Zebulon Zarkov"}, aliases=aliases), speaker("other")]
    hamlet = {"id": "hamlet", "kind": "city", "name": {"en": "Hamlet"}}
    with client_of(
        new_database(), {"speakers": people, "places": [hamlet], "statements": [*said, *mentions]}
    ) as client:
        yield Writer(client)


def rename(desk: Writer, name: str) -> None:
    desk.patch(VOICE, {"name": {"en": name}})


def shown(desk: Writer) -> list[str]:
    """What each statement calls its speaker."""
    return [desk.get(address)["speakers"][0]["speaker"]["name"]["en"] for address in STATEMENTS]


def found(desk: Writer, words: str) -> set[str]:
    return {record["id"] for record in ask(desk.client, f"/v1/statements?q={words}&limit=100")["data"]}


EVERY = {address.rpartition("/")[2] for address in STATEMENTS} | set(MENTIONING)


def test_what_few_records_show_changes_at_once(desk: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outdated, "MOST_AT_ONCE", 9)
    rename(desk, "Zofia")
    assert (set(shown(desk)), outdated.count()) == ({"Zofia"}, 0)


def test_what_many_show_changes_in_turns_the_latest_first(desk: Writer) -> None:
    before = [desk.etag(address) for address in STATEMENTS]
    rename(desk, "Zofia")
    assert desk.get(VOICE)["name"] == {"en": "Zofia"}
    assert [desk.etag(address) for address in STATEMENTS] == before, "and so are the bytes that they belong to"
    for changed in (0, 2, 4, 6, 7):  # after the first turn the two that only mention the speaker are done
        renaming.take_turn()
        assert shown(desk) == ["Zebulon Zarkov"] * (7 - changed) + ["Zofia"] * changed
        assert faults() == [], "nothing that is only yet to be done is a fault"
    assert not outdated.is_any()
    assert found(desk, "Zofia") == EVERY
    assert found(desk, "Zarkov") == set()
    rendered = [entry for entry in log() if entry[2] == "rendered"]
    assert (len(rendered), {entry[3] for entry in rendered}) == (7, {"the desk"})


def test_whoever_waits_has_their_turn_after_the_one_under_way(desk: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[Thread] = []
    show_names, headers = renaming.show_names, desk.headers

    def beside_another(*arguments: Any, **named: Any) -> None:
        if not others:
            patch = {"headers": {**headers, "If-Match": "*"}, "json": {"name": {"en": "Town"}}}
            others.append(Thread(target=lambda: accepted(desk.client.application.test_client().patch(HAMLET, **patch))))
            others[0].start()
            assert eventually(lambda: len(engine().writers) == 2)
        show_names(*arguments, **named)

    monkeypatch.setattr(renaming, "show_names", beside_another)
    monkeypatch.setattr(renaming, "go_on", renaming.bring_up_to_date)
    rename(desk, "Zofia")
    others[0].join()
    written = [record for record, *_ in log()]
    # the first turn was for the two that only mention the speaker, of which the log says nothing
    assert written[:2] == ["speakers/voice", "places/hamlet"]
    assert len(written) == 9


def test_what_a_process_leaves_another_does(desk: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    show_names, shown_so_far = renaming.show_names, []

    def until_killed(*arguments: Any, **named: Any) -> None:
        show_names(*arguments, **named)
        shown_so_far.append(arguments)
        if len(shown_so_far) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(renaming, "show_names", until_killed)
        patched.setattr(renaming, "go_on", renaming.bring_up_to_date)
        with pytest.raises(KeyboardInterrupt):
            rename(desk, "Zofia")
    assert shown(desk) == ["Zebulon Zarkov"] * 5 + ["Zofia"] * 2, "and nothing of the turn that was broken off"
    assert (outdated.count(), faults()) == (5, [])
    renaming.bring_up_to_date()
    assert (set(shown(desk)), outdated.count(), faults()) == ({"Zofia"}, 0, [])


def test_a_service_takes_turns_by_itself(desk: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    rename(desk, "Zofia")
    monkeypatch.undo()
    ended = RuntimeError("the process of this thread ends")

    class Wake:
        """Wakes the thread twice."""

        looks = 0

        def wait(self, seconds: float) -> None:
            self.looks += 1
            if self.looks == 3:
                raise ended

        def clear(self) -> None:
            """There is nothing to clear."""

    with pytest.raises(RuntimeError, match="ends"):
        renaming._keep_up(Wake())  # type: ignore[arg-type]
    assert (set(shown(desk)), outdated.count()) == ({"Zofia"}, 0)


def test_a_second_name_before_all_show_the_first(desk: Writer) -> None:
    rename(desk, "Zofia")
    for _ in range(3):
        renaming.take_turn()
    desk.headers = bearer("write", name="another desk")
    rename(desk, "Zuzka")
    desk.patch("/v1/speakers/other", {"name": {"en": "Zuzka Other"}})
    assert (set(shown(desk)), faults()) == ({"Zebulon Zarkov", "Zofia"}, [])
    renaming.bring_up_to_date()
    assert (set(shown(desk)), faults()) == ({"Zuzka"}, [])
    assert (found(desk, "Zuzka"), found(desk, "Zofia")) == (EVERY, set())
    assert log()[-1][3] == "another desk"


def test_outdated_records_are_changed_and_deleted_as_ever(desk: Writer) -> None:
    rename(desk, "Zofia")
    changed, deleted, *_ = STATEMENTS
    before = desk.get(changed)
    desk.patch(changed, {"act": "welcome"})
    assert desk.get(changed)["speakers"][0]["speaker"]["name"] == {"en": "Zofia"}, "it is rendered with what is so now"
    assert desk.get(changed)["summary"] == before["summary"]
    desk.delete(deleted)
    assert faults() == []
    renaming.bring_up_to_date()
    assert (outdated.count(), faults()) == (0, [])
    assert found(desk, "Zofia") == EVERY - {"said-1"}


def test_every_moment_of_a_change_in_turns_can_be_read_as_it_was(desk: Writer) -> None:
    addresses = [VOICE, *STATEMENTS, "/v1/statements?sort=id", "/v1/statements?speaker=voice", "/v1/statements/facets"]
    moments: list[tuple[str, dict[str, Any]]] = []

    def remember() -> None:
        moments.append((now(), {address: desk.get(address) for address in addresses}))

    for name in ("Zofia", "Zuzka", "Zdenek"):  # a name that was shown in turns before is shown in turns again
        rename(desk, name)
        remember()
        while outdated.is_any():
            renaming.take_turn()
            remember()
            if name == "Zuzka" and outdated.count() == 3:
                break
    for moment, answers in moments:
        then = {address: desk.get(as_of(address, moment)) for address in addresses}
        assert [a for a in addresses if _same(then[a]) != _same(answers[a])] == [], moment


def test_an_old_name_that_has_expired_is_gone_and_no_damage(desk: Writer) -> None:
    rename(desk, "Zofia")
    renaming.bring_up_to_date()
    rename(desk, "Zuzka")
    moment = now()
    renaming.bring_up_to_date()
    expire(moment)
    problem(desk.client.get(as_of(STATEMENTS[0], moment)), 410, "moment-gone")
    assert desk.get(as_of(STATEMENTS[0], now())) == desk.get(STATEMENTS[0])
    assert faults() == []


def _same(answer: Any) -> Any:
    """An answer without the addresses of other pages, which name the moment."""
    return {key: value for key, value in answer.items() if key != "page"}


def test_a_copy_made_of_the_feed_is_exact_after_every_turn(desk: Writer) -> None:
    mirror = Mirror(desk.client)
    mirror.follow()
    rename(desk, "Zofia")
    while outdated.is_any():
        mirror.follow()
        assert mirror.records == source(desk.client)
        renaming.take_turn()
    entries = mirror.follow()
    assert mirror.records == source(desk.client)
    assert [entry["operation"] for entry in entries] == ["rendered"]


def test_a_damaged_record_keeps_no_other_from_its_turn(desk: Writer) -> None:
    rename(desk, "Zofia")
    damage = compressed(b'{"id": "said-6", "speakers": 1}')
    execute("UPDATE statement SET body = ? WHERE id = ?", (damage, "said-6"))
    renaming.bring_up_to_date()
    assert shown_of(desk, 6) == ["Zofia"] * 6
    assert any("said-6" in fault for fault in faults())


def shown_of(desk: Writer, count: int) -> list[str]:
    return [desk.get(address)["speakers"][0]["speaker"]["name"]["en"] for address in STATEMENTS[:count]]


def test_names_in_texts_are_read_once_for_all_turns(desk: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[mentions.KnownNames] = []

    class Read(mentions.KnownNames):
        def __init__(self) -> None:
            super().__init__()
            read.append(self)

    monkeypatch.setattr(mentions, "MOST_STEMS", 0)  # as if each turn read too much to be kept for other writers
    rename(desk, "Zofia")
    monkeypatch.setattr(mentions, "KnownNames", Read)
    renaming.bring_up_to_date()
    assert len(read) == 1


def test_mending_leaves_nothing_outdated(desk: Writer) -> None:
    rename(desk, "Zofia")
    mend()
    assert (set(shown(desk)), outdated.count(), faults()) == ({"Zofia"}, 0, [])
