"""What a column's values are like, counted: missing, no number, infinite, outside of a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.batches import groups_in_batches
from queries.measures.counting.expressions import (
    Condition,
    Expression,
    Key,
    Sample,
    count_where,
    finite,
)

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NumberCounts:
    """A column of numbers over some rows.

    ``missing`` counts NULL and NaN, ``nan`` the latter alone; ``infinite`` ±infinity and
    magnitudes past 1e70. ``below`` and ``above`` are outside of the range given, and ``low`` and
    ``high`` the range of the finite values.
    """

    rows: int
    missing: int
    nan: int
    infinite: int
    below: int
    above: int
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        """How many rows have a finite value."""
        return self.rows - self.missing - self.infinite

    @property
    def range(self) -> Range | None:
        """The range of the finite values, None without any."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def number_counts(
    log: Log,
    names: Sequence[str],
    sample: Sample,
    ranges: Mapping[str, Range | None],
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, dict[str, NumberCounts]]:
    """Count numeric columns by group, some in a pass; ``ranges`` are what to hold them against.

    Raises NotAnswerable where a column may only be split by: its range would show single values.
    """
    groups = dict(by or {})
    return groups_in_batches(names, lambda some: _number_counts(log, some, sample, ranges, groups))


def _number_counts(
    log: Log,
    names: Sequence[str],
    sample: Sample,
    ranges: Mapping[str, Range | None],
    groups: Mapping[str, Expression],
) -> dict[Key, dict[str, NumberCounts]]:
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    for i, name in enumerate(names):
        value, range_ = finite(log.column(name)), ranges.get(name)
        measures |= {
            f"missing{i}": count_where(log.missing(name)),
            f"nan{i}": count_where(is_nan(log, name)),
            f"n{i}": sa.func.count(value),
            f"low{i}": sa.func.min(value),
            f"high{i}": sa.func.max(value),
        }
        if range_:
            measures |= {
                f"below{i}": count_where(value < range_[0]),
                f"above{i}": count_where(value > range_[1]),
            }
    found = log.aggregate(
        measures, by=groups, spans=sample.spans, where=sample.where, dataset=sample.dataset
    )
    return {
        tuple(row[key] for key in groups): {name: _counts(row, i) for i, name in enumerate(names)}
        for row in found
    }


def is_nan(log: Log, name: str) -> Condition:
    """Whether a value is there and is no number."""
    return sa.and_(log.missing(name), log.column(name).is_not(None))


def is_infinite(log: Log, name: str) -> Condition:
    """Whether a value is a number without end."""
    return sa.and_(sa.not_(log.missing(name)), finite(log.column(name)).is_(None))


def is_outside(log: Log, name: str, range_: Range) -> Condition:
    """Whether a finite value lies outside of a range."""
    value = finite(log.column(name))
    return sa.or_(value < range_[0], value > range_[1])


def _counts(row: Mapping[str, Any], i: int) -> NumberCounts:
    rows, missing, n = int(row["rows"]), int(row[f"missing{i}"]), int(row[f"n{i}"])
    return NumberCounts(
        rows=rows,
        missing=missing,
        nan=int(row[f"nan{i}"]),
        infinite=rows - missing - n,
        below=int(row.get(f"below{i}", 0)),
        above=int(row.get(f"above{i}", 0)),
        low=row[f"low{i}"],
        high=row[f"high{i}"],
    )
