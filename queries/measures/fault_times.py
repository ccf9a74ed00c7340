"""When columns broke: the share of requests with a fault over time, all columns in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from queries.core.logs import Log, Span
from queries.measures.broken_columns import Broken
from queries.measures.categories import category
from queries.measures.column_counts import is_infinite, is_outside
from queries.measures.expressions import Condition, count_where
from queries.measures.failures import OverTime, bucket_seconds, laid_out
from queries.measures.faults import Fault
from queries.measures.onset import find_shift

MOST = 12
"""Columns looked at over time, the worst first."""


@dataclass(frozen=True, slots=True)
class FaultTimes:
    """A column's leading fault over time, and since when it holds; None where no jump is clear."""

    name: str
    fault: Fault
    counts: OverTime
    since: datetime | None


def fault_times(
    log: Log, columns: Sequence[Broken], span: Span, where: Sequence[Condition]
) -> tuple[FaultTimes, ...]:
    """Follow each column's worst fault (of a whole one: missing values) through a span."""
    conditions = {
        each.name: (fault, condition)
        for each in columns[:MOST]
        if (fault := leading(each)) and (condition := _condition(log, each, fault)) is not None
    }
    if not conditions:
        return ()
    seconds = bucket_seconds(span)
    rows = log.aggregate(
        {"trials": sa.func.count()}
        | {f"hits{i}": count_where(each) for i, (_, each) in enumerate(conditions.values())},
        by={"bucket": log.bucket(span.start, seconds)},
        spans=(span,),
        where=where,
    )
    found = []
    for i, (name, (fault, _)) in enumerate(conditions.items()):
        laid = [
            {"period": 0, "bucket": row["bucket"], "hits": row[f"hits{i}"], "trials": row["trials"]}
            for row in rows
        ]
        counts = laid_out(laid, (span,), seconds)
        broken = any(each.name == name and each.faults for each in columns)
        found.append(FaultTimes(name, fault, counts, _since(counts) if broken else None))
    return tuple(found)


def leading(column: Broken) -> Fault:
    """Give a column's worst fault; missing values where it has none."""
    return column.faults[0] if column.faults else Fault.EMPTIED


def _since(counts: OverTime) -> datetime | None:
    shift = find_shift(counts.hits[0], counts.trials[0], np.random.default_rng(0))
    rose = (shift.during.value or 0.0) > (shift.before.value or 0.0)
    return counts.at(shift.began.at) if shift.began and rose else None


def _condition(log: Log, column: Broken, fault: Fault) -> Condition | None:
    """Give the condition of a request with a fault; None for what files tell, or all requests."""
    name, held = column.name, column.column
    match fault:
        case Fault.EMPTIED:
            return None if held.held.absent else log.missing(name)
        case Fault.INFINITE:
            return is_infinite(log, name)
        case Fault.OUTSIDE if held.range:
            return is_outside(log, name, held.range)
        case Fault.UNSEEN if held.known and not held.known.rarer_categories:
            value = category(log, name)
            return sa.and_(value.is_not(None), value.not_in(list(held.known.counts)))
        case _:
            return None
