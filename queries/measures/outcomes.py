"""What an outcome is, which rows can have one or have it by now, and what was predicted of them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

import sqlalchemy as sa

from queries.core.logs import Dataset, Log
from queries.core.spans import naive
from queries.measures.expressions import Condition, Expression, Sample, finite


def can_have_outcome(log: Log, dataset: Dataset = Dataset.PRODUCTION) -> tuple[Condition, ...]:
    """Give the conditions for rows that can have an outcome by their decision; none if any can."""
    if not log.source.decided or not log.has("decision", dataset):
        return ()
    return (sa.or_(*(log.equals("decision", value) for value in log.source.decided)),)


def has_arrived(log: Log, now: datetime, dataset: Dataset = Dataset.PRODUCTION) -> Condition:
    """Whether a row's outcome is there, and was there at ``now`` as far as the log says when.

    Raises NotAnswerable where the log has no outcomes.
    """
    there = sa.not_(log.missing("outcome"))
    if not log.has("outcome_time", dataset):
        return there
    came = log.column("outcome_time")
    return sa.and_(there, sa.or_(came.is_(None), came <= naive(now)))


def outcomes_kept(log: Log, sample: Sample, *by: str | None) -> AbstractContextManager[None]:
    """Join a sample's requests with their outcomes once, for all that a block measures of them.

    ``by`` are the columns that the block splits by, beside chunks and what outcomes are judged by.
    """
    if log.source.outcomes is None or sample.dataset is not Dataset.PRODUCTION:
        return nullcontext()
    said = ("prediction",) if log.has("prediction") else ("threshold",)
    labels = [f"score:{label}" for label in log.source.scores]
    split = (*by, "chunk" if log.source.chunks else None)
    names = ("time", "outcome", "outcome_time", *said, "score", *labels, *split)
    held = dict.fromkeys(name for name in names if name and log.has(name, Dataset.PRODUCTION))
    where = (*sample.where, *can_have_outcome(log))
    return log.kept(list(held), spans=sample.spans, where=where)


def predicted_positive(log: Log) -> Condition:
    """Whether the positive class was predicted: by the prediction, else by score and threshold.

    NULL where neither is known. Raises NotAnswerable where the log has neither.
    """
    if log.has("prediction") or not (log.has("score") and log.has("threshold")):
        return log.equals("prediction", log.source.positive)
    score, threshold = finite(log.column("score")), finite(log.column("threshold"))
    return score >= threshold if log.source.score_direction == "higher" else score <= threshold


def stated_probability(log: Log) -> Expression:
    """Give how likely a binary model's score makes the positive class, if it is a probability.

    One minus a score that says less when it is higher; NULL where it is missing or infinite.
    Raises NotAnswerable where the log has no score.
    """
    score = finite(log.column("score"))
    return score if log.source.score_direction == "higher" else 1 - score


def happened(log: Log) -> Condition:
    """Whether the positive class happened; NULL where the outcome is unknown."""
    return log.equals("outcome", log.source.positive)
