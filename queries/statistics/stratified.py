"""Two sides compared within strata in which both have rows, and the strata's differences averaged.

A difference over all rows mixes what the sides did with where and when they did it. Within strata
of equal place and time only the first is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.core.value import ColumnType
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, t_quantile, z_quantile

Array = npt.NDArray[np.float64]

FEWEST_DAYS = 3
"""Fewer degrees of freedom don't tell how days vary."""

UNKNOWN_DAYS = "too few days to know how much days differ anyway"


@dataclass(frozen=True, eq=False)
class Strata:
    """Rows by stratum on two sides: how many, and the sums of a value and of its squares.

    Of a share the value is 1 or 0, so that both sums are the hits.
    """

    n: tuple[Array, Array]
    total: tuple[Array, Array]
    squares: tuple[Array, Array]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Strata:
        """Some of the strata."""
        return Strata(
            (self.n[0][chosen], self.n[1][chosen]),
            (self.total[0][chosen], self.total[1][chosen]),
            (self.squares[0][chosen], self.squares[1][chosen]),
        )


@dataclass(frozen=True, slots=True)
class Within:
    """The first side's mean less the second's, averaged over the strata that both are in.

    Strata weigh n₁·n₂/(n₁ + n₂) (Mantel and Haenszel), which is what they tell about a difference.
    ``means`` are the two sides' means under these weights, ``n`` their rows in these strata, and
    ``apart`` those in strata in which the other side has none. ``units`` is how many rows, evenly
    split, would tell as much. ``value`` is None where no stratum has both.
    """

    value: float | None
    variance: float
    means: tuple[float, float]
    n: tuple[int, int]
    apart: tuple[int, int]
    units: float

    @property
    def rows(self) -> int:
        """The rows of both sides that are compared."""
        return self.n[0] + self.n[1]

    @property
    def error(self) -> float:
        """The standard error of the difference."""
        return math.sqrt(self.variance)

    def number(
        self, unit: ColumnType = "share", level: float = LEVEL, minimum: int = ENOUGH
    ) -> Number:
        """Give the difference with its interval; too few on either side are no estimate."""
        if self.value is None:
            return cannot_say("the two were never there together", 0, unit)
        if min(self.n) < minimum:
            why = f"too few to say: {min(self.n):,}, at least {minimum} are needed on either side"
            return cannot_say(why, self.rows, unit)
        if not math.isfinite(self.variance):
            return Number(self.value, self.rows, unit=unit, why=UNKNOWN_DAYS)
        half = z_quantile(level) * self.error
        return Number(self.value, self.rows, self.value - half, self.value + half, unit)

    def p(self) -> float | None:
        """Give the two-sided p value of no difference; None where nothing can be said."""
        unknown = self.value is None or not math.isfinite(self.variance)
        if unknown or min(self.n) < ENOUGH:
            return None
        if self.variance <= 0:
            return 1.0 if self.value == 0 else 0.0
        return math.erfc(abs(self.value or 0.0) / self.error / math.sqrt(2))


def within(strata: Strata, *, share: bool, effect: float = 1.0) -> Within:
    """Average the differences of the strata that both sides are in.

    The variance of a difference of shares is Sato's (1989), which holds for few large strata and
    for many small ones; that of means takes each side's variance within strata, pooled. ``effect``
    is the factor by which rows that go together make it larger.
    """
    both = (strata.n[0] > 0) & (strata.n[1] > 0)
    apart = int(strata.n[0][~both].sum()), int(strata.n[1][~both].sum())
    kept = strata.only(both)
    weight = kept.n[0] * kept.n[1] / np.maximum(kept.n[0] + kept.n[1], 1)
    total = float(weight.sum())
    n = int(kept.n[0].sum()), int(kept.n[1].sum())
    if not total:
        return Within(value=None, variance=0.0, means=(0.0, 0.0), n=n, apart=apart, units=0.0)
    first, second = (
        float((weight * kept.total[side] / kept.n[side]).sum()) / total for side in (0, 1)
    )
    spread = _of_shares(kept, weight, first - second) if share else _of_means(kept, weight)
    chance = max(0.0, spread) / (total * total)
    variance = chance * max(1.0, effect) if math.isfinite(effect) else math.inf
    return Within(
        value=first - second,
        variance=variance,
        means=(first, second),
        n=n,
        apart=apart,
        # n₁·n₂/(n₁ + n₂) of two even halves is a quarter of their rows.
        units=4 * total / max(1.0, effect),
    )


def day_effect(days: Strata, *, share: bool) -> float:
    """Give the factor by which days vary more than chance makes them, and how unsure that is.

    Pearson's χ² of each side's days over its degrees of freedom, times the square of Student's
    quantile over the normal one: intervals of two times then allow for days as units. Infinite
    with fewer than ``FEWEST_DAYS`` degrees of freedom.
    """
    chi2, degrees = 0.0, 0
    for side in (0, 1):
        there = days.n[side] > 0
        n, total, squares = (each[side][there] for each in (days.n, days.total, days.squares))
        rows = float(n.sum())
        if not rows:
            continue
        mean = float(total.sum()) / rows
        spread = mean * (1 - mean) if share else float(squares.sum()) / rows - mean * mean
        degrees += len(n) - 1
        # All hits or all misses: days can't differ, and are counted among the degrees as alike.
        if spread > 0:
            chi2 += float(((total - n * mean) ** 2 / n).sum()) / spread
    if degrees < FEWEST_DAYS:
        return math.inf
    factor = t_quantile(degrees) / z_quantile(LEVEL)
    return max(1.0, chi2 / degrees) * factor * factor


def _of_shares(kept: Strata, weight: Array, value: float) -> float:
    """Sato's variance of Σ weight·difference; a side without a hit, or a miss, is not certain."""
    (n1, n0), (x1, x0) = kept.n, kept.total
    n = n1 + n0
    linear = (n1 * n1 * x0 - n0 * n0 * x1 + n1 * n0 * (n0 - n1) / 2) / (n * n)
    crossed = (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n)
    spread = value * float(linear.sum()) + float(crossed.sum())
    total = float(weight.sum())
    for rows, hits in ((n1.sum(), x1.sum()), (n0.sum(), x0.sum())):
        if hits in (0, rows):
            spread += total * total * _least(float(rows))
    return spread


def _least(rows: float) -> float:
    """The variance of a share that was never, or always, seen: a hit and a miss are added."""
    share = 1 / (rows + 2)
    return share * (1 - share) / rows


def _of_means(kept: Strata, weight: Array) -> float:
    spread = 0.0
    for side in (0, 1):
        n, total, squares = kept.n[side], kept.total[side], kept.squares[side]
        inside = float(np.maximum(squares - total * total / n, 0.0).sum())
        degrees = float((n - 1).sum())
        # Strata of single rows don't tell how rows vary: unknown, not zero.
        variance = inside / degrees if degrees > 0 else math.inf
        spread += variance * float((weight * weight / n).sum())
    return spread
