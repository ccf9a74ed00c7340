"""What came of it as tables: by decision, by score band, both sides by slice, by dimension."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.cases.counts import Cases
from queries.measures.cases.sides import SliceSides, TwoSides, estimate
from queries.outcomes.told import Told
from queries.wording.differences import points_of, unit_of_change
from queries.wording.parts import part_name
from queries.wording.score_bands import band_name

ROWS = 500


def tables(told: Told) -> tuple[Table, ...]:
    """What was asked to split by first; else by decision, score band, both sides, dimensions."""
    return tuple(_tables(told)) if told.report.whole.rows else ()


def _tables(told: Told) -> Iterator[Table]:
    report = told.report
    if told.by:
        yield from _dimensions(told)
    if report.decisions:
        rows = [(words.value(value), cases) for value, cases in report.decisions.items()]
        yield _listed(told, "By decision", "decision", [*rows, ("all", report.whole)])
    else:
        yield _listed(told, "In all", "slice", [("all", report.whole)])
    if report.bands:
        yield _bands(told)
    if report.versus:
        yield _sides(told, f"Outcome: {_names(told)}", report.versus.outcome)
        if report.versus.worth:
            yield _sides(told, f"Value: {_names(told)}", report.versus.worth)
    if not told.by:
        yield from _dimensions(told)


def _dimensions(told: Told) -> Iterator[Table]:
    slices = told.report.slices or {}
    for name in dict.fromkeys(dimension for dimension, _ in slices):
        rows = [(words.value(key[1]), each) for key, each in slices.items() if key[0] == name]
        label = name.replace("_", " ")
        yield _listed(told, f"By {label}", label, rows)


def _names(told: Told) -> str:
    first, second = told.sides
    return f"{first} and {second}"


def _measured(told: Told) -> tuple[Column, ...]:
    unit = told.unit
    columns = (
        Column("requests", "requests", "integer"),
        Column("n", "outcomes", "integer"),
        Column("outcome", told.came, unit),
        Column("outcome_low", f"{told.came}, low", unit),
        Column("outcome_high", f"{told.came}, high", unit),
    )
    if not told.value:
        return columns
    return (
        *columns,
        Column("value_n", f"{told.value}, n", "integer"),
        Column("value", f"{told.value}, average", "number"),
        Column("value_low", "average, low", "number"),
        Column("value_high", "average, high", "number"),
        Column("value_total", f"{told.value}, in all", "number"),
    )


def _line(told: Told, cases: Cases) -> tuple[Cell, ...]:
    line = (cases.rows, cases.outcome.n, *_ends(told.outcome(cases.outcome)))
    if not told.value:
        return line
    worth = cases.worth
    total = worth.total if worth.n else None
    return (*line, worth.n, *_ends(estimate(worth, share=False)), total)


def _ends(number: Number) -> tuple[Cell, Cell, Cell]:
    return number.value, number.low, number.high


_SHOWN = ("requests", "n", "outcome", "value", "value_total")


def _listed(told: Told, title: str, label: str, rows: Sequence[tuple[str, Cases]]) -> Table:
    columns = (Column("what", label, "text"), *_measured(told))
    shown = tuple(name for name in _SHOWN if told.value or not name.startswith("value"))
    ranked = sorted(rows[:ROWS], key=lambda row: (row[0] == "all", -row[1].rows, row[0]))
    lines = tuple((name, *_line(told, cases)) for name, cases in ranked)
    return Table(title, columns, lines, channel=("what", *shown))


def _bands(told: Told) -> Table:
    """The bands from the highest score on, with lift and gain where they are known."""
    report = told.report
    lift = {each.band: each for each in report.lift.bands} if report.lift else {}
    columns = [Column("band", "score", "text"), *_measured(told)]
    found = (
        Column("lift", "lift", "number"),
        Column("lift_low", "lift, low", "number"),
        Column("lift_high", "lift, high", "number"),
        Column("taken", "cases so far", "share"),
        Column("gain", "found so far", "share"),
        Column("gain_low", "found, low", "share"),
        Column("gain_high", "found, high", "share"),
    )
    columns += found if lift else ()
    rows = []
    bands = report.bands or {}
    for at in sorted(bands, reverse=bool(report.lift is None or report.lift.positive)):
        cells: tuple[Cell, ...] = (band_name(report.score, at), *_line(told, bands[at]))
        if lift:
            one = lift.get(at)
            more = (*_ends(one.lift), one.taken, *_ends(one.gain)) if one else (None,) * len(found)
            cells = (*cells, *more)
        rows.append(cells)
    note = ""
    if report.lift:
        sought = told.positive if report.lift.positive else f"not {told.positive}"
        note = f"Lift and “found so far” look for {sought}, the rarer, from the first row on."
    shown = ("band", "n", "outcome", *(("lift", "gain") if lift else ()))
    title = "By score band" if report.share else "By predicted size"
    return Table(title, tuple(columns), tuple(rows), channel=shown, channel_rows=10, note=note)


def _sides(told: Told, title: str, sides: TwoSides) -> Table:
    first, second = told.sides
    unit = sides.unit
    columns = (
        Column("slice", "slice", "text"),
        Column("first", first, unit),
        Column("first_low", f"{first}, low", unit),
        Column("first_high", f"{first}, high", unit),
        Column("first_n", f"{first}, n", "integer"),
        Column("second", second, unit),
        Column("second_low", f"{second}, low", unit),
        Column("second_high", f"{second}, high", unit),
        Column("second_n", f"{second}, n", "integer"),
        Column("apart", "difference", unit_of_change(unit)),
        Column("apart_low", "difference, low", unit_of_change(unit)),
        Column("apart_high", "difference, high", unit_of_change(unit)),
        Column("q", "p, corrected", "number"),
        Column("opposite", "says the opposite", "boolean"),
    )
    opposite = set(sides.turned)
    rows = [("all", *_both(sides), None, False)]
    rows += [
        (
            part_name(each.dimension, each.value),
            *_both(each, share=sides.share),
            each.q,
            each in opposite,
        )
        for each in sides.slices[:ROWS]
    ]
    what = told.came if told.report.versus and sides is told.report.versus.outcome else told.value
    shown = ("slice", "first", "second", "apart", "opposite")
    return Table(title, columns, tuple(rows), channel=shown, note=f"Shown is: {what}.")


def _both(sides: TwoSides | SliceSides, share: bool | None = None) -> tuple[Cell, ...]:
    counted = sides.share if isinstance(sides, TwoSides) else bool(share)
    first, second = sides.both
    apart = points_of(sides.apart) if counted else _ends(sides.apart)
    one, two = (_ends(estimate(each, share=counted)) for each in (first, second))
    return (*one, first.n, *two, second.n, *apart)
