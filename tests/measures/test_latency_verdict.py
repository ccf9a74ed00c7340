"""What is called slow: unchanged minutes are not, and a fifth of slow requests is."""

from __future__ import annotations

import numpy as np

from queries.core.answer import Number
from queries.measures.latency_verdict import more_slow
from queries.measures.quantiles import rank_bounds
from queries.measures.usual import usual_rate
from queries.measures.usual_values import usual_value


def called_slow(runs: int, slow: float) -> float:
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


def test_unchanged_minutes_are_not_called_slow() -> None:
    """Of 400 unchanged times of 200 requests, at most 1 in 20 is called slower by its share."""
    assert called_slow(400, 0.0) <= 0.05


def test_a_fifth_of_slow_requests_is_seen() -> None:
    """Where a fifth of 200 requests take four times as long, that is seen in 8 of 10 times."""
    assert called_slow(200, 0.2) >= 0.8
