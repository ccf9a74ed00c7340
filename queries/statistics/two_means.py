"""Two means with their errors: how far apart, and how many times one is the other."""

from __future__ import annotations

import math

from queries.core.number import Number
from queries.core.value import ColumnType
from queries.statistics.estimates import cannot_say, t_quantile, two_sided, z_quantile
from queries.statistics.moments import Moments


def welch(
    arm: Moments, control: Moments, level: float, unit: ColumnType
) -> tuple[Number, float | None, float]:
    """Estimate a difference and its statistic and p by Welch's test (Welch 1947)."""
    value, n = arm.mean - control.mean, arm.n + control.n
    error = math.sqrt(arm.squared_error + control.squared_error)
    if error == 0:
        # Nothing varies: equal means are certain to be equal, and different ones to differ.
        return Number(value, n, value, value, unit), None, float(value == 0)
    freedom = _freedom((arm.squared_error, arm.n), (control.squared_error, control.n))
    half = t_quantile(freedom, level) * error
    found = Number(value, n, value - half, value + half, unit)
    return found, value / error, two_sided(value / error, freedom)


def times(arm: Moments, control: Moments, level: float, width: float | None) -> Number:
    """Estimate an arm's mean as a multiple of the control's, by the delta method on logarithms.

    ``width`` is how many standard errors each side has; by Student's t where it is None. None
    where the range of either mean reaches zero.
    """
    n = arm.n + control.n
    reach = width or z_quantile(level)
    if any(each.mean <= reach * math.sqrt(each.squared_error) for each in (arm, control)):
        return cannot_say("a multiple needs values that are clearly above zero", n)
    # On logarithms, where factors are sums: an interval of a multiple can't reach below zero there.
    parts = [(each.squared_error / each.mean**2, each.n) for each in (arm, control)]
    error = math.sqrt(sum(squared for squared, _ in parts))
    if width is None:
        width = t_quantile(_freedom(*parts), level) if error else 0.0
    factor, value = math.exp(width * error), arm.mean / control.mean
    return Number(value, n, value / factor, value * factor)


def _freedom(*parts: tuple[float, int]) -> float:
    """Give Satterthwaite's degrees of freedom of a sum of squared errors, each with its units."""
    most = max(squared for squared, _ in parts)  # so that the square of none of them vanishes
    above: float = sum(squared / most for squared, _ in parts) ** 2
    return above / sum((squared / most) ** 2 / (n - 1) for squared, n in parts)
