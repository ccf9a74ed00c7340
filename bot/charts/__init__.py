"""Pictures: the description of a chart to the bytes of a PNG."""

from __future__ import annotations

import threading

from bot.charts.bars import draw_bars
from bot.charts.line import draw_lines
from queries.core.answer import Chart, LineChart

__all__ = ["draw"]

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's font cache is shared and not thread-safe


def draw(chart: Chart, size: tuple[int, int] = (1600, 900)) -> bytes:
    """Draw a chart as an opaque PNG, legible when it is shown 360 pixels wide.

    ``size`` is width and height in pixels; a bar chart of few bars is drawn less high.
    Text is drawn literally, whatever it holds, and characters that the font lacks are spelled.
    """
    with _ONE_AT_A_TIME:
        if isinstance(chart, LineChart):
            return draw_lines(chart, size)
        return draw_bars(chart, size)
