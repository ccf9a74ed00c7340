"""Spans of time, and the index of the local day or of the span in which a time lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.constructs import Bucket

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from ``start`` until before ``end``, both aware UTC."""

    start: datetime
    end: datetime


def naive(moment: datetime) -> datetime:
    """Give an aware time as the engine holds it: naive UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap or touch, in order, so that no row is in two of them."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.end <= span.start:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def overlap(one: Span, other: Span) -> Span | None:
    """Give what two spans have in common, or None."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def span_index(moment: sa.ColumnElement[Any], spans: Sequence[Span]) -> sa.ColumnElement[int]:
    """Index of the first span in which a time lies; NULL outside all of them."""
    whens = [
        (sa.and_(moment >= naive(span.start), moment < naive(span.end)), sa.literal(i))
        for i, span in enumerate(spans)
    ]
    return sa.case(*whens, else_=None) if whens else sa.literal(None, sa.Integer)


def day_index(
    moment: sa.ColumnElement[Any], first: date, last: date, zone: ZoneInfo
) -> sa.ColumnElement[int]:
    """Index of the zone's day in which a time lies, 0 for ``first``; NULL after ``last``.

    A day on which clocks move is 23 or 25 hours long. Days between two such days are
    buckets of 24 hours from one origin, so that a year needs a handful of conditions.
    """
    starts = [midnight(first + i * _DAY, zone) for i in range((last - first).days + 2)]
    whens = []
    begin = 0
    for i in range(1, len(starts)):
        at_end = i == len(starts) - 1
        if at_end or starts[i + 1] - starts[i] != starts[begin + 1] - starts[begin]:
            seconds = round((starts[begin + 1] - starts[begin]).total_seconds())
            index = Bucket(moment, naive(starts[begin]), seconds) + begin
            whens.append((moment < naive(starts[i]), index))
            begin = i
    return sa.case((moment < naive(starts[0]), None), *whens, else_=None)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a day, also where clocks skip midnight."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    shown = start.astimezone(zone)
    return (
        start
        if shown.date() == day
        else start + (datetime.combine(day, time()) - shown.replace(tzinfo=None))
    )
