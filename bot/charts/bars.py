"""Ranked horizontal bars with their values, intervals, references and a limit.

A bar begins at zero. Where all values lie far from it and near each other, bars would look alike:
then dots are drawn on a scale that begins near the values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.charts.backdrop import draw_number_axis
from bot.charts.key import LIMIT_HEIGHT, draw_limit
from bot.charts.page import Page
from bot.charts.scales import Frame, drawable, tick_labels, ticks, written
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
    STRONG_LABEL,
    WIDTH,
    Lettering,
)
from queries.core.charts import BarChart
from queries.core.value import ColumnType

_NAME_WIDTH = 600.0
_TALLEST_ROW, _LOWEST_ROW = 124.0, 58.0
_MOST = 16
_ALIKE = 0.6
"""Values of which the least is more than this part of the greatest are drawn as dots."""
_AXIS_HEIGHT = 50.0
_DOT = 26.0
_ROOM = 0.08
"""So much of the scale of dots is left free at either end."""
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
    def ends(self) -> list[float]:
        """Its value, the ends of its interval and the reference, as far as there are any."""
        every = (self.value, self.low, self.high, self.reference)
        return [end for end in every if math.isfinite(end)]


def draw_bars(chart: BarChart, size: tuple[int, int]) -> bytes:
    """Draw ranked bars; see ``bot.charts.draw``."""
    # As high as wide at first, and cut to what the bars take.
    page = Page((size[0], size[0]))
    head = page.head(chart.title, chart.x_label)
    limit = drawable(chart.limit)
    top = head + 12 + (LIMIT_HEIGHT if chart.reference_label or math.isfinite(limit) else 0)
    count = len(chart.bars) if len(chart.bars) <= _MOST else _MOST - 1
    rows = list(_rows(page, chart, count))
    if not rows:
        page.write(WIDTH / 2, top + 100, "Nothing to show", CALM_LABEL, across="center")
        page.crop(top + 200)
        return page.png()
    base = _base(rows, limit)
    axis = 0.0 if math.isfinite(base) else _AXIS_HEIGHT
    wanted = (WIDTH * size[1] / size[0] - top - axis - MARGIN) / len(rows)
    pitch = min(_TALLEST_ROW, max(_LOWEST_ROW, wanted))
    frame = _frame(page, rows, (base, limit), top, top + pitch * len(rows))
    _draw_key(page, frame, chart, limit)
    _draw_axis(page, frame, base, chart.unit)
    foot = frame.bottom + axis
    for number, row in enumerate(rows):
        _draw_row(page, frame, row, (top + (number + 0.5) * pitch, pitch), base)
    if count < len(chart.bars):
        page.write(MARGIN, foot + 36, f"and {len(chart.bars) - count} more", NOTE)
        foot += 20
    page.crop(foot + MARGIN)
    return page.png()


def _base(rows: Sequence[_Row], limit: float) -> float:
    """Where bars begin: at zero; NaN where there shall be dots."""
    seen = [end for row in rows for end in row.ends] + [limit] * math.isfinite(limit)
    near = len(rows) > 1 and len(seen) > 1 and min(seen) > _ALIKE * max(seen) > 0
    return math.nan if near else 0.0


def _draw_axis(page: Page, frame: Frame, base: float, unit: ColumnType) -> None:
    """Draw where bars begin, or the scale that dots are read from."""
    if math.isfinite(base):
        zero = frame.across(base)
        page.line((zero, zero), (frame.top, frame.bottom), colour=QUIET, width=3, order=6)
    else:
        levels = ticks(*frame.x, unit)
        draw_number_axis(page, frame, levels, tick_labels(levels, unit), "")


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


def _frame(
    page: Page, rows: Sequence[_Row], fixed: tuple[float, float], top: float, bottom: float
) -> Frame:
    """The plot to the right of the names and of the values, which have a column of their own.

    Beyond a bar, a value would stand at the end of its interval and read as that. ``fixed`` are
    values that the scale has to hold besides the rows'.
    """
    names = max(page.width_of(row.name, row.lettering) for row in rows)
    values = max((row.text_width for row in rows if math.isfinite(row.value)), default=0.0)
    left, right = MARGIN + names + 2 * _SPACE + values + _SPACE, WIDTH - MARGIN
    seen = [
        *(each for each in fixed if math.isfinite(each)),
        *(e for row in rows for e in row.ends),
    ]
    low, high = min(seen), max(seen)
    if math.isnan(fixed[0]):
        room = (high - low) * _ROOM
        low, high = low - room, high + room
    return Frame(
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        x=(low, high if high > low else low + 1),
        y=(0, 1),
    )


def _draw_row(page: Page, frame: Frame, row: _Row, place: tuple[float, float], base: float) -> None:
    """Draw a row at the middle and of the height of ``place``."""
    y, half = place[0], place[1] * 0.3
    page.write(MARGIN, y + LABEL * 0.36, row.name, row.lettering)
    x = frame.across(row.value)
    if math.isfinite(x) and math.isfinite(base):
        page.box((frame.across(base), x), (y - half, y + half), colour=row.colour, order=4)
    if math.isfinite(row.low) and math.isfinite(row.high):
        low, high = frame.across(row.low), frame.across(row.high)
        page.line((low, high), (y, y), colour=INK, width=3.5, order=5)
        for end in (low, high):
            page.line((end, end), (y - half / 3, y + half / 3), colour=INK, width=3.5, order=5)
    if math.isfinite(x) and math.isnan(base):
        page.dot(x, y, colour=row.colour, width=_DOT, order=8)
    if math.isfinite(row.reference):
        _draw_reference(page, frame.across(row.reference), y, half * 1.25)
    _write_value(page, frame, row, y)


def _write_value(page: Page, frame: Frame, row: _Row, y: float) -> None:
    """Write the value before the bar; where there is none, that there is none in its place."""
    baseline = y + LABEL * 0.36
    if math.isfinite(row.value):
        page.write(frame.left - _SPACE, baseline, row.text, row.lettering, across="right")
    else:
        page.write(frame.left + _SPACE, baseline, row.text, CALM_LABEL, boxed=True)


def _draw_reference(page: Page, x: float, y: float, half: float) -> None:
    # White around it, so that it is seen on a bar as well as beside one.
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
        draw_limit(page, frame, frame.across(limit), chart.limit_label, left)
