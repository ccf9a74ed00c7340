"""How a number is spread, now and before, in few enough bins to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.doors.constructs import Bin
from queries.core.log import Log
from queries.measures.columns.numbers import Binned
from queries.measures.counting.expressions import Expression, Sample, finite
from queries.statistics.drift import Bins

Array = npt.NDArray[np.float64]

MOST_INSIDE = 18
"""Bins that can be told apart in a small picture, beside one at either end."""

FEW = 10

FARTHEST = 4
"""Beyond so many times the range compared with, values are drawn together as outside of it."""

TAIL = 0.01
"""Bins at an end that together hold less of both sides are a thin one."""

SHORT = 0.75
"""Thin ends that leave less than this part of the bins are drawn as one bin each."""


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
    together. None where one side holds no number, or both the same one alone.
    """
    if min(reach[0], before.bins.low) == max(reach[1], before.bins.high):
        return None
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
    # The outer two enclose whatever lies beyond, so that no share is left out of the picture.
    edges = np.array([min(reach[0], bins.low), *bins.edges, max(reach[1], bins.high)])
    found = _readable(edges, was / was.sum(), counts / counts.sum())
    low, high = min(reach[0], before.bins.low), max(reach[1], before.bins.high)
    return _from_0_to_1(found) if low >= 0 and high <= 1 else found


def _from_0_to_1(found: Spread) -> Spread:
    """Cut the first and the last bin at 0 and 1, beyond which no value can lie."""
    first, *inner, last = found.edges
    first, last = max(0.0, first), min(1.0, last)
    edges = (first, *inner, last)
    rises = all(low < high for low, high in pairwise(edges))
    return replace(found, edges=edges) if rises else found


def _wide_enough(bins: Bins, reach: tuple[float, float]) -> tuple[Bins, int]:
    """Continue bins out to the values; also give how many were added below.

    One number alone has no bins of its own: it lies in one of a few over all values.
    """
    width = (bins.high - bins.low) / bins.count
    if width <= 0:
        low, high = min(reach[0], bins.low), max(reach[1], bins.high)
        place = int((bins.low - low) / (high - low) * FEW)
        return Bins(low, high, FEW), min(place, FEW - 1)
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
    """Leave empty ends out, and put bins together: neighbours, and at long thin ends all of them.

    The first and the last of ``edges`` enclose what lies outside of the equally wide bins.
    """
    larger = np.maximum(before, now)
    held = np.flatnonzero(larger)
    first, last = int(held[0]), int(held[-1])
    body = _body(larger, first, last)
    step = max(1, -(-(body.stop - body.start) // MOST_INSIDE))
    starts = list(range(body.start, body.stop, step))
    limits = [float(edges[at]) for at in starts]
    # The last one is as wide as the others, even if there are not enough bins left for it.
    limits.append(limits[-1] + step * float(edges[body.start + 1] - edges[body.start]))
    if first < body.start:
        starts, limits = [first, *starts], [float(edges[first]), *limits]
    if last >= body.stop:
        starts, limits = [*starts, body.stop], [*limits[:-1], float(edges[body.stop])]
        limits.append(float(edges[last + 1]))
    ends = [*starts[1:], len(larger)]
    parts = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
    return Spread(
        tuple(limits),
        tuple(float(before[part].sum()) for part in parts),
        tuple(float(now[part].sum()) for part in parts),
    )


def _body(larger: Array, first: int, last: int) -> slice:
    """Give the bins to show one by one: without ends so thin and long that they take much room."""
    start, stop = max(1, first), min(len(larger) - 1, last + 1)
    inner = larger[start:stop]
    if not len(inner):
        return slice(1, 2)
    # From either end while less than TAIL is passed; larger is of both sides, so that
    # neither side's values are hidden.
    thin_below = int(np.searchsorted(np.cumsum(inner), TAIL))
    thin_above = int(np.searchsorted(np.cumsum(inner[::-1]), TAIL))
    left = len(inner) - thin_below - thin_above
    if 0 < left < SHORT * len(inner):
        return slice(start + thin_below, stop - thin_above)
    return slice(start, stop)
