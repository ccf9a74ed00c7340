"""How rarely days and metrics are called worse when nothing got worse, by simulation."""

from __future__ import annotations

import numpy as np

from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.stretch import worse_stretch
from queries.measures.performance.tally import Day
from queries.statistics.rates import wilson
from tests.measures.verdict_simulations import (
    FIRST,
    metrics_worse_by_chance,
    stretch_found,
    stretches_of_chance,
)


def test_days_that_vary_anyway_have_no_worse_stretch() -> None:
    """Of 300 months whose days vary by 2 points around 85 %, at most 2 % have a worse stretch."""
    assert stretches_of_chance(300) <= 0.02


def test_a_stretch_that_is_worse_is_found_with_its_days() -> None:
    """Six days of 30 that are right 7 points less often are found, wherever they lie."""
    rng = np.random.default_rng(32)
    for start in (0, 10, 24):
        shares = np.full(30, 0.85)
        shares[start : start + 6] -= 0.07
        stretch = stretch_found(rng, shares, 2000)
        assert stretch is not None
        assert abs((stretch.first - FIRST).days - start) <= 1
        assert abs((stretch.last - FIRST).days - start - 5) <= 1
        assert (stretch.from_start, stretch.lasts) == (start == 0, start == 24)
        assert stretch.during.value is not None
        assert 0.76 < stretch.during.value < 0.8


def test_days_too_few_or_young_have_none() -> None:
    """Of eleven days nothing is said, nor of days whose outcomes are still to come."""
    rng = np.random.default_rng(33)
    assert stretch_found(rng, np.array([0.9] * 6 + [0.5] * 5)) is None
    day = Day(FIRST, DayState.EARLY, wilson(5, 50), {"accuracy": Number(0.2, 50)})
    assert worse_stretch([day] * 20, 0.02) is None


def test_other_metrics_are_not_called_worse_by_chance() -> None:
    """Of 1,000 unchanged models, at most 5 % have any metric beside the first called worse."""
    assert metrics_worse_by_chance(1000) <= 0.05
