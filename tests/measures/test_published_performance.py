"""NannyML's published performance tables, reproduced by the measures on a declared log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.counts import binary_outcomes, class_outcomes
from queries.measures.performance.residuals import residuals
from queries.measures.predictions.ranks import class_ranks, score_ranks
from queries.statistics.classification import binary_metrics, macro_metrics
from queries.statistics.drift import nannyml_band
from queries.statistics.ranking import auc, average_precision, macro_auc
from queries.statistics.regression import regression_metrics
from tests.measures.conftest import NOW
from tests.measures.declared import CARDS, car_loan, car_price, credit_cards

Opener = Callable[[dict[str, Any]], Log]
Published = Callable[..., list[dict[str, str]]]
Folder = Callable[[str], Path]

PERIODS = {"reference": Sample(Dataset.REFERENCE), "analysis": Sample()}
BINARY = (
    *("roc_auc", "f1", "precision", "recall", "specificity", "accuracy"),
    "average_precision",
)


def binary_by_chunk(log: Log, sample: Sample) -> list[dict[str, Number]]:
    """Give every binary metric of each chunk."""
    by, rng = {"chunk": log.column("chunk")}, np.random.default_rng(0)
    counted, ranked = binary_outcomes(log, NOW, sample, by), score_ranks(log, NOW, sample, by)
    return [
        binary_metrics(each.confusion, each.positive, rng)
        | {"roc_auc": auc(ranked[key]), "average_precision": average_precision(ranked[key])}
        for key, each in counted.items()
    ]


@pytest.mark.parametrize("period", ["reference", "analysis"])
def test_binary(
    period: str, published_data: Folder, open_log: Opener, published: Published
) -> None:
    """Seven metrics of ten chunks to 6e-7, each inside its own interval."""
    folder = published_data("nannyml_car_loan")
    table = published(folder / f"published_tables/standard_metrics_{period}.csv", period)
    found = binary_by_chunk(open_log(car_loan(folder)), PERIODS[period])
    assert len(table) == len(found) == 10
    for row, metrics in zip(table, found, strict=True):
        for name in BINARY:
            number = metrics[name]
            assert number.value == pytest.approx(float(row[f"{name}.value"]), abs=6e-7)
            assert number.n > 0
            assert (number.low or 2) < (number.value or 0) < (number.high or 0)


def test_binary_bands_and_alerts(
    published_data: Folder, open_log: Opener, published: Published
) -> None:
    """NannyML's band of each metric to 6e-7, and all its alerts."""
    folder = published_data("nannyml_car_loan")
    table = published(folder / "published_tables/standard_metrics_analysis.csv", "analysis")
    log = open_log(car_loan(folder))
    before, now = (binary_by_chunk(log, PERIODS[period]) for period in ("reference", "analysis"))
    for name in BINARY:
        band = nannyml_band([each[name].value or 0.0 for each in before], 0.0, 1.0)
        for row, metrics in zip(table, now, strict=True):
            assert band.high == pytest.approx(float(row[f"{name}.upper_threshold"]), abs=6e-7)
            assert band.low == pytest.approx(float(row[f"{name}.lower_threshold"]), abs=6e-7)
            assert str(band.unusual(metrics[name].value)) == row[f"{name}.alert"]


def test_confusion_shares(published_data: Folder, open_log: Opener, published: Published) -> None:
    """The four shares of the confusion matrix of each chunk, exactly."""
    folder = published_data("nannyml_car_loan")
    log = open_log(car_loan(folder))
    found = binary_outcomes(log, NOW, by={"chunk": log.column("chunk")})
    for row in published(folder / "published_tables/confusion_matrix_analysis.csv", "analysis"):
        confusion = found[(int(row["chunk.chunk_index"]),)].confusion
        cells = (confusion.matrix() / confusion.n).ravel().tolist()
        names = ("true_positive", "false_negative", "false_positive", "true_negative")
        assert cells == pytest.approx([float(row[f"{name}.value"]) for name in names], abs=1e-9)


def test_multiclass(published_data: Folder, open_log: Opener, published: Published) -> None:
    """Macro one-vs-rest metrics and all nine shares of ten chunks to 6e-7."""
    folder = published_data("nannyml_multiclass_credit_cards")
    log = open_log(credit_cards(folder))
    by, rng = {"chunk": log.column("chunk")}, np.random.default_rng(0)
    confusions, ranked = class_outcomes(log, NOW, by=by), class_ranks(log, NOW, by=by)
    rows = published(folder / "published_tables/realized_metrics_analysis.csv")
    shares = published(folder / "published_tables/confusion_matrix_analysis.csv")
    assert len(rows) == len(confusions) == 10
    for i, (row, share) in enumerate(zip(rows, shares, strict=True)):
        confusion = confusions[(i,)]
        metrics = macro_metrics(confusion, rng)
        metrics["roc_auc"] = macro_auc([auc(ranked[card][(i,)]) for card in CARDS])
        for name, number in metrics.items():
            assert number.value == pytest.approx(float(row[f"{name}.value"]), abs=6e-7)
            assert (number.low or 2) < (number.value or 0) < (number.high or 0)
        for (actual, predicted), count in confusion.counts.items():
            expected = float(share[f"true_{actual}_pred_{predicted}.value"])
            assert count / confusion.n == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize("period", ["reference", "analysis"])
def test_regression(
    period: str, published_data: Folder, open_log: Opener, published: Published
) -> None:
    """Six metrics of ten chunks to 6e-6 of their size, with NannyML's bands and alerts."""
    folder = published_data("nannyml_regression_car_price")
    log = open_log(car_price(folder))
    by = {"chunk": log.column("chunk")}
    found, before = (
        [regression_metrics(each.model) for each in residuals(log, NOW, sample, by).values()]
        for sample in (PERIODS[period], PERIODS["reference"])
    )
    table = published(folder / f"published_tables/realized_metrics_{period}.csv")
    assert len(found) == len(table) == 10
    for name in found[0]:
        band = nannyml_band([each[name].value or 0.0 for each in before])
        for row, metrics in zip(table, found, strict=True):
            number = metrics[name]
            assert number.value == pytest.approx(float(row[f"{name}.value"]), rel=6e-6)
            assert band.high == pytest.approx(float(row[f"{name}.upper_threshold"]), rel=6e-6)
            assert str(band.unusual(number.value)) == row[f"{name}.alert"]
            assert (number.low or 0) < (number.value or 0) < (number.high or 0)
