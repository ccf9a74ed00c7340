"""How rarely outputs and their slices are called changed when nothing did, by simulation."""

from __future__ import annotations

import numpy as np
import pytest
import sqlalchemy as sa

from queries.core.source import Matters
from queries.core.value import Cell
from queries.measures.predictions.outputs import Output
from queries.outputs.changes import (
    Verdict,
    against_past,
    against_reference,
    compare,
)
from queries.outputs.mix import output_mix
from queries.outputs.slices import output_slices
from queries.outputs.sums import Sums, pooled
from tests.measures.verdict_simulations import trends_of_chance

SHARE = Output("decision", "approve", sa.null())
NUMBER = Output("prediction", None, sa.null())
ANY = Matters(decision_rate=0.0, output=0.0)


def share(rng: np.random.Generator, n: int, rate: float) -> Sums:
    """Draw a share."""
    mean = rng.binomial(n, min(0.99, rate)) / n
    return Sums(n, n, mean, float(np.sqrt(mean * (1 - mean))))


def number(rng: np.random.Generator, n: int, centre: float) -> Sums:
    """Draw a mean of skewed numbers."""
    values = rng.exponential(centre, n)
    return Sums(n, n, float(values.mean()), float(values.std()))


@pytest.mark.parametrize(("output", "draw"), [(SHARE, share), (NUMBER, number)])
def test_days_that_vary_anyway_are_not_called_changed(output: Output, draw: object) -> None:
    """Of 1,000 days of 800 requests that vary by 20 % from day to day, at most 6 % are changed."""
    rng = np.random.default_rng(21)
    assert callable(draw)
    changed = 0
    for _ in range(1000):
        rates = 0.3 * rng.lognormal(0, 0.2, 5)
        now, *past = ([draw(rng, 800, rate)] for rate in rates)
        (found,) = against_past([output], now, past, ANY)
        changed += found.verdict is not Verdict.NONE
    assert changed / 1000 <= 0.06


@pytest.mark.parametrize("spread", [0.02, 0.2])
def test_weeks_without_a_trend_are_not_said_to_have_one(spread: float) -> None:
    """Of 3,000 times five weeks that only vary, at most 1 % are said to fall or rise."""
    assert 0 < trends_of_chance(3000, spread) <= 0.01


def test_a_fall_of_five_weeks_is_a_trend() -> None:
    """Weeks that fall by 2 points each, and vary by 0.3, are said to fall in 95 % of 200 runs."""
    rng = np.random.default_rng(28)
    found = 0
    for _ in range(200):
        means = 0.7 - 0.02 * np.arange(5) + rng.normal(0, 0.003, 5)
        past = [[share(rng, 170_000, mean)] for mean in means[:4]]
        (change,) = against_past([SHARE], [share(rng, 170_000, means[4])], past[::-1], Matters())
        found += change.verdict in (Verdict.STEADY, Verdict.ENOUGH)
    assert found / 200 >= 0.95


def test_a_share_that_moves_with_its_slices_is_told_apart_from_one_that_moves_in_them() -> None:
    """Requests that move to where the share is lower make the whole fall; within, nothing does."""
    rng = np.random.default_rng(29)

    def slices(moved: int, rate: float) -> dict[tuple[str, Cell], list[Sums]]:
        sizes = [(10_000 - moved, moved), *[(9000, 1000)] * 4]
        rates = [(rate, rate - 0.4), *[(0.8, 0.4)] * 4]
        return {
            ("version", name): [share(rng, n[i], r[i]) for n, r in zip(sizes, rates, strict=True)]
            for i, name in enumerate(("old", "new"))
        }

    found = output_mix(SHARE, slices(4000, 0.8), 0.02)
    assert found is not None
    assert (found.dimension, found.value) == ("version", "new")
    assert (found.share_now, found.share_before) == (0.4, 0.1)
    assert [found.change, found.mix] == pytest.approx([-0.12, -0.12], abs=0.02)
    assert output_mix(SHARE, slices(1000, 0.7), 0.02) is None


def test_against_a_reference_as_often_as_it_says() -> None:
    """Of 1,000 unchanged pairs with two outputs, at most 7 % have one called changed."""
    rng = np.random.default_rng(22)
    changed = 0
    for _ in range(1000):
        now, before = ([share(rng, n, 0.3), number(rng, n, 5.0)] for n in (700, 3000))
        found = against_reference([SHARE, NUMBER], now, before, ANY)
        changed += any(each.verdict is not Verdict.NONE for each in found)
    assert changed / 1000 <= 0.07


@pytest.mark.parametrize("output", [SHARE, NUMBER])
def test_slices_do_not_stand_out_by_chance(output: Output) -> None:
    """Of 300 unchanged days of five slices that move by themselves, at most 6 % show one."""
    rng = np.random.default_rng(23)
    draw = share if output is SHARE else number
    false = 0
    for _ in range(300):
        days = rng.lognormal(0, 0.15, 5)
        slices: dict[tuple[str, Cell], list[Sums]] = {
            ("region", name): [draw(rng, 400, 0.3 * day * rng.lognormal(0, 0.1)) for day in days]
            for name in "abcde"
        }
        false += any(each.stands_out for each in output_slices(output, slices))
    assert false / 300 <= 0.06


@pytest.mark.parametrize("output", [SHARE, NUMBER])
def test_the_slice_that_changed_is_ranked_first(output: Output) -> None:
    """In 50 days of five slices, the one whose rate falls by half stands out first."""
    rng = np.random.default_rng(24)
    draw = share if output is SHARE else number
    for _ in range(50):
        slices: dict[tuple[str, Cell], list[Sums]] = {
            ("region", name): [
                draw(rng, 1500, 0.2 if name == "c" and period == 0 else 0.4) for period in range(5)
            ]
            for name in "abcde"
        }
        first, *_ = output_slices(output, slices)
        assert (first.value, first.stands_out) == ("c", True)


def test_pooling_is_what_the_rows_together_give() -> None:
    """Sums put together have the mean and spread of all their values."""
    rng = np.random.default_rng(25)
    parts = [rng.normal(centre, 2, size) for centre, size in ((1, 30), (5, 200), (-3, 7))]
    both = np.concatenate(parts)
    sums = [Sums(len(each), len(each), float(each.mean()), float(each.std())) for each in parts]
    found = pooled([*sums, Sums(4)])
    assert (found.rows, found.n) == (241, 237)
    assert (found.mean, found.sd) == pytest.approx((both.mean(), both.std()))


def test_welch_covers_as_often_as_it_says() -> None:
    """Of 4,000 differences of means with unlike spreads, 93 to 97 % lie in their interval."""
    rng = np.random.default_rng(26)
    covered = 0
    for _ in range(4000):
        first, second = rng.normal(3, 1, 40), rng.normal(1, 4, 90)
        change, _ = compare(NUMBER, *(_sums(each) for each in (first, second)))
        assert change.low is not None
        assert change.high is not None
        covered += change.low <= 2 <= change.high
    assert 0.93 <= covered / 4000 <= 0.97


def _sums(values: np.ndarray) -> Sums:
    return Sums(len(values), len(values), float(values.mean()), float(values.std()))
