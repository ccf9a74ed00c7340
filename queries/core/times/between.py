"""Ranges between two times as people say them: “Mon to Wed”, “1-5 Nov”, “since lunch”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queries.core.times.clock import HOURS, is_clock
from queries.core.times.days import day
from queries.core.times.moments import ISO, bare_hour, latest, moment
from queries.core.times.names import MONTH, MONTHS, ORDINAL, WEEKDAYS, YEAR, is_yearless
from queries.core.times.parts import PARTS, clock_within, on_day, part, until
from queries.core.times.rolling import ago
from queries.core.times.units import unit
from queries.core.times.wall import DAY, Now, Range, at
from queries.core.times.wrangled import wrangled

_NAME = "|".join(sorted((*WEEKDAYS, *MONTHS), key=len, reverse=True))
_TIGHT = re.compile(rf"({_NAME})-({_NAME})")
_SEPARATOR = re.compile(r"\.\.| (?:to|until|till|through|-) ")
_BETWEEN = re.compile(r"between (.+?) and (.+)")
_NUMBER = rf"(?:{ORDINAL}|\d{{1,2}})"
_TO = r"(?: ?- ?| to | until | through )(?:the )?"
_DAYS_OF = re.compile(
    rf"(?P<a>{_NUMBER})\.?{_TO}(?P<b>{_NUMBER})\.? ?(?:of )?{MONTH}(?:,? (?P<year>{YEAR}))?"
)
_OF_DAYS = re.compile(rf"{MONTH} (?P<a>{_NUMBER}){_TO}(?P<b>{_NUMBER})(?:,? (?P<year>{YEAR}))?")
_NUMBERED = re.compile(rf"(?P<a>{ORDINAL}){_TO}(?P<b>{ORDINAL})")
_CLOCKS = re.compile(HOURS)
_DAY_HOURS = re.compile(rf"(?P<day>.+?),?[ t](?:at )?{HOURS}")


@dataclass(frozen=True, slots=True)
class _Edge:
    """What stands on one side of a range: a moment, or days of which it is the first or last."""

    start: datetime
    end: datetime


def since(text: str, now: Now) -> Range | None:
    """“Since Monday”, “since 22:00”, “since lunch”: until now."""
    if not text.startswith("since ") or text == "since now":
        return None
    said = text.removeprefix("since ")
    start = bare_hour(said, now.local)
    if said.removeprefix("the ") in PARTS:
        # Since the latest morning or lunch that has begun.
        within = part(f"this {said.removeprefix('the ')}", now.local)
        start = latest(within.start, now.local) if within else None
    if start is None:
        edge = _edge(said, now, now.today)
        start = edge.start if edge else None
    return (start, now.local, "range") if start else None


def between(text: str, now: Now) -> Range | None:
    """A range with two edges. Raises Unclear where an edge could be two times."""
    text = _TIGHT.sub(r"\1 - \2", text)
    return _clocks(text, now) or _numbered(text, now) or _edges(text, now)


def _clocks(text: str, now: Now) -> Range | None:
    """Two clock times, of a day that is named or the latest at which they had begun."""
    if match := _CLOCKS.fullmatch(text):
        if match["first"].isdecimal() and match["last"].isdecimal():
            return None
        today = on_day(now.today, match["first"], match["last"])
        if today is None or today[0] < now.local:
            return today
        return today[0] - DAY, today[1] - DAY, "range"
    match = _DAY_HOURS.fullmatch(text)
    if match is None:
        return None
    named = match["day"].removeprefix("from ").removeprefix("on ")
    found = day(named, now.today)
    return on_day(found, match["first"], match["last"], named) if found else None


def _numbered(text: str, now: Now) -> Range | None:
    """“Nov 1-5”, “1 to 5 Nov 2026”, “14th to 17th”."""
    text = text.removeprefix("from ").removeprefix("the ")
    match = _DAYS_OF.fullmatch(text) or _OF_DAYS.fullmatch(text)
    said = f" {match['month']} {match['year'] or ''}".rstrip() if match else ""
    match = match or _NUMBERED.fullmatch(text)
    if match is None:
        return None
    first = day(match["a"] + said, now.today)
    if first is None:
        return None
    number = int(re.sub(r"\D", "", match["b"]))
    if number < first.day:
        return None
    try:
        last = first.replace(day=number)
    except ValueError:
        return None
    return at(first), at(last + DAY), "range"


def _edges(text: str, now: Now) -> Range | None:
    if match := _BETWEEN.fullmatch(text):
        left, right = match.groups()
    else:
        left, *others = _SEPARATOR.split(text.removeprefix("from "))
        if len(others) != 1:
            return None
        right = others[0]
    return _joined(left.strip(), right.strip(), now)


def _joined(left: str, right: str, now: Now) -> Range | None:
    if left in WEEKDAYS and right in WEEKDAYS:
        # The whole of it lies in the past, or its last day has begun.
        last = day(right, now.today)
        first = last and day(left, last)
        return (at(first), at(last + DAY), "range") if first and last else None
    as_of = now.today
    if not is_yearless(right) and is_yearless(left) and re.search(rf"\b{YEAR}\b", right):
        # “1 Nov to 5 Nov 2025”: of the year that is said last.
        named = _edge(right, now, now.today)
        as_of = (named.end - timedelta.resolution).date() if named else as_of
    begin = _edge(left, now, as_of)
    if begin is None:
        return None
    if is_clock(right) and begin.end == begin.start:
        finish = moment(right, Now(at(begin.start.date() + DAY), now.zone))
        if finish is None:
            return None
        return begin.start, until(finish if finish > begin.start else finish + DAY), "range"
    end = _edge(right, now, _after(begin.start.date(), right) if is_yearless(right) else now.today)
    return (begin.start, end.end, "range") if end else None


def _after(first: date, text: str) -> date:
    """A day as of which a date without its year or month is the first on or after another."""
    return first + timedelta(days=364 if re.search("[a-z]{3}", text) else 30)


def _edge(text: str, now: Now, as_of: date) -> _Edge | None:
    """What stands on a side; days without a year are the latest as of a day."""
    text = re.sub("^(?:on|the) ", "", text)
    if found := clock_within(text, now.local) or moment(text, now):
        exact = text == "now" or ISO.fullmatch(text) or ago(text)
        return _Edge(found, found if exact else until(found))
    if named := part(text, now.local):
        return _Edge(named.start, named.end)
    if one := day(text, as_of):
        return _Edge(at(one), at(one + DAY))
    whole = unit(text, as_of) or wrangled(text, as_of)
    return _Edge(whole[0], whole[1]) if whole else None
