"""Failures counted in the engine: over time and by slice in one pass, and by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from queries.core.doors.aggregates import ordered
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.by_each import Columns, by_each
from queries.measures.counting.layout import origin, to_read
from queries.measures.counting.over_time import Condition, OverTime, bucket_seconds, hit, laid_out
from queries.measures.places.slice import SliceCounts


def over_time_and_slices(
    log: Log,
    dimensions: Sequence[str],
    condition: Condition,
    spans: Sequence[Span],
    where: Sequence[Condition],
) -> tuple[OverTime, tuple[SliceCounts, ...]]:
    """Count rows, and those that meet a condition: by bucket, and by value of some dimensions.

    All in one pass over all periods.
    """
    seconds = bucket_seconds(spans[0])
    keys = [log.bucket(origin(spans), seconds), *(log.column(name) for name in dimensions)]
    buckets, *values = by_each(log, keys, {"hit": condition}, _counts, spans, where)
    slices = (
        each
        for name, rows in zip(dimensions, values, strict=True)
        for each in slices_of(name, rows, len(spans))
    )
    timed = [row | {"bucket": row["key"]} for row in buckets]
    return laid_out(timed, spans, seconds, log.source.zone), tuple(slices)


def _counts(columns: Columns) -> dict[str, sa.ColumnElement[int]]:
    return {"hits": hit(columns["hit"]), "trials": sa.func.count()}


def slices_of(dimension: str, rows: list[dict[str, Any]], periods: int) -> Iterator[SliceCounts]:
    """Put together what was counted of each value of one dimension, in the values' order."""
    found: dict[Cell, list[tuple[int, int]]] = {}
    # Engines return groups in any order, and ties among slices are told in this one.
    for row in ordered(rows, ("key",)):
        counts = found.setdefault(row["key"], [(0, 0)] * periods)
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
