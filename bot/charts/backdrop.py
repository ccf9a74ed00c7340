"""What lies behind the lines of a chart over time: axes, usual range, gaps and marked moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.charts.labels import Flag, flags
from bot.charts.page import Page
from bot.charts.scales import Frame
from bot.charts.style import (
    BAND,
    CALM_LABEL,
    GRID,
    HATCH,
    INK,
    LABEL,
    MARGIN,
    MEASURE,
    NOTE,
    QUIET,
    SMALL,
    SPAN,
    SPAN_INK,
    WIDTH,
    Lettering,
)
from bot.charts.times import Tick, time_ticks, zone_name
from queries.core.charts import Mark

FLAG_HEIGHT = 46.0
_FLAG_ROWS = 4
_FLAG_WIDTH = 700.0


def visible(marks: Sequence[Mark], x: Sequence[float]) -> list[Mark]:
    """The marks that touch the time drawn, which lasts one step past the last value."""
    step = x[-1] - x[-2] if len(x) > 1 else 1800.0
    low, high = x[0], x[-1] + step
    return [
        mark
        for mark in marks
        if mark.at.timestamp() <= high and (mark.until or mark.at).timestamp() >= low
    ]


def time_ends(x: Sequence[float], marks: Sequence[Mark]) -> tuple[float, float]:
    """Where the time axis begins and ends: with the values, or with a mark after them."""
    low, high = x[0], max(x[-1], *(mark.at.timestamp() for mark in marks), x[0])
    return (low, high) if high > low else (low - 1800, high + 1800)


def explained(x: Sequence[datetime], known: Sequence[bool], marks: Sequence[Mark]) -> list[bool]:
    """Which moments have a value, or lie in a marked span that says why they have none."""
    spans = [(mark.at, mark.until) for mark in marks if mark.until is not None]
    return [
        here or any(start <= moment <= end for start, end in spans)
        for moment, here in zip(x, known, strict=True)
    ]


class Flags:
    """The labels of the marks, above the plot, each at the top of its pole."""

    def __init__(self, page: Page, marks: Sequence[Mark], frame: Frame) -> None:
        self._page = page
        self._marks = marks
        self._texts = [page.shorten(mark.label, _FLAG_WIDTH, NOTE) for mark in marks]
        at = [self._start(mark, frame) for mark in marks]
        widths = [page.width_of(text, NOTE) + 24 for text in self._texts]
        self._flags = flags(at, widths, MARGIN, WIDTH - MARGIN, _FLAG_ROWS)
        self.rows = max((flag.row + 1 for flag in self._flags if flag), default=0)
        self.unlabelled = sum(flag is None for flag in self._flags)

    def draw(self, frame: Frame) -> None:
        """Shade the spans, put up a pole for each mark and write its label beside the top."""
        for mark, flag, text in zip(self._marks, self._flags, self._texts, strict=True):
            x = self._start(mark, frame)
            colour = SPAN_INK if mark.until else INK
            if mark.until:
                end = frame.across(min(mark.until.timestamp(), frame.x[1]))
                self._page.box((x, end), (frame.top, frame.bottom), colour=SPAN, order=0)
            top = self._baseline(frame, flag) - SMALL if flag else frame.top
            ends = (top, frame.bottom)
            self._page.line((x, x), ends, colour=colour, width=3, order=3, dashed=True)
            if flag:
                start = flag.left + (12 if flag.left >= x else 0)
                y = self._baseline(frame, flag)
                self._page.write(start, y, text, Lettering(SMALL, colour), boxed=True)

    @staticmethod
    def _start(mark: Mark, frame: Frame) -> float:
        return frame.across(max(mark.at.timestamp(), frame.x[0]))

    @staticmethod
    def _baseline(frame: Frame, flag: Flag) -> float:
        return frame.top - flag.row * FLAG_HEIGHT - 18


def draw_value_axis(
    page: Page, frame: Frame, levels: Sequence[float], texts: Sequence[str]
) -> None:
    """Light lines across the plot, each with its value at the left."""
    for level, text in zip(levels, texts, strict=True):
        y = frame.down(level)
        colour, width = (QUIET, 3.0) if level == 0 else (GRID, 2.0)
        page.line((frame.left, frame.right), (y, y), colour=colour, width=width, order=2)
        # Capitals are 0.73 of their size high, so that a baseline 0.36 below puts their middle
        # here.
        page.write(frame.left - 14, y + LABEL * 0.36, text, CALM_LABEL, across="right")


def ticks_between(ends: tuple[float, float], start: datetime, width: float) -> list[Tick]:
    """As many round moments as can be written side by side, the days without overlap."""
    first, last = (datetime.fromtimestamp(end, start.tzinfo) for end in ends)
    found = time_ticks(first, last, max(2, int(width / 165)))
    days = [tick for tick in found if tick.below]
    # The first tick carries the day that it lies in: where the next one begins at once, both
    # overlap.
    if len(days) > 1 and (days[1].at - days[0].at) / (ends[1] - ends[0]) * width < 140:
        found[0] = Tick(found[0].at, found[0].label)
    return found


def draw_time_axis(page: Page, frame: Frame, ticks: Sequence[Tick], start: datetime) -> None:
    """Round moments on the reader's clock below the plot, and the name of the zone."""
    for tick in ticks:
        x = frame.across(tick.at)
        ends = (frame.bottom, frame.bottom + 10)
        page.line((x, x), ends, colour=QUIET, width=2.5, order=2)
        page.write(x, frame.bottom + 47, tick.label, CALM_LABEL, across="center")
        page.write(x, frame.bottom + 84, tick.below, Lettering(SMALL), across="center")
    words = page.shorten(f"Time in {zone_name(start)}", WIDTH / 2, NOTE)
    page.write(frame.right, page.height - 18, words, NOTE, across="right")


def draw_number_axis(
    page: Page, frame: Frame, levels: Sequence[float], texts: Sequence[str], label: str
) -> None:
    """Light lines down the plot, its value below each that has room, and what the values are."""
    end = 0.0
    for level, text in zip(levels, texts, strict=True):
        x, half = frame.across(level), page.width_of(text, CALM_LABEL) / 2
        page.line((x, x), (frame.top, frame.bottom), colour=GRID, width=2, order=2)
        x = min(x, WIDTH - half - 8)
        if x - half > end:
            page.write(x, frame.bottom + 44, text, CALM_LABEL, across="center")
            end = x + half + 16
    words = page.shorten(label, frame.right - MARGIN, MEASURE)
    page.write(frame.right, frame.bottom + 92, words, MEASURE, across="right")


def draw_band(
    page: Page, frame: Frame, x: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> None:
    """Shade the usual range; where either end is missing there is none."""
    across = [frame.across(moment) for moment in x]
    page.area(across, [*map(frame.down, low)], [*map(frame.down, high)], colour=BAND)


def draw_gaps(page: Page, frame: Frame, x: Sequence[float], known: Sequence[bool]) -> None:
    """Hatch every stretch of time in which no line has a value, and say so where there is room."""
    for first, last in _stretches(known):
        left, right = (frame.across(x[i]) for i in (max(first - 1, 0), min(last + 1, len(x) - 1)))
        page.box((left, right), (frame.top, frame.bottom), colour=HATCH, order=0.5, hatched=True)
        if page.width_of("no data", NOTE) + 24 < right - left:
            middle = ((left + right) / 2, (frame.top + frame.bottom) / 2)
            page.write(*middle, "no data", NOTE, across="center", boxed=True)


def _stretches(known: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, here in enumerate(known):
        if here:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
