"""The tables of one request: inputs, steps, weights, other decisions, similar requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.formulas.tree import written
from queries.core.log import Log
from queries.core.value import Cell, ColumnType
from queries.measures.columns.open import ROLES, is_open
from queries.trace.formula_values import Cannot
from queries.trace.phrases import exact, place, ranked, result, week
from queries.trace.report import Traced
from queries.trace.request import Row
from queries.trace.transformations import Step, Verdict
from queries.trace.untold import Untold

OTHERS = 12
"""So many other decisions stand in a table, those nearest in time."""

_SAID = {
    Verdict.MATCHES: "matches",
    Verdict.DIFFERS: "differs",
    Verdict.NOT_LOGGED: "not in the log",
    Verdict.CANNOT: "can't be computed",
    Verdict.NOT_SHOWN: "not shown",
}
_FACTS = ("request_id", "entity_id", "time", "version", "decision", "score", "threshold")


def tables(found: Traced, log: Log, left: Sequence[Untold]) -> tuple[Table, ...]:
    """Give every table that has rows; the inputs come first."""
    every = (
        _inputs(found),
        _steps(found),
        _weights(found),
        _others(found, log),
        _similar(found),
        _rest(found, log),
        _left(left),
    )
    return tuple(table for table in every if table.rows)


def _inputs(found: Traced) -> Table:
    rows = tuple(
        (
            one.name,
            exact(one.value),
            one.middle.value if one.middle else None,
            one.common,
            one.n,
            place(one),
        )
        for one in ranked(found)
    )
    columns = (
        Column("input", "input", "text"),
        Column("value", "value", "text"),
        Column("below", "share below", "share"),
        Column("same", "share the same", "share"),
        Column("n", "with a value", "integer"),
        Column("place", f"among requests {week(found)}", "text"),
    )
    note = (
        "The most unusual first. In the spreadsheet, “share below” counts half of those with the "
        "same value."
    )
    return Table("Inputs", columns, rows, ("input", "value", "place"), channel_rows=12, note=note)


def _steps(found: Traced) -> Table:
    columns = (
        Column("transformation", "transformation", "text"),
        Column("expression", "made as", "text"),
        Column("with", "with its values", "text"),
        Column("computed", "comes to", "text"),
        Column("logged", "logged", "text"),
        Column("verdict", "verdict", "text"),
        Column("off", "requests off", "integer"),
        Column("looked_at", "of those looked at", "integer"),
    )
    return Table("Transformations", columns, tuple(_step(found, step) for step in found.steps))


def _step(found: Traced, step: Step) -> tuple[Cell, ...]:
    times, filled = found.off.get(step.name), ""
    if step.inputs is not None:
        filled = written(step.formula, {name: exact(each) for name, each in step.inputs.items()})
    verdict = _SAID[step.verdict]
    if step.verdict is Verdict.CANNOT and isinstance(step.value, Cannot):
        verdict = f"{verdict}: {step.value.why}"
    return (
        step.name,
        written(step.formula),
        filled,
        result(step.value),
        result(step.logged),
        verdict,
        times.off if times else None,
        times.computable if times else None,
    )


def _weights(found: Traced) -> Table:
    columns = (
        Column("input", "input", "text"),
        Column("value", "value", "text"),
        Column("moved", "moved the score by", "number"),
        Column("column", "logged as", "text"),
    )
    rows = tuple(
        (each.input, _own(found, each.input), each.value, each.column)
        for each in found.attributions
    )
    return Table("What weighed most", columns, rows)


def _own(found: Traced, name: str) -> str | None:
    return exact(found.row[name]) if name in found.row else None


_HISTORY: Sequence[tuple[str, ColumnType]] = (
    ("time", "time"),
    ("request_id", "text"),
    ("version", "text"),
    ("score", "number"),
    ("threshold", "number"),
    ("decision", "text"),
    ("prediction", "text"),
    ("override_reason", "text"),
    ("outcome", "text"),
)


def _others(found: Traced, log: Log) -> Table:
    """The entity's decisions on a time line, this one among them."""
    rows = found.found.others
    instead = "prediction" if is_open(log, "decision") else "decision"
    shown = [(name, kind) for name, kind in _HISTORY if is_open(log, name) and name != instead]
    at = found.found.time
    near = sorted(rows, key=lambda row: _away(row, at))[:OTHERS]
    listed = sorted([found.row, *near], key=_when, reverse=True) if rows else []
    columns = tuple(Column(name, name.replace("_", " "), kind) for name, kind in shown)
    cells = tuple(
        (*(_cell(row.get(name), kind) for name, kind in shown), row is found.row) for row in listed
    )
    left = found.found.others_in_all - len(near)
    note = f"And {words.count(left)} more, further away in time." if left > 0 else ""
    this = Column("this", "this one", "boolean")
    return Table("Decisions over time", (*columns, this), cells, note=note)


def _away(row: Row, at: datetime | None) -> float:
    when = row.get("time")
    return abs((when - at).total_seconds()) if at and isinstance(when, datetime) else 0.0


def _when(row: Row) -> float:
    when = row.get("time")
    return when.timestamp() if isinstance(when, datetime) else 0.0


def _cell(value: Cell, kind: ColumnType) -> Cell:
    if kind == "text":
        return None if value is None else exact(value) if not isinstance(value, str) else value
    if kind == "number":
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, datetime) else None


def _similar(found: Traced) -> Table:
    """Requests decided otherwise: never whose, which, or exactly when."""
    inputs = _telling(found)
    columns = (
        Column("decision", "decision", "text"),
        Column("score", "score", "number"),
        Column("distance", "distance", "number"),
        *(Column(f"input {name}", name, "text") for name in inputs),
    )
    own = [_own(found, name) for name in inputs]
    mine = (_own(found, "decision"), _cell(found.row.get("score"), "number"), 0.0, *own)
    rows = []
    for each in found.comparable:
        theirs = {gap.name: exact(gap.theirs) for gap in each.gaps}
        values = [theirs[name] for name in inputs]
        rows.append((exact(each.decision), _cell(each.score, "number"), each.distance, *values))
    return Table(
        "Similar, decided otherwise",
        columns,
        (mine, *rows) if rows else (),
        note="The first row is this request. Of the others neither ids nor times are shown.",
    )


def _telling(found: Traced, most: int = 5) -> list[str]:
    """The inputs in which the similar requests differ most."""
    sizes: dict[str, float] = {}
    for each in found.comparable:
        for gap in each.gaps:
            sizes[gap.name] = sizes.get(gap.name, 0.0) + gap.size
    return sorted(sizes, key=lambda name: -sizes[name])[:most]


def _rest(found: Traced, log: Log) -> Table:
    """What else the log has of this request."""
    source = log.source
    elsewhere = {*_FACTS, *source.features, *source.transformed, *source.attributions}
    names = dict.fromkeys((*ROLES, *source.dimensions, *found.row))
    rows = tuple(
        (name.replace("_", " "), _written(found.row[name]))
        for name in names
        if name in found.row and name not in elsewhere and found.row[name] not in (None, "")
    )
    columns = (Column("column", "column", "text"), Column("value", "value", "text"))
    return Table("The rest of the record", columns, rows)


def _written(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return exact(value)


def _left(left: Sequence[Untold]) -> Table:
    columns = (Column("what", "what", "text"), Column("why", "why", "text"))
    rows = tuple((each.what, each.why) for each in left)
    return Table("Could not be traced", columns, rows)
