"""How many rows can have an outcome, and how many have one by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.expressions import EVERYTHING, Expression, Key, Sample, count_where
from queries.measures.outcomes.outcome import Arrived, can_have_outcome, has_arrived


def arrivals(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, Arrived]:
    """Count the rows that can have an outcome and those that have one by now, by group."""
    groups, came = dict(by or {}), has_arrived(log, now, sample.dataset)
    judged = sa.and_(came, sa.not_(log.missing("prediction"))) if log.has("prediction") else came
    found = log.aggregate(
        {"rows": sa.func.count(), "outcomes": count_where(came), "judged": count_where(judged)},
        by=groups,
        spans=sample.spans,
        where=(*sample.where, *can_have_outcome(log, sample.dataset)),
        dataset=sample.dataset,
    )
    return {
        tuple(row[key] for key in groups): Arrived(
            int(row["rows"]), int(row["outcomes"]), int(row["judged"])
        )
        for row in found
    }
