"""NannyML's published drift tables, reproduced by the measures on a declared log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from scipy import stats

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.measures.columns.categories import known_of_each
from queries.measures.columns.category_drift import category_drift
from queries.measures.columns.numbers import numeric_drift, reference_bins
from queries.measures.counting.expressions import Sample
from queries.statistics.drift import nannyml_band
from tests.measures.declared import CAR_CATEGORIES, CAR_NUMBERS, car_loan, census

Opener = Callable[[dict[str, Any]], Log]
Published = Callable[..., list[dict[str, str]]]

REFERENCE = Sample(Dataset.REFERENCE)
PERIODS = {"reference": REFERENCE, "analysis": Sample()}
TABLE = "published_tables/univariate_drift_all_columns.csv"


@pytest.mark.parametrize("period", ["reference", "analysis"])
def test_numbers(
    period: str, published_data: Callable[[str], Path], open_log: Opener, published: Published
) -> None:
    """Jensen-Shannon to 6e-7 and Kolmogorov-Smirnov to 1e-9 of the table, in each of 10 chunks."""
    folder = published_data("nannyml_car_loan")
    log, rows = open_log(car_loan(folder)), published(folder / TABLE, period)
    names = [*CAR_NUMBERS, "score"]
    bins = reference_bins(log, names, REFERENCE)
    found = numeric_drift(log, bins, REFERENCE, PERIODS[period], {"chunk": log.column("chunk")})
    assert len(rows) == len(found) == 10
    for chunk, row in enumerate(rows):
        for name in names:
            column = "y_pred_proba" if name == "score" else name
            drift = found[(chunk,)][name]
            js, ks = (
                row[f"{column}.jensen_shannon.value"],
                row[f"{column}.kolmogorov_smirnov.value"],
            )
            assert drift.jensen_shannon == pytest.approx(float(js), abs=6e-7)
            assert drift.kolmogorov_smirnov == pytest.approx(float(ks), abs=1e-9)


@pytest.mark.parametrize("period", ["reference", "analysis"])
@pytest.mark.parametrize("name", CAR_CATEGORIES)
def test_categories(
    name: str,
    period: str,
    published_data: Callable[[str], Path],
    open_log: Opener,
    published: Published,
) -> None:
    """Chi-square to 6e-6 of its size and Jensen-Shannon to 6e-7 of the table, in each chunk."""
    folder = published_data("nannyml_car_loan")
    log, rows = open_log(car_loan(folder)), published(folder / TABLE, period)
    known = known_of_each(log, [name], REFERENCE)[name]
    by = {"chunk": log.column("chunk")}
    found = category_drift(log, name, known, REFERENCE, PERIODS[period], by)
    for chunk, row in enumerate(rows):
        drift = found[(chunk,)]
        chi2 = float(row[f"{name}.chi2.value"])
        assert drift.chi_square.statistic == pytest.approx(chi2, rel=6e-6)
        js = float(row[f"{name}.jensen_shannon.value"])
        assert drift.jensen_shannon == pytest.approx(js, abs=6e-7)


def test_bands_and_alert_counts_of_the_ranking(
    published_data: Callable[[str], Path], open_log: Opener, published: Published
) -> None:
    """NannyML's bands to 6e-7, and its alert counts for every feature and the score."""
    folder = published_data("nannyml_car_loan")
    log = open_log(car_loan(folder))
    by, alerts = {"chunk": log.column("chunk")}, {}
    names = [*CAR_NUMBERS, "score"]
    bins = reference_bins(log, names, REFERENCE)
    distances: dict[str, dict[str, list[float]]] = {name: {} for name in names}
    for period, sample in PERIODS.items():
        found = numeric_drift(log, bins, REFERENCE, sample, by, cumulative=False)
        for name in names:
            distances[name][period] = [
                found[(chunk,)][name].jensen_shannon or 0.0 for chunk in range(10)
            ]
    for name in CAR_CATEGORIES:
        known = known_of_each(log, [name], REFERENCE)[name]
        distances[name] = {}
        for period, sample in PERIODS.items():
            drifts = category_drift(log, name, known, REFERENCE, sample, by)
            distances[name][period] = [
                drifts[(chunk,)].jensen_shannon or 0.0 for chunk in range(10)
            ]
    rows = published(folder / TABLE, "analysis")
    for name, values in distances.items():
        column = "y_pred_proba" if name == "score" else name
        band = nannyml_band(values["reference"])
        upper = float(rows[0][f"{column}.jensen_shannon.upper_threshold"])
        assert band.high == pytest.approx(upper, abs=6e-7)
        alerts[column] = sum(value > upper for value in values["analysis"])
    ranking = published(folder / "published_tables/alert_count_ranking.csv")
    expected = {row["column_name"]: int(row["number_of_alerts"]) for row in ranking}
    assert {name: n for name, n in alerts.items() if name in expected} == {
        name: n for name, n in expected.items() if name in alerts
    }
    assert len(set(expected) & set(alerts)) >= 8


def test_census_alert_counts(
    published_data: Callable[[str], Path], open_log: Opener, published: Published
) -> None:
    """The five features with most alerts over 42 chunks of real people have NannyML's counts."""
    folder = published_data("nannyml_ma_employment")
    log = open_log(census(folder))
    by = {"chunk": log.column("chunk")}
    for row in published(folder / "published_tables/alert_count_ranking_top5.csv"):
        name, values = row["column_name"], {}
        for period, sample in PERIODS.items():
            if log.kind(name) == "number":
                bins = reference_bins(log, [name], REFERENCE)
                numbers = numeric_drift(log, bins, REFERENCE, sample, by, cumulative=False)
                values[period] = [each[name].jensen_shannon or 0.0 for each in numbers.values()]
            else:
                known = known_of_each(log, [name], REFERENCE)[name]
                drifts = category_drift(log, name, known, REFERENCE, sample, by)
                values[period] = [each.jensen_shannon or 0.0 for each in drifts.values()]
        band = nannyml_band(values["reference"])
        above = sum(value > (band.high or 1) for value in values["analysis"])
        assert above == int(row["number_of_alerts"]), name


def test_exact_distances_are_scipys(
    published_data: Callable[[str], Path], open_log: Opener
) -> None:
    """On a reference below 10,000 rows, Kolmogorov-Smirnov and Wasserstein equal scipy's."""
    log = open_log(car_loan(published_data("nannyml_car_loan")))
    chunk = log.column("chunk")
    small = Sample(Dataset.REFERENCE, where=(chunk == 0,))
    later = Sample(where=(chunk == 7,))
    names = ["car_value", "debt_to_income_ratio"]
    found = numeric_drift(log, reference_bins(log, names, small), small, later)[()]
    for name in names:
        before, now = (values_of(log, name, sample) for sample in (small, later))
        ks = stats.ks_2samp(before, now)
        assert found[name].kolmogorov_smirnov == pytest.approx(ks.statistic, abs=1e-12)
        moved = stats.wasserstein_distance(before, now)
        assert found[name].wasserstein == pytest.approx(moved, rel=1e-9)


def values_of(log: Log, name: str, sample: Sample) -> list[float]:
    """Read a column's values out, to hand them to scipy."""
    rows = log.relation({"x": log.column(name)}, where=sample.where, dataset=sample.dataset)
    return [row["x"] for row in log.run(sa.select(rows.c.x))]
