"""Cases by the step on which their score lies in the reference's calibration, counted in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from queries.core.doors.constructs import BinEdges
from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.predictions.cbpe import SAID, Counts
from queries.measures.predictions.scores import Score, predicted_positive
from queries.statistics.isotonic import Step, edges, isotonic

CELLS = 1000
"""Scores are pooled to about so many cells of equally many cases before the regression."""


def reference_steps(log: Log, now: datetime, score: Score, reference: Sample) -> tuple[Step, ...]:
    """Calibrate a score on the reference set; one pass, of which at most ``CELLS`` + 1 rows return.

    Equal scores are always in one cell, so that few distinct scores are calibrated exactly. Uses a
    relation: where a cell ends needs a running count.
    """
    rows = log.relation(
        {"score": score.rising, "hit": sa.case((score.happened, 1), else_=0)},
        spans=reference.spans,
        where=(
            *reference.where,
            *can_have_outcome(log, reference.dataset),
            has_arrived(log, now, reference.dataset),
        ),
        dataset=reference.dataset,
    )
    n, hits = sa.func.count(), sa.func.sum(rows.c.hit)
    scores = (
        sa.select(rows.c.score, _double(n).label("n"), _double(hits).label("hits"))
        .where(rows.c.score.is_not(None))
        .group_by(rows.c.score)
        .subquery()
    )
    up_to = sa.func.sum(scores.c.n).over(order_by=scores.c.score)
    # By the middle of each distinct score's cases, so that a frequent score isn't cut in two.
    share = (up_to - scores.c.n / 2) / sa.func.sum(scores.c.n).over()
    placed = sa.select(scores, sa.func.floor(share * CELLS).label("cell")).subquery()
    found = log.run(
        sa.select(
            sa.func.min(placed.c.score).label("low"),
            sa.func.max(placed.c.score).label("high"),
            sa.func.sum(placed.c.n).label("n"),
            sa.func.sum(placed.c.hits).label("hits"),
        ).group_by(placed.c.cell)
    )
    cells = [
        Step(float(row["low"]), float(row["high"]), round(row["n"]), round(row["hits"]))
        for row in found
    ]
    return isotonic(sorted(cells, key=lambda cell: cell.low))


def step_counts(
    log: Log,
    steps: Sequence[Step],
    score: Score,
    sample: Sample,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, Counts]:
    """Count cases that can have an outcome by step and by what was said, by group; one pass."""
    groups, starts = dict(by or {}), edges(steps)
    step = BinEdges(score.rising, starts) if starts else _only_step(score)
    found = log.aggregate(
        {"n": sa.func.count()},
        by=groups | {"step": step, "said": _said(log, sample.dataset)},
        spans=sample.spans,
        where=(*sample.where, *can_have_outcome(log, sample.dataset)),
        dataset=sample.dataset,
    )
    tables: dict[Key, np.ndarray] = {}
    unscored: dict[Key, int] = {}
    for row in found:
        key = tuple(row[name] for name in groups)
        table = tables.setdefault(key, np.zeros((len(steps), len(SAID))))
        if row["step"] is None:
            unscored[key] = unscored.get(key, 0) + int(row["n"])
        else:
            # Steps are those of the reference: where production's scores go
            # beyond, the outer ones count.
            table[int(row["step"]), int(row["said"])] += int(row["n"])
    return {key: Counts(table, unscored.get(key, 0)) for key, table in tables.items()}


def can_say(log: Log, dataset: Dataset = Dataset.PRODUCTION) -> bool:
    """Tell whether a data set holds what the model said: a prediction, or score and threshold."""
    if log.has("prediction"):
        return log.has("prediction", dataset)
    return log.has("threshold", dataset)


def _said(log: Log, dataset: Dataset) -> Expression:
    """Give the place in ``SAID`` of what the model said."""
    if not can_say(log, dataset):
        return sa.literal(SAID.index("nothing"))
    said = predicted_positive(log)
    return sa.case(
        (said, SAID.index("yes")), (sa.not_(said), SAID.index("no")), else_=SAID.index("nothing")
    )


def _only_step(score: Score) -> Expression:
    return sa.case((score.rising.is_not(None), 0))


def _double(expression: Expression) -> Expression:
    return sa.cast(expression, sa.Double)
