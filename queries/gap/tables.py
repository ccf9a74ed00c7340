"""Production against the reference set as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.gap.told import Told
from queries.measures.performance.metrics import METRICS, meaning
from queries.measures.performance.report import Chunk
from queries.wording.differences import in_points, unit_of_change

_NONE = Number(None, 0)


def tables(told: Told) -> tuple[Table, ...]:
    """The slices first where the question is split, then metrics, ages and chunks."""
    found = _metrics(told)
    if told.by and told.gap.parts:
        found.insert(0, _parts(told, told.by))
    if told.gap.ages:
        found.append(_ages(told))
    if told.report.chunks:
        found.append(_chunks(told.report.chunks, told.metric))
    return tuple(found)


def _metrics(told: Told) -> list[Table]:
    """One line a metric; shares and numbers in a unit of their own stand in tables apart."""
    by_unit: dict[ColumnType, list[str]] = {}
    for name in told.report.metrics:
        by_unit.setdefault(METRICS[name].unit, []).append(name)
    titles: Mapping[ColumnType, str] = {"share": "How often", "number": "How far off"}
    if told.asked.source.task == "regression":
        titles = {"share": "How far off, as a share", "number": "How far off"}
    return [_metrics_in(told, unit, titles[unit], names) for unit, names in by_unit.items()]


def _metrics_in(told: Told, unit: ColumnType, title: str, names: Iterable[str]) -> Table:
    rows = []
    for name in names:
        now = told.report.metrics[name]
        was, moved = told.gap.before.metrics.get(name, _NONE), told.moved(name) or _NONE
        verdict = told.worse(name) if moved.value is not None else None
        rows.append(
            (
                METRICS[name].label,
                *(*_cells(now), *_cells(was), *_change(moved, unit)),
                *(verdict, now.n, was.n, now.why or was.why),
                meaning(name, told.asked.source.task),
            )
        )
    columns = (
        Column("metric", "metric", "text"),
        *_estimate("production", "production", unit),
        *_estimate("reference", "reference", unit),
        *_estimate("gap", "gap", unit_of_change(unit)),
        Column("worse", "worse by enough", "boolean"),
        Column("n", "outcomes", "integer"),
        Column("n_reference", "outcomes, reference", "integer"),
        Column("why", "remark", "text"),
        Column("meaning", "what it means", "text"),
    )
    shown = ("metric", "production", "reference", "gap", "gap_low", "gap_high")
    return Table(title, columns, tuple(rows), channel=shown)


def _parts(told: Told, by: str) -> Table:
    metric, label = told.metric, by.replace("_", " ")
    unit = METRICS[metric].unit
    rows = tuple(
        (
            words.whole_value(part.value),
            part.now[metric].n,
            *_cells(part.now[metric]),
            *_cells(part.before[metric]),
            *_change(part.gap, unit),
            *(part.worse, part.own),
        )
        for part in told.gap.parts
    )
    columns = (
        Column(by, label, "text"),
        Column("n", "outcomes", "integer"),
        *_estimate("production", f"{METRICS[metric].label}, production", unit),
        *_estimate("reference", "reference", unit),
        *_estimate("gap", "gap", unit_of_change(unit)),
        Column("worse", "worse by enough", "boolean"),
        Column("own", "against its own in the reference", "boolean"),
    )
    return Table(f"By {label}", columns, rows, channel=(by, "n", "production", "reference", "gap"))


def _ages(told: Told) -> Table:
    metric = told.metric
    rows = tuple(
        (
            words.whole_value(age.version),
            age.week,
            "the log's beginning" if age.from_start else "first seen",
            age.metrics[metric].n,
            *_cells(age.metrics[metric]),
        )
        for age in told.gap.ages
    )
    columns = (
        Column("version", "version", "text"),
        Column("week", "week", "integer"),
        Column("since", "counted from", "text"),
        Column("n", "outcomes", "integer"),
        *_estimate(metric, METRICS[metric].label, METRICS[metric].unit),
    )
    return Table("By age of the version", columns, rows)


def _chunks(chunks: Iterable[Chunk], metric: str) -> Table:
    rows = tuple(
        (
            *(each.dataset.value, each.chunk, *each.times),
            each.metrics[metric].n,
            *_cells(each.metrics[metric]),
        )
        for each in chunks
    )
    columns = (
        Column("dataset", "data", "text"),
        Column("chunk", "chunk", "integer"),
        Column("first", "from", "time"),
        Column("last", "to", "time"),
        Column("n", "outcomes", "integer"),
        *_estimate(metric, METRICS[metric].label, METRICS[metric].unit),
    )
    return Table("By chunk", columns, rows)


def _estimate(name: str, label: str, unit: ColumnType) -> tuple[Column, ...]:
    return (
        Column(name, label, unit),
        Column(f"{name}_low", f"{label}, low", unit),
        Column(f"{name}_high", f"{label}, high", unit),
    )


def _cells(number: Number) -> tuple[Cell, ...]:
    return (number.value, number.low, number.high)


def _change(moved: Number, unit: ColumnType) -> tuple[Cell, ...]:
    cells = (moved.value, moved.low, moved.high)
    return tuple(map(in_points, cells)) if unit == "share" else cells
