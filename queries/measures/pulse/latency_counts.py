"""How long requests take, measured in the engine: over time, in all, and by slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.counting.layout import to_read
from queries.measures.counting.quantiles import quantiles
from queries.measures.pulse.milliseconds import milliseconds
from queries.statistics.estimates import t_quantile
from queries.statistics.usual import COMPARABLE, Usual
from queries.statistics.usual_values import usual_value

Array = npt.NDArray[np.float64]

QS = (0.5, 0.95, 0.99)
# As many as a picture shows, and measured so: quantiles of buckets don't add up to
# those of wider ones, as counts do.
POINTS = 48
SHOWN = 20
"""So many slices are measured, those with most requests."""

LEAST = 20
"""With fewer requests in a bucket its latency is not drawn."""


@dataclass(frozen=True)
class LatencyOverTime:
    """Latencies in equal buckets: arrays of periods by buckets, the present first.

    ``rows`` are all requests and ``n`` those with a latency; ``failed`` are those of ``n`` that
    failed. ``p50`` and ``p95`` are in milliseconds, NaN in a bucket with too few.
    """

    spans: tuple[Span, ...]
    seconds: int
    rows: Array
    n: Array
    failed: Array
    p50: Array
    p95: Array

    def at(self, bucket: int) -> datetime:
        """When a bucket of the present begins."""
        return self.spans[0].start + timedelta(seconds=bucket * self.seconds)


@dataclass(frozen=True)
class LatencySlice:
    """One value of a dimension: its quantiles against its own past, and how many requests."""

    dimension: str
    value: Cell
    n: int
    usual: Mapping[float, Usual]


def latency_over_time(
    log: Log, spans: Sequence[Span], where: Sequence[Condition]
) -> LatencyOverTime:
    """Measure latencies by bucket in one pass over all periods."""
    length = (spans[0].end - spans[0].start).total_seconds()
    seconds = max(300, 300 * -int(-length // (300 * POINTS)))
    value, period = milliseconds(log), log.period(spans)
    failed = log.column("failed").is_(True) if log.has("failed") else sa.false()
    # Counted from each period's own start, so that the buckets of all of them lie alike.
    bucket = sa.case(
        *((period == i, log.bucket(each.start, seconds)) for i, each in enumerate(spans))
    )
    rows = log.aggregate(
        {
            "rows": sa.func.count(),
            "n": sa.func.count(value),
            "failed": count_where(sa.and_(failed, value.is_not(None))),
            "p50": Quantile(value, 0.5),
            "p95": Quantile(value, 0.95),
        },
        by={"period": period, "bucket": bucket},
        spans=to_read(spans),
        where=where,
    )
    width = max(1, -int(-length // seconds))
    laid = {name: np.zeros((len(spans), width)) for name in ("rows", "n", "failed")}
    laid |= {name: np.full((len(spans), width), np.nan) for name in ("p50", "p95")}
    for row in rows:
        if row["period"] is None:
            continue
        place = row["period"], min(row["bucket"], width - 1)
        for name in ("rows", "n", "failed"):
            laid[name][place] += row[name]
        if row["n"] >= LEAST and row["bucket"] < width:
            laid["p50"][place], laid["p95"][place] = row["p50"], row["p95"]
    return LatencyOverTime(tuple(spans), seconds, **laid)


def whole_quantiles(
    log: Log, timeline: LatencyOverTime, where: Sequence[Condition]
) -> Mapping[float, Usual]:
    """Compare the quantiles of the present with those of each comparable period, in one pass."""
    counts: dict[tuple[Cell, ...], int] = {
        (i,): int(n) for i, n in enumerate(timeline.n.sum(axis=1))
    }
    by = {"period": log.period(timeline.spans)}
    spans = to_read(timeline.spans)
    found = quantiles(log, milliseconds(log), QS, counts, by, spans, where, "milliseconds")
    return _against(found, (), len(timeline.spans))


def by_slice(
    log: Log,
    dimension: str,
    counts: Mapping[Cell, Sequence[int]],
    spans: Sequence[Span],
    where: Sequence[Condition],
) -> tuple[LatencySlice, ...]:
    """Compare the quantiles of each value of a dimension with its own past, in one pass.

    ``counts`` are the latencies of each value, period by period; the values with most of them
    now are measured.
    """
    most = sorted(counts, key=lambda value: -counts[value][0])[:SHOWN]
    keyed: dict[tuple[Cell, ...], int] = {
        (value, i): n for value in most for i, n in enumerate(counts[value])
    }
    by = {"slice": log.column(dimension), "period": log.period(spans)}
    found = quantiles(log, milliseconds(log), QS, keyed, by, to_read(spans), where, "milliseconds")
    return tuple(
        LatencySlice(dimension, value, counts[value][0], _against(found, (value,), len(spans)))
        for value in most
    )


def _against(
    found: Mapping[tuple[Cell, ...], Mapping[float, Number]], key: tuple[Cell, ...], periods: int
) -> Mapping[float, Usual]:
    return {
        q: usual_value(
            [found[(*key, period)][q] for period in range(1, periods)], found[(*key, 0)][q]
        )
        for q in QS
    }


def usual_p95(timeline: LatencyOverTime) -> tuple[Array, Array] | None:
    """Give the band in which each bucket's p95 usually lies; None with fewer than 4 periods.

    A t prediction interval on the log scale, around the mean of the past periods and of the two
    neighbouring buckets, with one variance over all buckets.
    """
    if len(timeline.spans) <= COMPARABLE:
        return None
    # Latencies vary by factors: on the plain scale a band would reach below zero.
    past = np.log(np.where(timeline.p95[1:] > 0, timeline.p95[1:], np.nan))
    known = np.isfinite(past)
    held, summed = known.sum(axis=0), np.where(known, past, 0).sum(axis=0)
    window = np.ones(min(3, past.shape[1]))
    # Counts and sums smoothed alike, so that buckets without a value and
    # the ends don't pull to zero.
    near = np.convolve(held, window, "same")
    centre = np.divide(
        np.convolve(summed, window, "same"), near, out=np.full(len(held), np.nan), where=near > 0
    )
    df = int(known.sum() - (held > 0).sum())
    if df < 1:
        return None
    spread = float((np.where(known, past - centre, 0) ** 2).sum()) / df
    half = t_quantile(df) * np.sqrt(spread * (1 + 1 / len(past)))
    return np.exp(centre - half), np.exp(centre + half)
