"""Time as people write it: a phrase is kept as written and resolved against a clock and zone.

Calendar phrases ("last week", "Q3 2026") are date-wrangler's; the rules here add what it does
not know: rolling hours, parts of a day, ranges between moments. A phrase must match whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import date_wrangler

from queries.core.errors import BadQuestion, Problem
from queries.core.spans import Span

Grain = Literal["rolling", "day", "weekend", "week", "month", "quarter", "year", "range", "all"]

EXAMPLES = ("last 24 hours", "yesterday", "since Monday", "last week", "2026-11-01..2026-11-05")
PRESETS = (
    "last hour",
    "last 6 hours",
    "last 24 hours",
    "today",
    "yesterday",
    "last 7 days",
    "last week",
    "last 30 days",
    "last month",
)

_UNITS = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 1440, "d": 1440, "week": 10080}
_ROLLING = re.compile(
    r"(?:the )?(?:last|past|previous) (\d{1,4}) ?(minute|min|hour|h|day|d|week)s?"
)
_ROLLING_ONE = re.compile(r"(?:the )?(?:last|past|previous) (minute|hour)|last day")
_CLOCK = r"\d{1,2}(?::\d{2}){0,2}(?: ?[ap]m)?"
_CLOCK_ONLY = re.compile(_CLOCK)
_DAY_PART = re.compile(rf"(.+?)[ t]({_CLOCK}) ?(?:-|–|to) ?({_CLOCK})")
_MOMENT = re.compile(rf"(.+?)[ t](?:at )?({_CLOCK})")
_TIMELIKE = re.compile(r"\d{1,2}(?::\d{2}(?::\d{2})?(?: ?[ap]m)?| ?[ap]m)")
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_AHEAD = re.compile(r"\d{4}|next|tomorrow|\bin\b|from now")  # what nobody means as the past
_GRAINS: dict[str, Grain] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """The absolute half-open range that a phrase meant, and what kind of range it is.

    ``span`` is None for "all": the whole log, which needs no clock.
    """

    span: Span | None
    grain: Grain


@dataclass(frozen=True, slots=True)
class Window:
    """A time phrase as written, in lower case with single spaces."""

    text: str

    def __str__(self) -> str:
        return self.text

    def resolve(self, now: datetime, zone: ZoneInfo) -> Resolved:
        """Give the absolute range, cut at ``now``.

        Raises:
            BadQuestion: the phrase is no time, is empty, or lies wholly in the future.
        """
        local_now = now.astimezone(zone).replace(tzinfo=None)
        found = _read(self.text, local_now)
        if found is None:
            raise BadQuestion(Problem("window", unknown_time(self.text)))
        start, end, grain = found
        if grain == "all":
            return Resolved(None, grain)
        if end <= start:
            raise BadQuestion(Problem("window", f"“{self.text}” ends before it starts."))
        if grain == "rolling":
            return Resolved(Span(now - (local_now - start), now), grain)
        span = Span(_absolute(start, zone), min(_absolute(end, zone), now))
        if span.start >= now:
            raise BadQuestion(Problem("window", f"“{self.text}” lies in the future."))
        return Resolved(span, grain)


def window(text: str) -> Window:
    """Normalise a phrase; whether it is a time is found by ``is_time``."""
    return Window(" ".join(text.lower().replace("–", "-").split()))


def is_time(text: str) -> bool:
    """Say whether the whole phrase is a time that people write."""
    return _read(window(text).text, datetime(2026, 6, 17, 12)) is not None  # noqa: DTZ001 (naive local time)


def unknown_time(text: str) -> str:
    """The sentence that refuses a phrase and shows some that work."""
    return f"“{text}” is no time that I understand. Try: {', '.join(EXAMPLES)}."


_Range = tuple[datetime, datetime, Grain]


def _read(text: str, now: datetime) -> _Range | None:
    if text in ("all", "all time", "everything"):
        return now, now, "all"
    return _rolling(text, now) or _since(text, now) or _between(text, now) or _single(text, now)


def _rolling(text: str, now: datetime) -> _Range | None:
    if match := _ROLLING.fullmatch(text):
        minutes = int(match[1]) * _UNITS[match[2]]
    elif match := _ROLLING_ONE.fullmatch(text):
        minutes = _UNITS[match[1] or "day"]
    else:
        return None
    if minutes == 0 or minutes > 1440 * 3660:
        return None
    return now - timedelta(minutes=minutes), now, "rolling"


def _since(text: str, now: datetime) -> _Range | None:
    if not text.startswith("since "):
        return None
    phrase = text.removeprefix("since ")
    if start := _moment(phrase, now):
        return start, now, "range"
    day = _calendar(phrase, now.date())
    if day is None:
        return None
    return day[0], now, "range"


def _between(text: str, now: datetime) -> _Range | None:
    if ".." in text:
        left, _, right = text.partition("..")
    elif separator := next((word for word in (" to ", " until ", " - ") if word in text), None):
        left, _, right = text.removeprefix("from ").partition(separator)
    else:
        return None
    first, last = _edge(left.strip(), now, end=False), _edge(right.strip(), now, end=True)
    if first is None or last is None:
        return _single(text, now)
    return first, last, "range"


def _edge(phrase: str, now: datetime, *, end: bool) -> datetime | None:
    if phrase == "now":
        return now
    if moment := _moment(phrase, now):
        return moment
    day = _calendar(phrase, now.date())
    return None if day is None else day[1 if end else 0]


def _moment(phrase: str, now: datetime) -> datetime | None:
    if _TIMELIKE.fullmatch(phrase):
        clock = _clock(phrase)
        return None if clock is None else datetime.combine(now.date(), clock)
    match = _MOMENT.fullmatch(phrase)
    if match is None or not _TIMELIKE.fullmatch(match[2]):
        return None
    day, clock = _calendar(match[1], now.date()), _clock(match[2])
    if day is None or clock is None or day[2] != "day":
        return None
    return datetime.combine(day[0].date(), clock)


def _single(text: str, now: datetime) -> _Range | None:
    if match := _DAY_PART.fullmatch(text):
        return _day_part(match[1], match[2], match[3], now)
    return _calendar(text, now.date())


def _day_part(day_text: str, first: str, last: str, now: datetime) -> _Range | None:
    day = _calendar(day_text, now.date())
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
    if hour == 24 and minute == second == 0:
        hour = 0
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _calendar(text: str, today: date) -> _Range | None:
    if re.fullmatch(r"[\d.]+", text) and not re.fullmatch(r"(19|20)\d\d", text):
        return None
    found = _dates(text, today)
    if found is None or found.start is None or found.end is None:
        return None
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


def _dates(text: str, today: date) -> date_wrangler.DateRange | None:
    matches = date_wrangler.parse(text, today=today)
    whole = len(matches) == 1 and matches[0].span == (0, len(text))
    return matches[0].range if whole else None


def _absolute(local: datetime, zone: ZoneInfo) -> datetime:
    utc = ZoneInfo("UTC")
    return local.replace(tzinfo=zone).astimezone(utc)
