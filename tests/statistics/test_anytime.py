"""What may be read every day: it holds at every reading, and equals its formula."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from queries.statistics.anytime import (
    anytime_difference,
    anytime_mean,
    anytime_p,
    anytime_split,
    boundary,
)
from queries.statistics.moments import Moments, Sums, of_mean, of_ratio, of_share
from tests.statistics import anytime_simulations as simulations


@pytest.mark.parametrize(
    ("simulate", "runs"),
    [
        (simulations.won_by_chance, 1000),
        (simulations.means_won_by_chance, 500),
        (simulations.ratios_won_by_chance, 300),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_equal_arms_seldom_win(simulate: Callable[[int], float], runs: int) -> None:
    """Of equal arms that are read every day for 30 days, at most 5 % ever win."""
    assert simulate(runs) <= 0.05


@pytest.mark.parametrize("simulate", [simulations.sequences_hold, simulations.means_hold])
def test_intervals_hold_at_every_reading(simulate: Callable[[int], float]) -> None:
    """In at least 95 % of experiments all 30 daily intervals hold the truth."""
    assert simulate(500) >= 0.95


def test_a_right_split_seldom_alarms() -> None:
    """A 50:50 split that is checked every day for 30 days alarms in at most 0.1 %."""
    assert simulations.splits_alarmed(4000) <= 0.001


def test_a_wrong_split_alarms() -> None:
    """A split of 53:47 is found within 30 days in 90 %."""
    assert simulations.splits_alarmed(300, share=0.53) >= 0.9


def test_an_effect_of_the_stated_size_is_found() -> None:
    """The effect that is said to be seen in 80 of 100 experiments is found in 80 % (± 3)."""
    assert simulations.effects_found(2000) >= 0.77


@pytest.mark.parametrize("expected", [300, 10_000, 1_000_000])
def test_the_boundary_is_narrowest_where_it_was_tuned(expected: int) -> None:
    """No other tuning gives a narrower interval at the expected number of units."""
    others = [boundary(expected, round(expected * factor)) for factor in (0.5, 0.9, 1.1, 2)]
    assert boundary(expected, expected) < min(others)


def test_the_boundary_solves_the_mixture() -> None:
    """At the boundary the normal mixture's martingale, integrated by hand, is 1 / α."""
    n, expected = 4000, 10_000
    z = boundary(n, expected)
    rho = _rho(expected)
    grid = np.linspace(-12 * rho, 12 * rho, 200_001)
    likelihood = np.exp(grid * z * math.sqrt(n) - n * grid * grid / 2)
    mixture = np.trapezoid(likelihood * stats.norm.pdf(grid, scale=rho), grid)
    assert mixture == pytest.approx(1 / 0.05, rel=1e-6)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_p_value_is_the_interval_turned_round(level: float) -> None:
    """Where the interval of a level just touches zero, p is one minus that level."""
    first, second = Moments(700, 0.0, 2.0), Moments(900, 0.0, 3.0)
    touching = -(anytime_difference(first, second, level=level).low or 0.0)
    p = anytime_p(Moments(700, touching, 2.0), second)
    assert p == pytest.approx(1 - level, rel=1e-9)


def test_the_split_is_the_bayes_factor() -> None:
    """The split's p is the chance of the counts as configured over that under the prior."""
    counts, shares = (130, 90, 80), (0.5, 0.25, 0.25)
    configured = stats.multinomial.logpmf(counts, 300, shares)
    mixed = stats.dirichlet_multinomial.logpmf(counts, [50, 25, 25], 300)
    assert anytime_split(counts, shares) == pytest.approx(min(1, math.exp(configured - mixed)))
    assert anytime_split((150, 75, 75), (2, 1, 1)) == 1
    assert anytime_split((0, 0), (1, 1)) == 1


def test_too_few_units_say_nothing() -> None:
    """Below 100 units in one arm there is neither an interval nor a p value, but a reason."""
    many, few = of_share(40, 400), of_share(9, 99)
    told = anytime_difference(many, few)
    assert (told.value, told.n) == (None, 99)
    assert "at least 100" in told.why
    assert anytime_p(many, few) is None
    assert anytime_mean(few).value is None


def test_arms_without_spread() -> None:
    """Arms in which every unit is the same differ for certain or not at all."""
    ones, twos = Moments(100, 1.0, 0.0), Moments(100, 2.0, 0.0)
    assert anytime_p(ones, ones) == 1
    assert anytime_p(ones, twos) == 0


def test_moments_are_those_of_the_rows() -> None:
    """Moments from sums equal those of the rows; a ratio's those of its linearised units."""
    rng = np.random.default_rng(1)
    x, y = 1.0 + rng.poisson(2, 500), rng.gamma(2, 3, 500)
    sums = Sums(500, y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum())
    mean = of_mean(sums)
    assert (mean.mean, mean.variance) == pytest.approx((y.mean(), y.var(ddof=1)))
    ratio = y.sum() / x.sum()
    units = (y - ratio * x) / x.mean()
    found = of_ratio(sums)
    assert found is not None
    assert (found.mean, found.variance) == pytest.approx((ratio, units.var(ddof=1)))
    assert of_ratio(Sums(500, 1.0, 1.0)) is None


def _rho(expected: int) -> float:
    """Find the best ρ by trying, independently of Lambert's W."""
    tried = np.geomspace(0.01, 100, 2_000_001)
    width = (tried + 1) / tried * (np.log(tried + 1) - 2 * math.log(0.05))
    return math.sqrt(tried[width.argmin()] / expected)
