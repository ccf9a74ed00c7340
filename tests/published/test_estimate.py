"""NannyML's estimates of performance without outcomes, as `estimate car_loan all` answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from queries.statistics.drift import nannyml_band
from tests.published.conftest import Rows

CARS, ASKED = "nannyml_car_loan", "estimate car_loan all"
DATASETS = {"reference": "reference", "analysis": "production"}

Chunks = Callable[..., Rows]


def test_ranking(by_chunk: Chunks, published: Chunks) -> None:
    """The estimated AUC of ten chunks is the published one to 6e-7, inside its band."""
    rows = published(CARS, "cbpe_estimated_vs_realized_roc_auc")
    found = by_chunk(ASKED, "production")
    expected = [float(row["roc_auc.value"]) for row in rows]
    assert [row["roc_auc"] for row in found] == pytest.approx(expected, abs=6e-7, rel=0)
    assert all(row["roc_auc_low"] < row["roc_auc"] < row["roc_auc_high"] for row in found)
    assert len(found) == 10


def test_ranking_bands_and_alerts(by_chunk: Chunks, published: Chunks) -> None:
    """NannyML's band, 3 of its standard errors around the estimate, and its alerts follow."""
    before, now = (by_chunk(ASKED, each) for each in DATASETS.values())
    usual = nannyml_band([row["realised_roc_auc"] for row in before], 0.0, 1.0)
    rows = published(CARS, "cbpe_estimated_vs_realized_roc_auc")
    for row, chunk in zip(rows, now, strict=True):
        reach = 3 * float(row["roc_auc.sampling_error"])
        estimated = chunk["roc_auc"]
        assert estimated + reach == pytest.approx(
            float(row["roc_auc.upper_confidence_boundary"]), abs=6e-7
        )
        assert estimated - reach == pytest.approx(
            float(row["roc_auc.lower_confidence_boundary"]), abs=6e-7
        )
        assert usual.high == pytest.approx(float(row["roc_auc.upper_threshold"]), abs=6e-7)
        assert usual.low == pytest.approx(float(row["roc_auc.lower_threshold"]), abs=6e-7)
        assert str(usual.unusual(estimated)) == row["roc_auc.alert"]


@pytest.mark.parametrize("period", DATASETS)
def test_f1(period: str, by_chunk: Chunks, published: Chunks) -> None:
    """The estimated F1 of ten chunks is the published one to 6e-7, and so are its alerts."""
    rows = [
        row
        for row in published(CARS, "f1_default_thresholds")
        if row["('chunk', 'period')"] == period
    ]
    found = by_chunk(ASKED, DATASETS[period])
    usual = nannyml_band([row["realised_f1"] for row in by_chunk(ASKED, "reference")], 0.0, 1.0)
    for row, chunk in zip(rows, found, strict=True):
        assert chunk["f1"] == pytest.approx(float(row["('f1', 'value')"]), abs=6e-7)
        assert usual.high == pytest.approx(float(row["('f1', 'upper_threshold')"]), abs=6e-7)
        assert usual.low == pytest.approx(float(row["('f1', 'lower_threshold')"]), abs=6e-7)
        assert str(usual.unusual(chunk["f1"])) == row["('f1', 'alert')"]


@pytest.mark.parametrize("name", ["accuracy", "roc_auc", "f1"])
def test_what_was_realised_lies_in_the_band(name: str, by_chunk: Chunks) -> None:
    """The realised value leaves its own band in at most one of the ten chunks of production."""
    found = by_chunk(ASKED, "production")
    inside = [row[f"{name}_low"] <= row[f"realised_{name}"] <= row[f"{name}_high"] for row in found]
    assert sum(inside) >= 9
