"""Arms against their control: equal to textbook tests, covering, and as sure as they say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from queries.core.experiments import ExperimentMetric
from queries.experiment.arms import Compared, Effect, compare
from queries.experiment.split import split_check
from queries.statistics.moments import Sums
from queries.statistics.multiplicity import holm
from tests.questions.experiment import arm_coverage
from tests.questions.experiment.arm_coverage import MEAN, RATIO, sums
from tests.statistics.coverage import Interval

SHARE = ExperimentMetric("m", "m", "share", "a", value="yes")


def finished(metric: ExperimentMetric, arms: Sequence[Sums]) -> Compared:
    """Compare arms of an experiment that is over."""
    return compare(metric, arms, 10_000, running=False)


def test_means_are_tested_as_by_welch() -> None:
    """Statistic, p and interval of two means are scipy's of unequal variances."""
    rng = np.random.default_rng(1)
    first, second = rng.normal(5, 1, 80), rng.normal(5.4, 3, 45)
    (found,) = finished(MEAN, [sums(first), sums(second)]).against
    expected = stats.ttest_ind(second, first, equal_var=False)
    ends = expected.confidence_interval(0.95)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.change.low, found.change.high) == pytest.approx((ends.low, ends.high))


def test_shares_are_tested_by_pooled_z() -> None:
    """Of shares, p is that of a chi-square without correction."""
    (found,) = finished(SHARE, [Sums(400, 80, 80), Sums(500, 130, 130)]).against
    table = [[80, 320], [130, 370]]
    assert found.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert found.change.unit == "share"


def test_holm_by_hand() -> None:
    """Holm's step-down: times how many are left, never falling, never above 1."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.5, 0.9]) == (1.0, 1.0)
    assert holm([]) == ()


def test_three_equal_arms_seldom_name_a_winner() -> None:
    """With two arms against a control, any one of them differs by chance in at most 5 %."""
    rng = np.random.default_rng(2)
    hits = rng.binomial(2000, 0.2, (2000, 3)).tolist()
    false = sum(
        any(
            each.effect is not Effect.NONE
            for each in finished(SHARE, [Sums(2000, k, k) for k in row]).against
        )
        for row in hits
    )
    assert false / 2000 <= 0.05


@pytest.mark.parametrize(
    "interval", [arm_coverage.means, arm_coverage.ratio_metrics, arm_coverage.multiples]
)
def test_intervals_cover(interval: Interval) -> None:
    """Differences and multiples of means and of ratio metrics hold the truth in 93 to 97 %."""
    found = interval(700)
    assert 0.93 <= sum(found.values()) / len(found) <= 0.97


def test_an_effect_of_the_stated_size_is_found() -> None:
    """Of finished experiments, the effect said to be found in 80 of 100 is found in 80 % (± 3)."""
    rng = np.random.default_rng(4)
    n, rate = 4000, 0.2
    known = finished(SHARE, [Sums(n, n * rate, n * rate), Sums(n, n * rate, n * rate)])
    effect = known.against[0].found
    assert effect is not None
    first, second = rng.binomial(n, rate, 3000), rng.binomial(n, rate + effect, 3000)
    found = [
        finished(SHARE, [Sums(n, a, a), Sums(n, b, b)]).against[0].effect
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    assert found.count(Effect.BETTER) / 3000 == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize(
    ("better", "matters", "effect"),
    [
        ("higher", 0.0, Effect.BETTER),
        ("lower", 0.0, Effect.WORSE),
        ("higher", 0.2, Effect.SMALL),
    ],
)
def test_what_is_said_of_an_effect(better: str, matters: float, effect: Effect) -> None:
    """Which direction is good, and how much matters, is as declared."""
    metric = ExperimentMetric("m", "m", "share", "a", "yes", "", better, matters=matters)  # type: ignore[arg-type]  # parametrized
    (found,) = finished(metric, [Sums(500, 100, 100), Sums(500, 160, 160)]).against
    assert found.effect is effect


def test_nothing_is_said_without_enough() -> None:
    """Too few users, a divisor of zero, or arms without spread give a reason or certainty."""
    (few,) = finished(SHARE, [Sums(29, 9, 9), Sums(500, 160, 160)]).against
    assert few.effect is Effect.FEW
    assert "29 in one arm, at least 30" in few.change.why
    nobody = finished(RATIO, [sums(np.ones(50)), sums(np.ones(50))])
    assert "the sum of b is not above zero" in nobody.against[0].change.why
    (alike,) = finished(MEAN, [sums(np.ones(50)), sums(np.ones(50))]).against
    assert (alike.p, alike.effect) == (1.0, Effect.NONE)
    (sure,) = finished(MEAN, [sums(np.ones(50)), sums(np.full(50, 2.0))]).against
    assert (sure.p, sure.effect) == (0.0, Effect.BETTER)


@pytest.mark.parametrize("size", [1e-90, 1e-3, 1e60])
def test_any_size_of_values(size: float) -> None:
    """Tests and multiples are the same whatever unit the values are in."""
    rng = np.random.default_rng(5)
    first, second = rng.gamma(2, 1, 60), rng.gamma(3, 1, 90)
    (usual,) = finished(MEAN, [sums(first), sums(second)]).against
    (scaled,) = finished(MEAN, [sums(size * first), sums(size * second)]).against
    assert (scaled.p, scaled.ratio.high) == pytest.approx((usual.p, usual.ratio.high), rel=1e-6)


def test_no_multiple_of_next_to_nothing() -> None:
    """Where the control may be zero there is no multiple of it, whichever the sign."""
    rng = np.random.default_rng(6)
    nothing, some = rng.normal(0.001, 50, 100), rng.normal(20, 1, 100)
    for arms in ([nothing, some], [-some, some], [some, nothing]):
        (found,) = finished(MEAN, [sums(each) for each in arms]).against
        assert found.ratio.value is None
        assert "clearly above zero" in found.ratio.why
        assert found.change.value is not None


def test_the_split_is_a_chi_square_once_over() -> None:
    """Of a finished experiment the split is a chi-square's; a split of nobody says nothing."""
    found = split_check((700, 250, 250), (0.6, 0.2, 0.2), running=False)
    assert found.p == pytest.approx(stats.chisquare((700, 250, 250), (720, 240, 240)).pvalue)
    assert not found.broken
    assert found.furthest == 1
    assert split_check((60, 140), (0.5, 0.5), running=True).broken
    assert split_check((0, 0), (0.5, 0.5), running=True).p is None
