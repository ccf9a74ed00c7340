"""How good a classifier is, from the counts of its confusion matrix and its outcomes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.statistics.estimates import LEVEL, cannot_say, mean
from queries.statistics.rates import wilson

Array = npt.NDArray[np.float64]
# An interval from percentiles needs a thousand draws or more (Efron and Tibshirani 1993).
DRAWS = 2000
NO_ROWS = "no rows with prediction and outcome"


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts by (actual, predicted) class; ``classes`` in the order to be shown.

    Rows whose outcome or prediction is missing or is none of the classes don't belong in it.
    """

    classes: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    @property
    def n(self) -> int:
        """How many rows it holds."""
        return sum(self.counts.values())

    def matrix(self) -> Array:
        """Give the counts as a square array, actual down, predicted across."""
        return np.asarray(
            [[self.counts.get((a, p), 0) for p in self.classes] for a in self.classes], float
        )


@dataclass(frozen=True, slots=True)
class Baseline:
    """Always answering the commonest class: its accuracy, and how much better the model is."""

    commonest: str | None
    accuracy: Number
    gain: Number


def binary_metrics(
    confusion: Confusion, positive: str, rng: np.random.Generator
) -> dict[str, Number]:
    """Give accuracy, precision, recall, specificity and F1 of one class against the others.

    Textbook definitions; Wilson intervals for shares, a multinomial bootstrap of the four counts
    for F1 (2,000 draws, percentiles). A metric whose denominator is empty says why.
    """
    cells = _one_against_rest(confusion.matrix())[confusion.classes.index(positive)]
    tp, fp, fn, tn = (int(value) for value in cells)
    return {
        "accuracy": _share(tp + tn, tp + fp + fn + tn, NO_ROWS),
        "precision": _share(tp, tp + fp, f"{positive} was never predicted"),
        "recall": _share(tp, tp + fn, f"{positive} never happened"),
        "specificity": _share(tn, tn + fp, f"nothing but {positive} happened"),
        "f1": _bootstrapped(cells, _f1, rng, f"{positive} was neither predicted nor happened"),
    }


def macro_metrics(confusion: Confusion, rng: np.random.Generator) -> dict[str, Number]:
    """Give accuracy and the plain means over classes of precision, recall, specificity and F1.

    One-vs-rest per class (as NannyML and scikit-learn's "macro"); classes that never happened or
    were never predicted are left out of the mean that they leave undefined, and ``why`` names
    them. Intervals by a multinomial bootstrap of the whole matrix; accuracy has Wilson's.
    """
    matrix = confusion.matrix()
    accuracy = _share(int(np.trace(matrix)), confusion.n, NO_ROWS)
    found = {"accuracy": accuracy}
    for name, metric in PER_CLASS.items():
        per_class = metric(_one_against_rest(matrix))
        lacking = [
            each
            for each, value in zip(confusion.classes, per_class, strict=True)
            if math.isnan(value)
        ]
        why = f"undefined for {', '.join(lacking)}" if lacking else ""
        found[name] = _bootstrapped(matrix, _macro(metric), rng, why, why)
    return found


def per_class_metrics(
    confusion: Confusion, rng: np.random.Generator
) -> dict[str, dict[str, Number]]:
    """Give ``binary_metrics`` of each class against the others."""
    return {each: binary_metrics(confusion, each, rng) for each in confusion.classes}


def against_commonest(confusion: Confusion) -> Baseline:
    """Compare with always answering the commonest class, on the same rows.

    The gain in accuracy is a paired difference: rows that only the model gets right minus rows
    that only the constant answer gets right, over n; its interval is of that mean of -1, 0, 1.
    """
    matrix, n = confusion.matrix(), confusion.n
    if not n:
        nothing = cannot_say(NO_ROWS, unit="share")
        return Baseline(None, nothing, nothing)
    index = int(matrix.sum(axis=1).argmax())
    # Both answer the same rows, so that only those count on which one is right and the other wrong,
    # as in McNemar's test: two intervals of accuracy would ignore what the two have in common.
    only_model = int(np.trace(matrix) - matrix[index, index])
    only_constant = int(matrix[index].sum() - matrix[index, index])
    gain = mean(n, only_model - only_constant, only_model + only_constant, "share")
    return Baseline(confusion.classes[index], wilson(int(matrix[index].sum()), n), gain)


def brier_and_log_loss(n: int, sums: Mapping[str, float]) -> dict[str, Number]:
    """Give log loss and Brier score as means, from ``loss, loss2, brier, brier2`` sums.

    ``loss`` sums -ln of the probability given to what happened (clipped at 1e-15), ``brier`` the
    squared differences between probability and outcome; the ``2`` sums are of their squares.
    """
    return {
        "log_loss": mean(n, sums["loss"], sums["loss2"]),
        "brier": mean(n, sums["brier"], sums["brier2"]),
    }


def accuracy(cells: Array) -> Array:
    """Give the share of right answers from counts (…, [tp, fp, fn, tn])."""
    return _divided(cells[..., 0] + cells[..., 3], cells.sum(axis=-1))


def _share(k: int, n: int, why: str) -> Number:
    return wilson(k, n) if n else cannot_say(why, unit="share")


def _one_against_rest(matrix: Array) -> Array:
    """Give (…, class, [tp, fp, fn, tn]) from (…, actual, predicted)."""
    tp = np.diagonal(matrix, axis1=-2, axis2=-1)
    fp = matrix.sum(axis=-2) - tp
    fn = matrix.sum(axis=-1) - tp
    tn = matrix.sum(axis=(-2, -1))[..., None] - tp - fp - fn
    return np.stack([tp, fp, fn, tn], axis=-1)


def _divided(top: Array, bottom: Array) -> Array:
    # numpy divides before it chooses, and would warn of a zero.
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), np.nan)


def _precision(cells: Array) -> Array:
    return _divided(cells[..., 0], cells[..., 0] + cells[..., 1])


def _recall(cells: Array) -> Array:
    return _divided(cells[..., 0], cells[..., 0] + cells[..., 2])


def _specificity(cells: Array) -> Array:
    return _divided(cells[..., 3], cells[..., 3] + cells[..., 1])


def _f1(cells: Array) -> Array:
    return _divided(2 * cells[..., 0], 2 * cells[..., 0] + cells[..., 1] + cells[..., 2])


PER_CLASS: Mapping[str, Callable[[Array], Array]] = {
    "precision": _precision,
    "recall": _recall,
    "specificity": _specificity,
    "f1": _f1,
}
"""What is computed from counts (…, [tp, fp, fn, tn]) of one class against the others."""


def _macro(metric: Callable[[Array], Array]) -> Callable[[Array], Array]:
    def averaged(matrix: Array) -> Array:
        values = metric(_one_against_rest(matrix))
        known = ~np.isnan(values)
        return _divided(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(float))

    return averaged


def _bootstrapped(
    counts: Array,
    metric: Callable[[Array], Array],
    rng: np.random.Generator,
    undefined: str,
    note: str = "",
) -> Number:
    """Estimate a metric of a table of counts with a percentile interval from redrawn tables.

    ``undefined`` is why it has no value where it has none, ``note`` what to say beside a value.
    """
    n = int(counts.sum())
    value = float(metric(counts)) if n else math.nan
    if math.isnan(value):
        return cannot_say(undefined if n else NO_ROWS, n, "share")
    # Redrawing n rows is drawing their counts: the same distribution, without the rows.
    drawn = rng.multinomial(n, (counts / n).ravel(), DRAWS).astype(float)
    values = metric(drawn.reshape(DRAWS, *counts.shape))
    # A redrawn table may lack a class altogether, and then has no value.
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Number(
        value=value,
        n=n,
        low=min(value, float(low)),
        high=max(value, float(high)),
        unit="share",
        why=note,
    )
