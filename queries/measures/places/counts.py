"""Requests counted by every dimension and every pair of them, for several periods in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from queries.core.doors.aggregates import ordered
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition
from queries.measures.counting.layout import to_read
from queries.measures.counting.over_time import hit
from queries.measures.places.axes import Axis, axes_of
from queries.measures.places.crowds import may_be_split, told_of_crowds
from queries.measures.places.subgroups import Subgroup, Subgroups
from queries.measures.places.subjects import Subject
from queries.statistics.rates import Count

Periods = Sequence[Sequence[Span]]
"""The present first, then the comparable past, each as one span or several."""

MOST_GROUPS = 20_000
"""No more groups are counted than this; pairs with the most values are left out first."""


def count_subgroups(
    log: Log,
    dimensions: Sequence[str],
    subject: Subject,
    periods: Periods,
    where: Sequence[Condition],
) -> Subgroups:
    """Count hits and trials by each dimension and each pair; an undated log has one empty period.

    One pass over the rows after one that counts the dimensions' values. Uses a relation for
    GROUPING SETS, over rows that were first counted by all dimensions together.
    """
    flat = [span for period in periods for span in period]
    belongs = [at for at, period in enumerate(periods) for _ in period]
    spans = to_read(flat) if flat else None
    conditions = [*where, *subject.where]
    period = log.period(flat) if flat else sa.cast(sa.literal(0), sa.Integer)
    told = may_be_split(log, dimensions, spans, conditions, [subject.hit])
    axes = axes_of(log, told, spans, conditions)
    sets, unpaired = _sets(axes, max(1, len(flat)))
    columns = {f"v{at}": axis.expression for at, axis in enumerate(axes)}
    rows = log.relation(
        columns | {"period": period, "hit": subject.hit}, spans=spans, where=conditions
    )
    found = log.run(_grouped(rows, list(columns), sets))
    counted = _laid_out(found, axes, belongs or [0], len(periods))
    total = counted.pop((), None) or {(): [(0, 0)] * len(periods)}
    # The log takes the rows of the result for those that were read.
    read = sum(n for _, n in total[()])
    log.statements[-1] = replace(log.statements[-1], rows=read)
    groups = [
        Subgroup(tuple(axes[at].name for at in chosen), values, counts[0], tuple(counts[1:]))
        for chosen, by_value in counted.items()
        for values, counts in by_value.items()
    ]
    whole = Subgroup((), (), total[()][0], tuple(total[()][1:]))
    crowds = {name for name in dimensions if log.is_crowd(name)}
    groups = told_of_crowds(groups, whole, crowds, log.source.smallest_group)
    return Subgroups(
        whole,
        tuple(each for each in groups if len(each.dimensions) == 1),
        tuple(each for each in groups if len(each.dimensions) == 2),
        tuple(axis.name for axis in axes if axis.common is not None),
        unpaired,
    )


def _sets(axes: Sequence[Axis], periods: int) -> tuple[list[tuple[int, ...]], int]:
    """Choose what to group by: nothing, each dimension, and the pairs for which there is room."""
    sets: list[tuple[int, ...]] = [(), *((at,) for at in range(len(axes)))]
    room = MOST_GROUPS // periods - sum(axis.most for axis in axes)

    def groups(pair: tuple[int, ...]) -> int:
        return axes[pair[0]].most * axes[pair[1]].most

    # The smallest first, so that as many pairs as can be are counted.
    pairs = sorted(combinations(range(len(axes)), 2), key=groups)
    for done, pair in enumerate(pairs):
        room -= groups(pair)
        if room < 0:
            return sets, len(pairs) - done
        sets.append(pair)
    return sets, 0


def _grouped(
    rows: sa.Subquery, labels: Sequence[str], sets: Sequence[tuple[int, ...]]
) -> sa.Select[Any]:
    """Count once by all columns together, and those counts by each set; ``which`` names the set."""
    keys = [rows.c[label] for label in labels]
    once = (
        sa.select(
            *keys, rows.c.period, hit(rows.c.hit).label("hits"), sa.func.count().label("trials")
        )
        .group_by(*keys, rows.c.period)
        .subquery()
    )
    columns = [once.c[label] for label in labels]
    grouped = [sa.tuple_(*(columns[at] for at in chosen), once.c.period) for chosen in sets]
    # Sums of integers are decimals in PostgreSQL, and 128 bits wide in DuckDB.
    summed = (sa.cast(sa.func.sum(once.c[name]), sa.BigInteger) for name in ("hits", "trials"))
    hits, trials = summed
    return sa.select(
        sa.func.grouping(*columns).label("which"),
        *columns,
        once.c.period,
        hits.label("hits"),
        trials.label("trials"),
    ).group_by(sa.func.grouping_sets(*grouped))


_Counts = dict[tuple[int, ...], dict[tuple[Cell, ...], list[Count]]]


def _laid_out(
    rows: Sequence[dict[str, Any]], axes: Sequence[Axis], belongs: Sequence[int], periods: int
) -> _Counts:
    """Put counts by set and values, in the values' order; spans of one period are added up."""
    found: _Counts = {}
    for row in ordered(list(rows), [f"v{at}" for at in range(len(axes))]):
        # Where periods are read as one span, rows between two of them come along.
        if row["period"] is None:
            continue
        chosen = tuple(_set_bits(row["which"], len(axes)))
        values = tuple(axes[at].value(row[f"v{at}"]) for at in chosen)
        counts = found.setdefault(chosen, {}).setdefault(values, [(0, 0)] * periods)
        period = belongs[row["period"]]
        k, n = counts[period]
        counts[period] = (k + row["hits"], n + row["trials"])
    return found


def _set_bits(which: int, columns: int) -> Iterator[int]:
    """Read GROUPING's bits, the first column's highest: 0 where a column was grouped by."""
    for at in range(columns):
        if not which >> (columns - 1 - at) & 1:
            yield at
