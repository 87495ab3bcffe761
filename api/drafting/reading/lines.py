"""The lines of an article in order, whatever its language."""

from collections.abc import Callable

from api.drafting.reading.article import Reading
from api.drafting.reading.days import date_all, note_heading
from api.drafting.reading.forms.transcripts import read_turn
from api.drafting.text import layout


def read(reading: Reading, read_paragraph: Callable[[Reading, int, layout.Line], None]) -> Reading:
    """Read every line of the body; then date what was found."""
    for number, line in enumerate(reading.lines):
        if line.kind == layout.TURN:
            read_turn(reading, number, line)
        elif line.kind in (layout.BODY, layout.ITEM):
            read_paragraph(reading, number, line)
        else:
            note_heading(reading, number, line.tokens)
    date_all(reading)
    return reading
