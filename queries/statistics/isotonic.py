"""What a score meant in the reference set: its calibration by isotonic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression


@dataclass(frozen=True, slots=True)
class Step:
    """Scores from ``low`` to ``high``: ``hits`` of the ``n`` cases happened."""

    low: float
    high: float
    n: int
    hits: int

    @property
    def tied(self) -> bool:
        """Whether it is one score alone, which ranks none of its cases before another."""
        return self.low == self.high


def isotonic(cells: Sequence[Step]) -> tuple[Step, ...]:
    """Pool neighbours until the share that happened rises with the score (pool adjacent violators).

    ``cells`` ascend by score. The result is the isotonic regression that fits the cases best
    (Zadrozny and Elkan 2002).
    """
    if not cells:
        return ()
    sizes = np.asarray([each.n for each in cells], float)
    # Scores of one cell share it: fitting cells by their size is fitting every single case.
    shares = np.asarray([each.hits for each in cells], float) / sizes
    blocks = isotonic_regression(shares, weights=sizes).blocks
    return tuple(_pooled(cells[first:until]) for first, until in pairwise(blocks))


def edges(steps: Sequence[Step]) -> tuple[float, ...]:
    """Give the scores at which a further step begins."""
    return tuple(each.low for each in steps[1:])


def _pooled(cells: Sequence[Step]) -> Step:
    return Step(
        cells[0].low,
        cells[-1].high,
        sum(each.n for each in cells),
        sum(each.hits for each in cells),
    )
