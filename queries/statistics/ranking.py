"""How well scores rank: AUC and average precision, from sums or from counts per score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from queries.core.number import Number
from queries.statistics.estimates import cannot_say, z_quantile

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class RankSums:
    """What AUC, its DeLong interval and average precision are computed from.

    Over each positive row, ``missed`` is the share of negatives that score as high or higher (ties
    half) and ``precision`` the share of positives among all rows scoring at least as high; over
    each negative row, ``missed`` is the share of positives scoring as low or lower (ties half).
    """

    positives: int
    negatives: int
    missed: float
    positive_squares: float
    negative_squares: float
    precision: float


def rank_sums(positives: Sequence[int], negatives: Sequence[int]) -> RankSums:
    """Sum over rows from counts per distinct score, scores ascending."""
    pos, neg = np.asarray(positives, float), np.asarray(negatives, float)
    p, n = float(pos.sum()), float(neg.sum())
    if not p or not n:
        return RankSums(
            positives=int(p),
            negatives=int(n),
            missed=0.0,
            positive_squares=0.0,
            negative_squares=0.0,
            # With no negatives at all the precision is 1 at each of the positives.
            precision=p if p else 0.0,
        )
    above = n - np.cumsum(neg) + neg / 2
    below = np.cumsum(pos) - pos / 2
    reached = np.cumsum(pos[::-1])[::-1]
    rows = np.cumsum((pos + neg)[::-1])[::-1]
    # Where ties end, not within them: rows of one score are reached together or not at all.
    precise = np.divide(reached, rows, out=np.zeros_like(rows), where=rows > 0)
    return RankSums(
        positives=int(p),
        negatives=int(n),
        missed=_dot(pos, above) / n,
        positive_squares=_dot(pos, (above / n) ** 2),
        negative_squares=_dot(neg, (below / p) ** 2),
        precision=_dot(pos, precise),
    )


def auc(sums: RankSums) -> Number:
    """Area under the ROC curve by mid-ranks, with DeLong's interval (DeLong et al. 1988).

    The share of pairs of a positive and a negative that the score orders rightly, ties half. The
    variance is that of the positives' shares over their number plus that of the negatives' over
    theirs; one of each kind gives a value without an interval.
    """
    p, n = sums.positives, sums.negatives
    if not p or not n:
        return cannot_say("only one of the two classes happened", p + n)
    miss = sums.missed / p
    if p < 2 or n < 2:
        return Number(1 - miss, p + n, why="a single row of a class has no interval")
    # Of misses and not of hits: near a perfect ranking, squares of hits are all close to 1, and
    # their variance would be lost in the last digits.
    s10 = max(0.0, sums.positive_squares - p * miss * miss) / (p - 1)
    s01 = max(0.0, sums.negative_squares - n * miss * miss) / (n - 1)
    half = z_quantile() * math.sqrt(s10 / p + s01 / n)
    return Number(1 - miss, p + n, max(0.0, 1 - miss - half), min(1.0, 1 - miss + half))


def average_precision(sums: RankSums) -> Number:
    """Mean precision at the rank of each positive, tied scores as one step (scikit-learn's).

    The interval is the logit one of Boyd, Eng and Page (2013), on the number of positives.
    """
    p = sums.positives
    if not p:
        return cannot_say("no positive happened", p + sums.negatives)
    value = min(1.0, sums.precision / p)
    if not 0 < value < 1:
        return Number(value, p + sums.negatives, why="a perfect ranking has no interval")
    # On the logit scale, which keeps the interval within 0 to 1.
    half = z_quantile() / math.sqrt(p * value * (1 - value))
    centre = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(centre + e * half))) for e in (-1, 1))
    return Number(value, p + sums.negatives, low, high)


def macro_auc(per_class: Sequence[Number]) -> Number:
    """Plain mean of one-vs-rest AUCs (as NannyML); classes that can't be said make it unsayable.

    The classes share their rows, so the interval takes the widest case: errors fully correlated.
    """
    if not per_class:
        return cannot_say("no class has a score of its own")
    unknown = next((each for each in per_class if each.value is None), None)
    if unknown is not None:
        return cannot_say(unknown.why, unknown.n)
    n = max(each.n for each in per_class)
    value = sum(each.value or 0.0 for each in per_class) / len(per_class)
    if any(each.low is None or each.high is None for each in per_class):
        return Number(value, n, why="a single row of a class has no interval")
    half = sum((each.high or 0.0) - (each.low or 0.0) for each in per_class) / 2 / len(per_class)
    return Number(value, n, max(0.0, value - half), min(1.0, value + half))


def _dot(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    return float(np.dot(first, second))
