"""Seeded simulations of intervals: how often each holds the true value, over a grid of cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from queries.core.number import Number
from queries.measures.counting.quantiles import rank_bounds
from queries.statistics.classification import Confusion, binary_metrics
from queries.statistics.estimates import mean, root_mean
from queries.statistics.ranking import RankSums, auc, average_precision, rank_sums
from queries.statistics.rates import difference, ratio, wilson

Array = npt.NDArray[np.float64]
Covered = Mapping[str, float]
"""By a case of the grid, in words: the share of runs whose interval holds the truth."""

Interval = Callable[[int], Covered]
"""Simulates one kind of interval in so many runs a case."""

RATES = (0.01, 0.05, 0.2, 0.5)
TRIALS = (50, 200, 1000, 10_000)
EXPECTED_HITS = 5
SAMPLES = (50, 200, 1000)
QUANTILES = (0.5, 0.95, 0.99)
QUANTILE_SAMPLES = (100, 500, 5000)
RANKED = ((300, 0.3), (300, 0.1), (2000, 0.3), (2000, 0.05))
"""Rows and the share of positives among them."""
SEPARATIONS = (0.5, 1.0, 2.0)
"""How far apart the mean scores of positives and negatives lie, in standard deviations."""


def holds(number: Number, truth: float) -> bool:
    """Tell whether an estimate's interval holds the truth; one without an interval doesn't."""
    return number.low is not None and number.high is not None and number.low <= truth <= number.high


def cases(rates: Sequence[float] = RATES) -> list[tuple[float, int]]:
    """Give the grid's rates and trials with at least 5 hits and 5 misses to be expected."""
    grid = [(rate, n) for rate in rates for n in TRIALS]
    return [(rate, n) for rate, n in grid if min(rate, 1 - rate) * n >= EXPECTED_HITS]


def rates(runs: int) -> Covered:
    """One rate: Wilson's interval."""
    rng = np.random.default_rng(1)
    drawn = {(rate, n): rng.binomial(n, rate, runs).tolist() for rate, n in cases()}
    return {
        _of(rate, n): _share([holds(wilson(k, n), rate) for k in hits])
        for (rate, n), hits in drawn.items()
    }


def differences(runs: int) -> Covered:
    """The difference of two rates: Newcombe's interval."""
    return _two_rates(runs, difference, lambda first, second: first - second)


def ratios(runs: int) -> Covered:
    """The ratio of two rates: Katz's interval."""
    return _two_rates(runs, ratio, lambda first, second: first / second)


def means(runs: int) -> Covered:
    """A mean: Student's interval, of even, normal and skewed values."""
    rng = np.random.default_rng(3)
    drawn: Mapping[str, tuple[Callable[[tuple[int, int]], Array], float]] = {
        "normal": (lambda size: rng.normal(5, 2, size), 5.0),
        "even": (rng.random, 0.5),
        "skewed (gamma of shape 2)": (lambda size: rng.gamma(2.0, 1.0, size), 2.0),
    }
    return {
        f"{name}, n = {n:,}": _share([holds(_mean(row), truth) for row in draw((runs, n))])
        for name, (draw, truth) in drawn.items()
        for n in SAMPLES
    }


def quantiles(runs: int) -> Covered:
    """A quantile: the values at the ranks that bound it, of lognormal samples."""
    rng = np.random.default_rng(8)
    found = {}
    for n in QUANTILE_SAMPLES:
        drawn = np.sort(rng.lognormal(4.4, 0.5, (runs, n)), axis=1)
        for q in (each for each in QUANTILES if round((1 - each) * n) >= EXPECTED_HITS):
            low, high = rank_bounds(n, q) or (0, 0)
            true = stats.lognorm.ppf(q, 0.5, scale=math.exp(4.4))
            held = (drawn[:, low - 1] <= true) & (true <= drawn[:, high - 1])
            found[f"{100 * q:g} % of {n:,}"] = float(held.mean())
    return found


def root_means(runs: int) -> Covered:
    """A root mean square error, by the delta method."""
    rng = np.random.default_rng(5)
    return {
        f"n = {n:,}": _share([holds(_root(row), 3.0) for row in rng.normal(0, 3, (runs, n)) ** 2])
        for n in (200, 1000)
    }


def f1_scores(runs: int) -> Covered:
    """F1: the bootstrap of the confusion counts."""
    rng = np.random.default_rng(6)
    shares, truth = np.array([0.2, 0.08, 0.12, 0.6]), 0.4 / 0.6
    return {
        f"n = {n:,}": _share(
            [
                holds(binary_metrics(confusion(*cells), "yes", rng)["f1"], truth)
                for cells in rng.multinomial(n, shares, runs).tolist()
            ]
        )
        for n in (200, 500)
    }


def aucs(runs: int) -> Covered:
    """The AUC: DeLong's interval; scores of positives and negatives are normal."""
    return _rankings(runs, auc, lambda _share, apart: float(stats.norm.cdf(apart / math.sqrt(2))))


def average_precisions(runs: int) -> Covered:
    """Average precision: the logit interval on the number of positives."""
    return _rankings(runs, average_precision, true_average_precision)


def true_average_precision(share: float, apart: float) -> float:
    """Integrate precision over the recall that normal scores give."""
    cut = np.linspace(-9, 9 + apart, 20_001)
    hits, rest = stats.norm.sf(cut - apart), stats.norm.sf(cut)
    precision = share * hits / (share * hits + (1 - share) * rest)
    return float(np.trapezoid(precision[::-1], hits[::-1]))


def _two_rates(
    runs: int,
    estimate: Callable[[int, int, int, int], Number],
    truth: Callable[[float, float], float],
) -> Covered:
    rng = np.random.default_rng(2)
    found = {}
    for rate, n in cases():
        for factor in (1.0, 0.5):
            second = rate * factor
            if second * n < EXPECTED_HITS:
                continue
            hits, others = (rng.binomial(n, each, runs).tolist() for each in (rate, second))
            true = truth(rate, second)
            held = [holds(estimate(k, n, m, n), true) for k, m in zip(hits, others, strict=True)]
            found[f"{_of(rate, n)} against {100 * second:g} %"] = _share(held)
    return found


def _rankings(
    runs: int, estimate: Callable[[RankSums], Number], truth: Callable[[float, float], float]
) -> Covered:
    rng = np.random.default_rng(4)
    found = {}
    for n, share in RANKED:
        positive = np.arange(n) < share * n
        for apart in SEPARATIONS:
            true = truth(share, apart)
            held = [
                holds(estimate(ranked(scores, positive)), true)
                for scores in rng.normal(positive * apart, 1, (runs, n))
            ]
            found[f"n = {n:,}, {100 * share:g} % positive, {apart:g} apart"] = _share(held)
    return found


def ranked(scores: Array, positive: npt.NDArray[np.bool_]) -> RankSums:
    """Sum ranks from rows."""
    order = np.argsort(scores)
    hits = positive[order].astype(int)
    # Equal scores are one step.
    starts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf))
    pos, rows = np.add.reduceat(hits, starts), np.diff(starts, append=len(scores))
    return rank_sums(pos.tolist(), (rows - pos).tolist())


def _mean(row: Array) -> Number:
    return mean(len(row), float(row.sum()), float((row**2).sum()))


def _root(row: Array) -> Number:
    return root_mean(len(row), float(row.sum()), float((row**2).sum()))


def confusion(tp: int, fp: int, fn: int, tn: int) -> Confusion:
    """Write four counts as a confusion matrix."""
    table = {("yes", "yes"): tp, ("no", "yes"): fp, ("yes", "no"): fn, ("no", "no"): tn}
    return Confusion(("yes", "no"), table)


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held)


def _of(rate: float, n: int) -> str:
    return f"{100 * rate:g} % of {n:,}"
