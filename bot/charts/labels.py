"""Where labels go so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Flag:
    """A label that belongs to ``x`` and spans ``left`` to ``right`` in a row, 0 the lowest."""

    x: float
    left: float
    right: float
    row: int


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Middles of labels, none on another, as near as can be to those wanted and within the ends.

    Least squares under an order: isotonic regression (pool adjacent violators) of the wanted
    positions, each less the heights before it, clipped to the room that there is.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    above = [0.0, *accumulate(heights[index] for index in order)]
    middles = [above[rank] + heights[index] / 2 for rank, index in enumerate(order)]
    pools: list[tuple[float, int]] = []
    for index, middle in zip(order, middles, strict=True):
        mean, count = wanted[index] - middle, 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    # Where all of them have no room, they begin at the upper end and pass the lower one.
    room = max(low, high - above[-1])
    settled = [min(max(mean, low), room) for mean, count in pools for _ in range(count)]
    positions = [0.0] * len(wanted)
    for index, middle, shift in zip(order, middles, settled, strict=True):
        positions[index] = shift + middle
    return positions


def flags(
    at: Sequence[float], widths: Sequence[float], left: float, right: float, rows: int
) -> list[Flag | None]:
    """Rows for labels, each beside the pole it belongs to, so that none lies on another.

    A label begins at its pole, or ends there if it would pass the right edge. The rightmost is
    placed lowest, so that the others' poles rise to the left of it. None where no row is free.
    """
    placed: list[Flag | None] = [None] * len(at)
    taken: list[Flag] = []
    for index in sorted(range(len(at)), key=lambda number: -at[number]):
        x, width = at[index], widths[index]
        start = x if x + width <= right else max(left, x - width)
        below = [flag.row for flag in taken if flag.left <= start + width and start <= flag.right]
        row = max(below, default=-1) + 1
        if row < rows:
            flag = Flag(x, start, start + width, row)
            placed[index] = flag
            taken.append(flag)
    return placed
