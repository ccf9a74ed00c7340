"""Values over time: lines with their names at their ends, the usual range, and marked moments."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.charts.backdrop import (
    FLAG_HEIGHT,
    Flags,
    draw_band,
    draw_gaps,
    draw_time_axis,
    draw_value_axis,
    explained,
    ticks_between,
    time_ends,
    visible,
)
from bot.charts.names import Name, draw_names, names_width
from bot.charts.page import Page
from bot.charts.scales import Frame, limits, tick_labels, ticks
from bot.charts.strokes import NAME_WIDTH, Line, band_ends, draw_stroke, line_names, strokes
from bot.charts.style import BAND_INK, CALM_LABEL, MARGIN, NOTE, SMALL, WIDTH, Lettering
from queries.core.charts import LineChart

_BAND_LABEL = Lettering(SMALL, BAND_INK)


def draw_lines(chart: LineChart, size: tuple[int, int]) -> bytes:
    """Draw values over time; see ``bot.charts.draw``."""
    page = Page(size)
    head = page.head(chart.title, chart.y_label)
    lines = list(strokes(page, chart.series, len(chart.x)))
    known = [any(math.isfinite(line.y[index]) for line in lines) for index in range(len(chart.x))]
    if any(known):
        _draw_plot(page, chart, lines, known, head)
    else:
        middle = (WIDTH / 2, (head + page.height) / 2)
        page.write(*middle, "No data in this time", CALM_LABEL, across="center")
    return page.png()


def _draw_plot(
    page: Page, chart: LineChart, lines: list[Line], known: list[bool], head: float
) -> None:
    x = [moment.timestamp() for moment in chart.x]
    marks = visible(chart.marks, x)
    low, high = band_ends(chart.band, len(chart.x))
    x_ends = time_ends(x, marks)
    y_ends = limits(chain(low, high, *(line.y for line in lines)), chart.unit)
    levels = ticks(*y_ends, chart.unit)
    texts = tick_labels(levels, chart.unit)
    band_name = page.wrap(chart.band.label if chart.band else "", NAME_WIDTH, _BAND_LABEL, 2)
    names = [*((line.name, line.lettering) for line in lines), (band_name, _BAND_LABEL)]
    left = MARGIN + max((page.width_of(text, CALM_LABEL) for text in texts), default=0) + 14
    right = WIDTH - MARGIN - names_width(page, names)
    # Only where they stand across is known yet: how many rows they take says where the plot begins.
    flags = Flags(page, marks, Frame(left=left, top=0, right=right, bottom=1, x=x_ends, y=y_ends))
    moments = ticks_between(x_ends, chart.x[0], right - left)
    foot = 140 if any(tick.below for tick in moments) else 104
    top = head + flags.rows * FLAG_HEIGHT + 16
    frame = Frame(left=left, top=top, right=right, bottom=page.height - foot, x=x_ends, y=y_ends)

    draw_value_axis(page, frame, levels, texts)
    draw_time_axis(page, frame, moments, chart.x[0])
    draw_band(page, frame, x, low, high)
    draw_gaps(page, frame, x, explained(chart.x, known, chart.marks))
    flags.draw(frame)
    for line in lines:
        draw_stroke(page, frame, x, line)
    draw_names(
        page, frame, [*line_names(lines, x, frame), *_band_name(band_name, x, low, high, frame)]
    )
    if flags.unlabelled:
        words = f"and {flags.unlabelled} more marked moments"
        page.write(MARGIN, page.height - 18, words, NOTE)


def _band_name(
    name: list[str], x: Sequence[float], low: Sequence[float], high: Sequence[float], frame: Frame
) -> Iterator[Name]:
    last = max((index for index, y in enumerate(low) if math.isfinite(y)), default=-1)
    if any(name) and last >= 0:
        middle = frame.down((low[last] + high[last]) / 2)
        yield Name(name, _BAND_LABEL, frame.across(x[last]), middle)
