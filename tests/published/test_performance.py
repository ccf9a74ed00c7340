"""NannyML's realised performance, as `performance … all` answers it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queries.statistics.drift import nannyml_band
from tests.published.conftest import Rows

CARS, CARDS, PRICES = (
    "nannyml_car_loan",
    "nannyml_multiclass_credit_cards",
    "nannyml_regression_car_price",
)
BINARY = (
    *("roc_auc", "f1", "precision", "recall", "specificity", "accuracy"),
    "average_precision",
)
MACRO = BINARY[:-1]
REGRESSION = ("mae", "mape", "mse", "msle", "rmse", "rmsle")
DATASETS = {"reference": "reference", "analysis": "production"}

periods = pytest.mark.parametrize("period", DATASETS)
Chunks = Callable[..., Rows]


@periods
@pytest.mark.parametrize("name", BINARY)
def test_binary(name: str, period: str, by_chunk: Chunks, published: Chunks) -> None:
    """Each metric of ten chunks of car loans is the published one to 6e-7, inside its interval."""
    rows = published(CARS, f"standard_metrics_{period}", period)
    found = by_chunk("performance car_loan all", DATASETS[period])
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row[name] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert all(row[f"{name}_low"] < row[name] < row[f"{name}_high"] for row in found)
    assert len(found) == 10


@pytest.mark.parametrize("name", BINARY)
def test_binary_bands_and_alerts(name: str, by_chunk: Chunks, published: Chunks) -> None:
    """NannyML's bands over the answer's reference chunks are the published ones, and its alerts."""
    before, now = (by_chunk("performance car_loan all", each) for each in DATASETS.values())
    band = nannyml_band([row[name] for row in before], 0.0, 1.0)
    rows = published(CARS, "standard_metrics_analysis", "analysis")
    for row, chunk in zip(rows, now, strict=True):
        assert band.high == pytest.approx(float(row[f"{name}.upper_threshold"]), abs=6e-7)
        assert band.low == pytest.approx(float(row[f"{name}.lower_threshold"]), abs=6e-7)
        assert str(band.unusual(chunk[name])) == row[f"{name}.alert"]


@pytest.mark.parametrize("name", ["roc_auc", "recall"])
def test_ranking_tutorial(name: str, by_chunk: Chunks, published: Chunks) -> None:
    """The ranking tutorial's realised metrics are the same ones."""
    rows = published(CARS, "realized_roc_auc_recall_analysis")
    found = [row[name] for row in by_chunk("performance car_loan all", "production")]
    assert found == pytest.approx([float(row[f"{name}.value"]) for row in rows], abs=6e-7, rel=0)


@pytest.mark.parametrize("name", MACRO)
def test_multiclass(name: str, by_chunk: Chunks, published: Chunks) -> None:
    """Each macro metric of ten chunks of credit cards is the published one to 6e-7."""
    rows = published(CARDS, "realized_metrics_analysis")
    found = by_chunk("performance credit_cards all", "production")
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row[name] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert all(row[f"{name}_low"] < row[name] < row[f"{name}_high"] for row in found)
    assert len(found) == 10


@periods
@pytest.mark.parametrize("name", REGRESSION)
def test_regression(name: str, period: str, by_chunk: Chunks, published: Chunks) -> None:
    """Each metric of ten chunks of car prices is the published one to 6e-6 of its size."""
    rows = published(PRICES, f"realized_metrics_{period}")
    found = by_chunk("performance car_price all", DATASETS[period])
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert [row[name] for row in found] == pytest.approx(expected, rel=6e-6, abs=0)
    assert all(row[f"{name}_low"] < row[name] < row[f"{name}_high"] for row in found)
    assert len(found) == 10


@pytest.mark.parametrize("name", REGRESSION)
def test_regression_bands_and_alerts(name: str, by_chunk: Chunks, published: Chunks) -> None:
    """NannyML's bands over the answer's reference chunks are the published ones, and its alerts."""
    before, now = (by_chunk("performance car_price all", each) for each in DATASETS.values())
    band = nannyml_band([row[name] for row in before])
    for row, chunk in zip(published(PRICES, "realized_metrics_analysis"), now, strict=True):
        assert band.high == pytest.approx(float(row[f"{name}.upper_threshold"]), rel=6e-6)
        assert band.low == pytest.approx(float(row[f"{name}.lower_threshold"]), rel=6e-6)
        assert str(band.unusual(chunk[name])) == row[f"{name}.alert"]


POSITIVE = {"true_positive": ("1", "1"), "false_negative": ("1", "not 1")}
CELLS = POSITIVE | {"false_positive": ("not 1", "1"), "true_negative": ("not 1", "not 1")}
CARD_NAMES = ("highstreet_card", "prepaid_card", "upmarket_card")
CARD_CELLS = {f"true_{a}_pred_{p}": (a, p) for a in CARD_NAMES for p in CARD_NAMES}
CONFUSIONS = [
    *((CARS, "car_loan", name, cell) for name, cell in CELLS.items()),
    *((CARDS, "credit_cards", name, cell) for name, cell in CARD_CELLS.items()),
]


def test_business_value(answered: Callable[[str], dict[str, Rows]], published: Chunks) -> None:
    """NannyML's value of each chunk, and its limits and alerts, follow from the answer's cells.

    Each cell is worth what the tutorial says, and its share is that of the cases predicted alike.
    """
    worth = {
        **{("not 1", "not 1"): 5, ("not 1", "1"): -10},
        **{("1", "not 1"): -50, ("1", "1"): 50},
    }
    cells: dict[tuple[str, int], dict[tuple[str, str], float]] = {}
    for row in answered("performance car_loan all")["Confusion matrix by chunk"]:
        cell = row["happened"], row["predicted"]
        cells.setdefault((row["dataset"], row["chunk"]), {})[cell] = row["share"]
    values = {
        key: sum(
            worth[cell] * share / sum(each for (_, said), each in shares.items() if said == cell[1])
            for cell, share in shares.items()
        )
        for key, shares in cells.items()
    }
    rows = published(CARS, "business_value_analysis", "analysis")
    found = [values["production", at] for at in range(10)]
    expected = [float(row["business_value.value"]) for row in rows]
    assert found == pytest.approx(expected, abs=6e-5, rel=0)
    band = nannyml_band([values["reference", at] for at in range(10)])
    for row, value in zip(rows, found, strict=True):
        assert band.high == pytest.approx(
            float(row["business_value.upper_threshold"]), abs=6e-5, rel=0
        )
        assert band.low == pytest.approx(
            float(row["business_value.lower_threshold"]), abs=6e-5, rel=0
        )
        assert str(band.unusual(value)) == row["business_value.alert"]


@pytest.mark.parametrize(("dataset", "source", "name", "cell"), CONFUSIONS)
def test_confusion_matrix(
    dataset: str,
    source: str,
    name: str,
    cell: tuple[str, str],
    answered: Callable[[str], dict[str, Rows]],
    published: Chunks,
) -> None:
    """Each cell's share of ten chunks is the published one to 6e-7; NannyML's band alerts alike."""
    cells = [
        row
        for row in answered(f"performance {source} all")["Confusion matrix by chunk"]
        if (row["happened"], row["predicted"]) == cell
    ]
    found = [row["share"] for row in cells if row["dataset"] == "production"]
    rows = published(dataset, "confusion_matrix_analysis", "analysis")
    expected = [float(row[f"{name}.value"]) for row in rows]
    assert found == pytest.approx(expected, abs=6e-7, rel=0)
    assert len(found) == 10
    before = [row["share"] for row in cells if row["dataset"] == "reference"]
    if not before:
        return
    band = nannyml_band(before, 0.0, 1.0)
    for row, share in zip(rows, found, strict=True):
        assert band.high == pytest.approx(float(row[f"{name}.upper_threshold"]), abs=6e-7)
        assert band.low == pytest.approx(float(row[f"{name}.lower_threshold"]), abs=6e-7)
        assert str(band.unusual(share)) == row[f"{name}.alert"]
