"""Seeded simulations of verdicts in words: how often chance alone earns one, and a change does."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from queries.core.number import Number
from queries.measures.counting.expressions import EVERYTHING
from queries.measures.counting.quantiles import rank_bounds
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.before import Before
from queries.measures.performance.stretch import WorseStretch, worse_stretch
from queries.measures.performance.tally import Day
from queries.measures.pulse.latency_verdict import more_slow
from queries.statistics.classification import Confusion, binary_metrics
from queries.statistics.rates import wilson
from queries.statistics.trend import moves_one_way
from queries.statistics.usual import usual_rate
from queries.statistics.usual_values import usual_value
from tests.measures.simulations import Array

FIRST = date(2026, 11, 1)
_PAIRS = (("1", "1"), ("1", "0"), ("0", "1"), ("0", "0"))


def called_slow(runs: int, slow: float = 0.0) -> float:
    """Give the share of times called slower by how many of their 200 requests are slow.

    Latencies are lognormal and vary by 5 % between five days; ``slow`` of today's take four times
    as long.
    """
    rng = np.random.default_rng(2)
    called = 0
    for _ in range(runs):
        days = np.exp(0.05 * rng.standard_normal((5, 1)))
        drawn = 90 * days * rng.lognormal(0, 0.5, (5, 200))
        drawn[0] *= np.where(rng.random(200) < slow, 4, 1)
        times = np.sort(drawn, axis=1)
        low, high = rank_bounds(200, 0.95) or (0, 0)
        p95 = [
            Number(float(day[189]), 200, float(day[low - 1]), float(day[high - 1])) for day in times
        ]
        usual = usual_value(p95[1:], p95[0])
        over = [(float((day > (usual.usual.value or 0.0)).sum()), 200) for day in times]
        called += more_slow(usual_rate(over[1:], over[0]), {0.95: usual}, 0.1)
    return called / runs


def trends_of_chance(runs: int, spread: float) -> float:
    """Give the share of five weeks of 800 requests, varying by so much, said to fall or rise."""
    rng = np.random.default_rng(27)
    weeks = 0.3 * rng.lognormal(0, spread, (runs, 5))
    return sum(moves_one_way(rng.binomial(800, week) / 800, 0.95) for week in weeks) / runs


def stretch_found(rng: np.random.Generator, shares: Array, n: int = 500) -> WorseStretch | None:
    """Draw days of ``n`` outcomes with these shares of right answers; look for a worse stretch."""
    days = [
        Day(
            FIRST + timedelta(days=at),
            DayState.MATURE,
            wilson(n, n),
            {"accuracy": wilson(int(rng.binomial(n, share)), n)},
        )
        for at, share in enumerate(shares.tolist())
    ]
    return worse_stretch(days, 0.02)


def stretches_of_chance(runs: int) -> float:
    """Give the share of months, whose days vary by 2 points around 85 %, with a worse stretch."""
    rng = np.random.default_rng(31)
    months = rng.normal(0.85, 0.02, (runs, 30))
    return sum(stretch_found(rng, month) is not None for month in months) / runs


def metrics_worse_by_chance(runs: int) -> float:
    """Give the share of unchanged models with any metric beside the first called worse.

    2,000 outcomes in the reference set, 700 now.
    """
    rng = np.random.default_rng(34)

    def drawn(n: int) -> dict[str, Number]:
        counts = rng.multinomial(n, [0.42, 0.08, 0.1, 0.4]).tolist()
        confusion = Confusion(("0", "1"), dict(zip(_PAIRS, counts, strict=True)))
        return binary_metrics(confusion, "1", np.random.default_rng(0))

    false = 0
    for _ in range(runs):
        before = Before(drawn(2000), EVERYTHING, reference=True)
        false += bool(before.others_worse(drawn(700), ("accuracy",), 0.0))
    return false / runs
