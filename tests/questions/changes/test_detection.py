"""Did a rate change: quiet days are called quiet, and planted changes are found where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa

from queries.changes.detection import Searched, search
from queries.changes.signals import Kind, Signal
from queries.measures.counting.over_time import Array, OverTime
from tests.measures.alarms import places_of_chance
from tests.measures.simulations import (
    DAY,
    DAYS,
    FAILED,
    TRAFFIC,
    onsets_pinned,
    quiet_days,
    quiet_without_a_past,
)


def searched(signal: Signal, hits: Array, trials: Array, periods: int = 5) -> Searched:
    """Search one signal over today and its comparable days."""
    counts = OverTime(DAYS[:periods], 300, hits[:periods], trials[:periods])
    (found,) = search([signal], [counts], np.random.default_rng(1))
    return found


def drawn(today: Array | float, past: Array | float, mean: float = 43) -> tuple[Array, Array]:
    """Draw hits and trials of five days, today's at a rate of its own."""
    rng = np.random.default_rng(3)
    trials = rng.poisson(mean, (5, DAY))
    rates = np.broadcast_to(past, (5, DAY)).copy()
    rates[0] = today
    return rng.binomial(trials, rates).astype(float), trials.astype(float)


def test_quiet_days_are_quiet() -> None:
    """In 9 of 10 unchanged days, searched by 20 signals, nothing is said to have changed."""
    assert quiet_days(10) >= 0.9


@pytest.mark.parametrize(
    ("runs", "buckets", "seconds"), [(10, 60, 60), (10, 48, 300), (3, DAY, 300)]
)
def test_unchanged_times_without_a_past_are_quiet(runs: int, buckets: int, seconds: int) -> None:
    """Of ten unchanged hours or mornings, and three days, without a past, none has a change.

    Nor is what swings with the hour by two fifths taken for one.
    """
    assert quiet_without_a_past(runs, buckets, seconds) == 1


def test_a_jump_in_a_short_log_is_called() -> None:
    """Failures that go from 0.6 to 14 % ten minutes before an hour's end changed, past or none.

    Eleven other signals, searched beside them, don't hide it.
    """
    rng = np.random.default_rng(6)
    trials = np.full((1, 60), 440.0)
    jumped = np.where(np.arange(60) < 50, 0.006, 0.14)
    signals = [replace(FAILED, kind=Kind.EMPTIED, column=str(at)) for at in range(12)]
    counted = [
        OverTime(DAYS[:1], 60, rng.binomial(440, rate, (1, 60)).astype(float), trials)
        for rate in [jumped, *[np.full(60, 0.02)] * 11]
    ]
    first, *others = search(signals, counted, rng)
    assert first.changed
    assert first.stretch.began is not None
    assert first.stretch.began.at == 50
    assert not any(each.changed for each in others)


def test_what_did_not_double_is_no_change_without_a_past() -> None:
    """A rate that triples in the afternoon may be called; one that swings by two fifths may not."""
    at = np.arange(DAY)
    assert searched(FAILED, *drawn(np.where(at < 150, 0.02, 0.06), 0.02), periods=1).changed
    swung = 0.03 * (1 + 0.4 * np.sin(2 * np.pi * at / DAY))
    assert not searched(FAILED, *drawn(swung, swung, mean=400), periods=1).changed


def test_onsets_are_pinned_down() -> None:
    """Of 30 onsets, 27 are told within ten minutes, and 27 lie in the interval that is told.

    At 12 requests a minute going from 1.5 to 7 %; at 9 a minute 88 % of 150 are within ten minutes.
    """
    close, covered = onsets_pinned(30)
    assert close >= 0.9
    assert covered >= 0.9


def test_what_every_day_does_is_no_change() -> None:
    """A rate that triples every afternoon is no change on a day on which it does so again."""
    rhythm = np.where(np.arange(DAY) < 150, 0.02, 0.06)
    assert not searched(FAILED, *drawn(rhythm, rhythm)).changed
    assert searched(FAILED, *drawn(rhythm, 0.02)).changed


def test_what_went_back_to_usual_had_begun_before() -> None:
    """A day that starts amid failures is told until when they lasted, not that they fell."""
    found = searched(FAILED, *drawn(np.where(np.arange(DAY) < 60, 0.2, 0.015), 0.015))
    assert found.changed
    assert found.stretch.began is None
    assert found.stretch.ended is not None
    assert abs(found.stretch.ended.at - 60) <= 2
    assert (found.stretch.during.value or 0.0) == pytest.approx(0.2, abs=0.03)


def test_a_whole_day_beyond_its_usual_has_no_moment() -> None:
    """A rate that is higher all day changed before it; with too few days to compare it is none."""
    hits, trials = drawn(0.08, 0.015)
    found = searched(FAILED, hits, trials)
    assert found.changed
    assert (found.stretch.began, found.stretch.ended) == (None, None)
    assert not searched(FAILED, hits, trials, periods=3).changed


def test_failures_are_judged_as_if_they_alone_were_asked_for() -> None:
    """Nineteen signals beside them hide no failures; they do hide one more of their own kind."""
    rng = np.random.default_rng(4)
    trials = np.full((5, DAY), 40.0)
    rates = np.array([[0.03], [0.007], [0.009], [0.013], [0.011]])
    counted = [OverTime(DAYS, 300, rng.binomial(40, rates, trials.shape).astype(float), trials)]
    quiet = np.full((5, 1), 0.1)
    counted += [
        OverTime(DAYS, 300, rng.binomial(40, quiet, trials.shape).astype(float), trials)
        for _ in range(19)
    ]
    others = [Signal(Kind.INPUT, str(at), sa.true(), matters=0.005) for at in range(20)]
    for first, told in ((FAILED, True), (others[0], False)):
        found, *_ = search([first, *others[1:]], counted, np.random.default_rng(1))
        assert found.changed is told


def test_slices_of_quiet_days_are_quiet() -> None:
    """Of 20 unchanged days, in no more than one is a slice said to fail more than usual."""
    assert places_of_chance(20) <= 0.05


def test_a_burst_of_minutes_is_found() -> None:
    """Failures of fifteen minutes are found where buckets have nothing else in common."""
    at = np.arange(DAY)
    found = searched(FAILED, *drawn(np.where((at >= 200) & (at < 203), 0.5, 0.015), 0.015))
    assert found.changed
    assert (found.stretch.start, found.stretch.stop) == (200, 203)


def test_a_gap_is_found_although_it_is_short() -> None:
    """Ten minutes without one of 43 requests are a gap; a night without requests is none."""
    rng = np.random.default_rng(5)
    usual = np.where(np.arange(DAY) < 60, 0, 43)
    hits = rng.poisson(usual, (5, DAY)).astype(float)
    trials = np.full_like(hits, 3e8)
    assert not searched(TRAFFIC, hits, trials).changed
    hits[0, 100:102] = 0
    found = searched(TRAFFIC, hits, trials)
    assert found.changed
    assert (found.stretch.start, found.stretch.stop) == (100, 102)
    assert found.stretch.during.value == 0


def test_too_small_a_change_is_none() -> None:
    """What is beyond chance, but less than matters, is not called a change."""
    at = np.arange(DAY)
    counts = drawn(np.where(at < 150, 0.02, 0.04), 0.02, mean=900)
    assert searched(FAILED, *counts).changed
    assert not searched(replace(FAILED, matters=0.05), *counts).changed


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_what_never_varies_is_no_change(rate: float) -> None:
    """A rate of none or all, today as ever, is no change."""
    assert not searched(FAILED, *drawn(rate, rate)).changed
