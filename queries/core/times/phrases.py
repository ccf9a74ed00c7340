"""Read a time phrase on the asker's wall clock: the nearest past in which it makes sense.

A phrase must match whole. What may be meant in two ways is refused, and not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from queries.core.times.between import between, since
from queries.core.times.days import day
from queries.core.times.moments import YEARS, moment
from queries.core.times.parts import clock_within, hours_within, part
from queries.core.times.refused import a_moment, refuse
from queries.core.times.rolling import rolling
from queries.core.times.units import past, unit
from queries.core.times.wall import Now, Range, one_day
from queries.core.times.wrangled import wrangled

ALL = ("all", "all time", "everything")
_BEFORE = re.compile(r"(?:in|on|at|over|during|for|within|throughout) ")
_LENGTH = re.compile("the last (week|month)")
_UNTIL_NOW = re.compile(
    r"((?:since|this|today|from)\b.*?),? (?:until|till|up to|to) now|(today) so far"
)
_HALF_DAY = re.compile(r"\b([ap])\.m\.?")


def read_phrase(text: str, now: Now) -> Range | None:
    """Give start, end (on the wall clock) and grain of a phrase in lower case, or None.

    Raises:
        Unclear: the phrase is a time, but may be several, or is of a kind that isn't known.
    """
    if text in ALL:
        return now.local, now.local, "all"
    text = _HALF_DAY.sub(r"\1m", text)
    if zone := _named_zone(text):
        return _elsewhere(text.rpartition(" ")[0], now, zone)
    if match := _UNTIL_NOW.fullmatch(text):
        text = re.sub("^from ", "since ", match[1] or match[2])
    for each in _without_preposition(text):
        found = _read(each, now)
        if found:
            return found if all(at.year in YEARS for at in found[:2]) else None
    return None


def _read(text: str, now: Now) -> Range | None:
    if length := rolling(text):
        return now.local - timedelta(minutes=length.minutes), now.local, "rolling"
    if found := since(text, now) or _named(text, now) or between(text, now):
        return found
    refuse(text)
    if text != "now" and (clock_within(text, now.local) or moment(text, now)):
        raise a_moment(text)
    return wrangled(text, now.today)


def _named(text: str, now: Now) -> Range | None:
    """What has one name: hours or a part of a day, a day, a week, a month."""
    if found := hours_within(text, now.local):
        return found
    if text == "this hour":
        return now.local.replace(minute=0, second=0, microsecond=0), now.local, "range"
    if within := part(text, now.local):
        return within.start, within.end, "range"
    if one := day(text, now.today):
        return one_day(one)
    return unit(text, now.today) or past(text, now.local)


def _without_preposition(text: str) -> Iterator[str]:
    yield text
    if match := _BEFORE.match(text):
        # “In the last week” is the past seven days, where “last week” is one of the calendar.
        yield _LENGTH.sub(r"past \1", text[match.end() :])


def _named_zone(text: str) -> ZoneInfo | None:
    """The zone in which a range is written, as an answer writes it: “… Europe/Berlin”."""
    last = text.rpartition(" ")[2]
    return ZoneInfo(_zones()[last]) if last in _zones() else None


@cache
def _zones() -> dict[str, str]:
    return {key.lower(): key for key in available_timezones() if "/" in key or key == "UTC"}


def _elsewhere(text: str, now: Now, zone: ZoneInfo) -> Range | None:
    """Read a phrase on the wall clock of another zone."""
    there = now.local.replace(tzinfo=now.zone).astimezone(zone).replace(tzinfo=None)
    found = read_phrase(text, Now(there, zone))
    if found is None:
        return None
    start, end = (
        each.replace(tzinfo=zone).astimezone(UTC).astimezone(now.zone).replace(tzinfo=None)
        for each in found[:2]
    )
    return start, end, found[2]
