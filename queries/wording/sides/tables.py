"""Two sides as tables: side by side, how they are mixed, by slice and by group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.measures.sides.comparison import slices_of
from queries.measures.sides.judged import Compared
from queries.measures.sides.mixes import Mix
from queries.wording.differences import least_that_matters, points_of, unit_of_change
from queries.wording.sides.names import what
from queries.wording.sides.told import Told


def tables(told: Told) -> tuple[Table, ...]:
    """Side by side first, then by slice, by group, how the requests are mixed, and traffic."""
    found = told.found
    shares = [each for each in found.compared if each.metric.share]
    numbers = [each for each in found.compared if not each.metric.share]
    both = [_side_by_side(told, "share", shares), _side_by_side(told, "number", numbers)]
    listed = [table for table in both if table.rows]
    if found.compared and found.counted.dimension:
        listed.append(_slices(told, found.compared[0]))
    if found.groups and found.favourable:
        listed.append(_groups(told))
    mixes = [_mix(told, each) for each in found.mixes]
    return (*listed, _traffic(told), *mixes)


def ends(name: str, label: str, unit: ColumnType) -> tuple[Column, ...]:
    """Three columns for an estimate."""
    return (
        Column(name, label, unit),
        Column(f"{name}_low", f"{label}, low", unit),
        Column(f"{name}_high", f"{label}, high", unit),
    )


def of_difference(number: Number) -> tuple[Cell, ...]:
    """A difference and its ends: of shares in percentage points."""
    return points_of(number) if number.unit == "share" else _of(number)


def _of(number: Number) -> tuple[Cell, ...]:
    return number.value, number.low, number.high


def _side_by_side(told: Told, unit: ColumnType, compared: Sequence[Compared]) -> Table:
    first, second = told.names.columns
    change = unit_of_change(unit)
    columns = (
        Column("what", "what", "text"),
        Column("verdict", f"{first} is", "text"),
        Column("first_alike", first, unit),
        Column("second_alike", second, unit),
        *ends("within", "difference", change),
        Column("within_n", "compared", "integer"),
        *ends("first", f"{first}, as it came", unit),
        Column("first_n", f"{first}, n", "integer"),
        *ends("second", f"{second}, as it came", unit),
        Column("second_n", f"{second}, n", "integer"),
        *ends("overall", "as they came", change),
        least_that_matters(unit),
        Column("q", "p, corrected", "number"),
    )
    rows = [_compared(each) for each in compared]
    channel: tuple[str, ...] = ("what", "verdict", "first_alike", "second_alike", "within")
    note = ""
    if told.within:
        channel = (*channel, "overall")
        note = "“as they came”: the difference of all requests together. "
        note += f"All else is weighed alike, {told.within}."
    title = "Shares, side by side" if unit == "share" else "Averages, side by side"
    return Table(title, columns, tuple(rows), channel=channel, note=note)


def _compared(each: Compared) -> tuple[Cell, ...]:
    least = 100 * each.least if each.metric.share else each.least
    first, second = each.sides
    return (
        what(each.metric),
        each.verdict.value,
        *(each.inside.means if each.number.value is not None else (None, None)),
        *of_difference(each.number),
        each.inside.rows,
        *_of(first),
        first.n,
        *_of(second),
        second.n,
        *of_difference(each.overall),
        least,
        each.q,
    )


def _slices(told: Told, each: Compared) -> Table:
    first, second = told.names.columns
    unit, name = each.metric.unit, told.found.counted.dimension.replace("_", " ")
    columns = (
        Column("slice", name, "text"),
        Column("first_rows", f"{first}, requests", "integer"),
        Column("second_rows", f"{second}, requests", "integer"),
        Column("first", first, unit),
        Column("second", second, unit),
        *ends("within", "difference", unit_of_change(unit)),
        Column("n", "compared", "integer"),
    )
    rows = []
    for one in slices_of(told.found, each):
        known = one.number.value is not None
        means = one.inside.means if known else (None, None)
        row = (words.value(one.value), *one.rows, *means, *of_difference(one.number))
        rows.append((*row, one.inside.rows))
    channel = ("slice", "first_rows", "second_rows", "first", "second", "within")
    note = f"Shown is “{what(each.metric)}”, at the times at which both served."
    title = f"By {name}, both serving"
    return Table(title, columns, tuple(rows), channel=channel, note=note)


def _groups(told: Told) -> Table:
    first, second = told.names.columns
    columns = (
        Column("attribute", "attribute", "text"),
        Column("group", "group", "text"),
        Column("n", "compared", "integer"),
        Column("first", first, "share"),
        Column("second", second, "share"),
        *ends("change", "difference", "points"),
        Column("against", "held against", "text"),
        *ends("apart", "more than that", "points"),
        Column("q", "p, corrected", "number"),
    )
    rows = []
    for each, q in zip(told.found.groups, told.found.widened, strict=True):
        apart: tuple[Cell, ...] = (None, None, None)
        reference = None
        if each.there is not None:
            apart, reference = points_of(each.apart()), words.value(each.reference)
        group = each.attribute.replace("_", " "), words.value(each.value), each.here.rows
        means, change = each.here.means, points_of(each.here.number())
        rows.append((*group, *means, *change, reference, *apart, q))
    metric = told.found.favourable
    answer = f"Shown is the share of “{metric.value}”. " if metric else ""
    note = f"{answer}“more than that”: how much more it differs than the largest group's does."
    channel = ("group", "n", "first", "second", "change", "apart")
    return Table("By group", columns, tuple(rows), channel=channel, note=note)


def _mix(told: Told, mix: Mix) -> Table:
    first, second = told.names.columns
    name = mix.dimension.replace("_", " ")
    columns = (
        Column("value", name, "text"),
        Column("first_rows", f"{first}, requests", "integer"),
        Column("first", f"{first}, share", "share"),
        Column("second_rows", f"{second}, requests", "integer"),
        Column("second", f"{second}, share", "share"),
    )
    rows = [
        (words.value(value), counts[0], mix.share(value, 0), counts[1], mix.share(value, 1))
        for value, counts in sorted(
            mix.counts.items(), key=lambda each: (-sum(each[1]), str(each[0]))
        )
    ]
    note = f"{words.share(mix.apart)} of the requests would have to lie elsewhere for both alike."
    return Table(f"Mix by {name}", columns, tuple(rows), note=note)


def _traffic(told: Told) -> Table:
    columns = (
        Column("side", "side", "text"),
        Column("requests", "requests", "integer"),
        Column("share", "share of both", "share"),
        Column("first", "first", "time"),
        Column("last", "last", "time"),
    )
    both = told.found.parts["", None]
    total = sum(part.rows for part in both)
    zone = told.asked.reading.zone
    rows = []
    for name, part in zip(told.names.columns, both, strict=True):
        span = part.span
        first = span.start.astimezone(zone) if span else None
        last = (span.end - timedelta.resolution).astimezone(zone) if span else None
        rows.append((name, part.rows, part.rows / total if total else None, first, last))
    return Table("Traffic", columns, tuple(rows))
