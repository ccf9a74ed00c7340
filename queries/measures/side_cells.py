"""Two sides counted in the engine by stratum: a slice that both serve, and a stretch of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.answer import Cell
from queries.core.logs import Log, Span
from queries.core.spans import naive, overlap
from queries.measures.counting import which_of
from queries.measures.expressions import Condition, Expression
from queries.measures.side_counts import Parts, sums_of, values_of
from queries.measures.side_metrics import Metric
from queries.measures.sides import Sides
from queries.measures.stratified import Strata

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

HOUR, DAY = 3600, 86_400
MOST_STRATA = 4000
"""Stretches are longer than an hour where there would be more strata than this."""

FEWEST = 20
"""And where fewer rows than this would lie in one, on average."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Both sides by slice and stretch of time: arrays of sides by cells by metrics.

    ``slices`` and ``at`` say of each cell in which slice and stretch it lies, ``rows`` how many
    rows a side has there. Where the sides don't serve ``together``, stretches are days, and a
    stratum is a slice.
    """

    slices: Places
    at: Places
    together: bool
    rows: Array
    n: Array
    total: Array
    squares: Array

    @property
    def matched(self) -> tuple[int, int]:
        """How many rows of either side lie in a stratum in which the other has some as well."""
        rows = self._strata(self.rows)
        both = (rows > 0).all(axis=0)
        return int(rows[0, both].sum()), int(rows[1, both].sum())

    def strata(self, metric: int, slice_: int | None = None) -> Strata:
        """Give one metric's strata, all or those of a slice."""
        of = np.ones(len(self.slices), bool) if slice_ is None else self.slices == slice_
        n, total_, squares = (
            self._strata(each[:, :, metric], of) for each in (self.n, self.total, self.squares)
        )
        return Strata((n[0], n[1]), (total_[0], total_[1]), (squares[0], squares[1]))

    def until(self, ends: Places, moment: int) -> Cells:
        """The cells whose stretches end by a moment, given when each ends."""
        kept = ends <= moment
        return Cells(
            self.slices[kept],
            self.at[kept],
            self.together,
            self.rows[:, kept],
            self.n[:, kept],
            self.total[:, kept],
            self.squares[:, kept],
        )

    def days(self, metric: int) -> Strata:
        """Give one metric's stretches over all slices: days, where the sides aren't together."""
        n, total_, squares = (
            _added(each[:, :, metric], self.at) for each in (self.n, self.total, self.squares)
        )
        return Strata((n[0], n[1]), (total_[0], total_[1]), (squares[0], squares[1]))

    def _strata(self, values: Array, of: npt.NDArray[np.bool_] | None = None) -> Array:
        kept = slice(None) if of is None else of
        if self.together:
            return values[:, kept]
        return _added(values[:, kept], self.slices[kept])


def _added(values: Array, places: Places) -> Array:
    """Add up cells that are of the same place."""
    kinds, place = np.unique(places, return_inverse=True)
    summed = np.zeros((2, len(kinds)))
    np.add.at(summed.T, place, values.T)
    return summed


@dataclass(frozen=True)
class Counted:
    """Both sides by stratum, for all requests and for each group.

    ``slices`` are the values of ``dimension`` in which both sides serve; None alone where there
    is nothing to compare within, and ``begun`` when both began to. A stretch is ``seconds`` long,
    None where the sides don't serve at the same time. ``groups`` are those of each attribute that
    was asked for.
    """

    dimension: str
    slices: tuple[Cell, ...]
    begun: tuple[datetime | None, ...]
    seconds: int | None
    cells: Cells
    groups: Mapping[tuple[str, Cell], Cells]

    def ends(self, cells: Cells, origin: datetime) -> Places:
        """When each cell's stretch ends, in seconds after an origin."""
        begun = [(each - origin).total_seconds() if each else 0.0 for each in self.begun]
        starts = np.array(begun, dtype=np.int64)[cells.slices] if begun else cells.at
        return np.asarray(starts + (cells.at + 1) * (self.seconds or 0), dtype=np.int64)


def counted(
    log: Log,
    sides: Sides,
    metrics: Sequence[Metric],
    found: Parts,
    dimension: str,
    attributes: Sequence[str] = (),
) -> Counted:
    """Sum up both sides by slice of a dimension and stretch of time, and by group, in one pass.

    Uses a relation for GROUPING SETS. In each slice the time counts in which both sides serve, in
    stretches from when that begins.
    """
    common = _common(found, dimension, timed=sides.together)
    seconds = _seconds(found, common) if sides.together else None
    columns: dict[str, Expression] = {
        "side": sides.index,
        "slice": _slice(log, dimension, common),
        "at": _stretch(log, sides, dimension, common, seconds),
    }
    columns |= {f"g{i}": log.column(name) for i, name in enumerate(attributes)} | values_of(metrics)
    rows = log.relation(columns, spans=sides.sample.spans, where=sides.sample.where)
    by_group: dict[tuple[str, Cell], list[Mapping[str, Any]]] = {}
    for row in log.run(_by_stratum(rows, len(attributes), len(metrics))):
        which = int(row["which"])
        key = ("", None) if which < 0 else (attributes[which], row[f"g{which}"])
        by_group.setdefault(key, []).append(row)
    everything = by_group.pop(("", None), [])
    together = sides.together
    return Counted(
        dimension,
        tuple(common),
        tuple(span.start if span else None for span in common.values()),
        seconds,
        _cells(everything, len(metrics), together),
        {key: _cells(each, len(metrics), together) for key, each in by_group.items()},
    )


def _common(found: Parts, dimension: str, *, timed: bool) -> dict[Cell, Span | None]:
    """The slices that both sides serve, each with the time in which both do."""
    common: dict[Cell, Span | None] = {}
    for (name, value), (first, second) in found.items():
        if name != dimension or not first.rows or not second.rows:
            continue
        if not timed:
            common[value] = None
        elif first.span and second.span and (both := overlap(first.span, second.span)):
            common[value] = both
    return common


def _seconds(found: Parts, common: Mapping[Cell, Span | None]) -> int:
    """An hour, or as many as leave enough rows in a stratum and not too many strata."""
    spans = [span for span in common.values() if span]
    hours = sum((span.end - span.start).total_seconds() for span in spans) / HOUR
    rows = sum(part.rows for part in found["", None])
    return HOUR * max(1, math.ceil(hours / MOST_STRATA), math.ceil(hours * FEWEST / max(1, rows)))


def _slice(log: Log, dimension: str, common: Mapping[Cell, Span | None]) -> Expression:
    """The place of a row's slice among those that both sides serve; NULL for others."""
    if not common:
        return sa.literal(None, sa.Integer)
    if not dimension:
        return sa.literal(0)
    column = log.column(dimension)
    return sa.case(*((_is(column, value), at) for at, value in enumerate(common)))


def _stretch(
    log: Log,
    sides: Sides,
    dimension: str,
    common: Mapping[Cell, Span | None],
    seconds: int | None,
) -> Expression:
    """The stretch of a row, from when both sides serve its slice until one no longer does.

    Its day, where they don't serve together.
    """
    if seconds is None:
        spans = sides.sample.spans
        return log.bucket(min(each.start for each in spans), DAY) if spans else sa.literal(0)
    time, whens = log.column("time"), []
    for value, span in common.items():
        if span is None:
            continue
        inside = [time >= naive(span.start), time < naive(span.end)]
        if dimension:
            inside.append(_is(log.column(dimension), value))
        whens.append((sa.and_(*inside), log.bucket(span.start, seconds)))
    return sa.case(*whens) if whens else sa.literal(None, sa.Integer)


def _is(column: Expression, value: Cell) -> Condition:
    return column.is_(None) if value is None else column == value


def _by_stratum(rows: sa.Subquery, attributes: int, metrics: int) -> sa.Select[Any]:
    groups = [rows.c[f"g{i}"] for i in range(attributes)]
    keys = (rows.c.slice, rows.c.at, rows.c.side)
    sets = [sa.tuple_(*keys), *(sa.tuple_(*keys, each) for each in groups)]
    return (
        sa.select(
            which_of(groups),
            *groups,
            *keys,
            sa.func.count().label("n"),
            *sums_of(rows, metrics),
        )
        .where(rows.c.side.is_not(None), rows.c.slice.is_not(None), rows.c.at.is_not(None))
        .group_by(sa.func.grouping_sets(*sets))
    )


def _cells(rows: Sequence[Mapping[str, Any]], metrics: int, together: bool) -> Cells:
    places: dict[tuple[int, int], int] = {}
    for row in rows:
        places.setdefault((int(row["slice"]), int(row["at"])), len(places))
    arrays = {name: np.zeros((2, len(places), metrics)) for name in "ntq"}
    counts = np.zeros((2, len(places)))
    for row in rows:
        side, place = int(row["side"]), places[int(row["slice"]), int(row["at"])]
        counts[side, place] = row["n"]
        for name, array in arrays.items():
            array[side, place] = [row[f"{name}{i}"] for i in range(metrics)]
    where = np.array(list(places), dtype=np.int64).reshape(-1, 2)
    return Cells(where[:, 0], where[:, 1], together, counts, arrays["n"], arrays["t"], arrays["q"])
