"""Everything that the log tells of one decision: places, steps, attributions, comparable ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.measures.columns.open import is_open
from queries.trace.comparable import Comparable, comparable_requests, other_decision
from queries.trace.places import DAYS, INSTANT, Places, around, usual_places
from queries.trace.request import Found, Row
from queries.trace.transformations import OffTimes, Step, off_times, piece, steps_of


@dataclass(frozen=True, slots=True)
class Attribution:
    """How much one input moved the score, as the log has it."""

    column: str
    input: str
    value: float


@dataclass(frozen=True)
class Traced:
    """One request, and everything about it that could be computed.

    ``inputs`` are those that may be shown. ``looked_at`` is the time in which steps were computed
    again; None for a log without times.
    """

    found: Found
    inputs: tuple[str, ...]
    places: Places
    steps: tuple[Step, ...]
    off: Mapping[str, OffTimes]
    looked_at: Span | None
    attributions: tuple[Attribution, ...]
    comparable: tuple[Comparable, ...]

    @property
    def row(self) -> Row:
        """The request's own values."""
        return self.found.row

    @property
    def first_off(self) -> Step | None:
        """The first transformation that is logged otherwise than declared."""
        return next((step for step in self.steps if step.off), None)


def traced(log: Log, found: Found, reading: Reading) -> Traced:
    """Compute what can be told of a request: three passes over the days around it."""
    inputs = tuple(
        name for name in log.source.features if is_open(log, name) and log.kind(name) != "time"
    )
    # Asked only where a time can be placed in it.
    extent = log.extent() if found.time else None
    near = around(found, extent.start if extent else None, reading.data_through)
    scored = [name for name in ("score",) if is_open(log, name) and name not in inputs]
    other = other_decision(log, found.row)
    places = usual_places(log, found, [*inputs, *scored], near, other)
    steps = steps_of(log, found.row)
    looked_at = _looked_at(near.span, found.time, reading.data_through)
    seconds = piece(near.span, places.rows) if near.span else 0
    spreads = {
        name: places.of[name].spread if log.kind(name) == "number" else None for name in inputs
    }
    return Traced(
        found=found,
        inputs=inputs,
        places=places,
        steps=steps,
        off=off_times(log, steps, looked_at, found.time, seconds),
        looked_at=looked_at,
        attributions=_attributions(log, found.row),
        comparable=comparable_requests(log, other, spreads, near.spans)
        if other and places.others
        else (),
    )


def _looked_at(near: Span | None, at: datetime | None, through: datetime | None) -> Span | None:
    """The days before the request, and as many after it as the log has."""
    if near is None or at is None or through is None:
        return near
    return Span(near.start, max(near.end, min(at + DAYS, through + INSTANT)))


def _attributions(log: Log, row: Row) -> tuple[Attribution, ...]:
    """Read the logged attributions, the weightiest first."""
    found = []
    for column in log.source.attributions:
        value = row.get(column)
        if isinstance(value, int | float) and math.isfinite(value):
            found.append(Attribution(column, _input_of(log, column), float(value)))
    return tuple(sorted(found, key=lambda each: -abs(each.value)))


def _input_of(log: Log, column: str) -> str:
    """The input that an attribution is of: the longest name that the column's name holds."""
    names = [*log.source.features, *log.source.transformed]
    return max((name for name in names if name in column), key=len, default=column)
