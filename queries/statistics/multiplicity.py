"""Many comparisons at once: adjusted p values and the intervals of what was picked out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def benjamini_hochberg(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p values for independent comparisons (Benjamini and Hochberg 1995).

    A None (nothing could be said) stays None and doesn't count as a comparison.
    """
    return _adjust(p_values, overlapping=False)


def benjamini_yekutieli(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p values for comparisons that overlap in any way (Benjamini and Yekutieli 2001).

    A None stays None and doesn't count as a comparison.
    """
    return _adjust(p_values, overlapping=True)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p values so that any false one among them is as rare as each alone (Holm 1979)."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        # Never below the one before: a larger p may not become significant
        # where a smaller one isn't.
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = least
    return tuple(adjusted)


def picked_level(
    picked: int, compared: int, alpha: float = 0.05, *, overlapping: bool = False
) -> float:
    """Give the confidence level for the intervals of those picked out of many.

    Intervals at this level are wrong for at most a share ``alpha`` of the picked ones on average
    (false coverage rate, Benjamini and Yekutieli 2005): 1 - picked·alpha/compared, and with
    overlapping comparisons alpha is further divided by the harmonic sum.
    """
    if not 0 < picked <= compared:
        return 1 - alpha
    return 1 - picked * alpha / (compared * (_harmonic(compared) if overlapping else 1.0))


def _adjust(p_values: Sequence[float | None], *, overlapping: bool) -> tuple[float | None, ...]:
    known = np.array([p for p in p_values if p is not None], float)
    order = known.argsort()[::-1]  # from the largest: none is adjusted beyond a larger one
    stretch = len(known) / np.arange(len(known), 0, -1)
    if overlapping:
        # The price of holding under any dependence: about ln of their number, 3.6 at twenty.
        stretch *= _harmonic(len(known))
    known[order] = np.minimum.accumulate(np.minimum(1.0, known[order] * stretch))
    adjusted = iter(known.tolist())
    return tuple(None if p is None else next(adjusted) for p in p_values)


def _harmonic(compared: int) -> float:
    return math.fsum(1 / i for i in range(1, compared + 1))
