"""How far two distributions lie apart, from counts over the same bins or categories.

``reference`` and ``current`` are counts in the same order. A distance is None where one side
holds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from queries.statistics.chi_square import independence, pearson

Array = npt.NDArray[np.float64]
Counts = Sequence[float] | Array | npt.NDArray[np.int64]
Distance = Callable[[Array, Array], Array]
"""From shares of the reference and shares of the current, bins last, to one value each."""

SMALLEST_SHARE = 1e-4
"""What an empty bin counts as in the population stability index."""


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A chi-square statistic with its degrees of freedom and p value; None with ``why``."""

    statistic: float | None
    df: int = 0
    p: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stability:
    """A population stability index and how many empty bins were floored for it."""

    value: float | None
    floored: int


@dataclass(frozen=True, slots=True)
class Distances:
    """The distances of one column that its counts give; ``l_infinity`` is of categories alone."""

    jensen_shannon: float | None
    hellinger: float | None
    l_infinity: float | None
    psi: Stability
    chi_square: ChiSquare


def distances(reference: Counts, current: Counts, *, categories: bool) -> Distances:
    """Measure counts over the same bins or categories in every way that needs nothing else."""
    return Distances(
        jensen_shannon(reference, current),
        hellinger(reference, current),
        l_infinity(reference, current) if categories else None,
        psi(reference, current),
        contingency(reference, current),
    )


def shares(counts: Counts) -> Array | None:
    """Give counts as shares of 1; None where there is nothing or something not finite."""
    values = np.asarray(counts, float)
    total = float(values.sum()) if len(values) else 0.0
    return values / total if total > 0 and math.isfinite(total) else None


def measured(distance: Distance, reference: Counts, current: Counts) -> float | None:
    """Apply a distance to counts; None where one side holds nothing."""
    p, q = shares(reference), shares(current)
    return None if p is None or q is None else float(distance(p, q))


def js_distance(p: Array, q: Array) -> Array:
    """Jensen-Shannon distance between shares, base 2, 0 to 1 (Endres and Schindelin 2003)."""
    middle = (p + q) / 2
    # numpy divides before anything is chosen, and would warn of 0 / 0; xlogy(0, y) is 0 for any y.
    safe = np.where(middle > 0, middle, 1.0)
    divergence = (xlogy(p, p / safe) + xlogy(q, q / safe)).sum(axis=-1) / 2 / math.log(2)
    # Of equal shares the sum may come out a last digit below 0, which has no root.
    return np.asarray(np.sqrt(np.clip(divergence, 0.0, 1.0)))


def psi_distance(p: Array, q: Array) -> Array:
    """Population stability index between shares, Σ(q - p)·ln(q/p), empty bins floored."""
    p, q = np.maximum(p, SMALLEST_SHARE), np.maximum(q, SMALLEST_SHARE)
    return np.asarray(((q - p) * np.log(q / p)).sum(axis=-1))


def jensen_shannon(reference: Counts, current: Counts) -> float | None:
    """Jensen-Shannon distance, base 2: 0 for the same shares, 1 for nothing in common."""
    return measured(js_distance, reference, current)


def psi(reference: Counts, current: Counts) -> Stability:
    """Population stability index with natural logarithm (Siddiqi 2006).

    Bins empty on one side count as ``SMALLEST_SHARE``; how many were is said. Bins empty on both
    sides say nothing and aren't counted.
    """
    before, after = np.asarray(reference, float), np.asarray(current, float)
    # Such bins add nothing to the index, as both floors are equal; they
    # would only be told as floored.
    used = (before > 0) | (after > 0)
    floored = int(((before[used] == 0) | (after[used] == 0)).sum())
    return Stability(measured(psi_distance, before[used], after[used]), floored)


def l_infinity(reference: Counts, current: Counts) -> float | None:
    """Largest difference between two shares of the same category, 0 to 1."""
    return measured(lambda p, q: np.asarray(np.abs(p - q).max(axis=-1)), reference, current)


def hellinger(reference: Counts, current: Counts) -> float | None:
    """Hellinger distance √(1 - Σ√(p·q)), 0 to 1 (Hellinger 1909; as Evidently)."""
    return measured(
        lambda p, q: np.sqrt(np.clip(1 - np.sqrt(p * q).sum(axis=-1), 0.0, 1.0)), reference, current
    )


def kolmogorov_smirnov(reference: Counts, current: Counts) -> float | None:
    """Largest difference between the cumulative shares, over ordered bins or distinct values."""
    return measured(_ks, reference, current)


def wasserstein(reference: Counts, current: Counts, positions: Counts) -> float | None:
    """Earth mover's distance between values at ascending ``positions``: ∫|F - G| dx.

    Exact for distinct values; for bins, give their middles.
    """
    # Between two positions the difference of the cumulative shares is constant: a sum is exact.
    gaps = np.diff(np.asarray(positions, float))
    return measured(
        lambda p, q: np.asarray((np.abs(np.cumsum(p - q))[:-1] * gaps).sum()), reference, current
    )


def contingency(reference: Counts, current: Counts) -> ChiSquare:
    """Chi-square of the 2 × k table, with Yates' correction at two categories (Pearson; Yates).

    As NannyML: the whole reference against the current sample. Categories in neither are left out.
    """
    table = np.asarray([reference, current], float)
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] == 0 or not table.sum(axis=1).all():
        return ChiSquare(None, why="one of the two sides holds nothing")
    # One category leaves nothing to differ in, and no degree of freedom.
    if table.shape[1] == 1:
        return ChiSquare(0.0, 0, 1.0)
    df = table.shape[1] - 1
    statistic, p = independence(table, yates=df == 1)
    return ChiSquare(statistic, df, p)


def goodness_of_fit(reference: Counts, current: Counts) -> ChiSquare:
    """Chi-square of the current counts against the reference's shares taken as known.

    Evidently's convention for categories; the p value ignores that the reference is a sample.
    """
    expected, seen = shares(reference), np.asarray(current, float)
    if expected is None or not seen.sum():
        return ChiSquare(None, why="one of the two sides holds nothing")
    if (seen[expected == 0] > 0).any():
        return ChiSquare(math.inf, len(seen) - 1, 0.0, "a category isn't in the reference")
    used = expected > 0
    df = int(used.sum()) - 1
    statistic, p = pearson(seen[used], expected[used] * seen.sum(), df)
    return ChiSquare(statistic, df, p)


def _ks(p: Array, q: Array) -> Array:
    return np.asarray(np.abs(np.cumsum(p - q, axis=-1)).max(axis=-1))
