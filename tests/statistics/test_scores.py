"""Calibration and estimates from scores: by hand, against a definition, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from queries.measures.predictions.cbpe import Counts, estimator
from queries.statistics.calibration import Bin, calibration
from queries.statistics.isotonic import Step, edges, isotonic
from tests.statistics.score_simulations import (
    Array,
    bands_cover,
    binned,
    calibrations,
    promising,
)


def test_the_debiased_error_is_zero_on_average_where_all_is_as_stated() -> None:
    """Over 250 calibrated samples the debiased squared error averages 0; the plain one doesn't."""
    found = calibrations(promising(0), 0.0, runs=250)
    assert abs(found.squared) < 3 * found.squared_error
    assert found.plain > 20 * found.squared_error
    assert found.covered >= 0.95
    assert found.rejected <= 0.08


def test_the_debiased_error_is_right_on_average_where_it_is_off() -> None:
    """Over 250 samples that promise 6 points too much, it averages 6 points, and is noticed."""
    found = calibrations(promising(0.06), 0.06, runs=250)
    assert found.squared == pytest.approx(0.06**2, abs=3 * found.squared_error + 2e-5)
    assert found.plain > 0.06**2 + 5 * found.squared_error
    assert found.covered >= 0.93
    assert found.rejected >= 0.8


def test_estimates_hold_where_their_assumption_does() -> None:
    """Over 150 worlds that did not change, each metric lies in its band in at least 90 %."""
    for case, held in bands_cover(150).items():
        assert held >= 0.9, (case, held)


def test_calibration_by_hand() -> None:
    """Two bins of a hundred cases: gaps, lean and Brier score are those computed by hand."""
    said = np.repeat([0.2, 0.8], 100)
    happened: Array = np.concatenate([np.arange(100) < 30, np.arange(100) < 70]).astype(float)
    found = calibration(binned(said, happened, 2), np.random.default_rng(0))
    assert [each.gap for each in found.bins] == pytest.approx([0.1, -0.1])
    assert found.plain == pytest.approx(0.1)
    noise = 0.3 * 0.7 / 99
    assert found.error.value == pytest.approx((0.01 - noise) ** 0.5)
    assert found.lean.value == pytest.approx(0.0)
    assert found.brier.value == pytest.approx(float(((said - happened) ** 2).mean()))


def test_too_few_to_calibrate() -> None:
    """Below thirty outcomes nothing is said, and why."""
    found = calibration([Bin(29, 20, 15.0, 7.0, 3.0)], np.random.default_rng(0))
    assert found.error.value is None
    assert found.error.why.startswith("too few to say")
    assert found.is_off(0.02) is None


def test_neighbours_that_fall_are_pooled() -> None:
    """Isotonic regression pools neighbours until the share that happened never falls."""
    cells = [Step(0, 0, 10, 1), Step(1, 1, 10, 6), Step(2, 2, 10, 4), Step(3, 3, 10, 9)]
    steps = isotonic(cells)
    assert steps == (Step(0, 0, 10, 1), Step(1, 2, 20, 10), Step(3, 3, 10, 9))
    assert edges(steps) == (1, 3)
    assert isotonic([]) == ()


def test_expected_metrics_by_hand() -> None:
    """Two steps: expected counts and expected pairs in order are those computed by hand."""
    steps = (Step(0, 0, 100, 20), Step(1, 1, 100, 80))
    counts = Counts(np.array([[0.0, 100.0, 0.0], [50.0, 50.0, 0.0]]))
    found = estimator(steps, np.random.default_rng(0)).metrics(counts)
    tp, fp, fn, tn = 40, 10, 60, 90
    expected = {
        "accuracy": (tp + tn) / 200,
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "roc_auc": (20 * 40 + 80 * (80 + 10)) / (100 * 100),
    }
    assert {name: each.value for name, each in found.items()} == pytest.approx(expected)
    for each in found.values():
        assert each.low is not None
        assert each.high is not None
        assert each.low < (each.value or 0.0) < each.high
