"""Predictions against what happened, counted in the engine, as far as outcomes have arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import (
    EVERYTHING,
    Condition,
    Expression,
    Key,
    Sample,
    class_name,
    count_where,
    total,
)
from queries.measures.outcomes.outcome import Arrived, can_have_outcome, has_arrived
from queries.measures.predictions.scores import happened, predicted_positive, stated_probability
from queries.statistics.classification import Confusion, brier_and_log_loss
from queries.statistics.estimates import cannot_say

CLIPPED = 1e-15
"""Probabilities are kept this far from 0 and 1, so that one surprise isn't an infinite loss."""

_SUMS = ("brier", "brier2", "loss", "loss2")


@dataclass(frozen=True, slots=True)
class BinaryOutcomes:
    """A binary model's rows: how many arrived, the confusion counts, and sums about its scores.

    ``scored`` rows have an outcome and a finite score; ``improbable`` of them have a score that
    is no probability. ``sums`` are those of ``brier_and_log_loss``.
    """

    arrived: Arrived
    confusion: Confusion
    scored: int
    improbable: int
    sums: Mapping[str, float]

    @property
    def positive(self) -> str:
        """Name the positive class as the confusion counts do."""
        return self.confusion.classes[0]

    def probability_scores(self) -> dict[str, Number]:
        """Give Brier score and log loss, where the scores are probabilities."""
        if self.improbable:
            why = "the scores are no probabilities: some lie outside 0 to 1"
            return dict.fromkeys(("brier", "log_loss"), cannot_say(why, self.scored))
        return brier_and_log_loss(self.scored, self.sums)


def binary_outcomes(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, BinaryOutcomes]:
    """Count a binary model's predictions against what happened, by group, in one pass.

    Only rows that can have an outcome are counted. Raises NotAnswerable where the log has no
    outcome, or neither prediction nor score with threshold.
    """
    groups, came = dict(by or {}), has_arrived(log, now, sample.dataset)
    yes, said = happened(log), predicted_positive(log)
    measures = {
        "rows": sa.func.count(),
        "outcomes": count_where(came),
        "tp": count_where(sa.and_(came, yes, said)),
        "fp": count_where(sa.and_(came, sa.not_(yes), said)),
        "fn": count_where(sa.and_(came, yes, sa.not_(said))),
        "tn": count_where(sa.and_(came, sa.not_(yes), sa.not_(said))),
    } | (_score_sums(log, came, yes) if log.has("score", sample.dataset) else {})
    found = log.aggregate(
        measures,
        by=groups,
        spans=sample.spans,
        where=(*sample.where, *can_have_outcome(log, sample.dataset)),
        dataset=sample.dataset,
    )
    positive = class_name(log.source.positive)
    return {tuple(row[key] for key in groups): _binary(row, positive) for row in found}


def class_outcomes(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, Confusion]:
    """Count predicted against actual classes, by group, in one pass.

    The classes are the declared ones, then others that occur, by name. Raises NotAnswerable where
    the log has no outcome or no prediction.
    """
    groups, came = dict(by or {}), has_arrived(log, now, sample.dataset)
    pair = {"actual": log.column("outcome"), "predicted": log.column("prediction")}
    rows = log.aggregate(
        {"n": sa.func.count()},
        by=groups | pair,
        spans=sample.spans,
        where=(
            *sample.where,
            *can_have_outcome(log, sample.dataset),
            came,
            sa.not_(log.missing("prediction")),
        ),
        dataset=sample.dataset,
    )
    classes = dict.fromkeys(class_name(value) for value in log.source.classes)
    classes |= dict.fromkeys(sorted({class_name(row[side]) for row in rows for side in pair}))
    counted: dict[Key, dict[tuple[str, str], int]] = {}
    for row in rows:
        cells = counted.setdefault(tuple(row[key] for key in groups), {})
        cell = class_name(row["actual"]), class_name(row["predicted"])
        # Added and not set: 1 and 1.0 are two groups to the engine and one class here.
        cells[cell] = cells.get(cell, 0) + int(row["n"])
    return {key: Confusion(tuple(classes), cells) for key, cells in counted.items()}


def _score_sums(log: Log, came: Condition, yes: Condition) -> dict[str, Expression]:
    probability = stated_probability(log)
    known = sa.and_(came, probability.is_not(None))
    kept = sa.func.least(sa.func.greatest(probability, CLIPPED), 1 - CLIPPED)
    given = sa.case((known, sa.case((yes, kept), else_=1 - kept)))
    brier, loss = (1 - given) * (1 - given), -sa.func.ln(given)
    return {
        # Counted unclipped: whether scores are probabilities at all is
        # told by those outside 0 to 1.
        "scored": count_where(known),
        "improbable": count_where(sa.and_(known, sa.not_(probability.between(0, 1)))),
        "brier": total(brier),
        "brier2": total(brier * brier),
        "loss": total(loss),
        "loss2": total(loss * loss),
    }


def _binary(row: Mapping[str, Any], positive: str) -> BinaryOutcomes:
    tp, fp, fn, tn = (int(row[name]) for name in ("tp", "fp", "fn", "tn"))
    other = f"not {positive}"
    counts = {
        (positive, positive): tp,
        (other, positive): fp,
        (positive, other): fn,
        (other, other): tn,
    }
    return BinaryOutcomes(
        Arrived(int(row["rows"]), int(row["outcomes"]), tp + fp + fn + tn),
        Confusion((positive, other), counts),
        int(row.get("scored", 0)),
        int(row.get("improbable", 0)),
        {name: float(row.get(name, 0.0)) for name in _SUMS},
    )
