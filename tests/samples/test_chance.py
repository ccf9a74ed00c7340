"""Randomness by key: the same whatever is drawn together, and with the right distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest
from scipy.stats import poisson as poisson_law

from bot.samples.chance import choice, keys, normal, poisson, uniform

COUNTS = np.arange(200_000)


def test_a_number_depends_on_its_key_alone() -> None:
    """Drawing a part gives the same numbers as drawing all and taking that part."""
    whole = uniform(keys(5, "request", COUNTS), "income")
    part = uniform(keys(5, "request", COUNTS[1_000:1_050]), "income")
    assert part.tolist() == whole[1_000:1_050].tolist()


@pytest.mark.parametrize(
    ("seed", "name", "draw"),
    [(6, "request", "income"), (5, "customer", "income"), (5, "request", "age")],
)
def test_seed_name_and_draw_each_give_other_numbers(seed: int, name: str, draw: str) -> None:
    """Numbers of another seed, another kind of key or another draw are uncorrelated."""
    one = uniform(keys(5, "request", COUNTS), "income")
    other = uniform(keys(seed, name, COUNTS), draw)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.01


def test_neighbouring_keys_are_independent() -> None:
    """Numbers of successive positions are uncorrelated."""
    drawn = uniform(keys(5, "request", COUNTS, np.zeros_like(COUNTS)), "income")
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.01


def test_uniform_and_normal_have_their_distributions() -> None:
    """A Kolmogorov-Smirnov test sees no departure in 200,000 draws."""
    key = keys(5, "request", COUNTS)
    assert kstest(uniform(key, "a"), "uniform").pvalue > 0.001
    assert kstest(normal(key, "b"), "norm").pvalue > 0.001


@pytest.mark.parametrize("mean", [0.0, 0.02, 2.4, 17.0, 300.0])
def test_poisson_inverts_the_distribution(mean: float) -> None:
    """Counts are those of the inverse distribution function at the same uniform numbers."""
    key = keys(5, "cell", COUNTS[:20_000])
    drawn = poisson(key, "arrivals", np.full(key.shape, mean))
    expected = np.maximum(poisson_law.ppf(uniform(key, "arrivals"), mean), 0)
    assert np.mean(drawn == expected) > 0.9999


def test_choice_keeps_the_shares() -> None:
    """Indices come with the given probabilities."""
    chosen = choice(keys(5, "request", COUNTS), "region", (0.5, 0.3, 0.2))
    shares = np.bincount(chosen, minlength=3) / COUNTS.size
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.005)
