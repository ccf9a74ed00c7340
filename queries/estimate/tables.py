"""Estimated performance as tables: every metric, slice, day and chunk, beside what was realised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell
from queries.estimate.told import Told
from queries.measures.performance.metrics import METRICS, Metrics, meaning

_NONE = Number(None, 0)


def tables(told: Told) -> tuple[Table, ...]:
    """The slices first where the question is split, then metrics, days and chunks."""
    found = [_metrics(told)]
    if told.by and told.report.parts:
        found.insert(0, _parts(told, told.by))
    if told.report.days:
        found.append(_days(told))
    if told.report.chunks:
        found.append(_chunks(told))
    return tuple(found)


def _metrics(told: Told) -> Table:
    report, task = told.report, told.asked.source.task
    checked, reference = report.checked, report.reference
    rows = []
    for name, number in report.estimated.items():
        then = checked.estimated.get(name, _NONE) if checked else _NONE
        came = checked.realised.get(name, _NONE) if checked else _NONE
        was = reference.metrics.get(name, _NONE) if reference else _NONE
        rows.append(
            (
                METRICS[name].label,
                *(number.value, number.low, number.high, number.n),
                was.value,
                *(then.value, then.low, then.high),
                *(came.value, came.low, came.high),
                number.why,
                meaning(name, task),
            )
        )
    columns = (
        Column("metric", "metric", "text"),
        *_estimated("estimated", "estimated"),
        Column("n", "requests", "integer"),
        Column("reference", "in the reference set", "share"),
        *_estimated("then", "estimated where outcomes count"),
        *_estimated("realised", "realised where outcomes count"),
        Column("why", "remark", "text"),
        Column("meaning", "what it means", "text"),
    )
    shown = ("metric", "estimated", "estimated_low", "estimated_high", "reference")
    return Table("How often, estimated", columns, tuple(rows), channel=shown)


def _parts(told: Told, by: str) -> Table:
    names, label = list(told.report.estimated), by.replace("_", " ")
    rows = tuple(
        (words.whole_value(part.value), _n(part.metrics), *_line(part.metrics, names))
        for part in told.report.parts
    )
    columns = (Column(by, label, "text"), Column("n", "requests", "integer"), *_columns(names))
    metric = told.metric
    shown = (by, "n", metric, f"{metric}_low", f"{metric}_high")
    return Table(f"By {label}", columns, rows, channel=shown)


def _days(told: Told) -> Table:
    metric, zone = told.metric, told.asked.reading.zone
    rows = tuple(
        (
            datetime.combine(day.day, time(), zone),
            day.requests,
            *_line(day.estimated, [metric]),
            *_cells(day.realised.get(metric, _NONE)),
        )
        for day in told.report.days
    )
    columns = (
        Column("day", "day", "time"),
        Column("n", "requests", "integer"),
        *_columns([metric]),
        *_estimated("realised", "realised"),
    )
    shown = ("day", "n", metric, f"{metric}_low", f"{metric}_high", "realised")
    return Table("By day", columns, rows, channel=shown)


def _chunks(told: Told) -> Table:
    names = list(told.report.estimated)
    rows = tuple(
        (
            *(each.dataset.value, each.chunk, *each.times, each.requests),
            *_line(each.estimated, names),
            *(each.realised.get(name, _NONE).value for name in names),
        )
        for each in told.report.chunks
    )
    columns = (
        Column("dataset", "data", "text"),
        Column("chunk", "chunk", "integer"),
        Column("first", "from", "time"),
        Column("last", "to", "time"),
        Column("n", "requests", "integer"),
        *_columns(names),
        *(
            Column(f"realised_{name}", f"{METRICS[name].label}, realised", "share")
            for name in names
        ),
    )
    return Table("By chunk", columns, rows)


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(
        column for name in names for column in _estimated(name, f"{METRICS[name].label}, estimated")
    )


def _estimated(name: str, label: str) -> tuple[Column, ...]:
    return (
        Column(name, label, "share"),
        Column(f"{name}_low", f"{label}, low", "share"),
        Column(f"{name}_high", f"{label}, high", "share"),
    )


def _line(metrics: Metrics, names: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(cell for name in names for cell in _cells(metrics.get(name, _NONE)))


def _cells(number: Number) -> tuple[Cell, ...]:
    return (number.value, number.low, number.high)


def _n(metrics: Metrics) -> int:
    return max((number.n for number in metrics.values()), default=0)
