"""How well scores rank, with every rank taken in the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.expressions import EVERYTHING, Expression, Key, Sample
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.predictions.scores import Score, binary_score, class_scores
from queries.statistics.ranking import RankSums


def score_ranks(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, RankSums]:
    """Sum what AUC and average precision of a binary model's score need, by group.

    A score that says less when it is higher is turned round. Raises NotAnswerable where the log
    has no score or no outcome.
    """
    return _ranks(log, binary_score(log), now, sample, by)


def class_ranks(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[str, dict[Key, RankSums]]:
    """Sum the same for each class that has a score of its own, against all others."""
    return {score.label: _ranks(log, score, now, sample, by) for score in class_scores(log)}


def _ranks(
    log: Log,
    score: Score,
    now: datetime,
    sample: Sample,
    by: Mapping[str, Expression] | None,
) -> dict[Key, RankSums]:
    """Walk along the distinct scores; see ``ranking.RankSums`` for the sums.

    Uses a relation: running counts need windows.
    """
    labelled = {f"g{i}": each for i, each in enumerate((by or {}).values())}
    columns = labelled | {"score": score.rising, "hit": sa.case((score.happened, 1), else_=0)}
    rows = log.relation(
        columns,
        spans=sample.spans,
        where=(
            *sample.where,
            *can_have_outcome(log, sample.dataset),
            has_arrived(log, now, sample.dataset),
        ),
        dataset=sample.dataset,
    )
    keys = [rows.c[key] for key in labelled]
    # As doubles: ties count half, which a division of integers would lose.
    hits = sa.cast(sa.func.sum(rows.c.hit), sa.Double)
    scores = (
        sa.select(
            *keys,
            rows.c.score,
            hits.label("pos"),
            (sa.cast(sa.func.count(), sa.Double) - hits).label("neg"),
        )
        .where(rows.c.score.is_not(None))
        .group_by(*keys, rows.c.score)
        .subquery()
    )
    found = log.run(_sums(_running(scores, list(labelled)), list(labelled)))
    return {tuple(row[key] for key in labelled): _read(row) for row in found}


def _running(scores: sa.Subquery, keys: list[str]) -> sa.Subquery:
    group = [scores.c[key] for key in keys]

    def all_of(column: Expression) -> Expression:
        return sa.func.sum(column).over(partition_by=group)

    def up_to(column: Expression) -> Expression:
        return sa.func.sum(column).over(partition_by=group, order_by=scores.c.score)

    pos, neg = scores.c.pos, scores.c.neg
    return sa.select(
        *group,
        pos,
        neg,
        all_of(pos).label("p"),
        all_of(neg).label("n"),
        up_to(pos).label("pos_up_to"),
        up_to(neg).label("neg_up_to"),
    ).subquery()


def _sums(walked: sa.Subquery, keys: list[str]) -> sa.Select[tuple[object, ...]]:
    c = walked.c
    neg_above = (c.n - c.neg_up_to + c.neg / 2) / sa.func.nullif(c.n, 0)
    pos_below = (c.pos_up_to - c.pos / 2) / sa.func.nullif(c.p, 0)
    # From the running count that is there: a window in the other order would sort once more.
    reached = c.p - c.pos_up_to + c.pos
    precision = reached / sa.func.nullif(reached + c.n - c.neg_up_to + c.neg, 0)
    group = [c[key] for key in keys]
    return sa.select(
        *group,
        c.p,
        c.n,
        sa.func.sum(c.pos * neg_above).label("missed"),
        sa.func.sum(c.pos * neg_above * neg_above).label("positive_squares"),
        sa.func.sum(c.neg * pos_below * pos_below).label("negative_squares"),
        sa.func.sum(c.pos * precision).label("precision"),
    ).group_by(*group, c.p, c.n)


def _read(row: Mapping[str, float | None]) -> RankSums:
    return RankSums(
        positives=round(row["p"] or 0),
        negatives=round(row["n"] or 0),
        missed=row["missed"] or 0.0,
        positive_squares=row["positive_squares"] or 0.0,
        negative_squares=row["negative_squares"] or 0.0,
        precision=row["precision"] or 0.0,
    )
