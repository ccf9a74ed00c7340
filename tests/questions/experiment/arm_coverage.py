"""Seeded simulations of intervals between two arms: means and ratio metrics of users."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from queries.core.experiments import ExperimentMetric
from queries.experiment.arms import Against, compare
from queries.statistics.moments import Sums
from tests.statistics.coverage import Covered, holds

Array = npt.NDArray[np.float64]
MEAN = ExperimentMetric("m", "m", "mean", "a")
RATIO = ExperimentMetric("m", "m", "ratio", "a", per="b")
USERS = (100, 400, 2000)
RATES = (0.3, 0.36)
"""Orders by session in the two arms, of users with 1 session and mostly a few more."""

SESSIONS = 2.0
"""How many they have on average."""


def sums(y: Array, x: Array | None = None) -> Sums:
    """Sum up users' values."""
    x = np.zeros_like(y) if x is None else x
    each = (y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum())
    return Sums(len(y), *map(float, each))


def means(runs: int) -> Covered:
    """The difference of two means of skewed values: Welch's interval."""
    apart = SESSIONS * (RATES[1] - RATES[0])
    return _covered(runs, MEAN, lambda found: holds(found.change, apart), 31)


def ratio_metrics(runs: int) -> Covered:
    """The difference of two ratio metrics: the delta method."""
    return _covered(runs, RATIO, lambda found: holds(found.change, RATES[1] - RATES[0]), 32)


def multiples(runs: int) -> Covered:
    """One mean as a multiple of another: the delta method on logarithms."""
    return _covered(runs, MEAN, lambda found: holds(found.ratio, RATES[1] / RATES[0]), 33)


def _covered(
    runs: int, metric: ExperimentMetric, held: Callable[[Against], bool], seed: int
) -> Covered:
    rng = np.random.default_rng(seed)
    return {
        f"n = {n:,}": sum(held(_against(rng, metric, n)) for _ in range(runs)) / runs for n in USERS
    }


def _against(rng: np.random.Generator, metric: ExperimentMetric, users: int) -> Against:
    arms = []
    for rate in RATES:
        sessions = 1 + rng.poisson(rng.gamma(1.0, SESSIONS - 1, users))
        orders = rng.binomial(sessions, rate).astype(float)
        arms.append(sums(orders, sessions.astype(float)))
    return compare(metric, arms, 10_000, running=False).against[0]
