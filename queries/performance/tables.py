"""Performance as tables: every metric, every slice, every day, every chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, Metrics, meaning
from queries.measures.performance.report import Chunk
from queries.measures.performance.slices import Part
from queries.measures.performance.tally import Day
from queries.performance.confusion import confusion_tables
from queries.statistics.differences import change
from queries.wording.differences import points_of
from queries.wording.performance.told import Told

_ESTIMATE: tuple[tuple[str, str], ...] = (("", ""), ("_low", ", low"), ("_high", ", high"))
_NOTHING = Number(None, 0)


def tables(told: Told) -> tuple[Table, ...]:
    """The slices first where the question is split, then metrics, days and chunks."""
    report, found = told.report, _metrics(told)
    if report.parts and told.by:
        found.insert(0, _parts(report.parts, told.by))
    if report.days:
        found.append(_days(report.days, told.asked.reading.zone))
    if report.chunks:
        found.append(_chunks(report.chunks))
    return (*found, *confusion_tables(report))


def _metrics(told: Told) -> list[Table]:
    """One line a metric; shares and numbers in a unit of their own stand in tables apart."""
    by_unit: dict[ColumnType, dict[str, Number]] = {}
    for name, number in told.report.metrics.items():
        by_unit.setdefault(METRICS[name].unit, {})[name] = number
    before = told.report.before.metrics if told.report.before else {}
    titles: Mapping[ColumnType, str] = {"share": "How often", "number": "How far off"}
    if told.asked.source.task == "regression":
        titles = {"share": "How far off, as a share", "number": "How far off"}
    return [
        _metrics_in(unit, titles[unit], metrics, before, told) for unit, metrics in by_unit.items()
    ]


def _metrics_in(
    unit: ColumnType, title: str, metrics: Metrics, before: Metrics, told: Told
) -> Table:
    apart: ColumnType = "points" if unit == "share" else unit
    columns = (
        Column("metric", "metric", "text"),
        Column("now", "now", unit),
        Column("now_low", "now, low", unit),
        Column("now_high", "now, high", unit),
        Column("before", "before", unit),
        Column("change", "change", apart),
        Column("change_low", "change, low", apart),
        Column("change_high", "change, high", apart),
        Column("n", "outcomes", "integer"),
        Column("why", "remark", "text"),
        Column("meaning", "what it means", "text"),
    )
    rows = tuple(
        (*_metric(name, number, before), meaning(name, told.asked.source.task))
        for name, number in metrics.items()
    )
    return Table(title, columns, rows, channel=("metric", "now", "now_low", "now_high", "before"))


def _metric(name: str, now: Number, before: Metrics) -> tuple[Cell, ...]:
    was = before.get(name, _NOTHING)
    moved = change(now, was) if was.value is not None and now.value is not None else _NOTHING
    apart = points_of(moved) if METRICS[name].unit == "share" else _estimate(moved)
    return (METRICS[name].label, *_estimate(now), was.value, *apart, now.n, now.why)


def _parts(parts: Sequence[Part], by: str) -> Table:
    names = _names(part.metrics for part in parts)
    label = by.replace("_", " ")
    return Table(
        f"By {label}",
        (Column(by, label, "text"), *_columns(names)),
        tuple((words.whole_value(part.value), *_line(part.metrics, names)) for part in parts),
        channel=(by, "n", names[0], f"{names[0]}_low", f"{names[0]}_high") if names else (),
    )


def _days(days: Sequence[Day], zone: ZoneInfo) -> Table:
    """Every day; metrics of complete ones alone, since early outcomes are not typical."""
    names = _names(each.metrics for each in days)
    rows = [
        (
            datetime.combine(each.day, time(), zone),
            each.state.value,
            each.arrived.n,
            each.arrived.value,
            *_line(each.metrics if each.state is DayState.MATURE else {}, names),
        )
        for each in days
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


def _chunks(chunks: Sequence[Chunk]) -> Table:
    names = _names(each.metrics for each in chunks)
    rows = [
        (each.dataset.value, each.chunk, *each.times, *_line(each.metrics, names))
        for each in chunks
    ]
    columns = (
        Column("dataset", "data", "text"),
        Column("chunk", "chunk", "integer"),
        Column("first", "from", "time"),
        Column("last", "to", "time"),
        *_columns(names),
    )
    return Table("By chunk", columns, tuple(rows))


def _names(parts: Iterable[Metrics]) -> list[str]:
    return list(dict.fromkeys(name for metrics in parts for name in metrics))


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
