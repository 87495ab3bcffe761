"""The synthetic corpus of the measurements: the same every time, and stored just as the service would have stored it."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from conftest import NewDatabase

from api.checks.consistency import inconsistencies
from api.database.connections import connect
from api.database.current import database
from api.documents.record_types import RECORD_TYPES
from api.models.statements import Statement
from api.records.storing import Outcome, store
from bench.corpora import corpus as synthetic
from bench.corpora import loading
from bench.corpora.corpus import Corpus
from bench.corpora.words import Zipf
from bench.load import works

SIZE, AT_A_TIME = 200, 150  # more than one process makes at a time


@pytest.fixture(scope="module", autouse=True)
def _few_words() -> Iterator[None]:
    """Fewer words than a measurement needs: making up all of them takes a second for each corpus."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(synthetic, "WORDS", 1000)
        yield


@pytest.fixture(scope="module")
def corpus(_few_words: None) -> Corpus:
    return Corpus(seed=7, size=SIZE)


@pytest.fixture(scope="module")
def filled(corpus: Corpus, new_database: NewDatabase) -> Iterator[Corpus]:
    url = new_database()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "AT_A_TIME", AT_A_TIME)
        loading.fill(corpus, url, lambda message: None)
    opened = connect(url)
    database.initialize(opened)
    yield corpus
    opened.close_all()  # type: ignore[no-untyped-call]


def test_statements_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    some = list(Corpus(7, SIZE).statements(1, 20))
    assert some == list(Corpus(7, SIZE).statements(1, 20))
    assert some != list(Corpus(8, SIZE).statements(1, 20))


def test_a_statement_does_not_depend_on_those_before_it(corpus: Corpus) -> None:
    assert list(corpus.statements(1, 20))[-1] == next(corpus.statements(20, 20))


def test_statements_are_as_their_schema_loads_them(corpus: Corpus) -> None:
    for document in corpus.statements(1, 100):
        assert RECORD_TYPES["statements"].schema.load(deepcopy(document)) == document


def test_a_corpus_loaded_in_bulk_is_sound(filled: Corpus) -> None:
    assert list(inconsistencies(logged=False)) == []  # nobody has changed anything yet
    assert Statement.select().count() == filled.size


def test_storing_the_same_statements_through_the_service_changes_nothing(filled: Corpus) -> None:
    documents = list(filled.statements(1, 50))
    assert store({"statements": documents}) == Outcome(created=0, changed=0, unchanged=50)


def test_a_statement_can_be_added_behind_a_bulk_load(filled: Corpus) -> None:
    added = {**next(filled.statements(1, 1)), "id": "one-more"}
    with database.atomic() as transaction:
        assert store({"statements": [added]}) == Outcome(created=1, changed=0, unchanged=0)
        transaction.rollback()


def test_what_is_asked_finds_as_many_statements_as_it_says(filled: Corpus) -> None:
    found = works.questions(filled)
    assert len(found["ids"]) == filled.size
    assert sum(found["busiest"].values()) >= sum(found["speakers"].values()) / 10
    assert {hits for *_, hits in found["triples"]} - {0}
    assert max(found["words"].values()) > 0


def test_frequent_items_are_drawn_in_proportion_to_their_rank() -> None:
    shares = Zipf(["first", "second", "third"]).shares
    assert shares["first"] == pytest.approx(2 * shares["second"]) == pytest.approx(3 * shares["third"])
