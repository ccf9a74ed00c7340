"""Rates and their comparison, from counts of hits ``k`` among ``n`` trials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from queries.core.number import Number
from queries.statistics.estimates import LEVEL, cannot_say, two_sided, z_quantile

Count = tuple[float, int]
"""Hits and trials."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test's statistic and p value. ``sides`` is 1 or 2; p is None where nothing can be said."""

    statistic: float | None
    p: float | None
    sides: int = 2
    why: str = ""


def wilson(k: float, n: int, level: float = LEVEL) -> Number:
    """Estimate a rate as a share of 1 with Wilson's score interval (Wilson 1927)."""
    if n <= 0:
        return cannot_say("nothing was counted", unit="share")
    low, high = _wilson_bounds(k, n, level)
    return Number(k / n, n, low, high, "share")


def difference(k1: float, n1: int, k2: float, n2: int, level: float = LEVEL) -> Number:
    """Estimate k1/n1 - k2/n2 with Newcombe's hybrid score interval (Newcombe 1998, method 10)."""
    if n1 <= 0 or n2 <= 0:
        return cannot_say("one of the two rates has nothing to count", n1 + n2, "share")
    first, second = k1 / n1, k2 / n2
    low1, high1 = _wilson_bounds(k1, n1, level)
    low2, high2 = _wilson_bounds(k2, n2, level)
    value = first - second
    below = math.hypot(first - low1, high2 - second)
    above = math.hypot(high1 - first, second - low2)
    return Number(value, n1 + n2, value - below, value + above, "share")


def two_proportions(k1: int, n1: int, k2: int, n2: int, sides: int = 2) -> Comparison:
    """Test whether two rates are equal by the pooled z test (textbook).

    One-sided (``sides=1``) asks whether the first is larger. It assumes a constant rate within
    each group: for periods against each other use ``queries.statistics.usual`` instead.
    """
    if n1 <= 0 or n2 <= 0:
        return Comparison(None, None, sides, "one of the two rates has nothing to count")
    # Pooled, since the test supposes that both are one rate; intervals suppose no such thing.
    pooled = (k1 + k2) / (n1 + n2)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    if spread == 0:
        return Comparison(0.0, 1.0, sides)
    z = (k1 / n1 - k2 / n2) / spread
    return Comparison(z, two_sided(z) if sides == 2 else float(ndtr(-z)), sides)


def exact_proportions(first: Sequence[Count], second: Sequence[Count]) -> tuple[float, ...]:
    """Test pairs of rates, each as (hits, trials), by Fisher's exact test; give their p values.

    Two-sided by doubling. It holds its level where few are hit, as the z test does not.
    """
    if not first:
        return ()
    # It takes half a second to import, and few questions compare so.
    from scipy.stats import hypergeom  # noqa: PLC0415

    k1, n1 = np.array(first, float).T
    k2, n2 = np.array(second, float).T
    # Which rate is higher, multiplied out: neither side has to have a trial.
    more = k1 * n2 > k2 * n1
    p = np.empty(len(k1))
    # Each pair on the side that it leans to. sf is of more than, so that as many needs one less.
    for side, tail, edge in ((more, hypergeom.sf, 1), (~more, hypergeom.cdf, 0)):
        p[side] = tail((k1 - edge)[side], (n1 + n2)[side], (k1 + k2)[side], n1[side])
    return tuple(np.minimum(1.0, 2 * p).tolist())


def ratio(
    k1: float, n1: int, k2: float, n2: int, level: float = LEVEL, dispersion: float = 1.0
) -> Number:
    """Estimate (k1/n1) / (k2/n2) with Katz's log interval (Katz et al. 1978).

    ``dispersion`` widens it for rates that vary more than chance (a variance factor, 1 for none).
    Without a hit on one side there is no interval; without one in the second, no ratio either.
    """
    if n1 <= 0 or n2 <= 0:
        return cannot_say("one of the two rates has nothing to count", n1 + n2)
    if k2 == 0:
        return cannot_say("there were none to compare with", n1 + n2)
    value = (k1 / n1) / (k2 / n2)
    if k1 == 0:
        return Number(value, n1 + n2, why="a ratio of zero has no interval")
    # Where all are hits the four terms cancel but for their last digits.
    spread = math.sqrt(dispersion * max(0.0, 1 / k1 - 1 / n1 + 1 / k2 - 1 / n2))
    factor = math.exp(z_quantile(level) * spread)
    return Number(value, n1 + n2, value / factor, value * factor)


def _wilson_bounds(k: float, n: int, level: float) -> tuple[float, float]:
    z2 = z_quantile(level) ** 2
    share = k / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2) / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # Exactly 0 and 1, which the formula meets but for its last digit.
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return low, high
