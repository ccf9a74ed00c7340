"""Overruled cases and those beside them, counted in the engine by answer and band of the score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.value import Cell
from queries.measures.cases.counts import band_of
from queries.measures.cases.overruled import overridden
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Expression, Sample, count_where
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.places.axes import Axis, axes_of
from queries.measures.predictions.scores import binary_score, happened, predicted_positive
from queries.measures.sides.counts import Sums

_Key = tuple[str, Cell]
Cells = dict[_Key, dict[tuple[int, int], Sums]]
"""Wrong answers by slice, then by what the model said (1 for positive) and band."""

ALL: _Key = ("", None)
_SHARED = ("turned", "said", "band")


def possible_cases(log: Log, rows: Sample) -> tuple[int, int]:
    """Count overruled cases, and those that could be held against a followed one; no outcome read.

    The model must have said the same of both.
    """
    turned, could = overridden(log), sa.and_(*_could_be_known(log))
    # Without a look at outcomes, which would join them: mostly it shows here
    # already that nothing can be compared.
    counts = log.aggregate(
        {
            "overruled": count_where(turned),
            "ours": count_where(sa.and_(turned, could)),
            "followed": count_where(sa.and_(sa.not_(turned), could)),
        },
        by={"said": _said(log)},
        spans=rows.spans,
        where=rows.where,
    )
    beside = sum(int(row["ours"]) for row in counts if int(row["followed"]))
    return sum(int(row["overruled"]) for row in counts), beside


def judged_cases(log: Log, now: datetime, rows: Sample) -> int:
    """Count the overruled cases with outcome, score and answer."""
    where = (*rows.where, *known_cases(log, now), overridden(log))
    return int(log.aggregate({"n": sa.func.count()}, spans=rows.spans, where=where)[0]["n"])


def wrong_answers(
    log: Log,
    now: datetime,
    sample: Sample,
    dimensions: Sequence[str],
    edges: Sequence[float],
    turned: Expression | None,
) -> dict[int, Cells]:
    """Count wrong answers by answer and band, in all and by slice; overruled ones apart.

    Uses a relation for GROUPING SETS.
    """
    where = (*sample.where, *known_cases(log, now, sample.dataset))
    axes = _axes(log, dimensions, sample, where)
    said = predicted_positive(log)
    columns: dict[str, Expression] = {f"v{at}": axis.expression for at, axis in enumerate(axes)}
    columns |= {
        "turned": sa.cast(sa.literal(0), sa.Integer) if turned is None else turned,
        "said": _said(log),
        "band": band_of(binary_score(log).rising, edges),
        "wrong": sa.case((said != happened(log), 1), else_=0),
    }
    rows = log.relation(columns, spans=sample.spans, where=where, dataset=sample.dataset)
    found: dict[int, Cells] = {0: {}, 1: {}}
    for row in log.run(_grouped(rows, len(axes))):
        at = int(row["which"])
        key = (axes[at].name, axes[at].value(row[f"v{at}"])) if at >= 0 else ALL
        hits = float(row["wrong"])
        cell = found[int(row["turned"])].setdefault(key, {})
        cell[int(row["said"]), int(row["band"])] = Sums(int(row["n"]), hits, hits)
    return {side: _in_order(cells) for side, cells in found.items()}


def known_cases(log: Log, now: datetime, dataset: Dataset = Dataset.PRODUCTION) -> list[Any]:
    """The conditions for a case with outcome, score and answer."""
    return [*_could_be_known(log, dataset), has_arrived(log, now, dataset)]


def _could_be_known(log: Log, dataset: Dataset = Dataset.PRODUCTION) -> list[Any]:
    """The conditions for a case with score and answer that may have an outcome.

    In a reference set any case may have one, whatever would have been decided of it.
    """
    production = dataset is Dataset.PRODUCTION
    return [
        *(can_have_outcome(log) if production else ()),
        predicted_positive(log).is_not(None),
        binary_score(log).rising.is_not(None),
    ]


def _said(log: Log) -> Expression:
    return sa.case((predicted_positive(log), 1), else_=0)


def _axes(log: Log, dimensions: Sequence[str], sample: Sample, where: Sequence[Any]) -> list[Axis]:
    """Those of production for its rows, so that the reference's slices are the same ones."""
    if sample.dataset is Dataset.PRODUCTION:
        return axes_of(log, dimensions, sample.spans, where) if dimensions else []
    return [Axis(name, log.column(name), 0) for name in dimensions]


def _in_order(cells: Cells) -> Cells:
    """In the order of dimensions and values, the same on every engine."""
    return {key: cells[key] for key in sorted(cells, key=lambda key: (key[0], str(key[1])))}


def _grouped(rows: sa.Subquery, axes: int) -> sa.Select[Any]:
    """Count once by all columns together, and add those counts up by each dimension."""
    wrong = sa.func.count(sa.case((rows.c.wrong == 1, 1))).label("wrong")
    columns = [rows.c[key] for key in (*(f"v{at}" for at in range(axes)), *_SHARED)]
    once = sa.select(*columns, sa.func.count().label("n"), wrong).group_by(*columns).subquery()
    values = [once.c[f"v{at}"] for at in range(axes)]
    shared = [once.c[key] for key in _SHARED]
    sets = [sa.tuple_(*shared), *(sa.tuple_(each, *shared) for each in values)]
    sums = (sa.func.sum(once.c[name]).label(name) for name in ("n", "wrong"))
    chosen = sa.select(which_of(values), *values, *shared, *sums)
    return chosen.group_by(sa.func.grouping_sets(*sets))
