"""Requests that were logged more than once, told by their ids."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Sample, count_where, total
from queries.statistics.rates import wilson


def repeated_requests(log: Log, sample: Sample) -> Number | None:
    """Give the share of requests whose id another one already has; None where ids aren't logged."""
    if not log.has("request_id", sample.dataset):
        return None
    there = log.column("request_id").is_not(None)
    row = log.aggregate(
        {"n": total(sa.case((there, log.copies))), "ids": count_where(there)},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )[0]
    return wilson(int(row["n"] or 0) - int(row["ids"]), int(row["n"] or 0))
