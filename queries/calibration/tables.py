"""Calibration as tables."""

from __future__ import annotations

from collections.abc import Iterable

from queries.calibration.report import ClassCalibration
from queries.calibration.told import Told
from queries.core import words
from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.statistics.calibration import Calibration
from queries.wording.differences import in_points

_MEASURED = (
    Column("n", "outcomes", "integer"),
    Column("error", "calibration error", "share"),
    Column("error_low", "calibration error, low", "share"),
    Column("error_high", "calibration error, high", "share"),
    Column("plain", "before chance is taken off", "share"),
    Column("chance", "chance alone", "share"),
    Column("chance_high", "chance alone, at most", "share"),
    Column("lean", "came true less said", "points"),
    Column("lean_low", "came true less said, low", "points"),
    Column("lean_high", "came true less said, high", "points"),
    Column("brier", "Brier score", "number"),
    Column("brier_low", "Brier score, low", "number"),
    Column("brier_high", "Brier score, high", "number"),
    Column("why", "remark", "text"),
)
_SHOWN = ("n", "error", "error_low", "error_high")


def tables(told: Told) -> tuple[Table, ...]:
    """The slices first where the question is split, then the bins, the measures and the chunks."""
    found = [_measures(told)]
    if told.now.bins:
        found.insert(0, _bins(told))
    if told.by and told.worst.slices:
        found.insert(0, _slices(told, told.by))
    if any(each.chunks for each in told.report.classes):
        found.append(_chunks(told.report.classes))
    return tuple(found)


def _bins(told: Told) -> Table:
    several = told.asked.source.task == "multiclass"
    columns = (
        *((Column("class", "class", "text"),) if several else ()),
        Column("said", "it said", "share"),
        Column("came", "came true", "share"),
        Column("low", "came true, low", "share"),
        Column("high", "came true, high", "share"),
        Column("gap", "came true less said", "points"),
        Column("n", "outcomes", "integer"),
    )
    rows = [
        (
            *((each.label,) if several else ()),
            one.said,
            one.came.value,
            one.came.low,
            one.came.high,
            in_points(one.gap),
            one.n,
        )
        for each in told.report.classes
        for one in each.now.bins
    ]
    shown = (*(("class",) if several else ()), "said", "came", "low", "high", "n")
    return Table("What it said and what came true", columns, tuple(rows), channel=shown)


def _measures(told: Told) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in told.report.classes:
        rows.append((each.label, "production", *_line(each.now)))
        if each.before is not None:
            rows.append((each.label, "reference", *_line(each.before)))
    columns = (Column("class", "class", "text"), Column("dataset", "data", "text"), *_MEASURED)
    return Table("How far off", columns, tuple(rows), channel=("class", "dataset", *_SHOWN))


def _slices(told: Told, by: str) -> Table:
    label = by.replace("_", " ")
    columns = (Column(by, label, "text"), *_MEASURED)
    rows = tuple((words.whole_value(each.value), *_line(each.found)) for each in told.worst.slices)
    return Table(f"By {label}", columns, rows, channel=(by, *_SHOWN))


def _chunks(classes: Iterable[ClassCalibration]) -> Table:
    columns = (
        Column("class", "class", "text"),
        Column("dataset", "data", "text"),
        Column("chunk", "chunk", "integer"),
        Column("first", "from", "time"),
        Column("last", "to", "time"),
        *_MEASURED,
    )
    rows = tuple(
        (each.label, one.dataset.value, one.chunk, *one.times, *_line(one.found))
        for each in classes
        for one in each.chunks
    )
    return Table("By chunk", columns, rows)


def _line(found: Calibration) -> tuple[Cell, ...]:
    error, lean, brier = found.error, found.lean, found.brier
    return (
        found.n,
        *(error.value, error.low, error.high),
        *(found.plain, found.chance.mean, found.chance.high),
        *map(in_points, (lean.value, lean.low, lean.high)),
        *(brier.value, brier.low, brier.high),
        error.why,
    )
