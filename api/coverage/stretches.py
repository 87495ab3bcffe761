"""Stretches of days: which days a publisher was read, and which not."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from schemas.values.dates import FIRST_DAY, LAST_DAY

_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """Days in a row, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days in as few stretches as possible, in order."""
    joined: list[Stretch] = []
    for each in sorted(stretches):
        if joined and (joined[-1].end == LAST_DAY or each.start <= joined[-1].end + _DAY):
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, each.end))
        else:
            joined.append(each)
    return joined


def within(stretches: Iterable[Stretch], whole: Stretch) -> list[Stretch]:
    """What of them lies within a stretch."""
    cut = (Stretch(max(each.start, whole.start), min(each.end, whole.end)) for each in stretches)
    return [each for each in cut if each.start <= each.end]


def gaps(covered: Iterable[Stretch], whole: Stretch) -> Iterator[Stretch]:
    """The days of a stretch that lie in none of these, which are merged and lie within it."""
    start = whole.start
    for each in covered:
        if each.start > start:
            yield Stretch(start, each.start - _DAY)
        if each.end >= whole.end:
            return
        start = each.end + _DAY
    yield Stretch(start, whole.end)


def shown(stretch: Stretch) -> dict[str, str | None]:
    """A stretch as an answer has it; an open end is null."""
    return {
        "start": None if stretch.start == FIRST_DAY else stretch.start.isoformat(),
        "end": None if stretch.end == LAST_DAY else stretch.end.isoformat(),
    }
