"""Seeded simulations of what the measures promise: short in the suite, whole in the benchmark."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from queries.measures.onset import Shift, find_shift
from queries.measures.slices import SliceCounts, carriers
from queries.measures.usual import usual_rate

Array = npt.NDArray[np.float64]
Drawn = list[list[tuple[int, int]]]
"""Hits and trials by dimension and value."""

DAY = 288
SHARES = np.array([0.05, 0.35, 0.3, 0.2, 0.1])


def planted(
    rng: np.random.Generator,
    rates: tuple[float, float],
    stretch: tuple[int, int],
    mean: float = 43,
    buckets: int = DAY,
) -> tuple[Array, Array]:
    """Draw hits and trials of five-minute buckets whose rate is another one inside a stretch."""
    trials = rng.poisson(mean, buckets)
    rate = np.full(buckets, rates[0])
    rate[slice(*stretch)] = rates[1]
    return rng.binomial(trials, rate).astype(float), trials.astype(float)


def shifts(
    rates: tuple[float, float], stretch: tuple[int, int], runs: int, permutations: int = 39
) -> list[Shift]:
    """Look for planted shifts in a number of days."""
    rng = np.random.default_rng(42)
    return [
        find_shift(*planted(rng, rates, stretch), rng, permutations=permutations)
        for _ in range(runs)
    ]


def onsets_found(runs: int, permutations: int = 39) -> float:
    """Give the share of days, 1.5 to 7 % at 43 requests a bucket, found within ten minutes."""
    found = shifts((0.015, 0.07), (220, DAY), runs, permutations)
    return sum(each.began is not None and abs(each.began.at - 220) <= 2 for each in found) / runs


def day_of_slices(rng: np.random.Generator, rate: float, one: float | None = None) -> Drawn:
    """Draw 20,000 rows over 6 dimensions of 5 values; the third's first may have another rate."""
    values = [rng.choice(5, 20_000, p=SHARES) for _ in range(6)]
    rates = np.full(20_000, rate)
    if one is not None:
        rates[values[2] == 0] = one
    failed = rng.random(20_000) < rates
    return [[(int(failed[d == v].sum()), int((d == v).sum())) for v in range(5)] for d in values]


def sliced(now: Drawn, past: list[Drawn]) -> list[SliceCounts]:
    """Put counts by dimension and value into slices."""
    return [
        SliceCounts(f"d{d}", v, now[d][v], tuple(period[d][v] for period in past))
        for d in range(6)
        for v in range(5)
    ]


def slices_found(runs: int) -> float:
    """Give the share of runs with the slice of 5 % going from 10 to 15 % in the top three."""
    rng = np.random.default_rng(3)
    top = 0
    for _ in range(runs):
        past = [day_of_slices(rng, 0.1) for _ in range(2)]
        found = carriers(sliced(day_of_slices(rng, 0.1, one=0.15), past))
        top += ("d2", 0) in [(each.dimension, each.value) for each in found[:3]]
    return top / runs


def false_alarms(runs: int, rate: float, shape: Literal["normal", "lognormal"]) -> float:
    """Give the share of unchanged days, varying by 20 %, that are called unusual."""
    rng = np.random.default_rng(5)
    drawn = rng.standard_normal((runs, 5))
    factor = 1 + 0.2 * drawn if shape == "normal" else np.exp(0.198 * drawn - 0.0196)
    hits = rng.binomial(20_000, np.clip(rate * factor, 0, 1))
    false = sum(
        bool(usual_rate([(k, 20_000) for k in row[:4]], (row[4], 20_000)).unusual)
        for row in hits.tolist()
    )
    return false / runs
