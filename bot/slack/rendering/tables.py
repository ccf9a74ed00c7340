"""A table as Slack's own table block: a few rows and columns, numbers to the right."""

from __future__ import annotations

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.slack.rendering.limits import TABLE_COLUMNS, Detail
from bot.slack.rendering.text import Json, cut, one_line
from queries.core.answer import Column, Table
from queries.core.cells import shown
from queries.core.value import Cell
from queries.core.words import counted

_TO_THE_LEFT = frozenset({"text", "time", "boolean"})


def table_blocks(table: Table, detail: Detail, zone: ZoneInfo, now: datetime) -> list[Json]:
    """The table's first rows in the columns meant for a channel; nothing where none fit."""
    places = _places(table)[: min(detail.columns, TABLE_COLUMNS)]
    rows = table.rows[: min(table.channel_rows, detail.rows)]
    if not places or not rows:
        return []
    columns = [table.columns[at] for at in places]
    cells = [
        [_raw(written(row[at], table.columns[at], zone, now), detail) for at in places]
        for row in rows
    ]
    settings = [{"align": "left" if c.type in _TO_THE_LEFT else "right"} for c in columns]
    heads = [_raw(c.heading, detail) for c in columns]
    return [{"type": "table", "rows": [heads, *cells], "column_settings": settings}]


def left_out(table: Table, detail: Detail) -> str:
    """Say how much of a table is not shown, or nothing."""
    rows = min(len(table.rows), table.channel_rows, detail.rows)
    parts = []
    if rows < len(table.rows):
        parts.append(f"{rows} of {counted(len(table.rows), 'row')}")
    columns = len(_places(table))
    if columns > min(detail.columns, TABLE_COLUMNS):
        parts.append(f"{min(detail.columns, TABLE_COLUMNS)} of {counted(columns, 'column')}")
    return f"Shown here: {' and '.join(parts)}. The spreadsheet has all." if parts else ""


def _places(table: Table) -> list[int]:
    names = [column.name for column in table.columns]
    found = [names.index(name) for name in table.channel if name in names]
    return found or list(range(len(names)))


def written(value: Cell, column: Column, zone: ZoneInfo, now: datetime) -> str:
    """A value as a person reads it, whatever a log holds."""
    if isinstance(value, float) and not math.isfinite(value):
        return "unknown"
    try:
        return shown(value, column, zone, now)
    except OverflowError:  # a time at the edge of what a calendar holds, a number beyond a float
        return str(value)


def _raw(text: str, detail: Detail) -> Json:
    # Slack refuses an empty cell.
    return {"type": "raw_text", "text": cut(one_line(text), max(1, detail.cell)) or "–"}
