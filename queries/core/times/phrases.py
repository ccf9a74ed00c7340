"""Read a time phrase on the asker's wall clock.

Calendar phrases ("last week", "Q3 2026") are date-wrangler's; the rules here add what it does
not know: rolling hours, parts of a day, ranges between moments. A phrase must match whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from date_wrangler import DateRange

Grain = Literal["rolling", "day", "weekend", "week", "month", "quarter", "year", "range", "all"]
"""What kind of range a phrase means; its comparable past depends on it."""

_UNITS = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 1440, "d": 1440, "week": 10080}
_ROLLING = re.compile(
    r"(?:the )?(?:last|past|previous) (\d{1,4}) ?(minute|min|hour|h|day|d|week)s?"
)
_ROLLING_ONE = re.compile(r"(?:the )?(?:last|past|previous) (minute|hour)|last day")
_CLOCK = r"\d{1,2}(?::\d{2}){0,2}(?: ?[ap]m)?"
_DAY_PART = re.compile(rf"(.+?)[ t]({_CLOCK}) ?(?:-|–|to) ?({_CLOCK})")
_MOMENT = re.compile(rf"(.+?)[ t](?:at )?({_CLOCK})")
ISO = re.compile(r"(?i)\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:z|[+-]\d\d:\d\d)")
_TIMELIKE = re.compile(r"\d{1,2}(?::\d{2}(?::\d{2})?(?: ?[ap]m)?| ?[ap]m)")
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_AHEAD = re.compile(r"\d{4}|next|tomorrow|\bin\b|from now")  # what nobody means as the past
_YEARS = range(1970, 2200)  # what logs are of, and far from where calendars end
_GRAINS: dict[str, Grain] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}


Range = tuple[datetime, datetime, Grain]
"""Start and end on the wall clock, and the grain; "all" has no meaningful start or end."""


@dataclass(frozen=True, slots=True)
class Now:
    """The asker's wall clock, without a zone, and their zone."""

    local: datetime
    zone: ZoneInfo


def read_phrase(text: str, now: Now) -> Range | None:
    """Give start, end (on the wall clock) and grain of a phrase in lower case, or None."""
    if text in ("all", "all time", "everything"):
        return now.local, now.local, "all"
    found = (
        _rolling(text, now.local) or _since(text, now) or _between(text, now) or _single(text, now)
    )
    return found if found and all(at.year in _YEARS for at in found[:2]) else None


def _rolling(text: str, now: datetime) -> Range | None:
    if match := _ROLLING.fullmatch(text):
        minutes = int(match[1]) * _UNITS[match[2]]
    elif match := _ROLLING_ONE.fullmatch(text):
        minutes = _UNITS[match[1] or "day"]
    else:
        return None
    # Ten years, and no calendar's end.
    if minutes == 0 or minutes > 1440 * 3660:
        return None
    return now - timedelta(minutes=minutes), now, "rolling"


def _since(text: str, now: Now) -> Range | None:
    if not text.startswith("since "):
        return None
    start = _edge(text.removeprefix("since "), now, end=False)
    return None if start is None else (start, now.local, "range")


def _between(text: str, now: Now) -> Range | None:
    if ".." in text:
        left, _, right = text.partition("..")
    elif separator := next((word for word in (" to ", " until ", " - ") if word in text), None):
        left, _, right = text.removeprefix("from ").partition(separator)
    else:
        return None
    first, last = _edge(left.strip(), now, end=False), _edge(right.strip(), now, end=True)
    return None if first is None or last is None else (first, last, "range")


def _edge(phrase: str, now: Now, *, end: bool) -> datetime | None:
    if phrase == "now":
        return now.local
    if moment := _moment(phrase, now):
        return moment
    day = _calendar(phrase, now.local.date())
    if day is None:
        return None
    return day[1] if end else day[0]


def _moment(phrase: str, now: Now) -> datetime | None:
    if ISO.fullmatch(phrase):
        return _iso(phrase, now.zone)
    if _TIMELIKE.fullmatch(phrase):
        clock = _clock(phrase)
        return None if clock is None else datetime.combine(now.local.date(), clock)
    match = _MOMENT.fullmatch(phrase)
    if match is None or not _TIMELIKE.fullmatch(match[2]):
        return None
    day, clock = _calendar(match[1], now.local.date()), _clock(match[2])
    if day is None or clock is None or day[2] != "day":
        return None
    return datetime.combine(day[0].date(), clock)


def _iso(phrase: str, zone: ZoneInfo) -> datetime | None:
    """Read a moment with its own offset, such as 2026-11-23T08:50Z, on the asker's clock."""
    try:
        found = datetime.fromisoformat(phrase.upper().replace(" ", "T", 1))
    except ValueError:
        return None
    return found.astimezone(zone).replace(tzinfo=None) if found.year in _YEARS else None


def _single(text: str, now: Now) -> Range | None:
    today = now.local.date()
    if (match := _DAY_PART.fullmatch(text)) and not ISO.search(text):
        return _day_part(match[1], match[2], match[3], today)
    return _calendar(text, today)


def _day_part(day_text: str, first: str, last: str, today: date) -> Range | None:
    day = _calendar(day_text, today)
    if day is None or day[2] != "day":
        return None
    if last.endswith("m") and not first.endswith("m"):
        earlier = _clock(first + last[-2:])
        first = (
            first + last[-2:] if earlier and earlier < (_clock(last) or time.max) else first + "am"
        )
    start, end = _clock(first), _clock(last)
    if start is None or end is None:
        return None
    finish = datetime.combine(day[0].date(), end)
    # “22 to 24” ends with the day.
    if end == time(0):
        finish += timedelta(days=1)
    return datetime.combine(day[0].date(), start), finish, "range"


def _clock(text: str) -> time | None:
    compact = text.replace(" ", "")
    half = compact[-2:] if compact[-2:] in ("am", "pm") else ""
    parts = [int(part) for part in compact.removesuffix(half).split(":")]
    hour, minute, second = [*parts, 0, 0][:3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    # As timetables write midnight at the end of a day.
    if hour == 24 and minute == second == 0:
        hour = 0
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _calendar(text: str, today: date) -> Range | None:
    # Versions such as 2.3 are numbers too; of these only a year is a time.
    if re.fullmatch(r"[\d.]+", text) and not re.fullmatch(r"(19|20)\d\d", text):
        return None
    found = _dates(text, today)
    if found is None or found.start is None or found.end is None:
        return None
    # Logs lie in the past: on a Monday in May, “Friday” is last week's and “June” last year's.
    if found.start > today and not _AHEAD.search(text):
        found = _dates(text, today - timedelta(days=7 if _WEEKDAY.fullmatch(text) else 365))
    if found is None or found.start is None or found.end is None:
        return None
    grain = _GRAINS.get(found.grain.value, "range")
    days = (found.end - found.start).days
    if grain == "day" and days != 1:
        grain = "weekend" if "weekend" in text else "range"
    return (
        datetime.combine(found.start, time()),
        datetime.combine(found.end, time()),
        grain,
    )


def _dates(text: str, today: date) -> DateRange | None:
    # It takes half a second to compile its patterns, and many a time needs none of them.
    import date_wrangler  # noqa: PLC0415

    matches = date_wrangler.parse(text, today=today)
    # It finds dates within any text; here the text has to be one.
    whole = len(matches) == 1 and matches[0].span == (0, len(text))
    return matches[0].range if whole else None
