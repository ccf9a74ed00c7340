"""How a number is spread, now and before, in few enough bins to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.constructs import Bin
from queries.core.logs import Log
from queries.measures.drift import Bins
from queries.measures.expressions import Expression, Sample, finite
from queries.measures.numeric import Binned

Array = npt.NDArray[np.float64]

MOST = 20
"""Bins that can be told apart in a small picture."""

FARTHEST = 4
"""Beyond so many times the range compared with, values are drawn together as outside of it."""

TAIL = 0.01
"""At either end, bins that together hold less of both sides are drawn as one."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Shares of 1 by bin, before and now. ``edges`` has one more entry than either."""

    edges: tuple[float, ...]
    before: tuple[float, ...]
    now: tuple[float, ...]


def spread(
    log: Log, name: str, before: Binned, now: Sample, reach: tuple[float, float]
) -> Spread | None:
    """Give a number's spread on the bins of what it is compared with, in one pass over the present.

    ``reach`` are the lowest and highest present value. Bins go on beyond the range compared with,
    or where the present reaches much farther, end in one at either side; then neighbours are put
    together. None where one side holds no number.
    """
    bins, added = _wide_enough(before.bins, reach)
    value = finite(log.column(name))
    rows = log.aggregate(
        {"n": sa.func.count()},
        by={"bin": _place(value, bins)},
        spans=now.spans,
        where=(*now.where, value.is_not(None)),
        dataset=now.dataset,
    )
    if not rows or not sum(before.counts):
        return None
    counts, was = np.zeros(bins.count + 2), np.zeros(bins.count + 2)
    for row in rows:
        counts[int(row["bin"]) + 1] = row["n"]
    was[1 + added : 1 + added + before.bins.count] = before.counts
    edges = np.array([min(reach[0], bins.low), *bins.edges, max(reach[1], bins.high)])
    return _readable(edges, was / was.sum(), counts / counts.sum())


def _wide_enough(bins: Bins, reach: tuple[float, float]) -> tuple[Bins, int]:
    """Continue bins out to the values; also give how many were added below."""
    width = (bins.high - bins.low) / bins.count
    if width <= 0:
        return bins, 0
    below, above = (max(0.0, gap / width) for gap in (bins.low - reach[0], reach[1] - bins.high))
    if below + above > FARTHEST * bins.count:
        return bins, 0
    first, last = math.ceil(below), math.ceil(above)
    wide = Bins(bins.low - first * width, bins.high + last * width, first + bins.count + last)
    return wide, first


def _place(value: Expression, bins: Bins) -> Expression:
    """Give the bin of a value, -1 below all bins and their number above."""
    inside: Expression = sa.literal(0)
    if bins.count > 1:
        inside = Bin(value, bins.low, (bins.high - bins.low) / bins.count, bins.count)
    return sa.case((value < bins.low, -1), (value > bins.high, bins.count), else_=inside)


def _readable(edges: Array, before: Array, now: Array) -> Spread:
    """Drop empty ends, and put bins together: thin tails, then neighbours."""
    larger = np.maximum(before, now)
    starts = [0]
    body = _body(larger)
    step = max(1, -(-(body.stop - body.start) // (MOST - 2)))
    starts += [at for at in range(body.start, body.stop, step) if at]
    starts += [body.stop] if body.stop < len(larger) else []
    kept = np.unique(starts)
    sums = [np.add.reduceat(each, kept) for each in (before, now)]
    limits = np.append(edges[kept], edges[-1])
    held = np.flatnonzero(sums[0] + sums[1])
    inner = slice(int(held[0]), int(held[-1]) + 1)
    return Spread(
        tuple(map(float, limits[inner.start : inner.stop + 1])),
        tuple(map(float, sums[0][inner])),
        tuple(map(float, sums[1][inner])),
    )


def _body(larger: Array) -> slice:
    """Give the bins between the tails, and beside those outside of the bins."""
    last = len(larger) - 1
    start = max(1, int(np.searchsorted(np.cumsum(larger), TAIL)))
    stop = min(last, last + 1 - int(np.searchsorted(np.cumsum(larger[::-1]), TAIL)))
    return slice(start, max(start + 1, stop))
