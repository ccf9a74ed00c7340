"""Broken data as tables: one line a column, its worst fault over time, and one line a chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.quality.broken import Broken
from queries.quality.charts import drawn
from queries.quality.chunks import QualityChunk
from queries.quality.faults import Fault
from queries.quality.times import FaultTimes
from queries.quality.told import Told
from queries.statistics.rates import wilson

_COLUMNS = (
    Column("column", "column", "text"),
    Column("verdict", "verdict", "text"),
    Column("since", "since about", "time"),
    Column("requests", "requests", "integer"),
    Column("missing_before", "missing before", "share"),
    Column("missing", "missing now", "share"),
    Column("missing_low", "missing now, low", "share"),
    Column("missing_high", "missing now, high", "share"),
    Column("change", "missing, change", "points"),
    Column("change_low", "missing, change, low", "points"),
    Column("change_high", "missing, change, high", "points"),
    Column("q", "missing, p, corrected", "number"),
    Column("nan", "no number (NaN) now", "integer"),
    Column("infinite", "infinite now", "share"),
    Column("range_before", "range before", "text"),
    Column("range", "range now", "text"),
    Column("outside", "out of range", "share"),
    Column("unseen", "never seen", "share"),
    Column("unseen_named", "values never seen", "text"),
    Column("unreadable", "unreadable", "share"),
    Column("constant", "always", "text"),
)
_OVER_TIME = (
    Column("time", "from", "time"),
    Column("column", "column", "text"),
    Column("what", "what", "text"),
    Column("requests", "requests", "integer"),
    Column("hits", "with it", "integer"),
    Column("share", "share", "share"),
    Column("share_low", "share, low", "share"),
    Column("share_high", "share, high", "share"),
)
_CHUNKS = (
    Column("column", "column", "text"),
    Column("dataset", "data", "text"),
    Column("chunk", "chunk", "integer"),
    Column("first", "from", "time"),
    Column("last", "to", "time"),
    Column("rows", "rows", "integer"),
    Column("missing", "missing", "share"),
    Column("missing_low", "missing, low", "share"),
    Column("missing_high", "missing, high", "share"),
    Column("unseen", "never seen", "share"),
    Column("unseen_low", "never seen, low", "share"),
    Column("unseen_high", "never seen, high", "share"),
    Column("outside", "out of range", "share"),
    Column("infinite", "infinite", "share"),
)


def tables(told: Told, chunks: Sequence[QualityChunk]) -> tuple[Table, ...]:
    """Every column, worst first; the worst over time; every chunk where there are chunks."""
    found = [
        Table(
            "Columns",
            _COLUMNS,
            tuple(_row(each, told) for each in told.columns),
            channel=("column", "verdict", "missing_before", "missing", "outside", "unseen"),
        )
    ]
    if told.times:
        rows = tuple(row for each in told.times for row in _over_time(each, told))
        found.append(Table("Over time", _OVER_TIME, rows))
    if chunks:
        found.append(Table("By chunk", _CHUNKS, tuple(map(_chunk, chunks))))
    return tuple(found)


def _row(each: Broken, told: Told) -> tuple[Cell, ...]:
    column, since = each.column, told.since(each)
    missing = each.found.get(Fault.EMPTIED)
    counted: tuple[Cell, ...] = (None,) * 8
    if missing:
        now, change = missing.now, missing.change
        counted = (missing.before.value, now.value, now.low, now.high)
        ends = (change.value, change.low, change.high)
        counted += (*(None if end is None else 100 * end for end in ends), missing.q)
    number = column.known is None and not column.held.absent
    return (
        each.name,
        _verdict(each),
        since.astimezone(told.asked.reading.zone) if since else None,
        column.rows,
        *counted,
        column.nan if number else None,
        _share(each, Fault.INFINITE),
        _range(column.range),
        _range(column.reached),
        _share(each, Fault.OUTSIDE),
        _share(each, Fault.UNSEEN),
        ", ".join(column.unseen),
        _share(each, Fault.UNREADABLE),
        column.constant or "",
    )


def _verdict(each: Broken) -> str:
    if each.faults:
        return words.listed([fault.value for fault in each.faults])
    if not any(found.q is not None for found in each.found.values()):
        return "too few values to say"
    return "as before"


def _share(each: Broken, fault: Fault) -> float | None:
    return each.found[fault].now.value if fault in each.found else None


def _range(found: tuple[float, float] | None) -> str:
    return f"{words.number(found[0])} to {words.number(found[1])}" if found else ""


def _over_time(each: FaultTimes, told: Told) -> Iterator[tuple[Cell, ...]]:
    counts, zone = drawn(each), told.asked.reading.zone
    for at in range(counts.hits.shape[1]):
        hits, trials = int(counts.hits[0, at]), int(counts.trials[0, at])
        rate = wilson(hits, trials)
        start = counts.at(at).astimezone(zone)
        yield start, each.name, each.fault.value, trials, hits, rate.value, rate.low, rate.high


def _chunk(each: QualityChunk) -> tuple[Cell, ...]:
    unseen, outside, infinite = each.unseen, each.outside, each.infinite
    missing = each.missing
    shares = (missing.value, missing.low, missing.high)
    new = (unseen.value, unseen.low, unseen.high) if unseen else (None, None, None)
    return (
        each.name,
        each.dataset.value,
        each.chunk,
        *each.times,
        missing.n,
        *shares,
        *new,
        outside.value if outside else None,
        infinite.value if infinite else None,
    )
