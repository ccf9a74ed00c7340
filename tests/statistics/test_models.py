"""Metrics of models from counts and sums, against definitions, scipy and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from queries.statistics.classification import (
    Confusion,
    against_commonest,
    binary_metrics,
    macro_metrics,
)
from queries.statistics.ranking import RankSums, auc, average_precision, macro_auc, rank_sums
from queries.statistics.regression import RegressionSums, Sums, against_constant, regression_metrics
from tests.statistics.coverage import confusion, ranked

SEED = 0


def test_binary_by_hand() -> None:
    """Definitions give the values that one computes by hand."""
    found = binary_metrics(confusion(30, 10, 20, 140), "yes", np.random.default_rng(SEED))
    assert found["accuracy"].value == pytest.approx(0.85)
    assert found["precision"].value == pytest.approx(0.75)
    assert found["recall"].value == pytest.approx(0.6)
    assert found["specificity"].value == pytest.approx(140 / 150)
    assert found["f1"].value == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert found["recall"].n == 50


def test_always_answering_the_commonest_class() -> None:
    """A model that is right on 85 % gains 10 points on always answering no, with its interval."""
    found = against_commonest(confusion(30, 10, 20, 140))
    assert found.commonest == "no"
    assert found.accuracy.value == pytest.approx(0.75)
    assert found.gain.value == pytest.approx(0.10)
    assert found.gain.low is not None
    assert 0 < found.gain.low < 0.1 < (found.gain.high or 0)
    useless = against_commonest(confusion(5, 20, 15, 160))
    assert (useless.gain.value or 0) < 0


def test_macro_leaves_out_what_is_undefined() -> None:
    """A class that was never predicted is left out of the mean precision, and named."""
    matrix = Confusion(("a", "b", "c"), {("a", "a"): 40, ("b", "b"): 30, ("c", "a"): 10})
    found = macro_metrics(matrix, np.random.default_rng(SEED))
    assert found["precision"].value == pytest.approx((0.8 + 1) / 2)
    assert found["precision"].why == "undefined for c"
    assert found["recall"].value == pytest.approx((1 + 1 + 0) / 3)
    assert macro_metrics(Confusion(("a", "b"), {}), np.random.default_rng(0))["f1"].value is None


def test_auc_is_mann_whitneys_u() -> None:
    """With many ties the AUC is scipy's U over the number of pairs."""
    rng = np.random.default_rng(2)
    positive = rng.random(600) < 0.3
    scores = np.round(rng.normal(positive * 0.8, 1), 1)
    expected = stats.mannwhitneyu(scores[positive], scores[~positive]).statistic
    pairs = positive.sum() * (~positive).sum()
    assert auc(ranked(scores, positive)).value == pytest.approx(expected / pairs, abs=1e-12)


def test_average_precision_by_definition() -> None:
    """Average precision sums precision at each score over the recall gained there, ties at once."""
    scores = np.array([0.9, 0.8, 0.8, 0.7, 0.6, 0.1])
    positive = np.array([True, False, True, False, True, False])
    expected = (1 * 1 + 2 / 3 * 1 + 3 / 5 * 1) / 3
    found = average_precision(ranked(scores, positive))
    assert found.value == pytest.approx(expected)
    assert (found.low or 1) < expected < (found.high or 0)


@pytest.mark.parametrize(
    ("sums", "area", "precision"),
    [
        (RankSums(0, 0, 0, 0, 0, 0), None, None),
        (RankSums(0, 5, 0, 0, 0, 0), None, None),
        (rank_sums([1], [0]), None, 1.0),
        (rank_sums([0, 1], [1, 0]), 1.0, 1.0),
        (rank_sums([3], [7]), 0.5, 0.3),
    ],
)
def test_ranking_of_little(sums: RankSums, area: float | None, precision: float | None) -> None:
    """No rows, one class, one row of each and one score for all are said for what they are."""
    assert auc(sums).value == area
    found = average_precision(sums).value
    assert found == (None if precision is None else pytest.approx(precision))


def test_macro_auc_of_nothing() -> None:
    """Without a score by class, or with a class that never happened, there is no macro AUC."""
    assert macro_auc([]).value is None
    one = auc(rank_sums([0, 5], [5, 0]))
    assert macro_auc([one, auc(rank_sums([5], [0]))]).why == "only one of the two classes happened"


def summed(values: np.ndarray) -> Sums:
    """Sum values and their squares."""
    return Sums(len(values), float(values.sum()), float((values**2).sum()))


def test_regression_by_definition() -> None:
    """Errors from sums are those of the rows, and rows left out of MAPE are counted."""
    rng = np.random.default_rng(4)
    truth = np.append(rng.gamma(3, 100, 199), 0.0)
    guess = truth + rng.normal(0, 20, 200)
    error, logs = np.abs(truth - guess), np.log1p(truth) - np.log1p(np.maximum(guess, 0))
    used = truth != 0
    sums = RegressionSums(
        200,
        summed(error),
        summed(error**2),
        summed(error[used] / truth[used]),
        summed(logs**2),
    )
    found = regression_metrics(sums)
    assert found["mae"].value == pytest.approx(error.mean())
    assert found["rmse"].value == pytest.approx(math.sqrt((error**2).mean()))
    assert found["mape"].value == pytest.approx((error[used] / truth[used]).mean())
    assert found["mape"].why == "1 of 200 rows left out, whose outcome is zero"
    assert found["rmsle"].value == pytest.approx(math.sqrt((logs**2).mean()))
    off = truth - truth.mean()
    constant = against_constant(sums, float(truth.mean()), summed(np.abs(off)), summed(off**2))
    assert constant.explained.value == pytest.approx(1 - (error**2).sum() / (off**2).sum())


def test_regression_of_nothing() -> None:
    """Without rows every metric gives a reason; a constant truth explains nothing."""
    nothing = Sums(0, 0.0, 0.0)
    empty = RegressionSums(0, nothing, nothing, nothing, nothing)
    assert all(number.value is None for number in regression_metrics(empty).values())
    assert against_constant(empty, 0.0, nothing, nothing).explained.value is None
    exact = Sums(5, 0.0, 0.0)
    constant = against_constant(RegressionSums(5, *[exact] * 4), 3.0, exact, exact)
    assert constant.explained.why == "every outcome is the constant itself"
