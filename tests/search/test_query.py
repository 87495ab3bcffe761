"""The query language: what may be written, what it means, and how it says no."""

import pytest
from every import every
from hypothesis import given
from hypothesis import strategies as st

from api.search.query import MOST_CLAUSES, Clause, QuerySyntaxError, TextQuery, parse


def _wanted(*terms: str) -> list[Clause]:
    return [Clause((term,)) for term in terms]


def _over(*terms: str) -> list[Clause]:
    return [Clause((term,), passed_over=True) for term in terms]


@every(
    ("q", "clauses"),
    [
        ("بيان", [Clause(("بيان",))]),
        ("البيان المشترك", [Clause(("بيان",)), Clause(("مشترك",))]),
        ('"وقف إطلاق النار"', [Clause(("وقف", "اطلاق", "نار"))]),
        ("«بيان مشترك»", [Clause(("بيان", "مشترك"))]),
        ("“بيان مشترك”", [Clause(("بيان", "مشترك"))]),
        ("”بيان مشترك“", [Clause(("بيان", "مشترك"))]),
        ('«بيان "مشترك"»', [Clause(("بيان", "مشترك"))]),
        ("سلام -حرب", [Clause(("سلام",)), Clause(("حرب",), excluded=True)]),
        ('سلام -"وقف النار"', [Clause(("سلام",)), Clause(("وقف", "نار"), excluded=True)]),
        ("كارا*", [Clause(("كار",), prefix=True)]),
        ("سلام -كاراب*", [Clause(("سلام",)), Clause(("كاراب",), excluded=True, prefix=True)]),
        ("Nagorno-Kara*", [Clause(("nagorno", "kara"), prefix=True)]),
        ("ناغورنو-كاراباخ", [Clause(("ناغورنو", "كاراباخ"))]),
        (
            "TALKS AND (PEACE) OR X:Y^2",
            [*_wanted("talk"), *_over("and"), *_wanted("peace"), *_over("or"), Clause(("x", "y", "2"))],
        ),
        ("talks or (peace)", [*_wanted("talk"), *_over("or"), *_wanted("peace")]),
        ("talks OR (peace)", [Clause(("talk",), others=(Clause(("peace",)),))]),
        (
            "(talks | peace | war) now",
            [Clause(("talk",), others=(Clause(("peace",)), Clause(("war",)))), *_wanted("now")],
        ),
        ("talks|peace", [Clause(("talk",), others=(Clause(("peace",)),))]),
        ("(سلام أو حرب) أو خبر", [Clause(("سلام",), others=(Clause(("حرب",)),)), *_over("او"), Clause(("خبر",))]),
        ("-talks OR peace war", [Clause(("talk",), True, others=(Clause(("peace",), True),)), *_wanted("war")]),
        ("a*b *c", [Clause(("a", "b")), Clause(("c",))]),
        ("روسيا / أرمينيا & 🙂", [Clause(("روسي",)), Clause(("ارمين",))]),
        ("a\0b\x1f-c", [Clause(("a",), passed_over=True), Clause(("b",)), Clause(("c",), excluded=True)]),
        ("\u200fسلام \u200f-حرب", [Clause(("سلام",)), Clause(("حرب",), excluded=True)]),
        ("Azerbaijan’s talks", [Clause(("azerbaijan",)), Clause(("talk",))]),
        ('a"b c"d', [Clause(("a",), passed_over=True), Clause(("b", "c")), Clause(("d",))]),
        ("و11 ٢٠٢٠", [Clause(("11",)), Clause(("2020",))]),
        ("6,500", [Clause(("6500",))]),
        ("9 تشرين الثاني 2020", [Clause((term,)) for term in ("9", "تشرين2", "2020")]),
        ("تشرين الثاني/نوفمبر", [Clause(("تشرين2",))]),
        ("-تشرين الثاني سلام", [Clause(("تشرين2",), excluded=True), Clause(("سلام",))]),
        ("-تشرين الثاني/نوفمبر 2020", [Clause(("تشرين2",), excluded=True), Clause(("2020",))]),
        ("-تشرين – الثاني سلام", [Clause(("تشرين2",), excluded=True), Clause(("سلام",))]),
        ("-تشرين -الثاني سلام", [Clause(("تشرين2",), excluded=True), Clause(("سلام",))]),
        ("تشرين -الثاني", [Clause(("تشرين",)), Clause(("ثاني",), excluded=True)]),
        ("كانون -الاول خبر", [Clause(("كانون",)), Clause(("اول",), excluded=True), Clause(("خبر",))]),
        ("نوفمبر -November", [Clause(("تشرين2",)), Clause(("تشرين2",), excluded=True)]),
        ("-نوفمبر تشرين الثاني", [Clause(("تشرين2",), excluded=True), Clause(("تشرين2",))]),
        ("-9 may agree", [Clause(("9",), excluded=True), Clause(("may",)), Clause(("agree",))]),
        ("سلام -نوفمبر", [Clause(("سلام",)), Clause(("تشرين2",), excluded=True)]),
        ("نوفم*", [Clause(("تشرين2",), prefix=True)]),
        ("May 2021", [Clause(("ايار",)), Clause(("2021",))]),
        (
            "who accused the US of it",
            [*_over("who"), Clause(("accus",)), *_over("the"), Clause(("us",)), *_over("of", "it")],
        ),
        ("كم عدد القتلى", [*_over("كم", "عدد"), Clause(("قتيل",))]),
        ("عدد القتلى", [Clause(("عدد",)), Clause(("قتيل",))]),
        ("the", [Clause(("the",))]),
        ("what -the", [Clause(("what",)), Clause(("the",), excluded=True)]),
        ("parties may agree", [Clause(("parti",)), Clause(("may",)), Clause(("agree",))]),
    ],
)
def test_a_query_means_its_clauses(q: str, clauses: list[Clause]) -> None:
    assert parse(q) == TextQuery(tuple(clauses))


@every(
    ("q", "complaint"),
    [
        ('"بيان', "position 1 has no counterpart"),
        ('بيان "مشترك" "x', "position 14 has no counterpart"),
        ("\u200f«بيان", "position 2 has no counterpart"),
        ("بيان»", "position 5 has no counterpart"),
        ('-"x', "position 2 has no counterpart"),
        ("", "neither letters nor digits"),
        (" ?!؟ ", "neither letters nor digits"),
        ("🙂", "neither letters nor digits"),
        ("\u064e\u0640\u200f\u202e", "neither letters nor digits"),
        ("\0\x01", "neither letters nor digits"),
        ("-حرب", "only excludes"),
        ('-حرب -"x y"', "only excludes"),
        ('x ""', "between the quotation marks"),
        ("x «؟»", "between the quotation marks"),
        ('x -" "', "between the quotation marks"),
        ("x -?", '"-" has to stand before'),
        ("x --", '"-" has to stand before'),
        ("x *", '"*" has to follow'),
        ("talks AND peace", "AND is no operator: all words are looked for anyway"),
        ("talks NOT peace", "write - before the word"),
        ("NEAR(a, b)", "words near each other come first by relevance"),
        ("peace OR", "has to stand between two words"),
        ("peace OR | war", "has to stand between two words"),
        ("(peace talks OR war)", "Parentheses hold single words or phrases"),
        ("peace OR -war", "can not follow OR"),
        ("peace|-war", "can not follow OR"),
        ("target:Lavrov", "give the parameter 'target' with an id"),
        ("(speaker:Lavrov OR peace)", "take a whole name right behind them"),
        ("x -*", '"*" has to follow'),
        ('"x y"*', '"*" has to follow'),
        ("a " * (MOST_CLAUSES + 1), f"has {MOST_CLAUSES + 1} words and phrases"),
    ],
)
def test_a_query_with_nothing_to_search_for_is_refused_with_a_reason(q: str, complaint: str) -> None:
    with pytest.raises(QuerySyntaxError) as refusal:
        parse(q)
    assert complaint in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_as_many_clauses_as_allowed_are_accepted() -> None:
    assert len(parse("a " * MOST_CLAUSES).clauses) == MOST_CLAUSES


QUERIES = st.one_of(st.text(), st.text('ab بيانال"“”«»-*:()^\0\u200f\u064e '))


@given(QUERIES)
def test_any_text_is_parsed_or_refused(q: str) -> None:
    try:
        query = parse(q)
    except QuerySyntaxError:
        return
    assert 0 < len(query.clauses) <= MOST_CLAUSES
    assert not all(clause.excluded for clause in query.clauses)


@given(QUERIES)
def test_terms_are_letters_and_digits_so_that_no_engine_reads_them_as_syntax(q: str) -> None:
    try:
        query = parse(q)
    except QuerySyntaxError:
        return
    assert all(clause.terms and all(term.isalnum() for term in clause.terms) for clause in query.clauses)


@given(QUERIES)
def test_a_query_means_the_same_however_often_it_is_parsed(q: str) -> None:
    outcomes: list[TextQuery | str] = []
    for _ in range(2):
        try:
            outcomes.append(parse(q))
        except QuerySyntaxError as refusal:
            outcomes.append(str(refusal))
    assert outcomes[0] == outcomes[1]
