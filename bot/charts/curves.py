"""One number against another: points with their intervals, and where both would be equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.charts.backdrop import draw_number_axis, draw_value_axis
from bot.charts.names import Name, draw_names, names_width
from bot.charts.page import Page
from bot.charts.scales import Frame, drawable, limits, tick_labels, ticks
from bot.charts.style import (
    CALM,
    CALM_LABEL,
    MARGIN,
    MUTED,
    NOTE,
    QUIET,
    STRONG,
    WIDTH,
    Lettering,
)
from queries.core.charts import Curve, CurveChart

_NAME_WIDTH = 360.0
_FOOT = 128.0
_SLOPE = 0.66
"""A plot's height for its width: near a square, so that a diagonal looks like one."""


@dataclass(frozen=True, slots=True)
class _Spot:
    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A curve made ready: its points that can be drawn, its name, its colour and weight."""

    name: str
    spots: list[_Spot]
    lettering: Lettering


def draw_curves(chart: CurveChart, size: tuple[int, int]) -> bytes:
    """Draw one number against another; see ``bot.charts.draw``."""
    page = Page((size[0], size[0]))
    head = page.head(chart.title, chart.y_label)
    curves = list(_ready(page, chart.curves))
    if not curves:
        page.crop(head + 200)
        page.write(WIDTH / 2, head + 80, "Nothing to show", CALM_LABEL, across="center")
        return page.png()
    x_ends, y_ends = _ends(chart, curves)
    x_levels, y_levels = ticks(*x_ends, chart.x_unit), ticks(*y_ends, chart.y_unit)
    y_texts = tick_labels(y_levels, chart.y_unit)
    left = MARGIN + max((page.width_of(text, CALM_LABEL) for text in y_texts), default=0) + 14
    diagonal = page.shorten(chart.diagonal, _NAME_WIDTH, NOTE)
    names = [*(([each.name], each.lettering) for each in curves), ([diagonal], NOTE)]
    right = WIDTH - MARGIN - names_width(page, names)
    top = head + 24
    frame = Frame(
        left=left, top=top, right=right, bottom=top + (right - left) * _SLOPE, x=x_ends, y=y_ends
    )
    page.crop(frame.bottom + _FOOT)
    draw_value_axis(page, frame, y_levels, y_texts)
    draw_number_axis(page, frame, x_levels, tick_labels(x_levels, chart.x_unit), chart.x_label)
    if chart.diagonal:
        _draw_diagonal(page, frame)
    for each in curves:
        _draw_curve(page, frame, each)
    draw_names(page, frame, [*_names(frame, curves, diagonal)])
    return page.png()


def _ready(page: Page, curves: Sequence[Curve]) -> Iterator[_Drawn]:
    recede = any(curve.emphasis for curve in curves)
    for number, curve in enumerate(curves[: len(CALM)]):
        colour = CALM[number] if not recede else STRONG[0] if curve.emphasis else MUTED[0]
        lettering = Lettering(colour=colour, bold=curve.emphasis)
        spots = [
            _Spot(*map(drawable, (point.x, point.y, point.low, point.high)))
            for point in curve.points
        ]
        known = [spot for spot in spots if math.isfinite(spot.x) and math.isfinite(spot.y)]
        if known:
            yield _Drawn(page.shorten(curve.label, _NAME_WIDTH, lettering), known, lettering)


def _ends(
    chart: CurveChart, curves: Sequence[_Drawn]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of both axes; the same for both where they are compared by a diagonal."""
    spots = [spot for each in curves for spot in each.spots]
    across = [spot.x for spot in spots]
    down = [end for spot in spots for end in (spot.y, spot.low, spot.high)]
    if chart.diagonal:
        both = limits([*across, *down], chart.y_unit)
        return both, both
    return limits(across, chart.x_unit), limits(down, chart.y_unit)


def _draw_diagonal(page: Page, frame: Frame) -> None:
    ends = frame.x
    across, down = [*map(frame.across, ends)], [*map(frame.down, ends)]
    page.line(across, down, colour=QUIET, width=3, order=3, dashed=True)


def _draw_curve(page: Page, frame: Frame, curve: _Drawn) -> None:
    colour, strong = curve.lettering.colour, curve.lettering.bold
    # In front of the others, wherever it stands among them.
    order = 6 if strong else 4
    across = [frame.across(spot.x) for spot in curve.spots]
    down = [frame.down(spot.y) for spot in curve.spots]
    page.line(across, down, colour=colour, width=6 if strong else 4, order=order)
    for spot, x, y in zip(curve.spots, across, down, strict=True):
        if math.isfinite(spot.low) and math.isfinite(spot.high):
            ends = frame.down(spot.low), frame.down(spot.high)
            page.line((x, x), ends, colour=colour, width=3.5, order=order)
            for end in ends:
                page.line((x - 9, x + 9), (end, end), colour=colour, width=3.5, order=order)
        page.dot(x, y, colour=colour, width=20 if strong else 16, order=order + 1)


def _names(frame: Frame, curves: Sequence[_Drawn], diagonal: str) -> Iterator[Name]:
    for each in curves:
        last = each.spots[-1]
        yield Name([each.name], each.lettering, frame.across(last.x), frame.down(last.y))
    yield Name([diagonal], NOTE, frame.right, frame.down(frame.x[1]))
