"""Each metric of two sides: as they came, within strata, and what the difference says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from queries.core.number import Number
from queries.measures.sides.cells import Counted
from queries.measures.sides.counts import Sums
from queries.measures.sides.metric import Metric
from queries.statistics.design_effect import widened, widened_metric
from queries.statistics.differences import change
from queries.statistics.estimates import mean, sign
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import difference, wilson
from queries.statistics.stratified import UNKNOWN_DAYS, Within, within


class Verdict(StrEnum):
    """What a metric says of the first side; the most urgent first."""

    WORSE = "worse"
    DIFFERENT = "different"
    BETTER = "better"
    LESS = "differs by less than matters"
    NONE = "no difference shown"
    UNJUDGED = "can't be judged"
    FEW = "too few to say"


CLEAR = 0.05
FIRM = (Verdict.WORSE, Verdict.DIFFERENT, Verdict.BETTER)


@dataclass(frozen=True)
class Compared:
    """One metric on both sides: as it came, and within strata.

    ``sides`` are both as they came and ``overall`` their difference; ``inside`` compares within
    strata and decides the verdict. ``least`` is the smallest difference worth acting on, ``q`` the
    p value corrected for the number of metrics, ``place`` the metric's place in the counts.
    """

    metric: Metric
    place: int
    sides: tuple[Number, Number]
    overall: Number
    inside: Within
    number: Number
    least: float
    q: float | None
    verdict: Verdict

    @property
    def turned(self) -> bool:
        """Whether the whole says the opposite of what is so within, both beyond chance."""
        return sign(self.overall) * sign(self.number) < 0

    @property
    def seen(self) -> float | None:
        """The difference from which on one would have been seen; None where nothing can be said."""
        if self.number.low is None or self.number.high is None:
            return None
        return max(-self.number.low, self.number.high)


def judged(
    listed: Sequence[Metric],
    sums: tuple[Sequence[Sums], Sequence[Sums]],
    strata: Counted,
    by_entity: Sequence[float],
    effects: Sequence[float],
) -> tuple[Compared, ...]:
    """Compare two sides by every metric, the most urgent first.

    ``sums`` are of all rows of either side, ``by_entity`` and ``effects`` how much each metric's
    ranges are widened for people who come back, in all and within strata.
    """
    insides = [
        within(strata.cells.strata(place), share=each.share, effect=effects[place])
        for place, each in enumerate(listed)
    ]
    corrected = benjamini_hochberg([each.p() for each in insides])
    found = [
        _one(
            each,
            place,
            (sums[0][place], sums[1][place]),
            (insides[place], corrected[place]),
            (by_entity[place], effects[place]),
        )
        for place, each in enumerate(listed)
    ]
    return tuple(sorted(found, key=lambda each: (list(Verdict).index(each.verdict), each.place)))


def _one(
    metric: Metric,
    place: int,
    sums: tuple[Sums, Sums],
    told: tuple[Within, float | None],
    effects: tuple[float, float],
) -> Compared:
    (inside, q), (by_entity, effect) = told, effects
    first, second = (_estimate(metric, each, by_entity) for each in sums)
    number, least = inside.number(metric.unit), metric.least(inside.means[1])
    return Compared(
        metric=metric,
        place=place,
        sides=(first, second),
        overall=_overall(metric, sums, (first, second), effect),
        inside=inside,
        number=number,
        least=least,
        q=q,
        verdict=_verdict(metric, number, least, q),
    )


def _estimate(metric: Metric, sums: Sums, effect: float) -> Number:
    if metric.share:
        return widened_metric(wilson(round(sums.total), sums.n), effect)
    return widened(mean(sums.n, sums.total, sums.squares), effect)


def _overall(
    metric: Metric, sums: tuple[Sums, Sums], sides: tuple[Number, Number], effect: float
) -> Number:
    """The difference as both sides came: Newcombe's for shares, Zou and Donner's for means."""
    first, second = sums
    found = change(*sides)
    if metric.share:
        found = difference(round(first.total), first.n, round(second.total), second.n)
    if math.isfinite(effect) or found.value is None:
        return widened(found, effect)
    return Number(found.value, found.n, unit=found.unit, why=UNKNOWN_DAYS)


def _verdict(metric: Metric, number: Number, least: float, q: float | None) -> Verdict:
    if number.value is None or q is None:
        return Verdict.UNJUDGED if number.value is not None else Verdict.FEW
    # Chance before size: a difference that isn't shown is not said to be small.
    if q >= CLEAR or number.value == 0:
        return Verdict.NONE
    if abs(number.value) < least:
        return Verdict.LESS
    if not metric.worse:
        return Verdict.DIFFERENT
    return Verdict.WORSE if (number.value > 0) == (metric.worse == "higher") else Verdict.BETTER
