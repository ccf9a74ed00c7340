"""What a comparison of arms needs of each: how many units, their mean, and how they vary."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """How many units, the mean of what was measured on them, and its variance by unit.

    The mean of a proportion is a share of 1; that of a ratio metric is the ratio itself, with the
    variance that the delta method gives each unit. The standard error is √(variance / n).
    """

    n: int
    mean: float
    variance: float

    @property
    def squared_error(self) -> float:
        """Give the square of the mean's standard error."""
        return self.variance / self.n


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over units of a value y, of its squares, and of these with a second value x."""

    n: int
    y: float
    yy: float
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0


def of_share(hits: float, n: int) -> Moments:
    """Give the moments of a share, from hits among units.

    One hit and one miss are added for the variance (Agresti and Caffo 2000), so that a share of 0
    or 1 is not taken for certain.
    """
    # For the variance alone: the share that is told stays the one that was counted.
    kept = (hits + 1) / (n + 2)
    return Moments(n, hits / n, kept * (1 - kept))


def of_mean(sums: Sums) -> Moments:
    """Give the moments of a mean by unit, with the sample variance (n - 1)."""
    return Moments(sums.n, sums.y / sums.n, max(0.0, _covariance(sums.n, sums.y, sums.y, sums.yy)))


def of_ratio(sums: Sums) -> Moments | None:
    """Give the moments of Σy / Σx by the delta method; None where Σx is not above zero.

    With R = ȳ / x̄, each unit varies by (s²_y - 2·R·s_xy + R²·s²_x) / x̄² (Deng et al. 2018,
    arXiv 1803.06336).
    """
    if sums.x <= 0:
        return None
    ratio, mean = sums.y / sums.x, sums.x / sums.n
    spread = _covariance(sums.n, sums.y, sums.y, sums.yy)
    shared = _covariance(sums.n, sums.x, sums.y, sums.xy)
    below = _covariance(sums.n, sums.x, sums.x, sums.xx)
    variance = (spread - 2 * ratio * shared + ratio * ratio * below) / (mean * mean)
    # Where y is nearly proportional to x the three terms cancel, and may leave less than 0.
    return Moments(sums.n, ratio, max(0.0, variance))


def _covariance(n: int, first: float, second: float, product: float) -> float:
    if n < 2:
        return math.nan
    return (product - first * second / n) / (n - 1)
