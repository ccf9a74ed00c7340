"""What a task's metrics are computed from: counts and sums that add up over days, and ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce

import numpy as np

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.measures.outcomes.counts import BinaryOutcomes, binary_outcomes, class_outcomes
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import Arrived
from queries.measures.performance.metrics import METRICS, Metrics
from queries.measures.performance.residuals import Residuals, residuals
from queries.measures.predictions.ranks import class_ranks, score_ranks
from queries.statistics.classification import Confusion, binary_metrics, macro_metrics
from queries.statistics.estimates import ENOUGH, settled
from queries.statistics.ranking import RankSums, auc, average_precision, macro_auc
from queries.statistics.regression import RegressionSums, Sums, regression_metrics

Tally = BinaryOutcomes | Confusion | Residuals
Ranks = Sequence[RankSums]
"""Those of the score; of several classes, those of each class that has one."""


def tallies(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None = None
) -> Mapping[Key, Tally]:
    """Count predictions against what happened, by group, in one pass.

    Raises NotAnswerable where the log has no outcome or no prediction.
    """
    if log.source.task == "regression":
        return residuals(log, now, sample, by)
    if log.source.task == "multiclass":
        return class_outcomes(log, now, sample, by)
    return binary_outcomes(log, now, sample, by)


def ranks(
    log: Log, now: datetime, sample: Sample, by: Mapping[str, Expression] | None = None
) -> Mapping[Key, Ranks]:
    """Sum what AUC needs, by group; nothing where the log has no scores."""
    if log.source.task == "multiclass":
        found: dict[Key, list[RankSums]] = {}
        for groups in class_ranks(log, now, sample, by).values():
            for key, sums in groups.items():
                found.setdefault(key, []).append(sums)
        return found
    if log.source.task != "binary" or not log.has("score"):
        return {}
    return {key: (sums,) for key, sums in score_ranks(log, now, sample, by).items()}


def confusion_of(tally: Tally) -> Confusion | None:
    """Give the counts by what happened and what was predicted; None for numbers."""
    if isinstance(tally, BinaryOutcomes):
        return tally.confusion
    return tally if isinstance(tally, Confusion) else None


def added(found: Sequence[Tally]) -> Tally | None:
    """Add tallies of disjoint rows up; None where there is none."""
    return reduce(_both, found) if found else None


def metrics(tally: Tally, ranked: Ranks = ()) -> dict[str, Number]:
    """Compute every metric of a task, “too few to say” below the fewest outcomes."""
    if isinstance(tally, Residuals):
        found = regression_metrics(tally.model)
    elif isinstance(tally, Confusion):
        # Seeded, so that the same question is answered alike each time.
        found = macro_metrics(tally, np.random.default_rng(0))
        if ranked:
            found["roc_auc"] = macro_auc([auc(sums) for sums in ranked])
    else:
        found = binary_metrics(tally.confusion, tally.positive, np.random.default_rng(0))
        # Only a score ranks, and only a score may be a probability.
        for sums in ranked:
            found |= {"roc_auc": auc(sums), "average_precision": average_precision(sums)}
            found |= tally.probability_scores()
    ordered = sorted(found, key=list(METRICS).index)
    return {name: settled(found[name], ENOUGH, "outcomes") for name in ordered}


def _both(one: Tally, other: Tally) -> Tally:
    match one, other:
        case BinaryOutcomes(), BinaryOutcomes():
            return _both_binary(one, other)
        case Confusion(), Confusion():
            return _both_confusions(one, other)
        case Residuals(), Residuals():
            return Residuals(_both_models(one.model, other.model))
    raise TypeError("tallies of two tasks don't add up")


def _both_binary(one: BinaryOutcomes, other: BinaryOutcomes) -> BinaryOutcomes:
    return BinaryOutcomes(
        Arrived(
            one.arrived.rows + other.arrived.rows,
            one.arrived.outcomes + other.arrived.outcomes,
            one.arrived.judged + other.arrived.judged,
        ),
        _both_confusions(one.confusion, other.confusion),
        one.scored + other.scored,
        one.improbable + other.improbable,
        {name: total + other.sums[name] for name, total in one.sums.items()},
    )


def _both_confusions(one: Confusion, other: Confusion) -> Confusion:
    counts = Counter(one.counts)
    counts.update(other.counts)
    return Confusion(tuple(dict.fromkeys((*one.classes, *other.classes))), counts)


def _both_models(one: RegressionSums, other: RegressionSums) -> RegressionSums:
    return RegressionSums(
        one.rows + other.rows,
        _both_sums(one.absolute, other.absolute),
        _both_sums(one.squared, other.squared),
        _both_sums(one.relative, other.relative),
        _both_sums(one.logarithmic, other.logarithmic),
    )


def _both_sums(one: Sums, other: Sums) -> Sums:
    return Sums(one.n + other.n, one.total + other.total, one.squares + other.squares)


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


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: what its outcomes are good for, the share that is in, its metrics.

    ``tally`` is what these are computed from, None without a row; they lack what scores tell by
    their order until ``days_ranked``.
    """

    day: date
    state: DayState
    arrived: Number
    metrics: Metrics
    tally: Tally | None = None
