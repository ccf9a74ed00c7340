"""One number against another: points with their intervals, and where both would be equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.charts.backdrop import draw_number_axis, draw_value_axis
from bot.charts.labels import spread
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
from queries.core.answer import Curve, CurveChart

_NAME_WIDTH = 360.0
_NAME_HEIGHT = 44.0
_FOOT = 128.0


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
    page = Page(size)
    head = page.head(chart.title, chart.y_label)
    curves = list(_ready(page, chart.curves))
    if not curves:
        middle = (WIDTH / 2, (head + page.height) / 2)
        page.write(*middle, "Nothing to show", CALM_LABEL, across="center")
        return page.png()
    x_ends, y_ends = _ends(chart, curves)
    x_levels, y_levels = ticks(*x_ends, chart.x_unit), ticks(*y_ends, chart.y_unit)
    y_texts = tick_labels(y_levels, chart.y_unit)
    left = MARGIN + max((page.width_of(text, CALM_LABEL) for text in y_texts), default=0) + 14
    diagonal = page.shorten(chart.diagonal, _NAME_WIDTH, NOTE)
    names = [page.width_of(each.name, each.lettering) for each in curves]
    right = WIDTH - MARGIN - max(page.width_of(diagonal, NOTE), *names) - 40
    frame = Frame(left, head + 24, right, page.height - _FOOT, x_ends, y_ends)
    draw_value_axis(page, frame, y_levels, y_texts)
    draw_number_axis(page, frame, x_levels, tick_labels(x_levels, chart.x_unit), chart.x_label)
    if chart.diagonal:
        _draw_diagonal(page, frame)
    for each in curves:
        _draw_curve(page, frame, each)
    _draw_names(page, frame, curves, diagonal)
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
    across = [frame.across(spot.x) for spot in curve.spots]
    down = [frame.down(spot.y) for spot in curve.spots]
    page.line(across, down, colour=colour, width=6 if strong else 4, order=4)
    for spot, x, y in zip(curve.spots, across, down, strict=True):
        if math.isfinite(spot.low) and math.isfinite(spot.high):
            ends = frame.down(spot.low), frame.down(spot.high)
            page.line((x, x), ends, colour=colour, width=3.5, order=4)
            for end in ends:
                page.line((x - 9, x + 9), (end, end), colour=colour, width=3.5, order=4)
        page.dot(x, y, colour=colour, width=20 if strong else 16, order=5)


def _draw_names(page: Page, frame: Frame, curves: Sequence[_Drawn], diagonal: str) -> None:
    """Write the names beside the curves' ends, apart from each other."""
    named = [
        (each.name, each.lettering, frame.across(each.spots[-1].x), frame.down(each.spots[-1].y))
        for each in curves
        if each.name
    ]
    if diagonal:
        named.append((diagonal, NOTE, frame.right, frame.down(frame.x[1])))
    ends = (frame.top - _NAME_HEIGHT / 2, frame.bottom + _NAME_HEIGHT / 2)
    heights = [_NAME_HEIGHT] * len(named)
    places = spread([y for *_, y in named], heights, *ends)
    for (words, lettering, x, y), place in zip(named, places, strict=True):
        if abs(place - y) > 6 or frame.right - x > 6:
            line = (x + 14, frame.right + 24)
            page.line(line, (y, place), colour=lettering.colour, width=2, order=3)
        page.write(frame.right + 30, place + lettering.size * 0.36, words, lettering)
