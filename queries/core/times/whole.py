"""Times in whole hours, or days, in which groups of people are told of.

Two answers over nearly the same time can be subtracted from one another, and tell of the few in
between. Of whole hours, asked twice within one, they are the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from queries.core import words
from queries.core.crowds.refusals import TooFew
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, midnight

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def in_whole_hours(log: Log, reading: Reading, *by: str | None) -> Reading:
    """Cut a reading to whole hours where it is split by what people are grouped by.

    Raises TooFew where no whole one is left.
    """
    return _whole(log, reading, by, HOUR)


def in_whole_days(log: Log, reading: Reading, *by: str | None) -> Reading:
    """Cut a reading of more than two days to whole days, and a shorter one to whole hours."""
    span = None if reading.grain == "all" else reading.span
    long = span is not None and span.end - span.start > 2 * DAY
    return _whole(log, reading, by, DAY if long else HOUR)


def with_crowds(log: Log, reading: Reading, dimensions: Sequence[str]) -> tuple[Reading, list[str]]:
    """Cut a reading to whole hours, or leave out what people are grouped by where none is left."""
    try:
        return in_whole_hours(log, reading, *dimensions), [*dimensions]
    except TooFew:
        return reading, [name for name in dimensions if not log.is_crowd(name)]


def _whole(log: Log, reading: Reading, by: Sequence[str | None], unit: timedelta) -> Reading:
    split = [name for name in by if name and log.is_crowd(name)]
    if not split or reading.span is None or reading.covered is None:
        return reading
    last = _floor(min(reading.span.end, reading.now), reading, unit)
    whole = Span(_floor(reading.span.start, reading, unit), last)
    if reading.grain == "all":
        # What ended before is read to its end; it grows no more.
        whole = Span(reading.span.start, min(reading.span.end, _floor(reading.now, reading, unit)))
    if whole == reading.span:
        return reading
    if whole.end <= whole.start or whole.end <= reading.covered.start:
        raise TooFew(
            f"Groups of people, such as those of “{split[0]}”, are told of whole hours. "
            "Ask about a longer time."
        )
    said = words.time_range(whole.start, whole.end, reading.zone, reading.now)
    units = "days" if unit == DAY else "hours"
    log.withheld.append(f"Groups of people are told of whole {units}: this is {said}.")
    covered = Span(whole.start, min(whole.end, reading.covered.end))
    log.cuts[reading.window] = whole, covered
    return replace(reading, span=whole, covered=covered)


def _floor(at: datetime, reading: Reading, unit: timedelta) -> datetime:
    if unit == DAY:
        return midnight(at.astimezone(reading.zone).date(), reading.zone)
    return at - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
