"""Why a rate changed: the parts sum to the change, and Simpson's paradox is named."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.measures.places.decomposition import beyond_chance, decompose
from queries.measures.places.subgroups import Subgroup
from tests.measures.simulations import decompositions_cover

Both = tuple[tuple[int, int], tuple[int, int]]


@st.composite
def _counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(0, 1000) | st.just(0))
    return draw(st.integers(0, trials)), trials


def sliced(*slices: Both, periods: int = 1) -> list[Subgroup]:
    """Slices from their hits and trials now and in each of some equal periods before."""
    return [
        Subgroup(("region",), (at,), now, (before,) * periods)
        for at, (now, before) in enumerate(slices)
    ]


@given(st.lists(st.tuples(_counts(), _counts()), min_size=1, max_size=8))
def test_the_parts_sum_to_the_change(slices: list[Both]) -> None:
    """Whatever the slices, rate and mix effects sum to the change, and each lies in its range."""
    found = decompose(sliced(*slices))
    now, before = (tuple(map(sum, zip(*side, strict=True))) for side in zip(*slices, strict=True))
    if not now[1] or not before[1]:
        assert found is None
        return
    assert found is not None
    change = now[0] / now[1] - before[0] / before[1]
    parts = [(each.rate.value, each.mix.value) for each in found.effects]
    assert found.change.value == pytest.approx(change, abs=1e-12)
    assert math.fsum(x or 0.0 for part in parts for x in part) == pytest.approx(change, abs=1e-12)
    assert (found.rate.value or 0) + (found.mix.value or 0) == pytest.approx(change, abs=1e-12)
    for each in (found.change, found.rate, found.mix):
        assert each.low is not None
        assert each.high is not None
        assert each.low <= (each.value or 0.0) <= each.high
    for (present, past), effect in zip(slices, found.effects, strict=True):
        if not present[1] or not past[1]:
            assert effect.rate.value == 0


def test_the_definition() -> None:
    """By hand: one slice doubles its rate, another its share of the requests."""
    found = decompose(sliced(((20, 100), (20, 200)), ((10, 300), (5, 200))))
    assert found is not None
    r, first, second = (0.075 + 0.0625) / 2, found.effects[0], found.effects[1]
    assert first.rate.value == pytest.approx((0.25 + 0.5) / 2 * (0.2 - 0.1))
    assert first.mix.value == pytest.approx((0.25 - 0.5) * (0.15 - r))
    assert second.mix.value == pytest.approx((0.75 - 0.5) * ((10 / 300 + 5 / 200) / 2 - r))
    assert (first.share_now, first.share_before) == (0.25, 0.5)


def test_a_new_slice_counts_wholly_as_mix() -> None:
    """A slice that is there at one time alone adds its share times its distance from the whole."""
    found = decompose(sliced(((10, 100), (20, 200)), ((40, 100), (0, 0))))
    assert found is not None
    assert found.effects[1].rate.value == 0
    assert found.effects[1].mix.value == pytest.approx(0.5 * (0.4 - (0.25 + 0.1) / 2))
    assert found.lasting == pytest.approx(0.75)


def test_simpsons_paradox() -> None:
    """Every slice gets better and the whole worse, since requests moved to the bad ones."""
    found = decompose(sliced(((80, 8000), (60, 3000)), ((3000, 12_000), (600, 2000))))
    assert found is not None
    assert found.change.value is not None
    assert found.change.value > 0
    assert found.simpson
    alone = decompose(sliced(((80, 8000), (60, 3000)), ((4200, 12_000), (600, 2000))))
    assert alone is not None
    assert not alone.simpson, "one of the two went the way of the whole"
    chance = decompose(sliced(((1, 80), (1, 30)), ((30, 120), (6, 20))))
    assert chance is not None
    assert not chance.simpson, "too few to say"


def test_intervals_hold_the_true_effects() -> None:
    """The intervals hold the true change and effects in 93 to 97 % of 4,000 pairs of days."""
    assert all(0.93 <= held <= 0.97 for held in decompositions_cover(4000).values())


def test_periods_that_vary_widen_the_intervals() -> None:
    """A change no larger than the past's own is not beyond chance, and beyond it without those."""
    rates = (150, 250, 140, 260)
    past = tuple((k, 10_000) for k in rates)
    steady = tuple((200, 10_000) for _ in rates)
    now = (250, 10_000)
    other = ((200, 10_000), ((200, 10_000),) * 4)
    for before, found in ((past, False), (steady, True)):
        slices = [Subgroup(("d",), ("a",), now, before), Subgroup(("d",), ("b",), *other)]
        account = decompose(slices)
        assert account is not None
        assert beyond_chance(account.effects[0].rate) is found


def test_no_slices() -> None:
    """Without slices, a present or a past nothing is divided."""
    assert decompose([]) is None
    assert decompose(sliced(((1, 2), (0, 0)))) is None
    assert decompose(sliced(((0, 0), (1, 2)))) is None
