"""Whether two sides' requests are spread alike over a dimension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from queries.core.value import Cell
from queries.statistics.chi_square import independence

DIFFERENT = 0.05
"""From this share of the requests on that would have to move, two mixes aren't comparable."""

_RARELY = 0.001


@dataclass(frozen=True)
class Mix:
    """The rows of each value of a dimension on two sides.

    ``apart`` is the share of one side's rows that would have to lie elsewhere for both to be
    spread alike (total variation), less what chance makes of it on average; ``p`` that of the
    chi-square test, None where one side is empty. ``most`` is the value whose share differs most.
    """

    dimension: str
    counts: Mapping[Cell, tuple[int, int]]
    apart: float
    p: float | None
    most: Cell = None

    @property
    def differs(self) -> bool:
        """Say whether the two are spread so differently that totals can't be compared."""
        # Both: among millions of rows any two mixes differ beyond chance, among few by much.
        return self.p is not None and self.p < _RARELY and self.apart >= DIFFERENT

    @property
    def common(self) -> bool:
        """Whether any value is on both sides: a column that tells the two apart has none."""
        return any(first and second for first, second in self.counts.values())

    def share(self, value: Cell, side: int) -> float:
        """The share of a side's rows that have a value."""
        return self.counts[value][side] / max(1, sum(pair[side] for pair in self.counts.values()))


def mix(dimension: str, counts: Mapping[Cell, tuple[int, int]]) -> Mix:
    """Compare how two sides' rows are spread over the values of a dimension."""
    table = np.array(list(counts.values()), float).reshape(-1, 2).T
    totals = table.sum(axis=1)
    if not len(counts) or (totals == 0).any():
        return Mix(dimension, counts, 0.0, None)
    shares = table / totals[:, None]
    moved = shares[0] - shares[1]
    pooled = table.sum(axis=0) / totals.sum()
    spread = np.sqrt(pooled * (1 - pooled) * (1 / totals).sum())
    # A normal deviation is on average √(2/π) of its standard error away; half, as the distance is.
    chance = float(spread.sum() * np.sqrt(2 / np.pi) / 2)
    apart = max(0.0, float(np.abs(moved).sum()) / 2 - chance)
    p = independence(table)[1] if len(counts) > 1 else 1.0
    most = max(zip(np.abs(moved).tolist(), counts, strict=True), key=lambda each: each[0])[1]
    return Mix(dimension, counts, apart, p, most)
