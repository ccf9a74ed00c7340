"""One day as people name it, in the nearest past where its year, month or week isn't said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from queries.core.times.names import MONTH, MONTHS, ORDINAL, WEEKDAY, WEEKDAYS, YEAR
from queries.core.times.wall import DAY, Unclear, UnclearNow

_NEAR = {
    "today": 0,
    "yesterday": -1,
    "yday": -1,
    "day before yesterday": -2,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "day after tomorrow": 2,
}
_AGO = re.compile(r"(\d{1,4}|a|one) days? ago")
_WEEKDAY = re.compile(rf"(?:(last|past|previous|this past|this|next) )?{WEEKDAY}")
_OF_WEEK = re.compile(
    rf"(?:{WEEKDAY},? (?:of |in )?(?P<after>last|this) week"
    rf"|(?P<before>last|this) week'?s? {WEEKDAY.replace('weekday', 'named')})"
)
_WITH_DATE = re.compile(rf"{WEEKDAY},? (?:the )?(?P<date>.+)")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|last|the) month)?")
_SAID_YEAR = rf"(?:,? (?:of )?(?P<year>{YEAR}|last year|this year))?"
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}}|{ORDINAL})\.? ?(?:of )?{MONTH}{_SAID_YEAR}")
_MONTH_FIRST = re.compile(rf"{MONTH} (?:the )?(?P<day>\d{{1,2}}|{ORDINAL}){_SAID_YEAR}")
# No dots: 2026.11.05 is how some number their versions.
_YEAR_FIRST = re.compile(rf"({YEAR})([-/])(\d{{1,2}})\2(\d{{1,2}})")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2({YEAR})")
_FEBRUARIES = 9
"""So many years back there is always one with a 29 February."""


def day(text: str, today: date) -> date | None:
    """Give the day that a text in lower case names as a whole, or None.

    Raises Unclear where it may be two, or contradicts itself.
    """
    text = text.removeprefix("the ")
    if text in _NEAR:
        return today + _NEAR[text] * DAY
    if match := _AGO.fullmatch(text):
        return today - (int(match[1]) if match[1].isdecimal() else 1) * DAY
    return _weekday(text, today) or _number(text, today) or _named(text, today) or _written(text)


def _weekday(text: str, today: date) -> date | None:
    if match := _WEEKDAY.fullmatch(text):
        wanted, said = WEEKDAYS[match["weekday"]], match[1]
        monday = today - today.weekday() * DAY
        if said == "this":
            return monday + wanted * DAY
        if said == "next":
            return today + ((wanted - today.weekday() - 1) % 7 + 1) * DAY
        # Friday asked on a Friday is today, and “last Friday” a week ago.
        before = today - DAY if said else today
        return before - (before.weekday() - wanted) % 7 * DAY
    if match := _OF_WEEK.fullmatch(text):
        monday = today - today.weekday() * DAY
        weeks = 1 if "last" in (match["after"], match["before"]) else 0
        return monday + WEEKDAYS[match["weekday"] or match["named"]] * DAY - weeks * 7 * DAY
    if match := _WITH_DATE.fullmatch(text):
        return _agreeing(match["weekday"], match["date"], today)
    return None


def _agreeing(weekday: str, text: str, today: date) -> date | None:
    """A date whose weekday is said as well. Raises UnclearNow where it is another."""
    found = _number(text, today) or _named(text, today) or _written(text)
    if found and found.weekday() != WEEKDAYS[weekday]:
        said = f"{found.day} {found:%B %Y}"
        raise UnclearNow(f"{said} was a {found:%A}.", f"{found:%Y-%m-%d}", weekday)
    return found


def _number(text: str, today: date) -> date | None:
    """“The 3rd”: of this month, or of the latest that had one."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    first = today.replace(day=1)
    if match["which"] == "last":
        return _date(*_month_before(first), int(match[1]))
    for _ in range(3):
        found = _date(first.year, first.month, int(match[1]))
        if found and (found <= today or match["which"]):
            return found
        first = date(*_month_before(first), 1)
    return None


def _month_before(first: date) -> tuple[int, int]:
    before = first - DAY
    return before.year, before.month


def _named(text: str, today: date) -> date | None:
    """“3 Nov”, “November 3rd, 2026”."""
    match = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if match is None:
        return None
    number, month = int(re.sub(r"\D", "", match["day"])), MONTHS[match["month"]]
    if match["year"]:
        return _date(year_of(match["year"], today), month, number)
    found = (_date(today.year - back, month, number) for back in range(_FEBRUARIES))
    return next((each for each in found if each and each <= today), None)


def year_of(text: str, today: date) -> int:
    """The year that “2026”, “last year” or “this year” is."""
    return int(text) if text.isdecimal() else today.year - ("last" in text)


def _written(text: str) -> date | None:
    """A date in numbers. Raises Unclear where day and month could be either way round."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    # With dots the day stands first wherever dates are written so.
    if match[2] == "." or first > 12 or first == second:
        return _date(year, second, first)
    if second <= 12:
        both = (_date(year, second, first), _date(year, first, second))
        written = [f"{each:%Y-%m-%d}" for each in both if each]
        raise Unclear("It could be day and month, or month and day.", *written)
    return _date(year, first, second)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def week_of(found: date) -> date:
    """The Monday of a day's week."""
    return found - timedelta(days=found.weekday())
