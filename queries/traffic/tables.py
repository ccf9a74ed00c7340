"""Requests as tables: by slice, gaps, metrics, over time."""

from __future__ import annotations

from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.core.words import every, lasting, whole_value
from queries.measures.pulse.silence import Gap
from queries.measures.pulse.traffic import Traffic
from queries.measures.pulse.traffic_counts import Measured
from queries.measures.pulse.traffic_usual import slice_usual, usual_requests
from queries.statistics.usual import Usual
from queries.statistics.usual_values import usual_value
from queries.wording.asked import Asked

_COUNTS = (
    Column("requests", "requests", "integer"),
    Column("usual", "usual", "integer"),
    Column("usual_low", "usual, low", "integer"),
    Column("usual_high", "usual, high", "integer"),
)
_TIMES = Column("times", "times usual", "number")
_METRICS = (
    Column("metric", "metric", "text"),
    Column("mean", "mean", "number"),
    Column("mean_low", "mean, low", "number"),
    Column("mean_high", "mean, high", "number"),
    Column("usual", "usual mean", "number"),
    Column("usual_low", "usual, low", "number"),
    Column("usual_high", "usual, high", "number"),
    Column("total", "sum", "number"),
    Column("usual_total", "usual sum", "number"),
)


def tables(found: Traffic, asked: Asked, split: str | None) -> tuple[Table, ...]:
    """The split first, or all requests where nothing is split; then everything else."""
    dimensions = list(dict.fromkeys(each.dimension for each in found.slices))
    dimensions.sort(key=lambda name: name != split)
    by_slice = [_slices(name, found) for name in dimensions]
    whole = Table("All requests", (*_COUNTS, _TIMES), (_counted(found.usual),))
    first = [*by_slice[:1], whole] if split else [whole]
    rest = by_slice[1:] if split else by_slice
    gaps = [_gaps(found.gaps, asked)] if found.gaps else []
    metrics = [_metrics(found.metrics)] if found.metrics else []
    return (*first, *gaps, *metrics, *rest, _timeline(found, asked))


def _counted(usual: Usual) -> tuple[Cell, ...]:
    past = usual.usual
    ends = (None if each is None else round(each) for each in (past.value, past.low, past.high))
    return (int(usual.now.value or 0), *ends, usual.times.value)


def _slices(dimension: str, found: Traffic) -> Table:
    slices = [each for each in found.slices if each.dimension == dimension]
    slices.sort(key=lambda each: -max(each.now[0], *(k for k, _ in each.past), 0))
    rows = tuple((whole_value(each.value), *_counted(slice_usual([each]))) for each in slices)
    name = dimension.replace("_", " ")
    return Table(
        f"By {name}",
        (Column(dimension, name, "text"), *_COUNTS, _TIMES),
        rows,
        channel=(dimension, "requests", "usual", "times"),
    )


def _gaps(gaps: tuple[Gap, ...], asked: Asked) -> Table:
    columns = (
        Column("from", "from", "time"),
        Column("to", "to", "time"),
        Column("lasting", "lasting", "text"),
        Column("ended", "ended", "boolean"),
        Column("usual", "usual requests", "integer"),
        Column("usual_low", "usual, low", "integer"),
        Column("usual_high", "usual, high", "integer"),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in gaps:
        span = each.pause.span
        times = (at.astimezone(asked.reading.zone) for at in (span.start, span.end))
        usual = _counted(each.usual)[1:4]
        rows.append((*times, lasting(span.end - span.start), each.pause.ended, *usual))
    channel = ("from", "to", "lasting", "usual")
    return Table("Gaps", columns, tuple(rows), channel=channel)


def _metrics(metrics: tuple[Measured, ...]) -> Table:
    rows = []
    for each in metrics:
        usual = usual_value(each.past, each.now)
        now, past = usual.now, usual.usual
        before = sum(each.past_totals) / len(each.past_totals) if each.past_totals else None
        means = (now.value, now.low, now.high, past.value, past.low, past.high)
        rows.append((each.name, *means, each.total, before))
    channel = ("metric", "mean", "usual", "total", "usual_total")
    return Table("Metrics", _METRICS, tuple(rows), channel=channel)


def _timeline(found: Traffic, asked: Asked) -> Table:
    counts = found.timeline
    usual = usual_requests(counts)
    rows: list[tuple[Cell, ...]] = []
    for at in range(counts.trials.shape[1]):
        start = counts.at(at).astimezone(asked.reading.zone)
        band = [round(float(part[at])) for part in usual] if usual else [None] * 3
        rows.append((start, int(counts.trials[0, at]), *band))
    title = every(counts.seconds)
    return Table(title, (Column("time", "from", "time"), *_COUNTS), tuple(rows))
