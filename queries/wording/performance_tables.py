"""Performance as tables: every metric, every slice, every day, every chunk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from queries.core.answer import Cell, Column, ColumnType, Number, Table
from queries.measures.performance import METRICS, Metrics, change
from queries.measures.performance_report import Part, Report

_ESTIMATE: tuple[tuple[str, str], ...] = (("", ""), ("_low", ", low"), ("_high", ", high"))
_NOTHING = Number(None, 0)


def tables(report: Report, by: str | None, zone: ZoneInfo) -> tuple[Table, ...]:
    """The slices first where the question is split, then metrics, days and chunks."""
    found = _metrics(report)
    if report.parts and by:
        found.insert(0, _parts(report.parts, by))
    if report.days:
        found.append(_days(report, zone))
    if report.chunks:
        found.append(_chunks(report.chunks))
    return tuple(found)


def _metrics(report: Report) -> list[Table]:
    """One line a metric; shares and numbers in a unit of their own stand in tables apart."""
    units = list(dict.fromkeys(METRICS[name].unit for name in report.metrics))
    return [
        _metrics_in(
            unit, {k: v for k, v in report.metrics.items() if METRICS[k].unit == unit}, report
        )
        for unit in units
    ]


def _metrics_in(unit: ColumnType, metrics: Metrics, report: Report) -> Table:
    columns = (
        Column("metric", "metric", "text"),
        Column("now", "now", unit),
        Column("now_low", "now, low", unit),
        Column("now_high", "now, high", unit),
        Column("before", "before", unit),
        Column("change", "change", unit),
        Column("change_low", "change, low", unit),
        Column("change_high", "change, high", unit),
        Column("n", "outcomes", "integer"),
        Column("why", "remark", "text"),
        Column("meaning", "what it means", "text"),
    )
    rows = tuple(_metric(name, number, report.before) for name, number in metrics.items())
    title = "How often" if unit == "share" else "How far off"
    return Table(title, columns, rows, channel=("metric", "now", "now_low", "now_high", "before"))


def _metric(name: str, now: Number, before: Metrics) -> tuple[Cell, ...]:
    was = before.get(name, _NOTHING)
    moved = change(now, was) if was.value is not None and now.value is not None else _NOTHING
    return (
        METRICS[name].label,
        *_estimate(now),
        was.value,
        *_estimate(moved),
        now.n,
        now.why,
        METRICS[name].meaning,
    )


def _parts(parts: Iterable[Part], by: str) -> Table:
    listed = list(parts)
    names = _names(listed)
    rows = [
        ("(empty)" if part.value is None else str(part.value), *_line(part.metrics, names))
        for part in listed
    ]
    worst_first = sorted(rows, key=lambda row: row[2] if isinstance(row[2], float) else 2.0)
    label = by.replace("_", " ")
    return Table(
        f"By {label}",
        (Column(by, label, "text"), *_columns(names)),
        tuple(worst_first),
        channel=(by, "n", names[0], f"{names[0]}_low", f"{names[0]}_high") if names else (),
    )


def _days(report: Report, zone: ZoneInfo) -> Table:
    names = list(dict.fromkeys(name for each in report.days for name in each.metrics))
    rows = [
        (
            datetime.combine(each.day, time(), zone),
            each.state.value,
            each.arrived.n,
            each.arrived.value,
            *_line(each.metrics, names),
        )
        for each in report.days
    ]
    columns = (
        Column("day", "day", "time"),
        Column("state", "outcomes", "text"),
        Column("rows", "requests", "integer"),
        Column("arrived", "outcomes in", "share"),
        *_columns(names),
    )
    shown = ("day", "state", "rows", "arrived", *names[:1])
    return Table("By day", columns, tuple(rows), channel=shown)


def _chunks(chunks: Iterable[Part]) -> Table:
    listed = list(chunks)
    names = _names(listed)
    rows = [(part.dataset.value, part.value, *_line(part.metrics, names)) for part in listed]
    columns = (
        Column("dataset", "data", "text"),
        Column("chunk", "chunk", "integer"),
        *_columns(names),
    )
    return Table("By chunk", columns, tuple(rows))


def _names(parts: Iterable[Part]) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part.metrics))


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    found = [Column("n", "outcomes", "integer")]
    for name in names:
        unit: ColumnType = METRICS[name].unit
        label = METRICS[name].label
        found += [Column(f"{name}{key}", f"{label}{word}", unit) for key, word in _ESTIMATE]
    return tuple(found)


def _line(metrics: Metrics, names: Iterable[str]) -> tuple[Cell, ...]:
    n = max((number.n for number in metrics.values()), default=0)
    return (n, *(cell for name in names for cell in _estimate(metrics.get(name, _NOTHING))))


def _estimate(number: Number) -> tuple[Cell, ...]:
    return (number.value, number.low, number.high)
