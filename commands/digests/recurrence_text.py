"""Recurrences as people write them: “every weekday at 9:00 Europe/Berlin”. A small own grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from commands.digests.recurrence import LAST_DAY, WEEKDAYS, Recurrence, monthly, weekly
from commands.zones import read_zone
from queries.core.errors import BadQuestion, Problem
from queries.core.kinds.kind import BadValue
from queries.core.nearest import nearest
from queries.core.words import listed

EVERY_DAY, WORKING_DAYS, WEEKENDS = "every day", "weekdays", "weekends"
MORNING = (9, 0)
EXAMPLES = (
    "every weekday at 09:00",
    "every Monday and Thursday at 9am",
    "first of the month at 9:00",
)

_DAYS: dict[str, frozenset[int]] = {
    **dict.fromkeys(("day", "days", "daily", "everyday", "morning"), frozenset(range(7))),
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), frozenset(range(5))),
    **dict.fromkeys(("weekend", "weekends"), frozenset({5, 6})),
    **{
        form: frozenset({index})
        for index, name in enumerate(WEEKDAYS)
        for form in (name.lower(), f"{name.lower()}s", name.lower()[:3])
    },
    **{"tues": frozenset({1}), "thur": frozenset({3}), "thurs": frozenset({3})},
}
_FILLERS = frozenset({"every", "each", "and", "on", "at", "the", "in", "&"})
_ORDINALS = {"first": "1", "second": "2", "third": "3", "last": LAST_DAY}
_MONTHLY = re.compile(r"(?:on )?(?:the )?(\S+)(?: day)? of (?:the|each|every|a) month", re.I)
_OFTENER = re.compile(r"\b(hour|minute)", re.I)
_RANGE = re.compile(r"([a-z]+) ?(?:-|–|to|through) ?([a-z]+)", re.I)
# Not inside of another word or number: “1st” and “10:30:00” hold no time of day.
_CLOCK = re.compile(
    r"(?<![\w:.])(?:(noon|midday)|(midnight)|(\d{1,2})(?:[:.](\d{2}))? ?([ap]m)?)(?![\w:.])", re.I
)


def parse(text: str, zone: str) -> Recurrence:
    """Read a whole phrase. ``zone`` is used where the phrase names none, 09:00 where no time.

    Raises:
        BadQuestion: one problem for each of ``days``, ``time`` and ``zone`` that is not right.
    """
    problems: list[Problem] = []
    if _OFTENER.search(text):
        message = "A digest comes at most once a day. Try “every day at 09:00”."
        raise BadQuestion(Problem("days", message, ("every day at 09:00",)))
    rest = " ".join(text.replace(",", " ").split())
    month = _MONTHLY.search(rest)
    rest = _without(rest, month)
    clock = _the_clock(rest)
    days, named = _split(rest, clock)
    at = _read_clock(clock, problems) if clock else MORNING
    return _recurrence((month[1] if month else "", days), at, named or zone, problems)


def from_form(raw: Mapping[str, Sequence[str]]) -> Recurrence:
    """Read a form's fields: ``time`` (“09:00”), ``zone`` (IANA) and ``days`` (one or more).

    Raises:
        BadQuestion: one problem for each field that is not right.
    """
    problems: list[Problem] = []
    time, zone, days = (" ".join(raw.get(name, ())).strip() for name in ("time", "zone", "days"))
    clock = _CLOCK.fullmatch(time)
    if clock is None:
        problems.append(_no_time(time))
    at = _read_clock(clock, problems) if clock else None
    return _recurrence(("", days), at, zone, problems)


def _recurrence(
    days: tuple[str, str], clock: tuple[int, int] | None, zone: str, problems: list[Problem]
) -> Recurrence:
    month_day, week_days = days
    month = _month_day(month_day, week_days, problems) if month_day else ""
    week = _week_days(week_days, problems) if not month_day else frozenset()
    try:
        place = read_zone(zone)
    except BadValue as bad:
        problems.append(Problem("zone", bad.message, bad.nearest))
    if clock is None or problems:
        raise BadQuestion(*problems)
    return monthly(month, *clock, place) if month else weekly(week, *clock, place)


def _without(text: str, match: re.Match[str] | None) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}" if match else text


def _the_clock(text: str) -> re.Match[str] | None:
    found = list(_CLOCK.finditer(text))
    if len(found) > 1:
        given = listed([f"“{match[0].strip()}”" for match in found])
        message = f"You gave {given}. Please give one time; set up another digest for the other."
        raise BadQuestion(Problem("time", message, tuple(match[0].strip() for match in found)))
    return found[0] if found else None


def _split(text: str, clock: re.Match[str] | None) -> tuple[str, str]:
    """Part what is about days from the name of a zone, which holds a slash or ends the text."""
    words = (text[: clock.start()] if clock else text).split()
    after = text[clock.end() :].split() if clock else []
    # Days may follow the time: “at 9 every Monday”.
    while after and after[0].lower() in _FILLERS | _DAYS.keys():
        words.append(after.pop(0))
    named = [word for word in words if "/" in word]
    days = [word for word in words if "/" not in word]
    while after and (named or "/" in after[0]):
        (days if "/" not in after[0] else named).append(after.pop(0))
    return " ".join(days), " ".join(named or after)


def _no_time(written: str) -> Problem:
    what = f"“{written}” is no time of day." if written else "At what time?"
    return Problem("time", f"{what} Write it as 09:00 or 9am.")


def _read_clock(clock: re.Match[str], problems: list[Problem]) -> tuple[int, int] | None:
    if clock[1] or clock[2]:
        return (12 if clock[1] else 0), 0
    hour, minute, half = int(clock[3]), int(clock[4] or 0), (clock[5] or "").lower()
    right = 0 <= minute < 60 and (1 <= hour <= 12 if half else hour < 24)
    if not right:
        close = _closest_clock(hour, minute)
        message = f"“{clock[0].strip()}” is no time of day. Did you mean {close}?"
        problems.append(Problem("time", message, (close,)))
        return None
    return (hour % 12 + (12 if half == "pm" else 0) if half else hour), minute


def _closest_clock(hour: int, minute: int) -> str:
    return f"{0 if hour == 24 else min(hour, 23):02}:{min(minute, 59):02}"


def _month_day(word: str, others: str, problems: list[Problem]) -> str:
    day = _ORDINALS.get(word.lower()) or re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word.lower())
    extra = [each for each in others.split() if each.lower() not in _FILLERS]
    if extra:
        message = f"“{extra[0]}” can't be told beside a day of the month. Please give one of both."
        problems.append(Problem("days", message))
    elif day != LAST_DAY and not (day.isdecimal() and 1 <= int(day) <= 31):
        message = f"“{word}” is no day of the month. Try “1st of the month” or “15th of the month”."
        problems.append(Problem("days", message, ("1st of the month",)))
    elif day.isdecimal() and int(day) > 28:
        message = f"Not every month has a day {day}. Try “last day of the month”."
        problems.append(Problem("days", message, ("last day of the month",)))
    return day


def _week_days(text: str, problems: list[Problem]) -> frozenset[int]:
    days: set[int] = set()
    for word in _RANGE.sub(_spelt_out, text.replace(",", " ")).split():
        if word.lower() in _DAYS:
            days |= _DAYS[word.lower()]
        elif word.lower() not in _FILLERS:
            problems.append(_no_time(word) if word[0].isdigit() else _no_day(word))
            return frozenset()
    if not days:
        examples = listed([f"“{each}”" for each in EXAMPLES], last="or")
        problems.append(Problem("days", f"On which days? For example {examples}."))
    return frozenset(days)


def _no_day(word: str) -> Problem:
    known = (*WEEKDAYS, EVERY_DAY, WORKING_DAYS, WEEKENDS)
    close = nearest(word, known)
    names = listed([f"“{each}”" for each in close or known[-3:]], last="or")
    return Problem("days", f"“{word}” is no day. Did you mean {names}?", close)


def _spelt_out(match: re.Match[str]) -> str:
    """“Monday to Thursday” as each of its days; anything else as it was."""
    first, last = (_DAYS.get(match[group].lower(), frozenset()) for group in (1, 2))
    if len(first) != 1 or len(last) != 1:
        return match[0]
    (start,), (end,) = first, last
    return " ".join(WEEKDAYS[(start + step) % 7] for step in range((end - start) % 7 + 1))
