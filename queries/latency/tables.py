"""Latencies as tables: in all, by slice, over the limit, over time."""

from __future__ import annotations

import math
from collections.abc import Mapping

from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.core.words import duration_ms, every, whole_value, within
from queries.latency.report import Latency
from queries.measures.pulse.latency_counts import QS, usual_p95
from queries.statistics.usual import Usual, usual_rate
from queries.wording.asked import Asked


def _quantile(q: float) -> tuple[Column, ...]:
    name, label = f"p{round(100 * q)}", within(q)
    return (
        Column(name, label, "milliseconds"),
        Column(f"{name}_low", f"{label}, low", "milliseconds"),
        Column(f"{name}_high", f"{label}, high", "milliseconds"),
        Column(f"{name}_usual", f"{label}, usual", "milliseconds"),
        Column(f"{name}_usual_low", f"{label}, usual low", "milliseconds"),
        Column(f"{name}_usual_high", f"{label}, usual high", "milliseconds"),
    )


_N = Column("requests", "requests", "integer")
_QUANTILES = (_N, *(column for q in QS for column in _quantile(q)))
_SHOWN = ("requests", "p50", "p95", "p99", "p95_usual")
_OVER = (
    _N,
    Column("over", "over the limit", "integer"),
    Column("share", "share", "share"),
    Column("share_low", "share, low", "share"),
    Column("share_high", "share, high", "share"),
    Column("usual", "usual", "share"),
    Column("usual_low", "usual, low", "share"),
    Column("usual_high", "usual, high", "share"),
)


def tables(found: Latency, asked: Asked, split: str | None) -> tuple[Table, ...]:
    """The split first where one was asked for or carries a change; then everything else."""
    whole = Table(
        "All requests",
        _QUANTILES,
        (_row(int(found.timeline.n[0].sum()), found.usual),),
        channel=_SHOWN,
    )
    parts = [_slices(found)] if found.slices else []
    first = [*parts, whole] if split else [whole, *parts]
    dimensions = dict.fromkeys(each.dimension for each in found.counts)
    return (*first, *(_over(name, found) for name in dimensions), _timeline(found, asked))


def _row(n: int, usual: Mapping[float, Usual]) -> tuple[Cell, ...]:
    cells: list[Cell] = [n]
    for q in QS:
        now, past = usual[q].now, usual[q].usual
        cells += [now.value, now.low, now.high, past.value, past.low, past.high]
    return tuple(cells)


def _slices(found: Latency) -> Table:
    dimension = found.slices[0].dimension
    name = dimension.replace("_", " ")
    ranked = sorted(found.slices, key=lambda each: -(each.usual[0.95].now.value or 0.0))
    rows = tuple((whole_value(each.value), *_row(each.n, each.usual)) for each in ranked)
    others = sum(each.dimension == dimension for each in found.counts) - len(rows)
    note = f"{others} more with fewer requests are left out." if others else ""
    columns = (Column(dimension, name, "text"), *_QUANTILES)
    return Table(f"By {name}", columns, rows, channel=(dimension, *_SHOWN), note=note)


def _over(dimension: str, found: Latency) -> Table:
    limit = found.limit.milliseconds if found.limit else 0.0
    rows: list[tuple[Cell, ...]] = []
    for each in found.counts:
        if each.dimension == dimension:
            over, n = each.now
            rate = usual_rate(each.past, each.now)
            now, past = rate.now, rate.usual
            counts = (whole_value(each.value), n, int(over))
            rows.append((*counts, now.value, now.low, now.high, past.value, past.low, past.high))
    rows.sort(key=lambda row: -row[3] if isinstance(row[3], float) else 0.0)
    name = dimension.replace("_", " ")
    title = f"Over {duration_ms(limit)} by {name}"
    return Table(title, (Column(dimension, name, "text"), *_OVER), tuple(rows))


def _timeline(found: Latency, asked: Asked) -> Table:
    counts = found.timeline
    band = usual_p95(counts)
    rows: list[tuple[Cell, ...]] = []
    for at in range(counts.n.shape[1]):
        start = counts.at(at).astimezone(asked.reading.zone)
        values = [counts.p50[0, at], counts.p95[0, at]]
        values += [part[at] for part in band] if band else [math.nan] * 2
        rows.append((start, int(counts.n[0, at]), *(_known(float(value)) for value in values)))
    columns = (
        Column("time", "from", "time"),
        _N,
        Column("p50", within(0.5), "milliseconds"),
        Column("p95", within(0.95), "milliseconds"),
        Column("usual_low", f"{within(0.95)}, usual low", "milliseconds"),
        Column("usual_high", f"{within(0.95)}, usual high", "milliseconds"),
    )
    return Table(every(counts.seconds), columns, tuple(rows))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
