"""Cases by what was decided, by score band and by slice: how many, what came of them, their worth.

One pass counts everything by small cells, which are added up as needed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.doors.aggregates import ordered
from queries.core.doors.constructs import BinEdges, Quantile
from queries.core.log import Log
from queries.core.value import Cell
from queries.measures.cases.overruled import overridden
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Expression, Sample, calm, finite, total
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.places.axes import Axis, axes_of
from queries.measures.predictions.scores import binary_score, happened
from queries.measures.sides.counts import Sums

BANDS = 10
_NONE = Sums()


@dataclass(frozen=True, slots=True)
class Cases:
    """Some requests: how many, what came of those whose outcome is in, and what they are worth."""

    rows: int = 0
    outcome: Sums = _NONE
    worth: Sums = _NONE

    def plus(self, other: Cases) -> Cases:
        """Both together."""
        outcome, worth = _plus(self.outcome, other.outcome), _plus(self.worth, other.worth)
        return Cases(self.rows + other.rows, outcome, worth)

    def less(self, part: Cases) -> Cases:
        """All but those of a part."""
        outcome, worth = _plus(self.outcome, part.outcome, -1), _plus(self.worth, part.worth, -1)
        return Cases(self.rows - part.rows, outcome, worth)


@dataclass(frozen=True, slots=True)
class CellOf:
    """What the requests of a cell share; ``dimension`` is empty in the cells of all requests.

    ``band`` is None where there is no score, and everywhere in the cells of a dimension.
    """

    dimension: str
    value: Cell
    decision: Cell
    turned: bool
    band: int | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A score to cut into bands, so that more means more likely (or larger), and where to cut.

    ``turned`` says that it is the logged one with its sign changed.
    """

    rising: Expression
    turned: bool
    edges: tuple[float, ...]


Counted = Mapping[CellOf, Cases]


def in_all(counted: Counted, wanted: Callable[[CellOf], bool]) -> Cases:
    """Add up the wanted cells."""
    found = Cases()
    for cell, cases in counted.items():
        if wanted(cell):
            found = found.plus(cases)
    return found


def outcome_value(log: Log, now: datetime) -> Expression:
    """Give 1 or 0 by whether the positive class happened, or the number that came; else NULL.

    NULL also where no outcome can be. Raises NotAnswerable where the log has no outcome.
    """
    there = sa.and_(*can_have_outcome(log), has_arrived(log, now))
    if log.source.task == "regression":
        return sa.case((there, calm(finite(log.column("outcome")))))
    hit = sa.cast(sa.case((happened(log), 1.0), else_=0.0), sa.Double)
    return sa.case((there, hit))


def ranked(log: Log, now: datetime, sample: Sample) -> Ranked | None:
    """Cut the score (of numbers, the prediction) into bands of equally many outcomes; one pass."""
    numbers = log.source.task == "regression"
    name = "prediction" if numbers else "score"
    if not log.has(name) or log.kind(name) != "number":
        return None
    rising = finite(log.column(name)) if numbers else binary_score(log).rising
    known = sa.case((outcome_value(log, now).is_not(None), rising))
    edges = band_edges(log, known, sample)
    return Ranked(rising, not numbers and log.source.score_direction == "lower", edges)


def band_edges(
    log: Log, number: Expression, sample: Sample, bands: int = BANDS
) -> tuple[float, ...]:
    """Cut a number at exact quantiles, so that each band holds equally many; one pass.

    Fewer bands where many numbers are the same.
    """
    cuts = {f"q{i}": Quantile(number, i / bands) for i in range(1, bands)}
    row = log.aggregate(cuts, spans=sample.spans, where=sample.where)[0]
    return tuple(sorted({float(each) for each in row.values() if each is not None}))


def band_of(number: Expression, edges: Sequence[float]) -> Expression:
    """Give the band in which a number lies, NULL where it is none."""
    return BinEdges(number, edges) if edges else sa.case((number.is_not(None), 0))


def case_counts(
    log: Log, now: datetime, sample: Sample, dimensions: Sequence[str], score: Ranked | None
) -> tuple[Counted, tuple[str, ...]]:
    """Count by decision, overruling and band, and by those and each dimension's value.

    Gives also the dimensions with too many values, of which the commonest stand for themselves.
    Uses a relation for GROUPING SETS.
    """
    listed = list(dimensions)
    names = [*listed, "decision"] if log.has("decision") else listed
    axes = axes_of(log, names, sample.spans, sample.where) if names else []
    # It stood last among the names: an axis as well, so that its rare values are put together too.
    decision = axes.pop() if log.has("decision") else None
    columns: dict[str, Expression] = {f"v{at}": axis.expression for at, axis in enumerate(axes)}
    columns |= {
        "decision": decision.expression if decision else sa.cast(sa.null(), sa.Integer),
        "turned": sa.case((overridden(log), 1), else_=0) if log.has("override") else _nothing(),
        "band": band_of(score.rising, score.edges) if score else _nothing(),
        "outcome": outcome_value(log, now),
        "worth": calm(finite(log.column("value"))) if log.has("value") else _none(),
    }
    rows = log.relation(columns, spans=sample.spans, where=sample.where)
    found = log.run(_grouped(rows, len(axes)))
    keys = [f"v{at}" for at in range(len(axes))]
    # Sorted, as engines return groups in any order and sums of floats depend on it.
    counted = dict(_cells(ordered(found, [*keys, "decision"]), axes, decision))
    # The log takes the rows of the result for those that were read.
    read = sum(cases.rows for cell, cases in counted.items() if not cell.dimension)
    log.statements[-1] = replace(log.statements[-1], rows=read)
    return counted, tuple(axis.name for axis in axes if axis.common is not None)


def _grouped(rows: sa.Subquery, axes: int) -> sa.Select[Any]:
    """Count once by all columns together, and add those counts up by each dimension."""
    keys = [*(f"v{at}" for at in range(axes)), "decision", "turned", "band"]
    measured: dict[str, Expression] = {"n": sa.func.count()}
    for name in ("outcome", "worth"):
        value = rows.c[name]
        measured[f"{name} n"] = sa.func.count(value)
        measured |= {f"{name} total": total(value), f"{name} squares": total(value * value)}
    columns = [rows.c[key] for key in keys]
    counted = [each.label(name) for name, each in measured.items()]
    # A few hundred cells go into the sets, where every request went into each of them.
    once = sa.select(*columns, *counted).group_by(*columns).subquery()
    values = [once.c[f"v{at}"] for at in range(axes)]
    shared = (once.c.decision, once.c.turned)
    # Bands are of all requests alone: by dimension as well the cells would be too small to show.
    sets = [sa.tuple_(*shared, once.c.band), *(sa.tuple_(each, *shared) for each in values)]
    sums = (sa.func.sum(once.c[name]).label(name) for name in measured)
    chosen = sa.select(which_of(values), *values, *shared, once.c.band, *sums)
    return chosen.group_by(sa.func.grouping_sets(*sets))


def _cells(
    rows: Sequence[Mapping[str, Any]], axes: Sequence[Axis], decision: Axis | None
) -> Iterator[tuple[CellOf, Cases]]:
    for row in rows:
        at = int(row["which"])
        dimension = axes[at].name if at >= 0 else ""
        value = axes[at].value(row[f"v{at}"]) if at >= 0 else None
        decided = decision.value(row["decision"]) if decision else None
        band = None if at >= 0 or row["band"] is None else int(row["band"])
        cell = CellOf(dimension, value, decided, bool(row["turned"]), band)
        outcome, worth = (
            Sums(int(row[f"{name} n"]), float(row[f"{name} total"]), float(row[f"{name} squares"]))
            for name in ("outcome", "worth")
        )
        yield cell, Cases(int(row["n"]), outcome, worth)


def _nothing() -> Expression:
    """A whole number that isn't there, as a column to group by."""
    return sa.cast(sa.null(), sa.Integer)


def _none() -> Expression:
    return sa.cast(sa.null(), sa.Double)


def _plus(one: Sums, other: Sums, times: int = 1) -> Sums:
    return Sums(
        one.n + times * other.n,
        one.total + times * other.total,
        one.squares + times * other.squares,
    )
