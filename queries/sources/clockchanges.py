"""The hours that local times write twice, or not at all, where a zone turns its clocks.

Both engines read a time that comes twice as of after the change, and one that there never was by
the clock before it: either lies in the hour (or so) from the change on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from queries.core import words
from queries.core.times.spans import Span
from queries.sources.shapes import EARLIEST, LATEST

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment at which a zone's clocks were turned, by ``shift``: forward where it is positive."""

    at: datetime
    shift: timedelta
    zone: ZoneInfo

    @property
    def read_as(self) -> Span:
        """Where the rows lie whose times come twice, or never were."""
        return Span(self.at, self.at + abs(self.shift))

    @property
    def shown(self) -> tuple[datetime, datetime]:
        """The local times that come twice, or never were: from the first until before the last."""
        after = self.at.astimezone(self.zone).replace(tzinfo=None, fold=0)
        before = after - self.shift
        return min(before, after), max(before, after)

    def said(self, rows: int) -> str:
        """Say how many rows have such a time, and how they were read."""
        first, end = self.shown
        hours = f"from {first:%H:%M} to {end:%H:%M} on {first.day} {first:%b %Y}"
        of = "1 row has a time" if rows == 1 else f"{words.counted(rows, 'row')} have times"
        it = "it was" if rows == 1 else "they were all"
        zone = self.zone.key
        if self.shift < timedelta(0):
            return (
                f"{of} {hours}, which came twice in {zone}, as clocks went back; {it} read as of "
                "the second. Only times with their offset, or in UTC, tell them apart."
            )
        later = self.at.astimezone(self.zone)
        return (
            f"{of} {hours}, which there never was in {zone}, as clocks went forward; {it} read as "
            f"from {later:%H:%M} on. Is `zone` the one of this log?"
        )


def clock_changes(zone: ZoneInfo, spans: Sequence[Span]) -> list[ClockChange]:
    """Give the changes whose doubled or missing hours lie, or would, in any of some spans."""
    found: dict[datetime, ClockChange] = {}
    for span in spans:
        first, last = max(span.start, EARLIEST), min(span.end, LATEST)
        for year in range(first.year, last.year + 1):
            for each in _of_year(zone, year):
                slack = abs(each.shift)
                if each.at - slack < last and first < each.at + slack:
                    found[each.at] = each
    return [found[at] for at in sorted(found)]


@cache
def _of_year(zone: ZoneInfo, year: int) -> tuple[ClockChange, ...]:
    return tuple(_changes(zone, datetime(year, 1, 1, tzinfo=UTC)))


def _changes(zone: ZoneInfo, start: datetime) -> Iterator[ClockChange]:
    before = start
    while before.year == start.year:
        after = before + _DAY
        shift = _offset(zone, after) - _offset(zone, before)
        if shift:
            yield ClockChange(_found(zone, before, after), shift, zone)
        before = after


def _found(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the moment of a change between two that differ, to the second."""
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
