"""Small SQL expressions that measures share. They mean the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.formulas.sql import LARGEST, SMALLEST
from queries.core.times.spans import Span
from queries.core.value import Cell

Expression = sa.ColumnElement[Any]
Condition = sa.ColumnElement[bool]
Key = tuple[Cell, ...]
"""The values of a group, in the order of the ``by`` that made it."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Which rows a measure looks at; all rows of production by default."""

    dataset: Dataset = Dataset.PRODUCTION
    spans: tuple[Span, ...] | None = None
    where: tuple[Condition, ...] = ()


EVERYTHING = Sample()


def finite(expression: Expression) -> Expression:
    """Give a number as a double, or NULL where it is NaN, infinite or beyond ``LARGEST``.

    Engines hold NaN to be larger than any number, so that it fails the comparison.
    """
    number = sa.cast(expression, sa.Double)
    return sa.case((number.between(-LARGEST, LARGEST), number))


def calm(expression: Expression) -> Expression:
    """Give a difference, or exactly 0 where it is too small to be raised to a power."""
    return sa.case(
        (sa.func.abs(expression) < SMALLEST, sa.literal(0.0, sa.Double)), else_=expression
    )


def count_where(condition: Condition) -> Expression:
    """Count the rows for which a condition is true; 0 without rows."""
    # Counted, not summed from ones and zeros: a tenth cheaper a pass, and 0 instead of NULL.
    return sa.func.count(sa.case((condition, 1)))


def total(expression: Expression) -> Expression:
    """Sum a number in double precision; 0 without rows."""
    return sa.func.coalesce(sa.func.sum(sa.cast(expression, sa.Double)), sa.literal(0.0, sa.Double))


def class_name(value: Cell) -> str:
    """Write a class or category so that 1, 1.0 and "1" are the same one, and true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
