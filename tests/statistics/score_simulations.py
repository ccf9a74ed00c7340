"""Seeded simulations of what is promised of scores: short in the suite, whole in the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from queries.measures.predictions.cbpe import Counts, estimator
from queries.statistics.calibration import Bin, calibration
from queries.statistics.isotonic import Step, edges, isotonic

Array = npt.NDArray[np.float64]
SIZES = ((2000, 500), (500, 2000))
"""Rows of the reference set, and of what is estimated by it."""


@dataclass(frozen=True)
class Judged:
    """Shares of runs, and means over them, beside the truth.

    ``squared`` is the mean squared calibration error, debiased, ``plain`` before that.
    """

    squared: float
    squared_error: float
    plain: float
    covered: float
    rejected: float


def binned(said: Array, happened: Array, bins: int) -> list[Bin]:
    """Sort cases into bins of equally many."""
    found = []
    for place in np.array_split(np.argsort(said, kind="stable"), bins):
        p, y = said[place], happened[place]
        gaps = (p - y) ** 2
        found.append(
            Bin(len(place), int(y.sum()), float(p.sum()), float(gaps.sum()), float((gaps**2).sum()))
        )
    return found


def calibrations(
    truth: Callable[[Array], Array], error: float, runs: int, cases: int = 1000, bins: int = 15
) -> Judged:
    """Measure calibration again and again where ``truth`` is what a stated probability means."""
    rng = np.random.default_rng(7)
    squares, plain, covered, rejected = [], [], 0, 0
    for _ in range(runs):
        said = rng.beta(2, 1, cases)
        happened = (rng.random(cases) < truth(said)).astype(float)
        each = binned(said, happened, bins)
        found = calibration(each, rng)
        squares.append(sum(one.n / cases * (one.gap**2 - one.noise) for one in each))
        plain.append((found.plain or 0.0) ** 2)
        low, high = found.error.low or 0.0, found.error.high or 0.0
        # An error of 0 is on the edge of its interval.
        covered += low - 1e-12 <= error <= high
        rejected += (found.chance.p or 1.0) <= 0.05
    return Judged(
        float(np.mean(squares)),
        float(np.std(squares)) / runs**0.5,
        float(np.mean(plain)),
        covered / runs,
        rejected / runs,
    )


def promising(too_much: float) -> Callable[[Array], Array]:
    """Let stated probabilities promise so much more than what happens."""
    return lambda said: np.clip(said - too_much, 0, 1)


def errors_cover(runs: int) -> dict[str, float]:
    """Give how often the interval of a calibration error holds the true one, by how far off."""
    return {
        f"{100 * each:g} percentage points off": calibrations(promising(each), each, runs).covered
        for each in (0, 0.03, 0.06, 0.1)
    }


def world(rng: np.random.Generator, cases: int) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Draw scores that rank well and are no probabilities, and what happened."""
    chance = 1 / (1 + np.exp(-rng.normal(0, 1.5, cases)))
    # Squared, the scores rank as the chances do and mean something else; rounded, some are equal.
    return np.round(chance**2, 3), rng.random(cases) < chance


def steps_of(scores: Array, happened: npt.NDArray[np.bool_]) -> tuple[Step, ...]:
    """Calibrate a reference set, one cell a distinct score."""
    distinct, place, n = np.unique(scores, return_inverse=True, return_counts=True)
    hits = np.bincount(place, happened)
    cells = zip(distinct.tolist(), n.tolist(), hits.tolist(), strict=True)
    return isotonic([Step(score, score, count, round(hit)) for score, count, hit in cells])


def bands_hold(runs: int, reference: int, cases: int) -> dict[str, float]:
    """Give the share of runs in which the realised metric lies in the band of its estimate."""
    rng = np.random.default_rng(11)
    held = dict.fromkeys(("accuracy", "precision", "recall", "specificity", "f1", "roc_auc"), 0)
    for _ in range(runs):
        steps = steps_of(*world(rng, reference))
        scores, happened = world(rng, cases)
        said = scores >= 0.3
        table = np.zeros((len(steps), 3))
        np.add.at(table, (np.digitize(scores, edges(steps)), np.where(said, 0, 1)), 1)
        bands = estimator(steps, rng, 400).metrics(Counts(table))
        for name, value in realised(scores, said, happened).items():
            low, high = bands[name].low or 0.0, bands[name].high or 0.0
            held[name] += low <= value <= high
    return {name: n / runs for name, n in held.items()}


def bands_cover(runs: int) -> dict[str, float]:
    """Give the same, by metric and by the sizes of the reference set and of what is estimated."""
    return {
        f"{name.replace('_', ' ')} of {cases:,} by {reference:,}": held
        for reference, cases in SIZES
        for name, held in bands_hold(runs, reference, cases).items()
    }


def realised(
    scores: Array, said: npt.NDArray[np.bool_], happened: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """Compute the metrics from every case."""
    tp, fp = int((said & happened).sum()), int((said & ~happened).sum())
    fn, tn = int((~said & happened).sum()), int((~said & ~happened).sum())
    p, n = tp + fn, fp + tn
    return {
        "accuracy": (tp + tn) / (p + n),
        "precision": tp / (tp + fp),
        "recall": tp / p,
        "specificity": tn / n,
        "f1": 2 * tp / (2 * tp + fp + fn),
        "roc_auc": float(rankdata(scores)[happened].sum() - p * (p + 1) / 2) / (p * n),
    }
