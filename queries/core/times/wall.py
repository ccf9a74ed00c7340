"""What a time phrase gives on the asker's wall clock, and why one gives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Grain = Literal["rolling", "day", "weekend", "week", "month", "quarter", "year", "range", "all"]
"""What kind of range a phrase means; its comparable past depends on it."""

Range = tuple[datetime, datetime, Grain]
"""Start and end on the wall clock, and the grain; "all" has no meaningful start or end."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """The asker's wall clock, without a zone, and their zone."""

    local: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The asker's day."""
        return self.local.date()

    def ago(self, length: timedelta) -> datetime:
        """The wall clock some real time ago, whatever clocks did since."""
        then = self.local.replace(tzinfo=self.zone).astimezone(UTC) - length
        return then.astimezone(self.zone).replace(tzinfo=None)


class Unclear(Exception):
    """A time that may mean several things, or none that is known here.

    ``nearest`` are phrases that are clear.
    """

    def __init__(self, why: str, *nearest: str) -> None:
        super().__init__(why)
        self.why, self.nearest = why, nearest


class UnclearNow(Unclear):
    """A time that is unclear at some moments of asking, and clear at others."""


def at(day: date, clock: time = time()) -> datetime:
    """A moment on the wall clock; midnight unless told otherwise."""
    return datetime.combine(day, clock)


def days(first: date, after: date, grain: Grain) -> Range:
    """Whole days from the first until before another."""
    return at(first), at(after), grain


def one_day(day: date) -> Range:
    """A whole day."""
    return days(day, day + DAY, "day")
