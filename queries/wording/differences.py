"""Differences of two shares, in percentage points."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Column
from queries.core.number import Number
from queries.core.value import ColumnType

HARDLY = 0.0005
"""An error below this would be told as 0 points; it is what is left beyond chance."""


def in_points(difference: float | None) -> float | None:
    """A difference of two shares as it stands in a table: 0.02 is 2 points."""
    return None if difference is None else 100 * difference


def points_of(number: Number) -> tuple[float | None, float | None, float | None]:
    """A difference of two shares and its ends, for columns in percentage points."""
    return in_points(number.value), in_points(number.low), in_points(number.high)


def unit_of_change(unit: ColumnType) -> ColumnType:
    """The unit of a difference of two numbers of a unit."""
    return "points" if unit == "share" else unit


def least_that_matters(unit: ColumnType) -> Column:
    """The size from which a difference of two numbers of a unit matters; it has no sign."""
    return Column("least", "matters from", "number", "points" if unit == "share" else "")


def off_by(difference: float | None) -> str:
    """How far apart two shares are: “1.2 points”."""
    return words.points(difference or 0.0).replace("percentage ", "")


def typically_off(error: Number) -> str:
    """How far probabilities are off: “typically off by 1.2 points”; of nearly none, just that."""
    if (error.value or 0.0) < HARDLY:
        return "off by no more than chance makes of it"
    return f"typically off by {off_by(error.value)}"
