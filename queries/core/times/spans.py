"""Spans of time, and where a local day begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from ``start`` until before ``end``, both aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Past(Span):
    """A span to compare another with, by the clock, where clocks change within either.

    ``turns`` say after how long in the other one the same clock time lies how much further on in
    this one than just before: an hour that comes twice there is here looked at twice, and one
    that doesn't come there is passed over.
    """

    turns: tuple[tuple[timedelta, timedelta], ...] = ()

    def shifts(self, width: int, seconds: int) -> list[int]:
        """How many buckets further on the same clock time lies, for each bucket of the other."""
        step = timedelta(seconds=seconds)
        return [
            round(sum((by for after, by in self.turns if after <= at * step), timedelta()) / step)
            for at in range(width)
        ]


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


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the first moment of a day, also where clocks skip midnight."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    # There and back: a midnight that clocks skip comes back as another clock time.
    shown = start.astimezone(zone)
    return (
        start
        if shown.date() == day
        else start + (datetime.combine(day, time()) - shown.replace(tzinfo=None))
    )


def absolute(local: datetime, zone: ZoneInfo) -> datetime:
    """Give the moment of a local time; one that a clock change skips is the change itself."""
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0):
        return moment
    before = local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    return _change_between(
        (local - after).replace(tzinfo=UTC), (local - before).replace(tzinfo=UTC), zone
    )


def turns_within(span: Span, zone: ZoneInfo) -> list[tuple[datetime, timedelta]]:
    """When clocks change within a span, and by how much they are set forward."""
    found, at = [], span.start
    while at < span.end:
        after = min(at + timedelta(days=1), span.end)
        here, there = (each.astimezone(zone).utcoffset() or timedelta() for each in (at, after))
        if here != there:
            found.append((_change_between(at, after, zone), there - here))
        at = after
    return found


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    # zoneinfo doesn't tell when clocks change: halving the gap finds it in a dozen steps.
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
