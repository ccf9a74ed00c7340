"""How a number is spread: bars for now, an outline for before, over the same bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise

from bot.charts.backdrop import draw_value_axis
from bot.charts.key import KEY_HEIGHT, LIMIT_HEIGHT, Sample, draw_key, draw_limit
from bot.charts.page import Page
from bot.charts.scales import Frame, drawable, edge_labels, limits, tick_labels, ticks
from bot.charts.style import (
    BAR,
    CALM_LABEL,
    INK,
    MARGIN,
    MEASURE,
    WIDTH,
)
from queries.core.charts import ShapeChart
from queries.core.value import ColumnType

_FOOT = 128.0
_SPACE = 16.0
UNEVEN = 1.5
"""Bins of which none is more than so many times as wide as another are drawn to scale."""


def draw_shapes(chart: ShapeChart, size: tuple[int, int]) -> bytes:
    """Draw two distributions; see ``bot.charts.draw``."""
    page = Page(size)
    head = page.head(chart.title, "share of the requests")
    bins = min(len(chart.edges) - 1, len(chart.now), len(chart.before))
    now = [drawable(value) for value in chart.now[: max(0, bins)]]
    before = [drawable(value) for value in chart.before[: max(0, bins)]]
    if not any(map(math.isfinite, chain(now, before))):
        middle = (WIDTH / 2, (head + page.height) / 2)
        page.write(*middle, "Nothing to show", CALM_LABEL, across="center")
        return page.png()
    y_ends = limits(chain(now, before, (0.0,)), "share")
    levels = ticks(*y_ends, "share")
    texts = tick_labels(levels, "share")
    left = MARGIN + max((page.width_of(text, CALM_LABEL) for text in texts), default=0) + 14
    edges = [drawable(edge) for edge in chart.edges[: bins + 1]]
    places = _places(edges)
    mark = _place(drawable(chart.mark), edges, places)
    top = head + KEY_HEIGHT + (10 if mark is None else LIMIT_HEIGHT)
    frame = Frame(
        left=left, top=top, right=WIDTH - MARGIN, bottom=page.height - _FOOT, x=(0, bins), y=y_ends
    )
    draw_value_axis(page, frame, levels, texts)
    across = [frame.across(place) for place in places]
    _draw_now(page, frame, now, across)
    _draw_before(page, frame, before, across)
    _draw_edges(page, frame, chart, edges, places)
    draw_key(page, head + 34, [Sample(chart.now_label, BAR), Sample(chart.before_label, INK, True)])
    if mark is not None:
        draw_limit(page, frame, frame.across(mark), chart.mark_label)
    return page.png()


def _draw_now(page: Page, frame: Frame, shares: Sequence[float], across: Sequence[float]) -> None:
    for share, (left, right) in zip(shares, pairwise(across), strict=True):
        if math.isfinite(share):
            gap = min(2.0, (right - left) / 4)
            sides = left + gap, right - gap
            page.box(sides, (frame.down(0), frame.down(share)), colour=BAR, order=3)


def _draw_before(
    page: Page, frame: Frame, shares: Sequence[float], across: Sequence[float]
) -> None:
    """A line that steps from bin to bin, down to zero where there is no share."""
    steps = [share if math.isfinite(share) else 0.0 for share in shares]
    corners = [x for both in pairwise(across) for x in both]
    down = [frame.down(share) for share in steps for _ in range(2)]
    page.line(
        [corners[0], *corners, corners[-1]],
        [frame.down(0), *down, frame.down(0)],
        colour=INK,
        width=5,
        order=5,
    )


def _draw_edges(
    page: Page, frame: Frame, chart: ShapeChart, edges: Sequence[float], places: Sequence[float]
) -> None:
    """Write round numbers where bins are drawn to scale, else as many edges as have room."""
    found: Sequence[tuple[float, str]]
    if _even(edges):
        found = _round(edges, places, chart.unit)
    else:
        pitch = (frame.right - frame.left) / (len(edges) - 1)
        found = _labelled(page, edges, chart.unit, pitch)
    for at, text in found:
        x, half = frame.across(at), page.width_of(text, CALM_LABEL) / 2
        centre = min(max(x, half + 4), WIDTH - half - 4)
        page.line((x, x), (frame.bottom, frame.bottom + 10), colour=INK, width=2.5, order=2)
        page.write(centre, frame.bottom + 46, text, CALM_LABEL, across="center")
    words = page.shorten(chart.x_label, WIDTH - 2 * MARGIN, MEASURE)
    page.write(frame.right, frame.bottom + 94, words, MEASURE, across="right")


def _even(edges: Sequence[float]) -> bool:
    """Say whether bins are about equally wide; the first and the last may be narrower."""
    widths = [high - low for low, high in pairwise(edges)]
    inner = widths[1:-1]
    if not inner or not all(math.isfinite(width) and width >= 0 for width in widths):
        return False
    return 0 < max(widths) <= UNEVEN * min(inner)


def _places(edges: Sequence[float]) -> list[float]:
    """Where edges lie, counted in bins: to scale, or one after the other where bins differ."""
    bins = len(edges) - 1
    if not _even(edges):
        return [float(at) for at in range(bins + 1)]
    return [(edge - edges[0]) / (edges[-1] - edges[0]) * bins for edge in edges]


def _round(
    edges: Sequence[float], places: Sequence[float], unit: ColumnType
) -> list[tuple[float, str]]:
    """Round numbers, with where they lie."""
    levels = ticks(edges[0], edges[-1], unit)
    found = zip(levels, tick_labels(levels, unit), strict=True)
    return [(at, text) for level, text in found if (at := _place(level, edges, places)) is not None]


def _labelled(
    page: Page, edges: Sequence[float], unit: ColumnType, pitch: float
) -> list[tuple[int, str]]:
    """Every edge, or every second, third, … with its label: the first that have room."""
    for every in range(1, len(edges)):
        texts = edge_labels(edges[::every], unit)
        widths = [page.width_of(text, CALM_LABEL) + _SPACE for text in texts]
        if all((a + b) / 2 <= pitch * every for a, b in pairwise(widths)):
            return list(zip(range(0, len(edges), every), texts, strict=True))
    return [(0, edge_labels(edges[:1], unit)[0])]


def _place(value: float, edges: Sequence[float], places: Sequence[float]) -> float | None:
    """Where a value lies, counted in bins; None outside of them."""
    for (low, high), (left, right) in zip(pairwise(edges), pairwise(places), strict=True):
        # A bin may have no width: what lies in it is put in its middle.
        if low <= value <= high:
            return left + (right - left) * ((value - low) / (high - low) if high > low else 0.5)
    return None
