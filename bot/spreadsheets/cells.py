"""What one cell becomes in any spreadsheet, before a format's own limits."""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from queries.core.answer import Column
from queries.core.value import Cell

_LARGEST_EXACT = 2**53  # spreadsheets keep numbers as doubles
_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # not allowed in XML, nor in UTF-8
CUT = "…"


def settled(value: Cell, zone: ZoneInfo) -> Cell:
    """The value as a spreadsheet can hold it.

    Times become the asker's wall-clock time without a zone; whole numbers that a spreadsheet would
    round become text, as do infinite ones and those that are not a number.
    """
    if isinstance(value, datetime):
        return localized(value, zone).replace(tzinfo=None)
    if isinstance(value, str):
        return _NOT_TEXT.sub("\ufffd", value)
    if isinstance(value, int) and not -_LARGEST_EXACT <= value <= _LARGEST_EXACT:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    return value


def localized(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in the asker's zone. Raises ValueError for one that names no zone of its own."""
    if moment.tzinfo is None:
        raise ValueError(f"The time {moment} has no zone, so it could mean anything.")
    return moment.astimezone(zone)


def cut(text: str, most: int) -> str:
    """The text itself, or its beginning and an ellipsis in ``most`` UTF-16 units at most.

    Excel and Google count a character outside the basic plane as two.
    """
    if len(text) * 2 <= most or len(text.encode("utf-16-le")) <= most * 2:
        return text
    kept = text.encode("utf-16-le")[: (most - len(CUT)) * 2]
    return kept.decode("utf-16-le", "ignore") + CUT


def header(column: Column, zone: ZoneInfo) -> str:
    """The column's title, with its unit, or the zone that its times are in."""
    units = {
        "time": zone.key,
        "milliseconds": column.unit or "ms",
        "points": "percentage points",
    }
    unit = units.get(column.type, "" if column.type == "share" else column.unit)
    title = f"{column.label} ({unit})" if unit and f"({unit})" not in column.label else column.label
    return _NOT_TEXT.sub("\ufffd", title)
