"""The names of weekdays and months, and how days and years are written beside them."""

from __future__ import annotations

import re

_WEEKDAYS = (
    ("monday", "mon"),
    ("tuesday", "tue", "tues"),
    ("wednesday", "wed", "weds"),
    ("thursday", "thu", "thur", "thurs"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)
_MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
"""Every way to write a weekday; Monday is 0."""

MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
"""Every way to write a month; January is 1."""

WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
YEAR = r"(?:19|20|21)\d\d"

_YEARLESS = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\b{ORDINAL}\b")
_DATED = re.compile(rf"\b{YEAR}\b|'\d\d\b|\byear\b")


def is_yearless(text: str) -> bool:
    """Say whether a date is named by its month or number alone, so that a year is to be found."""
    return bool(_YEARLESS.search(text)) and not _DATED.search(text)
