"""What a log on a local clock can't tell where clocks change: an hour twice, or never."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import turns_within

_LONGEST = timedelta(days=40)
"""Within a longer time an hour is no news."""


def turned(log: Log, reading: Reading) -> str:
    """Name the hour that came twice or never in what was read, of a log with a zone of its own."""
    zone, covered = log.source.zone, reading.covered
    if zone.key == "UTC" or covered is None or covered.end - covered.start > _LONGEST:
        return ""
    for moment, by in turns_within(covered, zone):
        if by < timedelta():
            hour = _between(moment.astimezone(zone), by, zone)
            return f"{hour} came twice. Which of both a request is of, the log doesn't tell."
        hour = _between((moment - by).astimezone(zone), by, zone)
        return f"{hour} didn't come, as clocks were set forward."
    return ""


def _between(first: datetime, by: timedelta, zone: ZoneInfo) -> str:
    """The hour from a local time on, as its clock had or would have had it."""
    start = first.replace(tzinfo=None)
    if by > timedelta():
        start += by
    end = start + abs(by)
    return f"On the clock of {zone.key}, {start:%H:%M} to {end:%H:%M} on {start.day} {start:%b}"
