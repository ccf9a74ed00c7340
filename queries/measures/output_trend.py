"""Whether an output moved one way at every one of the comparable times, and goes on so now."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scipy import stats

from queries.measures.periods import COMPARABLE

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
    return bool(stats.linregress(range(len(values)), values).pvalue <= SHARE * (1 - level))
