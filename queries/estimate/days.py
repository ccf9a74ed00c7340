"""Requests whose outcomes count and those whose don't yet, with estimates day by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.estimate.estimating import Estimating
from queries.measures.counting.expressions import Condition, Expression, Sample
from queries.measures.outcomes.delays import day_spans
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import has_arrived
from queries.measures.outcomes.realised import Realised
from queries.measures.performance.metrics import Metrics
from queries.measures.performance.tally import Day
from queries.measures.predictions.cbpe import Counts

MOST_DAYS = 400
"""Over more days than this, days are not told apart."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EstimatedDay:
    """One local day's estimates, and what was realised where its outcomes are in."""

    day: date
    requests: int
    estimated: Metrics
    realised: Metrics


@dataclass(frozen=True)
class Halves:
    """Requests whose outcomes count, and those whose don't yet: counts and where they lie."""

    mature: Counts
    mature_rows: Sample
    pending: Counts
    pending_rows: Sample
    days: tuple[EstimatedDay, ...] = ()


def halved(each: Estimating, reading: Reading, rows: Sample, known: Realised | None) -> Halves:
    """Count both halves, day by day where the log has times: one pass for all.

    Of days whose outcomes are in, requests that never got one don't count: the realised metrics
    know nothing of them.
    """
    came = () if known is None else (has_arrived(each.log, each.now),)
    if reading.covered is None:
        return _undated(each, rows, came)
    days = _local_days(reading, reading.covered)
    was = {day.day: day.metrics for day in (known.days if known else ()) if _mature(day)}
    young = day_spans((day for day in days if day not in was), reading.covered, reading.zone)
    mature = Sample(spans=known.mature.spans if known else (), where=(*rows.where, *came))
    pending = Sample(spans=young, where=rows.where)
    # Each day is simulated by itself, which takes longer than counting it.
    if len(days) > MOST_DAYS:
        counts = [each.counts(half).get((), each.nothing()) for half in (mature, pending)]
        return Halves(counts[0], mature, counts[1], pending)
    counted = _by_day(each, rows, days, reading.zone, came, set(was))
    estimated = each.each({(str(day),): counts for day, counts in counted.items()})
    return Halves(
        _total(each, (counts for day, counts in counted.items() if day in was)),
        mature,
        _total(each, (counts for day, counts in counted.items() if day not in was)),
        pending,
        tuple(
            EstimatedDay(day, counts.n, estimated[(str(day),)], was.get(day, {}))
            for day, counts in sorted(counted.items())
        ),
    )


def _undated(each: Estimating, rows: Sample, came: tuple[Condition, ...]) -> Halves:
    counted = each.counts(rows, {"came": _flag(came)})
    with_outcome = (*rows.where, *came)
    without = (*rows.where, *map(sa.not_, came))
    return Halves(
        counted.get((1,), each.nothing()),
        Sample(where=with_outcome),
        counted.get((0,), each.nothing()),
        Sample(where=without),
    )


def _flag(came: tuple[Condition, ...]) -> Expression:
    """Give 1 where the outcome is in, else 0."""
    return sa.case((came[0], 1), else_=0) if came else sa.literal(0)


def _local_days(reading: Reading, span: Span) -> tuple[date, ...]:
    first = span.start.astimezone(reading.zone).date()
    last = (span.end - timedelta(microseconds=1)).astimezone(reading.zone).date()
    return tuple(first + i * _DAY for i in range((last - first).days + 1))


def _mature(day: Day) -> bool:
    return day.state is DayState.MATURE


def _by_day(
    each: Estimating,
    rows: Sample,
    days: Sequence[date],
    zone: ZoneInfo,
    came: tuple[Condition, ...],
    mature: Collection[date],
) -> dict[date, Counts]:
    """Count each day's requests; of mature days those alone whose outcome is in."""
    by: Mapping[str, Expression] = {
        "day": each.log.day(days[0], days[-1], zone),
        "came": _flag(came),
    }
    counted: dict[date, Counts] = {}
    for (index, arrived), counts in each.counts(rows, by).items():
        day = days[int(str(index))]
        # Of a mature day those without an outcome will never get one, and
        # nothing can be checked by them.
        if arrived or day not in mature:
            counted[day] = counted[day] + counts if day in counted else counts
    return counted


def _total(each: Estimating, counted: Iterable[Counts]) -> Counts:
    return reduce(add, counted, each.nothing())
