"""Two sides counted in the engine by stratum: a slice that both serve, and a stretch of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span, naive, overlap
from queries.core.value import Cell
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Condition, Expression
from queries.measures.sides.cells import DAY, HOUR, Cells, Counted
from queries.measures.sides.counts import Parts, sums_of, values_of
from queries.measures.sides.metric import Metric
from queries.measures.sides.which import Sides

MOST_STRATA = 4000
"""Stretches are longer than an hour where there would be more strata than this."""

FEWEST = 20
"""And where fewer rows than this would lie in one, on average."""


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
        dimension=dimension,
        slices=tuple(common),
        begun=tuple(span.start if span else None for span in common.values()),
        seconds=seconds,
        cells=_cells(everything, len(metrics), together),
        groups={key: _cells(each, len(metrics), together) for key, each in by_group.items()},
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
    # Longer ones lose little: a stratum of a few rows has mostly one side, and compares nothing.
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
    # Only strata that hold rows have a place: most of hours times slices may be empty.
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
    return Cells(
        slices=where[:, 0],
        at=where[:, 1],
        together=together,
        rows=counts,
        n=arrays["n"],
        total=arrays["t"],
        squares=arrays["q"],
    )
