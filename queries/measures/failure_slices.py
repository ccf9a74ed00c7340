"""Failures counted in the engine: over time and by slice in one pass, and by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from queries.core.answer import Cell
from queries.core.doors import ordered
from queries.core.logs import Log
from queries.core.spans import Span
from queries.measures.failures import (
    Condition,
    OverTime,
    bucket_seconds,
    hit,
    laid_out,
    origin,
    to_read,
)
from queries.measures.slices import SliceCounts


def over_time_and_slices(
    log: Log,
    dimensions: Sequence[str],
    condition: Condition,
    spans: Sequence[Span],
    where: Sequence[Condition],
) -> tuple[OverTime, tuple[SliceCounts, ...]]:
    """Count rows, and those that meet a condition: by bucket, and by value of some dimensions.

    All in one pass over all periods: uses a relation for GROUPING SETS.
    """
    seconds = bucket_seconds(spans[0])
    labelled: dict[str, sa.ColumnElement[Any]] = {"s0": log.bucket(origin(spans), seconds)}
    labelled |= {f"s{at}": log.column(name) for at, name in enumerate(dimensions, 1)}
    counts: dict[str, sa.ColumnElement[Any]] = {"period": log.period(spans), "hit": condition}
    rows = log.relation(labelled | counts, spans=to_read(spans), where=where)
    counted: list[list[dict[str, Any]]] = [[] for _ in labelled]
    for row in log.run(_by_each([rows.c[label] for label in labelled], rows)):
        if row["period"] is not None:
            counted[row["which"]].append(row)
    # The log takes the rows of the result for those that were read.
    read = sum(row["trials"] for row in counted[0])
    log.statements[-1] = replace(log.statements[-1], rows=read)
    slices = (
        each
        for at, name in enumerate(dimensions, 1)
        for each in _slices(name, f"s{at}", counted[at], len(spans))
    )
    buckets = [row | {"bucket": row["s0"]} for row in counted[0]]
    return laid_out(buckets, spans, seconds), tuple(slices)


def _by_each(columns: Sequence[sa.ColumnElement[Any]], rows: sa.Subquery) -> sa.Select[Any]:
    """Count by each column and period; ``which`` says by which column a row counts."""
    which = sa.case(*((sa.func.grouping(each) == 0, at) for at, each in enumerate(columns)))
    return sa.select(
        which.label("which"),
        *columns,
        rows.c.period,
        hit(rows.c.hit).label("hits"),
        sa.func.count().label("trials"),
    ).group_by(sa.func.grouping_sets(*(sa.tuple_(each, rows.c.period) for each in columns)))


def _slices(
    dimension: str, label: str, rows: list[dict[str, Any]], periods: int
) -> Iterator[SliceCounts]:
    """Put together what was counted of each value of one dimension, in the values' order."""
    found: dict[Cell, list[tuple[int, int]]] = {}
    for row in ordered(rows, (label,)):
        counts = found.setdefault(row[label], [(0, 0)] * periods)
        counts[row["period"]] = (row["hits"], row["trials"])
    for value, counts in found.items():
        yield SliceCounts(dimension, value, counts[0], tuple(counts[1:]))


def by_kind(
    log: Log, kind: str, condition: Condition, spans: Sequence[Span], where: Sequence[Condition]
) -> tuple[tuple[Cell, int, int], ...]:
    """Count failures by kind where kinds are logged: the kind, how many now and in all the past."""
    if not log.has(kind):
        return ()
    rows = log.aggregate(
        {"now": hit(log.period(spans) == 0), "past": hit(log.period(spans) > 0)},
        by={"kind": log.column(kind)},
        spans=to_read(spans),
        where=[*where, condition],
    )
    found = [(row["kind"], row["now"], row["past"]) for row in rows if row["now"] + row["past"]]
    return tuple(sorted(found, key=lambda each: (-each[1], str(each[0]))))
