"""Whether something moved one way at every one of the comparable times, and goes on so now."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from queries.statistics.estimates import two_sided
from queries.statistics.usual import COMPARABLE

SHARE = 0.2
"""The part of the chance of a false alarm that a trend may take, beside what is unusual."""


def moves_one_way(values: Sequence[float], level: float) -> bool:
    """Say whether values in the order of their times, the present last, show a trend.

    A trend widens how far the times lie apart, so that ``usual_rate`` can't see the present as
    unusual. Two things must hold: each value lies on the same side of the one before it, and a
    straight line through them rises or falls beyond chance (least squares, Student's t with two
    degrees of freedom fewer than values; at 95 % from p = 0.01 down, so that both alarms together
    stay rare). The first alone befalls five values that vary without a trend in 2 of 5! = 120
    orders (Mann 1945, the largest value of his statistic).
    """
    if len(values) <= COMPARABLE:
        return False
    steps = [later - earlier for earlier, later in pairwise(values)]
    if not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        return False
    return _slope_p(values) <= SHARE * (1 - level)


def _slope_p(values: Sequence[float]) -> float:
    """Give the p value of the slope of a least squares line through evenly spaced values."""
    x = np.arange(len(values)) - (len(values) - 1) / 2
    y = np.array(values) - np.mean(values)
    slope = float(x @ y / (x @ x))
    freedom = len(values) - 2
    error = float(np.sqrt(np.sum((y - slope * x) ** 2) / freedom / (x @ x)))
    # All on one line: no chance is left, as the steps are known to go one way.
    return two_sided(slope / error, freedom) if error else 0.0
