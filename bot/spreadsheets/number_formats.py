"""How a column's numbers are shown in any spreadsheet; their values keep every digit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from queries.core.answer import Column
from queries.core.value import Cell, ColumnType

LOOKED_AT = 200
"""A column's format follows its first so many rows."""

NUMERIC: frozenset[ColumnType] = frozenset({"integer", "number", "share", "points", "milliseconds"})
_FIXED: dict[ColumnType, str] = {
    "points": "+0.00;-0.00;0.00",
    "integer": "#,##0",
    "milliseconds": "#,##0.0",
}
_ALIKE = 1000  # sizes further apart than that have no format in common
_MOST_DIGITS = 4  # of a percentage
_TINY = 0.0001
_GENERAL = 11  # characters that Excel shows of a number without a format


def number_format(kind: ColumnType, values: Iterable[Cell]) -> str | None:
    """Give the pattern in which all of these numbers can be read; nothing for no numbers.

    None where their sizes lie so far apart that each needs its own.
    """
    if kind == "share":
        return _percent(_sizes(values))
    if kind == "number":
        return _by_size(_sizes(values))
    return _FIXED.get(kind, "")


def number_formats(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, as_logged: bool
) -> list[str | None]:
    """Give each column's pattern by some of its rows; what was logged is shown as it was."""
    return [
        "" if as_logged and column.type == "number" else number_format(column.type, values)
        for at, column in enumerate(columns)
        for values in [[row[at] for row in rows]]
    ]


def width(value: float, pattern: str) -> int:
    """How many characters a number takes in a pattern."""
    if not pattern:
        return min(_GENERAL, len(str(value)))
    if "E" in pattern:
        return len(f"{value:.2E}")
    percent = pattern.endswith("%")
    decimals = len(pattern.split(";", maxsplit=1)[0].removesuffix(" %").partition(".")[2])
    shown = f"{100 * value if percent else value:,.{decimals}f}"
    return len(shown) + 2 * percent + pattern.startswith("+")


def _sizes(values: Iterable[Cell]) -> list[float]:
    numbers = [each for each in values if isinstance(each, int | float) and math.isfinite(each)]
    return [abs(each) for each in numbers if each and not isinstance(each, bool)]


def _percent(sizes: Sequence[float]) -> str:
    """Two digits of the smallest share, as sentences say it: 0.37 %."""
    smallest = min(sizes, default=1)
    # A pattern is shared by the column, so that its smallest number has to be read in it too.
    digits = 1 - math.floor(math.log10(100 * smallest))
    return f"0.{'0' * min(_MOST_DIGITS, max(1, digits))} %"


def _by_size(sizes: Sequence[float]) -> str | None:
    """Three digits of the smallest number at least; whole ones and thousands without decimals."""
    if not sizes:
        return ""
    smallest, largest = min(sizes), max(sizes)
    if all(size == int(size) for size in sizes):
        return "#,##0"
    if largest > _ALIKE * smallest:
        return None
    if smallest < _TINY:
        return "0.00E+00"
    digits = 2 - math.floor(math.log10(smallest))
    return "#,##0" if digits < 0 else f"#,##0.{'0' * max(1, digits)}"
