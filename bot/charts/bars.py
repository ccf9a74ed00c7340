"""Ranked horizontal bars with their values, intervals, references and a limit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.charts.labels import flags
from bot.charts.page import Page
from bot.charts.scales import Frame, drawable, written
from bot.charts.style import (
    BAR,
    BAR_STRONG,
    CALM,
    CALM_LABEL,
    INK,
    LABEL,
    MARGIN,
    NOTE,
    PLAIN,
    QUIET,
    SMALL,
    SPAN_INK,
    STRONG_LABEL,
    WIDTH,
    Lettering,
)
from queries.core.answer import BarChart

_NAME_WIDTH = 520.0
_TALLEST_ROW, _LOWEST_ROW = 124.0, 54.0
_KEY_HEIGHT = 50.0
_SPACE = 16.0
_UNKNOWN = "too few to say"
_KEY = Lettering(SMALL)


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    text: str
    text_width: float
    lettering: Lettering
    colour: str
    value: float
    low: float
    high: float
    reference: float

    @property
    def drawn(self) -> tuple[float, float]:
        """How far the bar and its interval reach to either side of zero."""
        seen = [end for end in (self.value, self.low, self.high) if math.isfinite(end)]
        return min(0.0, 0.0, *seen), max(0.0, 0.0, *seen)

    @property
    def ends(self) -> tuple[float, float]:
        """The same with the reference."""
        low, high = self.drawn
        known = math.isfinite(self.reference)
        return (min(low, self.reference), max(high, self.reference)) if known else (low, high)


def draw_bars(chart: BarChart, size: tuple[int, int]) -> bytes:
    """Draw ranked bars; see ``bot.charts.draw``."""
    page = Page(size)
    head = page.head(chart.title, chart.x_label)
    limit = drawable(chart.limit)
    top = head + 12 + (_KEY_HEIGHT if chart.reference_label or math.isfinite(limit) else 0)
    most = max(1, int((page.height - top - MARGIN) / _LOWEST_ROW))
    count = len(chart.bars) if len(chart.bars) <= most else most - 1
    rows = list(_rows(page, chart, count))
    if not rows:
        page.write(WIDTH / 2, top + 100, "Nothing to show", CALM_LABEL, across="center")
        page.crop(top + 200)
        return page.png()
    pitch = min(_TALLEST_ROW, (page.height - top - MARGIN) / max(1, min(len(chart.bars), most)))
    frame = _frame(page, rows, limit, top, top + pitch * len(rows))
    _draw_key(page, frame, chart, limit)
    for number, row in enumerate(rows):
        _draw_row(page, frame, row, top + (number + 0.5) * pitch, pitch)
    zero = frame.across(0)
    page.line((zero, zero), (top, frame.bottom), colour=QUIET, width=3, order=6)
    if count < len(chart.bars):
        words = f"and {len(chart.bars) - count} more"
        page.write(MARGIN, frame.bottom + 36, words, NOTE)
    else:
        page.crop(frame.bottom + MARGIN)
    return page.png()


def _rows(page: Page, chart: BarChart, count: int) -> Iterator[_Row]:
    some = any(bar.emphasis for bar in chart.bars)
    values = [drawable(bar.value) for bar in chart.bars[:count]]
    for bar, value, text in zip(chart.bars, values, written(values, chart.unit), strict=False):
        shown = text or _UNKNOWN
        lettering = STRONG_LABEL if bar.emphasis else PLAIN
        yield _Row(
            name=page.shorten(bar.label, _NAME_WIDTH, lettering),
            text=shown,
            text_width=page.width_of(shown, lettering),
            lettering=lettering,
            colour=BAR_STRONG if bar.emphasis else BAR if some else CALM[0],
            value=value,
            low=drawable(bar.low),
            high=drawable(bar.high),
            reference=drawable(bar.reference),
        )


def _frame(page: Page, rows: Sequence[_Row], limit: float, top: float, bottom: float) -> Frame:
    """The plot beside the names, its scale as large as leaves every value's text its room."""
    names = max(page.width_of(row.name, row.lettering) for row in rows)
    below = [row.text_width + 2 * _SPACE for row in rows if row.value < 0]
    left = MARGIN + names + _SPACE + max(below, default=0)
    right = WIDTH - MARGIN
    bounded = limit if math.isfinite(limit) else 0.0
    low = min(bounded, *(row.ends[0] for row in rows))
    reach = max(bounded, *(row.ends[1] for row in rows)) - low
    scales = [(right - left) / reach] if reach > 0 else []
    for row in rows:
        start = row.ends[1] - low
        if not row.value < 0 and start > 0:
            scales.append((right - left - row.text_width - 2 * _SPACE) / start)
    scale = min(scales, default=right - left)
    return Frame(left, top, right, bottom, (low, low + (right - left) / scale), (0, 1))


def _draw_row(page: Page, frame: Frame, row: _Row, y: float, pitch: float) -> None:
    half = pitch * 0.3
    zero, reference = frame.across(0), frame.across(row.reference)
    page.write(MARGIN, y + LABEL * 0.36, row.name, row.lettering)
    if math.isfinite(row.value):
        ends = (zero, frame.across(row.value))
        page.box(ends, (y - half, y + half), colour=row.colour, order=4)
    if math.isfinite(row.low) and math.isfinite(row.high):
        low, high = frame.across(row.low), frame.across(row.high)
        page.line((low, high), (y, y), colour=INK, width=3.5, order=5)
        for x in (low, high):
            page.line((x, x), (y - half / 3, y + half / 3), colour=INK, width=3.5, order=5)
    if math.isfinite(row.reference):
        _draw_reference(page, reference, y, half * 1.25)
    backwards = row.value < 0
    x = (
        frame.across(row.drawn[0]) - _SPACE - row.text_width
        if backwards
        else (frame.across(row.drawn[1]) + _SPACE)
    )
    if x - _SPACE < reference < x + row.text_width + _SPACE:
        x = reference - _SPACE - row.text_width if backwards else reference + _SPACE
    lettering = row.lettering if math.isfinite(row.value) else CALM_LABEL
    page.write(x, y + LABEL * 0.36, row.text, lettering, boxed=True)


def _draw_reference(page: Page, x: float, y: float, half: float) -> None:
    page.line((x, x), (y - half, y + half), colour="white", width=13, order=6)
    page.line((x, x), (y - half, y + half), colour=INK, width=6, order=7)


def _draw_key(page: Page, frame: Frame, chart: BarChart, limit: float) -> None:
    """Above the bars, say what the small upright means and what the dashed line does."""
    y = frame.top - 24
    left = MARGIN
    if chart.reference_label and any(bar.reference is not None for bar in chart.bars):
        words = page.shorten(chart.reference_label, _NAME_WIDTH, _KEY)
        _draw_reference(page, MARGIN + 4, y - SMALL * 0.36, 17)
        page.write(MARGIN + 20, y, words, _KEY)
        left += 20 + page.width_of(words, _KEY) + 2 * _SPACE
    if math.isfinite(limit):
        x = frame.across(limit)
        words = page.shorten(chart.limit_label, WIDTH / 2, _KEY)
        width = page.width_of(words, _KEY) + 24
        for flag in flags([x], [width], left, WIDTH - MARGIN, 1):
            if flag:
                start = flag.left + (12 if flag.left >= x else 0)
                page.write(start, y, words, Lettering(SMALL, SPAN_INK), boxed=True)
        ends = (frame.top - _KEY_HEIGHT + 4, frame.bottom)
        page.line((x, x), ends, colour=SPAN_INK, width=3, order=3, dashed=True)
