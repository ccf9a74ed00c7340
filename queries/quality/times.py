"""When columns broke: the share of requests with a fault over time, all columns in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.columns.categories import category
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.counting.jumps import Jump, jump_of, shift_of
from queries.measures.counting.over_time import OverTime, bucket_seconds, laid_out
from queries.quality.broken import Broken, ranked
from queries.quality.counts import is_infinite, is_outside
from queries.quality.faults import Fault
from queries.statistics.onset import SURELY, Shift

MOST = 12
"""Columns looked at over time, the worst first."""


LONG = timedelta(days=7)
LATELY = timedelta(days=2)
"""In a span that is long, what broke lately is a few buckets, and is looked for by itself."""


@dataclass(frozen=True, slots=True)
class FaultTimes:
    """A column's leading fault over time, and the largest shift in its share of requests.

    ``shift`` is in the buckets of ``shifted``: all of ``counts``, or the latest part of them.
    ``jump`` is that shift where it is clearly one upwards, by what matters.
    """

    name: str
    fault: Fault
    counts: OverTime
    shifted: OverTime
    shift: Shift
    jump: Jump | None

    @property
    def since(self) -> datetime | None:
        """When the share jumped up; None where it didn't, beyond chance."""
        return self.jump.since if self.jump else None

    @property
    def until(self) -> datetime | None:
        """When it came down again, where it did."""
        return self.jump.until if self.jump else None

    @property
    def surely(self) -> bool:
        """Say whether the share so clearly jumped that it counts, whatever the whole time says."""
        return self.jump is not None and (self.shift.p or 1.0) <= SURELY


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
    counted = _counted(log, conditions, span, where)
    begin = (span.end - LATELY).replace(minute=0, second=0, microsecond=0)
    late = Span(max(span.start, begin), span.end)
    lately = _counted(log, conditions, late, where) if span.end - span.start > LONG else {}
    least = log.source.matters.missing
    return tuple(
        _followed(name, conditions[name][0], (counts, lately.get(name)), least)
        for name, counts in counted.items()
    )


Conditions = Mapping[str, tuple[Fault, Condition]]


def _counted(
    log: Log, conditions: Conditions, span: Span, where: Sequence[Condition]
) -> dict[str, OverTime]:
    """Count the requests that meet each column's condition, by bucket, in one pass."""
    seconds = bucket_seconds(span)
    rows = log.aggregate(
        {"trials": sa.func.count()}
        | {f"hits{i}": count_where(each) for i, (_, each) in enumerate(conditions.values())},
        by={"bucket": log.bucket(span.start, seconds)},
        spans=(span,),
        where=where,
    )
    found = {}
    for i, name in enumerate(conditions):
        laid = [
            {"period": 0, "bucket": row["bucket"], "hits": row[f"hits{i}"], "trials": row["trials"]}
            for row in rows
        ]
        found[name] = laid_out(laid, (span,), seconds, log.source.zone)
    return found


def _followed(
    name: str, fault: Fault, counted: tuple[OverTime, OverTime | None], least: float
) -> FaultTimes:
    whole, lately = counted
    found = _shifted(name, fault, whole, whole, least)
    # The whole time first: what began long ago is not to be told as of the last two days.
    if found.jump or lately is None:
        return found
    late = _shifted(name, fault, whole, lately, least)
    return late if late.jump else found


def _shifted(
    name: str, fault: Fault, counts: OverTime, shifted: OverTime, least: float
) -> FaultTimes:
    shift = shift_of(shifted)
    return FaultTimes(
        name=name,
        fault=fault,
        counts=counts,
        shifted=shifted,
        shift=shift,
        jump=jump_of(shifted, shift, least),
    )


def with_jumps(columns: Sequence[Broken], times: Sequence[FaultTimes]) -> tuple[Broken, ...]:
    """Call those broken too that emptied within the time, too late to show in the whole of it."""
    emptied = {each.name for each in times if each.fault is Fault.EMPTIED and each.surely}
    return ranked(
        [each.with_fault(Fault.EMPTIED) if each.name in emptied else each for each in columns]
    )


def leading(column: Broken) -> Fault:
    """Give a column's worst fault; missing values where it has none."""
    return column.faults[0] if column.faults else Fault.EMPTIED


def _condition(log: Log, column: Broken, fault: Fault) -> Condition | None:
    """Give the condition of a request with a fault; None for what files tell, or all requests."""
    name, held = column.name, column.column
    match fault:
        case Fault.EMPTIED:
            missing = sa.and_(log.missing(name), sa.not_(log.unread(name)))
            return None if held.held.absent else missing
        case Fault.UNREADABLE:
            return log.unread(name)
        case Fault.INFINITE:
            return is_infinite(log, name)
        case Fault.OUTSIDE if held.range:
            return is_outside(log, name, held.range)
        # Where not all categories are told apart, a condition on them would call rare ones unseen.
        case Fault.UNSEEN if held.known and not held.known.rarer_categories:
            value = category(log, name)
            return sa.and_(value.is_not(None), value.not_in(list(held.known.counts)))
        case _:
            return None
