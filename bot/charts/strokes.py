"""Lines over time as they are drawn: their colours, their gaps, and the usual range's ends."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest

from bot.charts.names import Name
from bot.charts.page import Page
from bot.charts.scales import Frame, drawable
from bot.charts.style import CALM, MUTED, STRONG, Lettering
from queries.core.charts import Band, Series

_MOST_COLOURS = 6
NAME_WIDTH = 340.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name in lines of text, its values (NaN for none), its colour and weight."""

    name: list[str]
    y: list[float]
    colour: str
    strong: bool

    @property
    def lettering(self) -> Lettering:
        """How the line's name is set."""
        return Lettering(colour=self.colour, bold=self.strong)

    @property
    def last(self) -> int:
        """The index of the last value that is drawn, or -1."""
        return max((index for index, y in enumerate(self.y) if math.isfinite(y)), default=-1)


def strokes(
    page: Page, series: Sequence[Series], length: int, *, recede: bool = False
) -> Iterator[Line]:
    """The series with their colours: where any is emphasised, or there are many, others recede.

    With ``recede``, those that are not emphasised do in any case.
    """
    recede |= len(series) > _MOST_COLOURS or any(one.emphasis for one in series)
    strong, muted = count(), count()
    for number, one in enumerate(series):
        stands_out = one.emphasis or not recede
        if not recede:
            colour = CALM[number % len(CALM)]
        elif one.emphasis:
            colour = STRONG[next(strong) % len(STRONG)]
        else:
            colour = MUTED[next(muted) % len(MUTED)]
        name = page.wrap(one.label, NAME_WIDTH, Lettering(bold=stands_out), 2)
        y = [drawable(value) for value in one.y[:length]]
        yield Line(name, y + [math.nan] * (length - len(y)), colour, stands_out)


def band_ends(band: Band | None, length: int) -> tuple[list[float], list[float]]:
    """The lower and upper ends of the usual range; both NaN where either is missing."""
    lows, highs = (band.low, band.high) if band else ((), ())
    pairs = [
        (drawable(low), drawable(high))
        for _, low, high in zip_longest(range(length), lows[:length], highs[:length])
    ]
    whole = [pair if math.isfinite(sum(pair)) else (math.nan, math.nan) for pair in pairs]
    return [low for low, _ in whole], [high for _, high in whole]


def line_names(lines: Sequence[Line], x: Sequence[float], frame: Frame) -> Iterator[Name]:
    """The lines' names, each at the end of what is drawn of its line."""
    for line in lines:
        if line.last >= 0:
            end = (frame.across(x[line.last]), frame.down(line.y[line.last]))
            yield Name(line.name, line.lettering, *end)


def draw_stroke(page: Page, frame: Frame, x: Sequence[float], line: Line) -> None:
    """Draw a line, its lone values as dots, and a dot at the end of one that matters."""
    order = 5 if line.strong else 4
    across = [frame.across(moment) for moment in x]
    down = [frame.down(y) for y in line.y]
    page.line(across, down, colour=line.colour, width=8 if line.strong else 5, order=order)
    # A line through a single point draws nothing.
    padded = [math.nan, *down, math.nan]
    alone = {
        index
        for index, y in enumerate(down)
        if math.isfinite(y) and math.isnan(padded[index]) and math.isnan(padded[index + 2])
    }
    for index in alone | ({line.last} if line.strong and line.last >= 0 else set()):
        width = 19 if line.strong else 13
        page.dot(across[index], down[index], colour=line.colour, width=width, order=order)
