"""tea-tasting's published results, as `experiment shop` and `experiment shop_three_arms` answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from tests.published.conftest import Rows

SHOP, THREE = "experiment shop", "experiment shop_three_arms"
MEANS = "Averages and ratios"
FULL = {
    "value": 0.5730905412240769,
    "change": 0.04269014577177832,
    "change_low": -0.010800201598205564,
    "change_high": 0.0961804931417622,
    "times": 1.08048664016431273,
    "times_low": 1 - 0.019515294044062048,
    "times_high": 1.19068800612788883,
    "statistic": 1.5647028839586694,
    "p": 0.11773177998716244,
}
"""Orders by user, as tea-tasting's user guide prints them in full."""

PRINTED = {
    "sessions per user": (-0.037, 0.025, 0.001),
    "orders per session": (-0.0089, 0.19, 0.01),
    "orders per user": (-0.020, 0.19, 0.01),
    "revenue per user": (-0.024, 0.22, 0.01),
}
"""Ends of the relative effects' intervals in the guide's table, and a unit of the last digit."""


def row(tables: Mapping[str, Rows], metric: str, arm: str) -> Mapping[str, Any]:
    """Give an answer's row of one metric and arm."""
    (found,) = (
        each
        for each in tables[MEANS]
        if (each["metric"], each["arm"]) == (metric.replace("_", " "), arm)
    )
    return found


@pytest.fixture(scope="module")
def checks(published_data: Callable[[str], Path]) -> Mapping[str, Mapping[str, Any]]:
    """Give the published cells with their tolerance, by the beginning of their title."""
    listed = json.loads((published_data("ab_tea_tasting") / "checks.json").read_text())
    return {each["title"].split(" (")[0].split(":")[0]: each for each in listed}


def test_every_digit_of_one_metric(answered: Callable[[str], Mapping[str, Rows]]) -> None:
    """Orders by user have the published effect, intervals, statistic and p, all in full."""
    tables = answered(SHOP)
    assert row(tables, "orders per user", "0")["value"] == pytest.approx(
        0.5304003954522986, abs=1e-12
    )
    found = row(tables, "orders per user", "1")
    assert {name: found[name] for name in FULL} == pytest.approx(FULL, abs=1e-9)


@pytest.mark.parametrize(
    ("check", "asked", "metric", "arm", "digits"),
    [
        ("orders_per_user", SHOP, "orders per user", "1", None),
        ("revenue_per_user 5.24 / 5.73 / 9.3% / 0.123", SHOP, "revenue per user", "1", (2, 1, 3)),
        (
            "sessions_per_user 2.00 / 1.98 / -0.66% / 0.674",
            SHOP,
            "sessions per user",
            "1",
            (2, 2, 3),
        ),
        ("orders_per_session", SHOP, "orders per session", "1", (3, 1, 4)),
        ("three arms, revenue 0 vs 1", THREE, "revenue per user", "1", (2, 0, 4)),
        ("three arms, revenue 0 vs 2", THREE, "revenue per user", "2", (2, 0, 5)),
        ("three arms, orders 0 vs 2", THREE, "orders per user", "2", (3, 0, 4)),
    ],
)
def test_published_cells(
    answered: Callable[[str], Mapping[str, Rows]],
    checks: Mapping[str, Mapping[str, Any]],
    check: str,
    asked: str,
    metric: str,
    arm: str,
    digits: tuple[int, int, int] | None,
) -> None:
    """Control, treatment, relative effect and p are the published cells, as rounded there."""
    (published,) = checks[check]["expected"]
    tables = answered(asked)
    control, found = row(tables, metric, "0"), row(tables, metric, arm)
    cells = [control["value"], found["value"], found["times"] - 1, found["p"]]
    if digits is None:
        cells[2:2] = [found["change"]]
        cells[4:4] = [found["statistic"]]
    else:
        value, relative, p = digits
        first, treated, effect, chance = cells
        cells = [round(first, value), round(treated, value)]
        cells += [round(100 * effect, relative), round(chance, p)]
    assert cells[: len(published)] == pytest.approx(published, abs=checks[check]["tol"])


@pytest.mark.parametrize("metric", PRINTED)
def test_relative_intervals(answered: Callable[[str], Mapping[str, Rows]], metric: str) -> None:
    """The relative effects' intervals are those of the guide's table, as rounded there."""
    low, high, unit = PRINTED[metric]
    found = row(answered(SHOP), metric, "1")
    assert found["times_high"] - 1 == pytest.approx(high, abs=unit / 2)
    assert found["times_low"] - 1 == pytest.approx(low, abs=unit / 2)


def test_the_published_p_of_a_ratio(answered: Callable[[str], Mapping[str, Rows]]) -> None:
    """Orders by session have the guide's p, 0.0762."""
    assert round(row(answered(SHOP), "orders per session", "1")["p"], 4) == 0.0762


def test_who_takes_part(
    answered: Callable[[str], Mapping[str, Rows]], checks: Mapping[str, Mapping[str, Any]]
) -> None:
    """Users by arm are the published ones; three arms have 6,046 rows."""
    two = [[int(each["arm"]), each["exposed"]] for each in answered(SHOP)["Who takes part"]]
    assert two == checks["users per arm"]["expected"]
    three = [each["finished"] for each in answered(THREE)["Who takes part"]]
    assert sum(three) == checks["three arms"]["expected"]


def test_the_split(
    answered: Callable[[str], Mapping[str, Rows]], checks: Mapping[str, Mapping[str, Any]]
) -> None:
    """The answer's p is the chi-square's; a binomial with continuity correction is published."""
    rows = answered(SHOP)["Who takes part"]
    counts = [each["exposed"] for each in rows]
    n = sum(counts)
    assert rows[0]["p"] == pytest.approx(stats.chisquare(counts).pvalue, abs=1e-12)
    corrected = 2 * stats.norm.sf((abs(counts[0] - counts[1]) - 1) / n**0.5)
    assert round(corrected, 3) == checks["sample ratio mismatch p = 0.477"]["expected"]
