"""Unusual or not, for means and quantiles: a prediction from the comparable periods' own values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.number import Number
from queries.statistics.estimates import LEVEL, cannot_say, t_quantile, z_quantile
from queries.statistics.usual import COMPARABLE, Usual, too_few


def usual_value(periods: Sequence[Number], current: Number, level: float = LEVEL) -> Usual:
    """Compare an estimate, such as a mean or a quantile, with those of comparable periods.

    The band is a t prediction interval from the periods' own values, centre ± t·s·√(1 + 1/m), on
    the log scale where all are positive, since such values vary by factors. s² is at least what
    the estimates' own intervals say of chance, and is widened where the present's is less sure
    than the past's were. Periods without a value are left out. ``dispersion`` is s² over chance.
    """
    past = [each for each in periods if each.value is not None]
    n, unit = sum(each.n for each in past), current.unit
    if current.value is None or not past:
        why = current.why if current.value is None else "no comparable past"
        nothing = cannot_say(why, n, unit)
        return Usual(
            now=current,
            usual=nothing,
            times=cannot_say(why, n),
            periods=len(past),
            dispersion=1.0,
            unusual=None,
        )
    # One scale for all: where any value is zero or below, none has a logarithm to compare.
    scale = _Scale(all((each.value or 0.0) > 0 for each in (*past, current)))
    values = [scale.to(each.value or 0.0) for each in past]
    centre = sum(values) / len(values)
    chance = sum(scale.error(each) ** 2 for each in past) / len(past)
    between = _variance(values) if len(values) > 1 else 0.0
    own = scale.error(current) ** 2
    # Four periods may lie closer together by luck than their own errors allow.
    now, spread = scale.to(current.value), max(between, chance)
    ratio_error = math.sqrt(own + spread / len(past))
    times = scale.times(now, centre, ratio_error, current.n + n, level)
    phi = max(1.0, between / chance) if chance else 1.0
    if len(past) < COMPARABLE:
        usual = Number(scale.back(centre), n, unit=unit, why=too_few(len(past)))
        return Usual(
            now=current, usual=usual, times=times, periods=len(past), dispersion=phi, unusual=None
        )
    reach = math.sqrt(spread * (1 + 1 / len(past)) + max(0.0, own - chance))
    half = t_quantile(len(past) - 1, level) * reach
    low, high = scale.back(centre - half), scale.back(centre + half)
    usual = Number(scale.back(centre), n, low, high, unit)
    # Not to be thrown by the last digit of a value that never varies.
    slack = 1e-9 * max(1.0, abs(now))
    return Usual(
        now=current,
        usual=usual,
        times=times,
        periods=len(past),
        dispersion=phi,
        unusual=abs(now - centre) > half + slack,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale on which values are compared: of factors, or the plain one."""

    log: bool

    def to(self, value: float) -> float:
        return math.log(value) if self.log else value

    def back(self, value: float) -> float:
        # exp overflows a float beyond 709, which a band over few and wild periods may reach.
        return math.exp(min(value, 700.0)) if self.log else value

    def error(self, number: Number) -> float:
        """The standard error that an estimate's 95 % interval tells of; 0 where it has none."""
        if number.low is None or number.high is None or (self.log and number.low <= 0):
            return 0.0
        return (self.to(number.high) - self.to(number.low)) / (2 * z_quantile())

    def times(self, now: float, centre: float, error: float, n: int, level: float) -> Number:
        if not self.log:
            return cannot_say("values that may be zero or below have no ratio", n)
        low, middle, high = (
            self.back(now - centre + z_quantile(level) * error * side) for side in (-1, 0, 1)
        )
        return Number(middle, n, low, high)


def _variance(values: Sequence[float]) -> float:
    centre = sum(values) / len(values)
    return sum((value - centre) ** 2 for value in values) / (len(values) - 1)
