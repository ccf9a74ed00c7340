"""Arms against their control: effects, and what an effect may be taken for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from queries.core.experiments import ExperimentMetric
from queries.core.number import Number
from queries.core.value import ColumnType
from queries.statistics.anytime import ENOUGH_UNITS, anytime_difference, anytime_p, boundary
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, t_quantile, z_quantile
from queries.statistics.moments import Moments, Sums, of_mean, of_ratio, of_share
from queries.statistics.multiplicity import holm
from queries.statistics.rates import difference, two_proportions, wilson
from queries.statistics.two_means import times, welch

# What experiments are planned for by convention (Cohen 1988).
POWER = 0.8


class Effect(StrEnum):
    """What may be said of an arm against the control."""

    BETTER = "better"
    WORSE = "worse"
    SMALL = "different, but by less than what matters"
    NONE = "no difference shown"
    FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Against:
    """One arm against the control by one metric.

    ``ratio`` is the arm's value as a multiple of the control's. ``corrected`` is p corrected for
    the number of arms (Holm); intervals are for all arms together (Bonferroni). An effect as
    large as ``found`` is found in 80 of 100 such experiments.
    """

    arm: int
    change: Number
    ratio: Number
    statistic: float | None
    p: float | None
    corrected: float | None
    found: float | None
    effect: Effect

    @property
    def seen(self) -> float | None:
        """How large a difference would have been seen; None without an interval."""
        if self.change.low is None or self.change.high is None:
            return None
        return max(abs(self.change.low), abs(self.change.high))

    def hides(self, matters: float) -> bool:
        """Say whether a difference that matters may hide behind none shown."""
        return self.effect is Effect.NONE and bool(matters) and (self.seen or 0.0) > matters


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric in all arms, the control first, and the others against it."""

    metric: ExperimentMetric
    values: tuple[Number, ...]
    against: tuple[Against, ...]


def compare(
    metric: ExperimentMetric, sums: Sequence[Sums], expected: int, *, running: bool
) -> Compared:
    """Compare each arm with the first, which is the control.

    Proportions by the pooled z test with Newcombe's interval, means by Welch's test, ratios by the
    delta method and Welch's test; with confidence sequences while the experiment runs.
    """
    moments = [moments_of(metric, each) for each in sums]
    # Bonferroni for the intervals, which have no order that Holm could go by.
    level = 1 - (1 - LEVEL) / max(1, len(sums) - 1)
    judged = [
        _against(metric, at, sums, moments, level, expected if running else None)
        for at in range(1, len(sums))
    ]
    known = [each.p for each in judged if each.p is not None]
    corrected = iter(holm(known))
    told = [
        each if each.p is None else _told(replace(each, corrected=next(corrected)), metric)
        for each in judged
    ]
    values = tuple(map(_value, [metric] * len(sums), sums, moments))
    return Compared(metric, values, tuple(told))


def moments_of(metric: ExperimentMetric, sums: Sums) -> Moments | None:
    """Give what a comparison needs of an arm; None where it has none."""
    if sums.n < 2:
        return None
    if metric.kind == "share":
        return of_share(sums.y, sums.n)
    return of_mean(sums) if metric.kind == "mean" else of_ratio(sums)


def _against(
    metric: ExperimentMetric,
    at: int,
    sums: Sequence[Sums],
    moments: Sequence[Moments | None],
    level: float,
    expected: int | None,
) -> Against:
    """Judge one arm; ``expected`` is given while the experiment runs."""
    control, arm = moments[0], moments[at]
    enough = ENOUGH if expected is None else ENOUGH_UNITS
    fewest = min(sums[0].n, sums[at].n)
    if control is None or arm is None or fewest < enough:
        return _too_few(metric, at, fewest, enough)
    error = math.sqrt(control.squared_error + arm.squared_error)
    width: float | None = None
    if expected is not None:
        width = boundary(control.n + arm.n, expected, level)
        change = anytime_difference(arm, control, expected, level, unit_of(metric))
        statistic, p = None, anytime_p(arm, control, expected)
    elif metric.kind == "share":
        width = z_quantile(level)
        counts = round(sums[at].y), sums[at].n, round(sums[0].y), sums[0].n
        change, tested = difference(*counts, level), two_proportions(*counts)
        statistic, p = tested.statistic, tested.p
    else:
        change, statistic, p = welch(arm, control, level, unit_of(metric))
    ratio = times(arm, control, level, width)
    # The two-sided quantile at 2·0.8 - 1 is the one-sided one at 0.8.
    found = ((width or z_quantile(level)) + z_quantile(2 * POWER - 1)) * error
    return Against(
        arm=at,
        change=change,
        ratio=ratio,
        statistic=statistic,
        p=p,
        corrected=p,
        found=found,
        effect=Effect.NONE,
    )


def _too_few(metric: ExperimentMetric, at: int, fewest: int, enough: int) -> Against:
    why = f"too few to say: {fewest:,} in one arm, at least {enough} are needed"
    if fewest >= enough:
        why = f"the sum of {metric.per} is not above zero"
    change, ratio = cannot_say(why, fewest, unit_of(metric)), cannot_say(why, fewest)
    return Against(
        arm=at,
        change=change,
        ratio=ratio,
        statistic=None,
        p=None,
        corrected=None,
        found=None,
        effect=Effect.FEW,
    )


def _told(found: Against, metric: ExperimentMetric) -> Against:
    """Say what may be said: beyond chance by test and by interval, and by as much as matters."""
    change, corrected = found.change, found.corrected
    if change.value is None or change.low is None or change.high is None or corrected is None:
        return found
    # Test and interval rest on different variances, and may disagree at
    # the edge: then nothing is said.
    if corrected >= 1 - LEVEL or change.low <= 0 <= change.high:
        return found
    if abs(change.value) < metric.matters:
        return replace(found, effect=Effect.SMALL)
    up = change.value > 0
    better = up == (metric.better == "higher")
    return replace(found, effect=Effect.BETTER if better else Effect.WORSE)


def _value(metric: ExperimentMetric, sums: Sums, moments: Moments | None) -> Number:
    unit = unit_of(metric)
    if metric.kind == "share":
        return wilson(sums.y, sums.n)
    if moments is None:
        why = "too few to say" if sums.n < 2 else f"the sum of {metric.per} is not above zero"
        return cannot_say(why, sums.n, unit)
    half = t_quantile(moments.n - 1) * math.sqrt(moments.squared_error)
    return Number(moments.mean, moments.n, moments.mean - half, moments.mean + half, unit)


def unit_of(metric: ExperimentMetric) -> ColumnType:
    """Give the unit of a metric: a share of 1, or a number."""
    return "share" if metric.kind == "share" else "number"
