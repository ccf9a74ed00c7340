"""Small multiples: panels one above the other over the same times, each on a scale of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from bot.charts.key import Sample, draw_key
from bot.charts.names import draw_names, names_width
from bot.charts.page import Page
from bot.charts.scales import Frame, limits, tick_labels, ticks
from bot.charts.strokes import Line, band_ends, draw_stroke, line_names, strokes
from bot.charts.style import (
    BAND,
    CALM_LABEL,
    INK,
    MARGIN,
    NOTE,
    PLAIN,
    QUIET,
    SMALL,
    SPAN,
    SPAN_INK,
    STRONG_LABEL,
    WIDTH,
    Lettering,
)
from queries.core.charts import Mark, Panel, PanelChart, Series

MOST = 12
"""Panels that are drawn; of more, it is said how many are left out."""

_HEIGHTS = ((1, 480.0), (3, 230.0), (6, 150.0), (MOST, 110.0))
"""How high the plot of a panel is, where there are at most so many."""

_LABEL_HEIGHT = 58.0
_SPACE = 18.0
_FOOT = 140.0


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
    height = next(height for most, height in _HEIGHTS if len(shown) <= most)
    # The most that it may take, as a page can only be made less high.
    room = 500 + 4 * FLAG_HEIGHT + len(shown) * (height + _LABEL_HEIGHT + _SPACE) + _FOOT
    page = Page((size[0], math.ceil(size[0] * room / WIDTH)))
    head = page.head(chart.title, "")
    if not shown or not chart.x:
        page.crop(head + 200)
        page.write(WIDTH / 2, head + 80, "No data in this time", CALM_LABEL, across="center")
        return page.png()
    some = any(panel.emphasis for panel in shown)
    plots = [_ready(page, panel, len(chart.x), some) for panel in shown]
    bands = dict.fromkeys(panel.band.label for panel in shown if panel.band)
    draw_key(page, head - 18, [Sample(label, BAND) for label in list(bands)[:3] if label])
    _draw_all(page, chart, plots, head + 10, height)
    return page.png()


def _ready(page: Page, panel: Panel, length: int, some: bool) -> _Plot:
    """Make a panel ready; ``some`` says that there are emphasised ones, so that others recede."""
    series = panel.series or (Series("", ()),)
    if len(series) == 1:
        series = (replace(series[0], label="", emphasis=panel.emphasis),)
    lines = list(strokes(page, series, length, recede=some and not panel.emphasis))
    low, high = band_ends(panel.band, length)
    ends = limits(chain(low, high, *(line.y for line in lines)), panel.unit)
    levels = ticks(*ends, panel.unit, most=2)
    return _Plot(
        panel=panel,
        lines=lines,
        low=low,
        high=high,
        ends=ends,
        levels=levels,
        texts=tick_labels(levels, panel.unit),
    )


def _draw_all(
    page: Page, chart: PanelChart, plots: Sequence[_Plot], head: float, height: float
) -> None:
    x = [moment.timestamp() for moment in chart.x]
    marks = visible(chart.marks, x)
    x_ends = time_ends(x, [*marks, *chain(*(visible(plot.panel.marks, x) for plot in plots))])
    texts = [page.width_of(text, CALM_LABEL) for plot in plots for text in plot.texts]
    names = [(line.name, line.lettering) for plot in plots for line in plot.lines]
    left = MARGIN + max(texts, default=0) + 14
    right = WIDTH - MARGIN - names_width(page, names)
    flags = Flags(page, marks, Frame(left=left, top=0, right=right, bottom=1, x=x_ends, y=(0, 1)))
    top = head + flags.rows * FLAG_HEIGHT
    pitch = _LABEL_HEIGHT + height + _SPACE
    frames = [
        Frame(left=left, top=begin, right=right, bottom=begin + height, x=x_ends, y=plot.ends)
        for number, plot in enumerate(plots)
        for begin in (top + _LABEL_HEIGHT + number * pitch,)
    ]
    page.crop(frames[-1].bottom + _FOOT)
    draw_time_axis(page, frames[-1], ticks_between(x_ends, chart.x[0], right - left), chart.x[0])
    flags.draw(Frame(left=left, top=top, right=right, bottom=frames[-1].bottom, x=x_ends, y=(0, 1)))
    for frame, plot in zip(frames, plots, strict=True):
        _draw_panel(page, frame, plot, x, explained(chart.x, plot.known, chart.marks))
    rest = [*_left_out(len(chart.panels) - len(plots), flags.unlabelled)]
    page.write(MARGIN, page.height - 18, " and ".join(["", *rest]).strip(), NOTE)


def _left_out(panels: int, marks: int) -> Iterator[str]:
    if panels:
        yield f"{panels} more {'panel' if panels == 1 else 'panels'}"
    if marks:
        yield f"{marks} more marked {'moment' if marks == 1 else 'moments'}"


def _draw_panel(
    page: Page, frame: Frame, plot: _Plot, x: Sequence[float], known: Sequence[bool]
) -> None:
    strong = plot.panel.emphasis
    lettering, noting = (
        (STRONG_LABEL if strong else PLAIN),
        Lettering(SMALL, INK if strong else QUIET),
    )
    note = page.shorten(plot.panel.note, WIDTH / 2, noting)
    room = WIDTH - 2 * MARGIN - page.width_of(note, noting) - 40
    y = frame.top - 20
    page.write(MARGIN, y, page.shorten(plot.panel.label, room, lettering), lettering, boxed=True)
    page.write(WIDTH - MARGIN, y, note, noting, across="right", boxed=True)
    draw_value_axis(page, frame, plot.levels, plot.texts)
    draw_band(page, frame, x, plot.low, plot.high)
    draw_gaps(page, frame, x, known)
    _draw_marks(page, frame, visible(plot.panel.marks, x))
    for line in plot.lines:
        draw_stroke(page, frame, x, line)
    draw_names(page, frame, [*line_names(plot.lines, x, frame)])


def _draw_marks(page: Page, frame: Frame, marks: Sequence[Mark]) -> None:
    """Put up the poles of a panel's own marks, and name those that have room."""
    end = frame.left
    for mark in sorted(marks, key=lambda mark: mark.at):
        x = frame.across(max(mark.at.timestamp(), frame.x[0]))
        lettering = Lettering(SMALL, SPAN_INK if mark.until else INK)
        if mark.until:
            until = frame.across(min(mark.until.timestamp(), frame.x[1]))
            page.box((x, until), (frame.top, frame.bottom), colour=SPAN, order=0)
        ends = (frame.top, frame.bottom)
        page.line((x, x), ends, colour=lettering.colour, width=3, order=3, dashed=True)
        words = page.shorten(mark.label, (frame.right - frame.left) / 2, lettering)
        width = page.width_of(words, lettering)
        before = x - width - 10  # where what is marked has not begun, and draws no line
        start = before if before > end else max(x, end) + 10
        if start + width < frame.right:
            page.write(start, frame.top + SMALL, words, lettering, boxed=True)
            end = start + width
