"""Failures counted in the engine: over time and by input, for several periods at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.batches import batches
from queries.measures.counting.expressions import count_where
from queries.measures.counting.layout import Layout, origin, to_read
from queries.measures.places.slice import SliceCounts
from queries.statistics.estimates import z_quantile
from queries.statistics.usual import COMPARABLE

Array = npt.NDArray[np.float64]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class OverTime:
    """Hits and trials in equal buckets: arrays of periods by buckets, the present period first.

    ``seconds`` is a bucket's width; bucket ``i`` of a period starts that many widths after it.
    """

    spans: tuple[Span, ...]
    seconds: int
    hits: Array
    trials: Array

    def total(self, period: int) -> tuple[int, int]:
        """Hits and trials of one period."""
        return round(self.hits[period].sum()), round(self.trials[period].sum())

    def at(self, bucket: int) -> datetime:
        """When a bucket of the present period begins."""
        return self.spans[0].start + timedelta(seconds=bucket * self.seconds)

    def coarser(self, factor: int) -> OverTime:
        """The same in buckets ``factor`` times as wide; the last may be narrower."""
        edges = np.arange(0, self.hits.shape[1], factor)
        return OverTime(
            self.spans,
            self.seconds * factor,
            np.add.reduceat(self.hits, edges, axis=1),
            np.add.reduceat(self.trials, edges, axis=1),
        )


def bucket_seconds(span: Span) -> int:
    """Five minutes for a week, and never more than about two thousand buckets for longer.

    A few hours are counted by the minute: of an hour's twelve buckets of five, two that fail
    together are one permuted block, which lies as close together wherever it is put.
    """
    days = (span.end - span.start) / timedelta(days=1)
    if days <= 0.25:
        return 60
    return 300 if days <= 7 else 900 if days <= 21 else 3600


def hit(condition: Condition) -> sa.ColumnElement[int]:
    """Count the rows that meet a condition."""
    return sa.func.count().filter(condition)


def over_time(
    log: Log, condition: Condition, spans: Sequence[Span], where: Sequence[Condition]
) -> OverTime:
    """Count rows, and those that meet a condition, by bucket, in one pass over all periods."""
    seconds = bucket_seconds(spans[0])
    rows = log.aggregate(
        _counts(condition),
        by={"period": log.period(spans), "bucket": log.bucket(origin(spans), seconds)},
        spans=spans,
        where=where,
    )
    return laid_out(rows, spans, seconds, log.source.zone)


def over_time_by(
    log: Log,
    dimension: str,
    condition: Condition,
    span: Span,
    where: Sequence[Condition],
    seconds: int,
) -> Mapping[Cell, OverTime]:
    """Count as ``over_time`` does within one span, for each value of a dimension.

    Nothing of a column that people are only grouped by, where a bucket holds so few of a group that
    it could tell of a single person.
    """
    rows = log.aggregate(
        _counts(condition),
        by={"slice": log.column(dimension), "bucket": log.bucket(span.start, seconds)},
        spans=(span,),
        where=where,
    )
    least = log.source.smallest_group if log.is_crowd(dimension) else 0
    if any(row["trials"] < least for row in rows):
        return {}
    values = dict.fromkeys(row["slice"] for row in rows)
    found = {}
    for value in values:
        own = [row | {"period": 0} for row in rows if row["slice"] == value]
        found[value] = laid_out(own, (span,), seconds, log.source.zone)
    return found


def _counts(condition: Condition) -> dict[str, sa.ColumnElement[int]]:
    return {"hits": hit(condition), "trials": sa.func.count()}


def laid_out(
    rows: Sequence[Mapping[str, int]], spans: Sequence[Span], seconds: int, zone: ZoneInfo
) -> OverTime:
    """Lay counted buckets out by period, each bucket by its distance from its period's start.

    ``zone`` is that of the log's times.
    """
    at = Layout.of(rows, spans, seconds, zone)
    hits, trials = (at.placed([row[name] for row in rows]) for name in ("hits", "trials"))
    return OverTime(tuple(spans), seconds, hits, trials)


def usual_by_bucket(counts: OverTime) -> tuple[Array, Array, Array] | None:
    """Give each bucket's usual rate and the band around it, or None with fewer than 4 periods.

    The rate is pooled over the past periods and over an hour around the bucket; the band is
    p ± z·√(φ·p(1-p)·(1/n + 1/N)) with one φ = max(1, Pearson χ²/df) over all buckets
    (quasi-binomial; McCullagh and Nelder 1989, §4.5).
    """
    if len(counts.spans) <= COMPARABLE:
        return None
    # Half an hour to either side.
    reach = max(1, 1800 // counts.seconds)
    past_hits, past_trials = counts.hits[1:], counts.trials[1:]
    hits = summed_around(past_hits.sum(axis=0), reach)
    trials = summed_around(past_trials.sum(axis=0), reach)
    rate = np.divide(hits, trials, out=np.full_like(hits, np.nan), where=trials > 0)
    spread = rate * (1 - rate)
    expected, variance = past_trials * rate, past_trials * spread
    seen = variance > 0
    # One φ over all buckets: four periods of one bucket tell too little of how it varies.
    chi2 = float(((past_hits - expected)[seen] ** 2 / variance[seen]).sum())
    phi = max(1.0, chi2 / max(1, int(seen.sum()) - 1))
    # z and not t: φ rests on periods times buckets, not on the four periods alone.
    size = np.maximum(counts.trials[0], 1)
    half = z_quantile() * np.sqrt(phi * spread * (1 / size + 1 / np.maximum(trials, 1)))
    return rate, np.clip(rate - half, 0, 1), np.clip(rate + half, 0, 1)


def summed_around(values: Array, reach: int) -> Array:
    """Sum each value with up to ``reach`` neighbours on either side."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    upper = running[np.minimum(at + reach + 1, len(values))]
    return np.asarray(upper - running[np.maximum(at - reach, 0)])


def emptied(
    log: Log, inputs: Sequence[str], spans: Sequence[Span], where: Sequence[Condition]
) -> tuple[SliceCounts, ...]:
    """Count the rows in which each input is missing, for some inputs in a pass."""
    found = (_emptied(log, some, spans, where) for some in batches(inputs))
    return tuple(each for some in found for each in some)


def _emptied(
    log: Log, inputs: Sequence[str], spans: Sequence[Span], where: Sequence[Condition]
) -> tuple[SliceCounts, ...]:
    rows = log.aggregate(
        {"trials": sa.func.count()}
        | {f"missing{at}": count_where(log.missing(name)) for at, name in enumerate(inputs)},
        by={"period": log.period(spans)},
        spans=to_read(spans),
        where=where,
    )
    by_period = {row["period"]: row for row in rows}
    none = {"trials": 0} | {f"missing{at}": 0 for at in range(len(inputs))}
    found = []
    for at, name in enumerate(inputs):
        counts = [
            (row[f"missing{at}"], row["trials"])
            for row in (by_period.get(period, none) for period in range(len(spans)))
        ]
        found.append(SliceCounts("input", name, counts[0], tuple(counts[1:])))
    return tuple(found)


def first_seen(
    log: Log, dimension: str, span: Span, where: Sequence[Condition]
) -> Mapping[str, datetime]:
    """When each value of a dimension was first seen within a span."""
    rows = log.aggregate(
        {"first": sa.func.min(log.column("time"))},
        by={"value": log.column(dimension)},
        spans=(span,),
        where=where,
    )
    return {str(row["value"]): row["first"] for row in rows if row["value"] is not None}
