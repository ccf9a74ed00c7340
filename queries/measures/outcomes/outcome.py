"""What an outcome is, which rows can have one or have it by now, and what was predicted of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.times.spans import naive
from queries.measures.counting.expressions import Condition, Sample


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
    # An undated outcome counts: that it came is known, when is not.
    return sa.and_(there, sa.or_(came.is_(None), came <= naive(now)))


def outcomes_kept(log: Log, sample: Sample, *by: str | None) -> AbstractContextManager[None]:
    """Join a sample's requests with their outcomes once, for all that a block measures of them.

    ``by`` are the columns that the block splits by, beside chunks and what outcomes are judged by.
    """
    if log.source.outcomes is None or sample.dataset is not Dataset.PRODUCTION:
        # Nothing is joined here, so that a kept table would save nothing.
        return nullcontext()
    said = ("prediction",) if log.has("prediction") else ("threshold",)
    labels = [f"score:{label}" for label in log.source.scores]
    split = (*by, "chunk" if log.source.chunks else None)
    names = ("time", "outcome", "outcome_time", *said, "score", *labels, *split)
    held = dict.fromkeys(name for name in names if name and log.has(name, Dataset.PRODUCTION))
    where = (*sample.where, *can_have_outcome(log))
    return log.kept(list(held), spans=sample.spans, where=where)


@dataclass(frozen=True, slots=True)
class Arrived:
    """Rows that can have an outcome, those that have one by now, those also with a prediction."""

    rows: int
    outcomes: int
    judged: int


def in_all(arrived: Iterable[Arrived]) -> Arrived:
    """Add counts of disjoint rows up."""
    listed = list(arrived)
    return Arrived(
        sum(each.rows for each in listed),
        sum(each.outcomes for each in listed),
        sum(each.judged for each in listed),
    )
