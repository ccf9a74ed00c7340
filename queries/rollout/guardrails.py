"""What must not get worse while a new version is rolled out, judged so that it may be read daily.

Every interval here may be read as often as one likes, and all of them together: in at most 5 % of
rollouts without any difference is one of them ever called worse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from queries.core.number import Number
from queries.measures.groups.gaps import GroupChange
from queries.measures.sides.metric import Metric
from queries.statistics.anytime import ENOUGH_UNITS, boundary
from queries.statistics.estimates import cannot_say
from queries.statistics.stratified import Within

FALSELY = 0.05
"""In so many rollouts without a difference may any guardrail ever be called worse."""

FAR = 1e6
"""Nobody waits for so many times as many requests."""


class State(StrEnum):
    """What is known of a guardrail; the most urgent first."""

    WORSE = "worse"
    CHANGED = "changed"
    OPEN = "not known yet"
    FEW = "too few to say"
    SAFE = "not worse by what matters"


class Verdict(StrEnum):
    """Whether a rollout can go on."""

    HOLD = "hold"
    LOOK = "look"
    GO_ON = "go on"
    UNKNOWN = "can't be said"


@dataclass(frozen=True)
class Guardrail:
    """One thing that must not get worse: a metric, or how a group is treated beside the largest.

    ``number`` is the first side's less the second's, for a group how much more its share changed
    than the largest group's. ``least`` is what matters; ``factor`` how many times as many requests
    it takes until enough is known, if the difference stays what it is; 1 where it is known.
    """

    metric: Metric
    change: GroupChange | None
    number: Number
    means: tuple[float, float]
    least: float
    state: State
    factor: float = 1.0

    @property
    def is_group(self) -> bool:
        """Whether it is about a group."""
        return self.change is not None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a guardrail is judged by: its difference, variance, and the rows that carry it."""

    value: float | None
    variance: float
    units: float
    n: int
    fewer: int


def level_for(guardrails: int) -> float:
    """Give the level of each interval, so that all of them hold together (Bonferroni)."""
    return 1 - FALSELY / max(1, guardrails)


def of_metric(metric: Metric, inside: Within, least: float, level: float) -> Guardrail:
    """Judge a metric."""
    judged = Judged(inside.value, inside.variance, inside.units, inside.rows, min(inside.n))
    return _judged(metric, None, judged, inside.means, (metric.worse, least), level)


def of_group(metric: Metric, change: GroupChange, level: float) -> Guardrail:
    """Judge how much otherwise a group is treated, beside the largest of its attribute."""
    there = change.there or change.here
    fewer = min(*change.here.n, *there.n)
    judged = Judged(change.value_apart, change.variance, change.units, change.rows, fewer)
    return _judged(metric, change, judged, change.here.means, ("either", metric.matters), level)


def verdict(found: Sequence[Guardrail]) -> Verdict:
    """Hold for what is worse, look at what is not known or changed; otherwise go on.

    A group too small to be known doesn't keep a rollout from going on; it is said.
    """
    states = {each.state for each in found}
    if State.WORSE in states:
        return Verdict.HOLD
    if not any(each.number.value is not None for each in found):
        return Verdict.UNKNOWN
    if State.CHANGED in states or any(
        each.state in (State.OPEN, State.FEW) and not each.is_group for each in found
    ):
        return Verdict.LOOK
    return Verdict.LOOK if any(_within_reach(each) for each in found) else Verdict.GO_ON


def _within_reach(each: Guardrail) -> bool:
    return each.state is State.OPEN and each.factor <= REACH


REACH = 4.0
"""A group that needs more than so many times the requests is too small to wait for."""

Way = Literal["higher", "lower", "either", ""]


def _judged(
    metric: Metric,
    change: GroupChange | None,
    judged: Judged,
    means: tuple[float, float],
    judged_by: tuple[Way, float],
    level: float,
) -> Guardrail:
    way, least = judged_by
    number = _number(judged, level, metric)
    state = _state(number, way, least)
    # Either way would count as worse for a group, but a gap that closes harms nobody.
    if state is State.WORSE and change is not None and not change.widens:
        state = State.SAFE
    found = Guardrail(
        metric=metric, change=change, number=number, means=means, least=least, state=state
    )
    if found.state is not State.OPEN:
        return found
    return replace(found, factor=_factor(judged, _needed(number, way, least), level))


def _number(judged: Judged, level: float, metric: Metric) -> Number:
    if judged.value is None or not judged.units:
        return cannot_say("the two were never there together", judged.n, metric.unit)
    if judged.fewer < ENOUGH_UNITS:
        why = f"too few to say: {judged.fewer:,}, at least {ENOUGH_UNITS} are needed on either side"
        return cannot_say(why, judged.n, metric.unit)
    # In units that would tell as much evenly split: the boundary counts what is known, not rows.
    half = boundary(max(1, round(judged.units)), level=level) * math.sqrt(judged.variance)
    return Number(judged.value, judged.n, judged.value - half, judged.value + half, metric.unit)


def _state(number: Number, way: Way, least: float) -> State:
    value, low, high = number.value, number.low, number.high
    if value is None or low is None or high is None:
        return State.FEW
    up, down = low > 0, high < 0
    worse = {"higher": up, "lower": down}.get(way, up or down)
    if worse and abs(value) >= least:
        return State.WORSE if way else State.CHANGED
    harmless = {"higher": high < least, "lower": low > -least}
    return State.SAFE if harmless.get(way, high < least and low > -least) else State.OPEN


def _needed(number: Number, way: Way, least: float) -> float:
    """How narrow a range would tell, of a difference such as it is now, whether it matters."""
    value = number.value or 0.0
    harm = {"higher": value, "lower": -value}.get(way, abs(value))
    return least - harm if harm < least else harm


def _factor(judged: Judged, needed: float, level: float) -> float:
    """How many times as many requests make the range so narrow on either side."""

    def half(factor: float) -> float:
        units = max(1, round(judged.units * factor))
        return boundary(units, level=level) * math.sqrt(judged.variance / factor)

    # By halving, as the boundary itself depends on how many there are;
    # forty steps are past any digit.
    low, high = 1.0, 2.0
    while half(high) > needed:
        if high > FAR:
            return math.inf
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if half(middle) > needed else (low, middle)
    return high
