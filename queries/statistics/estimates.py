"""Estimates from sums: a mean, a root of one, and the honest refusal to give either."""

from __future__ import annotations

import math
from functools import cache

# The functions below scipy.stats give the same numbers, and spare half a second of importing it.
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from queries.core.number import Number
from queries.core.value import ColumnType

LEVEL = 0.95
"""The confidence level of every interval unless another is said."""

ENOUGH = 30
"""Below so many observations an estimate is "too few to say", unless a measure says otherwise."""


def cannot_say(why: str, n: int = 0, unit: ColumnType = "number") -> Number:
    """Give an estimate without a value; ``why`` is the plain reason."""
    return Number(None, n, unit=unit, why=why)


def settled(number: Number, minimum: int = ENOUGH, of: str = "rows") -> Number:
    """Give the estimate, or "too few to say" where fewer than ``minimum`` observations carry it."""
    if number.value is None or number.n >= minimum:
        return number
    why = f"too few to say: {number.n:,} {of}, at least {minimum} are needed"
    return cannot_say(why, number.n, number.unit)


def mean(n: int, total: float, squares: float, unit: ColumnType = "number") -> Number:
    """Estimate a mean from n, the sum and the sum of squares of the values.

    The interval is Student's t on the sample variance (textbook); none with fewer than two.
    """
    if n < 1:
        return cannot_say("no rows", unit=unit)
    value = total / n
    if not math.isfinite(value) or not math.isfinite(squares):
        return cannot_say("the values are not finite", n, unit)
    if n < 2:
        return Number(value, n, unit=unit, why="a single row has no interval")
    half = t_quantile(n - 1) * standard_error(n, total, squares)
    return Number(value, n, value - half, value + half, unit)


def root_mean(n: int, total: float, squares: float, unit: ColumnType = "number") -> Number:
    """Estimate the square root of a mean of non-negative values, such as RMSE from squared errors.

    The interval is by the delta method: se(√m) = se(m) / (2·√m).
    """
    inner = mean(n, total, squares, unit)
    if inner.value is None or inner.value < 0:
        return cannot_say(inner.why or "a mean below zero has no root", n, unit)
    value = math.sqrt(inner.value)
    if inner.low is None:
        return Number(value, n, unit=unit, why=inner.why)
    half = 0.0
    if value > 0:
        # Around the root, not the roots of the mean's bounds: where the lower
        # one is negative it has none.
        half = t_quantile(n - 1) * standard_error(n, total, squares) / (2 * value)
    return Number(value, n, max(0.0, value - half), value + half, unit)


def standard_error(n: int, total: float, squares: float) -> float:
    """Give the standard error of a mean from sums, with the sample variance (n - 1)."""
    # Of values that hardly vary, the difference of two large sums may come out below 0.
    centred = max(0.0, squares - total * total / n)
    return math.sqrt(centred / (n - 1) / n)


def sign(number: Number) -> int:
    """1 or -1 where an interval lies wholly on one side of zero, else 0."""
    if number.low is None or number.high is None or number.low <= 0 <= number.high:
        return 0
    return 1 if number.low > 0 else -1


@cache
def t_quantile(df: float, level: float = LEVEL) -> float:
    """Give the two-sided Student t quantile at a confidence level."""
    return float(stdtrit(df, 0.5 + level / 2))


@cache
def z_quantile(level: float = LEVEL) -> float:
    """Give the two-sided normal quantile at a confidence level."""
    return float(ndtri(0.5 + level / 2))


def two_sided(statistic: float, df: float | None = None) -> float:
    """Give the two-sided p value of a Student t, or of a normal statistic where no df is given."""
    # The lower tail keeps its digits where 1 less the upper one would come out as 0.
    below = stdtr(df, -abs(statistic)) if df else ndtr(-abs(statistic))
    return float(2 * below)
