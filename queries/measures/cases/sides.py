"""Two kinds of cases held against each other in all and within slices, and where that turns round.

What two sides differ by in all may be what their cases differ by. Within slices, and weighed alike
over the slices of a dimension, less of that is left; where the sign changes, the whole misleads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.measures.sides.counts import Sums
from queries.statistics.differences import change
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, mean, sign
from queries.statistics.multiplicity import benjamini_yekutieli, picked_level
from queries.statistics.rates import difference, exact_proportions, wilson
from queries.statistics.stratified import Strata, Within, within

CLEAR = 0.05
Both = tuple[Sums, Sums]


@dataclass(frozen=True)
class SliceSides:
    """Both sides in one slice, their difference, and its p value corrected for all slices."""

    dimension: str
    value: Cell
    both: Both
    apart: Number
    q: float | None

    @property
    def sign(self) -> int:
        """1 or -1 where the first side is higher or lower beyond chance, else 0."""
        if self.q is None or self.q >= CLEAR or not self.apart.value:
            return 0
        return 1 if self.apart.value > 0 else -1


@dataclass(frozen=True)
class TwoSides:
    """Both sides in all, in each slice, and by dimension weighed alike over its slices."""

    share: bool
    both: Both
    apart: Number
    slices: tuple[SliceSides, ...]
    alike: Mapping[str, Within]

    @property
    def sign(self) -> int:
        """1 or -1 where the first side is higher or lower beyond chance, else 0."""
        return sign(self.apart)

    @property
    def turned(self) -> tuple[SliceSides, ...]:
        """The slices that say the opposite of the whole, both beyond chance; largest first."""
        found = [each for each in self.slices if self.sign * each.sign < 0]
        return tuple(sorted(found, key=lambda each: -min(one.n for one in each.both)))

    @property
    def paradoxes(self) -> tuple[str, ...]:
        """The dimensions within which, weighed alike, the whole is turned round."""
        numbers = {name: each.number(self.unit) for name, each in self.alike.items()}
        return tuple(name for name, each in numbers.items() if self.sign * sign(each) < 0)

    @property
    def unit(self) -> ColumnType:
        """A share of cases, or a number of its own unit."""
        return "share" if self.share else "number"


def two_sides(both: Both, slices: Mapping[tuple[str, Cell], Both], *, share: bool) -> TwoSides:
    """Compare in all, in each slice and within each dimension."""
    dimensions = dict.fromkeys(dimension for dimension, _ in slices)
    alike = {
        name: weighed_alike([each for key, each in slices.items() if key[0] == name], share=share)
        for name in dimensions
    }
    found = compared_slices(slices, share=share)
    return TwoSides(share, both, apart(both, share=share), found, alike)


def compared_slices(
    slices: Mapping[tuple[str, Cell], Both], *, share: bool
) -> tuple[SliceSides, ...]:
    """Compare both sides in each slice.

    Slices of fewer than ``ENOUGH`` on a side are not tested. The others are corrected by Benjamini
    and Yekutieli, since slices overlap; those beyond chance have intervals at the false-coverage
    level.
    """
    tested = benjamini_yekutieli(_tested(list(slices.values()), share=share))
    firm = sum(q is not None and q < CLEAR for q in tested)
    known = sum(q is not None for q in tested)
    level = picked_level(firm, known, overlapping=True) if firm else LEVEL
    found = []
    for (key, each), q in zip(slices.items(), tested, strict=True):
        chosen = level if q is not None and q < CLEAR else LEVEL
        found.append(SliceSides(*key, each, apart(each, share=share, level=chosen), q))
    return tuple(found)


def _tested(pairs: Sequence[Both], *, share: bool) -> list[float | None]:
    """Test each pair: shares by Fisher's exact test; None where either side has too few."""
    large = [both for both in pairs if min(each.n for each in both) >= ENOUGH]
    if share:
        counts = [[(round(both[side].total), both[side].n) for both in large] for side in (0, 1)]
        # Slices may hold very few hits, where the z test is wrong far more often than it says.
        found: list[float | None] = list(exact_proportions(counts[0], counts[1]))
    else:
        found = [weighed_alike([both], share=False).p() for both in large]
    known = iter(found)
    return [next(known) if min(each.n for each in both) >= ENOUGH else None for both in pairs]


def apart(both: Both, *, share: bool, level: float = LEVEL) -> Number:
    """Give the first side less the second; too few on either are no estimate."""
    first, second = both
    unit: ColumnType = "share" if share else "number"
    if min(first.n, second.n) < ENOUGH:
        why = f"too few to say: {min(first.n, second.n):,}, at least {ENOUGH} are needed"
        return cannot_say(why, first.n + second.n, unit)
    if share:
        return difference(first.total, first.n, second.total, second.n, level)
    # From the intervals that are shown of both sides, which exist at 95 % alone.
    if level == LEVEL:
        return change(estimate(first, share=False), estimate(second, share=False))
    return weighed_alike([both], share=False).number(unit, level)


def estimate(sums: Sums, *, share: bool) -> Number:
    """Give a share or a mean; too few are no estimate."""
    unit: ColumnType = "share" if share else "number"
    if sums.n < ENOUGH:
        return cannot_say(f"too few to say: {sums.n:,}, at least {ENOUGH} are needed", sums.n, unit)
    return wilson(sums.total, sums.n) if share else mean(sums.n, sums.total, sums.squares)


def _strata(pairs: Sequence[Both]) -> Strata:
    """Lay out pairs of sums as strata."""

    def arrays(name: str) -> tuple[np.ndarray, np.ndarray]:
        first, second = (
            np.array([getattr(each[side], name) for each in pairs], float) for side in (0, 1)
        )
        return first, second

    return Strata(arrays("n"), arrays("total"), arrays("squares"))


def weighed_alike(pairs: Sequence[Both], *, share: bool) -> Within:
    """Average the differences of pairs that both sides are in."""
    return within(_strata(pairs), share=share)
