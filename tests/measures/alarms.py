"""Seeded simulations of alarms: how often chance alone raises one, and how often a change does."""

from __future__ import annotations

from typing import cast

import numpy as np

from queries.core.log import Log
from queries.core.source import Visibility
from queries.measures.failures.carriers import carriers
from queries.measures.failures.foremost import beyond_usual, foremost
from queries.statistics.distances import js_distance
from queries.statistics.drift import by_chance, nannyml_band, prediction_band
from queries.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli, picked_level
from queries.statistics.rates import two_proportions, wilson
from queries.statistics.usual import usual_count
from tests.measures.simulations import SHARES as SLICES
from tests.measures.simulations import Drawn, shifts, sliced
from tests.statistics.coverage import holds

SHARES = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
MOVED = np.array([0.05, 0.15, 0.4, 0.25, 0.15])
WEEKS = 4


def unusual_traffic(runs: int) -> float:
    """Give the share of unchanged days, traffic varying by 20 %, that are called unusual."""
    rng = np.random.default_rng(6)
    # A lognormal of 0.198 has a standard deviation of 20 % of its mean.
    counts = rng.poisson(5000 * np.exp(0.198 * rng.standard_normal((runs, WEEKS + 1))))
    false = sum(
        bool(usual_count([(k, 86_400.0) for k in row[:WEEKS]], (row[WEEKS], 86_400.0)).unusual)
        for row in counts.tolist()
    )
    return false / runs


def onsets_of_noise(runs: int, permutations: int = 39) -> float:
    """Give the share of days at an even 1.5 % that are given an onset."""
    found = shifts((0.015, 0.015), (0, 0), runs, permutations)
    return sum(each.began is not None for each in found) / runs


class Open:
    """A log of which everybody may choose rows by anything."""

    def visibility(self, name: str) -> Visibility:
        """Say what may be shown of a column."""
        return Visibility.OPEN


def places_of_chance(runs: int) -> float:
    """Give the share of unchanged days in which failures are said to be high in some slice.

    Days of 20,000 requests, searched in 30 slices of 6 dimensions beside four others; 1.5 % fail,
    varying by 20 % between days and by 10 % more between a day's slices of one dimension.
    """
    rng = np.random.default_rng(12)
    told = 0
    for _ in range(runs):
        today, *past = (_varying_day(rng) for _ in range(WEEKS + 1))
        found = foremost(cast(Log, Open()), carriers(sliced(today, past)))
        told += found is not None and beyond_usual(found, 0.005)
    return told / runs


def _varying_day(rng: np.random.Generator) -> Drawn:
    values = rng.choice(5, (6, 20_000), p=SLICES)
    apart = np.exp(0.1 * rng.standard_normal(5))
    rates = 0.015 * np.exp(0.2 * rng.standard_normal()) * apart[values[0]]
    failed = rng.random(20_000) < rates
    return [[(int(failed[d == v].sum()), int((d == v).sum())) for v in range(5)] for d in values]


def drifts_of_chance(runs: int, *, moved: bool = False, draws: int = 200) -> float:
    """Give the share of pairs of 2,000 and 1,500 values in 5 bins that are beyond chance.

    Both come from the same shares, unless they ``moved``.
    """
    rng = np.random.default_rng(7)
    beyond = 0
    for _ in range(runs):
        pair = rng.multinomial(2000, SHARES), rng.multinomial(1500, MOVED if moved else SHARES)
        beyond += (by_chance(js_distance, *pair, rng, runs=draws).p or 1.0) <= 0.05
    return beyond / runs


def chunks_outside(runs: int) -> tuple[float, float]:
    """Give the share of unchanged chunks outside of our band over ten others, and of NannyML's."""
    rng = np.random.default_rng(8)
    ours = theirs = 0
    for row in rng.normal(5, 2, (runs, 11)).tolist():
        ours += bool(prediction_band(row[:10]).unusual(row[10]))
        theirs += bool(nannyml_band(row[:10]).unusual(row[10]))
    return ours / runs, theirs / runs


def false_discoveries(runs: int, *, overlapping: bool = False) -> float:
    """Give the mean share of wrong ones among the inputs said to be missing more often.

    Of 40 inputs, 8 are missing in 5 instead of 2 % of 2,000 rows; where they are ``overlapping``,
    a common 10 % more or less is missing of all.
    """
    rng = np.random.default_rng(10)
    truth = np.where(np.arange(40) < 8, 0.05, 0.02)
    correct = benjamini_yekutieli if overlapping else benjamini_hochberg
    wrong = []
    for _ in range(runs):
        # One draw for all inputs: that is what makes their p values depend on each other.
        shaken = np.exp(0.1 * rng.standard_normal()) if overlapping else 1.0
        counts = rng.binomial(2000, truth * shaken).tolist()
        before = rng.binomial(20_000, np.full(40, 0.02) * shaken).tolist()
        p = [two_proportions(k, 2000, m, 20_000).p for k, m in zip(counts, before, strict=True)]
        chosen = [i for i, q in enumerate(correct(p)) if q is not None and q <= 0.05]
        wrong.append(sum(i >= 8 for i in chosen) / max(1, len(chosen)))
    return float(np.mean(wrong))


def picked_intervals_missed(runs: int) -> float:
    """Give the mean share of intervals that miss, of rates picked as significant.

    Of 40 rates on 2,000 rows 8 are truly higher, 36 instead of 30 %.
    """
    rng = np.random.default_rng(11)
    truth = np.where(np.arange(40) < 8, 0.36, 0.3)
    missed = []
    for _ in range(runs):
        counts = rng.binomial(2000, truth).tolist()
        p = [two_proportions(k, 2000, 300_000, 1_000_000).p or 0.0 for k in counts]
        chosen = [i for i in range(40) if p[i] <= 0.05]
        level = picked_level(len(chosen), 40)
        wrong = sum(not holds(wilson(counts[i], 2000, level), float(truth[i])) for i in chosen)
        missed.append(wrong / max(1, len(chosen)))
    return float(np.mean(missed))
