"""Parts of a day: mornings, afternoons, evenings and nights, and hours within them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from queries.core.times.clock import CLOCK, HOURS, either_half, hours
from queries.core.times.days import day
from queries.core.times.wall import DAY, Range, Unclear, at

PARTS = {
    "morning": (6, 12),
    "afternoon": (12, 18),
    "evening": (18, 24),
    "night": (18, 30),
    "lunch": (12, 14),
    "lunchtime": (12, 14),
}
"""From which hour to which; a night reaches into the next day."""

_NIGHT_ENDS = 6
_LATER = timedelta(hours=2)
"""So much later than a part of a day hours that begin in it may end: “8 to 1 this morning”."""
_PART = rf"(?P<part>{'|'.join(PARTS)})"
_OF_THIS = re.compile(rf"(?P<which>this|last) {_PART}|(?P<night>tonight|overnight)")
_OF_DAY = re.compile(
    rf"(?P<day>.+?)(?:'s)?,? (?:in the |at )?{_PART}"
    rf"|(?:the )?{_PART.replace('part', 'of')} of (?P<on>.+)"
)
_WITHIN = re.compile(rf"{HOURS},? (?:in the |on )?(?P<when>.+)")
_CLOCK_WITHIN = re.compile(rf"(?:at )?(?P<clock>{CLOCK}),? (?:in the |on )?(?P<when>.+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day, from a moment until before another."""

    start: datetime
    end: datetime


def part(text: str, now: datetime) -> Part | None:
    """Give the part of a day that a text in lower case names as a whole, or None."""
    today = now.date()
    if match := _OF_THIS.fullmatch(text):
        name = match["part"] or "night"
        if match["which"] == "last" or match["night"] == "overnight":
            # “Last night” reaches from yesterday into this morning; a morning was yesterday's.
            return _on(today - DAY, name)
        # Before it dawns, this evening and tonight are those that began yesterday.
        begun = name in ("evening", "night") and now.hour < _NIGHT_ENDS
        return _on(today - DAY if begun else today, name)
    match = _OF_DAY.fullmatch(text)
    found = day(match["day"] or match["on"], today) if match else None
    return _on(found, match["part"] or match["of"]) if match and found else None


def _on(found: date, name: str) -> Part:
    first, last = PARTS[name]
    return Part(at(found) + timedelta(hours=first), at(found) + timedelta(hours=last))


def hours_within(text: str, now: datetime) -> Range | None:
    """“9-11 yesterday”, “7-9 this morning”, “10pm to 2am last night”."""
    match = _WITHIN.fullmatch(text)
    if match is None:
        return None
    first, last, when = match["first"], match["last"], match["when"]
    if within := part(when, now):
        start = _inside(first, within)
        end = start and _following(last, start, within)
        return (start, until(end), "range") if start and end else None
    found = day(when, now.date())
    return on_day(found, first, last, when) if found else None


def on_day(found: date, first: str, last: str, named: str = "") -> Range | None:
    """Two clock times of a day, of which the last may be on the next.

    Raises Unclear, with the day as it was named in what would be clear.
    """
    try:
        both = hours(first, last)
    except Unclear as unclear:
        nearest = (f"{named} {each}".lstrip() for each in unclear.nearest)
        raise Unclear(unclear.why, *nearest) from None
    if both is None:
        return None
    start, end = at(found, both[0]), at(found, both[1])
    return start, until(end if end > start else end + DAY), "range"


def until(end: datetime) -> datetime:
    """The end of a range: of a clock time that comes twice the second, so that all is in it."""
    return end.replace(fold=1) if end.time() != time() else end


def clock_within(text: str, now: datetime) -> datetime | None:
    """A moment of a part of a day: “10pm last night”, “7 this morning”."""
    match = _CLOCK_WITHIN.fullmatch(text)
    within = part(match["when"], now) if match else None
    return _inside(match["clock"], within) if match and within else None


def _inside(text: str, within: Part) -> datetime | None:
    """The moment at which it is so late within a part of a day; a morning begins at midnight."""
    begin = within.start if within.start.hour >= 12 else at(within.start.date())
    for number in range(2):
        for each in either_half(text):
            found = at(begin.date() + number * DAY, each)
            if begin <= found <= within.end:
                return found
    return None


def _following(text: str, start: datetime, within: Part) -> datetime | None:
    """The first moment after another at which it is so late; None far outside of the part."""
    every = [
        at(start.date() + number * DAY, each) for number in range(2) for each in either_half(text)
    ]
    found = min((each for each in every if each > start), default=None)
    return found if found and found <= within.end + _LATER else None
