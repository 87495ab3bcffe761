"""The text index: the same query finds the same records on SQLite and on PostgreSQL, and they are the right ones."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st
from peewee import SqliteDatabase
from text_strategies import TEXTS as WRITTEN_TEXTS
from text_strategies import WORD as WRITTEN

from api.database.connections import connect, create_sqlite_file
from api.database.current import use_database
from api.database.dialect import dialect
from api.database.statements import execute
from api.migrations.running import migrate
from api.queries.fragments import Arguments
from api.queries.query import Query
from api.queries.relevance import frequencies, matched, ranking_of
from api.queries.shapes import shape_of
from api.records.indexing import entry_of
from api.search import index
from api.search.fields import Field
from api.search.months import TWINS
from api.search.query import Clause, QuerySyntaxError, parse
from api.search.ranking import ALL, Frequencies
from api.search.text import tokens

Documents = list[list[str]]

WORDS = """
بيان البيان بيانات باكو وباكو قره باغ كاراباخ ناغورني ناغورنو-كاراباخ وقف إطلاق النار لاڤروف غوتيريش السلام 2020 ٢٠٢٠
تشرين الثاني نوفمبر تشرين-الثاني/نوفمبر وزير الوزراء May 9 6,500 6500
talks talk peace treaty cease-fire agreement agreed Guterres Nagorno-Karabakh AND OR NOT NEAR
""".split()

# Any words of both scripts, with what is written onto and between letters: they meet in stems, endings and digits.
MADE_UP = st.text(
    [*"ابتدروقكلمنهيةىءأ", *"abdegilnorsty", *"019٠٢", "\u064e", "\u0651", "ـ", "’", "-", "é"], min_size=1, max_size=8
)
TERM = st.one_of(st.sampled_from(WORDS), MADE_UP.filter(lambda word: bool(tokens(word)) and word[0] not in "-’"))

TEXTS = st.lists(st.one_of(TERM, st.sampled_from([*"،.؟!", "—", "🕊", "\u200f", "²", "½"])), min_size=1, max_size=6).map(
    " ".join
)
DOCUMENTS = st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=6)

PHRASE = st.lists(TERM, min_size=1, max_size=3).map(" ".join).map('"{}"'.format)
BEGINNING = st.builds(lambda word, length: word[:length] + "*", TERM, st.integers(1, 5)).filter(
    lambda b: b[-2].isalnum() and bool(tokens(b))
)
WANTED = st.one_of(TERM, TERM, PHRASE, BEGINNING)
QUERIES = st.builds(
    lambda wanted, unwanted: " ".join([*wanted, *(f"-{word}" for word in unwanted)]),
    st.lists(WANTED, min_size=1, max_size=3),
    st.lists(st.one_of(TERM, PHRASE, BEGINNING), max_size=2),
)


@pytest.fixture(scope="module")
def engines(postgresql_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """An empty database on each engine."""
    path, name = tmp_path_factory.mktemp("index") / "index.db", f"index_{uuid4().hex[:12]}"
    create_sqlite_file(path)
    postgresql_server.psql(f'CREATE DATABASE "{name}";')
    opened: tuple[Any, Any] = (
        connect(f"sqlite:///{path}"),
        connect(str(postgresql_server.get_uri(database=name))),
    )
    for database in opened:
        with use_database(database):
            migrate()
        if not isinstance(database, SqliteDatabase):
            # Records are not what is tried here.
            database.execute_sql("ALTER TABLE places_text DROP CONSTRAINT IF EXISTS places_text_key_fkey")
    yield opened
    for database in opened:
        database.close_all()


def found(database: Any, documents: Documents, query: str) -> set[int]:
    """The positions of the documents that a query finds, nothing else being in the index."""
    with use_database(database), database.atomic():
        index.remove_orphans("places", "SELECT 0 WHERE 0 = 1")
        for number, texts in enumerate(documents):
            fields = {text: Field(min(place, Field.OWN)) for place, text in enumerate(texts)}
            index.put_many("places", [(number, entry_of(fields, texts))])
        plain = _numbers(query)
        ranked = _ranked(query)
    assert len(plain) == len(set(plain))
    if all(clause.terms[0] not in TWINS for clause in parse(query).required):  # of which a name may be made as a whole
        assert {number for number, relevance in ranked.items() if relevance >= ALL} == set(plain)
    RANKED.append(ranked)
    return set(plain)


RANKED: list[dict[int, int]] = []
"""The relevance of records by number, for each time that documents were searched."""


def _numbers(query: str) -> list[int]:
    engine = index.text_index()
    sql = f"SELECT {engine.key} FROM places_text WHERE {engine.matches('places_text')}"
    return sorted(number for (number,) in execute(sql, [engine.expression(parse(query))]).fetchall())


def _ranked(query: str) -> dict[int, int]:
    asked = Query(q=query, sort="relevance")
    counts = frequencies("places", parse(query))
    ranking = ranking_of("places", parse(query), counts._replace(records=5))
    select = matched(shape_of("places", asked, dialect(), ranking=ranking))
    return dict(execute(select.sql, select.values(Arguments(asked, ranking=ranking))).fetchall())


def expected(documents: Documents, query: str) -> set[int]:
    """The same by reading every document."""
    parsed = parse(query)
    return {
        number
        for number, texts in enumerate(documents)
        if all(_holds(texts, clause) for clause in parsed.required)
        and not any(_holds(texts, clause) for clause in parsed.excluded)
    }


def _holds(texts: list[str], clause: Clause) -> bool:
    length = len(clause.terms)
    return any(
        _stands(some[start : start + length], clause)
        for some in map(tokens, texts)
        for start in range(len(some) - length + 1)
    )


def _stands(some: list[str], clause: Clause) -> bool:
    *first, last = clause.terms
    return some[:-1] == first and (some[-1].startswith(last) if clause.prefix else some[-1] == last)


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents=DOCUMENTS, query=QUERIES)
@example(documents=[["بيان وقف", "إطلاق النار"], ["بيان وقف إطلاق النار"]], query='"وقف إطلاق النار"')
@example(documents=[["peace talks"], ["peace"]], query="peace -talk*")
@example(documents=[["قره باغ"], ["باغ قره"]], query='"قره باغ" -"باغ قره"')
@example(documents=[["AND OR NOT NEAR"], ["peace"]], query='"AND" "NEAR" -"NOT"')
def test_both_engines_find_what_a_reader_of_every_document_finds(
    engines: tuple[Any, Any], documents: Documents, query: str
) -> None:
    assume(_is_understood(query))  # without AND and the like
    sqlite, postgresql = engines
    assert found(sqlite, documents, query) == expected(documents, query)
    assert found(postgresql, documents, query) == expected(documents, query)
    assert RANKED[-1] == RANKED[-2]


# --- words made up of whatever is written ----------------------------------------------------------------------------


@st.composite
def asked_of_documents(draw: st.DrawFn) -> tuple[Documents, str]:
    """Documents, and a query mostly of what stands in them: words, words cut short, and words that stand together."""
    documents = draw(st.lists(st.lists(WRITTEN_TEXTS, min_size=1, max_size=3), min_size=1, max_size=5))
    clauses = draw(st.lists(_clause_of(documents), min_size=1, max_size=2))
    unwanted = draw(st.lists(_clause_of(documents), max_size=1))
    query = " ".join([*clauses, *(f"-{clause}" for clause in unwanted)])
    assume(_is_understood(query))
    return documents, query


def _clause_of(documents: Documents) -> st.SearchStrategy[str]:
    texts = st.sampled_from([text.split() for texts in documents for text in texts])
    word = st.one_of(texts.flatmap(st.sampled_from), texts.flatmap(st.sampled_from), WRITTEN)
    beginning = st.builds(lambda written, length: f"{written[:length]}*", word, st.integers(1, 6))
    phrase = st.builds(
        lambda some, start, length: f'"{" ".join(some[start % len(some) :][:length])}"',
        texts,
        st.integers(0, 7),
        st.integers(1, 4),
    )
    return st.one_of(word, beginning, phrase)


def _is_understood(query: str) -> bool:
    try:
        return bool(parse(query))
    except QuerySyntaxError:
        return False


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(asked_of_documents())
@example(([["تشرين الثاني"], ["كانون الأول"]], "كانون* -تشرين الثاني"))
def test_both_engines_find_the_same_for_any_texts_and_queries(
    engines: tuple[Any, Any], asked: tuple[Documents, str]
) -> None:
    documents, query = asked
    right = expected(documents, query)
    event(f"{'some' if right else 'nothing'} found")
    for database in engines:
        assert found(database, documents, query) == right
    assert RANKED[-1] == RANKED[-2]


def test_frequent_words_are_looked_up_and_rank_the_same_on_both_engines(engines: tuple[Any, Any]) -> None:
    documents = [["x", "talks of peace"], ["x", "peace"], ["talks"], ["x", "talks", "peace"], ["x", "war talks peace"]]
    ranked = []
    for database in engines:
        found(database, documents, "peace")
        with use_database(database):
            asked = Query(q="peace talks -war", sort="relevance")
            for records, with_peace, looked_up in ((1_000, 900, 3), (300, 270, 0)):  # 3: anywhere, in a text, in a name
                frequencies = Frequencies(records, (with_peace, 1))
                ranking = ranking_of("places", parse("peace talks -war"), frequencies)
                assert len(ranking.looked_up) == looked_up
                select = matched(shape_of("places", asked, dialect(), ranking=ranking))
                ranked.append(dict(execute(select.sql, select.values(Arguments(asked, ranking=ranking))).fetchall()))
    assert ranked[:2] == ranked[2:]
    for each in ranked:
        assert sorted(each, key=lambda number: -each[number]) == [0, 3, 2]  # near, apart, in part


def test_the_words_of_a_record_replace_its_earlier_words(engines: tuple[Any, Any]) -> None:
    for database in engines:
        with use_database(database), database.atomic():
            index.put("places", 1, ["peace talks"])
            assert found(database, [["other"], ["treaty"]], "peace") == set()
            index.put("places", 1, ["treaty"])
            assert found(database, [["other"], ["treaty"]], "treaty") == {1}


def test_a_text_with_more_words_than_positions_is_found_by_its_last_word(engines: tuple[Any, Any]) -> None:
    long = " ".join(f"w{number}" for number in range(20_000))
    for database in engines:
        assert found(database, [["short"], [long]], "w19999 w0") == {1}


def test_phrases_are_found_up_to_the_last_position_of_both_engines(engines: tuple[Any, Any]) -> None:
    long = [" ".join(f"w{number}" for number in range(start, start + 5_000)) for start in range(0, 20_000, 5_000)]
    for database in engines:
        for query, hit in {
            '"w0 w1"': True,
            '"w15995 w15996"': True,
            '"w4999 w5000"': False,  # of two texts
            '"w15996 w15997"': False,  # with three gaps, the 16,000th position is that of w15996
            '"w16381 w16382"': False,
            '"w16382 w16383"': False,
            '"w19998 w19999"': False,
            '"w1 w19999"': False,
            "w0 w15996 w15997 w16382 w16383 w19998 w19999": True,
            "w1999*": True,
            "w1 -w19999": False,
        }.items():
            assert found(database, [["short"], long], query) == ({1} if hit else set()), query


def test_phrases_are_found_up_to_the_last_occurrence_that_both_engines_keep(engines: tuple[Any, Any]) -> None:
    often = "peace now " * 254 + "peace talks peace treaty at last"
    for database in engines:
        for query, hit in {
            '"peace now"': True,
            '"now peace"': True,
            '"peace talks"': True,
            '"peace treaty"': False,
            '"talks treaty"': False,
            '"treaty at last"': True,
            "peace treaty": True,
        }.items():
            assert found(database, [["short"], [often]], query) == ({1} if hit else set()), query
