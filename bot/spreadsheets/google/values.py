"""Rows as the bodies of value requests: explicit ranges, cut by bytes, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from gspread.utils import absolute_range_name, rowcol_to_a1

from bot.spreadsheets.cells import settled
from queries.core.value import Cell

# Google advises 2 MB a request at most.
MOST_BYTES = 1_900_000
_RANGE_BYTES = 200  # what a range takes besides its values: its name, of 31 characters, and keys
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's times have no zone)

Json = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one row; ``row`` and ``column`` of the first count from 1."""

    title: str
    row: int
    column: int
    cells: list[Json]


def raw(value: Cell, zone: ZoneInfo) -> Json:
    """The value as Google takes it under RAW.

    Times are serial days since 30 December 1899 on the asker's clock, and nothing is an empty text,
    because a null would leave what is there.
    """
    plain = settled(value, zone)
    if isinstance(plain, datetime):
        return (plain - _DAY_ZERO).total_seconds() / 86_400
    return "" if plain is None else plain


# Each range is named: what is appended instead is shifted by blank cells.
def bodies(runs: Iterable[Run], most: int = MOST_BYTES) -> Iterator[dict[str, Any]]:
    """Pack runs into as few requests as keep each body within ``most`` bytes.

    A row that is larger than that alone is cut between its cells.
    """
    ranges: list[list[Run]] = []
    size = 0
    for run in chain.from_iterable(_pieces(whole, most - 2 * _RANGE_BYTES) for whole in runs):
        more = _size(run.cells)
        follows = bool(ranges) and _follows(ranges[-1][-1], run)
        if ranges and size + more + _RANGE_BYTES > most - _RANGE_BYTES:
            yield _body(ranges)
            ranges, size, follows = [], 0, False
        if follows:
            ranges[-1].append(run)
        else:
            ranges.append([run])
            size += _RANGE_BYTES
        size += more
    if ranges:
        yield _body(ranges)


def _pieces(run: Run, most: int) -> Iterator[Run]:
    if _size(run.cells) <= most:
        yield run
        return
    start = 0
    for end in range(1, len(run.cells) + 1):
        if end == len(run.cells) or _size(run.cells[start : end + 1]) > most:
            yield Run(run.title, run.row, run.column + start, run.cells[start:end])
            start = end


def _size(cells: list[Json]) -> int:
    return len(json.dumps(cells)) + 2


def _follows(above: Run, below: Run) -> bool:
    """Whether a run continues the block of the one above it."""
    return (above.title, above.row + 1, above.column, len(above.cells)) == (
        below.title,
        below.row,
        below.column,
        len(below.cells),
    )


def _body(ranges: list[list[Run]]) -> dict[str, Any]:
    return {
        # Otherwise Google would run formulas and take ids for numbers and dates.
        "valueInputOption": "RAW",
        "data": [
            {
                "range": _name(block),
                "majorDimension": "ROWS",
                "values": [run.cells for run in block],
            }
            for block in ranges
        ],
    }


def _name(block: list[Run]) -> str:
    first, last = block[0], block[-1]
    start = rowcol_to_a1(first.row, first.column)
    end = rowcol_to_a1(last.row, last.column + len(last.cells) - 1)
    return str(absolute_range_name(first.title, f"{start}:{end}"))
