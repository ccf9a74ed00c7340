"""Distances, bins, chance and bands, from counts."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance

from queries.statistics.distances import (
    contingency,
    goodness_of_fit,
    hellinger,
    jensen_shannon,
    js_distance,
    kolmogorov_smirnov,
    l_infinity,
    psi,
    psi_distance,
    wasserstein,
)
from queries.statistics.drift import (
    by_chance,
    doane_bins,
    nannyml_band,
    prediction_band,
    prediction_p,
    turnover,
)
from tests.measures.alarms import chunks_outside, drifts_of_chance

FIRST, SECOND = [120, 300, 0, 45, 80], [80, 350, 10, 45, 0]


def test_distances_are_scipys() -> None:
    """Jensen-Shannon, Kolmogorov-Smirnov and Wasserstein from counts equal scipy's."""
    expected = distance.jensenshannon(FIRST, SECOND, 2)
    assert jensen_shannon(FIRST, SECOND) == pytest.approx(expected)
    places = [1.0, 2.0, 4.0, 8.0, 9.5]
    rows = np.repeat(places, FIRST), np.repeat(places, SECOND)
    assert kolmogorov_smirnov(FIRST, SECOND) == pytest.approx(stats.ks_2samp(*rows).statistic)
    moved = stats.wasserstein_distance(*rows)
    assert wasserstein(FIRST, SECOND, places) == pytest.approx(moved)
    assert l_infinity([1, 1], [3, 1]) == pytest.approx(0.25)


def test_contingency_is_scipys_with_yates_at_two() -> None:
    """The chi-square of the table is scipy's, corrected at two categories and only there."""
    for first, second in ((FIRST, SECOND), ([30, 70], [45, 55])):
        expected = stats.chi2_contingency([first, second])
        found = contingency(first, second)
        assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_goodness_of_fit_is_scipys() -> None:
    """The chi-square of one side against the other's shares is scipy's."""
    known = np.array([120.0, 300, 25, 45, 80])
    expected = stats.chisquare(SECOND, known / known.sum() * sum(SECOND))
    found = goodness_of_fit(known.tolist(), SECOND)
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))


@pytest.mark.parametrize("empty", [[], [0, 0], [math.nan, 1.0]])
def test_nothing_on_one_side(empty: list[float]) -> None:
    """Without counts on one side no distance is given, and no crash."""
    other = [1.0] * len(empty)
    assert jensen_shannon(empty, other) is None
    assert kolmogorov_smirnov(other, empty) is None
    assert psi(empty, other).value is None
    if not any(math.isnan(value) for value in empty):
        assert contingency(empty, other).statistic is None
        assert goodness_of_fit(empty, other).statistic is None


def test_psi_of_the_published_scorecards(published_data: Callable[[str], Path]) -> None:
    """The totals of optbinning's two tables, 0.004776 and 0.001206, to 6e-7; nothing floored."""
    path = published_data("psi_optbinning") / "scored_population.parquet"
    for model, expected in (("heloc_binary", 0.004776), ("california_continuous", 0.001206)):
        counts = duckdb.execute(
            "SELECT bin, count(*) FILTER (sample = 'expected'), count(*) FILTER (sample = 'actual')"
            " FROM read_parquet(?) WHERE model = ? GROUP BY 1 ORDER BY 1",
            [str(path), model],
        ).fetchall()
        found = psi([row[1] for row in counts], [row[2] for row in counts])
        assert found.value == pytest.approx(expected, abs=6e-7)
        assert found.floored == 0


def test_goodness_of_fit_and_hellinger_are_evidentlys(
    published_data: Callable[[str], Path],
) -> None:
    """The p value of Evidently's own test, 0.67309, to 6e-6; its distance, 0.06812, to 1e-5."""
    with (published_data("evidently_stattests") / "samples.csv").open() as file:
        rows = [(row["sample"], row["value"]) for row in csv.DictReader(file)]
    values = sorted({value for _, value in rows})
    reference, current = (
        [rows.count((sample, value)) for value in values] for sample in ("reference", "current")
    )
    assert goodness_of_fit(reference, current).p == pytest.approx(0.67309, abs=6e-6)
    assert hellinger(reference, current) == pytest.approx(0.06812, abs=1e-5)


def test_empty_bins_of_psi_are_floored_and_said() -> None:
    """Bins empty on one side count as 1 in 10,000, and how many is said; on both, not at all."""
    found = psi([50, 50, 0, 0], [50, 0, 0, 50])
    assert found.floored == 2
    assert found.value == pytest.approx(2 * (0.5 - 1e-4) * math.log(0.5 / 1e-4))


def test_doane_is_numpys() -> None:
    """Doane's bins of skewed values are as many as numpy counts."""
    for seed, size in enumerate((5, 50, 5000)):
        values = np.random.default_rng(seed).gamma(1.0, 2.0, size)
        found = doane_bins(
            size, float(stats.skew(values)), float(values.min()), float(values.max())
        )
        edges = np.histogram_bin_edges(values, "doane")
        assert found.edges == pytest.approx(edges.tolist())


@pytest.mark.parametrize(
    ("n", "skew", "low", "high"),
    [(0, 0.0, 0.0, 0.0), (2, 0.0, 1.0, 2.0), (100, 0.0, 5.0, 5.0), (100, math.nan, 0.0, 1.0)],
)
def test_one_bin_for_too_little(n: int, skew: float, low: float, high: float) -> None:
    """Few values, a constant and a spread that can't be told get one bin."""
    assert doane_bins(n, skew, low, high).count == 1


def test_chance_makes_small_samples_look_different() -> None:
    """PSI averages 0.10 at 200 rows on 20 bins without a change, and its null says so."""
    rng = np.random.default_rng(6)
    shares = np.full(20, 0.05)
    reference, current = rng.multinomial(10**6, shares), rng.multinomial(200, shares)
    found = by_chance(psi_distance, reference, current, rng)
    assert found.mean == pytest.approx(0.10, abs=0.015)
    assert found.p is not None
    assert found.p > 0.01


def test_chance_rejects_at_its_level_and_sees_a_shift() -> None:
    """Of 200 unchanged samples at most 8 % fall below p = 0.05; of 50 shifted ones all do."""
    assert drifts_of_chance(200) <= 0.08
    assert drifts_of_chance(50, moved=True) == 1
    rng = np.random.default_rng(0)
    assert by_chance(js_distance, [0, 0], [1, 2], rng).p is None


def test_prediction_band_covers_the_next_chunk() -> None:
    """Of 4,000 next chunks after ten, 94 to 96 % lie in our band, 97 to 98 in NannyML's."""
    ours, theirs = chunks_outside(4000)
    assert 0.04 <= ours <= 0.06
    assert 0.015 <= theirs <= 0.035


def test_prediction_band_widens() -> None:
    """A smaller chunk and more columns widen the band; a larger chunk doesn't narrow it."""
    chunks = [1.0, 1.2, 0.9, 1.1, 1.0]
    plain = prediction_band(chunks).high or 0
    assert (prediction_band(chunks, size_ratio=0.25).high or 0) - 1.04 == pytest.approx(
        2 * (plain - 1.04)
    )
    assert prediction_band(chunks, size_ratio=9.0).high == pytest.approx(plain)
    assert (prediction_band(chunks, columns=10).high or 0) > plain
    assert prediction_band(chunks, upper_only=True).low is None
    assert prediction_band([1.0, 2.0]).unusual(9.0) is None
    assert nannyml_band([]).unusual(1.0) is None


def test_prediction_p_agrees_with_the_band() -> None:
    """A value at the band's edge has p = 0.05, one-sided as two-sided."""
    chunks = [1.0, 1.2, 0.9, 1.1, 1.0]
    edge, upper = prediction_band(chunks).high, prediction_band(chunks, upper_only=True).high
    assert edge is not None
    assert upper is not None
    assert prediction_p(edge, chunks) == pytest.approx(0.05)
    assert prediction_p(upper, chunks, upper_only=True) == pytest.approx(0.05)
    assert prediction_p(1.0, [1.0] * 5) == 1.0
    assert prediction_p(1.0, [1.0]) is None


def test_turnover_of_categories() -> None:
    """A category never seen is new at one row; one is gone only when chance can't explain it."""
    found = turnover({"a": 900, "b": 98, "rare": 2}, {"a": 200, "c": 1, "d": 4})
    assert found.unseen == (("d", 4), ("c", 1))
    assert [value for value, _ in found.vanished] == ["b"]
    assert (found.unseen_rows, found.rows) == (5, 205)
    assert turnover({}, {}).vanished == ()
