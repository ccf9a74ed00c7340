"""Times of the day as people write them, alone or as two between which something happened."""

from __future__ import annotations

import re
from datetime import time

from queries.core.times.wall import Unclear

_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)} | dict.fromkeys(
    ("lunch", "lunchtime"), time(12)
)
_FIGURES = r"\d{1,2}(?::\d{2}){0,2}(?: ?[ap]m)?"
CLOCK = rf"(?:{_FIGURES}|{'|'.join(_WORDS)})"
TO = r"(?: ?- ?| (?:to|until|till) )"
HOURS = rf"(?:(?:from |between )?(?P<first>{CLOCK})(?:{TO}| and )(?P<last>{CLOCK}))"
"""Two clock times; which they are is worked out by ``hours``."""


def is_clock(text: str) -> bool:
    """Say whether a text is surely a clock time: a bare number is none."""
    return bool(re.fullmatch(CLOCK, text)) and not text.isdecimal() and text[:2] != "24"


def clock(text: str) -> time | None:
    """Read a clock time, also a bare hour; None where there is no such time."""
    if text in _WORDS:
        return _WORDS[text]
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


def either_half(text: str) -> list[time]:
    """The times that a bare hour such as “2” may mean: by night and by day."""
    found = clock(text)
    if found is None:
        return []
    both = text.isdecimal() and 1 <= found.hour <= 12
    return [found, found.replace(hour=(found.hour + 12) % 24)] if both else [found]


def hours(first: str, last: str) -> tuple[time, time] | None:
    """Read two clock times; the last one is on the next day where it is no later.

    Raises Unclear where a time could be before noon as well as after it.
    """
    start, end = clock(first), clock(last)
    if start is None or end is None:
        return None
    if _is_half(last) and not _is_half(first) and _could_be_either(first):
        # “11-1pm” begins before noon, “9-11pm” after it.
        after = clock(first + last[-2:])
        start = after if after and after < end else clock(first + "am") or start
        if start >= end:
            raise Unclear(_EITHER, f"{first}am-{last}", f"{first}pm-{last}")
    elif _is_half(first) and not _is_half(last) and _could_be_either(last):
        # “9am-5” ends in the afternoon, “10pm-6” in the morning: whichever comes first.
        both = [found for half in ("am", "pm") if (found := clock(last + half))]
        end = next((each for each in sorted(both) if each > start), min(both))
    elif start >= end > time(0) and not (_is_sure(first) or _is_half(last)):
        raise Unclear(_EITHER, f"{first}am-{last}pm", f"{first}pm-{last}am")
    return start, end


_EITHER = "It could be before noon or after it."


def _is_half(text: str) -> bool:
    return text.endswith(("am", "pm"))


def _could_be_either(text: str) -> bool:
    return bool(re.fullmatch(r"(?:0?[1-9]|1[0-2])(?::\d{2})*", text))


def _is_sure(text: str) -> bool:
    """Say whether a clock time has 24 hours or a half: “22:00”, “10pm”, “midnight”."""
    return _is_half(text) or text in _WORDS or not _could_be_either(text)
