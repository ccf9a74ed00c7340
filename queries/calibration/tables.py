"""Calibration as tables and as a picture."""

from __future__ import annotations

from collections.abc import Iterable

from queries.calibration.report import ClassCalibration
from queries.calibration.told import CalibrationTold
from queries.core import words
from queries.core.answer import Column, Table
from queries.core.charts import Bar, BarChart, Chart, Curve, CurveChart, Point
from queries.core.value import Cell
from queries.statistics.calibration import Calibration
from queries.wording.differences import in_points

BARS = 12
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


def tables(told: CalibrationTold) -> tuple[Table, ...]:
    """The slices first where the question is split, then the bins, the measures and the chunks."""
    found = [_measures(told)]
    if told.now.bins:
        found.insert(0, _bins(told))
    if told.by and told.worst.slices:
        found.insert(0, _slices(told, told.by))
    if any(each.chunks for each in told.report.classes):
        found.append(_chunks(told.report.classes))
    return tuple(found)


def chart(told: CalibrationTold, title: str) -> Chart | None:
    """Draw what was said against what came true, or the slices where the question is split."""
    if told.is_off is None:
        return None
    return _slice_bars(told, title) if told.by and told.worst.slices else _curves(told, title)


def _bins(told: CalibrationTold) -> Table:
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


def _measures(told: CalibrationTold) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in told.report.classes:
        rows.append((each.label, "production", *_line(each.now)))
        if each.before is not None:
            rows.append((each.label, "reference", *_line(each.before)))
    columns = (Column("class", "class", "text"), Column("dataset", "data", "text"), *_MEASURED)
    return Table("How far off", columns, tuple(rows), channel=("class", "dataset", *_SHOWN))


def _slices(told: CalibrationTold, by: str) -> Table:
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


def _curves(told: CalibrationTold, title: str) -> CurveChart:
    curves = [Curve("now", _points(told.now), emphasis=True)]
    before = told.worst.before
    if before is not None and before.error.value is not None:
        curves.append(Curve("reference set", _points(before)))
    pairs = [
        f"{words.share(each.said)} said, {words.share(each.came.value)} came true"
        for each in told.now.bins
    ]
    alt = f"{title}. Curve of what came true against what was said: {'; '.join(pairs)}."
    return CurveChart(
        title,
        alt,
        tuple(curves),
        "share",
        "it said",
        "share",
        "came true",
        diagonal="as stated",
    )


def _points(found: Calibration) -> tuple[Point, ...]:
    points = (
        Point(each.said, each.hits / each.n, each.came.low, each.came.high) for each in found.bins
    )
    return tuple(sorted(points, key=lambda point: point.x))


def _slice_bars(told: CalibrationTold, title: str) -> BarChart | None:
    known = [each for each in told.worst.slices if each.found.error.value is not None][:BARS]
    bars = tuple(
        Bar(
            words.value(each.value),
            each.found.error.value,
            each.found.error.low,
            each.found.error.high,
            reference=told.now.error.value,
            emphasis=each.is_off,
        )
        for each in known
    )
    if not bars:
        return None
    by = str(told.by).replace("_", " ")
    amounts = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Chart of the calibration error by {by}: {amounts}."
    return BarChart(title, alt, bars, "share", "calibration error", reference_label="overall")
