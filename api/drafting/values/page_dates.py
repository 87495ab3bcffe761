"""The date of the page itself: what its dateline or "today" beside a full date says."""

from collections.abc import Iterator, Sequence
from datetime import date

from api.drafting.text.words import Token
from api.drafting.values.dates import dates
from schemas.values import dates as edtf


def published_day(published: str | None) -> date | None:
    """The last day on which a page dated so can have been published; None when that is not known."""
    if not published:
        return None
    try:
        days = edtf.parse(published)
    except ValueError:
        return None
    return days.latest if days.latest != edtf.LAST_DAY else None


def page_date(tokens: Sequence[Token]) -> str | None:
    """The first full date of a dateline or of a text that says "today": the page's own, if it gives one."""
    full = (found.value for found in dates(tokens, 0, len(tokens), None) if found.value and len(found.value) == 10)
    return next(full, None)


def date_today(tokens: Sequence[Token]) -> str | None:
    """The full date that stands beside "اليوم" in a text: the page's, too."""
    for found in _dated_today(tokens):
        return found
    return None


def _dated_today(tokens: Sequence[Token]) -> Iterator[str]:
    for position, token in enumerate(tokens):
        if token.text in ("اليوم", "today"):
            found = dates(tokens, position + 1, min(len(tokens), position + 9), None)
            yield from (each.value for each in found if each.value and len(each.value) == 10)
