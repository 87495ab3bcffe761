"""Statements along time: those filed under the days of a range, and those of a set in their order."""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from api.bitmaps.columns import DAY, MONTH, YEAR
from api.bitmaps.following import Bitmaps
from api.models.base import DAY_FACTOR

_LAST = 99999999


def filed_between(columns: Bitmaps, first: int | None, last: int | None) -> BitMap:
    """The statements filed under days (YYYYMMDD) of a range that may be open, by whole years and months where it holds them."""
    first, last = first or 0, last or _LAST
    bitmaps: list[BitMap] = []
    for year, of_year in columns[YEAR].bitmaps.items():
        start = int(year) * 10000
        if first <= start and start + 9999 <= last:
            bitmaps.append(of_year)
        elif start + 9999 >= first and start <= last:
            bitmaps += _of_months(columns, int(year), first, last)
    return BitMap.union(*bitmaps) if bitmaps else BitMap()


def _of_months(columns: Bitmaps, year: int, first: int, last: int) -> Iterable[BitMap]:
    months, days = columns[MONTH].bitmaps, columns[DAY].bitmaps
    for month in range(100 * year + 1, 100 * year + 13):
        start = 100 * month
        if first <= start and start + 99 <= last:
            if month in months:
                yield months[month]
        else:
            within = range(max(first, start), min(last, start + 31) + 1)
            yield from (days[day] for day in within if day in days)


def in_order(columns: Bitmaps, statements: BitMap, descending: bool, beyond: int | None) -> Iterator[int]:
    """The sort keys of statements in order, those beyond a sort key; years, months and days without any are passed over."""
    for year, of_year in _split(columns, YEAR, map(int, columns[YEAR].bitmaps), statements, descending, beyond):
        months = range(100 * year + 1, 100 * year + 13)
        for month, of_month in _split(columns, MONTH, months, of_year, descending, beyond):
            days = range(100 * month + 1, 100 * month + 32)
            for day, of_day in _split(columns, DAY, days, of_month, descending, beyond):
                keys = (day * DAY_FACTOR + number for number in (reversed(of_day.to_array()) if descending else of_day))
                yield from (key for key in keys if beyond is None or (key < beyond if descending else key > beyond))


_LENGTH = {YEAR: 10000 * DAY_FACTOR, MONTH: 100 * DAY_FACTOR, DAY: DAY_FACTOR}


def _split(
    columns: Bitmaps, column: str, values: Iterable[int], statements: BitMap, descending: bool, beyond: int | None
) -> Iterator[tuple[int, BitMap]]:
    """The values of a column in order, with those of the statements that have them."""
    bitmaps, length = columns[column].bitmaps, _LENGTH[column]
    for value in sorted(values, reverse=descending):
        is_passed = beyond is not None and (value * length >= beyond if descending else (value + 1) * length <= beyond)
        if not is_passed and value in bitmaps and (of_value := statements & bitmaps[value]):
            yield value, of_value
