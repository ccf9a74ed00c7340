"""Signals counted in the engine: all of them in one pass, over time or by slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from queries.changes.signals import Kind, Signal
from queries.core.doors.aggregates import ordered
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Condition, Expression, count_where
from queries.measures.counting.layout import Layout, lasting, origin, to_read
from queries.measures.counting.over_time import Array, OverTime, bucket_seconds
from queries.measures.places.slice import SliceCounts

MICROSECONDS = 1e6
_SHORT = timedelta(hours=3)


def signal_seconds(span: Span) -> int:
    """Give how wide buckets are: a minute for short times, otherwise as failures have them."""
    return 60 if span.end - span.start <= _SHORT else bucket_seconds(span)


def signals_over_time(
    log: Log,
    signals: Sequence[Signal],
    spans: Sequence[Span],
    where: Sequence[Condition],
    seconds: int,
) -> list[OverTime]:
    """Count each signal by bucket, over all periods, in one pass.

    Traffic is counted as requests out of microseconds: so rare a hit that the share of trials is
    the pace of a Poisson process, and the same measures serve.
    """
    if not signals:
        return []
    measures, trials = _measures(signals)
    rows = log.aggregate(
        measures,
        by={"period": log.period(spans), "bucket": log.bucket(origin(spans), seconds)},
        spans=to_read(spans),
        where=where,
    )
    rows = [row for row in rows if row["period"] is not None]
    at = Layout.of(rows, spans, seconds, log.source.zone)
    placed = {name: at.placed([row[name] for row in rows]) for name in measures}
    lasted = _lengths(spans, seconds, at.shape[1]) * MICROSECONDS
    found = []
    for place, signal in enumerate(signals):
        hits, counted = placed[f"hit{place}"], placed[trials[place]]
        if signal.kind is Kind.TRAFFIC:
            hits, counted = _whole(hits, lasted, seconds)
        found.append(OverTime(tuple(spans), seconds, hits, counted))
    return found


def _measures(signals: Sequence[Signal]) -> tuple[dict[str, Expression], list[str]]:
    """Give the counts to make, and the name of each signal's trials among them."""
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    trials, named = [], {"": "rows"}
    for place, signal in enumerate(signals):
        measures[f"hit{place}"] = count_where(signal.hit)
        column = signal.column if signal.counted is not None else ""
        # Signals of one column have the same trials: counted once for all of them.
        if column not in named and signal.counted is not None:
            named[column] = f"trials{place}"
            measures[f"trials{place}"] = count_where(signal.counted)
        trials.append(named[column])
    return measures, trials


def _lengths(spans: Sequence[Span], seconds: int, width: int) -> Array:
    """Give how many seconds of each bucket lie within its period."""
    starts = np.arange(width) * float(seconds)
    lengths = np.zeros((len(spans), width))
    for period, span in enumerate(spans):
        length = lasting(span, spans[0])
        lengths[period] = np.clip(length - starts, 0.0, seconds)
        # The last one also has what a longer past holds beyond the present's length.
        lengths[period, -1] = max(0.0, length - starts[-1])
    return lengths


def _whole(hits: Array, lasted: Array, seconds: int) -> tuple[Array, Array]:
    """Count a last bucket that has hardly begun with the one before: it ends with a request."""
    if hits.shape[1] < 2 or lasted[0, -1] >= seconds * MICROSECONDS / 2:
        return hits, lasted
    return _joined(hits), _joined(lasted)


def _joined(values: Array) -> Array:
    joined = values.copy()
    joined[:, -2] += joined[:, -1]
    joined[:, -1] = 0.0
    return joined


@dataclass(frozen=True, eq=False)
class Stretched:
    """A signal and the stretch of time, of each period, within which it is to be counted."""

    signal: Signal
    spans: tuple[Span, ...]


def signals_by_slice(
    log: Log, stretched: Sequence[Stretched], dimensions: Sequence[str], where: Sequence[Condition]
) -> list[tuple[SliceCounts, ...]]:
    """Count each signal within its own stretch, by value of some dimensions, in one pass.

    Uses a relation for GROUPING SETS over the dimensions.
    """
    if not dimensions or not stretched:
        return [()] * len(stretched)
    carried: dict[str, Expression] = {}
    for at, each in enumerate(stretched):
        period = log.period(each.spans)
        counted = sa.true() if each.signal.counted is None else each.signal.counted
        carried[f"p{at}"] = period
        carried[f"h{at}"] = each.signal.hit
        carried[f"n{at}"] = counted
    every = [span for each in stretched for span in each.spans]
    labelled = {f"s{at}": log.column(name) for at, name in enumerate(dimensions)}
    rows = log.relation(labelled | carried, spans=to_read(every), where=where)
    found = log.run(_by_each([rows.c[label] for label in labelled], rows, stretched))
    # Each row is counted once for every dimension: one of them says how many there are.
    read = sum(row["rows"] for row in found if row["which"] == 0)
    log.statements[-1] = replace(log.statements[-1], rows=read)
    return [
        tuple(
            _slice(name, row[f"s{place}"], row, at, each)
            for place, name in enumerate(dimensions)
            for row in ordered([row for row in found if row["which"] == place], (f"s{place}",))
        )
        for at, each in enumerate(stretched)
    ]


def _by_each(
    columns: Sequence[sa.ColumnElement[Any]], rows: sa.Subquery, stretched: Sequence[Stretched]
) -> sa.Select[Any]:
    counts = [sa.func.count().label("rows")]
    for at, each in enumerate(stretched):
        # A column each and no grouping by period: the stretches of several signals overlap.
        for period in range(len(each.spans)):
            inside = rows.c[f"p{at}"] == period
            for name in "hn":
                counted = count_where(sa.and_(inside, rows.c[f"{name}{at}"]))
                counts.append(counted.label(f"{name}{at}_{period}"))
    sets = sa.func.grouping_sets(*(sa.tuple_(each) for each in columns))
    return sa.select(which_of(columns), *columns, *counts).group_by(sets)


def _slice(
    dimension: str, value: Cell, row: Mapping[str, Any], at: int, each: Stretched
) -> SliceCounts:
    def count(period: int) -> tuple[float, int]:
        trials = row[f"n{at}_{period}"]
        if each.signal.kind is Kind.TRAFFIC:
            span = each.spans[period]
            trials = (span.end - span.start) // timedelta(microseconds=1)
        return row[f"h{at}_{period}"], trials

    now, *past = (count(period) for period in range(len(each.spans)))
    return SliceCounts(dimension, value, now, tuple(past))
