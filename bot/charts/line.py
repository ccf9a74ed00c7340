"""Values over time: lines with their names at their ends, the usual range, and marked moments."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

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
from bot.charts.labels import spread
from bot.charts.page import Page
from bot.charts.scales import Frame, limits, tick_labels, ticks
from bot.charts.strokes import Line, band_ends, draw_stroke, strokes
from bot.charts.style import BAND_INK, CALM_LABEL, MARGIN, NOTE, SMALL, WIDTH, Lettering
from queries.core.answer import LineChart

_NAME_WIDTH = 340.0
_NAME_HEIGHT = 42.0
_BAND_LABEL = Lettering(SMALL, BAND_INK)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of one or two lines of text for what ends at ``x`` and ``y``."""

    lines: list[str]
    lettering: Lettering
    x: float
    y: float


def draw_lines(chart: LineChart, size: tuple[int, int]) -> bytes:
    """Draw values over time; see ``bot.charts.draw``."""
    page = Page(size)
    head = page.head(chart.title, chart.y_label)
    lines = list(strokes(page, chart.series, len(chart.x), _NAME_WIDTH))
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
    band_name = page.wrap(chart.band.label if chart.band else "", _NAME_WIDTH, _BAND_LABEL, 2)
    names = [(words, line.lettering) for line in lines for words in line.name]
    names += [(words, _BAND_LABEL) for words in band_name]
    left = MARGIN + max((page.width_of(text, CALM_LABEL) for text in texts), default=0) + 14
    right = WIDTH - MARGIN - max(page.width_of(*name) for name in names) - 40
    flags = Flags(page, marks, Frame(left, 0, right, 1, x_ends, y_ends))
    moments = ticks_between(x_ends, chart.x[0], right - left)
    foot = 140 if any(tick.below for tick in moments) else 104
    top = head + flags.rows * FLAG_HEIGHT + 16
    frame = Frame(left, top, right, page.height - foot, x_ends, y_ends)

    draw_value_axis(page, frame, levels, texts)
    draw_time_axis(page, frame, moments, chart.x[0])
    draw_band(page, frame, x, low, high)
    draw_gaps(page, frame, x, _explained(chart, known))
    flags.draw(frame)
    for line in lines:
        draw_stroke(page, frame, x, line)
    _draw_names(
        page, frame, [*_names(lines, x, frame), *_band_name(band_name, x, low, high, frame)]
    )
    if flags.unlabelled:
        words = f"and {flags.unlabelled} more marked moments"
        page.write(MARGIN, page.height - 18, words, NOTE)


def _explained(chart: LineChart, known: Sequence[bool]) -> list[bool]:
    """Which moments have a value, or lie in a marked span that says why they have none."""
    spans = [(mark.at, mark.until) for mark in chart.marks if mark.until is not None]
    return [
        here or any(start <= moment <= end for start, end in spans)
        for moment, here in zip(chart.x, known, strict=True)
    ]


def _names(lines: Sequence[Line], x: Sequence[float], frame: Frame) -> Iterator[_Name]:
    for line in lines:
        if any(line.name) and line.last >= 0:
            end = (frame.across(x[line.last]), frame.down(line.y[line.last]))
            yield _Name(line.name, line.lettering, *end)


def _band_name(
    name: list[str], x: Sequence[float], low: Sequence[float], high: Sequence[float], frame: Frame
) -> Iterator[_Name]:
    last = max((index for index, y in enumerate(low) if math.isfinite(y)), default=-1)
    if any(name) and last >= 0:
        middle = frame.down((low[last] + high[last]) / 2)
        yield _Name(name, _BAND_LABEL, frame.across(x[last]), middle)


def _draw_names(page: Page, frame: Frame, names: list[_Name]) -> None:
    """Write the names beside the lines' ends, apart from each other; the strong ones for sure."""
    shown = _fitting(names, frame)
    heights = [len(name.lines) * _NAME_HEIGHT for name in shown]
    ends = (frame.top - _NAME_HEIGHT / 2, frame.bottom + _NAME_HEIGHT / 2)
    places = spread([name.y for name in shown], heights, *ends)
    start = frame.right + 30
    for name, height, y in zip(shown, heights, places, strict=True):
        if abs(y - name.y) > 6 or frame.right - name.x > 6:
            across = (name.x + 8, start - 6)
            page.line(across, (name.y, y), colour=name.lettering.colour, width=2, order=3)
        for number, words in enumerate(name.lines):
            middle = y - height / 2 + (number + 0.5) * _NAME_HEIGHT
            page.write(start, middle + name.lettering.size * 0.36, words, name.lettering)


def _fitting(names: list[_Name], frame: Frame) -> list[_Name]:
    """As many names as there is room for, and how many there are besides."""
    ranked = sorted(names, key=lambda name: (not name.lettering.bold, name.y))
    room = int((frame.bottom - frame.top) / _NAME_HEIGHT) + 1
    if sum(len(name.lines) for name in ranked) <= room:
        return ranked
    ends = accumulate(len(name.lines) for name in ranked)
    shown = [name for name, end in zip(ranked, ends, strict=True) if end < room]
    rest = [f"and {len(ranked) - len(shown)} more"]
    return [*shown, _Name(rest, NOTE, frame.right, frame.bottom)]
