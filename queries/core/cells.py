"""One value of a table as a person reads it, by its column's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from queries.core import words
from queries.core.answer import Column
from queries.core.value import Cell


def shown(value: Cell, column: Column, zone: ZoneInfo, now: datetime | None = None) -> str:
    """Write a cell as text; nothing for an empty one. Times are in the asker's zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _time(value, zone, now)
    # Before numbers, of which Python holds true and false to be two.
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return _WRITTEN.get(column.type, words.number)(value)


_WRITTEN: Mapping[str, Callable[[float], str]] = {
    "share": words.share,
    "points": words.gained,
    "integer": words.count,
    "milliseconds": words.duration_ms,
}


def _time(value: datetime, zone: ZoneInfo, now: datetime | None) -> str:
    local = value.astimezone(zone)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    year = f" {local.year}" if now is None or local.year != now.astimezone(zone).year else ""
    return f"{local.day} {local:%b}{year} {clock}"
