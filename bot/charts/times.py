"""Where a time axis has its ticks: round moments on the reader's own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_EVEN_SECONDS = (1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200)

Words = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment in seconds since 1970, its label, and a second line where the day or year turns."""

    at: float
    label: str
    below: str = ""


def time_ticks(start: datetime, end: datetime, most: int = 7) -> list[Tick]:
    """About ``most`` ticks at most between two moments, on the clock of ``start``'s zone.

    Steps follow local time, so that midnight stays midnight over a change of the clocks.
    """
    zone = start.tzinfo or UTC
    first, last = _wall(start, zone), _wall(end, zone)
    walls, label, below = _steps(first, last, end.timestamp() - start.timestamp(), most)
    found: list[Tick] = []
    previous = ""
    for wall in walls:
        moment = wall.replace(tzinfo=zone)
        skipped_by_the_clocks = _wall(moment.astimezone(UTC), zone) != wall
        if skipped_by_the_clocks or not start.timestamp() <= moment.timestamp() <= end.timestamp():
            continue
        turn = below(wall)
        found.append(Tick(moment.timestamp(), label(wall), turn if turn != previous else ""))
        previous = turn
    return found


def zone_name(moment: datetime) -> str:
    """The zone as people know it: ``Europe/Berlin``, or the offset where it has no name."""
    return getattr(moment.tzinfo, "key", None) or moment.tzname() or "UTC"


def _steps(
    first: datetime, last: datetime, seconds: float, most: int
) -> tuple[Iterator[datetime], Words, Words]:
    for step in _EVEN_SECONDS:
        if seconds / step <= most:
            label = _clock if step >= 60 else _clock_with_seconds
            return _even(first, last, timedelta(seconds=step)), label, _day
    several_years = _year if first.year != last.year else _nothing
    for days in _DAYS:
        if seconds / 86_400 / days <= most:
            return _even(first, last, timedelta(days=days)), _day, several_years
    for months in _MONTHS[:-1]:
        if seconds / 86_400 / 30.4 / months <= most:
            label, below = (_month, several_years) if months < 12 else (_year, _nothing)
            return _monthly(first, last, months), label, below
    return _monthly(first, last, _MONTHS[-1]), _year, _nothing


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _even(first: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    monday = datetime(2001, 1, 1)  # noqa: DTZ001 (wall-clock time; the zone is put on afterwards)
    # Counted from a Monday, so that steps of a week begin with the week.
    moment = monday + (first - monday) // step * step
    while moment <= last:
        yield moment
        moment += step


def _monthly(first: datetime, last: datetime, months: int) -> Iterator[datetime]:
    count = -(-(first.year * 12 + first.month - 1) // months) * months
    while (moment := datetime(count // 12, count % 12 + 1, 1)) <= last:  # noqa: DTZ001 (as above)
        yield moment
        count += months


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M}"


def _clock_with_seconds(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}"


def _day(wall: datetime) -> str:
    return f"{wall.day} {wall:%b}"


def _month(wall: datetime) -> str:
    return f"{wall:%b}"


def _year(wall: datetime) -> str:
    return str(wall.year)


def _nothing(_: datetime) -> str:
    return ""
