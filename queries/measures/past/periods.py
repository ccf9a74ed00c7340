"""The comparable past of a span: what "usual" is measured over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from queries.core.times.spans import Past, Span, absolute, turns_within
from queries.core.times.wall import Grain
from queries.statistics.usual import COMPARABLE

WEEK = timedelta(days=7)

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def cut(span: Span, data_through: datetime | None) -> Span | None:
    """Cut a span at the latest time in the log, which stays inside; None where nothing is left."""
    if data_through is None or span.start > data_through:
        return None
    return Span(span.start, min(span.end, data_through + timedelta(microseconds=1)))


def comparable(
    span: Span,
    grain: Grain,
    data_through: datetime | None,
    zone: ZoneInfo,
    since: datetime | None = None,
) -> tuple[Span, ...]:
    """Give the spans to compare with, newest first (definition: docs of "the comparable past").

    Months, quarters and years: the unit before. Otherwise the same local clock span 1 to 4 whole
    steps ago, a step being a week, or as many whole weeks as the span is long. ``span`` is first
    cut at ``data_through``, and every comparable span with it. Spans that begin before ``since``
    (the log's first time) are left out. "all" has no comparable past.
    """
    current = cut(span, data_through)
    if current is None or grain == "all":
        return ()
    if grain in _MONTHS:
        found = [_months_before(current, span.end, _MONTHS[grain], zone)]
    else:
        # An hour less, as a clock change makes a week of 169 hours, which
        # is no reason to step by two.
        weeks = -(-(span.end - span.start - timedelta(hours=1)) // WEEK)
        found = []
        for step in range(1, COMPARABLE + 1):
            newer = found[-1] if found else current
            found.append(_shifted(current, newer, zone, step * max(1, weeks) * WEEK))
    by_clock = grain not in _MONTHS
    return tuple(
        _turned(current, past, zone) if by_clock else past
        for past in found
        if since is None or past.start >= since
    )


def _shifted(span: Span, newer: Span, zone: ZoneInfo, back: timedelta) -> Span:
    start = absolute(_local(span.start, zone) - back, zone)
    end = absolute(_local(span.end, zone) - back, zone)
    past = _ordered(span, start, end)
    # Across clocks set forward a week has an hour more on the clock, which is the next one's too.
    return Span(past.start, min(past.end, newer.start))


def _turned(current: Span, past: Span, zone: ZoneInfo) -> Span:
    """Note where the clock of the past runs apart from the present's, if it does anywhere."""
    turns = [(at - current.start, by) for at, by in turns_within(current, zone)]
    turns += [
        # An hour that didn't come in the past is compared with the one after it.
        (at - past.start + max(by, timedelta()), -by)
        for at, by in turns_within(past, zone)
    ]
    return Past(past.start, past.end, tuple(sorted(turns))) if turns else past


def _ordered(span: Span, start: datetime, end: datetime) -> Span:
    """Keep the real length where a clock change swallowed or reversed the clock span."""
    if end <= start:
        end = start + (span.end - span.start)
    return Span(start, min(end, span.start))


def _months_before(span: Span, full_end: datetime, unit: int, zone: ZoneInfo) -> Span:
    first, last = _local(span.start, zone), _local(full_end, zone)
    covered = (last.year - first.year) * 12 + last.month - first.month
    # A month that has begun counts whole.
    if last.replace(day=1, hour=0, minute=0, second=0, microsecond=0) < last:
        covered += 1
    months = max(unit, -(-covered // unit) * unit)
    start = absolute(_back_months(first, months), zone)
    end = absolute(_back_months(_local(span.end, zone), months), zone)
    return _ordered(span, start, end)


def _back_months(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)
    days = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, days))


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    # Clock times are shifted as people do it: yesterday at 9 is at 9 whatever the clocks did since.
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
