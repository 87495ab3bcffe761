"""Which days a vague date stands for, and which expressions are no date at all."""

import time
from datetime import date

import pytest
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from every import every
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.values.dates import FIRST_DAY, LAST_DAY, Days, parse


@pytest.mark.parametrize(
    ("expression", "earliest", "latest"),
    [
        ("2020-11-09", "2020-11-09", "2020-11-09"),
        ("2020-11", "2020-11-01", "2020-11-30"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021-02", "2021-02-01", "2021-02-28"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("0002", "0002-01-01", "0002-12-31"),
        ("9998-12-31", "9998-12-31", "9998-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2020-XX", "2020-01-01", "2020-12-31"),
        ("2020-XX-XX", "2020-01-01", "2020-12-31"),
        ("2020-02-XX", "2020-02-01", "2020-02-29"),
        ("2020?", "2020-01-01", "2020-12-31"),
        ("2020-11~", "2020-11-01", "2020-11-30"),
        ("2022-09-14%", "2022-09-14", "2022-09-14"),
        ("202X?", "2020-01-01", "2029-12-31"),
        ("2021-11-26/2021-11-27", "2021-11-26", "2021-11-27"),
        ("2021-11-26/2021-11-26", "2021-11-26", "2021-11-26"),
        ("2020/2021-03", "2020-01-01", "2021-03-31"),
        ("2022-09~/2022-10?", "2022-09-01", "2022-10-31"),
        ("2022-09-XX/2022-10-03", "2022-09-01", "2022-10-03"),
    ],
)
def test_an_expression_stands_for_a_range_of_days(expression: str, earliest: str, latest: str) -> None:
    assert parse(expression) == Days(date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize("end", ["..", ""])
def test_an_interval_without_an_end_lasts_until_the_last_day_there_is(end: str) -> None:
    assert parse(f"2022-09-12/{end}") == Days(date(2022, 9, 12), LAST_DAY)


@pytest.mark.parametrize("start", ["..", ""])
def test_an_interval_without_a_beginning_has_lasted_since_the_first_day_there_is(start: str) -> None:
    assert parse(f"{start}/2022-09") == Days(FIRST_DAY, date(2022, 9, 30))


@every(
    ("expression", "complaint"),
    [
        ("", "is not a date"),
        ("yesterday", "is not a date"),
        ("20-11-09", "is not a date"),
        ("2020-1-9", "is not a date"),
        ("2020/11/09", "is not a date"),
        ("09-11-2020", "is not a date"),
        ("20201109", "is not a date"),
        ("2020-11-09T10:00:00Z", "is not a date"),
        ("2020-11-09\n", "is not a date"),
        (" 2020", "is not a date"),
        ("٢٠٢٠", "is not a date"),
        ("-2020", "is not a date"),
        ("Y12020", "is not a date"),
        ("2020-21", "has no month 21"),
        ("2020?~", "is not a date"),
        ("X020", "is not a date"),
        ("2020-13", "has no month 13"),
        ("2020-00", "has no month 00"),
        ("2021-13-45", "has no month 13"),
        ("2020-11-31", "not a day of the calendar"),
        ("2021-02-29", "not a day of the calendar"),
        ("2020-11-00", "not a day of the calendar"),
        ("2020-11-99", "not a day of the calendar"),
        ("0000", "outside the years"),
        ("000X", "outside the years"),
        ("0001", "outside the years"),
        ("9999-12-31", "outside the years"),
        ("202X-11", "a larger unit open"),
        ("2020-XX-09", "a larger unit open"),
        ("..", "is not a date"),
        ("/", "neither a beginning nor an end"),
        ("../..", "neither a beginning nor an end"),
        ("/..", "neither a beginning nor an end"),
        ("2021/2020", "ends before it begins"),
        ("2020-11-10/2020-11-09", "ends before it begins"),
        ("2020/2021/2022", "is not a date"),
        ("2020/2021-13", "has no month 13"),
        ("2020-02-30/..", "not a day of the calendar"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(expression: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refusal:
        parse(expression)
    assert str(refusal.value).endswith((".", "(EDTF level 0 or 1)."))


def _two_digits(most: int) -> st.SearchStrategy[str]:
    return st.integers(1, most).map("{:02d}".format)


def _dates(years: st.SearchStrategy[str], unspecified: str) -> st.SearchStrategy[str]:
    rest = st.lists(_two_digits(31) | st.sampled_from(["01", "12", *unspecified.split()]), max_size=2)
    qualifiers = st.sampled_from(["", "", "?", "~", "%"])
    return st.builds(lambda year, rest, qualifier: "-".join([year, *rest]) + qualifier, years, rest, qualifiers)


YEARS = st.integers(2, 9998).map("{:04d}".format)
DATES = _dates(YEARS | st.sampled_from(["202X", "19XX", "100X"]), "XX")
ENDS = _dates(YEARS, "")  # the reference knows unspecified digits in no interval
EXPRESSIONS = st.one_of(DATES, st.builds("{}/{}".format, ENDS, ENDS | st.just("..")), st.builds("../{}".format, ENDS))


def _according_to_the_reference(expression: str) -> Days | None:
    """The days that the `edtf` package reads out of an expression; None where it reads none."""
    try:
        found = parse_edtf(expression)
    except EDTFParseException:
        return None
    return Days(_day(found.lower_strict(), FIRST_DAY), _day(found.upper_strict(), LAST_DAY))


def _day(bound: "time.struct_time | float", open_end: date) -> date:
    return open_end if isinstance(bound, float) else date(bound.tm_year, bound.tm_mon, bound.tm_mday)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
@example("2020-02-29")
@example("2100-02-29")
@example("2000-02-XX~")
@example("2020-11~/..")
@example("2020-04-31")
def test_what_is_understood_means_the_same_to_the_reference_implementation(expression: str) -> None:
    try:
        understood = parse(expression)
    except ValueError:
        return
    assert understood == _according_to_the_reference(expression)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_every_day_of_the_calendar_is_itself(day: date) -> None:
    assert parse(day.isoformat()) == Days(day, day)


@given(st.one_of(st.text(max_size=30), st.text("0123456789X-/.?~%", max_size=25)))
def test_anything_is_understood_or_refused_and_never_breaks(expression: str) -> None:
    try:
        earliest, latest = parse(expression)
    except ValueError:
        return
    assert earliest <= latest
