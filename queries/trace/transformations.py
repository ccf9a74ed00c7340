"""Each declared transformation computed again: for one request, and for those around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from queries.core.doors.constructs import Bucket
from queries.core.formulas.order import transformations
from queries.core.formulas.tree import Formula, columns
from queries.core.log import Log
from queries.core.times.spans import Span, naive
from queries.core.value import Cell
from queries.measures.columns.open import is_open
from queries.measures.counting.expressions import Expression, count_where
from queries.trace.computed import computed, number_of
from queries.trace.formula_values import (
    TOLERANCE,
    Cannot,
    Row,
    Value,
    input_value,
    matches,
    value_of,
)

PIECE = 100
"""So many requests, on average, are a piece of time, to find since when a step is off.

Fewer could all be of a part in which it isn't, so that a stretch would seem to end.
"""

_SHORTEST = 300


class Verdict(StrEnum):
    """How a logged value compares with the computed one."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_LOGGED = "not logged"
    CANNOT = "can't be computed"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Step:
    """One transformation of one request. ``logged`` and ``value`` are None where not shown."""

    name: str
    formula: Formula
    verdict: Verdict
    logged: Value | None = None
    value: Value | None = None
    inputs: Row | None = None

    @property
    def off(self) -> bool:
        """Say whether the log holds something else than what was declared."""
        return self.verdict in (Verdict.DIFFERS, Verdict.NOT_LOGGED)


@dataclass(frozen=True)
class OffTimes:
    """How many of the requests around a transformation was off for, and in which stretch.

    ``computable`` are those for which it can be computed. The stretch holds the request: from
    ``since`` to ``until``, with ``stretch`` requests of which ``stretch_off`` were off;
    ``goes_on`` says that it reaches the last request looked at; ``alike`` has the dimensions in
    which all that were off in the stretch have the same value.
    """

    computable: int
    off: int
    since: datetime | None = None
    until: datetime | None = None
    stretch: int = 0
    stretch_off: int = 0
    goes_on: bool = False
    alike: Mapping[str, str] = field(default_factory=dict)


def steps_of(log: Log, row: Row) -> tuple[Step, ...]:
    """Compute each transformation of a request, in the order in which they are made.

    What is made of another transformation is computed from that one's logged value, so that only
    the step that is off is told; from the computed one where none is logged.
    """
    values: dict[str, Cell] = dict(row)
    found = []
    for name, formula in transformations(log.source.transformed).items():
        step = _step(log, name, formula, values)
        if step.verdict is Verdict.NOT_LOGGED and isinstance(step.value, float):
            values[name] = step.value
        found.append(step)
    return tuple(found)


def _step(log: Log, name: str, formula: Formula, row: Row) -> Step:
    if not _shown(log, name, formula):
        return Step(name, formula, Verdict.NOT_SHOWN)
    inputs = {each: row.get(each) for each in columns(formula)}
    value, logged = value_of(formula, row), input_value(name, row.get(name))
    return Step(
        name=name,
        formula=formula,
        verdict=_verdict(logged, value),
        logged=logged,
        value=value,
        inputs=inputs,
    )


def _shown(log: Log, name: str, formula: Formula) -> bool:
    return all(is_open(log, each) for each in (name, *columns(formula)))


def _verdict(logged: Value, value: Value) -> Verdict:
    if isinstance(value, Cannot):
        return Verdict.CANNOT
    if isinstance(logged, Cannot):
        return Verdict.NOT_LOGGED
    return Verdict.MATCHES if matches(logged, value) else Verdict.DIFFERS


def piece(span: Span, rows: int) -> int:
    """Give the seconds in which about ``PIECE`` of so many requests in a span come."""
    length = (span.end - span.start).total_seconds()
    return max(_SHORTEST, round(length * PIECE / max(rows, 1)))


def off_times(
    log: Log, steps: Sequence[Step], span: Span | None, at: datetime | None, seconds: int
) -> Mapping[str, OffTimes]:
    """Count for which requests of a span each step is off, in one pass, and since when.

    ``seconds`` is the length of the pieces of time that are told apart.
    Each step stands on others, so that all are computed in selects over one another.
    """
    checked = {s.name: s.formula for s in steps if s.verdict is not Verdict.NOT_SHOWN}
    if not checked:
        return {}
    dimensions = [each for each in log.dimensions if is_open(log, each)] if span and at else []
    also = {f"logged {name}": number_of(log, name) for name in checked}
    also |= {f"of {each}": log.column(each) for each in dimensions if log.kind(each) == "text"}
    if span is None or at is None:
        rows, values = computed(log, checked, also, None if span is None else (span,))
        counted = log.run(_counted(rows, values, sa.literal(0)))
        return {name: _in_all(counted, name) for name in checked}
    rows, values = computed(log, checked, {**also, "time": log.column("time")}, (span,))
    bucket = Bucket(rows.c["time"], naive(span.start), seconds)
    counted = sorted(log.run(_counted(rows, values, bucket)), key=lambda row: row["bucket"])
    mine = int((at - span.start).total_seconds()) // seconds
    return {name: _times(counted, name, mine) for name in checked}


def _counted(
    rows: sa.FromClause, values: Mapping[str, Expression], bucket: Expression
) -> sa.Select[Any]:
    """Count, for each piece of time and step, the requests that are off, when and in which part."""
    flags = {
        name: (value.label(f"value {name}"), _is_off(rows.c[f"logged {name}"], value))
        for name, value in values.items()
    }
    labelled = [each for name, (value, off) in flags.items() for each in (value, off.label(name))]
    parts = [each for each in rows.c if each.name == "time" or each.name.startswith("of ")]
    flagged = sa.select(bucket.label("bucket"), *parts, *labelled).subquery()
    measures: dict[str, Expression] = {}
    for name in values:
        off = flagged.c[name]
        measures[f"computable {name}"] = sa.func.count(flagged.c[f"value {name}"])
        measures[f"off {name}"] = count_where(off)
        for part in parts:
            ends = sa.case((off, flagged.c[part.name]))
            measures[f"least {part.name} {name}"] = sa.func.min(ends)
            measures[f"most {part.name} {name}"] = sa.func.max(ends)
    counts = [each.label(name) for name, each in measures.items()]
    return sa.select(flagged.c.bucket, *counts).group_by(flagged.c.bucket)


def _is_off(logged: Expression, value: Expression) -> sa.ColumnElement[bool]:
    most = sa.func.greatest(sa.literal(1.0, sa.Double), sa.func.abs(logged), sa.func.abs(value))
    differs = sa.func.abs(logged - value) > sa.literal(TOLERANCE, sa.Double) * most
    return sa.and_(value.is_not(None), sa.or_(logged.is_(None), differs))


def _in_all(counted: Sequence[Mapping[str, Any]], name: str) -> OffTimes:
    computable = sum(row[f"computable {name}"] for row in counted)
    return OffTimes(int(computable), int(sum(row[f"off {name}"] for row in counted)))


def _times(counted: Sequence[Mapping[str, Any]], name: str, mine: int) -> OffTimes:
    """Find the stretch around a piece of time: what was computed there was off without a break."""
    whole = _in_all(counted, name)
    # A piece in which nothing could be computed neither ends nor begins a stretch.
    known = [row for row in counted if row[f"computable {name}"]]
    at = next((k for k, row in enumerate(known) if row["bucket"] == mine), None)
    if at is None or not known[at][f"off {name}"]:
        return whole
    first = last = at
    while first and known[first - 1][f"off {name}"]:
        first -= 1
    while last + 1 < len(known) and known[last + 1][f"off {name}"]:
        last += 1
    stretch = known[first : last + 1]
    held = _in_all(stretch, name)
    return replace(
        whole,
        since=_aware(stretch[0][f"least time {name}"]),
        until=_aware(stretch[-1][f"most time {name}"]),
        stretch=held.computable,
        stretch_off=held.off,
        goes_on=last + 1 == len(known),
        alike=_alike(stretch, name),
    )


def _alike(stretch: Sequence[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The dimensions in which all that are off have one value."""
    columns = [key.removeprefix("least ") for key in stretch[0] if key.startswith("least of ")]
    found = {}
    for column in columns:
        if not column.endswith(f" {name}"):
            continue
        values = {row[f"{end} {column}"] for row in stretch for end in ("least", "most")}
        if len(values) == 1 and (value := values.pop()) not in (None, ""):
            found[column.removeprefix("of ").removesuffix(f" {name}")] = str(value)
    return found


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
