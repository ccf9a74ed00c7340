"""What people say of times that can't be read here, and what is nearest to it."""

from __future__ import annotations

import re

from queries.core.times.names import WEEKDAYS
from queries.core.times.parts import PARTS
from queries.core.times.wall import Unclear

_FISCAL = re.compile(
    r"(?:(?:this|last|next|in) )?(?:(?P<part>[qh][1-4]) )?(?:of )?"
    r"(?:fy ?'?(?P<year>\d{2,4})?(?:[-/]\d{2,4})?|fytd|(?:fiscal|financial) (?:year|quarter|month)"
    r"(?: (?P<spelt>\d{4}))?)(?: ?[qh][1-4])?"
)
_FEW = re.compile(r"(?:the )?(?:last|past|previous) (?:few|several|some) (minute|hour|day|week)s")
_VAGUE = re.compile(r"recently|lately|(?:a )?(?:few|some) (minute|hour|day|week)s ago")
_HOLIDAY = re.compile(
    r"(?:(?:this|last|on|over|since) )?"
    r"(?:thanksgiving|christmas(?: eve| day)?|xmas|easter(?: \w+day)?"
    r"|new year'?s?(?: eve| day)?|black friday|cyber monday|good friday|boxing day)"
)
_NEXT = {"tomorrow": "today", "tmrw": "today", "tmr": "today", "tonight": "last night"}


def refuse(text: str) -> None:
    """Raise Unclear where a text in lower case is a time of a kind that isn't known here."""
    if match := _FISCAL.fullmatch(text):
        year = match["year"] or match["spelt"] or ""
        part = f"{match['part']} " if match["part"] else ""
        nearest = (f"{part}20{year[-2:]}",) if year else ("this year", "last year")
        raise Unclear("Nobody has declared when a fiscal year begins.", *nearest)
    if match := _FEW.fullmatch(text) or _VAGUE.fullmatch(text):
        nearest = (f"last 3 {match[1]}s",) if match[1] else ("last 24 hours", "last 7 days")
        raise Unclear("It doesn't say how long.", *nearest)
    if _HOLIDAY.fullmatch(text):
        raise Unclear("Holidays aren't known by name. Give the date, such as 2026-11-27.")


def a_moment(text: str) -> Unclear:
    """The refusal of a moment where a range is asked for."""
    said = text.removeprefix("at ")
    nearest = [f"since {said}"]
    if said.endswith(" ago"):
        nearest.append(f"last {said.removesuffix(' ago')}")
    return Unclear("That is a moment. Say since when, or from when to when.", *nearest)


def before(text: str) -> str:
    """Name a time near one that lies in the future and doesn't."""
    if text in _NEXT:
        return _NEXT[text]
    first, _, rest = text.partition(" ")
    if first == "since":
        return f"since {before(rest)}"
    if rest in WEEKDAYS:
        return f"last {rest}"
    if rest in PARTS:
        return f"yesterday {rest}"
    return {"next": f"last {rest}", "this": f"last {rest}"}.get(first, "today")
