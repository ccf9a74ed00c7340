"""Seeded simulations of experiments that are read every day, from 100 finished units an arm on."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.statistics.anytime import (
    ENOUGH_UNITS,
    anytime_difference,
    anytime_mean,
    anytime_p,
    anytime_split,
    boundary,
)
from queries.statistics.moments import Moments, Sums, of_mean, of_ratio, of_share
from tests.statistics.coverage import holds

Array = npt.NDArray[np.float64]
Days = list[Moments]
"""An arm's units up to the end of each day."""

DAYS = 30


def won_by_chance(runs: int, rate: float = 0.05, daily: int = 200) -> float:
    """Give the share of A/A experiments that a share of users wins at any of 30 readings."""
    rng = np.random.default_rng(21)
    won = 0
    for _ in range(runs):
        first, second = (shares_by_day(rng, rate, daily) for _ in range(2))
        won += any(wins(a, b) for a, b in zip(first, second, strict=True))
    return won / runs


def means_won_by_chance(runs: int, daily: int = 100) -> float:
    """The same of a mean by user: revenue, nothing for four of five and lognormal for the rest."""
    return _arms_won(runs, lambda rng: means_by_day(rng, daily), 22)


def ratios_won_by_chance(runs: int, daily: int = 100) -> float:
    """The same of orders by session, of users whose number of sessions varies."""
    return _arms_won(runs, lambda rng: ratios_by_day(rng, daily), 23)


def sequences_hold(runs: int, rate: float = 0.2, daily: int = 200) -> float:
    """Give the share of experiments in which all 30 intervals hold the true difference of 4 pt."""
    rng = np.random.default_rng(24)
    held = 0
    for _ in range(runs):
        first = shares_by_day(rng, rate, daily)
        second = shares_by_day(rng, rate + 0.04, daily)
        told = [anytime_difference(b, a) for a, b in zip(first, second, strict=True)]
        held += all(holds(each, 0.04) for each in told if each.value is not None)
    return held / runs


def means_hold(runs: int, daily: int = 50) -> float:
    """Give the share of runs in which all 30 intervals of one skewed mean hold the true one."""
    rng = np.random.default_rng(25)
    held = 0
    for _ in range(runs):
        drawn = rng.gamma(2.0, 1.0, daily * DAYS)
        told = [anytime_mean(each) for each in _by_day(drawn, np.zeros_like(drawn), of_mean)]
        held += all(holds(each, 2.0) for each in told if each.value is not None)
    return held / runs


def splits_alarmed(runs: int, daily: int = 400, alpha: float = 0.001, share: float = 0.5) -> float:
    """Give the share of 50:50 splits that are called broken at any of 30 readings.

    ``share`` is what the first arm really gets.
    """
    rng = np.random.default_rng(26)
    first = rng.binomial(daily, share, (runs, DAYS)).cumsum(axis=1).tolist()
    alarmed = sum(
        any(
            anytime_split((k, daily * (day + 1) - k), (1, 1)) < alpha
            for day, k in enumerate(counts)
        )
        for counts in first
    )
    return alarmed / runs


def effects_found(runs: int, rate: float = 0.1, daily: int = 200) -> float:
    """Give the share of experiments that find the effect which is said to be seen in 80 of 100.

    The effect is as large as the boundary and 0.84 standard errors at the end of day 30, where
    each arm has 6,000 users.
    """
    rng = np.random.default_rng(27)
    n, other = DAYS * daily, rate
    # The effect is in its own standard error: five rounds settle it.
    for _ in range(5):
        error = math.sqrt((rate * (1 - rate) + other * (1 - other)) / n)
        other = rate + (boundary(2 * n) + 0.8416) * error
    found = 0
    for _ in range(runs):
        first, second = (shares_by_day(rng, each, daily) for each in (rate, other))
        found += any(wins(a, b) for a, b in zip(first, second, strict=True))
    return found / runs


def wins(first: Moments, second: Moments) -> bool:
    """Tell whether a reading names a winner; the interval and the p value have to agree."""
    if min(first.n, second.n) < ENOUGH_UNITS:
        return False
    apart = excludes_zero(anytime_difference(first, second))
    p = anytime_p(first, second)
    assert p is not None
    assert (p < 0.05) == apart
    return apart


def excludes_zero(number: Number) -> bool:
    """Tell whether an interval leaves zero out."""
    return number.low is not None and number.high is not None and not number.low <= 0 <= number.high


def shares_by_day(rng: np.random.Generator, rate: float, daily: int) -> Days:
    """Draw an arm whose users have a value with one probability."""
    hits = rng.binomial(daily, rate, DAYS).cumsum().tolist()
    return [of_share(k, daily * (day + 1)) for day, k in enumerate(hits)]


def means_by_day(rng: np.random.Generator, daily: int) -> Days:
    """Draw an arm whose users spend nothing or, one in five, a lognormal sum."""
    size = daily * DAYS
    spent = rng.lognormal(3, 0.7, size) * (rng.random(size) < 0.2)
    return _by_day(spent, np.zeros(size), of_mean)


def ratios_by_day(rng: np.random.Generator, daily: int) -> Days:
    """Draw an arm whose users have sessions and, in some of these, orders."""
    sessions = 1 + rng.poisson(rng.gamma(1.0, 1.0, daily * DAYS))
    chance = rng.beta(2, 6, daily * DAYS)
    orders = rng.binomial(sessions, chance)
    return _by_day(orders.astype(float), sessions.astype(float), of_ratio)


def _arms_won(runs: int, draw: Callable[[np.random.Generator], Days], seed: int) -> float:
    rng = np.random.default_rng(seed)
    won = sum(any(map(wins, draw(rng), draw(rng))) for _ in range(runs))
    return won / runs


def _by_day(y: Array, x: Array, moments: Callable[[Sums], Moments | None]) -> Days:
    daily = len(y) // DAYS
    ends = np.arange(1, DAYS + 1) * daily
    summed = [each.cumsum()[ends - 1].tolist() for each in (y, y * y, x, x * x, x * y)]
    found = [moments(Sums(*each)) for each in zip(ends.tolist(), *summed, strict=True)]
    return [each for each in found if each is not None]
