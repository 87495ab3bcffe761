"""Pictures, drawn as SVG in the page: positions in percent, so that they fit any width while their letters keep their size.

In Arabic time and texts run from right to left. Each picture has its figures in words beside it, so what can be read by
nobody else is hidden from readers of screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.pages.frame.elements import Elements
from api.queries.counting import Span

MOST_MONTHS = 60
"""More bars than that are too thin to be told apart on a phone: then a bar is a year."""
CHART_HEIGHT = 110  # pixels
ROOM_FOR_COUNTS, ROOM_FOR_YEARS = 18, 22  # pixels above and below the bars


@dataclass(frozen=True)
class Bar:
    """How many statements fall into a month or a year, by its EDTF expression; `at` and `width` are percentages."""

    expression: str
    count: int
    at: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """A drawing of counts along time, and its bars for the table beside it."""

    drawing: Markup
    bars: Sequence[Bar]
    unit: str


def timeline(spans: Sequence[Span], elements: Elements) -> Timeline | None:
    """Bars of the counts of months, or of years where those are many; None where there is nothing to draw."""
    if not spans:
        return None
    months = _month(spans[-1].start) - _month(spans[0].start) + 1
    unit = "month" if months <= MOST_MONTHS else "year"
    counts = _counts(spans, unit)
    first, last = min(counts), max(counts)
    slots = last - first + 1
    bars = [Bar(_expression(slot, unit), counts[slot], 100 * (slot - first) / slots, 100 / slots) for slot in counts]
    return Timeline(_bars(bars, _ticks(first, last, unit), elements), bars, unit)


def _counts(spans: Sequence[Span], unit: str) -> dict[int, int]:
    counts: dict[int, int] = {}
    for span in spans:
        slot = _month(span.start) if unit == "month" else span.start.year
        counts[slot] = counts.get(slot, 0) + span.count
    return counts


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _expression(slot: int, unit: str) -> str:
    return f"{slot // 12:04}-{slot % 12 + 1:02}" if unit == "month" else f"{slot:04}"


def _ticks(first: int, last: int, unit: str) -> list[tuple[int, float]]:
    """The years to write below the bars, at most eight of them, each with where it begins in percent."""
    per_year, slots = (12 if unit == "month" else 1), last - first + 1
    years = range(-(-first // per_year), last // per_year + 1)
    step = -(-len(years) // 8) or 1
    ticks = [(year, 100 * (year * per_year - first) / slots) for year in years[::step]]
    return ticks if ticks and ticks[0][1] < CLOSE else [(first // per_year, 0.0), *ticks]


CLOSE = 12  # percent: two years nearer to each other than that would run into each other on a phone


def _bars(bars: Sequence[Bar], ticks: Sequence[tuple[int, float]], elements: Elements) -> Markup:
    highest = max(bar.count for bar in bars)
    space = CHART_HEIGHT - ROOM_FOR_COUNTS - ROOM_FOR_YEARS
    base = CHART_HEIGHT - ROOM_FOR_YEARS
    label = elements.t("عدد التصريحات عبر الزمن", "Statements over time")
    pieces = [
        Markup('<svg class=timeline role=img aria-label="{}" width="100%" height="{}" direction=ltr>').format(
            label, CHART_HEIGHT
        ),
        Markup('<line x1=0 x2="100%" y1={0} y2={0} stroke=currentColor class=axis />').format(base + 0.5),
    ]
    for bar in bars:
        height = max(2.0, space * bar.count / highest)
        at, width = bar.at + bar.width * 0.1, bar.width * 0.8
        pieces.append(
            Markup('<rect x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}" />').format(
                mirrored(at, width, elements), base - height, width, height
            )
        )
        if len(bars) <= 24:
            pieces.append(
                Markup('<text x="{:.2f}%" y="{:.1f}" text-anchor=middle class=count>{}</text>').format(
                    mirrored(at + width / 2, 0, elements), base - height - 4, elements.wording.number(bar.count)
                )
            )
    for year, at in ticks:
        place = mirrored(at, 0, elements)
        anchor = "start" if place < 50 else "end"
        pieces.append(
            Markup(
                '<line x1="{0:.2f}%" x2="{0:.2f}%" y1={1} y2={2} stroke=currentColor class=axis />'
                '<text x="{0:.2f}%" y={3} text-anchor={4} dx={5}>{6}</text>'
            ).format(
                place,
                base,
                base + 6,
                CHART_HEIGHT - 4,
                anchor,
                4 if anchor == "start" else -4,
                elements.wording.localized(f"{year:04}"),
            )
        )
    return Markup("").join([*pieces, Markup("</svg>")])


def mirrored(at: float, width: float, elements: Elements) -> float:
    """Where something begins, from the left edge, that begins at `at` percent in the direction of reading."""
    return 100 - at - width if elements.wording.language.direction == "rtl" else at


@dataclass(frozen=True)
class Stretch:
    """A part of a strip, in percent of its length; an open one has no sharp end."""

    at: float
    width: float
    style: str = ""


def strip(stretches: Sequence[Stretch], elements: Elements, marks: Sequence[float] = ()) -> Markup:
    """A strip with some of its length filled: an office in time, passages in a text. `marks` are points on it."""
    filled = Markup("").join(
        Markup('<rect x="{:.2f}%" y=3 width="{:.2f}%" height=8 class="{}" />').format(
            mirrored(stretch.at, max(stretch.width, 0.6), elements), max(stretch.width, 0.6), stretch.style
        )
        for stretch in stretches
    )
    points = Markup("").join(
        Markup('<circle cx="{:.2f}%" cy=7 r=3 />').format(mirrored(mark, 0, elements)) for mark in marks
    )
    return Markup(
        '<svg class=strip aria-hidden=true width="100%" height=14>'
        '<rect x=0 y=6 width="100%" height=2 class=groove />{}{}</svg>'
    ).format(filled, points)


ARROWS = {
    "ltr": Markup("<path d='M2 7h22m-7-5 7 5-7 5' />"),
    "rtl": Markup("<path d='M26 7H4m7-5-7 5 7 5' />"),
}
SHAPES = {
    "person": Markup("<circle cx=14 cy=9 r=5 /><path d='M4 26c0-7 4-10 10-10s10 3 10 10z' />"),
    "media": Markup("<path d='M4 4h20v20H4zM8 9h12M8 14h12M8 19h7' fill=none stroke=currentColor stroke-width=2 />"),
    "state": Markup("<path d='M6 3v23M6 4h17l-4 5 4 5H6' fill=none stroke=currentColor stroke-width=2 />"),
}
BODY = Markup(
    "<path d='M3 11 14 4l11 7zM5 24h18M7 12v10M14 12v10M21 12v10' fill=none stroke=currentColor stroke-width=2 />"
)


def agent(kind: str | None) -> Markup:
    """The sign of a kind of speaker: a person, an outlet, a state, or a body of any other kind."""
    return Markup('<svg class=agent aria-hidden=true viewBox="0 0 28 28" width=28 height=28>{}</svg>').format(
        SHAPES.get(kind or "", BODY)
    )


def arrow(elements: Elements) -> Markup:
    """An arrow in the direction of reading."""
    return Markup(
        '<svg class=arrow aria-hidden=true viewBox="0 0 28 14" width=28 height=14 fill=none stroke=currentColor'
        " stroke-width=2>{}</svg>"
    ).format(ARROWS[elements.wording.language.direction])
