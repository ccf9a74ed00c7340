"""“The last 24 hours” and its kin: a length of time that ends now."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COUNTS = {
    word: count
    for count, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve"),
        ),
        start=1,
    )
} | {"a couple of": 2, "couple of": 2, "couple": 2, "a dozen": 12, "a": 1, "an": 1}
_UNITS = {
    "minute": ("m", "min", "mins", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("w", "wk", "wks", "week", "weeks"),
    "fortnight": ("fortnight", "fortnights"),
}
_UNIT = {written: unit for unit, every in _UNITS.items() for written in every}
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "fortnight": 20160}

_LEAD = r"(?:the )?(last|past|previous)"
_COUNT = rf"(\d{{1,4}}|{'|'.join(_COUNTS)})"
_WRITTEN = "|".join(sorted(_UNIT, key=len, reverse=True))
_SEVERAL = re.compile(rf"{_LEAD} {_COUNT} ?({_WRITTEN})")
_ONE = re.compile(rf"{_LEAD} ({_WRITTEN})")
_HALVES = re.compile(rf"{_LEAD} (?:(half)(?: an)? (?:hour|hr|h)|(?:an )?hour and a half)")
_MIXED = re.compile(rf"{_LEAD} (\d{{1,3}}) ?(?:h|hrs?|hours?) ?(?:and )?(\d{{1,2}}) ?m(?:in\w*)?")
_AGO = re.compile(rf"{_COUNT} ?({_WRITTEN}) ago")

_MOST = 1440 * 3660
"""Ten years, and no calendar's end."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """So many minutes until now, and the words for them."""

    minutes: int
    said: str


def rolling(text: str) -> Rolling | None:
    """Read a length of time until now; None where the text is none."""
    found = _one(text) or _several(text) or _odd(text)
    return found if found and 0 < found.minutes <= _MOST else None


def ago(text: str) -> int | None:
    """How many minutes ago a moment lies: “2 hours ago”; None for whole days and weeks."""
    if text in ("half an hour ago", "half hour ago"):
        return 30
    match = _AGO.fullmatch(text)
    if match is None or _UNIT[match[2]] not in ("minute", "hour"):
        return None
    minutes = _count(match[1]) * _MINUTES[_UNIT[match[2]]]
    return minutes if 0 < minutes <= _MOST else None


def _one(text: str) -> Rolling | None:
    match = _ONE.fullmatch(text)
    # “Last hours” doesn't say how many, and a letter alone not of what.
    if match is None or len(match[2]) == 1 or match[2].endswith("s"):
        return None
    unit = _UNIT[match[2]]
    if unit == "fortnight" or (unit == "week" and match[1] == "past"):
        # The past week ends now; “last week” is one of the calendar.
        return Rolling(_MINUTES[unit], f"last {_MINUTES[unit] // 1440} days")
    if unit == "week" or (unit == "day" and match[1] == "previous"):
        return None
    return Rolling(_MINUTES[unit], f"last {unit}")


def _several(text: str) -> Rolling | None:
    match = _SEVERAL.fullmatch(text)
    if match is None:
        return None
    count, unit = _count(match[2]), _UNIT[match[3]]
    if unit == "fortnight":
        return Rolling(count * _MINUTES[unit], f"last {14 * count} days")
    plural = "" if count == 1 else "s"
    return Rolling(count * _MINUTES[unit], f"last {count} {unit}{plural}")


def _odd(text: str) -> Rolling | None:
    """Halves of an hour, and hours with minutes."""
    if match := _HALVES.fullmatch(text):
        minutes = 30 if match[2] else 90
    elif match := _MIXED.fullmatch(text):
        minutes = 60 * int(match[2]) + int(match[3])
    else:
        return None
    return Rolling(minutes, f"last {minutes} minutes")


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else _COUNTS[text]
