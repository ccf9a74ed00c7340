"""Requests that were logged more than once, told by their ids."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Sample
from queries.statistics.rates import wilson


def repeated_requests(log: Log, sample: Sample) -> Number | None:
    """Give the share of requests whose id another one already has; None where ids aren't logged."""
    if not log.has("request_id", sample.dataset):
        return None
    value = log.column("request_id")
    row = log.aggregate(
        {"n": sa.func.count(value), "ids": sa.func.count(sa.distinct(value))},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )[0]
    return wilson(int(row["n"]) - int(row["ids"]), int(row["n"]))
