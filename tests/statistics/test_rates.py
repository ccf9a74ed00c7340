"""Rates and estimates from sums, against scipy and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from queries.statistics.estimates import mean, root_mean, settled
from queries.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, picked_level
from queries.statistics.rates import difference, ratio, two_proportions, wilson
from tests.measures.alarms import false_discoveries, picked_intervals_missed

COUNTS = [(0, 1), (0, 30), (1, 30), (15, 30), (30, 30), (590, 12_310), (3, 2_000_000)]


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_wilson_is_scipys(k: int, n: int) -> None:
    """The interval of a rate is scipy's Wilson interval."""
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    found = wilson(k, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert found.value == k / n


def test_nothing_counted_has_no_rate() -> None:
    """Without trials a rate, a difference and a ratio say why instead of a number."""
    for number in (wilson(0, 0), difference(1, 2, 0, 0), ratio(1, 2, 0, 0), ratio(1, 2, 0, 9)):
        assert number.value is None
        assert number.why
    assert two_proportions(0, 0, 1, 2).p is None


def test_difference_is_the_published_one() -> None:
    """Newcombe's own example, 56/70 against 48/80, has his interval 0.0524 to 0.3339."""
    found = difference(56, 70, 48, 80)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_two_proportions_squared_is_chi_square() -> None:
    """The pooled z squared is the chi-square of the table, and one side is half of two."""
    found = two_proportions(60, 400, 35, 380)
    table = stats.chi2_contingency([[60, 340], [35, 345]], correction=False)
    assert found.statistic is not None
    assert found.statistic**2 == pytest.approx(table.statistic)
    assert found.p == pytest.approx(table.pvalue)
    assert two_proportions(60, 400, 35, 380, sides=1).p == pytest.approx(table.pvalue / 2)


def test_ratio_is_scipys_relative_risk() -> None:
    """The ratio of two rates and its interval are scipy's relative risk."""
    expected = stats.contingency.relative_risk(60, 400, 35, 380)
    interval = expected.confidence_interval(0.95)
    found = ratio(60, 400, 35, 380)
    assert found.value == pytest.approx(expected.relative_risk)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_mean_and_root_from_sums() -> None:
    """A mean from sums is scipy's t interval, and the interval of its root is nearly its root."""
    values = np.random.default_rng(3).gamma(2.0, 3.0, 400)
    found = mean(400, float(values.sum()), float((values**2).sum()))
    expected = stats.t.interval(0.95, 399, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(expected)
    root = root_mean(400, float(values.sum()), float((values**2).sum()))
    assert root.value == pytest.approx(math.sqrt(values.mean()))
    assert (root.low, root.high) == pytest.approx(np.sqrt(expected), rel=1e-3)


@pytest.mark.parametrize(
    ("n", "total", "squares", "value"),
    [(0, 0.0, 0.0, None), (1, 4.0, 16.0, 4.0), (3, math.inf, math.inf, None), (2, 6.0, 18.0, 3.0)],
)
def test_mean_of_little(n: int, total: float, squares: float, value: float | None) -> None:
    """No rows and infinite sums have no mean, one row no interval, equal rows a point."""
    found = mean(n, total, squares)
    assert found.value == value
    assert found.why or found.low == found.high


def test_too_few_to_say() -> None:
    """An estimate on fewer rows than wanted is withheld with the reason."""
    assert settled(wilson(1, 5)).value is None
    assert "too few" in settled(wilson(1, 5)).why
    assert settled(wilson(1, 50)).value == 0.02


def test_adjusted_p_values() -> None:
    """Benjamini and Hochberg's own example keeps four of 15; unknown p values stay unknown."""
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    found = benjamini_hochberg([None, *p])
    assert found[0] is None
    assert sum(q is not None and q <= 0.05 for q in found) == 4
    stricter = benjamini_yekutieli(p)
    harmonic = sum(1 / i for i in range(1, 16))
    assert stricter[0] == pytest.approx(0.0015 * harmonic)
    assert benjamini_hochberg([]) == ()


@pytest.mark.parametrize("p", [[0.03], [0.2, 0.04, 0.04, 0.9, 1.0, 0.0, 0.31], [0.01] * 5])
def test_adjusted_p_values_are_scipys(p: list[float]) -> None:
    """In whatever order they come, and where some are equal, scipy adjusts them to the same."""
    for adjusted, method in ((benjamini_hochberg, "bh"), (benjamini_yekutieli, "by")):
        assert adjusted(p) == pytest.approx(stats.false_discovery_control(p, method=method))


def test_level_of_the_picked() -> None:
    """Intervals of 4 picked of 40 are at 99.5 %, stricter when the comparisons overlap."""
    assert picked_level(4, 40) == pytest.approx(0.995)
    assert picked_level(4, 40, overlapping=True) > 0.998
    assert picked_level(0, 40) == 0.95


def test_picked_intervals_are_seldom_wrong() -> None:
    """Picking the significant of 40 rates, 8 truly higher, in 300 runs: 5 % of intervals miss."""
    assert picked_intervals_missed(300) <= 0.055


def test_of_what_is_picked_little_is_wrong() -> None:
    """Of the inputs said to have changed in 300 runs, 5 % are wrong, also where all vary alike."""
    assert false_discoveries(300) <= 0.055
    assert false_discoveries(300, overlapping=True) <= 0.055
