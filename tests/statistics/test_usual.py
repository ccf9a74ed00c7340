"""What is called unusual, and how seldom wrongly."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from queries.statistics.design_effect import design_effect
from queries.statistics.usual import usual_count, usual_rate
from tests.measures.alarms import unusual_traffic
from tests.measures.simulations import false_alarms


def test_steady_rate_is_usual_and_a_jump_is_not() -> None:
    """A rate like the past's is usual, one several times as high is not, and says how many."""
    past = [(150, 12_000), (170, 12_500), (140, 11_900), (160, 12_200)]
    assert usual_rate(past, (165, 12_310)).unusual is False
    jump = usual_rate(past, (590, 12_310))
    assert jump.unusual is True
    assert jump.higher is True
    assert jump.times.value == pytest.approx(3.76, abs=0.01)
    assert jump.usual.low is not None
    assert jump.usual.low < 0.0127 < (jump.usual.high or 0) < 0.03


@pytest.mark.parametrize("periods", [0, 1, 2, 3])
def test_too_few_periods_call_nothing_unusual(periods: int) -> None:
    """With fewer than four comparable periods there is a comparison and no verdict."""
    found = usual_rate([(10, 1000)] * periods, (500, 1000))
    assert found.unusual is None
    assert found.usual.low is None
    assert found.usual.why
    assert (found.times.value == pytest.approx(50)) if periods else found.times.value is None
    assert usual_count([(1000, 60.0)] * periods, (9000, 60.0)).unusual is None


@pytest.mark.parametrize(
    ("past", "current"),
    [
        ([(0, 0)] * 4, (0, 0)),
        ([(0, 100)] * 4, (0, 100)),
        ([(100, 100)] * 4, (100, 100)),
        ([(0, 100)] * 4, (1, 100)),
        ([(5, 100)] * 4, (0, 0)),
        ([(0, 0)] * 5, (1, 1)),
        ([(1, 1)] * 4, (0, 1)),
    ],
)
def test_nothing_all_and_none(past: list[tuple[int, int]], current: tuple[int, int]) -> None:
    """Empty periods, no failures and only failures give no alarm and no crash."""
    assert not usual_rate(past, current).unusual
    assert not usual_count([(k, 60.0) for k, _ in past], (current[0], 60.0)).unusual


def test_failures_where_there_never_were_any() -> None:
    """Fifty failures of 1,000 after four weeks without one are unusual."""
    found = usual_rate([(0, 1000)] * 4, (50, 1000))
    assert found.unusual is True
    assert found.times.value is None


def test_more_requests_make_a_day_no_steadier() -> None:
    """The band doesn't shrink for a day with many more requests than the days before it."""
    past = [(80, 10_000), (120, 10_000), (90, 10_000), (115, 10_000)]
    small, large = usual_rate(past, (100, 10_000)).usual, usual_rate(past, (10_000, 10**6)).usual
    assert (small.low, small.high) == (large.low, large.high)


@pytest.mark.parametrize("rate", [0.01, 0.3])
@pytest.mark.parametrize("shape", ["normal", "lognormal"])
def test_varying_days_are_seldom_called_unusual(
    rate: float, shape: Literal["normal", "lognormal"]
) -> None:
    """Of 3,000 unchanged days varying by 20 %, at most 5 % are called unusual."""
    assert false_alarms(3000, rate, shape) <= 0.05


def test_varying_traffic_is_seldom_called_unusual() -> None:
    """Of 3,000 unchanged days whose traffic varies by 20 %, at most 5 % are unusual."""
    assert unusual_traffic(3000) <= 0.05


def test_a_doubled_rate_is_seen() -> None:
    """In 95 % of 500 runs a rate three times as high is seen through days varying by 10 %."""
    rng = np.random.default_rng(8)
    factor = 1 + 0.1 * rng.standard_normal((500, 5))
    factor[:, 4] *= 3
    hits = rng.binomial(20_000, np.clip(0.01 * factor, 0, 1))
    seen = sum(
        bool(usual_rate([(k, 20_000) for k in row[:4]], (row[4], 20_000)).unusual)
        for row in hits.tolist()
    )
    assert seen / 500 >= 0.95


def test_a_longer_period_counts_for_more() -> None:
    """Counts are compared by the second: a day of 25 hours with more requests is usual."""
    past = [(2400, 86_400.0), (2500, 90_000.0), (2390, 86_400.0), (2410, 86_400.0)]
    found = usual_count(past, (1200, 43_200.0))
    assert found.unusual is False
    assert found.usual.value == pytest.approx(1200, rel=0.01)
    assert usual_count(past, (0, 43_200.0)).unusual is True


def test_design_effect_of_repeated_entities() -> None:
    """Entities that fail on all of their ten requests or none widen the variance ten times."""
    rng = np.random.default_rng(2)
    failing = rng.random(2000) < 0.1
    k, n = int(failing.sum()) * 10, 20_000
    found = design_effect(k, n, 2000, float(failing.sum()) * 100, k * 10, 2000 * 100)
    assert found == pytest.approx(10, rel=0.01)
    past = [(k, n)] * 4
    plain = usual_rate(past, (k + 150, n))
    robust = usual_rate(past, (k + 150, n), design_effect=found)
    assert (robust.usual.high or 0) - 0.1 > 2.5 * ((plain.usual.high or 0) - 0.1)
    assert design_effect(0, 10, 5, 0, 0, 20) == 1.0
