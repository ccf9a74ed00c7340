"""What a model says as tables: shares, averages, slices, and how a number is spread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.measures.columns.spreads import Spread
from queries.outputs.changes import OutputChange
from queries.outputs.report import Shape
from queries.outputs.slices import OutputSlice
from queries.outputs.told import Told, named
from queries.wording.differences import least_that_matters


def tables(told: Told) -> tuple[Table, ...]:
    """The outputs first, the lead's kind on top; by slice where asked; then everything else."""
    report = told.report
    lead = report.lead.output.unit
    found = [
        _outputs(unit, [each for each in report.changes if each.output.unit == unit])
        for unit in sorted(("share", "number"), key=lambda unit: unit != lead)
    ]
    outputs = [table for table in found if table.rows]
    dimensions = dict.fromkeys(each.dimension for each in report.slices)
    slices = [_slices(name, told, report.slices) for name in dimensions]
    rest = _of_shape(report.shape) if report.shape else []
    return (*slices, *outputs, *rest) if told.by else (*outputs, *slices, *rest)


_DIFFERENCES = ("change", "apart")


def _of_differences(unit: ColumnType) -> ColumnType:
    return "points" if unit == "share" else unit


def _estimates(unit: ColumnType, *names: str) -> tuple[Column, ...]:
    """Give three columns an estimate; differences of shares are in percentage points."""
    found: list[Column] = []
    for name in names:
        type_ = _of_differences(unit) if name in _DIFFERENCES else unit
        for end, label in (("", name), ("_low", f"{name}, low"), ("_high", f"{name}, high")):
            found.append(Column(f"{name}{end}", label, type_))
    return tuple(found)


def _ends(number: Number) -> tuple[Cell, ...]:
    return number.value, number.low, number.high


def _points(number: Number) -> tuple[Cell, ...]:
    """Give a difference: of shares in percentage points."""
    factor = 100 if number.unit == "share" else 1
    ends = (number.value, number.low, number.high)
    return tuple(None if each is None else factor * each for each in ends)


def _outputs(unit: str, changes: Sequence[OutputChange]) -> Table:
    type_: ColumnType = "share" if unit == "share" else "number"
    columns = (
        Column("output", "what", "text"),
        Column("value", "answer", "text"),
        Column("verdict", "verdict", "text"),
        Column("requests", "requests with it", "integer"),
        *_estimates(type_, "now", "before", "change"),
        least_that_matters(type_),
        Column("q", "p, corrected", "number"),
    )
    title = "Shares" if unit == "share" else "Averages"
    shown = ("output", "value", "verdict", "before", "now", "change")
    channel = shown if unit == "share" else tuple(name for name in shown if name != "value")
    return Table(title, columns, tuple(map(_output, changes)), channel=channel)


def _output(each: OutputChange) -> tuple[Cell, ...]:
    return (
        named(each.output.name),
        each.output.value or "average",
        each.verdict.value,
        each.now.n,
        *_ends(each.now),
        *_ends(each.before),
        *_points(each.change),
        100 * each.least if each.output.value is not None else each.least,
        each.q,
    )


def _slices(dimension: str, told: Told, slices: Sequence[OutputSlice]) -> Table:
    unit, name = told.report.lead.output.unit, named(dimension)
    columns = (
        Column("slice", name, "text"),
        Column("requests", "requests with it", "integer"),
        *_estimates(unit, "now", "before", "change", "apart"),
        Column("q", "p, corrected", "number"),
        Column("stands_out", "stands out", "boolean"),
    )
    rows = [_slice(each) for each in slices if each.dimension == dimension]
    channel = ("slice", "requests", "before", "now", "change", "stands_out")
    note = "In the spreadsheet, “apart” is how much more it changed than the rest."
    return Table(f"By {name}", columns, tuple(rows), channel=channel, note=note)


def _slice(each: OutputSlice) -> tuple[Cell, ...]:
    return (
        words.whole_value(each.value),
        each.now.n,
        *_ends(each.now),
        *_ends(each.before),
        *_points(each.change),
        *_points(each.apart),
        each.q,
        each.stands_out,
    )


def _of_shape(shape: Shape) -> list[Table]:
    """A number's quantiles, and the shares of its bins."""
    name = named(shape.compared.name)
    quantiles = Table(
        f"Quantiles of {name}",
        (Column("quantile", "of all", "share"), *_estimates("number", "before", "now")),
        tuple((q, *_ends(before), *_ends(now)) for q, (before, now) in shape.quantiles.items()),
        note="So large a share of the values lies at or below.",
    )
    return [quantiles, _spread(name, shape.spread)] if shape.spread else [quantiles]


def _spread(name: str, spread: Spread) -> Table:
    columns = (
        Column("from", f"{name} from", "number"),
        Column("to", "to", "number"),
        Column("before", "before", "share"),
        Column("now", "now", "share"),
    )
    bins = zip(pairwise(spread.edges), spread.before, spread.now, strict=True)
    rows = tuple((low, high, before, now) for (low, high), before, now in bins)
    return Table(f"How {name} is spread", columns, rows)
