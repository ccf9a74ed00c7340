"""Seeded simulations of rollouts that are looked at every day, region by region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.measures.sides.metric import Metric, Worse
from queries.rollout.guardrails import State, Verdict, level_for, of_metric, verdict
from queries.statistics.stratified import Strata, within

Array = npt.NDArray[np.float64]

DAYS, REGIONS = 28, 4
RATES = (0.015, 0.05, 0.9, 0.6)
"""Failures, slow requests, right answers, favourable decisions."""
WAYS: tuple[Worse, ...] = ("higher", "higher", "lower", "")


def held_by_chance(runs: int, daily: int = 400, matters: float = 0.0) -> float:
    """Give the share of rollouts without any difference that are ever told to be held.

    ``matters`` 0 holds for whatever is beyond chance.
    """
    rng = np.random.default_rng(31)
    return sum(_ever_held(_days(rng, daily), matters) for _ in range(runs)) / runs


def harm_held(runs: int, daily: int = 4000, harm: float = 0.01) -> float:
    """Give the share of rollouts that are told to be held when a point more requests fail."""
    rng = np.random.default_rng(32)
    return sum(_ever_held(_days(rng, daily, harm), 0.005) for _ in range(runs)) / runs


def gone_on(runs: int, daily: int = 12_000) -> float:
    """Give the share of rollouts without a difference that may go on in the end, where 1 point
    of failures and of slow requests, and 2 of all else matter."""
    rng = np.random.default_rng(33)
    matters = (0.01, 0.01, 0.02, 0.02)
    said = [_verdict(_days(rng, daily)[-1], matters) for _ in range(runs)]
    return sum(each is Verdict.GO_ON for each in said) / runs


def pooled_by_chance(runs: int, daily: int = 400) -> float:
    """The same as ``held_by_chance`` where all requests are compared in one pot: what it is not."""
    rng = np.random.default_rng(31)
    held = 0
    for _ in range(runs):
        days = [[_pooled(each) for each in day] for day in _days(rng, daily)]
        held += _ever_held(days, 0.0)
    return held / runs


def stratified_differences(runs: int) -> dict[str, float]:
    """The share of intervals within strata that hold, by how many strata of how many rows."""
    cases = ((1, 200, 400), (4, 50, 500), (20, 30, 60), (200, 2, 4), (1000, 1, 3))
    return {
        f"{strata} strata of {first} and {second} rows": differences_hold(
            runs, strata, first, second
        )
        for strata, first, second in cases
    }


def differences_hold(runs: int, strata: int, first: int, second: int) -> float:
    """Give the share of intervals of a difference of 3 points within strata that hold it."""
    rng = np.random.default_rng(34)
    held = 0
    for _ in range(runs):
        base = rng.uniform(0.02, 0.4, strata)
        n = rng.poisson(first, strata), rng.poisson(second, strata)
        hits = rng.binomial(n[0], base + 0.03), rng.binomial(n[1], base)
        counted = _strata(n, hits)
        told = within(counted, share=True).number(minimum=1)
        if told.low is not None and told.high is not None:
            held += told.low <= 0.03 <= told.high
    return held / runs


def _ever_held(days: Sequence[Sequence[Strata]], matters: float) -> bool:
    return any(_verdict(day, (matters,) * len(RATES)) is Verdict.HOLD for day in days)


def _verdict(day: Sequence[Strata], matters: Sequence[float]) -> Verdict:
    level = level_for(len(RATES))
    told = [
        of_metric(
            Metric(str(place), sa.literal(1), WAYS[place], least),
            within(strata, share=True),
            least,
            level,
        )
        for place, (strata, least) in enumerate(zip(day, matters, strict=True))
    ]
    # A neutral metric is looked at, never held for; beyond chance counts here as well.
    if any(each.state is State.CHANGED for each in told):
        return Verdict.HOLD
    return verdict(told)


def _days(rng: np.random.Generator, daily: int, harm: float = 0.0) -> list[list[Strata]]:
    """Draw a rollout: what was counted of each metric up to the end of each day.

    One region after the other gets the new version, for more and more of its requests; regions
    and days differ in every rate.
    """
    # A region joins every five days and gets 8 % more of the new version each day.
    begins = np.array([0, 5, 10, 15])
    share = np.clip((np.arange(DAYS)[:, None] - begins + 1) * 0.08, 0, 0.9)
    n = rng.poisson(daily / REGIONS, (DAYS, REGIONS))
    new = rng.binomial(n, share)
    old = n - new
    counted = []
    for place, rate in enumerate(RATES):
        # On the logit scale, so that no rate leaves 0 to 1 whatever is drawn.
        odds = (
            np.log(rate / (1 - rate)) + rng.normal(0, 0.5, REGIONS) + rng.normal(0, 0.2, (DAYS, 1))
        )
        chance = 1 / (1 + np.exp(-odds))
        worse = np.minimum(1, chance + (harm if place == 0 else 0.0))
        counted.append((rng.binomial(new, worse), rng.binomial(old, chance)))
    return [
        [
            _strata((new[: day + 1].ravel(), old[: day + 1].ravel()), (a[: day + 1], b[: day + 1]))
            for a, b in counted
        ]
        for day in range(DAYS)
    ]


def _strata(n: Sequence[npt.NDArray[np.int64]], hits: Sequence[npt.NDArray[np.int64]]) -> Strata:
    first, second = (each.astype(float).ravel() for each in n)
    sums = tuple(each.astype(float).ravel() for each in hits)
    return Strata((first, second), (sums[0], sums[1]), (sums[0], sums[1]))


def _pooled(strata: Strata) -> Strata:
    first, second = (np.array([each.sum()]) for each in strata.n)
    sums = tuple(np.array([each.sum()]) for each in strata.total)
    return Strata((first, second), (sums[0], sums[1]), (sums[0], sums[1]))
