"""Stated probabilities against what happened, counted by bin in the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from queries.core.doors.constructs import BinEdges, Quantile
from queries.core.log import Log
from queries.measures.counting.expressions import (
    Condition,
    Expression,
    Key,
    Sample,
    calm,
    count_where,
    total,
)
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.predictions.scores import Score
from queries.statistics.calibration import Bin, Calibration, calibration, nothing_known

_BINS = (15, 12, 10, 6, 5, 4, 3, 2)
"""Numbers of bins that there may be; all of them divide ``_FINEST``."""
_FINEST = 60
_STRAYS = 0.01
_CASES = 50
"""So many cases a bin are aimed at, before there are more bins."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Rows with an outcome: those with a probability, those without, and where to cut them.

    ``improbable`` rows have a score outside 0 to 1; ``edges`` cut the others into bins of equally
    many, fewer where many rows have the same score.
    """

    n: int
    unscored: int
    improbable: int
    edges: tuple[float, ...]

    @property
    def improbable_share(self) -> float:
        """The share of scores outside 0 to 1."""
        return self.improbable / max(1, self.n + self.improbable)

    @property
    def are_probabilities(self) -> bool:
        """Whether the scores can be taken for probabilities, a few strays aside."""
        return self.improbable_share < _STRAYS


def stated(log: Log, now: datetime, score: Score, sample: Sample) -> Stated:
    """Count the rows by what their score is good for, and cut them at exact quantiles; one pass."""
    chance = _probability(score)
    # Cut as finely as any number of bins needs: how many cases there are is only known afterwards.
    cuts = {f"q{i}": Quantile(chance, i / _FINEST) for i in range(1, _FINEST)}
    scored = score.stated.is_not(None)
    row = log.aggregate(
        {
            "n": sa.func.count(chance),
            "unscored": count_where(sa.not_(scored)),
            "improbable": count_where(sa.and_(scored, sa.not_(score.stated.between(0, 1)))),
            **cuts,
        },
        spans=sample.spans,
        where=_with_outcome(log, now, sample),
        dataset=sample.dataset,
    )[0]
    n = int(row["n"])
    bins = next((each for each in _BINS if n >= each * _CASES), 1)
    step = _FINEST // bins
    # A set, as quantiles of few distinct scores coincide.
    edges = {float(row[f"q{i}"]) for i in range(step, _FINEST, step)} if n else set()
    return Stated(n, int(row["unscored"]), int(row["improbable"]), tuple(sorted(edges)))


def reliability(
    log: Log,
    now: datetime,
    score: Score,
    sample: Sample,
    edges: Sequence[float],
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, tuple[Bin, ...]]:
    """Count and sum by bin of the stated probability, and by group; one pass.

    Equal scores are always in one bin. Rows whose score is no probability are left out.
    """
    groups, chance = dict(by or {}), _probability(score)
    hit = sa.case((score.happened, 1.0), else_=0.0)
    off = calm(chance - hit)
    gap = off * off
    found = log.aggregate(
        {
            "n": sa.func.count(),
            "hits": count_where(score.happened),
            "stated": total(chance),
            "gaps": total(gap),
            "gap_squares": total(gap * gap),
        },
        by=groups | {"bin": BinEdges(chance, edges) if edges else sa.literal(0)},
        spans=sample.spans,
        where=(*_with_outcome(log, now, sample), score.stated.between(0, 1)),
        dataset=sample.dataset,
    )
    bins: dict[Key, list[Bin]] = {}
    for row in found:
        bins.setdefault(tuple(row[key] for key in groups), []).append(_bin(row))
    return {key: tuple(each) for key, each in bins.items()}


def in_all(log: Log, now: datetime, score: Score, sample: Sample, cut: Stated) -> Calibration:
    """Measure the calibration of all rows; nothing is known of scores that are no probabilities."""
    if not cut.are_probabilities:
        return nothing_known("the scores are no probabilities: some lie outside 0 to 1")
    bins = reliability(log, now, score, sample, cut.edges).get((), ())
    return calibration(bins, np.random.default_rng(0))


def _probability(score: Score) -> Expression:
    return sa.case((score.stated.between(0, 1), score.stated))


def _with_outcome(log: Log, now: datetime, sample: Sample) -> tuple[Condition, ...]:
    came = has_arrived(log, now, sample.dataset)
    return (*sample.where, *can_have_outcome(log, sample.dataset), came)


def _bin(row: Mapping[str, Any]) -> Bin:
    return Bin(
        int(row["n"]),
        int(row["hits"]),
        float(row["stated"]),
        float(row["gaps"]),
        float(row["gap_squares"]),
    )
