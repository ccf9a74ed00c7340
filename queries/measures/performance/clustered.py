"""Intervals of a model's performance where the same people come back often."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.entity_effect import entity_effect, entity_effect_on_mean
from queries.measures.counting.expressions import Sample, finite
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.performance.metrics import Metrics
from queries.measures.places.subjects import right_answers
from queries.statistics.design_effect import widened_metric


def repeated_entities(log: Log, now: datetime, sample: Sample) -> float:
    """Give the design effect of the rows' headline metric, 1 where nobody comes back.

    That metric is the share of right answers, or for numbers the average error.
    """
    if not log.has("entity_id", sample.dataset):
        return 1.0
    if log.source.task != "regression":
        judged = right_answers(log, now)
        rows = replace(sample, where=(*sample.where, *judged.where))
        return entity_effect(log, judged.hit, rows)
    error = sa.func.abs(finite(log.column("outcome")) - finite(log.column("prediction")))
    where = (*sample.where, *can_have_outcome(log), has_arrived(log, now))
    return entity_effect_on_mean(log, error, replace(sample, where=where))


def all_widened(metrics: Metrics, effect: float) -> Metrics:
    """Widen every metric's interval: what makes right answers go together makes all of them."""
    return {name: widened_metric(number, effect) for name, number in metrics.items()}
