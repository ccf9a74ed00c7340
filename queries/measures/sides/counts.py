"""Two sides counted in the engine: in all, and by each dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from queries.core.doors.guard import columns_in
from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Expression, calm, total
from queries.measures.sides.metric import Metric
from queries.measures.sides.which import Sides

SHARED = 0.5
"""Where less than this share of the rows lies in slices that both serve, nothing is compared within
them."""

MOST_VALUES = 100
"""A dimension with more values is not one to compare within."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some rows, how many have a value, its sum and that of its squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        """The mean, 0 of nothing."""
        return self.total / self.n if self.n else 0.0


@dataclass(frozen=True)
class Part:
    """One side's rows with one value of a dimension, and from when to when they came."""

    rows: int
    span: Span | None
    sums: tuple[Sums, ...]


Parts = Mapping[tuple[str, Cell], tuple[Part, Part]]
"""By dimension and value; all rows under an empty dimension."""

NO_PART = Part(0, None, ())


def parts(log: Log, sides: Sides, metrics: Sequence[Metric], dimensions: Sequence[str]) -> Parts:
    """Sum up both sides over all rows and by value of each dimension, in one pass.

    Uses a relation for GROUPING SETS.
    """
    columns: dict[str, Expression] = {f"s{i}": log.column(e) for i, e in enumerate(dimensions)}
    columns |= {"side": sides.index} | values_of(metrics)
    if not log.source.undated:
        columns["time"] = log.column("time")
    rows = log.relation(columns, spans=sides.sample.spans, where=sides.sample.where)
    # A side without rows has no sums, and of everything both sides are looked at.
    none = Part(0, None, (Sums(),) * len(metrics))
    found: dict[tuple[str, Cell], list[Part]] = {("", None): [none, none]}
    read = 0
    for row in log.run(_by_each(rows, len(dimensions), len(metrics))):
        which = int(row["which"])
        key = ("", None) if which < 0 else (dimensions[which], row[f"s{which}"])
        sums = tuple(_sums(row, i) for i in range(len(metrics)))
        both = found.setdefault(key, [NO_PART, NO_PART])
        both[int(row["side"])] = Part(int(row["n"]), _span(row), sums)
        # The groups of each dimension are the same rows again.
        read += int(row["n"]) if which < 0 else 0
    # The log takes the rows of the result for those that were read.
    log.statements[-1] = replace(log.statements[-1], rows=read)
    return {key: (both[0], both[1]) for key, both in found.items()}


def rows_kept(
    log: Log, sides: Sides, metrics: Sequence[Metric], columns: Sequence[str]
) -> AbstractContextManager[None]:
    """Join the sides' requests with their outcomes once, for all that a block counts of them."""
    if log.source.outcomes is None:
        return nullcontext()
    read = [sides.index, *sides.sample.where, *(each.expression for each in metrics)]
    names = {name for each in read for name in columns_in(each)} | {*columns, "time", "entity_id"}
    held = sorted(name for name in names if log.has(name, Dataset.PRODUCTION))
    return log.kept(held, spans=sides.sample.spans, where=sides.sample.where)


def shared(found: Parts, dimension: str) -> float:
    """Give the share of the rows that lies in slices of a dimension that both sides serve."""
    of = [both for (name, _), both in found.items() if name == dimension]
    rows = sum(first.rows + second.rows for first, second in of)
    both = sum(a.rows + b.rows for a, b in of if a.rows and b.rows)
    return both / rows if rows else 0.0


def _by_each(rows: sa.Subquery, dimensions: int, metrics: int) -> sa.Select[Any]:
    slices, side = [rows.c[f"s{i}"] for i in range(dimensions)], rows.c.side
    measures: list[Expression] = [sa.func.count().label("n")]
    if "time" in rows.c:
        measures += [
            sa.func.min(rows.c.time).label("first"),
            sa.func.max(rows.c.time).label("last"),
        ]
    sets = [sa.tuple_(side), *(sa.tuple_(each, side) for each in slices)]
    return (
        sa.select(which_of(slices), *slices, side, *measures, *sums_of(rows, metrics))
        .where(side.is_not(None))
        .group_by(sa.func.grouping_sets(*sets))
    )


def values_of(metrics: Sequence[Metric]) -> dict[str, Expression]:
    """Give each metric's value of a row, as a column of a relation: ``m0``, ``m1`` …"""
    return {f"m{i}": calm(each.expression) for i, each in enumerate(metrics)}


def sums_of(rows: sa.Subquery, metrics: int) -> list[Expression]:
    """Count and sum these columns and their squares: ``n0``, ``t0``, ``q0`` and so on."""
    found: list[Expression] = []
    for i in range(metrics):
        value = rows.c[f"m{i}"]
        found += [
            sa.func.count(value).label(f"n{i}"),
            total(value).label(f"t{i}"),
            total(value * value).label(f"q{i}"),
        ]
    return found


def _sums(row: Mapping[str, Any], i: int) -> Sums:
    return Sums(int(row[f"n{i}"]), float(row[f"t{i}"]), float(row[f"q{i}"]))


def _span(row: Mapping[str, Any]) -> Span | None:
    first, last = row.get("first"), row.get("last")
    # Spans leave their end out.
    return Span(first, last + timedelta.resolution) if first and last else None
