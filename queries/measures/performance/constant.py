"""How good a model is, by its task: every metric of some rows, and its change between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.counts import BinaryOutcomes
from queries.measures.performance.residuals import mean_outcome, residuals
from queries.measures.performance.tally import Tally
from queries.statistics.classification import Confusion, against_commonest
from queries.statistics.estimates import mean
from queries.statistics.regression import against_constant


@dataclass(frozen=True, slots=True)
class Constant:
    """Always giving the same answer: which, how good that is, and what the model gains on it.

    For classes the accuracy of the commonest class; for numbers the average error of always
    answering the mean. ``gain`` is positive where the model is better, paired row by row.
    """

    answer: str | float
    value: Number
    gain: Number


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
    # A pass of its own: errors about the mean can't be summed before it is known.
    centre = mean_outcome(log, now, sample).value
    if centre is None:
        return None
    sums = residuals(log, now, sample, None, centre).get(())
    if sums is None or not (sums.constant_absolute and sums.constant_squared and sums.gained):
        return None
    constant = against_constant(sums.model, centre, sums.constant_absolute, sums.constant_squared)
    gained = mean(sums.gained.n, sums.gained.total, sums.gained.squares)
    return Constant(centre, constant.mae, gained)
