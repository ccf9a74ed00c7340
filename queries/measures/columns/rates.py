"""Whether a share of the rows changed, for all inputs at once: missing, infinite, new values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.number import Number
from queries.measures.columns.comparisons import FEWEST
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import difference, two_proportions

BEYOND_CHANCE = 0.05

Count = tuple[int, int]
"""Hits and rows."""


@dataclass(frozen=True, slots=True)
class RateChange:
    """A share now less the share before (Newcombe's interval).

    ``q`` is the p value of the pooled z test, corrected for the number of inputs
    (Benjamini-Hochberg); None with too few rows on either side.
    """

    difference: Number
    q: float | None

    def risen(self, matters: float) -> bool:
        """Say whether the share rose beyond chance and by enough."""
        return self._beyond_chance and (self.difference.value or 0.0) >= matters

    def fallen(self, matters: float) -> bool:
        """Say whether the share fell beyond chance and by enough."""
        return self._beyond_chance and -(self.difference.value or 0.0) >= matters

    @property
    def _beyond_chance(self) -> bool:
        return self.q is not None and self.q <= BEYOND_CHANCE


def rate_changes(counts: Sequence[tuple[Count, Count]]) -> list[RateChange]:
    """Compare each input's (hits, rows) now with those before."""
    p_values = [
        None if min(now[1], before[1]) < FEWEST else two_proportions(*now, *before).p
        for now, before in counts
    ]
    return [
        # The interval is of one input alone: what is decided by is the corrected p, and the size.
        RateChange(difference(*now, *before), q)
        for (now, before), q in zip(counts, benjamini_hochberg(p_values), strict=True)
    ]
