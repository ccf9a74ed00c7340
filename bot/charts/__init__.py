"""Pictures: the description of a chart to the bytes of a PNG."""

from __future__ import annotations

import threading

from bot.charts.bars import draw_bars
from bot.charts.curves import draw_curves
from bot.charts.line import draw_lines
from bot.charts.panels import draw_panels
from bot.charts.shapes import draw_shapes
from queries.core.charts import BarChart, Chart, CurveChart, LineChart, PanelChart, ShapeChart

__all__ = ["draw"]

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's font cache is shared and not thread-safe


def draw(chart: Chart, size: tuple[int, int] = (1600, 900)) -> bytes:
    """Draw a chart as an opaque PNG, legible when it is shown 360 pixels wide.

    ``size`` is width and height in pixels; bars and panels take
    the height that they need.
    Text is drawn literally, whatever it holds, and characters that the font lacks are spelled.
    """
    with _ONE_AT_A_TIME:
        match chart:
            case LineChart():
                return draw_lines(chart, size)
            case BarChart():
                return draw_bars(chart, size)
            case PanelChart():
                return draw_panels(chart, size)
            case CurveChart():
                return draw_curves(chart, size)
            case ShapeChart():
                return draw_shapes(chart, size)
