"""Groups as published by Aequitas (COMPAS), AIF360 (German credit) and Fairlearn's user guide."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.published.conftest import Rows

Ask = Callable[[str], Mapping[str, Rows]]
ATTRIBUTES = ("race", "sex", "age_cat")
DISPARITIES = ("fdr", "fnr", "for", "fpr", "npv", "pprev", "precision", "tnr", "tpr", "ppr")


@pytest.fixture
def check(published_data: Callable[[str], Path]) -> Callable[[str, str], Any]:
    """Give what a data set's check expects, and how near."""

    def read(dataset: str, title: str) -> Any:
        checks = json.loads((published_data(dataset) / "checks.json").read_text())
        (found,) = [each for each in checks if each["title"].startswith(title)]
        return found["expected"], found["tol"]

    return read


def metrics(tables: Mapping[str, Rows]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Give the rows of the metrics by group and metric."""
    return {(row["group"], row["metric"]): row for row in tables["Metrics by group"]}


def test_counts_of_compas(answered: Ask, check: Callable[[str, str], Any]) -> None:
    """Every group's confusion counts are Aequitas', and so are the favourable ones."""
    expected, _ = check("aequitas_compas", "group counts")
    for attribute, group, pp, pn, fp, fn, tn, tp, size in expected:
        tables = answered(f"fairness compas all by {attribute}")
        (row,) = [row for row in tables["Outcomes by group"] if row["group"] == group]
        assert [row[name] for name in ("fp", "fn", "tn", "tp", "n")] == [fp, fn, tn, tp, size]
        (row,) = [row for row in tables["Groups"] if row["group"] == group]
        assert (row["n"], row["favourable"]) == (size, pn)
        assert size - row["favourable"] == pp


def test_metrics_of_compas(answered: Ask, check: Callable[[str, str], Any]) -> None:
    """Every group's metrics are Aequitas', each within its own range."""
    expected, tolerance = check("aequitas_compas", "all group metrics")
    names = ("tpr", "tnr", "for", "fdr", "fpr", "fnr", "npv", "precision", "pprev", "prev")
    assert len(expected) == 11
    for attribute, group, *values in expected:
        found = metrics(answered(f"fairness compas all by {attribute}"))
        for name, value in zip(names, values, strict=True):
            row = found[group, name]
            assert row["value"] == pytest.approx(value, abs=tolerance)
            assert row["value_low"] <= row["value"] <= row["value_high"]


@pytest.mark.parametrize(
    ("title", "references"),
    [
        ("disparity ratios vs Caucasian", ("Caucasian", "Male", "25 - 45")),
        ("disparity ratios vs Hispanic", ("Hispanic", "Male", "25 - 45")),
        ("disparity ratios vs majority", (None, None, None)),
    ],
)
def test_disparities_of_compas(
    answered: Ask,
    check: Callable[[str, str], Any],
    title: str,
    references: tuple[str | None, ...],
) -> None:
    """The ratios to each of Aequitas' three choices of reference groups, the largest by default."""
    expected, tolerance = check("aequitas_compas", title)
    chosen = dict(zip(ATTRIBUTES, references, strict=True))
    for attribute, group, *values in expected:
        named = f' reference "{chosen[attribute]}"' if chosen[attribute] else ""
        found = metrics(answered(f"fairness compas all by {attribute}{named}"))
        for name, value in zip(DISPARITIES, values, strict=True):
            assert found[group, name]["ratio"] == pytest.approx(value, abs=tolerance)


def test_german_credit(answered: Ask, check: Callable[[str, str], Any]) -> None:
    """Where only the outcome is known, mean difference and disparate impact are AIF360's."""
    (women,) = [
        row
        for row in answered("fairness german_credit all by sex reference male")["Groups"]
        if row["group"] == "female"
    ]
    expected, tolerance = check("german_credit_fairness", "mean difference")
    assert women["difference"] / 100 == pytest.approx(float(expected), abs=tolerance)
    expected, tolerance = check("german_credit_fairness", "disparate impact")
    assert women["ratio"] == pytest.approx(float(expected), abs=tolerance)


def test_groups_of_fairlearn(answered: Ask, check: Callable[[str, str], Any]) -> None:
    """Fairlearn's rates by group, their difference and ratio, and the difference to overall."""
    tables = answered("fairness fairlearn all by sf")
    expected, tolerance = check("fairlearn_doctest", "by group")
    found = metrics(tables)
    for group, *values, n in expected:
        assert [found[group, name]["value"] for name in ("tpr", "fpr", "pprev")] == pytest.approx(
            values, abs=tolerance
        )
        assert found[group, "pprev"]["n"] == n
    between = {row["metric"]: row for row in tables["Between groups"]}
    for title, column, unit in (
        ("difference between", "difference", 100),
        ("ratio between", "ratio", 1),
        ("difference to overall", "to_all", 100),
    ):
        (values,), tolerance = check("fairlearn_doctest", title)
        shown = [between[name][column] / unit for name in ("tpr", "fpr", "pprev")]
        assert shown == pytest.approx(values, abs=tolerance)
