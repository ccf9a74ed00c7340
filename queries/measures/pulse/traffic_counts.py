"""Requests counted in the engine: over time, by slice, and what else was measured of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.measures.counting.by_each import Columns, by_each
from queries.measures.counting.expressions import Condition, Expression, finite, total
from queries.measures.counting.layout import origin
from queries.measures.counting.over_time import OverTime, bucket_seconds, laid_out
from queries.measures.failures.slices import slices_of
from queries.measures.places.slice import SliceCounts
from queries.statistics.estimates import mean


@dataclass(frozen=True, slots=True)
class Measured:
    """One declared metric: its mean over requests and its sum, now and in each past period."""

    name: str
    now: Number
    past: tuple[Number, ...]
    total: float
    past_totals: tuple[float, ...]


@dataclass(frozen=True)
class TrafficCounts:
    """What one pass over the log counted of its requests.

    ``timeline`` has the requests of each bucket as hits and as trials alike. ``slices`` have
    requests as hits and microseconds as trials, so that a rate is requests a microsecond.
    ``seen`` are the first and the last request of each of the present's buckets that has any.
    """

    timeline: OverTime
    slices: tuple[SliceCounts, ...]
    seen: tuple[tuple[datetime, datetime], ...]
    metrics: tuple[Measured, ...]


def traffic_counts(
    log: Log,
    dimensions: Sequence[str],
    spans: Sequence[Span],
    where: Sequence[Condition],
    metrics: Sequence[str] = (),
) -> TrafficCounts:
    """Count the requests of the present (the first span) and the comparable past in one pass."""
    seconds = bucket_seconds(spans[0])
    keys = [log.bucket(origin(spans), seconds), *(log.column(name) for name in dimensions)]
    carried = {"at": log.column("time")}
    carried |= {f"m{i}": finite(log.column(name)) for i, name in enumerate(metrics)}
    measures = partial(_measures, metrics=len(metrics))
    buckets, *values = by_each(log, keys, carried, measures, spans, where)
    slices = (
        _exposed(each, spans)
        for name, rows in zip(dimensions, values, strict=True)
        for each in slices_of(name, rows, len(spans))
    )
    timed = [row | {"bucket": row["key"]} for row in buckets]
    now = sorted((row["first"], row["last"]) for row in buckets if row["period"] == 0)
    return TrafficCounts(
        laid_out(timed, spans, seconds, log.source.zone),
        tuple(slices),
        tuple(now),
        tuple(_metric(name, i, buckets, len(spans)) for i, name in enumerate(metrics)),
    )


def _measures(columns: Columns, metrics: int) -> Mapping[str, Expression]:
    found: dict[str, Expression] = {
        "hits": sa.func.count(),
        "trials": sa.func.count(),
        "first": sa.func.min(columns["at"]),
        "last": sa.func.max(columns["at"]),
    }
    for i in range(metrics):
        value = columns[f"m{i}"]
        found |= {
            f"n{i}": sa.func.count(value),
            f"sum{i}": total(value),
            f"squares{i}": total(value * value),
        }
    return found


def _exposed(counts: SliceCounts, spans: Sequence[Span]) -> SliceCounts:
    """Set a slice's requests against the microseconds in which they came."""
    # In place of the requests themselves: a slice's part of all would fall as another one grows.
    micros = [(span.end - span.start) // timedelta.resolution for span in spans]
    now, *past = ((k, n) for (k, _), n in zip((counts.now, *counts.past), micros, strict=True))
    return replace(counts, now=now, past=tuple(past))


def _metric(name: str, at: int, buckets: Sequence[Mapping[str, Any]], periods: int) -> Measured:
    sums = [(0, 0.0, 0.0)] * periods
    for row in buckets:
        before = sums[row["period"]]
        added = (row[f"n{at}"], row[f"sum{at}"], row[f"squares{at}"])
        sums[row["period"]] = tuple(a + b for a, b in zip(before, added, strict=True))
    now, *past = (mean(*each) for each in sums)
    total_now, *totals = (each[1] for each in sums)
    return Measured(name, now, tuple(past), total_now, tuple(totals))
