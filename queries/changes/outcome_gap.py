"""Have outcomes stopped arriving: whole days without one, where there never are so many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.index import day_index
from queries.core.times.spans import Span, midnight, naive
from queries.measures.outcomes.outcome import has_arrived

_DAY = timedelta(days=1)
HISTORY = 28
"""Days of arrivals that say what is usual."""

GRACE = 1
"""Days that a delivery may be late without being called missing."""

# Of fewer, no weekend need be among them, and its run of empty days would be called a stop.
FEWEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class OutcomeGap:
    """No outcome is dated ``since`` or later; ``days`` whole days so far.

    ``usual`` is how many came on a day with any.
    """

    since: datetime
    days: int
    usual: Number


def outcomes_are_dated(log: Log) -> bool:
    """Whether the log says when outcomes came."""
    return log.has("outcome") and log.has("outcome_time")


def outcome_gap(log: Log, span: Span, now: datetime, zone: ZoneInfo) -> OutcomeGap | None:
    """Give the days without outcomes at the end of a time; None where there are no more than usual.

    Days are the zone's. There are more than usual when they are more than the longest such run in
    the four weeks before, and ``GRACE``. Outcomes are dated by when they came, and often lie in
    the log only a day later. Mostly some came lately, which a look at the latest requests tells;
    else one pass over those that outcomes of four weeks can belong to.
    """
    if not outcomes_are_dated(log):
        return None
    last = (span.end - timedelta(microseconds=1)).astimezone(zone).date()
    first = last - HISTORY * _DAY
    if _came_since(log, midnight(last - (1 + GRACE) * _DAY, zone), min(now, span.end)):
        return None
    # Requests have to be read from before the outcomes that they got.
    back = max(30 * _DAY, 2 * log.source.outcome_delay)
    start = midnight(first, zone)
    rows = log.aggregate(
        {"n": sa.func.count()},
        by={"day": day_index(log.column("outcome_time"), first, last, zone)},
        spans=(Span(start - back, span.end),),
        where=[has_arrived(log, min(now, span.end))],
    )
    counts = {int(row["day"]): int(row["n"]) for row in rows if row["day"] is not None}
    days = sorted(day for day, n in counts.items() if n)
    if len(days) < FEWEST_DAYS:
        return None
    # Weekends without deliveries are among these, and excuse themselves.
    runs = [later - earlier - 1 for earlier, later in pairwise(days)]
    empty = HISTORY - days[-1] - 1
    if empty <= max(runs) + GRACE:
        return None
    since = midnight(first + (days[-1] + 1) * _DAY, zone)
    total = sum(counts.values())
    usual = Number(total / len(days), total, why="a mean over days, told without an interval")
    return OutcomeGap(since, empty, usual)


def _came_since(log: Log, since: datetime, until: datetime) -> bool:
    """Whether any outcome came in a time, of the requests that usually have theirs by then."""
    came = log.column("outcome_time") >= naive(since)
    requests = Span(since - max(7 * _DAY, log.source.outcome_delay), until)
    (row,) = log.aggregate(
        {"n": sa.func.count()}, spans=(requests,), where=[came, has_arrived(log, until)]
    )
    return bool(row["n"])
