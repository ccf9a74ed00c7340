"""NannyML's univariate drift of the car loans, as `inputs car_loan all` answers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from queries.statistics.drift import nannyml_band
from tests.published.conftest import Rows

ASKED = "inputs car_loan all"
CARS = "nannyml_car_loan"
TABLE = "univariate_drift_all_columns"
DATASETS = {"reference": "reference", "analysis": "production"}
NUMBERS = (
    *("id", "car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"),
    "y_pred_proba",
)
CATEGORIES = ("salary_range", "repaid_loan_on_prev_car", "size_of_downpayment")

periods = pytest.mark.parametrize("period", DATASETS)
Chunks = Callable[..., Rows]


@periods
@pytest.mark.parametrize("name", [*NUMBERS, *CATEGORIES, "y_pred"])
def test_jensen_shannon(name: str, period: str, by_chunk: Chunks, published: Chunks) -> None:
    """The distance of every column in each of ten chunks is the published one to 6e-7."""
    rows = published(CARS, TABLE, period)
    found = by_chunk(ASKED, DATASETS[period], input=name)
    expected = [float(row[f"{name}.jensen_shannon.value"]) for row in rows]
    assert [row["shift"] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert len(expected) == 10


@periods
@pytest.mark.parametrize("name", NUMBERS)
def test_kolmogorov_smirnov(name: str, period: str, by_chunk: Chunks, published: Chunks) -> None:
    """The statistic of every number in each of ten chunks is within 5e-4 of the published one."""
    rows = published(CARS, TABLE, period)
    found = by_chunk(ASKED, DATASETS[period], input=name)
    expected = [float(row[f"{name}.kolmogorov_smirnov.value"]) for row in rows]
    assert [row["statistic"] for row in found] == pytest.approx(expected, abs=5e-4, rel=0)


@periods
@pytest.mark.parametrize("name", CATEGORIES)
def test_chi_square(name: str, period: str, by_chunk: Chunks, published: Chunks) -> None:
    """The statistic of every category in each of ten chunks is the published one to 6e-6."""
    rows = published(CARS, TABLE, period)
    found = by_chunk(ASKED, DATASETS[period], input=name)
    expected = [float(row[f"{name}.chi2.value"]) for row in rows]
    assert [row["statistic"] for row in found] == pytest.approx(expected, rel=6e-6, abs=0)


@periods
@pytest.mark.parametrize("name", ["car_value", "debt_to_income_ratio", "driver_tenure"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("avg", "mean"), ("std", "deviation"), ("median", "median"), ("sum", "total")],
)
def test_summaries(
    table: str, column: str, name: str, period: str, by_chunk: Chunks, published: Chunks
) -> None:
    """Average, spread, median and sum of three numbers in each of ten chunks, to six digits."""
    rows = published(CARS, f"stats_{table}", period)
    found = by_chunk(ASKED, DATASETS[period], input=name)
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row[column] for row in found] == pytest.approx(expected, rel=6e-6, abs=0)
    assert len(expected) == 10


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("univariate_drift_debt_to_income_analysis", "kolmogorov_smirnov", "debt_to_income_ratio"),
        ("univariate_drift_salary_range_chi2_analysis", "chi2", "salary_range"),
    ],
)
def test_tutorials(table: str, column: str, name: str, by_chunk: Chunks, published: Chunks) -> None:
    """The tables of single columns say the same as the one of all."""
    expected = [float(row[f"{name}.{column}.value"]) for row in published(CARS, table)]
    found = by_chunk(ASKED, "production", input=name)
    near = pytest.approx(expected, rel=6e-6, abs=0)
    if column == "kolmogorov_smirnov":
        near = pytest.approx(expected, rel=0, abs=5e-4)
    assert [row["statistic"] for row in found] == near


def test_continuous_columns_once_more(published: Chunks) -> None:
    """The table of continuous columns holds nothing but what the one of all columns holds."""
    for period in DATASETS:
        both = zip(
            published(CARS, "univariate_drift_continuous_all", period),
            published(CARS, TABLE, period),
            strict=True,
        )
        assert all(some.items() <= every.items() for some, every in both)


@periods
def test_chunks_begin_and_end(period: str, by_chunk: Chunks, published: Chunks) -> None:
    """Each chunk's first and last time are the published ones."""
    rows = published(CARS, TABLE, period)
    found = by_chunk(ASKED, DATASETS[period], input="car_value")
    for row, each in zip(rows, found, strict=True):
        assert datetime.fromisoformat(each["first"]) == _utc(row["chunk.start_date"])
        assert datetime.fromisoformat(each["last"]) == _utc(row["chunk.end_date"])


def _utc(printed: str) -> datetime:
    return datetime.fromisoformat(printed).replace(tzinfo=UTC)


def test_alert_counts(by_chunk: Chunks, published: Chunks) -> None:
    """With NannyML's own bands the answer's distances give the published ranking by alerts."""
    ranking = published(CARS, "alert_count_ranking")
    expected = {row["column_name"]: int(row["number_of_alerts"]) for row in ranking}
    del expected["repaid"]  # the outcome is no input; see docs/published-numbers.md
    assert {name: _alerts(ASKED, name, by_chunk) for name in expected} == expected


@pytest.mark.parametrize("name", [*NUMBERS, *CATEGORIES, "y_pred"])
def test_bands_and_alerts(name: str, by_chunk: Chunks, published: Chunks) -> None:
    """NannyML's band over the answer's reference chunks is the published one, and its alerts."""
    before, now = (
        [row["shift"] for row in by_chunk(ASKED, dataset, input=name)]
        for dataset in DATASETS.values()
    )
    high = nannyml_band(before).high
    for row, value in zip(published(CARS, TABLE, "analysis"), now, strict=True):
        assert high == pytest.approx(float(row[f"{name}.jensen_shannon.upper_threshold"]), abs=6e-7)
        assert str(value > high) == row[f"{name}.jensen_shannon.alert"]


def test_employment_alert_counts(by_chunk: Chunks, published: Chunks) -> None:
    """The five inputs with most alerts over 42 chunks of real people have the published counts."""
    ranking = published("nannyml_ma_employment", "alert_count_ranking_top5")
    expected = {row["column_name"]: int(row["number_of_alerts"]) for row in ranking}
    found = {name: _alerts("inputs employment all", name, by_chunk) for name in expected}
    assert found == expected
    assert len(expected) == 5


def _alerts(asked: str, name: str, by_chunk: Chunks) -> int:
    """Count production's chunks above NannyML's band, which no answer uses."""
    distances = {
        dataset: [row["shift"] for row in by_chunk(asked, dataset, input=name)]
        for dataset in DATASETS.values()
    }
    high = nannyml_band(distances["reference"]).high
    assert high is not None
    return sum(value > high for value in distances["production"])
