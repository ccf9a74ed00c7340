"""How far predicted numbers lie from what happened, from sums over the rows."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.number import Number
from queries.statistics.estimates import cannot_say, mean, root_mean


@dataclass(frozen=True, slots=True)
class Sums:
    """Number of rows, and over them the sum and the sum of squares of one kind of error."""

    n: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class RegressionSums:
    """Sums of errors: absolute |y - ŷ|, squared, relative |y - ŷ|/|y|, squared logarithmic.

    ``relative`` is over rows with y ≠ 0, ``logarithmic`` (ln(1+y) - ln(1+ŷ))² over rows with
    both above -1; how many rows each covers is its n. ``rows`` counts all with both values finite.
    """

    rows: int
    absolute: Sums
    squared: Sums
    relative: Sums
    logarithmic: Sums


@dataclass(frozen=True, slots=True)
class ConstantAnswer:
    """Always answering one number: its errors on the same rows, and the share of MSE removed.

    ``explained`` is 1 - MSE/MSE of the constant; below 0 the model is worse than the constant.
    """

    answer: float
    mae: Number
    rmse: Number
    explained: Number


def regression_metrics(sums: RegressionSums) -> dict[str, Number]:
    """Give MAE, MSE, RMSE, MAPE, MSLE and RMSLE (textbook; MAPE as a share, not in percent).

    Means with Student's t interval, roots by the delta method. Where rows had to be left out of
    MAPE or MSLE, ``why`` says how many.
    """
    logs = sums.logarithmic
    return {
        "mae": mean(sums.absolute.n, sums.absolute.total, sums.absolute.squares),
        "mse": mean(sums.squared.n, sums.squared.total, sums.squared.squares),
        "rmse": root_mean(sums.squared.n, sums.squared.total, sums.squared.squares),
        "mape": _partial(sums.relative, sums.rows, "whose outcome is zero", share=True),
        "msle": _partial(logs, sums.rows, "at or below -1"),
        "rmsle": _partial(logs, sums.rows, "at or below -1", root=True),
    }


def against_constant(
    sums: RegressionSums, answer: float, absolute: Sums, squared: Sums
) -> ConstantAnswer:
    """Compare with always answering ``answer``, such as the mean outcome of the reference.

    ``absolute`` and ``squared`` are the sums of the constant's own errors on the same rows. The
    share explained has no interval: it needs the rows' products of both errors.
    """
    explained = cannot_say("no rows with prediction and outcome", unit="share")
    if sums.squared.n and squared.total > 0:
        explained = Number(
            1 - sums.squared.total / squared.total,
            sums.squared.n,
            unit="share",
            why="no interval is computed for the share explained",
        )
    # Nothing varied about the constant, so that there is no error to explain a share of.
    elif sums.squared.n:
        explained = cannot_say("every outcome is the constant itself", sums.squared.n, "share")
    return ConstantAnswer(
        answer,
        mean(absolute.n, absolute.total, absolute.squares),
        root_mean(squared.n, squared.total, squared.squares),
        explained,
    )


def _partial(
    sums: Sums, rows: int, left: str, *, share: bool = False, root: bool = False
) -> Number:
    estimate = root_mean if root else mean
    number = estimate(sums.n, sums.total, sums.squares, "share" if share else "number")
    if sums.n == rows:
        return number
    why = f"{rows - sums.n:,} of {rows:,} rows left out, {left}"
    return Number(
        value=number.value, n=number.n, low=number.low, high=number.high, unit=number.unit, why=why
    )
