"""The date that a page gives for itself."""

from collections.abc import Sequence

from api.drafting.text import layout
from api.drafting.text.sentences import after_dateline
from api.drafting.values.page_dates import date_today, page_date

_HEAD_LINES = 4  # lines among which a page gives its date


def stated_date(lines: Sequence[layout.Line]) -> str | None:
    """The page's own date: in the lines around the body, beside a Hijri date at its head, or beside "اليوم"."""
    around = (line.tokens for line in lines if line.kind in (layout.TITLE, layout.DATELINE, layout.BOILERPLATE))
    beside_hijri = (
        line.tokens[place : place + 12]
        for line in lines[:_HEAD_LINES]
        for place, token in enumerate(line.tokens)
        if token.text == "الموافق"
    )
    before_body = (
        line.tokens[: after_dateline(line.tokens)] for line in lines[:_HEAD_LINES] if line.kind == layout.BODY
    )
    readings = (
        *(page_date(tokens) for tokens in around),
        *(page_date(tokens) for tokens in before_body),
        *(page_date(tokens) for tokens in beside_hijri),
        *(date_today(line.tokens) for line in lines),
    )
    return next((found for found in readings if found), None)
