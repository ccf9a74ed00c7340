"""The requests most like one, that were decided otherwise: nearest by their inputs.

Numbers count by how many times the usual spread (the width of the middle half) they lie apart,
categories by whether they differ, and the average over all inputs is the distance (Gower 1971,
with a robust scale). Where half of all values are the same, a number counts like a category. An
input that only one of the two has counts as one spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.cases.overruled import overridden
from queries.measures.columns.open import as_sorted, is_open
from queries.measures.counting.expressions import Condition, Expression, finite
from queries.trace.request import Row, same_entity

MOST = 5

_ONE, _ZERO = sa.literal(1.0, sa.Double), sa.literal(0.0, sa.Double)


@dataclass(frozen=True)
class Other:
    """Who may be compared with: decided otherwise, by the same version, by the model alone.

    ``version`` is None where none is logged.
    """

    row: Row
    decision: Cell
    version: Cell
    overridable: bool


@dataclass(frozen=True)
class Gap:
    """One input of two requests: what each has, and by how many spreads they differ."""

    name: str
    theirs: Cell
    ours: Cell
    size: float


@dataclass(frozen=True)
class Comparable:
    """A request that was decided otherwise: its inputs against ours, largest gaps first."""

    decision: Cell
    score: Cell
    distance: float
    gaps: tuple[Gap, ...]


def other_decision(log: Log, row: Row) -> Other | None:
    """Say who may be compared with; None where the request has no decision that may be shown."""
    decision = row.get("decision")
    if decision in (None, "") or not is_open(log, "decision"):
        return None
    version = row.get("version") if is_open(log, "version") else None
    return Other(row, decision, version or None, is_open(log, "override"))


def is_other(log: Log, other: Other) -> Condition:
    """Whether a request may be compared with."""
    decision = log.column("decision")
    where = [sa.not_(log.missing("decision")), decision != other.decision]
    if other.version is not None:
        where.append(log.column("version") == other.version)
    if other.overridable:
        where.append(sa.not_(overridden(log)))
    if (same := same_entity(log, other.row)) is not None:
        # Not their own earlier or later request, which would tell nothing
        # of how others are treated.
        where.append(sa.or_(sa.not_(same), log.missing("entity_id")))
    return sa.and_(*where)


def comparable_requests(
    log: Log,
    other: Other,
    spreads: Mapping[str, float | None],
    spans: Sequence[Span] | None,
) -> tuple[Comparable, ...]:
    """Give the requests nearest to one among those decided otherwise, nearest first.

    ``spreads`` has the inputs to compare by, None for one that is no number.
    """
    row = other.row
    terms = [_distance(log, name, row.get(name), spread) for name, spread in spreads.items()]
    if not terms:
        return ()
    total = terms[0]
    for each in terms[1:]:
        total = total + each
    tie = [as_sorted(log, name) for name in ("request_id",) if is_open(log, name)]
    listed = [*spreads, "decision", *(["score"] if is_open(log, "score") else [])]
    rows = log.records(
        listed, spans=spans, where=[is_other(log, other)], order=[total, *tie], limit=MOST
    )
    return tuple(_comparable(row, each, spreads) for each in rows)


def _distance(log: Log, name: str, ours: Cell, spread: float | None) -> Expression:
    missing = log.missing(name)
    if ours is None or ours == "":
        return sa.case((missing, _ZERO), else_=_ONE)
    if spread is None or not isinstance(ours, int | float) or isinstance(ours, bool):
        # NULL where theirs is missing, which counts as differing.
        same = log.column(name) == ours
        return sa.case((same, _ZERO), else_=_ONE)
    number = finite(log.column(name))
    value = sa.literal(float(ours), sa.Double)
    if spread == 0:
        return sa.case((number == value, _ZERO), else_=_ONE)
    apart = sa.func.abs(number - value, type_=sa.Double) / sa.literal(spread, sa.Double)
    return sa.func.coalesce(apart, _ONE, type_=sa.Double)


def _comparable(ours: Row, theirs: Row, spreads: Mapping[str, float | None]) -> Comparable:
    gaps = [
        Gap(name, theirs[name], ours.get(name), _gap(ours.get(name), theirs[name], spread))
        for name, spread in spreads.items()
    ]
    return Comparable(
        theirs["decision"],
        theirs.get("score"),
        sum(each.size for each in gaps) / len(gaps),
        tuple(sorted(gaps, key=lambda gap: -gap.size)),
    )


def _gap(ours: Cell, theirs: Cell, spread: float | None) -> float:
    """The distance of one input, as the engine computed it."""
    lacking = [each in (None, "") for each in (ours, theirs)]
    if any(lacking):
        return 0.0 if all(lacking) else 1.0
    if spread and isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(float(theirs) - float(ours)) / spread
    return 0.0 if ours == theirs else 1.0
