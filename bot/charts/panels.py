"""Small multiples: panels one above the other over the same times, each on a scale of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.charts.backdrop import (
    FLAG_HEIGHT,
    Flags,
    draw_band,
    draw_gaps,
    draw_time_axis,
    draw_value_axis,
    ticks_between,
    time_ends,
    visible,
)
from bot.charts.page import Page
from bot.charts.scales import Frame, limits, tick_labels, ticks
from bot.charts.strokes import Line, band_ends, draw_stroke, strokes
from bot.charts.style import (
    CALM_LABEL,
    INK,
    MARGIN,
    NOTE,
    PLAIN,
    SMALL,
    SPAN,
    SPAN_INK,
    STRONG_LABEL,
    WIDTH,
    Lettering,
)
from queries.core.answer import Mark, Panel, PanelChart, Series

MOST = 8
"""Panels that are drawn; of more, it is said how many are left out."""

_TALL, _LOW = 230.0, 150.0
_LABEL_HEIGHT = 62.0
_SPACE = 34.0
_FOOT = 140.0
_NAME_WIDTH = 260.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """One panel made ready: its lines, its band, the ends and ticks of its value axis."""

    panel: Panel
    lines: list[Line]
    low: list[float]
    high: list[float]
    ends: tuple[float, float]
    levels: list[float]
    texts: list[str]

    @property
    def known(self) -> list[bool]:
        """At which times there is any value."""
        ys = [line.y for line in self.lines]
        return [any(map(math.isfinite, values)) for values in zip(*ys, strict=True)]


def draw_panels(chart: PanelChart, size: tuple[int, int]) -> bytes:
    """Draw small multiples; see ``bot.charts.draw``. As high as the panels need."""
    shown = chart.panels[:MOST]
    height = _TALL if len(shown) <= 3 else _LOW
    room = 420 + 4 * FLAG_HEIGHT + len(shown) * (height + _LABEL_HEIGHT + _SPACE) + _FOOT
    page = Page((size[0], math.ceil(size[0] * room / WIDTH)))
    head = page.head(chart.title, "")
    if not shown or not chart.x:
        page.crop(head + 200)
        page.write(WIDTH / 2, head + 80, "No data in this time", CALM_LABEL, across="center")
        return page.png()
    plots = [_ready(page, panel, len(chart.x)) for panel in shown]
    _draw_all(page, chart, plots, head, height)
    return page.png()


def _ready(page: Page, panel: Panel, length: int) -> _Plot:
    series = panel.series or (Series("", ()),)
    lines = list(strokes(page, series, length, _NAME_WIDTH))
    low, high = band_ends(panel.band, length)
    ends = limits(chain(low, high, *(line.y for line in lines)), panel.unit)
    levels = ticks(*ends, panel.unit, most=2)
    return _Plot(panel, lines, low, high, ends, levels, tick_labels(levels, panel.unit))


def _draw_all(
    page: Page, chart: PanelChart, plots: Sequence[_Plot], head: float, height: float
) -> None:
    x = [moment.timestamp() for moment in chart.x]
    marks = visible(chart.marks, x)
    x_ends = time_ends(x, [*marks, *chain(*(visible(plot.panel.marks, x) for plot in plots))])
    texts = [page.width_of(text, CALM_LABEL) for plot in plots for text in plot.texts]
    names = [
        page.width_of(words, line.lettering)
        for plot in plots
        for line in plot.lines
        for words in line.name
    ]
    left = MARGIN + max(texts, default=0) + 14
    right = WIDTH - MARGIN - 30 - max(names, default=0)
    flags = Flags(page, marks, Frame(left, 0, right, 1, x_ends, (0, 1)))
    top = head + flags.rows * FLAG_HEIGHT
    pitch = _LABEL_HEIGHT + height + _SPACE
    tops = [top + _LABEL_HEIGHT + at * pitch for at in range(len(plots))]
    frames = [
        Frame(left, begin, right, begin + height, x_ends, plot.ends)
        for begin, plot in zip(tops, plots, strict=True)
    ]
    page.crop(frames[-1].bottom + _FOOT)
    draw_time_axis(page, frames[-1], ticks_between(x_ends, chart.x[0], right - left), chart.x[0])
    flags.draw(Frame(left, top, right, frames[-1].bottom, x_ends, (0, 1)))
    for frame, plot in zip(frames, plots, strict=True):
        _draw_panel(page, frame, plot, x)
    left_out = len(chart.panels) - len(plots) + flags.unlabelled
    if left_out:
        page.write(MARGIN, page.height - 18, f"and {left_out} more", NOTE)


def _draw_panel(page: Page, frame: Frame, plot: _Plot, x: Sequence[float]) -> None:
    lettering = STRONG_LABEL if plot.panel.emphasis else PLAIN
    note = page.shorten(plot.panel.note, WIDTH / 2, NOTE)
    room = WIDTH - 2 * MARGIN - page.width_of(note, NOTE) - 40
    y = frame.top - 22
    page.write(MARGIN, y, page.shorten(plot.panel.label, room, lettering), lettering, boxed=True)
    page.write(WIDTH - MARGIN, y, note, NOTE, across="right", boxed=True)
    draw_value_axis(page, frame, plot.levels, plot.texts)
    draw_band(page, frame, x, plot.low, plot.high)
    draw_gaps(page, frame, x, plot.known)
    for mark in visible(plot.panel.marks, x):
        _draw_mark(page, frame, mark)
    for line in plot.lines:
        draw_stroke(page, frame, x, line)
        _draw_name(page, frame, line)


def _draw_name(page: Page, frame: Frame, line: Line) -> None:
    """Write a line's name beside its end; panels have few lines, so that these lie apart."""
    if line.last < 0:
        return
    for number, words in enumerate(line.name):
        y = frame.down(line.y[line.last]) + (number - (len(line.name) - 1) / 2) * 38
        page.write(frame.right + 22, y + line.lettering.size * 0.36, words, line.lettering)


def _draw_mark(page: Page, frame: Frame, mark: Mark) -> None:
    x = frame.across(max(mark.at.timestamp(), frame.x[0]))
    colour = SPAN_INK if mark.until else INK
    if mark.until:
        end = frame.across(min(mark.until.timestamp(), frame.x[1]))
        page.box((x, end), (frame.top, frame.bottom), colour=SPAN, order=0)
    page.line((x, x), (frame.top, frame.bottom), colour=colour, width=3, order=3, dashed=True)
    lettering = Lettering(SMALL, colour)
    words = page.shorten(mark.label, (frame.right - frame.left) / 2, lettering)
    width = page.width_of(words, lettering)
    before = x - width - 10  # where what is marked has not begun, and draws no line
    start = before if before > frame.left else x + 10
    page.write(start, frame.top + SMALL, words, lettering, boxed=True)
