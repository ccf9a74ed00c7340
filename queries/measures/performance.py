"""How good a model is, by its task: every metric of some rows, and its change between two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queries.core.answer import Number
from queries.core.logs import Log
from queries.measures.classification import Confusion, against_commonest
from queries.measures.estimates import cannot_say, mean
from queries.measures.expressions import Expression, Key, Sample
from queries.measures.metrics import METRICS
from queries.measures.outcome_counts import BinaryOutcomes
from queries.measures.performance_tally import Tally, metrics, ranks, tallies
from queries.measures.regression import against_constant
from queries.measures.residuals import mean_outcome, residuals


@dataclass(frozen=True, slots=True)
class Constant:
    """Always giving the same answer: which, how good that is, and what the model gains on it.

    For classes the accuracy of the commonest class; for numbers the average error of always
    answering the mean. ``gain`` is positive where the model is better, paired row by row.
    """

    answer: str | float
    value: Number
    gain: Number


def metrics_of(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None = None
) -> dict[Key, dict[str, Number]]:
    """Compute every metric of the source's task, by group, from rows whose outcome is in.

    Raises NotAnswerable where the log has no outcome or no prediction.
    """
    ranked = ranks(log, now, sample, by)
    return {
        key: metrics(tally, ranked.get(key, ()))
        for key, tally in tallies(log, now, sample, by).items()
    }


def constant_answer(log: Log, now: datetime, sample: Sample, tally: Tally) -> Constant | None:
    """Compare with always giving the same answer, on the same rows; None without any."""
    if isinstance(tally, BinaryOutcomes):
        return _always_the_commonest(tally.confusion)
    if isinstance(tally, Confusion):
        return _always_the_commonest(tally)
    return _always_the_mean(log, now, sample)


def _always_the_commonest(confusion: Confusion) -> Constant | None:
    if not confusion.n:
        return None
    baseline = against_commonest(confusion)
    return Constant(baseline.commonest or "", baseline.accuracy, baseline.gain)


def _always_the_mean(log: Log, now: datetime, sample: Sample) -> Constant | None:
    centre = mean_outcome(log, now, sample).value
    if centre is None:
        return None
    sums = residuals(log, now, sample, None, centre).get(())
    if sums is None or not (sums.constant_absolute and sums.constant_squared and sums.gained):
        return None
    constant = against_constant(sums.model, centre, sums.constant_absolute, sums.constant_squared)
    gained = mean(sums.gained.n, sums.gained.total, sums.gained.squares)
    return Constant(centre, constant.mae, gained)


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

    ``matters`` is in the metric's own unit. None where nothing can be said, False for a change
    that is none or for the better.
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return None
    if METRICS[name].better == "higher":
        return difference.high < 0 and -difference.value >= matters
    return difference.low > 0 and difference.value >= matters
