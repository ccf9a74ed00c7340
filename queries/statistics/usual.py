"""Unusual or not: the present against a prediction from comparable periods.

A two-sample test assumes that the rate is constant and calls unchanged days "changed"; here the
comparable periods' own variation says how far the present may lie. Nothing is called unusual
with fewer than four of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from queries.core.number import Number
from queries.statistics.estimates import LEVEL, cannot_say, t_quantile, z_quantile
from queries.statistics.rates import ratio, wilson

COMPARABLE = 4
"""How many comparable periods are looked for, and needed to call anything unusual."""

LARGEST_SHIFT = 2.0
"""On the log scale: no more variation than by a factor of e² between periods is believed."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The present against the comparable past.

    ``usual`` is the pooled past value; its ``low`` and ``high`` are the band in which the present
    would lie in 95 % of unchanged periods (None with too few periods; ``why`` says so), its ``n``
    the past observations. ``times`` is the present as a multiple of the past. ``unusual`` is None
    where nothing can be said. ``dispersion`` is the variance factor φ, 1 for pure chance.
    ``left_out`` is the place of a period that was unlike all others, and counts for nothing.
    """

    now: Number
    usual: Number
    times: Number
    periods: int
    dispersion: float
    unusual: bool | None
    left_out: int | None = None

    @property
    def higher(self) -> bool | None:
        """Say whether the present lies above the past value; None where there is no past."""
        if self.now.value is None or self.usual.value is None:
            return None
        return self.now.value > self.usual.value


def usual_rate(
    periods: Sequence[tuple[float, int]],
    current: tuple[float, int],
    *,
    design_effect: float = 1.0,
    level: float = LEVEL,
) -> Usual:
    """Compare a rate, given as (hits, trials), with those of comparable periods.

    The band is a quasi-binomial prediction interval: p ± t·√(φ·p(1-p)·(1/n₀ + 1/N)) with
    φ = max(1, design effect, Pearson χ²/df) and df = periods - 1 (McCullagh and Nelder 1989,
    §4.5), on each side the wider of it and of one that takes the variation beyond chance on the
    logit scale, since days vary by factors. n₀ is at most the mean past n: more requests make a
    day no steadier. Periods without trials are left out. ``design_effect`` (see the function of
    that name) makes it robust to entities with many requests each.
    """
    known, now = [(k, n) for k, n in periods if n > 0], wilson(*current, level=level)
    past, odd = _without_odd(known, _spread_of_rates)
    hits, trials = sum(k for k, _ in past), sum(n for _, n in past)
    if not trials or now.value is None:
        why = "no comparable past" if not trials else "nothing was counted"
        return Usual(
            now=now,
            usual=cannot_say(why, trials, "share"),
            times=cannot_say(why),
            periods=len(past),
            dispersion=1.0,
            unusual=None,
        )
    share = hits / trials
    # A past without a single hit doesn't make a first one impossible.
    smooth = (hits + 1) / (trials + 2)
    spread = share * (1 - share)
    chi2 = sum((k - n * share) ** 2 / (n * spread) for k, n in past) if spread else 0.0
    phi = _dispersion(chi2, len(past), design_effect)
    times = ratio(current[0], current[1], hits, trials, level, phi)
    if len(known) < COMPARABLE:
        usual = Number(share, trials, unit="share", why=too_few(len(past)))
        return Usual(
            now=now, usual=usual, times=times, periods=len(past), dispersion=phi, unusual=None
        )
    # Both terms: how the present varies, and how unsure the past's own rate is.
    chance = smooth * (1 - smooth) * (1 / min(current[1], trials / len(past)) + 1 / trials)
    # Student's t and not the normal: φ is itself estimated from as few as four periods.
    reach = _Reach(t_quantile(len(past) - 1, level), chance, phi)
    low = max(0.0, reach.below(share, lambda by: _logistic(smooth, -by), smooth * (1 - smooth)))
    high = min(1.0, reach.above(share, lambda by: _logistic(smooth, by), smooth * (1 - smooth)))
    usual = Number(share, trials, low, high, "share")
    return Usual(
        now=now,
        usual=usual,
        times=times,
        periods=len(past),
        dispersion=phi,
        unusual=not low <= now.value <= high,
        left_out=None if odd is None else periods.index(odd),
    )


def usual_count(
    periods: Sequence[tuple[int, float]], current: tuple[int, float], level: float = LEVEL
) -> Usual:
    """Compare a count, given as (count, seconds covered), with those of comparable periods.

    The same as ``usual_rate`` with a quasi-Poisson variance, on the plain and the log scale. The
    values are counts over the present's length; a period twice as long counts half.
    """
    known = [(k, length) for k, length in periods if length > 0]
    past, odd = _without_odd(known, _spread_of_counts)
    covered = sum(length for _, length in past)
    count, seconds = current
    now = Number(count, count, unit="integer")
    if covered <= 0 or seconds <= 0:
        nothing = cannot_say("no comparable past", unit="integer")
        return Usual(
            now=now,
            usual=nothing,
            times=cannot_say("no comparable past"),
            periods=len(past),
            dispersion=1.0,
            unusual=None,
        )
    total = sum(k for k, _ in past)
    pace = total / covered
    chi2 = sum((k - pace * t) ** 2 / (pace * t) for k, t in past) if total else 0.0
    phi = _dispersion(chi2, len(past), 1.0)
    expected = pace * seconds
    times = _pace_ratio(count, expected, total, level, phi)
    if len(known) < COMPARABLE:
        usual = Number(expected, total, unit="integer", why=too_few(len(past)))
        return Usual(
            now=now, usual=usual, times=times, periods=len(past), dispersion=phi, unusual=None
        )
    smooth = (total + 1) / covered * seconds
    chance = smooth * (seconds / min(seconds, covered / len(past)) + seconds / covered)
    reach = _Reach(t_quantile(len(past) - 1, level), chance, phi)
    low = max(0.0, reach.below(expected, lambda by: smooth * math.exp(-by), smooth))
    high = reach.above(expected, lambda by: smooth * math.exp(by), smooth)
    usual = Number(expected, total, low, high, "integer")
    return Usual(
        now=now,
        usual=usual,
        times=times,
        periods=len(past),
        dispersion=phi,
        unusual=not low <= count <= high,
        left_out=None if odd is None else periods.index(odd),
    )


UNLIKE = 20.0
"""A period is left out where the others vary so many times less without it …"""

FACTOR = 2.0
"""… and where it lies so far above or below them. A holiday or an outage a few weeks ago would
otherwise make anything usual. Days that vary by a third are called unusual no more often for it."""

Past = TypeVar("Past", bound=tuple[float, float])


def _without_odd(
    past: list[Past], spread: Callable[[Sequence[tuple[float, float]]], tuple[float, float]]
) -> tuple[list[Past], Past | None]:
    """Leave out one period that is unlike all the others, where there are enough to tell."""
    if len(past) < COMPARABLE:
        return past, None
    _, every = spread(past)
    best: tuple[float, list[Past], Past] | None = None
    for at, one in enumerate(past):
        others = past[:at] + past[at + 1 :]
        level, varies = spread(others)
        here = one[0] / one[1]
        far = not level / FACTOR <= here <= level * FACTOR
        if far and every >= UNLIKE * max(1.0, varies) and (best is None or varies < best[0]):
            best = varies, others, one
    return (best[1], best[2]) if best else (past, None)


def _spread_of_rates(past: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Give the pooled rate, and Pearson's χ² per degree of freedom around it."""
    rate = sum(k for k, _ in past) / sum(n for _, n in past)
    spread = rate * (1 - rate)
    chi2 = sum((k - n * rate) ** 2 / (n * spread) for k, n in past) if spread else 0.0
    return rate, chi2 / (len(past) - 1)


def _spread_of_counts(past: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Give the pooled pace, and Pearson's χ² per degree of freedom around it."""
    pace = sum(k for k, _ in past) / sum(length for _, length in past)
    chi2 = sum((k - pace * t) ** 2 / (pace * t) for k, t in past) if pace else 0.0
    return pace, chi2 / (len(past) - 1)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a band reaches: chance alone, and variation beyond it on a scale of factors."""

    t: float
    chance: float
    phi: float

    def above(self, centre: float, moved: Callable[[float], float], slope: float) -> float:
        return centre + self._far(moved(self._shift(slope)) - centre)

    def below(self, centre: float, moved: Callable[[float], float], slope: float) -> float:
        return centre - self._far(centre - moved(self._shift(slope)))

    def _shift(self, slope: float) -> float:
        # φ - 1 is what times vary beyond chance; chance itself joins in the
        # square, on the plain scale.
        beyond = self.t * math.sqrt((self.phi - 1) * self.chance)
        return min(LARGEST_SHIFT, beyond / slope)

    def _far(self, moved: float) -> float:
        plain = self.t * math.sqrt(self.phi * self.chance)
        return max(plain, math.hypot(moved, self.t * math.sqrt(self.chance)))


def _dispersion(chi2: float, periods: int, design: float) -> float:
    return max(1.0, design, chi2 / (periods - 1) if periods > 1 else 1.0)


def too_few(periods: int) -> str:
    """Say why so few periods tell nothing of what is unusual."""
    had = "1 comparable period" if periods == 1 else f"{periods} comparable periods"
    return f"only {had}, {COMPARABLE} are needed to say what is unusual"


def _pace_ratio(count: int, expected: float, total: int, level: float, phi: float) -> Number:
    if expected <= 0:
        return cannot_say("there were none to compare with", count)
    if count == 0:
        return Number(0.0, count + total, why="a ratio of zero has no interval")
    factor = math.exp(z_quantile(level) * math.sqrt(phi * (1 / count + 1 / total)))
    value = count / expected
    return Number(value, count + total, value / factor, value * factor)


def _logistic(share: float, shift: float) -> float:
    return 1 / (1 + (1 - share) / share * math.exp(-shift))
