"""Quantiles with their intervals: exact ranks, and how often they hold the true value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from queries.core.log import Log
from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.counting.quantiles import fewest, quantiles, rank_bounds
from queries.measures.pulse.milliseconds import milliseconds
from queries.statistics.usual_values import usual_value
from tests.measures.conftest import write_parquet
from tests.statistics import coverage


def test_intervals_hold_the_true_quantile() -> None:
    """In each case of the grid 94.5 to 98.5 % of 4,000 intervals hold it, 93 to 97 % on average."""
    found = coverage.quantiles(4000).values()
    assert all(0.945 <= each <= 0.985 for each in found)
    assert 0.93 <= sum(found) / len(found) <= 0.97


@pytest.mark.parametrize(
    ("n", "q", "bounds"),
    [
        (100, 0.5, (40, 61)),
        (10, 0.5, (2, 9)),
        (100, 0.95, (90, 100)),
        (0, 0.5, None),
        (1, 0.5, None),
    ],
)
def test_ranks_are_those_of_the_binomial(n: int, q: float, bounds: tuple[int, int] | None) -> None:
    """The bounding ranks of tables for the median; none where a rank lies beyond the sample."""
    assert rank_bounds(n, q) == bounds
    assert rank_bounds(20, 0.95) is None


@pytest.mark.parametrize("q", [0.01, 0.5, 0.95, 0.999])
def test_ranks_are_scipys(q: float) -> None:
    """At any size the bounds are the quantiles that scipy gives of the binomial distribution."""
    for n in (1, 2, 29, 100, 999, 12_345, 6_000_000):
        low, high = stats.binom.ppf([0.025, 0.975], n, q).astype(int).tolist()
        expected = (low, high + 1) if low >= 1 and high < n else None
        assert rank_bounds(n, q) == expected


def test_the_log_s_own_values_are_the_bounds(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]
) -> None:
    """Quantile and bounds are exactly the sorted values at their ranks, in each group."""
    query = (
        "SELECT CASE WHEN i < 1000 THEN 'a' WHEN i < 1200 THEN 'b' ELSE 'c' END AS part, "
        "CASE WHEN i % 7 = 0 THEN NULL WHEN i % 11 = 0 THEN 'nan'::DOUBLE ELSE "
        "(i * 7919 % 1009) ^ 2 / 10 END AS took FROM range(1210) AS t(i)"
    )
    write_parquet(query, tmp_path / "log.parquet")
    roles = {"latency_ms": "took", "dimensions": ["part"]}
    log = open_log({"files": str(tmp_path / "log.parquet"), "undated": True, "roles": roles})
    i = np.arange(1210)
    held = (i % 7 != 0) & (i % 11 != 0)
    took = (i * 7919 % 1009) ** 2 / 10
    parts = {"a": i < 1000, "b": (i >= 1000) & (i < 1200), "c": i >= 1200}
    values = {key: np.sort(took[held & inside]) for key, inside in parts.items()}
    counts: dict[tuple[Cell, ...], int] = {(key,): len(each) for key, each in values.items()}
    by = {"part": log.column("part")}
    found = quantiles(log, milliseconds(log), (0.5, 0.95), counts, by, None, ())
    for key in ("a", "b"):
        for q, number in found[(key,)].items():
            low, high = rank_bounds(len(values[key]), q) or (0, 0)
            assert number.value == pytest.approx(np.quantile(values[key], q))
            assert number.low == pytest.approx(values[key][low - 1])
            assert number.high == pytest.approx(values[key][high - 1])
    assert found[("c",)][0.5].value is None
    assert "too few to say" in found[("c",)][0.5].why
    assert fewest(0.99) == 200


def around(value: float, half: float = 1.0) -> Number:
    """An estimate with an interval."""
    return Number(value, 1000, value - half, value + half, "milliseconds")


def test_a_value_is_judged_by_how_past_ones_varied() -> None:
    """Beside steady weeks a tenth more is unusual, beside varying ones it is not."""
    steady = [around(value) for value in (200, 202, 199, 201)]
    varying = [around(value) for value in (180, 220, 190, 210)]
    assert usual_value(steady, around(220)).unusual is True
    assert usual_value(varying, around(220)).unusual is False
    found = usual_value(steady, around(400))
    assert found.higher
    assert found.times.value == pytest.approx(2, rel=0.01)
    assert usual_value(steady[:3], around(400)).unusual is None
    assert usual_value([], around(400)).usual.value is None


def test_values_that_never_vary() -> None:
    """A constant past makes a constant present usual, whatever its last digit."""
    constant = [Number(0.1 + 0.2, 9, 0.1 + 0.2, 0.1 + 0.2)] * 4
    assert usual_value(constant, Number(0.3, 9, 0.3, 0.3)).unusual is False
    zero = [Number(0.0, 9, 0.0, 0.0)] * 4
    assert usual_value(zero, Number(0.0, 9, 0.0, 0.0)).unusual is False
    assert usual_value(zero, Number(5.0, 9, 5.0, 5.0)).unusual is True


@pytest.mark.parametrize("n", [200, 5000])
def test_varying_quantiles_are_seldom_called_unusual(n: int) -> None:
    """Of 1,000 unchanged days varying by 10 %, at most 5.5 % of the p95 are called unusual."""
    rng = np.random.default_rng(4)
    bounds = rank_bounds(n, 0.95)
    assert bounds is not None
    false = 0
    for _ in range(1000):
        days = np.sort(rng.lognormal(0.1 * rng.standard_normal((5, 1)), 0.5, (5, n)), axis=1)
        p95 = np.quantile(days, 0.95, axis=1)
        sides = days[:, bounds[0] - 1], days[:, bounds[1] - 1]
        numbers = [
            Number(float(v), n, float(lo), float(hi)) for v, lo, hi in zip(p95, *sides, strict=True)
        ]
        false += bool(usual_value(numbers[1:], numbers[0]).unusual)
    assert false / 1000 <= 0.055
