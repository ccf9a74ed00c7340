"""Predicted numbers against what happened, summed in the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.formulas.sql import SMALLEST
from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import (
    EVERYTHING,
    Expression,
    Key,
    Sample,
    calm,
    finite,
    total,
)
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.statistics.estimates import mean
from queries.statistics.regression import RegressionSums, Sums


@dataclass(frozen=True, slots=True)
class Residuals:
    """A group's sums of errors, and those of one constant answer where one was given.

    ``gained`` sums how much closer each answer was than the constant, row by row.
    """

    model: RegressionSums
    constant_absolute: Sums | None = None
    constant_squared: Sums | None = None
    gained: Sums | None = None


def mean_outcome(log: Log, now: datetime, sample: Sample = EVERYTHING) -> Number:
    """Give the mean of the outcomes of some rows: the constant answer to compare a model with."""
    outcome = finite(log.column("outcome"))
    row = log.aggregate(
        {"n": sa.func.count(outcome), "sum": total(outcome), "sd": sa.func.stddev_pop(outcome)},
        spans=sample.spans,
        where=(
            *sample.where,
            *can_have_outcome(log, sample.dataset),
            has_arrived(log, now, sample.dataset),
        ),
        dataset=sample.dataset,
    )[0]
    n, summed = int(row["n"]), float(row["sum"])
    centre = summed / n if n else 0.0
    return mean(n, summed, n * (centre * centre + (row["sd"] or 0.0) ** 2))


def residuals(
    log: Log,
    now: datetime,
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
    constant: float | None = None,
) -> dict[Key, Residuals]:
    """Sum a regression model's errors by group in one pass, and those of a constant answer.

    Rows whose prediction or outcome is missing or infinite are left out. Raises NotAnswerable
    where the log has no prediction or no outcome.
    """
    groups = dict(by or {})
    said, was = finite(log.column("prediction")), finite(log.column("outcome"))
    both = sa.and_(said.is_not(None), was.is_not(None))
    error = sa.func.abs(calm(was - said))
    relative = calm(error / sa.func.nullif(sa.func.abs(calm(was)), 0))
    logged = sa.case((sa.and_(was > -1, said > -1), calm(_log1p(was) - _log1p(said))))
    errors = {
        "absolute": error,
        "squared": error * error,
        "relative": relative,
        "logarithmic": logged * logged,
    }
    if constant is not None:
        off = sa.func.abs(calm(was - sa.literal(constant, sa.Double)))
        # The gain row by row, since both answers err on the same rows: two means would ignore that.
        errors |= {"constant": off, "constant2": off * off, "gained": off - error}
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    for name, each in errors.items():
        measures |= {
            f"{name} n": sa.func.count(each),
            f"{name} sum": total(each),
            f"{name} squares": total(each * each),
        }
    found = log.aggregate(
        measures,
        by=groups,
        spans=sample.spans,
        where=(
            *sample.where,
            *can_have_outcome(log, sample.dataset),
            has_arrived(log, now, sample.dataset),
            both,
        ),
        dataset=sample.dataset,
    )
    return {tuple(row[key] for key in groups): _read(row) for row in found}


def _log1p(value: Expression) -> Expression:
    """Give ln(1 + x); the floor keeps engines from taking logarithms of rows to be left out."""
    return sa.func.ln(sa.func.greatest(1 + value, SMALLEST))


def _read(row: Mapping[str, Any]) -> Residuals:
    def sums(name: str) -> Sums:
        return Sums(int(row[f"{name} n"]), float(row[f"{name} sum"]), float(row[f"{name} squares"]))

    model = RegressionSums(
        int(row["rows"]), sums("absolute"), sums("squared"), sums("relative"), sums("logarithmic")
    )
    if "constant n" not in row:
        return Residuals(model)
    return Residuals(model, sums("constant"), sums("constant2"), sums("gained"))
