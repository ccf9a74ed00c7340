"""Weekends, weeks, months, quarters and years as people name them, in the nearest past."""

from __future__ import annotations

import re
from datetime import date, datetime

from queries.core.times.days import day, week_of, year_of
from queries.core.times.names import MONTH, MONTHS, YEAR
from queries.core.times.wall import DAY, Grain, Range, at, days

_CURRENT = re.compile(
    r"(this|current|last|previous) (?:calendar )?(week|wk|month|quarter|year)(?: so far)?"
)
_PAST = re.compile(r"past (?:(\d{1,3}) )?(month|quarter|year)s?")
_WEEKEND = re.compile(r"(?:(this past|this|last|past|previous) )?weekend( before last)?")
_WEEKENDS_AGO = re.compile(r"(\d{1,3}|a|one|two) weekends? ago")
_WEEK = re.compile(
    rf"(?:(?:iso )?(?:week|wk) |[ck]w ?)(?P<number>\d{{1,2}})(?:,? (?:of )?(?P<year>{YEAR}))?"
)
_ISO_WEEK = re.compile(rf"(?P<year>{YEAR})-?w(?P<number>\d{{2}})")
_WEEK_OF = re.compile(r"week (?:of|from|starting|beginning) (?:the )?(.+)")
_SAID_YEAR = rf"(?:,?[ -/]?(?:of |in )?(?P<year>{YEAR}|last year|this year|'\d\d))?"
_MONTH = re.compile(rf"(?:month of )?(?:(last|this|past|previous) )?{MONTH}{_SAID_YEAR}")
_MONTH_NUMBER = re.compile(
    rf"(?P<year>{YEAR})[-/](?P<a>\d{{1,2}})|(?P<b>\d{{1,2}})/(?P<last>{YEAR})"
)
_FROM_YEAR = re.compile(rf"(?P<year>{YEAR})[ -/]?(?P<part>[qh][1-4])")
_PART = re.compile(rf"(?P<part>[qh][1-4]|\w+ quarter){_SAID_YEAR}")
_PARTS = {
    **{f"q{number}": (3, number) for number in range(1, 5)},
    **{f"h{number}": (6, number) for number in (1, 2)},
    **{
        f"{written} quarter": (3, number)
        for number, every in enumerate(
            (("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th")), start=1
        )
        for written in every
    },
}
"""Quarters and halves of a year: how many months they have, and which one it is."""

_MONTHS_OF: dict[str, tuple[int, Grain]] = {
    "month": (1, "month"),
    "quarter": (3, "quarter"),
    "year": (12, "year"),
}


def unit(text: str, today: date) -> Range | None:
    """Give the unit of a calendar that a text in lower case names as a whole, or None.

    Raises Unclear where a day within it is.
    """
    text = text.removeprefix("the ")
    if re.fullmatch(YEAR, text):
        return days(date(int(text), 1, 1), date(int(text) + 1, 1, 1), "year")
    for read in (_current, _weekend, _week, _month, _part):
        if found := read(text, today):
            return found
    return None


def past(text: str, now: datetime) -> Range | None:
    """“The past 3 months”, which end now: “last month” is one of the calendar."""
    match = _PAST.fullmatch(text.removeprefix("the "))
    if match is None:
        return None
    months = int(match[1] or 1) * _MONTHS_OF[match[2]][0]
    if not 0 < months <= 1200:
        return None
    first = months_on(now.date().replace(day=1), -months)
    last = months_on(first, 1) - DAY
    return at(min(first + (now.day - 1) * DAY, last), now.time()), now, "range"


def _current(text: str, today: date) -> Range | None:
    match = _CURRENT.fullmatch(text)
    if match is None:
        return None
    back = 1 if match[1] in ("last", "previous") else 0
    if match[2] in ("week", "wk"):
        monday = week_of(today) - back * 7 * DAY
        return days(monday, monday + 7 * DAY, "week")
    months, grain = _MONTHS_OF[match[2]]
    first = months_on(date(today.year, (today.month - 1) // months * months + 1, 1), -back * months)
    return days(first, months_on(first, months), grain)


def _weekend(text: str, today: date) -> Range | None:
    # The one that lasts, or else the one before: the next has no log.
    saturday = week_of(today) + 5 * DAY
    if saturday > today:
        saturday -= 7 * DAY
    ended = saturday if saturday + DAY < today else saturday - 7 * DAY
    if match := _WEEKENDS_AGO.fullmatch(text):
        several = {"a": 1, "one": 1, "two": 2}.get(match[1]) or int(match[1])
        saturday = ended - (several - 1) * 7 * DAY
    elif match := _WEEKEND.fullmatch(text):
        if match[2]:
            saturday = ended - 7 * DAY
        elif match[1] not in (None, "this"):
            saturday = ended
    else:
        return None
    return days(saturday, saturday + 2 * DAY, "weekend")


def _week(text: str, today: date) -> Range | None:
    if match := _WEEK_OF.fullmatch(text):
        found = day(match[1], today)
        return days(week_of(found), week_of(found) + 7 * DAY, "week") if found else None
    match = _WEEK.fullmatch(text) or _ISO_WEEK.fullmatch(text)
    if match is None:
        return None
    latest = today.isocalendar().year
    years = [int(match["year"])] if match["year"] else [latest - back for back in range(8)]
    for year in years:
        try:
            monday = date.fromisocalendar(year, int(match["number"]), 1)
        except ValueError:  # not every year has a week 53
            continue
        if match["year"] or monday <= today:
            return days(monday, monday + 7 * DAY, "week")
    return None


def _month(text: str, today: date) -> Range | None:
    if match := _MONTH_NUMBER.fullmatch(text):
        number = int(match["a"] or match["b"])
        if not 1 <= number <= 12:
            return None
        first = date(int(match["year"] or match["last"]), number, 1)
        return days(first, months_on(first, 1), "month")
    match = _MONTH.fullmatch(text)
    if match is None or (match[1] and match["year"]):
        return None
    month, said = MONTHS[match["month"]], match[1]
    # “Last November” asked in November is a year ago.
    latest = today if said in (None, "this") else today.replace(day=1) - DAY
    first = _first(match["year"] or ("this year" if said == "this" else None), month, latest)
    return days(first, months_on(first, 1), "month")


def _part(text: str, today: date) -> Range | None:
    match = _PART.fullmatch(text) or _FROM_YEAR.fullmatch(text)
    known = _PARTS.get(match["part"]) if match else None
    if match is None or known is None:
        return None
    months, number = known
    first = _first(match["year"], (number - 1) * months + 1, today)
    return days(first, months_on(first, months), "quarter" if months == 3 else "range")


def _first(year: str | None, month: int, today: date) -> date:
    """The first of a month: of a year that is said, or in the nearest past."""
    if year:
        return date(2000 + int(year[1:]) if year[0] == "'" else year_of(year, today), month, 1)
    found = date(today.year, month, 1)
    return found if found <= today else date(today.year - 1, month, 1)


def months_on(first: date, months: int) -> date:
    """The first of a month some months on, or back."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
