"""How good a model is, by its task: every metric of some rows, and its change between two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from queries.core.answer import ColumnType, Number
from queries.core.logs import Log
from queries.measures.classification import (
    Confusion,
    against_commonest,
    binary_metrics,
    macro_metrics,
)
from queries.measures.estimates import ENOUGH, cannot_say, settled
from queries.measures.expressions import Expression, Key, Sample
from queries.measures.outcomes import binary_outcomes, class_outcomes
from queries.measures.ranking import auc, average_precision, macro_auc
from queries.measures.regression import against_constant, regression_metrics
from queries.measures.residuals import mean_outcome, residuals
from queries.measures.scoring import class_ranks, score_ranks

Metrics = Mapping[str, Number]
Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric is called, which way is better, its unit, and what it means in plain words."""

    label: str
    better: Direction
    unit: ColumnType
    meaning: str


METRICS: Mapping[str, Metric] = {
    "accuracy": Metric("right answers", "higher", "share", "Answers that turned out right."),
    "roc_auc": Metric(
        "ranking (AUC)",
        "higher",
        "share",
        "Of two cases, one of each kind, how often the right one has the higher score. "
        "50 % is a coin toss (DeLong interval).",
    ),
    "precision": Metric(
        "precision", "higher", "share", "Of the cases called positive, those that were."
    ),
    "recall": Metric(
        "recall", "higher", "share", "Of the cases that were positive, those called so."
    ),
    "specificity": Metric(
        "specificity", "higher", "share", "Of the cases that were negative, those called so."
    ),
    "f1": Metric(
        "F1", "higher", "share", "Precision and recall in one number (their harmonic mean)."
    ),
    "average_precision": Metric(
        "average precision",
        "higher",
        "share",
        "Precision averaged over all cut-offs, weighed by the recall gained.",
    ),
    "brier": Metric(
        "Brier score",
        "lower",
        "number",
        "Mean squared gap between the stated probability and what happened; 0 is perfect.",
    ),
    "log_loss": Metric(
        "log loss", "lower", "number", "How surprised the stated probabilities were; 0 is perfect."
    ),
    "mae": Metric("average error", "lower", "number", "How far the answer is off on average."),
    "rmse": Metric(
        "RMSE", "lower", "number", "As the average error, with large errors weighing more."
    ),
    "mse": Metric("mean squared error", "lower", "number", "The average of the squared errors."),
    "mape": Metric(
        "average error, relative", "lower", "share", "How far off as a share of the true value."
    ),
    "msle": Metric(
        "mean squared log error", "lower", "number", "Squared errors of ln(1 + value), averaged."
    ),
    "rmsle": Metric("RMSLE", "lower", "number", "The root of the mean squared log error."),
}
"""Every metric that any task has, the one for headlines first."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always giving the same answer: which, how good that is, and what the model gains on it.

    For classes the accuracy of the commonest class; for numbers the average error of always
    answering the mean. ``gain`` is positive where the model is better.
    """

    answer: str
    value: Number
    gain: Number


def headline_metric(log: Log) -> str:
    """Name the metric that a person without statistics is told first."""
    return "mae" if log.source.task == "regression" else "accuracy"


def metrics_of(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None = None
) -> dict[Key, dict[str, Number]]:
    """Compute every metric of the source's task, by group, from rows whose outcome is in.

    Raises NotAnswerable where the log has no outcome or no prediction.
    """
    if log.source.task == "regression":
        sums = residuals(log, now, sample, by)
        return {key: _enough(regression_metrics(each.model)) for key, each in sums.items()}
    if log.source.task == "multiclass":
        return _multiclass(log, now, sample, by)
    return _binary(log, now, sample, by)


def _binary(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None
) -> dict[Key, dict[str, Number]]:
    counted = binary_outcomes(log, now, sample, by)
    ranked = score_ranks(log, now, sample, by) if log.has("score") else {}
    found = {}
    for key, each in counted.items():
        metrics = binary_metrics(each.confusion, each.positive, _rng())
        if key in ranked:
            metrics |= {
                "roc_auc": auc(ranked[key]),
                "average_precision": average_precision(ranked[key]),
            }
            metrics |= each.probability_scores()
        found[key] = _enough(metrics)
    return found


def _multiclass(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None
) -> dict[Key, dict[str, Number]]:
    ranked = class_ranks(log, now, sample, by)
    found = {}
    for key, confusion in class_outcomes(log, now, sample, by).items():
        metrics = macro_metrics(confusion, _rng())
        if ranked:
            per_class = [auc(groups[key]) for groups in ranked.values() if key in groups]
            metrics["roc_auc"] = macro_auc(per_class)
        found[key] = _enough(metrics)
    return found


def _enough(metrics: Metrics) -> dict[str, Number]:
    ordered = sorted(metrics, key=list(METRICS).index)
    return {name: settled(metrics[name], ENOUGH, "outcomes") for name in ordered}


def constant_answer(log: Log, now: datetime, sample: Sample) -> Constant | None:
    """Compare with always giving the same answer, on the same rows; None without any."""
    if log.source.task == "regression":
        return _always_the_mean(log, now, sample)
    if log.source.task == "multiclass":
        confusion = class_outcomes(log, now, sample).get(())
    else:
        counted = binary_outcomes(log, now, sample).get(())
        confusion = counted.confusion if counted else None
    return _always_the_commonest(confusion)


def _always_the_commonest(confusion: Confusion | None) -> Constant | None:
    if confusion is None or not confusion.n:
        return None
    baseline = against_commonest(confusion)
    return Constant(baseline.commonest or "", baseline.accuracy, baseline.gain)


def _always_the_mean(log: Log, now: datetime, sample: Sample) -> Constant | None:
    centre = mean_outcome(log, now, sample).value
    if centre is None:
        return None
    sums = residuals(log, now, sample, None, centre).get(())
    if sums is None or sums.constant_absolute is None or sums.constant_squared is None:
        return None
    constant = against_constant(sums.model, centre, sums.constant_absolute, sums.constant_squared)
    model = regression_metrics(sums.model)["mae"]
    return Constant(f"{centre:.6g}", constant.mae, change(constant.mae, model))


def change(now: Number, before: Number) -> Number:
    """Estimate the difference of two independent estimates from their intervals.

    Each side of the interval adds the two distances in square (MOVER: Zou and Donner 2008, of
    which Newcombe's interval for two rates is a case).
    """
    n = now.n + before.n
    if now.value is None or before.value is None:
        return cannot_say(now.why or before.why, n, now.unit)
    value = now.value - before.value
    if None in (now.low, now.high, before.low, before.high):
        return Number(value, n, unit=now.unit, why="one of the two has no interval")
    below = math.hypot(now.value - (now.low or 0.0), (before.high or 0.0) - before.value)
    above = math.hypot((now.high or 0.0) - now.value, before.value - (before.low or 0.0))
    return Number(value, n, value - below, value + above, now.unit)


def worsened(name: str, difference: Number, matters: float) -> bool | None:
    """Say whether a change is for the worse beyond chance and beyond what matters.

    ``matters`` is absolute for shares and relative to nothing else. None where nothing can be
    said, False for a change that is none or for the better.
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return None
    if METRICS[name].better == "higher":
        return difference.high < 0 and -difference.value >= matters
    return difference.low > 0 and difference.value >= matters


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)
