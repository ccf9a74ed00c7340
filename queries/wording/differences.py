"""Differences of two shares as cells of a table."""

from __future__ import annotations

from queries.core.answer import Number


def in_points(number: Number) -> tuple[float | None, float | None, float | None]:
    """Give a difference and its ends in percentage points, for columns of that type."""
    value, low, high = (
        None if each is None else 100 * each for each in (number.value, number.low, number.high)
    )
    return value, low, high
