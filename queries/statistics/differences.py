"""The difference of two estimates, and an interval at a higher level."""

from __future__ import annotations

import math

from queries.core.number import Number
from queries.statistics.estimates import cannot_say, z_quantile


def change(now: Number, before: Number) -> Number:
    """Estimate the difference of two independent estimates from their intervals.

    Each side of the interval adds the two distances in square (MOVER: Zou and Donner 2008, of
    which Newcombe's interval for two rates is a case).
    """
    n = now.n + before.n
    if now.value is None or before.value is None:
        return cannot_say(now.why or before.why, n, now.unit)
    value = now.value - before.value
    if None in (now.low, now.high, before.low, before.high):
        return Number(value, n, unit=now.unit, why="one of the two has no interval")
    # Crossed on purpose: the change is least where now is at its low end
    # and before at its high one.
    below = math.hypot(now.value - (now.low or 0.0), (before.high or 0.0) - before.value)
    above = math.hypot((now.high or 0.0) - now.value, before.value - (before.low or 0.0))
    return Number(value, n, value - below, value + above, now.unit)


def wider(number: Number, level: float) -> Number:
    """Widen a 95 % interval to a higher level."""
    if number.value is None or number.low is None or number.high is None:
        return number
    factor = z_quantile(level) / z_quantile()
    low, high = (
        number.value + factor * (edge - number.value) for edge in (number.low, number.high)
    )
    return Number(number.value, number.n, low, high, number.unit)
