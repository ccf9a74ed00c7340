"""Estimates that may be read as often as one likes while units still come in.

An interval of 95 % for one reading is wrong in far more than 5 % of experiments that are read
every day until it excludes zero. These are wrong at *any* reading in at most 5 % of experiments:
they widen what a normal interval has by a factor that grows slowly with the number of units.
They hold asymptotically: begin to read where each arm has ``ENOUGH_UNITS``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from scipy import special

from queries.core.number import Number
from queries.core.value import ColumnType
from queries.statistics.estimates import LEVEL, cannot_say
from queries.statistics.moments import Moments

ENOUGH_UNITS = 100
"""From so many finished units an arm on, the asymptotics may be trusted."""

EXPECTED = 10_000
"""How many units in all the intervals are narrowest at, unless another number is stated."""

CONCENTRATION = 100.0
"""How closely the split test's prior keeps to the configured shares, in units seen before."""


def anytime_mean(
    arm: Moments, expected: int = EXPECTED, level: float = LEVEL, unit: ColumnType = "number"
) -> Number:
    """Estimate one mean with an asymptotic confidence sequence.

    mean ± b(n)·√(variance / n), with b as ``boundary`` gives it (Waudby-Smith, Arbour, Sinha,
    Kennedy and Ramdas, arXiv 2103.06476, theorem 2.2).
    """
    if arm.n < ENOUGH_UNITS:
        return _too_few(arm.n, unit)
    half = boundary(arm.n, expected, level) * math.sqrt(arm.squared_error)
    return Number(arm.mean, arm.n, arm.mean - half, arm.mean + half, unit)


def anytime_difference(
    first: Moments,
    second: Moments,
    expected: int = EXPECTED,
    level: float = LEVEL,
    unit: ColumnType = "number",
) -> Number:
    """Estimate the first's mean minus the second's with an asymptotic confidence sequence.

    d ± b(n)·√(variance₁/n₁ + variance₂/n₂) at n = n₁ + n₂: the sequence of ``anytime_mean`` for
    the influence function of a difference of means, whose variance by unit is
    n·(variance₁/n₁ + variance₂/n₂) (the same paper, section 3). ``expected`` is the number of
    units of both; it has to stay the same from reading to reading. For proportions and ratio
    metrics the moments differ, the formula doesn't; no two shares of 1 (``unit``) differ by more
    than 1.
    """
    fewer = min(first.n, second.n)
    if fewer < ENOUGH_UNITS:
        return _too_few(fewer, unit)
    n, value = first.n + second.n, first.mean - second.mean
    half = boundary(n, expected, level) * math.sqrt(first.squared_error + second.squared_error)
    most = 1.0 if unit == "share" else math.inf
    return Number(value, n, max(-most, value - half), min(most, value + half), unit)


def anytime_p(first: Moments, second: Moments, expected: int = EXPECTED) -> float | None:
    """Give the p value that may be read at any time: the smallest α whose interval leaves out 0.

    By solving the interval's formula for α, at a ρ that stays what it is:
    p = min(1, √(nρ² + 1)·exp(-z²/2·nρ²/(nρ² + 1))), z = d / √(variance₁/n₁ + variance₂/n₂).
    None below ``ENOUGH_UNITS`` an arm.
    """
    if min(first.n, second.n) < ENOUGH_UNITS:
        return None
    squared, value = first.squared_error + second.squared_error, first.mean - second.mean
    if squared == 0:
        return 1.0 if value == 0 else 0.0
    weight = (first.n + second.n) * _tuned(expected, LEVEL)
    exponent = value * value / squared / 2 * weight / (weight + 1)
    return min(1.0, math.exp(math.log(weight + 1) / 2 - exponent))


def boundary(n: int, expected: int = EXPECTED, level: float = LEVEL) -> float:
    """Give how many standard errors wide each side is, where a single reading has 1.96.

    b(n) = √((nρ² + 1)/(nρ²)·(log(nρ² + 1) - 2·log α)), from theorem 2.2 of arXiv 2103.06476. ρ is
    tuned at 95 % whatever the level, so that intervals and p values say the same.
    """
    weight = n * _tuned(expected, LEVEL)
    return math.sqrt((weight + 1) / weight * (math.log(weight + 1) - 2 * math.log(1 - level)))


def anytime_split(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Give the p value, to be read at any time, of units being split by the configured shares.

    The sequential multinomial test (Lindon and Malek, arXiv 2011.03567): one over the Bayes
    factor against the shares θ of a Dirichlet prior around them, a = ``CONCENTRATION``·θ:
    log BF = log B(a + counts) - log B(a) - Σ counts·log θ. In at most α of all experiments does
    it ever fall below α.
    """
    total = math.fsum(shares)
    theta = [share / total for share in shares]
    prior = [CONCENTRATION * each for each in theta]
    later = [a + k for a, k in zip(prior, counts, strict=True)]
    expected = math.fsum(k * math.log(each) for k, each in zip(counts, theta, strict=True))
    # Above 1 it is no p value. Log gammas, as the gammas of counts overflow.
    return math.exp(min(0.0, expected - _log_beta(later) + _log_beta(prior)))


@cache
def _tuned(expected: int, level: float) -> float:
    """Give the ρ² at which the boundary is narrowest at ``expected`` units.

    ρ² = (-W₋₁(-α²/e) - 1) / expected, with Lambert's W (arXiv 2103.06476, appendix B).
    """
    alpha = 1 - level
    # The branch -1 of the two real ones: the other gives a ρ² below 0.
    root = special.lambertw(-alpha * alpha / math.e, -1).real
    return float(-root - 1) / expected


def _log_beta(values: Sequence[float]) -> float:
    return math.fsum(math.lgamma(each) for each in values) - math.lgamma(math.fsum(values))


def _too_few(n: int, unit: ColumnType) -> Number:
    why = f"too few to say: {n:,}, at least {ENOUGH_UNITS} are needed in each arm"
    return cannot_say(why, n, unit)
