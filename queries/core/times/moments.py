"""Single moments: “yesterday 14:00”, “9am on Friday”, “2 hours ago”, 2026-11-23T08:50Z."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from queries.core.times.clock import CLOCK, clock, either_half, is_clock
from queries.core.times.days import day
from queries.core.times.rolling import ago
from queries.core.times.wall import DAY, Now, UnclearNow, at

ISO = re.compile(r"(?i)\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:z|[+-]\d\d:\d\d)")
YEARS = range(1970, 2200)
"""What logs are of, and far from where calendars end."""

_DAY_CLOCK = re.compile(rf"(?P<day>.+?),?[ t](?:at )?(?P<clock>{CLOCK})")
_CLOCK_DAY = re.compile(rf"(?:at )?(?P<clock>{CLOCK}),? (?:on )?(?P<day>.+)")


def moment(text: str, now: Now) -> datetime | None:
    """Give the moment that a text in lower case names as a whole, or None.

    A clock time alone is the latest that was.
    """
    if text == "now":
        return now.local
    if ISO.fullmatch(text):
        return _iso(text, now)
    if minutes := ago(text):
        return now.ago(timedelta(minutes=minutes))
    if is_clock(text.removeprefix("at ")):
        found = clock(text.removeprefix("at "))
        return None if found is None else latest(at(now.today, found), now.local)
    return _on_a_day(text, now.today)


def latest(found: datetime, now: datetime) -> datetime:
    """A moment of today, or that of yesterday where it is still to come."""
    return found if found < now else found - DAY


def bare_hour(text: str, now: datetime) -> datetime | None:
    """A moment by its hour alone: “since 10”. Raises UnclearNow where it may be two of today's."""
    if not text.isdecimal() or len(text) > 2:
        return None
    found = {latest(at(now.date(), each), now) for each in either_half(text)}
    todays = [each for each in found if each.date() == now.date()]
    if len(todays) > 1:
        raise UnclearNow(
            "It could be before noon or after it.", f"since {text}am", f"since {text}pm"
        )
    return max(found, default=None)


def _on_a_day(text: str, today: date) -> datetime | None:
    for pattern in (_DAY_CLOCK, _CLOCK_DAY):
        match = pattern.fullmatch(text)
        if match is None or not is_clock(match["clock"]):
            continue
        found, late = day(match["day"], today), clock(match["clock"])
        if found and late is not None:
            return at(found, late)
    return None


def _iso(text: str, now: Now) -> datetime | None:
    """Read a moment with its own offset, such as 2026-11-23T08:50Z, on the asker's clock."""
    try:
        found = datetime.fromisoformat(text.upper().replace(" ", "T", 1))
    except ValueError:
        return None
    return found.astimezone(now.zone).replace(tzinfo=None) if found.year in YEARS else None
