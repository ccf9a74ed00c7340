"""Outputs averaged in the engine: over all and by slice, for all periods, in one pass a side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Expression, Sample
from queries.measures.counting.layout import to_read
from queries.measures.predictions.outputs import Output
from queries.statistics.estimates import cannot_say, t_quantile
from queries.statistics.rates import wilson


@dataclass(frozen=True, slots=True)
class Sums:
    """An output over some rows: of ``rows``, ``n`` have it; their mean and (population) sd."""

    rows: int = 0
    n: int = 0
    mean: float = 0.0
    sd: float = 0.0

    @property
    def hits(self) -> int:
        """Of a share: how many there are."""
        return round(self.n * self.mean)

    @property
    def error(self) -> float:
        """The standard error of the mean; of a share, from half a hit more and half a miss."""
        return self.sd / math.sqrt(self.n - 1) if self.n > 1 else 0.0

    def number(self, output: Output) -> Number:
        """Estimate the share (Wilson) or the mean (Student's t)."""
        if output.value is not None:
            return wilson(self.hits, self.n)
        if not self.n:
            return cannot_say("no values")
        if self.n == 1:
            return Number(self.mean, 1, why="a single row has no interval")
        half = t_quantile(self.n - 1) * self.error
        return Number(self.mean, self.n, self.mean - half, self.mean + half)


NOTHING = Sums()


def pooled(parts: Sequence[Sums]) -> Sums:
    """Put disjoint rows together."""
    n = sum(each.n for each in parts)
    rows = sum(each.rows for each in parts)
    if not n:
        return Sums(rows)
    mean = sum(each.n * each.mean for each in parts) / n
    # Spreads within and between, not raw squares: those of large numbers lose their last digits.
    spread = sum(each.n * (each.sd**2 + (each.mean - mean) ** 2) for each in parts)
    return Sums(rows, n, mean, math.sqrt(spread / n))


Slice = tuple[str, Cell] | None
"""A dimension and one of its values; None for all requests."""

Counts = Mapping[Slice, Sequence[Sequence[Sums]]]
"""By slice and period: the sums of each output."""


def output_sums(
    log: Log,
    outputs: Sequence[Output],
    dimensions: Sequence[str],
    sample: Sample,
    periods: Sequence[Span] | None,
) -> Counts:
    """Average outputs over all rows and by value of each dimension, for each period.

    Uses a relation for GROUPING SETS. ``periods`` None is one period of everything.
    """
    columns: dict[str, Expression] = {
        f"s{i}": log.column(each) for i, each in enumerate(dimensions)
    }
    columns["period"] = log.period(periods) if periods else sa.literal(0)
    columns |= {f"o{i}": each.expression for i, each in enumerate(outputs)}
    rows = log.relation(
        columns,
        spans=to_read(periods) if periods else None,
        where=sample.where,
        dataset=sample.dataset,
    )
    fetched = log.run(_grouped(rows, len(dimensions), len(outputs)))
    counted = len(periods) if periods else 1
    found: dict[Slice, list[list[Sums]]] = {None: _empty(counted, outputs)}
    read = 0
    for row in fetched:
        if row["period"] is None:
            continue
        which = int(row["which"])
        read += int(row["n"]) if which < 0 else 0
        at: Slice = None if which < 0 else (dimensions[which], row[f"s{which}"])
        into = found.setdefault(at, _empty(counted, outputs))
        into[int(row["period"])] = [_sums(row, i) for i in range(len(outputs))]
    # The log takes the rows of the result for those that were read.
    log.statements[-1] = replace(log.statements[-1], rows=read)
    return found


def _grouped(rows: sa.Subquery, dimensions: int, outputs: int) -> sa.Select[Any]:
    """Sum up by all dimensions together first, and by each of them from those few sums."""
    cells = _centred(_cells(rows, outputs), outputs)
    slices = [cells.c[f"s{i}"] for i in range(dimensions)]
    measures: list[Expression] = [sa.func.sum(cells.c.n).label("n")]
    for i in range(outputs):
        n, mean, spread, centre = (cells.c[f"{each}{i}"] for each in _PARTS)
        off = mean - centre
        measures += [
            sa.func.sum(n).label(f"n{i}"),
            sa.func.max(centre).label(f"centre{i}"),
            sa.func.sum(n * off).label(f"off{i}"),
            sa.func.sum(n * (spread + off * off)).label(f"squares{i}"),
        ]
    sets = [sa.tuple_(cells.c.period), *(sa.tuple_(each, cells.c.period) for each in slices)]
    return sa.select(which_of(slices), *slices, cells.c.period, *measures).group_by(
        sa.func.grouping_sets(*sets)
    )


_PARTS = ("n", "mean", "spread", "centre")


def _cells(rows: sa.Subquery, outputs: int) -> sa.Subquery:
    """Count, mean and population variance of each output in every cell of all dimensions."""
    measures: list[Expression] = [sa.func.count().label("n")]
    for i in range(outputs):
        value = rows.c[f"o{i}"]
        measures += [
            sa.func.count(value).label(f"n{i}"),
            sa.func.avg(value).label(f"mean{i}"),
            sa.func.var_pop(value).label(f"spread{i}"),
        ]
    # All but the outputs, which are named o0 and so on.
    keys = [each for each in rows.c if not each.name.startswith("o")]
    return sa.select(*keys, *measures).group_by(*keys).subquery()


def _centred(cells: sa.Subquery, outputs: int) -> sa.Subquery:
    """Add the middle of the cells' means: squares from there lose no digits."""
    middles = [
        ((sa.func.min(mean).over() + sa.func.max(mean).over()) / 2).label(f"centre{i}")
        for i, mean in ((i, cells.c[f"mean{i}"]) for i in range(outputs))
    ]
    return sa.select(cells, *middles).subquery()


def _empty(periods: int, outputs: Sequence[Output]) -> list[list[Sums]]:
    return [[NOTHING] * len(outputs) for _ in range(periods)]


def _sums(row: Mapping[str, Any], i: int) -> Sums:
    rows, n = int(row["n"]), int(row[f"n{i}"])
    if not n:
        return Sums(rows)
    off = float(row[f"off{i}"]) / n
    variance = max(0.0, float(row[f"squares{i}"]) / n - off * off)
    return Sums(rows, n, float(row[f"centre{i}"]) + off, math.sqrt(variance))
