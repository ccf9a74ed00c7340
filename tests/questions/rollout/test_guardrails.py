"""What must not get worse in a rollout: judged rightly, and truly when read every day."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sqlalchemy as sa

from queries.measures.sides.metric import Metric, Worse
from queries.rollout.guardrails import (
    Guardrail,
    State,
    Verdict,
    level_for,
    of_metric,
    verdict,
)
from queries.statistics.anytime import anytime_difference
from queries.statistics.moments import of_share
from queries.statistics.stratified import Strata, within
from tests.questions.rollout import simulations


def judged(
    first: tuple[int, int], second: tuple[int, int], worse: Worse = "higher", least: float = 0.01
) -> Guardrail:
    """One share in one stratum, each side as (rows, hits)."""
    n = np.array([first[0]], float), np.array([second[0]], float)
    hits = np.array([first[1]], float), np.array([second[1]], float)
    metric = Metric("errors", sa.literal(1), worse, least)
    return of_metric(metric, within(Strata(n, hits, hits), share=True), least, 0.95)


@pytest.mark.parametrize(
    ("first", "second", "worse", "state"),
    [
        ((10_000, 400), (10_000, 200), "higher", State.WORSE),
        ((10_000, 400), (10_000, 200), "lower", State.SAFE),
        ((10_000, 400), (10_000, 200), "", State.CHANGED),
        ((100_000, 2100), (100_000, 2000), "higher", State.SAFE),
        ((500, 10), (500, 8), "higher", State.OPEN),
        ((50, 10), (5000, 50), "higher", State.FEW),
    ],
)
def test_what_is_known_of_a_guardrail(
    first: tuple[int, int], second: tuple[int, int], worse: Worse, state: State
) -> None:
    """Worse beyond chance and by what matters; not worse by that; or not known so far."""
    assert judged(first, second, worse).state is state


def test_evenly_split_it_is_the_confidence_sequence() -> None:
    """With one stratum and equal arms the range is that of two shares read at any time."""
    ours = judged((4000, 400), (4000, 480)).number
    theirs = anytime_difference(of_share(400, 4000), of_share(480, 4000))
    assert ours.value == pytest.approx(theirs.value)
    assert ours.low == pytest.approx(theirs.low, abs=2e-4)
    assert ours.high == pytest.approx(theirs.high, abs=2e-4)


def test_when_enough_is_known_is_when_it_is() -> None:
    """With as many more requests as were promised, and the same rates, it is known."""
    open_ = judged((1000, 22), (1000, 20))
    assert open_.state is State.OPEN
    more = math.ceil(open_.factor)
    assert judged((1000 * more, 22 * more), (1000 * more, 20 * more)).state is State.SAFE
    fewer = max(1, int(open_.factor * 0.6))
    assert judged((1000 * fewer, 22 * fewer), (1000 * fewer, 20 * fewer)).state is State.OPEN


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ((State.SAFE, State.SAFE), Verdict.GO_ON),
        ((State.SAFE, State.OPEN), Verdict.LOOK),
        ((State.SAFE, State.CHANGED), Verdict.LOOK),
        ((State.SAFE, State.OPEN, State.WORSE), Verdict.HOLD),
        ((State.FEW,), Verdict.UNKNOWN),
    ],
)
def test_the_most_urgent_decides(states: tuple[State, ...], told: Verdict) -> None:
    """One that is worse holds it, one that is not known is waited for."""
    cases = {
        State.WORSE: judged((10_000, 400), (10_000, 200)),
        State.CHANGED: judged((10_000, 400), (10_000, 200), ""),
        State.SAFE: judged((100_000, 2100), (100_000, 2000)),
        State.OPEN: judged((500, 10), (500, 8)),
        State.FEW: judged((50, 10), (5000, 50)),
    }
    assert verdict([cases[each] for each in states]) is told


def test_all_ranges_hold_together() -> None:
    """With more guardrails each range is wider (Bonferroni)."""
    assert level_for(1) == pytest.approx(0.95)
    assert level_for(10) == pytest.approx(0.995)


def test_a_rollout_without_a_difference_is_hardly_ever_held() -> None:
    """Read daily for four weeks, four guardrails hold at most 5 % of such rollouts on any day.

    Even where the smallest difference matters; compared in one pot, most would be held.
    """
    assert simulations.held_by_chance(100) <= 0.05
    assert simulations.held_by_chance(30, daily=2000) <= 0.05
    assert simulations.pooled_by_chance(40) > 0.3


def test_harm_is_found_and_harmlessness_known() -> None:
    """A point more failures is held; without a difference enough is known to go on."""
    assert simulations.harm_held(50) >= 0.9
    assert simulations.gone_on(50) >= 0.9
