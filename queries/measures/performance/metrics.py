"""The metrics that models are measured by: what each is called, its unit, which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from queries.core.number import Number
from queries.core.source import Task
from queries.core.value import ColumnType

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

_OVER_CLASSES = ("precision", "recall", "specificity", "f1", "roc_auc")


def headline_metric(task: Task) -> str:
    """Name the metric that a person without statistics is told first."""
    return "mae" if task == "regression" else "accuracy"


def meaning(name: str, task: Task) -> str:
    """Say what a metric means; of several classes, each against all others, the plain mean."""
    said = METRICS[name].meaning
    if task == "multiclass" and name in _OVER_CLASSES:
        return f"{said} Each class against all others; the mean over the classes."
    return said


def worsened(name: str, difference: Number, matters: float) -> bool | None:
    """Say whether a change is for the worse beyond chance and beyond what matters.

    ``matters`` is in the metric's own unit. None where nothing can be said, False for a change
    that is none or for the better.
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return None
    if METRICS[name].better == "higher":
        return difference.high < 0 and -difference.value >= matters
    return difference.low > 0 and difference.value >= matters
