"""Each declared transformation computed again: for one request, and for those around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from queries.core.answer import Cell
from queries.core.constructs import Bucket
from queries.core.formula import Formula, columns
from queries.core.formula_order import transformations
from queries.core.logs import Log, Span
from queries.core.spans import naive
from queries.measures.expressions import Expression, count_where, finite
from queries.measures.formula_sql import computed
from queries.measures.formula_values import (
    TOLERANCE,
    Cannot,
    Row,
    Value,
    input_value,
    matches,
    value_of,
)
from queries.measures.open_columns import is_open

BUCKET = 300
"""Seconds: requests are looked at in pieces of this length for since when a step is off."""


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
    ``goes_on`` says that it reaches the last request looked at.
    """

    computable: int
    off: int
    since: datetime | None = None
    until: datetime | None = None
    stretch: int = 0
    stretch_off: int = 0
    goes_on: bool = False


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
    return Step(name, formula, _verdict(logged, value), logged, value, inputs)


def _shown(log: Log, name: str, formula: Formula) -> bool:
    return all(is_open(log, each) for each in (name, *columns(formula)))


def _verdict(logged: Value, value: Value) -> Verdict:
    if isinstance(value, Cannot):
        return Verdict.CANNOT
    if isinstance(logged, Cannot):
        return Verdict.NOT_LOGGED
    return Verdict.MATCHES if matches(logged, value) else Verdict.DIFFERS


def off_times(
    log: Log, steps: Sequence[Step], span: Span | None, at: datetime | None
) -> Mapping[str, OffTimes]:
    """Count for which requests of a span each step is off, in one pass, and since when.

    Each step stands on others, so that all are computed in selects over one another.
    """
    checked = {s.name: s.formula for s in steps if s.verdict is not Verdict.NOT_SHOWN}
    if not checked:
        return {}
    also = {f"logged {name}": finite(log.column(name)) for name in checked}
    dated = span is not None and at is not None
    if dated:
        also["time"] = log.column("time")
    rows, values = computed(log, checked, also, None if span is None else (span,))
    bucket: Expression = sa.literal(0)
    if dated and span is not None:
        bucket = Bucket(rows.c["time"], naive(span.start), BUCKET)
    measures: dict[str, Expression] = {"n": sa.func.count()}
    for i, name in enumerate(checked):
        off = _is_off(rows.c[f"logged {name}"], values[name])
        measures[f"computable{i}"] = sa.func.count(values[name])
        measures[f"off{i}"] = count_where(off)
        if dated:
            when_off = sa.case((off, rows.c["time"]))
            measures[f"first{i}"] = sa.func.min(when_off)
            measures[f"last{i}"] = sa.func.max(when_off)
    labelled = [each.label(name) for name, each in measures.items()]
    select = sa.select(bucket.label("bucket"), *labelled).group_by(sa.literal_column("1"))
    counted = sorted(log.run(select), key=lambda row: row["bucket"] or 0)
    mine = None
    if dated and span is not None and at is not None:
        mine = int((at - span.start).total_seconds()) // BUCKET
    return {name: _times(counted, i, mine) for i, name in enumerate(checked)}


def _is_off(logged: Expression, value: Expression) -> Expression:
    most = sa.func.greatest(sa.literal(1.0, sa.Double), sa.func.abs(logged), sa.func.abs(value))
    differs = sa.func.abs(logged - value) > sa.literal(TOLERANCE, sa.Double) * most
    return sa.and_(value.is_not(None), sa.or_(logged.is_(None), differs))


def _times(counted: Sequence[Mapping[str, Any]], i: int, mine: int | None) -> OffTimes:
    computable = sum(row[f"computable{i}"] for row in counted)
    off = sum(row[f"off{i}"] for row in counted)
    at = next((k for k, row in enumerate(counted) if row["bucket"] == mine), None)
    if mine is None or at is None or not counted[at][f"off{i}"]:
        return OffTimes(computable, off)
    # A piece in which nothing could be computed neither ends nor begins a stretch.
    known = [row for row in counted if row[f"computable{i}"]]
    at = known.index(counted[at])
    first = last = at
    while first and known[first - 1][f"off{i}"]:
        first -= 1
    while last + 1 < len(known) and known[last + 1][f"off{i}"]:
        last += 1
    stretch = known[first : last + 1]
    return OffTimes(
        computable,
        off,
        _aware(stretch[0][f"first{i}"]),
        _aware(stretch[-1][f"last{i}"]),
        sum(row[f"computable{i}"] for row in stretch),
        sum(row[f"off{i}"] for row in stretch),
        goes_on=last + 1 == len(known),
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
