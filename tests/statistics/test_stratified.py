"""Differences within strata: equal to their formulas, and true on drawn data."""

from __future__ import annotations

import math

import numpy as np
import pytest

from queries.measures.sides.mixes import mix
from queries.statistics.rates import difference
from queries.statistics.stratified import Strata, day_effect, within
from tests.questions.rollout.simulations import differences_hold


def strata(first: list[tuple[float, float]], second: list[tuple[float, float]]) -> Strata:
    """Rows and hits on two sides, a pair a stratum."""
    n = np.array([each[0] for each in first], float), np.array([e[0] for e in second], float)
    sums = np.array([each[1] for each in first], float), np.array([e[1] for e in second], float)
    return Strata(n, sums, sums)


def test_one_stratum_is_the_plain_difference() -> None:
    """Of a single stratum the difference is that of the two rates, its error the textbook's."""
    told = within(strata([(400, 40)], [(900, 45)]), share=True)
    assert told.value == pytest.approx(0.1 - 0.05)
    assert told.variance == pytest.approx(0.1 * 0.9 / 400 + 0.05 * 0.95 / 900, rel=0.02)
    plain, number = difference(40, 400, 45, 900), told.number()
    assert number.low == pytest.approx(plain.low, abs=0.003)
    assert number.high == pytest.approx(plain.high, abs=0.003)


def test_strata_weigh_what_they_tell() -> None:
    """Strata are averaged by n1*n2/(n1+n2), and both sides' means under the same weights."""
    told = within(strata([(100, 10), (10, 5)], [(100, 20), (1000, 400)]), share=True)
    weights = np.array([50.0, 10 * 1000 / 1010])
    assert told.value == pytest.approx(float((weights * [-0.1, 0.1]).sum() / weights.sum()))
    assert told.means[0] - told.means[1] == pytest.approx(told.value)
    assert told.n == (110, 1100)


def test_only_what_both_are_in_counts() -> None:
    """A stratum that one side isn't in tells nothing, and its rows are counted apart."""
    told = within(strata([(100, 10), (50, 50)], [(100, 10), (0, 0)]), share=True)
    assert (told.value, told.n, told.apart) == (0.0, (100, 100), (50, 0))


def test_nothing_in_common_is_no_estimate() -> None:
    """Two sides that never meet have no difference, and the reason is said."""
    number = within(strata([(100, 10), (0, 0)], [(0, 0), (100, 10)]), share=True).number()
    assert number.value is None
    assert number.why == "the two were never there together"


def test_a_side_without_a_hit_is_not_certain() -> None:
    """No failure among a hundred is no proof of none: the interval keeps a width."""
    number = within(strata([(100, 0)], [(100, 0)]), share=True).number()
    assert number.low is not None
    assert number.low < -0.01


def test_simpson_is_seen_within() -> None:
    """The whole may say one thing while every stratum says the other."""
    mixed = strata([(900, 90), (100, 60)], [(100, 5), (900, 495)])
    told = within(mixed, share=True)
    assert told.value == pytest.approx(0.05)
    assert sum(mixed.total[0]) / 1000 < sum(mixed.total[1]) / 1000


def test_means_take_the_variance_within() -> None:
    """Of means the error is Welch's within strata; how far strata lie apart is not in it."""
    rng = np.random.default_rng(2)
    values = rng.normal(5, 2, 300), rng.normal(4, 1, 500)
    moved = values[0] + 100, values[1] + 100
    sets = [(each, other) for each, other in zip(values, moved, strict=True)]
    first, second = [np.array([v.size for v in side], float) for side in sets]
    sums = [np.array([v.sum() for v in side]) for side in sets]
    squares = [np.array([(v**2).sum() for v in side]) for side in sets]
    told = within(
        Strata((first, second), (sums[0], sums[1]), (squares[0], squares[1])), share=False
    )
    welch = values[0].var(ddof=1) / 300 + values[1].var(ddof=1) / 500
    assert told.value == pytest.approx(values[0].mean() - values[1].mean())
    assert told.variance == pytest.approx(welch / 2)


@pytest.mark.parametrize(("many", "first", "second"), [(1, 200, 400), (20, 30, 60), (200, 2, 4)])
def test_intervals_within_strata_hold(many: int, first: int, second: int) -> None:
    """Whether few and large or many and small, 93 to 97 % of the intervals hold the difference."""
    assert 0.93 <= differences_hold(1000, many, first, second) <= 0.97


def test_days_that_vary_widen_an_interval() -> None:
    """The factor is Pearson's over its degrees of freedom, and infinite with too few days."""
    rng = np.random.default_rng(1)
    n = np.full(14, 2000.0)

    def factor(spread: float) -> float:
        hits = [
            rng.binomial(2000, 0.05 * np.exp(rng.normal(0, spread, 14))).astype(np.float64)
            for _ in (0, 1)
        ]
        both = hits[0], hits[1]
        return day_effect(Strata((n, n), both, both), share=True)

    factors = [factor(spread) for spread in (0.0, 0.3)]
    assert factors[0] < 2.2
    assert factors[1] > 5
    one = strata([(2000, 100)], [(2000, 120)])
    assert day_effect(one, share=True) == math.inf
    unknown = within(one, share=True, effect=math.inf).number()
    assert (unknown.low, unknown.why) == (None, "too few days to know how much days differ anyway")


def test_a_mix_is_different_beyond_chance_and_by_enough() -> None:
    """Two mixes differ by the share that would have to move, less what chance moves."""
    alike = mix("region", {"emea": (500, 5000), "apac": (510, 4980)})
    moved = mix("region", {"emea": (900, 5000), "apac": (100, 5000)})
    assert not alike.differs
    assert moved.differs
    assert moved.apart == pytest.approx(0.4, abs=0.03)
    assert moved.share("emea", 0) == pytest.approx(0.9)
    assert not mix("region", {"emea": (3, 0), "apac": (0, 2)}).common
