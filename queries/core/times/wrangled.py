"""What further phrases of a calendar mean, by date-wrangler: “2 weeks ago”, “end of October”."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from queries.core.times.names import MONTHS, ORDINAL, YEAR, is_yearless
from queries.core.times.wall import Grain, Range, days

if TYPE_CHECKING:
    from date_wrangler import DateRange

_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_UNIT = r"(?:day|week|month|quarter|year|fortnight)"
_MONTH = rf"(?:{'|'.join(MONTHS)})(?: {YEAR}| last year)?"
_RUNNING = rf"(?:(?:the|this) (?:month|quarter|year)|{_MONTH}|{YEAR}|q[1-4](?: {YEAR})?)"
_WHOLE = rf"(?:{_RUNNING}|last (?:month|quarter|year))"
_ABOUT = "(?:early|mid|late|(?:start|beginning|middle|end) of)"
_SHAPES = (
    rf"(?:last|previous|prior|this|current|next|trailing|rolling) (?:{_COUNT} )?{_UNIT}s?",
    rf"in {_COUNT} {_UNIT}s?|{_COUNT} {_UNIT}s? ago",
    rf"{_UNIT} before last",
    rf"[ymqw]td|{_UNIT}[ -]to[ -]date|{_RUNNING} (?:to date|so far)",
    rf"(?:last|previous) (?:{_COUNT} )?(?:business|working) days?",
    rf"(?:{_COUNT} (?:business|working) days ago)",
    rf"(?:first|last) (?:(?:business|working) )?(?:day|week|month|quarter) of {_WHOLE}",
    rf"{_ABOUT}[ -](?:(?:the|this|last) month|{_MONTH})",
    rf"(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:half|week) of {_WHOLE}",
    rf"week (?:ending|ended) (?:{ORDINAL}|.*(?:{'|'.join(MONTHS)}).*)",
    r"ttm|ltm|[lt]\d{1,2}m",
)
_KNOWN = re.compile("(?:the )?(?:" + "|".join(_SHAPES) + ")")
"""Of what it is asked: in others it may read a part, and guess the rest."""

_GRAINS: dict[str, Grain] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}
_SURE = 0.7
"""What it leaves unread lowers its confidence below this; a year to be found does not."""


def wrangled(text: str, today: date) -> Range | None:
    """Give the whole days that a text in lower case means as a whole, or None."""
    if not _KNOWN.fullmatch(text):
        return None
    found = _dates(text, today)
    if found and found.start and found.start > today and is_yearless(text):
        # Logs lie in the past: in May, “end of June” is last year's.
        found = _dates(text, today.replace(year=today.year - 1, day=min(today.day, 28)))
    if found is None or found.start is None or found.end is None:
        return None
    grain = _GRAINS.get(found.grain.value, "range")
    if grain == "day" and (found.end - found.start).days != 1:
        grain = "range"
    return days(found.start, found.end, grain)


def _dates(text: str, today: date) -> DateRange | None:
    # It takes half a second to compile its patterns, and most times need none of them.
    from date_wrangler import Basis, parse  # noqa: PLC0415

    matches = parse(text, today=today)
    # It finds dates within any text; here the text has to be one.
    if len(matches) != 1 or matches[0].span != (0, len(text)) or matches[0].confidence < _SURE:
        return None
    # When a fiscal year begins, nobody has declared.
    return matches[0].range if matches[0].range.basis is Basis.CALENDAR else None
