"""How long outcomes take, day by day, and which days' outcomes are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.index import day_index
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, midnight
from queries.measures.counting.expressions import EVERYTHING, Expression, Sample, count_where
from queries.measures.outcomes.maturity import DayCounts, DayState, Maturity, judge
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MatureDays:
    """The verdict on each whole local day, oldest first, and the spans of the mature ones."""

    dates: tuple[date, ...]
    counts: tuple[DayCounts, ...]
    maturity: Maturity
    mature: tuple[Span, ...]


def mature_days(
    log: Log, span: Span, now: datetime, zone: ZoneInfo, sample: Sample = EVERYTHING
) -> MatureDays:
    """Judge each local day of a span by how long the outcomes of all days up to now took.

    Older days than the span's are looked at too, as far as 60 days or four times the declared
    delay before it, whichever is more: they say what is usual. Days are the zone's; the spans of
    mature days are cut to ``span``.
    """
    declared = log.source.outcome_delay / _DAY
    back = max(60, 4 * int(declared))
    first = (span.start - back * _DAY).astimezone(zone).date()
    last = min(span.end - timedelta(microseconds=1), now).astimezone(zone).date()
    days = day_counts(log, first, last, now, zone, sample)
    # Empty days before the log's first are no days without outcomes.
    begun = next((i for i, day in enumerate(days) if day.eligible), 0)
    verdict = judge(days[begun:], declared)
    shown = max(begun, (span.start.astimezone(zone).date() - first).days)
    pairs = list(zip(days[shown:], verdict.days[shown - begun :], strict=True))
    good = [i for i, (_, each) in enumerate(pairs) if each.state is DayState.MATURE]
    kept = replace(
        verdict,
        days=tuple(each for _, each in pairs),
        mature_rows=sum(pairs[i][0].eligible for i in good),
        mature_outcomes=sum(pairs[i][0].outcomes for i in good),
    )
    dates = tuple(first + i * _DAY for i in range(shown, len(days)))
    counts = tuple(days[shown:])
    return MatureDays(dates, counts, kept, day_spans([dates[i] for i in good], span, zone))


def day_counts(
    log: Log,
    first: date,
    last: date,
    now: datetime,
    zone: ZoneInfo,
    sample: Sample = EVERYTHING,
) -> tuple[DayCounts, ...]:
    """Count each local day's rows that can have an outcome, and how long outcomes took; one pass.

    Delays are in calendar days of the zone; one that seems negative counts as 0.
    """
    today = now.astimezone(zone).date()
    by: dict[str, Expression] = {"day": log.day(first, last, zone)}
    if log.has("outcome_time"):
        came = day_index(log.column("outcome_time"), first, today, zone)
        # By the day: one pass gives every day's counts and its delays, in
        # a few thousand small groups.
        by["delay"] = sa.func.greatest(came - log.day(first, last, zone), 0)
    arrived = has_arrived(log, now)
    rows = log.aggregate(
        {"rows": sa.func.count(), "outcomes": count_where(arrived)},
        by=by,
        spans=[Span(midnight(first, zone), min(now, midnight(last + _DAY, zone)))],
        where=(*sample.where, *can_have_outcome(log)),
        dataset=sample.dataset,
    )
    eligible: dict[int, int] = defaultdict(int)
    outcomes: dict[int, int] = defaultdict(int)
    delays: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        day = int(row["day"])
        eligible[day] += int(row["rows"])
        outcomes[day] += int(row["outcomes"])
        if row.get("delay") is not None and row["outcomes"]:
            delays[day][int(row["delay"])] = int(row["outcomes"])
    return tuple(
        DayCounts((today - first).days - i - 1, eligible[i], outcomes[i], delays[i])
        for i in range((last - first).days + 1)
    )


def day_spans(days: Iterable[date], within: Span, zone: ZoneInfo) -> tuple[Span, ...]:
    """Join local days into spans, cut to the span asked for."""
    found: list[Span] = []
    for day in days:
        start = max(within.start, midnight(day, zone))
        end = min(within.end, midnight(day + _DAY, zone))
        if end <= start:
            continue
        if found and found[-1].end == start:
            found[-1] = Span(found[-1].start, end)
        else:
            found.append(Span(start, end))
    return tuple(found)


def judged_days(log: Log, reading: Reading, whole: Sample) -> MatureDays | None:
    """Say which days of a time have their outcomes in; None where the log has no times."""
    if reading.covered is None:
        return None
    return mature_days(log, reading.covered, reading.now, reading.zone, Sample(where=whole.where))
